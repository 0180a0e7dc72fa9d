package robots

import "strings"

// rule is one allow or disallow line.
type rule struct {
	allow  bool
	end    bool     // the pattern ends in "$"
	length int      // octets of the normalized pattern: the longest match decides
	pieces []string // the normalized text between the wildcards; the first starts at the path's start
}

// compile turns the value of a rule line into its matcher. "*" stands for any
// run of octets and "$" at the end for the end of the URL; percent-encoded they
// stand for themselves (RFC 9309 section 2.2.3).
func compile(value string, allow bool) rule {
	body, end := strings.CutSuffix(value, "$")
	r := rule{allow: allow, end: end, pieces: strings.Split(body, "*")}
	r.length = len(r.pieces) - 1
	if end {
		r.length++
	}
	for i, piece := range r.pieces {
		r.pieces[i] = normalize(piece)
		r.length += len(r.pieces[i])
	}
	return r
}

// directory returns the pattern of the directory whose index page the value of
// an allow line names: the same page under its usual address.
func directory(value string) (string, bool) {
	dir, name := value[:strings.LastIndexByte(value, '/')+1], value[strings.LastIndexByte(value, '/')+1:]
	if dir == "" || name != "index.html" && name != "index.htm" {
		return "", false
	}
	return dir + "$", true
}

// matches reports whether the rule covers a normalized target. Taking each
// piece at its first occurrence is enough, because a later one never leaves
// more room for what follows; so the cost is linear in the target.
func (r *rule) matches(target string) bool {
	rest, ok := strings.CutPrefix(target, r.pieces[0])
	if !ok {
		return false
	}
	last := len(r.pieces) - 1
	if last == 0 {
		return !r.end || rest == ""
	}
	for _, piece := range r.pieces[1:last] {
		i := strings.Index(rest, piece)
		if i < 0 {
			return false
		}
		rest = rest[i+len(piece):]
	}
	if r.end {
		return strings.HasSuffix(rest, r.pieces[last])
	}
	return strings.Contains(rest, r.pieces[last])
}

const hexDigits = "0123456789ABCDEF"

// normalize brings the octets of a path to the one form in which they are
// compared (RFC 9309 section 2.2.2): what a URL cannot hold is percent-encoded,
// encoded unreserved characters are decoded, hexadecimal digits are upper case.
// Encoded "*" and "$" are decoded too, because by then they are literal.
func normalize(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return r == '%' || !plain(byte(min(r, 0xff))) }) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 8)
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			octet := unhex(s[i+1])<<4 | unhex(s[i+2])
			if unreserved(octet) || octet == '*' || octet == '$' {
				b.WriteByte(octet)
			} else {
				escape(&b, octet)
			}
			i += 2
		case c == '%' || plain(c):
			b.WriteByte(c)
		default:
			escape(&b, c)
		}
	}
	return b.String()
}

func escape(b *strings.Builder, c byte) {
	b.WriteByte('%')
	b.WriteByte(hexDigits[c>>4])
	b.WriteByte(hexDigits[c&15])
}

// plain reports whether a URL can hold the octet as it is.
func plain(c byte) bool {
	return c > ' ' && c < 0x7f && !strings.ContainsRune("\"<>\\^`{|}", rune(c))
}

// unreserved is the class of that name in RFC 3986.
func unreserved(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

func unhex(c byte) byte {
	switch {
	case c <= '9':
		return c - '0'
	case c <= 'F':
		return c - 'A' + 10
	default:
		return c - 'a' + 10
	}
}
