package feed

import (
	"bytes"
	"fmt"
	"mime"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

var declaration = regexp.MustCompile(`^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._:-]+)["']`)

// decode brings a feed to UTF-8 and notes what it had to put up with. A byte
// order mark decides first, since nothing else begins with one; then the
// header's charset, then the XML declaration, each unless the bytes belie it;
// then the bytes alone.
func decode(contentType string, body []byte) (text []byte, notes []string) {
	if enc, skip := mark(body); enc != nil {
		return convert(enc, body[skip:]), nil
	}
	valid := utf8.Valid(body)
	for _, name := range []string{headerCharset(contentType), declared(body)} {
		enc, canonical := charset.Lookup(name)
		switch {
		case enc == nil && name != "":
			notes = append(notes, fmt.Sprintf("unknown character set %.40q", name))
		case enc == nil || canonical == "utf-8" || strings.HasPrefix(canonical, "utf-16"):
			// UTF-16 would have shown itself to mark.
		case valid && multibyte(body):
			// Text in another character set is not valid UTF-8 by accident.
		default:
			return convert(enc, body), notes
		}
	}
	if valid {
		return bytes.ReplaceAll(body, []byte{0}, nil), notes
	}
	enc, name := guess(body)
	return convert(enc, body), append(notes, "not valid UTF-8, read as "+name)
}

// mark recognizes a byte order mark, and UTF-16 without one by its first tag.
func mark(b []byte) (enc encoding.Encoding, skip int) {
	switch {
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf")):
		return encoding.Nop, 3
	case bytes.HasPrefix(b, []byte("\xfe\xff")):
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), 2
	case bytes.HasPrefix(b, []byte("\xff\xfe")):
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), 2
	case len(b) > 4 && b[0] == 0 && b[1] == '<' && b[2] == 0:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), 0
	case len(b) > 4 && b[0] == '<' && b[1] == 0 && b[3] == 0:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), 0
	}
	return nil, 0
}

func headerCharset(contentType string) string {
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return ""
	}
	return params["charset"]
}

func declared(body []byte) string {
	m := declaration.FindSubmatch(body[:min(len(body), 512)])
	if m == nil {
		return ""
	}
	return string(m[1])
}

// convert decodes and drops NUL, which no feed means and parsers stumble over.
func convert(enc encoding.Encoding, b []byte) []byte {
	out, err := enc.NewDecoder().Bytes(b)
	if err != nil {
		out = b
	}
	return bytes.ReplaceAll(bytes.ToValidUTF8(out, []byte("\ufffd")), []byte{0}, nil)
}

func multibyte(b []byte) bool {
	return bytes.IndexFunc(b, func(r rune) bool { return r >= utf8.RuneSelf }) >= 0
}

// guess names the encoding of bytes that are not UTF-8 and that nobody
// declares truthfully: UTF-8 with accidents, GBK, or what is left.
func guess(b []byte) (encoding.Encoding, string) {
	bad, multi, pairs, singles := 0, 0, 0, 0
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			bad++
		case n > 1:
			multi++
		}
		i += n
	}
	// Chinese text in GBK is pairs of bytes that are both high; in the Western
	// sets high bytes stand singly among letters.
	for i := 0; i < len(b); i++ {
		switch {
		case b[i] < 0x80:
		case i+1 < len(b) && b[i] >= 0xa1 && b[i+1] >= 0xa1:
			pairs++
			i++
		default:
			singles++
		}
	}
	switch {
	case multi >= 2*bad:
		return unicode.UTF8, "UTF-8 with damage"
	case pairs >= 4 && pairs > 9*singles:
		return simplifiedchinese.GB18030, "GB18030"
	default:
		enc, _ := charset.Lookup("windows-1252")
		return enc, "windows-1252"
	}
}
