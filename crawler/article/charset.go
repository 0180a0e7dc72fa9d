package article

import (
	"bytes"
	"cmp"
	"mime"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gogs/chardet"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
)

// metaWindow is how far into a page a charset declaration is looked for, as
// browsers do (1 KiB by the standard, more in practice).
const metaWindow = 4096

// decode gives the page as valid UTF-8. A byte order mark decides alone, then
// the header, then the page's own meta element; a declared charset that the
// bytes contradict is passed over, and bytes that nobody declares are
// guessed. NUL and what cannot be decoded become U+FFFD.
func decode(body []byte, contentType string) string {
	if enc, n := bomEncoding(body); enc != nil {
		return decodeAs(enc, body[n:])
	}
	valid := utf8.Valid(body)
	_, params, _ := mime.ParseMediaType(contentType)
	for _, name := range []string{params["charset"], metaCharset(body)} {
		enc, label := charset.Lookup(name)
		switch {
		case enc == nil:
		case label == "utf-8" && valid:
			return scrub(string(body))
		case label == "utf-8" && mostlyUTF8(body):
			return scrub(strings.ToValidUTF8(string(body), "\uFFFD"))
		case label == "utf-8":
		case valid && hasMultibyte(body): // nothing but UTF-8 looks like UTF-8
			return scrub(string(body))
		case strings.HasPrefix(label, "utf-16") && bytes.IndexByte(body[:min(len(body), metaWindow)], 0) < 0:
			// a page that could be read as ASCII is not UTF-16, whatever it says
		default:
			return decodeAs(enc, body)
		}
	}
	if valid {
		return scrub(string(body))
	}
	return decodeAs(guess(body), body)
}

func bomEncoding(b []byte) (encoding.Encoding, int) {
	for _, x := range []struct{ mark, name string }{{"\xEF\xBB\xBF", "utf-8"}, {"\xFE\xFF", "utf-16be"}, {"\xFF\xFE", "utf-16le"}} {
		if bytes.HasPrefix(b, []byte(x.mark)) {
			enc, _ := charset.Lookup(x.name)
			return enc, len(x.mark)
		}
	}
	return nil, 0
}

func decodeAs(enc encoding.Encoding, body []byte) string {
	out, err := enc.NewDecoder().Bytes(body)
	if err != nil {
		return scrub(strings.ToValidUTF8(string(body), "\uFFFD"))
	}
	return scrub(strings.ToValidUTF8(string(out), "\uFFFD"))
}

// scrub replaces NUL, which databases and the HTML parser alike trip over.
func scrub(s string) string { return strings.ReplaceAll(s, "\x00", "\uFFFD") }

// metaCharset reads the charset that the page's head declares in bytes.
func metaCharset(body []byte) string {
	head := bytes.ToLower(body[:min(len(body), metaWindow)])
	for {
		i := bytes.Index(head, []byte("charset"))
		if i < 0 {
			return ""
		}
		head = head[i+len("charset"):]
		rest := bytes.TrimLeft(head, " \t\r\n")
		if !bytes.HasPrefix(rest, []byte("=")) {
			continue
		}
		rest = bytes.TrimLeft(rest[1:], " \t\r\n\"'")
		if end := bytes.IndexAny(rest, " \t\r\n\"';/>"); end > 0 {
			return string(rest[:end])
		}
	}
}

// mostlyUTF8 tells whether the bytes are UTF-8 with a few accidents, such as a
// cut multi-byte sequence, rather than another encoding.
func mostlyUTF8(b []byte) bool {
	bad, multi := 0, 0
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		switch {
		case r == utf8.RuneError && n == 1:
			bad++
		case n > 1:
			multi++
		}
		b = b[n:]
	}
	return bad*20 <= multi
}

func hasMultibyte(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return true
		}
	}
	return false
}

// guess names the encoding of undeclared bytes that are not UTF-8. Among guesses
// of equal confidence the detector takes whichever came first from its
// goroutines; here the name decides, so that a page always reads the same.
func guess(body []byte) encoding.Encoding {
	all, err := chardet.NewHtmlDetector().DetectAll(body[:min(len(body), 1<<17)])
	if err == nil {
		best := slices.MinFunc(all, func(a, b chardet.Result) int {
			return cmp.Or(b.Confidence-a.Confidence, strings.Compare(a.Charset, b.Charset))
		})
		if enc, _ := charset.Lookup(best.Charset); enc != nil && best.Confidence >= 30 {
			return enc
		}
	}
	enc, _ := charset.Lookup("windows-1252")
	return enc
}
