package crawlertest

import (
	"fmt"
	"html"
	"strings"
	"time"
)

// Item is an entry of a feed.
type Item struct {
	Title, Link, GUID, Published, Description string // empty fields are left out
}

// RSS writes an RSS 2.0 feed. Links and dates go in as they are, sound or not.
func RSS(title string, items ...Item) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\"><channel><title>%s</title><description>Texts made up for tests</description>\n", html.EscapeString(title))
	for _, it := range items {
		b.WriteString("<item>")
		for _, f := range []struct{ name, value string }{
			{"title", it.Title}, {"link", it.Link}, {"guid", it.GUID}, {"pubDate", it.Published}, {"description", it.Description},
		} {
			if f.value != "" {
				fmt.Fprintf(&b, "<%s>%s</%s>", f.name, html.EscapeString(f.value), f.name)
			}
		}
		b.WriteString("</item>\n")
	}
	b.WriteString("</channel></rss>\n")
	return b.String()
}

// Atom writes an Atom feed.
func Atom(title string, items ...Item) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>%s</title><id>urn:test:%s</id><updated>2025-06-01T00:00:00Z</updated>\n", html.EscapeString(title), html.EscapeString(title))
	for _, it := range items {
		fmt.Fprintf(&b, "<entry><title>%s</title><link href=\"%s\"/><id>%s</id><updated>%s</updated></entry>\n",
			html.EscapeString(it.Title), html.EscapeString(it.Link), html.EscapeString(it.GUID), html.EscapeString(it.Published))
	}
	b.WriteString("</feed>\n")
	return b.String()
}

// Sitemap writes a sitemap of the addresses.
func Sitemap(urls ...string) string { return sitemap("urlset", "url", urls) }

// SitemapIndex writes an index of sitemaps.
func SitemapIndex(sitemaps ...string) string { return sitemap("sitemapindex", "sitemap", sitemaps) }

func sitemap(root, entry string, urls []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<%s xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n", root)
	for _, u := range urls {
		fmt.Fprintf(&b, "<%s><loc>%s</loc></%s>\n", entry, html.EscapeString(u), entry)
	}
	fmt.Fprintf(&b, "</%s>\n", root)
	return b.String()
}

// Publish lays the story out under the path and returns its feed item.
func (h *Host) Publish(path string, s Story) Item {
	h.Handle(path, HTML(s.HTML()))
	return h.Item(path, s)
}

// Item is the entry of a feed for a story under a path of the host.
func (h *Host) Item(path string, s Story) Item {
	it := Item{Title: s.Title, Link: h.URL(path), GUID: h.URL(path)}
	if t, err := time.Parse(time.RFC3339, s.Published); err == nil {
		it.Published = t.Format(time.RFC1123Z)
	}
	return it
}

// Feed answers a path with an RSS feed of the items.
func (h *Host) Feed(path string, items ...Item) {
	h.Handle(path, Body("application/rss+xml; charset=utf-8", RSS("The Loopback Courier "+h.Port(), items...)))
}
