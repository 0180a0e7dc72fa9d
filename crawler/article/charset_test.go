package article

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzDecode: whatever the header and the page say of the charset, clean UTF-8 comes out, the same each time, and a page
// that is UTF-8 beyond doubt is not changed.
func FuzzDecode(f *testing.F) {
	for _, seed := range []struct{ contentType, body string }{
		{"text/html; charset=gbk", "<p>\xd6\xd0\xb9\xfa \xc8\xcb\xb9\xa4"},
		{"text/html; charset=utf-16", "<meta charset=big5><p>\xa4\xa4"},
		{"text/html;;charset=\"", "\xff\xfe<\x00p\x00>\x00"},
		{"", "\xfe\xff\x00<\x00p\x00>\xd8"},
		{"", "<META CHARSET = 'shift_jis'>\x82\xa0"},
		{"text/html; charset=utf-8", "caf\xe9 na\xefve"},
		{"text/html; charset=iso-2022-jp", "\x1b$B$\"\x1b(B\x1b$"},
		{"text/html; charset=x-user-defined", "\x80\xff"},
		{"text/html; charset=replacement", "a\x00b"},
		{"text/html; charset=latin1", "Zürich — 中国"},
	} {
		f.Add(seed.contentType, []byte(seed.body))
	}
	f.Fuzz(func(t *testing.T, contentType string, body []byte) {
		got := decode(body, contentType)
		if !utf8.ValidString(got) || strings.ContainsRune(got, 0) {
			t.Fatalf("decode gave %q", got)
		}
		if again := decode(body, contentType); again != got {
			t.Fatalf("decode gave %q, then %q", got, again)
		}
		marked := bytes.HasPrefix(body, []byte("\xfe\xff")) || bytes.HasPrefix(body, []byte("\xff\xfe")) || bytes.HasPrefix(body, []byte("\xef\xbb\xbf"))
		if !marked && hasMultibyte(body) && utf8.Valid(body) && !bytes.Contains(body, []byte{0}) && got != string(body) {
			t.Fatalf("decode changed %q to %q", body, got)
		}
	})
}
