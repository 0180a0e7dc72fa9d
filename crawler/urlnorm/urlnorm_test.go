package urlnorm_test

import (
	"errors"
	"strings"
	"testing"

	"framewatch/crawler/urlnorm"
)

func TestCanonical(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"already canonical", "https://news.example/a/b?c=d", "https://news.example/a/b?c=d"},
		{"space and line breaks", " \thttps://news.example/a\n/b ", "https://news.example/a/b"},
		{"scheme and host in capitals", "HTTPS://News.Example/A", "https://news.example/A"},
		{"no path", "https://news.example", "https://news.example/"},
		{"default ports", "http://news.example:80/a", "http://news.example/a"},
		{"default port of https", "https://news.example:443/a", "https://news.example/a"},
		{"another port", "http://news.example:8080/a", "http://news.example:8080/a"},
		{"fragment", "https://news.example/a#top", "https://news.example/a"},
		{"empty fragment and query", "https://news.example/a?#", "https://news.example/a"},
		{"dot at the end of the host", "https://news.example./a", "https://news.example/a"},
		{"dots at the end of the host", "https://news.example../a", "https://news.example/a"},
		{"dot segments", "https://news.example/a/./b/../c", "https://news.example/a/c"},
		{"dot segments above the root", "https://news.example/../../a", "https://news.example/a"},
		{"encoded dot segments", "https://news.example/a/%2e%2E/b", "https://news.example/b"},
		{"backslashes", `https:\\news.example\a`, "https://news.example/a"},
		{"double slashes stay", "https://news.example/a//b", "https://news.example/a//b"},
		{"a trailing slash stays", "https://news.example/a/", "https://news.example/a/"},
		{"unreserved characters are decoded", "https://news.example/%7Ejo%62", "https://news.example/~job"},
		{"reserved characters stay encoded", "https://news.example/a%2fb", "https://news.example/a%2Fb"},
		{"other characters are encoded", "https://news.example/中 文?q=ü", "https://news.example/%E4%B8%AD%20%E6%96%87?q=%C3%BC"},
		{"a stray percent sign", "https://news.example/100%", "https://news.example/100%25"},
		{"host in Punycode", "https://bücher.example/a", "https://xn--bcher-kva.example/a"},
		{"an address as a number", "http://2130706433/a", "http://127.0.0.1/a"},
		{"an address in hexadecimal and octal", "http://0x7f.0.0.01/a", "http://127.0.0.1/a"},
		{"an address with a dot behind it", "http://0x7f000001./a", "http://127.0.0.1/a"},
		{"an IPv6 address", "http://[0:0:0:0:0:0:0:1]:80/a", "http://[::1]/a"},
		{"tracking parameters", "https://news.example/a?utm_source=x&id=7&fbclid=y&UTM_Medium=z", "https://news.example/a?id=7"},
		{"an encoded tracking parameter", "https://news.example/a?%75tm_source=x", "https://news.example/a"},
		{"nothing but tracking", "https://news.example/a?gclid=1", "https://news.example/a"},
		{"query order is kept", "https://news.example/a?b=2&a=1&b=1", "https://news.example/a?b=2&a=1&b=1"},
		{"empty parameters go", "https://news.example/a?&b=1&&c", "https://news.example/a?b=1&c"},
		{"a value that looks like tracking stays", "https://news.example/a?q=utm_source", "https://news.example/a?q=utm_source"},
		{"session in the path", "https://news.example/a;jsessionid=0AF?b=1", "https://news.example/a?b=1"},
		{"session in the middle of the path", "https://news.example/a;JSESSIONID=1/b;v=2", "https://news.example/a/b;v=2"},
		{"session in the query", "https://news.example/a?PHPSESSID=1&p=2", "https://news.example/a?p=2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := urlnorm.Canonical(tt.in)
			if err != nil || got != tt.want {
				t.Errorf("Canonical(%q) = %q, %v; want %q", tt.in, got, err, tt.want)
			}
		})
	}
}

func TestCanonicalRefuses(t *testing.T) {
	for _, tt := range []struct {
		name, in string
		want     error
	}{
		{"nothing", "", urlnorm.ErrSyntax},
		{"a relative reference", "/a/b", urlnorm.ErrSyntax},
		{"no host", "https:///", urlnorm.ErrSyntax},
		{"a host of dots", "https://../a", urlnorm.ErrSyntax},
		{"a bad port", "https://news.example:99999/", urlnorm.ErrSyntax},
		{"a file", "file:///etc/hosts", urlnorm.ErrScheme},
		{"a script", "javascript:alert(1)", urlnorm.ErrScheme},
		{"data", "data:text/html,x", urlnorm.ErrScheme},
		{"ftp", "ftp://news.example/a", urlnorm.ErrScheme},
		{"a user", "https://user@news.example/", urlnorm.ErrUserinfo},
		{"a password", "https://:secret@news.example/", urlnorm.ErrUserinfo},
		{"a host hidden behind a user", "https://news.example@10.0.0.1/", urlnorm.ErrUserinfo},
		{"a very long one", "https://news.example/" + strings.Repeat("a", urlnorm.MaxLength), urlnorm.ErrTooLong},
		{"one that grows too long", "https://news.example/" + strings.Repeat("ü", urlnorm.MaxLength/3), urlnorm.ErrTooLong},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := urlnorm.Canonical(tt.in)
			if !errors.Is(err, tt.want) {
				t.Errorf("Canonical(%.60q) = %.60q, %v; want error %v", tt.in, got, err, tt.want)
			}
		})
	}
}

func TestErrorsDoNotRepeatSecrets(t *testing.T) {
	_, err := urlnorm.Canonical("https://reader:hunter2@news.example/")
	if err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("got error %v, want one without the password", err)
	}
}

func TestResolve(t *testing.T) {
	const base = "https://news.example/feeds/main.xml?x=1"
	for _, tt := range []struct{ ref, want string }{
		{"/a", "https://news.example/a"},
		{"a", "https://news.example/feeds/a"},
		{"../a", "https://news.example/a"},
		{"//other.example/a", "https://other.example/a"},
		{"http://other.example/a?utm_term=1", "http://other.example/a"},
		{"a/b:c", "https://news.example/feeds/a/b:c"},
		{"ht\ntps://other.example/a", "https://other.example/a"},
		{"?page=2", "https://news.example/feeds/main.xml?page=2"},
		{"", "https://news.example/feeds/main.xml?x=1"},
		{"#top", "https://news.example/feeds/main.xml?x=1"},
	} {
		if got, err := urlnorm.Resolve(base, tt.ref); err != nil || got != tt.want {
			t.Errorf("Resolve(%q) = %q, %v; want %q", tt.ref, got, err, tt.want)
		}
	}
	for _, ref := range []string{"javascript:void(0)", " java\nscript:alert(1)", "127.0.0.9:80/x", "https:other.example/x", "https:/other.example/x", "http:/other.example/x", "other.example:443/x", "mailto:a@b.example", "//user@other.example/"} {
		if got, err := urlnorm.Resolve(base, ref); err == nil {
			t.Errorf("Resolve(%q) = %q, want an error", ref, got)
		}
	}
}

func TestLane(t *testing.T) {
	for in, want := range map[string]string{
		"https://news.example/a":     "news.example:443",
		"http://news.example/":       "news.example:80",
		"http://news.example:8080/a": "news.example:8080",
		"http://[::1]/a":             "[::1]:80",
		"http://[::1]:81/a":          "[::1]:81",
		"https://news.example?a=b":   "news.example:443",
		"news.example/a":             "",
		"":                           "",
	} {
		if got := urlnorm.Lane(in); got != want {
			t.Errorf("Lane(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestSameSite(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{"https://news.example.com/a", "http://www.example.com/b", true},
		{"https://a.example.co.uk/", "https://b.example.co.uk/", true},
		{"https://one.co.uk/", "https://two.co.uk/", false},
		{"https://one.github.io/", "https://two.github.io/", false},
		{"https://example.com/", "https://example.org/", false},
		{"https://example.com/", "https://example.com.evil.test/", false},
		{"http://127.0.0.1:81/a", "http://127.0.0.1:81/b", true},
		{"http://127.0.0.1:81/a", "http://127.0.0.1:82/a", false},
		{"http://127.0.0.1/a", "http://127.0.0.2/a", false},
		{"http://[::1]/a", "http://[::1]:80/b", true},
		{"http://localhost:81/", "http://localhost:81/x", true},
		{"", "", false},
	} {
		if got := urlnorm.SameSite(tt.a, tt.b); got != tt.want {
			t.Errorf("SameSite(%q, %q) = %v, want %v", tt.a, tt.b, got, tt.want)
		}
	}
}

func TestInDomain(t *testing.T) {
	for _, tt := range []struct {
		url, domain string
		want        bool
	}{
		{"https://news.example/a", "news.example", true},
		{"https://www.news.example/a", "News.Example", true},
		{"https://fakenews.example/a", "news.example", false},
		{"https://news.example.evil.test/a", "news.example", false},
		{"http://127.0.0.1:8080/a", "127.0.0.1", true},
		{"http://127.0.0.1:8080/a", "127.0.0.1:8080", true},
		{"http://127.0.0.1:8081/a", "127.0.0.1:8080", false},
		{"http://news.example/a", "news.example:80", true},
		{"http://news.example/a", "", false},
	} {
		if got := urlnorm.InDomain(tt.url, []string{tt.domain}); got != tt.want {
			t.Errorf("InDomain(%q, %q) = %v, want %v", tt.url, tt.domain, got, tt.want)
		}
	}
}

func TestVariantsShareAKey(t *testing.T) {
	want := urlnorm.VariantKey("https://www.news.example/2024/05/story")
	for _, u := range []string{
		"http://news.example/2024/05/story/",
		"https://m.news.example/2024/05/story",
		"https://amp.news.example/2024/05/story",
		"https://www.news.example/amp/2024/05/story",
		"https://www.news.example/2024/05/story/amp",
		"https://www.news.example/2024/05/story.amp",
		"https://www.news.example/2024/05/story?outputType=amp",
		"https://www.news.example/2024/05/story/print",
		"https://www.news.example/2024/05/story?print=1",
		"https://www-news-example.cdn.ampproject.org/c/s/www.news.example/2024/05/story",
		"https://www.google.com/amp/s/www.news.example/2024/05/story",
	} {
		if got := urlnorm.VariantKey(u); got != want {
			t.Errorf("VariantKey(%q) = %q, want %q", u, got, want)
		}
	}
	for _, u := range []string{
		"https://news.example/2024/05/other-story",
		"https://news.example/2024/05/story?page=2",
		"https://blog.news.example/2024/05/story",
		"https://news.example/amp",
	} {
		if got := urlnorm.VariantKey(u); got == want {
			t.Errorf("VariantKey(%q) is that of another page", u)
		}
	}
}

func FuzzCanonical(f *testing.F) {
	for _, s := range []string{
		"https://news.example/a?b=c#d", "http://1.2.3.4./", "http://0x7f.1./%7e%2e/..;jsessionid=1/?utm_a=b&&c",
		"http://[::ffff:1.2.3.4]:80", `https:\\ü.example\%zz`, "http://a.example/%25%37%65?%2575tm_x=1", "http://ex.ample:080/a%",
		"http://xn--/a", "http://a../;JSESSIONID=1;jsessionid=2",
	} {
		f.Add("https://base.example/x/y?z", s)
	}
	f.Fuzz(func(t *testing.T, base, ref string) {
		for _, resolve := range []func() (string, error){
			func() (string, error) { return urlnorm.Canonical(ref) },
			func() (string, error) { return urlnorm.Resolve(base, ref) },
		} {
			got, err := resolve()
			if err != nil {
				continue
			}
			again, err := urlnorm.Canonical(got)
			if err != nil || again != got {
				t.Fatalf("Canonical is not idempotent: %q, then %q, %v", got, again, err)
			}
			if !strings.HasPrefix(got, "http://") && !strings.HasPrefix(got, "https://") || strings.ContainsAny(got, "# \t\n@") && strings.Contains(urlnorm.Host(got), "@") {
				t.Fatalf("Canonical gave %q", got)
			}
			if urlnorm.Lane(got) == "" || !urlnorm.SameSite(got, got) {
				t.Fatalf("%q has no lane or is not its own site", got)
			}
			urlnorm.VariantKey(got)
		}
	})
}
