package feed

import (
	"strings"

	"golang.org/x/net/html"

	"framewatch/crawler/urlnorm"
)

// link adds a possible address of the article.
func (it *item) link(s string) {
	if s = strings.TrimSpace(s); s != "" {
		it.links = append(it.links, s)
	}
}

// permalink takes the identifier for a link where it is an address.
func (it *item) permalink() {
	if strings.HasPrefix(it.guid, "https://") || strings.HasPrefix(it.guid, "http://") {
		it.link(it.guid)
	}
}

// entry makes sense of an item; ok is false if no link can be used.
func (it item) entry(feedURL, language string) (e Entry, ok bool) {
	for _, l := range it.links {
		u, err := urlnorm.Resolve(feedURL, l)
		if err != nil {
			continue
		}
		return Entry{
			URL: u, Found: l, GUID: clip(it.guid, 1000),
			Title: clip(plain(it.title), 1000), Summary: clip(plain(it.summary), 2000),
			Published: it.published.time(feedURL, language), Updated: it.updated.time(feedURL, language),
		}, true
	}
	return Entry{}, false
}

// maxMarkup bounds the text from which a title or summary is taken.
const maxMarkup = 64 << 10

// plain gives the text of a string that may hold markup, white space collapsed.
func plain(s string) string {
	s = s[:min(len(s), maxMarkup)]
	if strings.ContainsAny(s, "<&") {
		s = stripTags(s)
	}
	return strings.ToValidUTF8(strings.Join(strings.Fields(s), " "), "")
}

func stripTags(s string) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(s))
	for skip := ""; ; {
		switch z.Next() {
		case html.ErrorToken:
			return b.String()
		case html.TextToken:
			if skip == "" {
				b.Write(z.Text())
			}
		case html.StartTagToken:
			name, _ := z.TagName()
			switch tag := string(name); tag {
			case "script", "style":
				skip = tag
			case "p", "br", "div", "li", "td", "tr", "h1", "h2", "h3", "blockquote":
				b.WriteByte(' ')
			}
		case html.EndTagToken:
			if name, _ := z.TagName(); string(name) == skip {
				skip = ""
			}
		}
	}
}

// clip cuts a text to n code points.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
