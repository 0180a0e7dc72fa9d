package feed_test

import (
	"errors"
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"framewatch/crawler/feed"
)

const base = "https://news.example/feeds/main.xml"

func rss(items ...string) string {
	return `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0">
<channel><title>The Meridian</title><link>https://news.example/</link><language>en-us</language>
<image><title>Logo</title><url>https://news.example/logo.png</url></image>
` + strings.Join(items, "\n") + "\n</channel></rss>\n"
}

func rssItem(n int) string {
	return fmt.Sprintf("<item><title>Story %d</title><link>https://news.example/story/%d</link><guid isPermaLink=\"false\">id-%[1]d</guid><pubDate>Mon, 06 May 2024 09:%02[1]d:00 -0400</pubDate></item>", n, n%60)
}

func mustParse(t *testing.T, contentType, body string) feed.Feed {
	t.Helper()
	f, err := feed.Parse(base, contentType, []byte(body))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// titles joins what an assertion is mostly about.
func titles(f feed.Feed) string {
	var out []string
	for _, e := range f.Entries {
		out = append(out, e.Title)
	}
	return strings.Join(out, " | ")
}

func TestParseFormats(t *testing.T) {
	want := feed.Entry{
		URL: "https://news.example/a?id=7", GUID: "tag:news.example,2024:7", Title: "Chips & allies", Summary: "A visit.",
		Published: time.Date(2024, 5, 6, 9, 30, 0, 0, time.FixedZone("", -4*3600)),
		Updated:   time.Date(2024, 5, 7, 1, 0, 0, 0, time.UTC),
	}
	for _, tt := range []struct{ name, found, body string }{
		{"RSS", "/a?id=7&utm_source=rss", rss(`<item><title>Chips &amp; allies</title><link>/a?id=7&amp;utm_source=rss</link><description>&lt;p&gt;A visit.&lt;/p&gt;</description>
			<guid isPermaLink="false">tag:news.example,2024:7</guid><pubDate>Mon, 6 May 2024 09:30:00 EDT</pubDate><atom:updated>2024-05-07T01:00:00Z</atom:updated></item>`)},
		{"RDF", "https://news.example/a?id=7", `<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
			<channel rdf:about="https://news.example/"><title>The Meridian</title><link>https://news.example/</link></channel>
			<item rdf:about="https://news.example/a"><title>Chips &amp; allies</title><link>https://news.example/a?id=7</link><description>A visit.</description><dc:date>2024-05-06T09:30:00-04:00</dc:date></item></rdf:RDF>`},
		{"Atom", "../a?id=7", `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>The Meridian</title><link rel="self" href="https://news.example/atom.xml"/>
			<entry><title type="html">Chips &amp;amp; allies</title><link rel="enclosure" href="https://news.example/a.mp3"/><link rel="alternate" href="../a?id=7"/><id>tag:news.example,2024:7</id>
			<summary>A visit.</summary><published>2024-05-06T09:30:00-04:00</published><updated>2024-05-07T01:00:00Z</updated></entry></feed>`},
		{"JSON", "/a?id=7", `{"version":"https://jsonfeed.org/version/1.1","title":"The Meridian","language":"en","home_page_url":"https://news.example/",
			"items":[{"id":"tag:news.example,2024:7","url":"/a?id=7","title":"Chips & allies","summary":"A visit.","date_published":"2024-05-06T09:30:00-04:00","date_modified":"2024-05-07T01:00:00Z"}]}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := mustParse(t, "", tt.body)
			if f.Title != "The Meridian" || f.Degraded != "" || len(f.Entries) != 1 {
				t.Fatalf("got title %q, %d entries, degraded %q", f.Title, len(f.Entries), f.Degraded)
			}
			got := f.Entries[0]
			if got.URL != want.URL || got.Found != tt.found || got.Title != want.Title || got.Summary != want.Summary {
				t.Errorf("got %+v\nwant %+v", got, want)
			}
			if got.Published.Format(time.RFC3339) != want.Published.Format(time.RFC3339) {
				t.Errorf("Published = %v, want %v with its own offset", got.Published, want.Published)
			}
			if tt.name == "RDF" {
				return // it has neither identifiers nor updates
			}
			if got.GUID != want.GUID {
				t.Errorf("GUID = %q, want %q", got.GUID, want.GUID)
			}
			if tt.name != "RSS" && !got.Updated.Equal(want.Updated) {
				t.Errorf("Updated = %v, want %v", got.Updated, want.Updated)
			}
		})
	}
}

func TestParseDamage(t *testing.T) {
	whole := rss(rssItem(1), rssItem(2), rssItem(3))
	third := strings.Index(whole, "<item><title>Story 3")
	for _, tt := range []struct{ name, body, titles, degraded string }{
		{"cut inside the last item", whole[:third+40], "Story 1 | Story 2", "cut off after 2 whole items"},
		{"cut between items", whole[:third], "Story 1 | Story 2", "cut off after 2 whole items"},
		{"cut inside a tag", whole[:third+3], "Story 1 | Story 2", "cut off after 2 whole items"},
		{"junk behind the end", whole + "<script>var x</script> trailing", "Story 1 | Story 2 | Story 3", ""},
		{"a warning in front", "<br />\n<b>Warning</b>: something in <b>x.php</b><br />\n" + whole, "Story 1 | Story 2 | Story 3", "text before the feed"},
		{"blank lines in front", "\n\n  " + whole, "Story 1 | Story 2 | Story 3", ""},
		{"a mismatched tag in one item", rss(rssItem(1), `<item><title>Story <b>2</title><link>https://news.example/story/2</link></item>`, rssItem(3)), "Story 1 | Story 2 | Story 3", ""},
		{"an unclosed break in a description", rss(rssItem(1), `<item><title>Story 2</title><description>a<br>b</description><link>https://news.example/story/2</link></item>`, rssItem(3)), "Story 1 | Story 2 | Story 3", ""},
		{"an item that no parser takes", rss(rssItem(1), `<item><title>Story 2</title><1 =">x</1><link>https://news.example/story/2</link><pubDate>2024-05-06</pubDate></item>`, rssItem(3)), "Story 1 | Story 2 | Story 3", "1 item with broken markup"},
		{"a tag without its end", rss(rssItem(1), `<item><title>Story 2</title><media <link>https://news.example/story/2</link></item>`, rssItem(3)), "Story 1 | Story 2 | Story 3", "1 item with broken markup"},
		{"an item that is not closed", rss(rssItem(1), `<item><title>Story 2</title><link>https://news.example/story/2</link>`, rssItem(3)), "Story 1 | Story 2 | Story 3", "1 item not closed"},
		{"the last item not closed", rss(rssItem(1), `<item><title>Story 2</title><link>https://news.example/story/2</link>`), "Story 1 | Story 2", "1 item not closed"},
		{"bare ampersands and HTML entities", rss(`<item><title>R&D &nbsp;first</title><link>https://news.example/a?b=1&c=2</link></item>`), "R&D first", ""},
		{"control characters", rss("<item><title>Story \x08\x1b2</title><link>https://news.example/story/2</link></item>"), "Story 2", ""},
		{"an item inside CDATA is text", rss(`<item><title>Story 1</title><link>https://news.example/1</link><description><![CDATA[<item>not one</item>]]></description></item>`), "Story 1", ""},
		{"a comment hides an item", rss(rssItem(1), "<!-- "+rssItem(2)+" -->"), "Story 1", ""},
		{"markup in titles", rss(`<item><title>&lt;b&gt;Bold&lt;/b&gt; claim &amp;mdash; again</title><link>https://news.example/1</link></item>`), "Bold claim — again", ""},
		{"CDATA in titles", rss(`<item><title><![CDATA[Chips & <i>allies</i>]]></title><link>https://news.example/1</link></item>`), "Chips & allies", ""},
		{"script in titles", rss(`<item><title>&lt;script&gt;alert(1)&lt;/script&gt;Story</title><link>https://news.example/1</link></item>`), "Story", ""},
		{"an external entity stays text", `<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY y "<item>">]>` + rss(`<item><title>A &x; B</title><link>https://news.example/1</link></item>`)[38:], "A &x; B", ""},
		{"links that cannot be followed", rss(`<item><title>A</title><link>javascript:alert(1)</link></item>`, `<item><title>B</title><link>mailto:x@news.example</link></item>`, rssItem(3)), "Story 3", "2 items without a usable link"},
		{"the identifier as link", rss(`<item><title>A</title><guid>https://news.example/a</guid></item>`), "A", ""},
		{"an identifier that is no link", rss(`<item><title>A</title><guid isPermaLink="false">https://news.example/a</guid></item>`), "", "1 item without a usable link"},
		{"an Atom link in RSS", rss(`<item><title>A</title><atom:link rel="related" href="https://other.example/"/><atom:link href="https://news.example/a"/></item>`), "A", ""},
		{"an empty channel", rss(), "", ""},
		{"JSON cut", `{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","url":"/1","title":"Story 1"},{"id":"2","url":"/2","ti`, "Story 1", "cut off after 1 whole item"},
		{"JSON with a wrong type", `{"version":"https://jsonfeed.org/version/1","items":[{"id":1,"url":"/1","title":["Story 0"]},{"id":"2","url":"/2","title":"Story 2"}]}`, " | Story 2", "1 item with fields of the wrong kind"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := mustParse(t, "", tt.body)
			if got := titles(f); got != tt.titles {
				t.Errorf("titles = %q, want %q", got, tt.titles)
			}
			if f.Degraded != tt.degraded {
				t.Errorf("Degraded = %q, want %q", f.Degraded, tt.degraded)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	for _, tt := range []struct{ name, body, kind string }{
		{"an HTML page", "<!doctype html><html><head><title>Not found</title></head><body><item>x</item></body></html>", "html"},
		{"HTML without its frame", "<!DOCTYPE html><p>moved</p>", "html"},
		{"a sitemap", `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url/></urlset>`, "sitemap"},
		{"other XML", "<?xml version='1.0'?><opml><body0/></opml>", "xml"},
		{"text", "Service unavailable", "text"},
		{"nothing", " \n", "empty"},
		{"other JSON", `{"error":"no such feed"}`, "json"},
		{"a JSON list", `[1,2]`, "json"},
		{"a feed cut before its first item", rss(rssItem(1))[:330], "cut"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := feed.Parse(base, "", []byte(tt.body))
			var not *feed.NotFeed
			if !errors.As(err, &not) || not.Kind != tt.kind {
				t.Errorf("got error %v, want a NotFeed of kind %q", err, tt.kind)
			}
		})
	}
}

func TestParseCharacterSets(t *testing.T) {
	encode := func(enc encoding.Encoding, s string) string {
		out, err := enc.NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	declare := func(name, title string) string {
		return fmt.Sprintf("<?xml version='1.0' encoding='%s'?><rss version='2.0'><channel><title>x</title><item><title>%s</title><link>https://news.example/1</link></item></channel></rss>", name, title)
	}
	const western, chinese = "Économie – “café” über", "人工智能竞赛：中美关系的新阶段"
	utf16 := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	for _, tt := range []struct{ name, contentType, body, want string }{
		{"UTF-8", "application/rss+xml", declare("utf-8", western), western},
		{"UTF-8 with a byte order mark", "", "\ufeff" + declare("utf-8", western), western},
		{"header says windows-1252", "text/xml; charset=windows-1252", encode(charmap.Windows1252, declare("utf-8", western)), western},
		{"declaration says iso-8859-1", "text/xml", encode(charmap.Windows1252, declare("iso-8859-1", western)), western},
		{"nobody says", "text/xml", encode(charmap.Windows1252, declare("utf-8", western)), western},
		{"header lies about UTF-8", "text/xml; charset=iso-8859-1", declare("utf-8", western), western},
		{"header and bytes say GBK", "text/xml; charset=gbk", encode(simplifiedchinese.GBK, declare("gbk", chinese)), chinese},
		{"GBK that nobody declares", "text/xml", encode(simplifiedchinese.GBK, declare("utf-8", chinese)), chinese},
		{"UTF-16 with a byte order mark", "text/xml", encode(utf16, declare("utf-16", chinese)), chinese},
		{"UTF-16 without one", "text/xml", encode(unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), declare("utf-16", western)), western},
		{"header claims UTF-16", "text/xml; charset=utf-16", declare("utf-8", western), western},
		{"an unknown name", "text/xml; charset=klingon", declare("x-nonsense", western), western},
		{"one bad byte in UTF-8", "text/xml", declare("utf-8", western+" \xff"), western + " \ufffd"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := titles(mustParse(t, tt.contentType, tt.body)); got != tt.want {
				t.Errorf("title = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestParseDates(t *testing.T) {
	for _, tt := range []struct{ name, in, url, want string }{
		{"offset", "Mon, 06 May 2024 09:30:00 +0800", base, "2024-05-06T09:30:00+08:00"},
		{"named zone", "Mon, 06 May 2024 09:30:00 PDT", base, "2024-05-06T09:30:00-07:00"},
		{"Greenwich", "Mon, 06 May 2024 09:30:00 GMT", base, "2024-05-06T09:30:00Z"},
		{"CST of an American feed", "Mon, 06 May 2024 09:30:00 CST", base, "2024-05-06T09:30:00-06:00"},
		{"CST of a Chinese feed", "Mon, 06 May 2024 09:30:00 CST", "https://news.example.cn/rss", "2024-05-06T09:30:00+08:00"},
		{"no zone", "2024-05-06 09:30:00", base, "2024-05-06T09:30:00Z"},
		{"fractions", "2024-05-06T09:30:00.123+02:00", base, "2024-05-06T09:30:00+02:00"},
		{"day alone", "2024-05-06", base, "2024-05-06T00:00:00Z"},
		{"weekday wrong, zone in parentheses", "Tue, 6 May 2024 09:30:00 -0400 (EDT)", base, "2024-05-06T09:30:00-04:00"},
		{"unreadable", "last week", base, "0001-01-01T00:00:00Z"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			body := rss("<item><title>A</title><link>https://news.example/a</link><pubDate>" + tt.in + "</pubDate></item>")
			f, err := feed.Parse(tt.url, "", []byte(body))
			if err != nil {
				t.Fatal(err)
			}
			if got := f.Entries[0].Published.Format(time.RFC3339); got != tt.want {
				t.Errorf("Published = %s, want %s", got, tt.want)
			}
		})
	}
}

func TestParseTakesThePublishersLink(t *testing.T) {
	f := mustParse(t, "", rss(`<item><title>A</title><link>https://feeds.counter.example/~r/1</link><feedburner:origLink>https://news.example/a</feedburner:origLink></item>`))
	if got := f.Entries[0].URL; got != "https://news.example/a" {
		t.Errorf("URL = %q, want the original link", got)
	}
}

func TestParseManyItems(t *testing.T) {
	items := make([]string, 10_000)
	for i := range items {
		items[i] = rssItem(i)
	}
	f := mustParse(t, "", rss(items...))
	if len(f.Entries) != 10_000 || f.Degraded != "" {
		t.Errorf("got %d entries, degraded %q; want all 10,000", len(f.Entries), f.Degraded)
	}
	for len(items) < feed.MaxItems+5 {
		items = append(items, rssItem(len(items)))
	}
	f = mustParse(t, "", rss(items...))
	if len(f.Entries) != feed.MaxItems || !strings.Contains(f.Degraded, "only the first 20000 items") {
		t.Errorf("got %d entries, degraded %q; want %d", len(f.Entries), f.Degraded, feed.MaxItems)
	}
}

func TestHostileFeedsEndSoon(t *testing.T) {
	const size = 14 << 20
	fill := func(s string) string { return strings.Repeat(s, size/len(s)) }
	for name, body := range map[string]string{
		"nested elements":             rss("<item>" + fill("<a>")),
		"nested elements in the root": rss(fill("<a>")),
		"nested extensions":           rss("<item><title>A</title><link>/a</link>" + fill("<x:y>") + "</item>"),
		"sibling extensions":          rss("<item><title>A</title><link>/a</link>" + fill("<x:y/>") + "</item>"),
		"many items of extensions":    rss(fill("<item><link>/a</link>" + strings.Repeat("<x:y/>", 5000) + "</item>")),
		"empty items":                 rss(fill("<item></item>")),
		"items that are never closed": rss(fill("<item>")),
		"tags that are never closed":  rss(fill("<a ")),
		"open quotes":                 rss(fill(`<a b=">`)),
		"open quotes of two kinds":    rss(fill(`<a b="><a b='>`)),
		"comments":                    rss(fill("<!---->")),
		"open CDATA":                  rss(fill("<![CDATA[")),
		"attributes":                  rss("<item" + fill(` a="b"`) + "><link>/a</link></item>"),
		"broken items":                rss(fill("<item><b><link>/a</link></item>")),
		"entities":                    rss("<item><link>/a</link><title>" + fill("&amp;") + "</title></item>"),
		"bare ampersands":             rss("<item><link>/a</link><title>" + fill("&") + "</title></item>"),
		"a long title":                rss("<item><link>/a</link><title>" + fill("<![CDATA[<]]>") + "</title></item>"),
		"JSON nesting":                `{"version":"https://jsonfeed.org/version/1","items":[` + fill("["),
		"JSON objects":                `{"version":"https://jsonfeed.org/version/1","items":[` + strings.TrimSuffix(fill(`{},`), ",") + "]}",
		"XML entity bomb":             `<!DOCTYPE rss [<!ENTITY a "` + strings.Repeat("x", 1000) + `">` + fill(`<!ENTITY b "&a;&a;&a;&a;">`) + "]>" + rss("<item><link>/a</link><title>&b;</title></item>"),
	} {
		t.Run(name, func(t *testing.T) {
			start := processorTime(t)
			f, err := feed.Parse(base, "", []byte(body))
			took := processorTime(t) - start
			t.Logf("%v, %d entries, degraded %q, error %v", took.Round(time.Millisecond), len(f.Entries), f.Degraded, err)
			if took > 10*time.Second && !testing.Short() { // the race detector slows it many times over
				t.Errorf("took %v, want at most 10 s", took)
			}
		})
	}
}

// processorTime is what this process has used: the time on the clock says more of a machine's other work.
func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func TestDiscover(t *testing.T) {
	page := `<html><head><base href="https://www.news.example/en/">
<link rel="stylesheet" href="a.css"><link rel="alternate" hreflang="fr" href="/fr/">
<LINK REL="Alternate" TYPE="application/rss+xml; charset=utf-8" TITLE="All &amp; sundry" HREF="feed.xml">
<link rel="alternate" type="application/rss+xml" href="https://www.news.example/en/feed.xml">
<link rel="alternate" type="application/atom+xml" href="//atom.news.example/a">
<link rel="alternate" type="application/feed+json" href="/feed.json">
<link rel="alternate" type="application/json" href="/wp-json/">
<link rel="alternate" type="application/rss+xml" href="javascript:1">
<link rel="sitemap" type="application/xml" href="/sitemap.xml"><link rel="alternate" type="application/rss+xml">
</head><body><a href="/rss">RSS</a>`
	var got []string
	for _, l := range feed.Discover("https://news.example/", []byte(page)) {
		got = append(got, fmt.Sprintf("%s %s %q", l.Kind, l.URL, l.Title))
	}
	want := []string{
		`feed https://www.news.example/en/feed.xml "All & sundry"`,
		`feed https://atom.news.example/a ""`,
		`feed https://www.news.example/feed.json ""`,
		`sitemap https://www.news.example/sitemap.xml ""`,
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
