package crawlertest

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"fmt"
	"hash/crc32"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// Answer writes the response to one request.
type Answer = http.HandlerFunc

// Body answers 200 with a text. An empty content type sends no header for it.
func Body(contentType, text string) Answer {
	return func(w http.ResponseWriter, r *http.Request) {
		setType(w, contentType)
		io.WriteString(w, text)
	}
}

// HTML answers with a page.
func HTML(page string) Answer { return Body("text/html; charset=utf-8", page) }

// XML answers with a feed or a sitemap.
func XML(text string) Answer { return Body("application/xml; charset=utf-8", text) }

func setType(w http.ResponseWriter, contentType string) {
	if contentType == "" {
		w.Header()["Content-Type"] = nil // else net/http guesses one
		return
	}
	w.Header().Set("Content-Type", contentType)
}

// Status answers with a status, a short text and further header fields, given
// as name, value, name, value.
func Status(code int, header ...string) Answer {
	return func(w http.ResponseWriter, r *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
		if code != http.StatusNotModified && code != http.StatusNoContent {
			fmt.Fprintf(w, "%d %s\n", code, http.StatusText(code))
		}
	}
}

// Redirect answers 302 to an address that need not be a sound one.
func Redirect(to string) Answer { return Status(http.StatusFound, "Location", to) }

// Sequence gives one answer per request, the last for all that follow.
func Sequence(answers ...Answer) Answer {
	var n atomic.Int64
	return func(w http.ResponseWriter, r *http.Request) {
		i := min(int(n.Add(1)), len(answers)) - 1
		answers[i](w, r)
	}
}

// Stages gives the answer of the site's stage, the last for all that follow.
func (s *Site) Stages(answers ...Answer) Answer {
	return func(w http.ResponseWriter, r *http.Request) {
		answers[min(s.Stage(), len(answers)-1)](w, r)
	}
}

// WithETag answers 304 to a request that names the tag, else with the tag set.
func WithETag(tag string, answer Answer) Answer {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		answer(w, r)
	}
}

// After waits before it answers.
func (s *Site) After(d time.Duration, answer Answer) Answer {
	return func(w http.ResponseWriter, r *http.Request) {
		if s.wait(r, d) {
			answer(w, r)
		}
	}
}

// Hang sends nothing until the client leaves.
func (s *Site) Hang() Answer { return s.After(time.Hour, http.NotFound) }

// Dribble sends the head of a page and then a byte per interval, for ever.
func (s *Site) Dribble(every time.Duration) Answer {
	return func(w http.ResponseWriter, r *http.Request) {
		setType(w, "text/html")
		io.WriteString(w, "<!doctype html><title>Slow</title><p>")
		for {
			http.NewResponseController(w).Flush()
			if !s.wait(r, every) {
				return
			}
			io.WriteString(w, "x")
		}
	}
}

// wait reports whether the time passed with client and site still there.
func (s *Site) wait(r *http.Request, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-r.Context().Done():
	case <-s.done:
	}
	return false
}

// raw takes the connection over, writes the bytes and closes it.
func raw(write func(c *net.TCPConn)) Answer {
	return func(w http.ResponseWriter, r *http.Request) {
		c, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer c.Close()
		if tcp, ok := c.(*net.TCPConn); ok {
			write(tcp)
		}
	}
}

const rawHead = "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nConnection: close\r\n"

// Reset announces the whole text, sends the beginning and resets the connection.
func Reset(contentType, text string, sent int) Answer {
	return raw(func(c *net.TCPConn) {
		fmt.Fprintf(c, rawHead+"Content-Length: %d\r\n\r\n%s", contentType, len(text), text[:sent])
		time.Sleep(20 * time.Millisecond) // a reset overtakes what is still in the buffers
		c.SetLinger(0)
	})
}

// Short announces the whole text, sends the beginning and closes the connection.
func Short(contentType, text string, sent int) Answer {
	return raw(func(c *net.TCPConn) {
		fmt.Fprintf(c, rawHead+"Content-Length: %d\r\n\r\n%s", contentType, len(text), text[:sent])
	})
}

// ShortChunked sends the beginning in one chunk and closes without the last one.
func ShortChunked(contentType, text string, sent int) Answer {
	return raw(func(c *net.TCPConn) {
		fmt.Fprintf(c, rawHead+"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n", contentType, sent, text[:sent])
	})
}

// ShortHTTP10 sends the beginning as HTTP/1.0 does, without a length, so that
// only the text itself shows that it was cut.
func ShortHTTP10(contentType, text string, sent int) Answer {
	return raw(func(c *net.TCPConn) {
		fmt.Fprintf(c, "HTTP/1.0 200 OK\r\nContent-Type: %s\r\n\r\n%s", contentType, text[:sent])
	})
}

// Garbage sends bytes that are not HTTP.
func Garbage() Answer {
	return raw(func(c *net.TCPConn) { io.WriteString(c, "\x00\x01\x02 no such protocol \xff\xfe\r\n\r\n") })
}

// BadChunk sends a chunk whose length is no number.
func BadChunk() Answer {
	return raw(func(c *net.TCPConn) {
		fmt.Fprintf(c, rawHead+"Transfer-Encoding: chunked\r\n\r\nzz\r\n<p>text\r\n0\r\n\r\n", "text/html")
	})
}

// HeaderFlood sends a header of the given size in bytes before an ordinary page.
func HeaderFlood(size int, page string) Answer {
	return raw(func(c *net.TCPConn) {
		fmt.Fprintf(c, rawHead, "text/html")
		line := "X-Flood: " + strings.Repeat("a", 1000) + "\r\n"
		for sent := 0; sent < size; sent += len(line) {
			if _, err := io.WriteString(c, line); err != nil {
				return
			}
		}
		fmt.Fprintf(c, "Content-Length: %d\r\n\r\n%s", len(page), page)
	})
}

// Encoded answers with bytes under the name of a content encoding, true or not.
func Encoded(encoding, contentType string, data []byte) Answer {
	return func(w http.ResponseWriter, r *http.Request) {
		setType(w, contentType)
		w.Header().Set("Content-Encoding", encoding)
		w.Header().Set("Content-Length", strconv.Itoa(len(data)))
		w.Write(data)
	}
}

// Gzip compresses a text.
func Gzip(text string) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	io.WriteString(w, text)
	w.Close()
	return b.Bytes()
}

// Bomb is a gzip file of about a thousandth of the text that it unpacks to: the
// head, and then spaces up to the size in bytes.
func Bomb(head string, size int) []byte {
	const chunk = 1 << 20
	spaces := bytes.Repeat([]byte{' '}, chunk)
	// A chunk compressed with an empty history and flushed can be repeated as it is.
	block := func(p []byte) []byte {
		var b bytes.Buffer
		w, _ := flate.NewWriter(&b, flate.BestCompression)
		w.Write(p)
		w.Flush()
		return b.Bytes()
	}
	out := bytes.NewBuffer([]byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff})
	out.Write(block([]byte(head)))
	sum, n := crc32.ChecksumIEEE([]byte(head)), len(head)
	for one := block(spaces); n < size; n += chunk {
		out.Write(one)
		sum = crc32.Update(sum, crc32.IEEETable, spaces)
	}
	out.Write([]byte{1, 0, 0, 0xff, 0xff}) // the last block, stored and empty
	for _, v := range []uint32{sum, uint32(n)} {
		out.Write([]byte{byte(v), byte(v >> 8), byte(v >> 16), byte(v >> 24)})
	}
	return out.Bytes()
}

// Endless sends a line over and over until size bytes are out or the client leaves.
func Endless(contentType, head, line string, size int) Answer {
	return func(w http.ResponseWriter, r *http.Request) {
		setType(w, contentType)
		io.WriteString(w, head)
		block := strings.Repeat(line, 1+(64<<10)/len(line))
		for sent := 0; sent < size; sent += len(block) {
			if _, err := io.WriteString(w, block); err != nil {
				return
			}
		}
	}
}
