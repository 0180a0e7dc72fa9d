package crawlertest

import (
	"fmt"
	"net/http"
	"strings"
)

// Sitemaps: an index that holds itself, a sound sitemap, two more by which
// indexes lead to each other, one that is missing, a web page, a compressed one,
// a cut one, a plain text, and a chain of indexes depth deep.
func Sitemaps(s *Site, depth int) *Scenario {
	c := s.open("sitemaps")
	h := c.Host
	c.Feeds, c.Sitemaps = nil, []string{h.URL("/index.xml")}
	page := func(name string) string {
		c.publish("/a/" + name + ".html")
		return h.URL("/a/" + name + ".html")
	}
	h.Handle("/index.xml", XML(SitemapIndex(h.URL("/index.xml"), h.URL("/good.xml"), h.URL("/ping.xml"), h.URL("/missing.xml"), h.URL("/page.xml"),
		h.URL("/packed.xml.gz"), h.URL("/cut.xml"), h.URL("/list.txt"), h.URL("/deep-0.xml"))))
	h.Handle("/good.xml", XML(Sitemap(page("good-1"), page("good-2"))))
	h.Handle("/ping.xml", XML(SitemapIndex(h.URL("/pong.xml"))))
	h.Handle("/pong.xml", XML(SitemapIndex(h.URL("/ping.xml"), h.URL("/good.xml"))))
	h.Handle("/missing.xml", http.NotFound)
	h.Handle("/page.xml", HTML("<!doctype html><html><head><title>Site map</title></head><body><a href=\"/a/good-1.html\">Good</a></body></html>"))
	h.Handle("/packed.xml.gz", Body("application/gzip", string(Gzip(Sitemap(page("packed-1"), page("packed-2"))))))
	cut := Sitemap(page("cut-1"), page("cut-2"), h.URL("/a/lost.html"))
	h.Handle("/cut.xml", XML(cut[:strings.Index(cut, "/a/lost.html")+3]))
	h.Handle("/list.txt", Body("text/plain", page("text-1")+"\r\n"+page("text-2")+"\r\n\r\nnot an address\r\n"))
	for i := range depth {
		h.Handle(fmt.Sprintf("/deep-%d.xml", i), XML(SitemapIndex(h.URL(fmt.Sprintf("/deep-%d.xml", i+1)))))
	}
	h.Handle(fmt.Sprintf("/deep-%d.xml", depth), XML(Sitemap(h.URL("/a/too-deep.html"))))
	return c
}

// CutGzipSitemap: a compressed sitemap that ends in the middle.
func CutGzipSitemap(s *Site) *Scenario {
	c := s.open("cut-gzip-sitemap")
	urls := make([]string, 60)
	for i := range urls {
		urls[i] = c.Host.URL(fmt.Sprintf("/n/%d.html", i))
	}
	c.Host.Handle("/n/*", Numbered())
	data := Gzip(Sitemap(urls...))
	c.Host.Handle("/sitemap.xml.gz", Body("application/gzip", string(data[:len(data)/2])))
	c.Feeds, c.Sitemaps = nil, []string{c.Host.URL("/sitemap.xml.gz")}
	return c
}

// SitemapElsewhere: a sitemap and an index that name pages and sitemaps of
// another host, of the trap, and of addresses inside the network.
func SitemapElsewhere(s *Site) *Scenario {
	c := s.open("sitemap-elsewhere")
	h := c.Host
	there := s.NewHost()
	c.Others = append(c.Others, there)
	c.Forbidden[there.addr] = []string{"/"}
	c.publish("/a/own.html")
	c.Feeds, c.Sitemaps = nil, []string{h.URL("/index.xml")}
	h.Handle("/index.xml", XML(SitemapIndex(h.URL("/own.xml"), there.URL("/sitemap.xml"), s.trap.URL("/sitemap.xml"))))
	h.Handle("/own.xml", XML(Sitemap(h.URL("/a/own.html"), there.URL("/a/there.html"), s.trap.URL("/a/trap.html"), "http://10.0.0.1/a", "http://169.254.169.254/latest/meta-data/", "http://localhost/a", "http://metadata.google.internal/")))
	return c
}

// ForgedAddresses: a feed whose links name the trap, or other places that are not
// the web, in every spelling we know; redirects to it; and an ordinary story. The
// source names no domains, so that nothing but the address guard is in the way.
func ForgedAddresses(s *Site) *Scenario {
	c := s.open("forged-addresses")
	c.Domains = nil
	var items []Item
	for i, u := range s.TrapSpellings() {
		items = append(items, Item{Title: fmt.Sprintf("Spelling %d of an address inside", i), Link: u, GUID: fmt.Sprintf("spelling-%d", i)})
		path := fmt.Sprintf("/a/leads-inside-%d.html", i)
		c.Host.Handle(path, Redirect(u))
		items = append(items, c.link(path, "Redirect inside"))
	}
	c.Host.Feed("/feed.xml", append(items, c.publish("/a/ordinary.html"))...)
	return c
}

// TrapSpellings are addresses that a crawler must not contact.
func (s *Site) TrapSpellings() []string {
	p := s.trap.Port()
	return []string{
		"http://127.0.0.9:" + p + "/x",
		"http://127.0.0.9:" + p + "/x?utm_source=rss#f",
		"HTTP://127.0.0.9:" + p + "/x",
		"http://2130706441:" + p + "/x",
		"http://0x7f000009:" + p + "/x",
		"http://017700000011:" + p + "/x",
		"http://0x7f.0.0.9:" + p + "/x",
		"http://0177.0.0.011:" + p + "/x",
		"http://127.9:" + p + "/x",
		"http://127.0.9:" + p + "/x",
		"http://127.0.0.9.:" + p + "/x",
		"http://127.000.000.009:" + p + "/x",
		"http://%31%32%37.0.0.9:" + p + "/x",
		"http://１２７.0.0.9:" + p + "/x",
		"http://①②⑦.0.0.9:" + p + "/x",
		"http://127。0。0。9:" + p + "/x",
		"http://[::ffff:127.0.0.9]:" + p + "/x",
		"http://[::ffff:7f00:9]:" + p + "/x",
		"http://[0:0:0:0:0:ffff:127.0.0.9]:" + p + "/x",
		"http://[::127.0.0.9]:" + p + "/x",
		"http://[64:ff9b::127.0.0.9]:" + p + "/x",
		"http://[2002:7f00:9::]:" + p + "/x",
		"http://courier.example@127.0.0.9:" + p + "/x",
		"http://courier.example:80@127.0.0.9:" + p + "/x",
		"http:\\\\127.0.0.9:" + p + "\\x",
		"http:/127.0.0.9:" + p + "/x",
		"//127.0.0.9:" + p + "/x",
		"ht\ntp://127.0.0.9:" + p + "/x",
		" http://127.0.0.9:" + p + "/x ",
		"http://localhost:" + p + "/x",
		"http://0.0.0.0:" + p + "/x",
		"http://0:" + p + "/x",
		"http://[::]:" + p + "/x",
		"http://[::1]:" + p + "/x",
		"https://127.0.0.9:" + p + "/x",
		"ftp://127.0.0.9:" + p + "/x",
		"gopher://127.0.0.9:" + p + "/x",
		"ws://127.0.0.9:" + p + "/x",
		"file:///etc/passwd",
		"data:text/html,<p>inside</p>",
		"javascript:alert(1)",
		"http://169.254.169.254/latest/meta-data/",
		"http://100.100.100.200/latest/meta-data/",
	}
}

// EndlessPager: a sitemap index without end, each of whose sitemaps names two
// pages and the next one; and pages whose addresses carry a session.
func EndlessPager(s *Site) *Scenario {
	c := s.open("endless-pager")
	h := c.Host
	c.Feeds, c.Sitemaps = nil, []string{h.URL("/map/0.xml")}
	h.Handle("/map/*", func(w http.ResponseWriter, r *http.Request) {
		var n int
		fmt.Sscanf(r.URL.Path, "/map/%d.xml", &n)
		XML(SitemapIndex(h.URL(fmt.Sprintf("/map/%d.xml", 2*n+1)), h.URL(fmt.Sprintf("/map/%d.xml", 2*n+2))))(w, r)
	})
	return c
}

// Sessions: a feed that names its two stories under other addresses each time
// it is asked, since a session is part of them.
func Sessions(s *Site) *Scenario {
	c := s.open("sessions")
	h := c.Host
	stories := []Story{s.Next(), s.Next()}
	for i, story := range stories {
		c.want(fmt.Sprintf("/a/story-%d.html", i), story)
		h.Handle(fmt.Sprintf("/a/story-%d.html", i), HTML(story.HTML()))
		h.Handle(fmt.Sprintf("/a/story-%d.html;jsessionid=*", i), HTML(story.HTML()))
	}
	var asked int
	h.Handle("/feed.xml", func(w http.ResponseWriter, r *http.Request) {
		c.site.mu.Lock()
		asked++
		n := asked
		c.site.mu.Unlock()
		var items []Item
		for i, story := range stories {
			items = append(items,
				h.Item(fmt.Sprintf("/a/story-%d.html?PHPSESSID=%032x", i, n), story),
				h.Item(fmt.Sprintf("/a/story-%d.html;jsessionid=%X.node%d", i, n*7919, n), story))
		}
		XML(RSS("Courier", items...))(w, r)
	})
	return c
}
