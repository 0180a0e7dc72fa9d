package robots_test

import (
	"strings"
	"testing"

	"framewatch/crawler/robots"
)

func FuzzAllowed(f *testing.F) {
	for _, seed := range []string{
		"User-agent: *\nDisallow: /a*b$\nAllow: /a%2A\nCrawl-delay: 1.5\nSitemap: x",
		"\xef\xbb\xbfuser-agent framewatch\r\ndisallow /\r\n",
		"User-agent: *\nDisallow: /%zz%e3%83%84ツ\n:::\n#\n",
		"User-agent: *\nAllow: /index.html\nDisallow: *",
	} {
		f.Add([]byte(seed), "/a%2Ab?c=*#d")
	}
	f.Fuzz(func(t *testing.T, file []byte, target string) {
		parsed := robots.Parse(file)
		rules := parsed.Rules("framewatch")
		got := rules.Allowed(target)
		if again := robots.Parse(file).Rules("framewatch").Allowed(target); again != got {
			t.Fatalf("Allowed(%q) = %v, then %v", target, got, again)
		}
		if d := rules.CrawlDelay(); d < 0 {
			t.Fatalf("CrawlDelay() = %v", d)
		}
		// A group that forbids all leaves nothing but robots.txt, whatever else
		// the file says to others.
		closed := append([]byte("User-agent: framewatch-probe\nDisallow: /\n"), file...)
		if strings.Contains(strings.ToLower(string(file)), "allow") {
			return
		}
		probe := robots.Parse(closed).Rules("framewatch-probe")
		path, _, _ := strings.Cut(target, "#")
		if probe.Allowed(target) && strings.TrimPrefix(path, "/") != "robots.txt" {
			t.Fatalf("Allowed(%q) = true under Disallow: /", target)
		}
	})
}
