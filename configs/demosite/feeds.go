package demosite

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// document renders a feed or sitemap from the outlet's articles, newest first.
type document func(base string, list []Article, modified time.Time) (contentType string, body []byte, err error)

// documents are an outlet's feeds and sitemaps by path.
func (o *outlet) documents() map[string]document {
	switch o.id {
	case "calloway":
		return map[string]document{
			"/rss.xml":          o.rss(rssStyle{limit: 10, date: time.RFC1123Z}),
			"/news-sitemap.xml": o.newsSitemap,
			"/sitemap.xml":      o.sitemap(time.RFC3339),
		}
	case "weights":
		return map[string]document{"/feed": o.atom}
	case "ashgrove":
		docs := map[string]document{"/feed.json": o.jsonFeed, "/sitemap.xml": o.sitemapIndex}
		for _, year := range years(o.articles) {
			docs[yearSitemap(year)] = o.sitemapOf(year)
		}
		return docs
	case "wexcombe":
		return map[string]document{
			"/rss":         o.rss(rssStyle{limit: 8, dublinCore: true}),
			"/sitemap.xml": o.sitemap(time.DateOnly),
		}
	case "jadebridge":
		return map[string]document{
			"/rss/all.xml": o.rss(rssStyle{limit: 12, date: time.DateTime}),
			"/sitemap.xml": o.sitemap(time.RFC3339),
		}
	default:
		return map[string]document{"/rss/news-releases.xml": o.rss(rssStyle{limit: 100, date: time.RFC1123})}
	}
}

// listed returns at most limit articles that the outlet shows in lists.
func listed(list []Article, limit int) []Article {
	shown := make([]Article, 0, len(list))
	for _, a := range list {
		if a.isListed() && len(shown) < limit {
			shown = append(shown, a)
		}
	}
	return shown
}

// rssStyle is how an outlet's RSS differs from the others'.
type rssStyle struct {
	limit      int
	date       string // layout of pubDate; one outlet's is not the standard's
	dublinCore bool   // dc:date in place of pubDate
}

type rssFile struct {
	XMLName xml.Name `xml:"rss"`
	Version string   `xml:"version,attr"`
	Atom    string   `xml:"xmlns:atom,attr"`
	DC      string   `xml:"xmlns:dc,attr"`
	Channel struct {
		Title       string    `xml:"title"`
		Link        string    `xml:"link"`
		Description string    `xml:"description"`
		Built       string    `xml:"lastBuildDate"`
		Items       []rssItem `xml:"item"`
	} `xml:"channel"`
}

type rssItem struct {
	Title       string `xml:"title"`
	Link        string `xml:"link"`
	GUID        string `xml:"guid"`
	Creator     string `xml:"dc:creator"`
	PubDate     string `xml:"pubDate,omitempty"`
	Date        string `xml:"dc:date,omitempty"`
	Updated     string `xml:"atom:updated,omitempty"`
	Description string `xml:"description"`
}

func (o *outlet) rss(style rssStyle) document {
	return func(base string, list []Article, modified time.Time) (string, []byte, error) {
		f := rssFile{Version: "2.0", Atom: "http://www.w3.org/2005/Atom", DC: "http://purl.org/dc/elements/1.1/"}
		f.Channel.Title, f.Channel.Description, f.Channel.Link = o.name, o.tagline, base+"/"
		f.Channel.Built = modified.Format(time.RFC1123Z)
		for _, a := range listed(list, style.limit) {
			item := rssItem{Title: a.Title, Link: o.feedLink(base, a), GUID: base + a.Path, Creator: a.Author, Description: a.summary()}
			if style.dublinCore {
				item.Date = a.Published.Format(time.RFC3339)
			} else {
				item.PubDate = a.Published.Format(style.date)
			}
			if !a.Updated.IsZero() {
				item.Updated = a.Updated.Format(time.RFC3339)
			}
			f.Channel.Items = append(f.Channel.Items, item)
		}
		return encodeXML("application/rss+xml; charset=utf-8", f)
	}
}

type atomFile struct {
	XMLName  xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Title    string      `xml:"title"`
	Subtitle string      `xml:"subtitle"`
	ID       string      `xml:"id"`
	Updated  string      `xml:"updated"`
	Entries  []atomEntry `xml:"entry"`
}

type atomEntry struct {
	Title string `xml:"title"`
	ID    string `xml:"id"`
	Link  struct {
		Rel  string `xml:"rel,attr"`
		Href string `xml:"href,attr"`
	} `xml:"link"`
	Author    string `xml:"author>name"`
	Published string `xml:"published"`
	Updated   string `xml:"updated"`
	Summary   string `xml:"summary"`
}

func (o *outlet) atom(base string, list []Article, modified time.Time) (string, []byte, error) {
	f := atomFile{Title: o.name, Subtitle: o.tagline, ID: base + "/", Updated: modified.Format(time.RFC3339)}
	for _, a := range listed(list, 100) {
		e := atomEntry{
			Title: a.Title, ID: base + a.Path, Author: a.Author, Summary: a.summary(),
			Published: a.Published.Format(time.RFC3339), Updated: a.modified().Format(time.RFC3339),
		}
		e.Link.Rel, e.Link.Href = "alternate", o.feedLink(base, a)
		f.Entries = append(f.Entries, e)
	}
	return encodeXML("application/atom+xml; charset=utf-8", f)
}

type jsonFeedFile struct {
	Version string         `json:"version"`
	Title   string         `json:"title"`
	Home    string         `json:"home_page_url"`
	Feed    string         `json:"feed_url"`
	Items   []jsonFeedItem `json:"items"`
}

type jsonFeedItem struct {
	ID        string              `json:"id"`
	URL       string              `json:"url"`
	Title     string              `json:"title"`
	Summary   string              `json:"summary"`
	Published string              `json:"date_published"`
	Authors   []map[string]string `json:"authors"`
}

func (o *outlet) jsonFeed(base string, list []Article, _ time.Time) (string, []byte, error) {
	f := jsonFeedFile{Version: "https://jsonfeed.org/version/1.1", Title: o.name, Home: base + "/", Feed: base + "/feed.json"}
	for _, a := range listed(list, 10) {
		f.Items = append(f.Items, jsonFeedItem{
			ID: base + a.Path, URL: o.feedLink(base, a), Title: a.Title, Summary: a.summary(),
			Published: a.Published.Format(time.RFC3339), Authors: []map[string]string{{"name": a.Author}},
		})
	}
	body, err := json.MarshalIndent(f, "", "  ")
	return "application/feed+json; charset=utf-8", body, err
}

type urlSet struct {
	XMLName xml.Name   `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	News    string     `xml:"xmlns:news,attr,omitempty"`
	URLs    []urlEntry `xml:"url"`
}

type urlEntry struct {
	Loc     string     `xml:"loc"`
	LastMod string     `xml:"lastmod,omitempty"`
	News    *newsEntry `xml:"news:news"`
}

type newsEntry struct {
	Name     string `xml:"news:publication>news:name"`
	Language string `xml:"news:publication>news:language"`
	Date     string `xml:"news:publication_date"`
	Title    string `xml:"news:title"`
}

// sitemap lists every page of the outlet, also those that nobody is to see.
func (o *outlet) sitemap(layout string) document {
	return func(base string, list []Article, _ time.Time) (string, []byte, error) {
		var f urlSet
		for _, a := range list {
			f.URLs = append(f.URLs, urlEntry{Loc: base + a.Path, LastMod: a.modified().Format(layout)})
			if a.pdf {
				f.URLs = append(f.URLs, urlEntry{Loc: base + o.pdfPath(a), LastMod: a.modified().Format(layout)})
			}
		}
		return encodeXML("application/xml", f)
	}
}

func (o *outlet) newsSitemap(base string, list []Article, _ time.Time) (string, []byte, error) {
	f := urlSet{News: "http://www.google.com/schemas/sitemap-news/0.9"}
	for _, a := range listed(list, 5) {
		f.URLs = append(f.URLs, urlEntry{
			Loc: base + a.Path, LastMod: a.modified().Format(time.RFC3339),
			News: &newsEntry{Name: o.name, Language: "en", Date: a.Published.Format(time.RFC3339), Title: a.Title},
		})
	}
	return encodeXML("application/xml", f)
}

type sitemapIndexFile struct {
	XMLName  xml.Name   `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 sitemapindex"`
	Sitemaps []urlEntry `xml:"sitemap"`
}

func (o *outlet) sitemapIndex(base string, list []Article, _ time.Time) (string, []byte, error) {
	var f sitemapIndexFile
	for _, year := range years(list) {
		f.Sitemaps = append(f.Sitemaps, urlEntry{Loc: base + yearSitemap(year)})
	}
	return encodeXML("application/xml", f)
}

// gzipYear is the year whose part of the archive is kept compressed.
const gzipYear = 2023

func yearSitemap(year int) string {
	path := "/sitemaps/" + strconv.Itoa(year) + ".xml"
	if year == gzipYear {
		path += ".gz"
	}
	return path
}

func (o *outlet) sitemapOf(year int) document {
	return func(base string, list []Article, modified time.Time) (string, []byte, error) {
		list = slices.DeleteFunc(slices.Clone(list), func(a Article) bool { return a.Published.Year() != year })
		contentType, body, err := o.sitemap(time.DateOnly)(base, list, modified)
		if err != nil || year != gzipYear {
			return contentType, body, err
		}
		var packed bytes.Buffer
		z := gzip.NewWriter(&packed)
		if _, err := z.Write(body); err != nil {
			return "", nil, err
		}
		if err := z.Close(); err != nil {
			return "", nil, err
		}
		return "application/gzip", packed.Bytes(), nil
	}
}

// years are those in which the articles appeared, in order.
func years(list []Article) []int {
	var all []int
	for _, a := range list {
		if y := a.Published.Year(); !slices.Contains(all, y) {
			all = append(all, y)
		}
	}
	slices.Sort(all)
	return all
}

func encodeXML(contentType string, v any) (string, []byte, error) {
	body, err := xml.MarshalIndent(v, "", "  ")
	if err != nil {
		return "", nil, fmt.Errorf("encode %T: %w", v, err)
	}
	return contentType, append([]byte(xml.Header), body...), nil
}
