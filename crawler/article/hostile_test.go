package article

import (
	"errors"
	"fmt"
	"math/rand"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"
)

// The limits that no page may exceed.
const (
	maxTime   = 5 * time.Second
	maxMemory = 300 << 20
)

const sentence = "The harbor council of Elsby asked both ministries on Tuesday to publish the figures on imported accelerators. "

// samplePage is a plain article with n paragraphs.
func samplePage(n int) string {
	var sb strings.Builder
	sb.WriteString(`<!doctype html><html lang="en"><head><title>Council asks for figures - Elsby Courier</title></head><body><nav><a href="/">Home</a></nav><article><h1>Council asks for figures</h1>`)
	for i := range n {
		fmt.Fprintf(&sb, "<p>%d. %s%s</p>\n", i, sentence, sentence)
	}
	sb.WriteString(`</article><footer>Elsby Courier</footer></body></html>`)
	return sb.String()
}

// monsters are pages that are large or crooked in one way each.
func monsters() map[string]string {
	rep := strings.Repeat
	long := rep(sentence, 5)
	return map[string]string{
		"1 MB of paragraphs":        samplePage(4000),
		"5 MB of paragraphs":        samplePage(20000),
		"12 MB of paragraphs":       samplePage(50000),
		"nested div 400":            rep("<div>", 400) + long + rep("</div>", 400),
		"nested div 5000":           rep("<div>", 5000) + "<p>" + long + "</p>" + rep("</div>", 5000),
		"nested div 1000000":        rep("<div>", 1000000) + long,
		"nested with text":          rep("<div>"+sentence, 480),
		"nested with much text":     rep("<div>"+long+long, 480),
		"many levels, many leaves":  rep("<div>", 450) + rep("<p>"+sentence+"</p>", 4000),
		"nested spans":              "<p>" + rep("<span>", 100000) + long,
		"nested bold":               rep("<b><p>x", 50000) + long,
		"nested tables":             rep("<table><tr><td>", 3000) + long,
		"nested lists":              rep("<ul><li>", 3000) + long,
		"nested forms of anchors":   rep("<a href=x><p>y ", 60000),
		"table of 50000 cells":      "<table>" + rep("<tr>"+rep("<td>cell</td>", 10)+"</tr>", 5000) + "</table>" + long,
		"40000 spans and br":        rep("<span>word</span><br>", 40000),
		"300000 br":                 rep("word<br>", 300000),
		"one paragraph of 10 MB":    "<p>" + rep(sentence, 100000),
		"one line without tags":     rep(sentence, 100000),
		"100000 links":              rep("<a href='/x'>another story about the port</a> ", 100000),
		"100000 attributes":         "<p " + rep("a=b ", 100000) + ">" + long,
		"attribute of 10 MB":        "<p class='" + rep("related ", 1300000) + "'>" + long,
		"10000 classes":             rep("<p class='share related comment byline'>"+sentence, 10000),
		"unclosed comment":          "<p>" + long + "<!--" + rep("x", 1<<20),
		"unclosed script":           "<p>" + long + "<script>" + rep("x<", 1<<20),
		"unclosed attribute":        "<p>" + long + "<a href=\"" + rep("x", 1<<20),
		"100000 metas":              "<head>" + rep("<meta name=author content='Ann Lee'>", 100000) + "</head><p>" + long,
		"10000 JSON-LD":             rep(`<script type="application/ld+json">{"@type":"NewsArticle","headline":"x"}</script>`, 10000) + "<p>" + long,
		"deep JSON-LD":              `<script type="application/ld+json">` + rep(`{"@graph":[`, 9000) + rep("]}", 9000) + "</script><p>" + long,
		"wide JSON-LD":              `<script type="application/ld+json">{"@type":"NewsArticle","author":[` + rep(`{"name":"Ann Lee"},`, 200000) + `{}]}</script><p>` + long,
		"10000 headlines":           rep("<h1>Council asks for figures</h1>", 10000) + "<p>" + long,
		"20000 times":               rep("<time datetime='2024-05-06'>May 6, 2024</time>", 20000) + "<p>" + long,
		"20000 bylines":             rep("<span class=byline>By Ann Lee</span>", 20000) + "<p>" + long,
		"entities":                  "<p>" + rep("&amp;&#x1F600;&notanentity;&#0;", 100000),
		"select soup":               rep("<select><option>", 30000) + long,
		"template soup":             rep("<template><div>", 30000) + long,
		"svg soup":                  rep("<svg><foreignObject><p>", 3000) + long,
		"math soup":                 rep("<math><mi><p>", 3000) + long,
		"frameset":                  "<frameset><frame src=x></frameset>" + long,
		"plaintext":                 "<plaintext>" + rep(long, 1000),
		"all dates of a year":       "<p>" + long + rep("<p>Posted 12 March 2019, updated 2019-04-05 and 06/07/2019", 8000),
		"private use runes":         "<p>" + rep("\U000F0000\U0010FFFD "+sentence, 200),
		"title of 5 MB":             "<title>" + rep("a - b | ", 600000) + "</title><p>" + long,
		"heading of 1 MB":           "<title>x</title><h1>" + rep("a - b | ", 120000) + "</h1><p>" + long,
		"byline of 1 MB":            "<h1>t</h1><div class=byline>By " + rep("Ann Lee, ", 120000) + "</div><p>" + long,
		"author meta of 1 MB":       "<meta name=author content='" + rep("Ann Lee and ", 90000) + "'><p>" + long,
		"noscript of 1 MB":          "<noscript>" + rep("<img src=x>", 90000) + "</noscript><p>" + long,
		"a million open brackets":   rep("<", 1000000),
		"a million closing tags":    rep("</p>", 1000000),
		"a million stray divs":      rep("</div><p>", 500000),
		"paragraphs, hidden":        rep("<p hidden>"+sentence, 3000),
		"quotes in lists in tables": rep("<table><tr><td><ul><li><blockquote><p>"+sentence, 100),
	}
}

// checkPage extracts a page and holds the outcome to what is promised of every page.
func checkPage(t *testing.T, name string, p Page) {
	t.Helper()
	var a Article
	var err error
	for try := 1; ; try++ { // a machine busy with other things is not a slow page
		start := time.Now()
		a, err = Extract(p)
		d := time.Since(start)
		if d <= maxTime {
			break
		}
		if try == 3 {
			t.Errorf("%s: took %v", name, d)
			break
		}
	}
	var reject *Reject
	switch {
	case err != nil && !errors.As(err, &reject):
		t.Errorf("%s: error %v is no Reject", name, err)
	case err != nil && (reject.Reason == "" || a.Text != ""):
		t.Errorf("%s: reason %q with a text of %d bytes", name, reject.Reason, len(a.Text))
	case err == nil && strings.TrimSpace(a.Text) == "":
		t.Errorf("%s: neither text nor reason", name)
	case !utf8.ValidString(a.Text + a.Title + a.SiteName + strings.Join(a.Authors, "")):
		t.Errorf("%s: not valid UTF-8", name)
	case strings.ContainsRune(a.Text+a.Title, 0) || strings.ContainsFunc(a.Text+a.Title, isMark):
		t.Errorf("%s: NUL or a mark is left", name)
	}
}

func TestMonstersStayWithinLimits(t *testing.T) {
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	for name, body := range monsters() {
		runtime.GC()
		start := time.Now()
		used := peak(func() { checkPage(t, name, Page{URL: "https://elsby.example/a", Body: []byte(body)}) })
		if used > maxMemory {
			t.Errorf("%s: %d MiB", name, used>>20)
		}
		t.Logf("%-28s %5d ms %4d MiB", name, time.Since(start).Milliseconds(), used>>20)
	}
}

// peak gives the largest growth of the memory in use while f runs.
func peak(f func()) uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	base, top := m.HeapInuse, m.HeapInuse
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				top = max(top, m.HeapInuse)
			}
		}
	})
	f()
	close(done)
	wg.Wait()
	return top - base
}

// TestMalformedPages cuts, flips, doubles and mixes pages in 2,000 ways.
func TestMalformedPages(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	seeds := [][]byte{nil, []byte(" \n"), []byte("%PDF-1.7\n%\xe2\xe3"), []byte("\x89PNG\r\n\x1a\n\x00\x00"), []byte(`{"a":1}`), []byte("plain words only"),
		[]byte("<?xml version='1.0'?><rss><channel/></rss>"), []byte("\xff\xfe<\x00p\x00>\x00"), []byte(samplePage(3)), []byte(samplePage(30))}
	for _, p := range labeled(t) {
		seeds = append(seeds, []byte(p.html))
	}
	parts := []string{"<div>", "</div>", "<p>", "<table>", "<tr><td>", "</table>", "<script>", "</script>", "<!--", "-->", "<a href='", "\x00", "\xff\xfe", "&#", "<b><i>",
		`<script type="application/ld+json">{"@type":`, "<svg>", "<noscript>", "<select>", "<title>", "<h1>", "</body>", "<head>", "\u2028", "<time datetime=", "]]>", "<base href=//x>", strings.Repeat("<font>", 600)}
	types := []string{"", "text/html", "text/html; charset=utf-8", "text/html; charset=gbk", "text/html; charset=utf-16le", "application/octet-stream", "image/png", ";;;", "text/html; charset=nonsense"}
	for i := range 2000 {
		b := append([]byte(nil), seeds[i%len(seeds)]...)
		for range rng.Intn(8) {
			at := rng.Intn(len(b) + 1)
			switch rng.Intn(5) {
			case 0:
				b = b[:at]
			case 1:
				b = append(b[:at:at], append([]byte(parts[rng.Intn(len(parts))]), b[at:]...)...)
			case 2:
				if at < len(b) {
					b[at] ^= byte(1 << rng.Intn(8))
				}
			case 3:
				b = append(b, b[at:]...)
			case 4:
				b = append(b[:at:at], b[min(len(b), at+rng.Intn(200)):]...)
			}
		}
		checkPage(t, fmt.Sprintf("page %d", i), Page{URL: "https://elsby.example/2024/05/06/a", ContentType: types[rng.Intn(len(types))], Body: b})
	}
}

func FuzzExtract(f *testing.F) {
	f.Add("text/html", []byte(samplePage(2)))
	f.Add("", []byte("\xef\xbb\xbf<p>x"))
	for _, p := range labeled(f) {
		f.Add("text/html; charset=utf-8", []byte(p.html))
	}
	f.Fuzz(func(t *testing.T, contentType string, body []byte) {
		p := Page{URL: "https://elsby.example/a", ContentType: contentType, Body: body}
		checkPage(t, "fuzzed page", p)
		one, _ := Extract(p)
		two, _ := Extract(p)
		if fmt.Sprint(one) != fmt.Sprint(two) {
			t.Error("the same page gave two articles")
		}
	})
}

func TestLargeAndDeepPagesKeepTheirText(t *testing.T) {
	for name, c := range map[string]struct {
		body string
		n    int // paragraphs
	}{
		"many siblings":     {samplePage(4000), 4000},
		"no tree, by size":  {samplePage(22000), 22000},
		"no tree, by depth": {strings.Repeat("<div>", 600) + strings.Replace(samplePage(40), "<!doctype html>", "", 1), 40},
	} {
		a, err := Extract(Page{URL: "https://elsby.example/a", Body: []byte(c.body)})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := strings.Count(a.Text, "\n\n") + 1; got < c.n || got > c.n+1 {
			t.Errorf("%s: %d paragraphs by %s, want %d", name, got, a.Via, c.n)
		}
		if strings.Contains(a.Text, "Home") || strings.Contains(a.Text, "Elsby Courier") {
			t.Errorf("%s: menu or footer is in the text", name)
		}
	}
}
