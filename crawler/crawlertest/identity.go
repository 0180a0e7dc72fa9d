package crawlertest

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Variants: one story under addresses that differ in what only tracks the
// reader, as AMP, mobile and print page, and with fragments; and one whose other
// pages name no canonical address and have a headline of their own.
func Variants(s *Site) *Scenario {
	c := s.open("variants")
	h := c.Host
	story := s.Next()
	story.Canonical = h.URL("/a/story.html")
	c.want("/a/story.html", story)
	var items []Item
	for _, path := range []string{
		"/a/story.html", "/a/story.html?utm_source=rss&utm_medium=feed", "/a/story.html?fbclid=Iw4R2", "/a/story.html#top", "/a/story.html#comments",
		"/a/story.amp.html", "/amp/a/story.html", "/a/story.html?amp=1", "/m/a/story.html", "/a/story.html?print=1",
	} {
		items = append(items, h.Item(path, story))
	}
	h.Handle("/a/story.html", HTML(story.HTML()))
	dressed := story
	dressed.Foot = "<p class=\"note\">Lean version</p>"
	for _, path := range []string{"/a/story.amp.html", "/amp/a/story.html", "/m/a/story.html"} {
		h.Handle(path, HTML(dressed.HTML()))
	}
	bare := s.Next()
	c.want("/b/bare.html", bare)
	items = append(items, h.Publish("/b/bare.html", bare))
	bare.Title = "Lean: " + bare.Title
	for _, path := range []string{"/b/bare.amp.html", "/amp/b/bare.html", "/b/bare.html/print"} {
		items = append(items, h.Publish(path, bare))
	}
	h.Feed("/feed.xml", items...)
	return c
}

// SameName: articles that share a guid, and articles that share a title.
func SameName(s *Site) *Scenario {
	c := s.open("same-name")
	a, b := c.publish("/a/guid-1.html"), c.publish("/a/guid-2.html")
	a.GUID, b.GUID = "courier-17", "courier-17"
	items := []Item{a, b}
	for i := range 2 {
		story := s.Next()
		story.Title = "Morning briefing on artificial intelligence, China and the United States"
		path := fmt.Sprintf("/a/briefing-%d.html", i+1)
		c.want(path, story)
		items = append(items, c.Host.Publish(path, story))
	}
	c.Host.Feed("/feed.xml", items...)
	return c
}

// WrongCanonical: pages that claim to be another article, the home page, a page
// of another host, and the trap.
func WrongCanonical(s *Site) *Scenario {
	c := s.open("wrong-canonical")
	h := c.Host
	evil := s.NewHost()
	c.Others = append(c.Others, evil)
	c.Forbidden[evil.addr] = []string{"/"}
	items := []Item{c.publish("/a/true.html")}
	for name, canonical := range map[string]string{
		"other": h.URL("/a/true.html"), "home": h.URL("/"), "evil": evil.URL("/stolen.html"),
		"trap": s.trap.URL("/admin"), "file": "file:///etc/passwd", "script": "javascript:alert(1)", "none-such": h.URL("/a/none-such-page.html"),
	} {
		story := s.Next()
		story.Canonical = canonical
		path := "/a/claims-" + name + ".html"
		c.want(path, story)
		items = append(items, h.Publish(path, story))
	}
	h.Feed("/feed.xml", items...)
	return c
}

// Syndicated: the same story on two sites of two sources, the second with a line
// more. It returns both scenarios.
func Syndicated(s *Site) [2]*Scenario {
	story := s.Next()
	var out [2]*Scenario
	for i := range out {
		c := s.open(fmt.Sprintf("syndicated-%d", i+1))
		if i == 1 {
			story.Paragraphs = append(story.Paragraphs[:len(story.Paragraphs):len(story.Paragraphs)], "This article first appeared in another paper.")
		}
		c.want("/a/copy.html", story)
		c.Host.Feed("/feed.xml", c.Host.Publish("/a/copy.html", story))
		out[i] = c
	}
	return out
}

// Changing: an article whose text changes at stage 1, when the Atom feed gives
// the time of the change, and one that vanishes at stage 1. Stories holds the
// later text of the first.
func Changing(s *Site, changed time.Time) *Scenario {
	c := s.open("changing")
	h := c.Host
	before := s.Next()
	after := before
	after.Updated = changed.UTC().Format(time.RFC3339)
	after.Paragraphs = append([]string{"CORRECTION: the file was sent back to the committee on artificial intelligence, and the talks with China go on."}, before.Paragraphs[1:]...)
	c.want("/a/changes.html", after)
	h.Handle("/a/changes.html", s.Stages(HTML(before.HTML()), HTML(after.HTML())))
	lost := s.Next()
	c.want("/a/vanishes.html", lost)
	h.Handle("/a/vanishes.html", s.Stages(HTML(lost.HTML()), http.NotFound))
	entry := func(path, title, updated string) Item {
		return Item{Title: title, Link: h.URL(path), GUID: h.URL(path), Published: updated}
	}
	feed := func(updated string) Answer {
		return Body("application/atom+xml", Atom("Courier", entry("/a/changes.html", before.Title, updated), entry("/a/vanishes.html", lost.Title, updated)))
	}
	h.Handle("/feed.xml", s.Stages(feed("2025-03-01T10:00:00Z"), feed(after.Updated)))
	return c
}

// OddDates: stories by what is odd about their dates, which is also the name of
// their page. The feed says nothing of dates.
func OddDates(s *Site) *Scenario {
	c := s.open("odd-dates")
	var items []Item
	for _, d := range []struct{ name, published, updated, head string }{
		{"future", "2099-05-05T08:00:00Z", "", ""},
		{"missing", "", "", ""},
		{"epoch", "1970-01-01T00:00:00Z", "", ""},
		{"offset", "2025-03-01T00:30:00+08:00", "", ""},
		{"reversed", "2025-03-05T08:00:00Z", "2025-03-01T08:00:00Z", ""},
		{"contradictory", "2025-02-10T08:00:00Z", "", "<meta property=\"article:published_time\" content=\"2024-11-20T08:00:00Z\">\n"},
		{"nonsense", "yesterday-ish", "", ""},
	} {
		story := s.Next()
		story.Published, story.Updated, story.Head = d.published, d.updated, d.head
		path := "/a/dated-" + d.name + ".html"
		c.want(path, story)
		it := c.Host.Publish(path, story)
		it.Published = ""
		items = append(items, it)
	}
	c.Host.Feed("/feed.xml", items...)
	return c
}

// ManyItems: a feed of n items. All answer with stories made as they are asked for.
func ManyItems(s *Site, n int) *Scenario {
	c := s.open("many-items")
	items := make([]Item, n)
	for i := range items {
		items[i] = c.link(fmt.Sprintf("/n/%d.html", i), NewStory(i).Title)
	}
	c.Host.Handle("/n/*", Numbered())
	c.Host.Feed("/feed.xml", items...)
	return c
}

// ManyURLs: a sitemap of n addresses.
func ManyURLs(s *Site, n int) *Scenario {
	c := s.open("many-urls")
	urls := make([]string, n)
	for i := range urls {
		urls[i] = c.Host.URL(fmt.Sprintf("/n/%d.html", i))
	}
	c.Host.Handle("/n/*", Numbered())
	c.Host.Handle("/sitemap.xml", XML(Sitemap(urls...)))
	c.Feeds, c.Sitemaps = nil, []string{c.Host.URL("/sitemap.xml")}
	return c
}

// Numbered answers /…/17.html with story 17.
func Numbered() Answer {
	return func(w http.ResponseWriter, r *http.Request) {
		var n int
		if _, err := fmt.Sscanf(r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:], "%d.html", &n); err != nil {
			http.NotFound(w, r)
			return
		}
		HTML(NewStory(n).HTML())(w, r)
	}
}

// SlidingWindow: a feed that shows the newest size of its stories and gets step
// new ones with each stage. Stories holds those of all stages.
func SlidingWindow(s *Site, size, step, stages int) *Scenario {
	c := s.open("sliding-window")
	items := c.publishMany("/a/item", size+step*(stages-1))
	answers := make([]Answer, stages)
	for i := range answers {
		answers[i] = XML(RSS("Courier", items[i*step:i*step+size]...))
	}
	c.Host.Handle("/feed.xml", s.Stages(answers...))
	return c
}

// ForeverUnchanged: a feed that answers 304 to every conditional request, though
// it has a story more at stage 1.
func ForeverUnchanged(s *Site) *Scenario {
	c := s.open("forever-unchanged")
	items := c.publishMany("/a/item", 2)
	c.Host.Handle("/feed.xml", WithETag(`"always"`, s.Stages(XML(RSS("Courier", items[0])), XML(RSS("Courier", items...)))))
	return c
}
