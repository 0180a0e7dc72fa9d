package crawlertest

import (
	"fmt"
	"net/http"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// Charsets: stories whose titles need more than ASCII, each in another encoding
// and with another way, or none, to say which. Two are lied about: a header that
// says UTF-8 for a page whose meta element rightly says ISO-8859-1, and one that
// says ISO-8859-1 for a page that begins with UTF-8's byte order mark.
func Charsets(s *Site) *Scenario {
	c := s.open("charsets")
	var items []Item
	for _, p := range []struct {
		name, contentType, meta string
		enc                     encoding.Encoding
		mark                    string
		title                   string
	}{
		{"latin1-header", "text/html; charset=iso-8859-1", "", charmap.ISO8859_1, "", "Señor Müller weighs artificial intelligence à la carte with China"},
		{"latin1-meta", "text/html", "iso-8859-1", charmap.ISO8859_1, "", "Çelik and Åberg négocient artificial intelligence with the United States"},
		{"windows1252", "text/html", "windows-1252", charmap.Windows1252, "", "“Nobody’s race” – artificial intelligence, China and the €uro"},
		{"gbk-meta", "text/html", "gbk", simplifiedchinese.GBK, "", "Huang Zhenyu (黄振宇) on artificial intelligence between China and the United States"},
		{"utf16", "text/html; charset=utf-16", "", unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "", "Ångström and the United States measure artificial intelligence in China"},
		{"utf8-meta", "text/html", "utf-8", unicode.UTF8, "", "Tromsø’s café reads about artificial intelligence in China"},
		{"utf8-nothing-said", "text/html", "", unicode.UTF8, "", "Malmö’s naïve question about artificial intelligence in China"},
		{"utf8-no-type", "", "utf-8", unicode.UTF8, "", "Zürich’s résumé of artificial intelligence in China"},
		{"lie-in-header", "text/html; charset=utf-8", "iso-8859-1", charmap.ISO8859_1, "", "Peña denies an artificial intelligence fête with China"},
		{"mark-beats-header", "text/html; charset=iso-8859-1", "", unicode.UTF8, "\ufeff", "Łódź asks the United States about artificial intelligence"},
	} {
		story := s.Next()
		story.Title = p.title
		if p.enc != unicode.UTF8 && p.name != "gbk-meta" && p.name != "utf16" {
			for i, t := range story.Paragraphs {
				story.Paragraphs[i] = strings.ReplaceAll(t, "ø", "o") // not the point, and not in every set
			}
		}
		if p.name == "gbk-meta" {
			for i, t := range story.Paragraphs {
				story.Paragraphs[i] = strings.NewReplacer("ø", "o").Replace(t)
			}
		}
		page := story.HTML()
		if p.meta != "" {
			page = strings.Replace(page, "<head>", "<head><meta charset=\""+p.meta+"\">", 1)
		}
		data, err := p.enc.NewEncoder().String(p.mark + page)
		if err != nil {
			panic("crawlertest: " + p.name + ": " + err.Error())
		}
		path := "/a/" + p.name + ".html"
		c.Host.Handle(path, Body(p.contentType, data))
		c.want(path, story)
		items = append(items, c.Host.Item(path, story))
	}
	c.Host.Feed("/feed.xml", items...)
	return c
}

// FeedCharsets are feeds in other encodings than they should be in: one with a
// byte that is no UTF-8, one in UTF-16, one in windows-1252 by its declaration.
func FeedCharsets(s *Site) *Scenario {
	c := s.open("feed-charsets")
	items := c.publishMany("/a/item", 3)
	c.Feeds = nil
	feed := func(path, declared, text string, enc encoding.Encoding) {
		text = strings.Replace(text, "UTF-8", declared, 1)
		data, err := enc.NewEncoder().String(text)
		if err != nil {
			panic("crawlertest: " + err.Error())
		}
		c.Host.Handle(path, Body("application/rss+xml", data))
		c.Feeds = append(c.Feeds, c.Host.URL(path))
	}
	feed("/stray.xml", "UTF-8", RSS("Courier", items[0]), unicode.UTF8)
	c.Host.Handle("/stray.xml", Body("application/rss+xml", strings.Replace(RSS("Courier", items[0]), "<title>Courier", "<title>Courier \xe9t\xe9", 1)))
	feed("/utf16.xml", "UTF-16", RSS("Courier", items[1]), unicode.UTF16(unicode.BigEndian, unicode.UseBOM))
	feed("/cp1252.xml", "windows-1252", RSS("Courier – été", items[2]), charmap.Windows1252)
	return c
}

// WrongTypes: a feed as text/plain, a page as octet-stream, one without a type,
// one as text/plain.
func WrongTypes(s *Site) *Scenario {
	c := s.open("wrong-types")
	var items []Item
	for _, p := range []struct{ path, contentType string }{
		{"/a/octets.html", "application/octet-stream"}, {"/a/untyped.html", ""}, {"/a/plain.html", "text/plain"},
	} {
		items = append(items, c.answer(p.path, func(page string) Answer { return Body(p.contentType, page) }))
	}
	c.Host.Handle("/feed.xml", Body("text/plain", RSS("Courier", items...)))
	return c
}

// NotArticles: links whose pages hold no article. The keys of the paths say what
// is there instead.
func NotArticles(s *Site) *Scenario {
	c := s.open("not-articles")
	h := c.Host
	shell := func(title, body string) Answer {
		return HTML("<!doctype html><html lang=\"en\"><head><title>" + title + "</title></head><body>" + body + "</body></html>")
	}
	pdf := "%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n" + strings.Repeat("\x00\xffbinary\n", 500)
	h.Handle("/a/pdf", Body("application/pdf", pdf))
	h.Handle("/a/pdf-as-html", Body("text/html", pdf))
	h.Handle("/a/image", Body("image/png", "\x89PNG\r\n\x1a\n"+strings.Repeat("\x00\x01", 4000)))
	h.Handle("/a/soft-404", shell("Page not found - Courier", "<h1>Page not found</h1><p>Sorry, the page that you asked for does not exist or has been moved. Try the search or go to the home page.</p><ul><li><a href=\"/\">Home</a></li></ul>"))
	h.Handle("/a/gone-home", Redirect("/"))
	var teasers strings.Builder
	for i := range 12 {
		fmt.Fprintf(&teasers, "<div class=\"teaser\"><h2><a href=\"/t/%d\">%s</a></h2><p>Read more</p></div>", i, NewStory(9000+i).Title)
	}
	h.Handle("/", shell("The Loopback Courier", "<h1>Today</h1>"+teasers.String()))
	h.Handle("/a/consent-wall", shell("Before you continue", "<div id=\"consent\"><h1>We value your privacy</h1><p>We and our partners store and access cookies on your device to show personalized ads. Please accept cookies to continue to the site, or manage your preferences.</p><button>Accept all</button><button>Reject all</button></div>"))
	h.Handle("/a/bot-challenge", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprint(w, "<!doctype html><html><head><title>Just a moment...</title></head><body><h1>Checking your browser before accessing the site</h1><p>Please enable JavaScript and cookies to continue. Verify that you are human.</p><script src=\"/cdn-cgi/challenge-platform/x.js\"></script></body></html>")
	})
	h.Handle("/a/bot-challenge-200", shell("Just a moment...", "<h1>Verify you are human</h1><p>Checking your browser. Please enable JavaScript and cookies to continue.</p><script src=\"/cdn-cgi/challenge-platform/x.js\"></script>"))
	h.Handle("/a/app-shell", shell("Courier", "<noscript>You need to enable JavaScript to run this app.</noscript><div id=\"root\"></div><script src=\"/static/main.js\"></script>"))
	h.Handle("/a/empty", HTML(""))
	h.Handle("/a/missing", Answer(http.NotFound))
	h.Handle("/a/gone", Status(http.StatusGone))
	items := []Item{c.publish("/a/ordinary")}
	for _, name := range []string{"pdf", "pdf-as-html", "image", "soft-404", "gone-home", "consent-wall", "bot-challenge", "bot-challenge-200", "app-shell", "empty", "missing", "gone"} {
		items = append(items, c.link("/a/"+name, "Link to "+name))
	}
	h.Feed("/feed.xml", items...)
	return c
}

// Paywall: a page that shows two paragraphs and says in its metadata that the
// rest is for subscribers.
func Paywall(s *Site) *Scenario {
	c := s.open("paywall")
	story := s.Next()
	story.Paragraphs = story.Paragraphs[:2]
	story.Head = `<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle","isAccessibleForFree":false,"hasPart":{"@type":"WebPageElement","isAccessibleForFree":false,"cssSelector":".paywall"}}</script>`
	story.Foot = `<div class="paywall"><p>This article is for subscribers. Subscribe to continue reading.</p><button>Subscribe</button></div>`
	c.want("/a/stub.html", story)
	c.Host.Feed("/feed.xml", c.Host.Publish("/a/stub.html", story))
	return c
}

// Nested: pages of depth elements inside each other, without and with a story.
func Nested(s *Site, depth int) *Scenario {
	c := s.open("nested")
	deep := strings.Repeat("<div>", depth)
	c.Host.Handle("/a/deep.html", HTML("<!doctype html><html><head><title>Deep</title></head><body>"+deep+"<p>ground"))
	story := s.Next()
	page := strings.Replace(story.HTML(), "<footer>", deep+"<footer>", 1)
	c.Host.Handle("/a/deep-end.html", HTML(page))
	c.Host.Feed("/feed.xml", c.link("/a/deep.html", "Deep"), c.Host.Item("/a/deep-end.html", story), c.publish("/a/ordinary.html"))
	return c
}

// XMLBombs: feeds that define entities by entities, nest depth elements, and name
// a file of the machine and an address of the trap as entities; and a sitemap of
// each kind.
func XMLBombs(s *Site, depth int) *Scenario {
	c := s.open("xml-bombs")
	var laughs strings.Builder
	laughs.WriteString("<?xml version=\"1.0\"?>\n<!DOCTYPE rss [<!ENTITY l0 \"ha\">\n")
	for i := 1; i < 12; i++ {
		fmt.Fprintf(&laughs, "<!ENTITY l%d \"%s\">\n", i, strings.Repeat(fmt.Sprintf("&l%d;", i-1), 10))
	}
	laughs.WriteString("]>\n")
	outside := "<?xml version=\"1.0\"?>\n<!DOCTYPE rss [<!ENTITY file SYSTEM \"file:///etc/passwd\"><!ENTITY net SYSTEM \"http://" + s.trap.addr + "/entity\">]>\n"
	item := func(title string) string {
		return "<rss version=\"2.0\"><channel><title>Courier</title><item><title>" + title + "</title><link>" + c.Host.URL("/a/bomb.html") + "</link></item></channel></rss>"
	}
	c.Host.Publish("/a/bomb.html", s.Next())
	c.Feeds, c.Sitemaps = nil, nil
	feed := func(path, text string) {
		c.Host.Handle(path, XML(text))
		c.Feeds = append(c.Feeds, c.Host.URL(path))
	}
	feed("/laughs.xml", laughs.String()+item("&l11;"))
	feed("/outside.xml", outside+item("&file;&net;"))
	feed("/deep.xml", "<rss version=\"2.0\"><channel><item><title>"+strings.Repeat("<b>", depth))
	feed("/deep-names.xml", "<rss version=\"2.0\" xmlns:x=\"urn:x\"><channel><item>"+strings.Repeat("<x:b>", depth))
	siteMap := func(path, text string) {
		c.Host.Handle(path, XML(text))
		c.Sitemaps = append(c.Sitemaps, c.Host.URL(path))
	}
	siteMap("/laughs-map.xml", strings.Replace(laughs.String(), "rss", "urlset", 1)+"<urlset><url><loc>&l11;</loc></url></urlset>")
	siteMap("/deep-map.xml", "<urlset>"+strings.Repeat("<url>", depth))
	return c
}

// Script is what a hostile text tries to run; a page that runs it has the word
// owned as its title.
const Script = `</title></script><script>document.title='owned'</script><img src=x onerror="document.title='owned'">`

// HostileText: an article whose title, author, text and feed carry markup, script,
// formulas for spreadsheets, escapes for terminals, direction marks, and a title
// of 100 kB.
func HostileText(s *Site) *Scenario {
	c := s.open("hostile-text")
	var items []Item
	for i, title := range HostileTitles() {
		story := s.Next()
		story.Title = title
		story.Author = "Eve " + title[:min(len(title), 60)]
		story.Paragraphs[1] += " The race for artificial intelligence between China and the United States is on, said Mira Osei. " + title[:min(len(title), 200)]
		path := fmt.Sprintf("/a/hostile-%d.html", i)
		c.want(path, story)
		items = append(items, c.Host.Publish(path, story))
	}
	c.Host.Handle("/feed.xml", Body("application/rss+xml; charset=utf-8", RSS("Courier "+Script, items...)))
	return c
}

// HostileTitles are titles that do harm where they are not escaped.
func HostileTitles() []string {
	return []string{
		"AI race " + Script,
		`__f__function(){document.title='owned'}__f__ in the AI race with China`,
		`"><svg onload="document.title='owned'"> and the AI race with China`,
		`=HYPERLINK("http://courier.invalid","AI race with China")`,
		`+1+cmd|' /C calc'!A0 AI race with China`,
		`@SUM(1+1) AI race with China`,
		`-2+3 AI race with China`,
		"AI race \x1b[31mred\x1b[0m \x1b]0;owned\x07 with China",
		"AI race \u202egnihtyna\u202c with China",
		"'); DROP TABLE article; -- the AI race with China",
		"AI race with China " + strings.Repeat("and again ", 10_000),
	}
}
