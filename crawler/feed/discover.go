package feed

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"

	"framewatch/crawler/urlnorm"
)

// A Link is a feed or sitemap that a page announces.
type Link struct {
	URL   string // canonical
	Kind  string // "feed" or "sitemap"
	Title string // as the page calls it, may be empty
}

// maxDiscover is how much of a page is searched for announcements.
const maxDiscover = 2 << 20

// Discover returns the feeds and sitemaps that the link elements of a page
// announce, in the order of the page and each once. PageURL is where the page
// came from; the page's own base element changes what relative links mean.
func Discover(pageURL string, page []byte) []Link {
	var out []Link
	base := pageURL
	known := map[string]bool{}
	z := html.NewTokenizer(bytes.NewReader(page[:min(len(page), maxDiscover)]))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return out
		case html.StartTagToken, html.SelfClosingTagToken:
		default:
			continue
		}
		name, more := z.TagName()
		if !more || string(name) != "link" && string(name) != "base" {
			continue
		}
		attr := attributes(z)
		if string(name) == "base" {
			if u, err := urlnorm.Resolve(pageURL, attr["href"]); err == nil && base == pageURL {
				base = u
			}
			continue
		}
		kind := announced(attr)
		u, err := urlnorm.Resolve(base, attr["href"])
		if kind == "" || attr["href"] == "" || err != nil || known[u] {
			continue
		}
		known[u] = true
		out = append(out, Link{URL: u, Kind: kind, Title: clip(plain(attr["title"]), 200)})
	}
}

// announced tells what a link element points to.
func announced(attr map[string]string) string {
	rels := strings.Fields(strings.ToLower(attr["rel"]))
	typ, _, _ := strings.Cut(strings.ToLower(attr["type"]), ";")
	for _, rel := range rels {
		switch rel {
		case "sitemap":
			return "sitemap"
		case "alternate", "feed":
			switch strings.TrimSpace(typ) {
			case "application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml":
				return "feed"
			}
		}
	}
	return ""
}

func attributes(z *html.Tokenizer) map[string]string {
	attr := map[string]string{}
	for {
		key, val, more := z.TagAttr()
		if _, ok := attr[string(key)]; !ok {
			attr[string(key)] = string(val)
		}
		if !more {
			return attr
		}
	}
}
