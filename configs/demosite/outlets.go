package demosite

import (
	"fmt"
	"hash/crc32"
	"html/template"
	"strings"
)

// outlet is a publication: who it is, where it puts things, and its articles.
type outlet struct {
	id, name, country, kind string
	tagline                 string
	feeds, sitemaps         []string // paths
	robots                  string   // with {base} for the outlet's address
	charset                 string   // of its pages; empty for UTF-8
	validators              validators

	templates *template.Template  // "article" and "home"
	articles  []Article           // newest first, before the correction
	revised   map[string]*Article // corrected forms by slug
}

// validators are the headers by which an outlet lets clients ask "has it changed?".
type validators int

const (
	bothValidators validators = iota
	etagOnly
	dateOnly
	noValidators
)

func outlets() []*outlet {
	return []*outlet{{
		id: "calloway", name: "The Calloway Dispatch", country: "US", kind: "news",
		tagline: "News of the river counties and the world",
		feeds:   []string{"/rss.xml"}, sitemaps: []string{"/news-sitemap.xml", "/sitemap.xml"},
		robots: "User-agent: *\nDisallow: /wire-desk/\nDisallow: /search\n\nSitemap: {base}/sitemap.xml\nSitemap: {base}/news-sitemap.xml\n",
	}, {
		id: "weights", name: "Marginal Weights", country: "US", kind: "newsletter",
		tagline: "A letter about machines and the people who buy them",
		feeds:   []string{"/feed"}, validators: etagOnly,
		robots: "User-agent: *\nDisallow: /account\nAllow: /\n",
	}, {
		id: "ashgrove", name: "Ashgrove Institute", country: "US", kind: "think_tank",
		tagline: "Research on technology and statecraft",
		feeds:   []string{"/feed.json"}, sitemaps: []string{"/sitemap.xml"}, validators: dateOnly,
		robots: "# Members’ pages are for members.\nUser-agent: *\nDisallow: /members/\n\nUser-agent: BadBot\nDisallow: /\n",
	}, {
		id: "wexcombe", name: "The Wexcombe Chronicle", country: "GB", kind: "news",
		tagline: "Since 1861, weather permitting",
		feeds:   []string{"/rss"}, sitemaps: []string{"/sitemap.xml"}, charset: "windows-1252",
		robots: "User-agent: *\nDisallow: /search/\nDisallow: /*?print=\n\nSitemap: {base}/sitemap.xml\n",
	}, {
		id: "jadebridge", name: "Jade Bridge Daily", country: "CN", kind: "state_media",
		tagline: "China and the world, every morning",
		feeds:   []string{"/rss/all.xml"}, sitemaps: []string{"/sitemap.xml"}, validators: noValidators,
		robots: "User-agent: *\nAllow: /\nSitemap: {base}/sitemap.xml\n",
	}, {
		id: "fairmile", name: "Fairmile Newswire", country: "US", kind: "press_release",
		tagline: "Announcements as they were announced",
		feeds:   []string{"/rss/news-releases.xml"},
		robots:  "User-agent: *\nDisallow: /login\n",
	}}
}

// pagePath is where an outlet's own habits put an article.
func (o *outlet) pagePath(a Article) string {
	day := a.Published.Format("20060102")
	switch o.id {
	case "calloway":
		if a.Kind == Disallowed {
			return "/wire-desk/" + a.Slug
		}
		return a.Published.Format("/2006/01/02/") + a.Slug + "/"
	case "weights":
		return "/p/" + a.Slug
	case "ashgrove":
		if a.Kind == Disallowed {
			return "/members/" + a.Slug
		}
		return "/publications/" + a.Slug
	case "wexcombe":
		return "/" + strings.ToLower(a.section) + "/" + day + "-" + a.Slug + ".html"
	case "jadebridge":
		return "/a/" + day[:6] + "/" + day[6:] + "/" + a.Slug + ".html"
	default:
		return fmt.Sprintf("/news-releases/%s-%d.html", a.Slug, number(a))
	}
}

// number is the sort of id that a wire gives a release.
func number(a Article) uint32 {
	return 300000000 + crc32.ChecksumIEEE([]byte(a.Slug))%10000000
}

func (o *outlet) pdfPath(a Article) string { return "/files/" + a.Slug + ".pdf" }

func (o *outlet) redirectPath(a Article) string { return fmt.Sprintf("/r/%d", number(a)) }

// feedLink is the address that the outlet's feed gives for an article.
func (o *outlet) feedLink(base string, a Article) string {
	switch {
	case a.redirect:
		return base + o.redirectPath(a)
	case o.id == "calloway":
		return base + a.Path + "?utm_source=rss&utm_medium=feed"
	default:
		return base + a.Path
	}
}

// isListed says whether the outlet's front page and feed show an article; a
// sitemap shows everything, as sitemaps do.
func (a Article) isListed() bool { return a.Kind != Disallowed && a.Kind != Soft404 }
