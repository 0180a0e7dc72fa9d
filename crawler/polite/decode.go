package polite

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// noticeSize is how much of an answer other than 2xx is kept, for messages.
const noticeSize = 64 << 10

// readBody reads an answer whole and undoes its content encoding. Limit counts
// decoded bytes, since a small answer can decode to anything.
func readBody(resp *http.Response, limit int64) ([]byte, error) {
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return readNotice(resp), nil
	}
	if resp.ContentLength > limit {
		return nil, tooLarge(limit)
	}
	r, err := decoder(resp.Header, resp.Body)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(r, limit+1))
	if int64(len(body)) > limit {
		return nil, tooLarge(limit)
	}
	return body, bodyError(err)
}

// readNotice reads the beginning of an answer whose status says all that counts.
func readNotice(resp *http.Response) []byte {
	r, err := decoder(resp.Header, resp.Body)
	if err != nil {
		return nil
	}
	body, _ := io.ReadAll(io.LimitReader(r, noticeSize))
	return body
}

// readHead reads at most limit bytes and is content with them.
func readHead(resp *http.Response, limit int64) ([]byte, error) {
	r, err := decoder(resp.Header, resp.Body)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(r, limit))
	return body, bodyError(err)
}

// decoder undoes the content encoding. Only gzip was asked for; what else comes
// would be taken for text.
func decoder(h http.Header, body io.Reader) (io.Reader, error) {
	encoding := strings.ToLower(strings.TrimSpace(strings.Join(h.Values("Content-Encoding"), ", ")))
	switch encoding {
	case "", "identity":
		return body, nil
	case "gzip", "x-gzip":
	default:
		return nil, &Error{Class: UnknownEncoding, Detail: fmt.Sprintf("content encoding %.60q", encoding)}
	}
	b := bufio.NewReader(body)
	if _, err := b.Peek(1); errors.Is(err, io.EOF) {
		return bytes.NewReader(nil), nil
	}
	z, err := gzip.NewReader(b)
	if err != nil {
		return nil, bodyError(err)
	}
	return z, nil
}

func tooLarge(limit int64) error {
	return &Error{Class: TooLarge, Detail: fmt.Sprintf("the body is larger than %d bytes", limit)}
}

// bodyError tells a body that ends early from one that is not what it says.
func bodyError(err error) error {
	var corrupt flate.CorruptInputError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, io.ErrUnexpectedEOF):
		return &Error{Class: Truncated, Err: err, Detail: "the body ends early"}
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum), errors.As(err, &corrupt):
		return &Error{Class: BadEncoding, Err: err, Detail: "the body is not the gzip it claims to be"}
	default:
		return err
	}
}
