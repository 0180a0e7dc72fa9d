package feed

import (
	"bytes"
	"testing"
	"unicode/utf8"
)

// FuzzDecode: whatever the header and the feed say of the charset, UTF-8 without NUL comes out, the same each time, and
// a feed that is UTF-8 beyond doubt is not changed.
func FuzzDecode(f *testing.F) {
	for _, seed := range []struct{ contentType, body string }{
		{"text/xml; charset=gbk", "<rss>\xd6\xd0\xb9\xfa"},
		{"", "<?xml version='1.0' encoding='shift_jis'?><rss>\x82\xa0"},
		{"text/xml; charset=utf-16", "<\x00r\x00s\x00s\x00"},
		{"", "\x00<\x00r\x00s\x00s\xd8"},
		{"", "\xff\xfe<\x00r\x00\x00\xdc"},
		{"application/xml; charset=nonsense", "<?xml encoding=\"more nonsense\"?>caf\xe9"},
		{"text/xml", "<rss>\xb0\xa1\xb0\xa2\xb0\xa3\xb0\xa4\xb0\xa5"},
		{"text/xml; charset=latin1", "<rss>Zürich — 中国"},
	} {
		f.Add(seed.contentType, []byte(seed.body))
	}
	f.Fuzz(func(t *testing.T, contentType string, body []byte) {
		got, _ := decode(contentType, body)
		if !utf8.Valid(got) || bytes.IndexByte(got, 0) >= 0 {
			t.Fatalf("decode gave %q", got)
		}
		if again, _ := decode(contentType, body); !bytes.Equal(again, got) {
			t.Fatalf("decode gave %q, then %q", got, again)
		}
		if enc, _ := mark(body); enc == nil && multibyte(body) && utf8.Valid(body) && bytes.IndexByte(body, 0) < 0 && !bytes.Equal(got, body) {
			t.Fatalf("decode changed %q to %q", body, got)
		}
	})
}
