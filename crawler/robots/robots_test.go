package robots_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"
	"time"

	"framewatch/crawler/robots"
)

func lines(s ...string) []byte { return []byte(strings.Join(s, "\n") + "\n") }

func TestAllowed(t *testing.T) {
	for _, tt := range []struct {
		name   string
		file   []byte
		target string
		want   bool
	}{
		{"an empty file allows everything", nil, "/a", true},
		{"an empty disallow allows everything", lines("User-agent: *", "Disallow:"), "/a", true},
		{"disallow all", lines("User-agent: *", "Disallow: /"), "/a", false},
		{"the empty target is the home page", lines("User-agent: *", "Disallow: /"), "", false},
		{"robots.txt itself is always allowed", lines("User-agent: *", "Disallow: /"), "/robots.txt", true},
		{"a rule before any group is ignored", lines("Disallow: /", "User-agent: *", "Allow: /x"), "/a", true},
		{"our group replaces the one for everybody", lines("User-agent: *", "Disallow: /", "", "User-agent: framewatch", "Disallow: /private"), "/a", true},
		{"our group in another case", lines("user-AGENT: FrameWatch", "Disallow: /a"), "/a", false},
		{"our group with a version", lines("User-agent: framewatch/2.1", "Disallow: /a"), "/a", false},
		{"a longer name is somebody else", lines("User-agent: framewatcher", "Disallow: /a"), "/a", true},
		{"a shorter name is somebody else", lines("User-agent: frame", "Disallow: /a"), "/a", true},
		{"an empty group of ours still counts", lines("User-agent: framewatch", "Disallow:", "User-agent: *", "Disallow: /"), "/a", true},
		{"groups that name us count together", lines("User-agent: framewatch", "Disallow: /a", "User-agent: x", "Disallow: /", "User-agent: framewatch", "Disallow: /b"), "/b", false},
		{"several agents share a group", lines("User-agent: x", "User-agent: framewatch", "User-agent: y", "Disallow: /a"), "/a", false},
		{"blank lines do not end a group", lines("User-agent: framewatch", "", "", "Disallow: /a"), "/a", false},
		{"a sitemap line does not end a group", lines("User-agent: framewatch", "Sitemap: https://s.example/m.xml", "User-agent: x", "Disallow: /a"), "/a", false},
		{"a crawl delay does not end a group", lines("User-agent: framewatch", "Crawl-delay: 3", "User-agent: x", "Disallow: /a"), "/a", false},
		{"the longest rule decides", lines("User-agent: *", "Disallow: /a", "Allow: /a/open"), "/a/open/1", true},
		{"whatever the order", lines("User-agent: *", "Allow: /a/open", "Disallow: /a"), "/a/open/1", true},
		{"allow wins a tie", lines("User-agent: *", "Disallow: /a", "Allow: /a"), "/a", true},
		{"paths keep their case", lines("User-agent: *", "Disallow: /A"), "/a", true},
		{"a wildcard inside", lines("User-agent: *", "Disallow: /*/print"), "/2024/05/print", false},
		{"a wildcard needs what follows it", lines("User-agent: *", "Disallow: /*/print"), "/2024/05/", true},
		{"two wildcards in order", lines("User-agent: *", "Disallow: /*b*a"), "/ab", true},
		{"a wildcard reaches into the query", lines("User-agent: *", "Disallow: /*?session="), "/story?session=1", false},
		{"the end mark", lines("User-agent: *", "Disallow: /*.pdf$"), "/report.pdf", false},
		{"the end mark excludes longer targets", lines("User-agent: *", "Disallow: /*.pdf$"), "/report.pdf?page=2", true},
		{"the end mark finds the last occurrence", lines("User-agent: *", "Disallow: /*.pdf$"), "/a.pdf/b.pdf", false},
		{"the end mark does not overlap the prefix", lines("User-agent: *", "Disallow: /aba*ba$"), "/aba", true},
		{"a dollar inside is literal", lines("User-agent: *", "Disallow: /a$b"), "/a$b", false},
		{"an encoded star is literal", lines("User-agent: *", "Disallow: /a%2Ab"), "/a-b", true},
		{"an encoded star matches a star", lines("User-agent: *", "Disallow: /a%2ab"), "/a*b", false},
		{"hexadecimal digits in any case", lines("User-agent: *", "Disallow: /caf%c3%a9"), "/caf%C3%A9", false},
		{"raw UTF-8 in the rule", lines("User-agent: *", "Disallow: /café"), "/caf%C3%A9", false},
		{"raw UTF-8 in the target", lines("User-agent: *", "Disallow: /caf%C3%A9"), "/café", false},
		{"encoded unreserved octets are themselves", lines("User-agent: *", "Disallow: /%70rivate"), "/private", false},
		{"an encoded slash is not a slash", lines("User-agent: *", "Disallow: /a/b"), "/a%2Fb", true},
		{"a stray percent sign", lines("User-agent: *", "Disallow: /100%"), "/100%", false},
		{"a fragment is no part of the target", lines("User-agent: *", "Disallow: /a$"), "/a#top", false},
		{"a comment after a rule", lines("User-agent: * # all", "Disallow: /a # not here"), "/a", false},
		{"a missing colon", lines("User-agent *", "Disallow /a"), "/a", false},
		{"a sentence without a colon is no rule", lines("User-agent: *", "Disallow /a and /b"), "/a", true},
		{"a misspelled disallow", lines("User-agent: *", "Dissallow: /a"), "/a", false},
		{"bad lines are passed over", lines("<html>", ":", "User-agent: *", "Crawl-delay: soon", "\x00\xff: \x80", "Disallow: /a"), "/a", false},
		{"a byte order mark", append([]byte("\xef\xbb\xbf"), lines("User-agent: *", "Disallow: /a")...), "/a", false},
		{"Windows line ends", []byte("User-agent: *\r\nDisallow: /a\r\n"), "/a", false},
		{"old Macintosh line ends", []byte("User-agent: *\rDisallow: /a\r"), "/a", false},
		{"no line end at the end", []byte("User-agent: *\nDisallow: /a"), "/a", false},
		{"an allowed index page allows its directory", lines("User-agent: *", "Disallow: /", "Allow: /news/index.html"), "/news/", true},
		{"but nothing else in it", lines("User-agent: *", "Disallow: /", "Allow: /news/index.html"), "/news/a", false},
		{"a forbidden index page forbids itself alone", lines("User-agent: *", "Disallow: /news/index.html"), "/news/", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := robots.Parse(tt.file).Rules("framewatch").Allowed(tt.target); got != tt.want {
				t.Errorf("Allowed(%q) = %v, want %v under\n%s", tt.target, got, tt.want, tt.file)
			}
		})
	}
}

func TestCrawlDelay(t *testing.T) {
	for _, tt := range []struct {
		name string
		file []byte
		want time.Duration
	}{
		{"none", lines("User-agent: *", "Disallow: /a"), 0},
		{"seconds", lines("User-agent: *", "Crawl-delay: 5"), 5 * time.Second},
		{"a fraction", lines("User-agent: *", "crawl-delay: 0.5"), 500 * time.Millisecond},
		{"a word", lines("User-agent: *", "Crawl-delay: ten"), 0},
		{"a negative number", lines("User-agent: *", "Crawl-delay: -1"), 0},
		{"not a number", lines("User-agent: *", "Crawl-delay: NaN"), 0},
		{"beyond all bounds", lines("User-agent: *", "Crawl-delay: 1e300"), 7 * 24 * time.Hour},
		{"ours, not everybody's", lines("User-agent: *", "Crawl-delay: 30", "Disallow: /x", "User-agent: framewatch", "Crawl-delay: 2"), 2 * time.Second},
		{"the longest of several", lines("User-agent: *", "Crawl-delay: 1", "Crawl-delay: 3", "Crawl-delay: 2"), 3 * time.Second},
		{"speaks to the agents above it", lines("User-agent: x", "Crawl-delay: 30", "", "User-agent: *", "Disallow: /a"), 0},
		{"outside any group", lines("Crawl-delay: 3"), 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := robots.Parse(tt.file).Rules("framewatch").CrawlDelay(); got != tt.want {
				t.Errorf("CrawlDelay() = %v, want %v", got, tt.want)
			}
		})
	}
}

func TestSitemaps(t *testing.T) {
	f := robots.Parse(lines("Sitemap: https://news.example/a.xml", "User-agent: x", "Disallow: /", "SITEMAP: /b.xml", "Sitemap:"))
	got := strings.Join(f.Sitemaps(), " ")
	if want := "https://news.example/a.xml /b.xml"; got != want {
		t.Errorf("Sitemaps() = %q, want %q", got, want)
	}
}

func TestParseStopsAtMaxSize(t *testing.T) {
	head := lines("User-agent: *", "Disallow: /early")
	filler := bytes.Repeat([]byte("# nothing to see here\n"), robots.MaxSize/22+1)
	data := append(append(bytes.Clone(head), filler...), lines("Disallow: /late")...)
	r := robots.Parse(data).Rules("framewatch")
	if r.Allowed("/early") {
		t.Error("a rule within the first 500 KiB was not read")
	}
	if !r.Allowed("/late") {
		t.Error("a rule beyond the limit was read")
	}

	// A rule that the limit cuts in two is left out, not read as a shorter one.
	cut := append(bytes.Clone(head), bytes.Repeat([]byte("#"), robots.MaxSize-len(head)-len("\nDisallow: /la"))...)
	cut = append(cut, lines("", "Disallow: /late")...)
	if r := robots.Parse(cut).Rules("framewatch"); !r.Allowed("/lab") {
		t.Error("a line cut by the limit was read as a shorter rule")
	}
}

func TestMatchingStaysCheap(t *testing.T) {
	var b bytes.Buffer
	b.WriteString("User-agent: *\n")
	for b.Len() < robots.MaxSize {
		b.WriteString("Disallow: /" + strings.Repeat("*a", 4000) + "*b\n")
	}
	target := "/" + strings.Repeat("a", 8000)
	r := robots.Parse(b.Bytes()).Rules("framewatch")
	start := time.Now()
	if !r.Allowed(target) {
		t.Error("a target without b matches a rule that asks for it")
	}
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("one check took %v", took)
	}
}

// reasons names the cases of Google's parser that we decide otherwise.
var reasons = map[string]string{
	"ID_Encoding http://foo.bar/foo/bar/ツ":   "RFC 9309 section 2.2.2 compares both sides percent-encoded; Google's matcher leaves the URL to its caller",
	"ID_Encoding http://foo.bar/foo/bar/baz": "RFC 9309 section 2.2.2 decodes %62%61%7A to baz before comparing",
}

func TestGoogleCases(t *testing.T) {
	data, err := os.ReadFile("../../../shared/data/robots-cases.json")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the shared cases of Google's parser are not on this machine")
	}
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Test, Robots, UA, URL string
		Want                  bool
	}
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	same, other := 0, 0
	for _, c := range cases {
		_, target, _ := strings.Cut(c.URL, "://")
		if i := strings.IndexByte(target, '/'); i >= 0 {
			target = target[i:]
		}
		got := robots.Parse([]byte(c.Robots)).Rules(c.UA).Allowed(target)
		reason := reasons[c.Test+" "+c.URL]
		switch {
		case got == c.Want:
			same++
		case reason != "":
			other++
		default:
			t.Errorf("%s: %q may fetch %q = %v, want %v under\n%s", c.Test, c.UA, c.URL, got, c.Want, c.Robots)
		}
	}
	t.Logf("%d of %d as Google's parser, %d otherwise for a named reason", same, len(cases), other)
	if same+other != len(cases) || len(cases) != 140 {
		t.Errorf("got %d + %d of %d cases, want all of 140", same, other, len(cases))
	}
}
