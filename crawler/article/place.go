package article

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// placeOf reads what an element says of itself: surely, by its tag, role and
// attributes, and perhaps, by the words in its class and id.
func placeOf(n *html.Node) (sure, named place) {
	sure = placeOfTag(n.DataAtom)
	for _, a := range n.Attr {
		switch a.Key {
		case "class", "id":
			named |= placeOfName(a.Val)
		case "role":
			sure |= placeOfRole(a.Val)
		case "itemprop":
			switch {
			case strings.EqualFold(a.Val, "articleBody"):
				sure |= inBody
			case strings.EqualFold(a.Val, "author"), strings.HasPrefix(a.Val, "date"):
				sure |= inByline
			}
		case "hidden":
			sure |= isHidden
		case "style":
			if s := strings.ReplaceAll(a.Val, " ", ""); strings.Contains(s, "display:none") || strings.Contains(s, "visibility:hidden") {
				sure |= isHidden
			}
		}
	}
	return sure, named
}

func placeOfRole(role string) place {
	switch role {
	case "navigation", "complementary", "contentinfo", "dialog", "alertdialog", "menu", "search", "banner":
		return inSide
	case "article", "main":
		return inBody
	}
	return 0
}

func placeOfTag(a atom.Atom) place {
	switch a {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return inHeading
	case atom.Li, atom.Ul, atom.Ol, atom.Dl:
		return inList
	case atom.Table, atom.Td, atom.Th:
		return inTable
	case atom.Blockquote:
		return inQuote
	case atom.Figure, atom.Figcaption, atom.Caption:
		return inCaption
	case atom.Header:
		return inHeader
	case atom.Nav, atom.Aside, atom.Footer, atom.Form, atom.Dialog, atom.Menu:
		return inSide
	case atom.Article, atom.Main:
		return inBody
	case atom.Address, atom.Time:
		return inByline
	}
	return 0
}

// placeNames lists words of class names and ids and what they stand for. A
// word counts where it begins a part of the name: "related-links", "storyRelated".
func placeNames(word string) place {
	switch word {
	case "related", "recommended", "recommendation", "recommendations", "recirc", "recirculation", "newsletter", "newsletters",
		"signup", "subscribe", "subscription", "promo", "promos", "promotion", "teaser", "teasers", "share", "sharing", "sharedaddy", "social",
		"sponsor", "sponsored", "advert", "advertisement", "advertising", "ad", "ads", "taboola", "outbrain", "trending",
		"popular", "readmore", "readnext", "upnext", "more", "widget", "cta", "donate", "donation", "banner", "cookie", "cookies", "consent",
		"gdpr", "popup", "modal", "breadcrumb", "breadcrumbs", "pagination", "tags", "taglist", "topics", "syndication", "toolbar", "print",
		"jp", "nav", "navigation", "menu", "sidebar", "footer", "mostread", "latest", "disclaimer", "copyright", "paywall", "regwall":
		return inPromo
	case "comment", "comments", "reply", "replies", "responses", "talkback", "disqus", "commentlist", "respond", "livefyre", "coral":
		return inComment
	case "byline", "author", "authors", "authorname", "bio", "dateline", "timestamp", "pubdate", "publishdate", "contributor",
		"credit", "credits", "contributors", "meta", "postmeta", "published", "date", "time", "pubtime", "posted":
		return inByline
	case "caption", "figcaption", "imagecaption", "photo", "gallery", "slideshow":
		return inCaption
	case "articlebody", "storybody", "entrycontent", "postcontent", "articlecontent", "storycontent", "articletext", "bodytext", "postbody":
		return inBody
	}
	return 0
}

// placeOfName splits a class or id into words and their neighbors' joins.
func placeOfName(name string) place {
	var p place
	prev, author := "", false
	for _, w := range nameWords(name) {
		p |= placeNames(w)
		if prev != "" {
			p |= placeNames(prev + w)
		}
		prev = w
		author = author || w == "author" || w == "authors" || w == "byline"
	}
	if author {
		p &^= inPromo // "author_share" is the author's line, with buttons
	}
	return p
}

// nameWords cuts "storyBody related_links" into lower-case words.
func nameWords(s string) []string {
	var out []string
	start := -1
	cut := func(end int) {
		if start >= 0 && end > start {
			out = append(out, strings.ToLower(s[start:end]))
		}
		start = -1
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		upper := c >= 'A' && c <= 'Z'
		letter := upper || c >= 'a' && c <= 'z' || c >= 0x80
		switch {
		case !letter:
			cut(i)
		case start < 0:
			start = i
		case upper && s[i-1] >= 'a' && s[i-1] <= 'z':
			cut(i)
			start = i
		}
	}
	cut(len(s))
	return out
}
