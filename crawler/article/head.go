package article

import (
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// facts is what a page states about itself outside of its running text.
type facts struct {
	meta      map[string][]string // name, property or itemprop in lower case → contents in order
	linked    linked
	scripts   []string // JSON-LD sources
	titleTag  string
	canonical string
	lang      string // html lang
	headings  []spot // h1 elements
	times     []spot // time elements and those with an itemprop of a date
	bylines   []spot // elements that name authors
	near      []spot // short texts with a year in them
	elements  int
	scriptLen int  // bytes in script elements
	linkedLen int  // of these, in JSON-LD
	root      bool // an empty mount point of a script application was met
}

// Bounds on what is read of a page's statements, far above what honest pages
// make.
const (
	maxFact   = 1000    // code points of a title or meta element
	maxSpots  = 200     // headings, times and bylines each
	maxLinked = 2 << 20 // bytes of JSON-LD
)

// spot is an element of the page worth a second look.
type spot struct {
	node  *html.Node
	text  string
	at    int   // running number of the element
	place place // of the element and those around it
	rank  int   // how plainly it says what it is; lower is plainer
}

// readFacts walks the page once, before anything is cut from it.
func readFacts(doc *html.Node) facts {
	f := facts{meta: map[string][]string{}}
	f.walk(doc, 0)
	f.linked = readLinked(f.scripts)
	return f
}

func (f *facts) walk(n *html.Node, where place) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode {
			if c.Type == html.DocumentNode {
				f.walk(c, where)
			}
			continue
		}
		f.elements++
		sure, named := placeOf(c)
		here := where | sure | named&(inComment|inPromo)
		if c.DataAtom == atom.Body || c.DataAtom == atom.Html {
			here = 0 // "has-comments", "no-sidebar": settings, not places
		}
		if f.element(c, here, named) {
			f.walk(c, here)
		}
	}
}

// element notes c and tells whether to look inside it.
func (f *facts) element(c *html.Node, here, named place) bool {
	switch c.DataAtom {
	case atom.Html:
		f.lang = attr(c, "lang")
	case atom.Svg, atom.Style:
		return false
	case atom.Title:
		if f.titleTag == "" {
			f.titleTag = fold(clip(rawText(c), maxFact))
		}
		return false
	case atom.Meta:
		f.addMeta(c)
	case atom.Link:
		if f.canonical == "" && strings.EqualFold(strings.TrimSpace(attr(c, "rel")), "canonical") {
			f.canonical = strings.TrimSpace(attr(c, "href"))
		}
	case atom.Script:
		s := rawText(c)
		f.scriptLen += len(s)
		if strings.Contains(strings.ToLower(attr(c, "type")), "ld+json") {
			if f.linkedLen += len(s); f.linkedLen <= maxLinked {
				f.scripts = append(f.scripts, s)
			}
		}
		return false
	case atom.H1:
		if len(f.headings) < maxSpots {
			f.headings = append(f.headings, spot{node: c, text: clip(headingText(c), maxFact), at: f.elements, place: here})
		}
	case atom.Time:
		f.addTime(spot{node: c, at: f.elements, place: here})
	}
	f.named(c, here, named)
	f.addNear(c, here)
	return true
}

// addNear notes an element whose own text is short and holds a year.
func (f *facts) addNear(c *html.Node, here place) {
	if len(f.headings) == 0 || len(f.near) >= maxSpots || here&(inSide|inComment|inPromo|isHidden) != 0 {
		return
	}
	for k := c.FirstChild; k != nil; k = k.NextSibling {
		if k.Type == html.TextNode && len(k.Data) < 200 && rxYear.MatchString(k.Data) {
			f.near = append(f.near, spot{text: fold(k.Data), at: f.elements})
		}
	}
}

var rxYear = regexp.MustCompile(`\b(?:19|20)\d\d\b`)

func (f *facts) addTime(s spot) {
	if len(f.times) < maxSpots {
		f.times = append(f.times, s)
	}
}

// named notes elements whose attributes say date or author.
func (f *facts) named(c *html.Node, here, named place) {
	prop, rel := strings.ToLower(attr(c, "itemprop")), strings.ToLower(attr(c, "rel"))
	if strings.HasPrefix(prop, "date") && c.DataAtom != atom.Time && c.DataAtom != atom.Meta {
		f.addTime(spot{node: c, at: f.elements, place: here})
	}
	if named&inByline != 0 && c.DataAtom != atom.Time && isDateName(attr(c, "class")+" "+attr(c, "id")) {
		f.addTime(spot{node: c, at: f.elements, place: here, rank: 1})
	}
	rank := 0
	switch {
	case strings.Contains(prop, "author") || prop == "creator" || strings.Contains(rel, "author"):
		rank = 1
	case named&inByline != 0 && bylineName(attr(c, "class")+" "+attr(c, "id")):
		rank = 2
	}
	if rank > 0 && len(f.bylines) < maxSpots && c.DataAtom != atom.Meta && c.DataAtom != atom.Link {
		f.bylines = append(f.bylines, spot{node: c, at: f.elements, place: here, rank: rank})
	}
	if id := attr(c, "id"); id == "root" || id == "app" || id == "__next" || id == "__nuxt" || id == "svelte" {
		f.root = true
	}
}

// bylineName tells whether a class or id speaks of the author's name, not of
// dates, pictures or life stories.
func bylineName(name string) bool {
	good := false
	for _, w := range nameWords(name) {
		switch w {
		case "byline", "bylines", "author", "authors", "authorname", "writer", "contributor", "contributors":
			good = true
		case "bio", "image", "avatar", "photo", "img", "social", "follow", "description", "comment", "related", "more", "box", "about":
			return false
		}
	}
	return good
}

// isDateName tells whether a class or id speaks of a date.
func isDateName(name string) bool {
	for _, w := range nameWords(name) {
		switch w {
		case "date", "time", "timestamp", "dateline", "published", "pubdate", "publishdate", "pubtime", "posted":
			return true
		}
	}
	return false
}

func (f *facts) addMeta(c *html.Node) {
	content := fold(clip(attr(c, "content"), maxFact))
	if content == "" {
		return
	}
	for _, key := range [...]string{"property", "name", "itemprop", "http-equiv"} {
		for _, name := range strings.Fields(strings.ToLower(attr(c, key))) {
			if len(f.meta[name]) < 50 {
				f.meta[name] = append(f.meta[name], content)
			}
		}
	}
}

// first gives the first content of the first of the meta names that has one.
func (f *facts) first(names ...string) string {
	for _, n := range names {
		for _, v := range f.meta[n] {
			if v != "" {
				return v
			}
		}
	}
	return ""
}

// canonicalURL is the address the page claims, made absolute; "" if it claims
// none or something that is no web address.
func (f *facts) canonicalURL(base string) string {
	b, err := url.Parse(base)
	if err != nil {
		b = &url.URL{}
	}
	for _, claim := range [...]string{f.canonical, f.first("og:url")} {
		u, err := b.Parse(strings.TrimSpace(claim))
		if claim != "" && err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" {
			u.Fragment = ""
			return u.String()
		}
	}
	return ""
}

// siteName is the publication's name as the page gives it.
func (f *facts) siteName() string {
	name := f.first("og:site_name")
	if name == "" {
		name = firstText(f.linked.site, f.first("application-name"), f.first("dc.publisher"), f.first("publisher"), f.first("citation_journal_title"))
	}
	if strings.HasPrefix(name, "@") || strings.HasPrefix(name, "http") {
		return ""
	}
	return clip(fold(name), 120)
}

// rawText is the text of a node as it is in the source.
func rawText(n *html.Node) string {
	if n.FirstChild != nil && n.FirstChild == n.LastChild && n.FirstChild.Type == html.TextNode {
		return n.FirstChild.Data
	}
	var sb strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			sb.WriteString(n.Data)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(n)
	return sb.String()
}

// lineText is the visible text of an element on one line.
func lineText(n *html.Node) string { return clip(fold(strings.Join(blocks(n), " ")), maxFact) }

// headingText is a heading without the kicker that some publishers put inside.
func headingText(n *html.Node) string {
	if s := fold(strings.Join(render(n, isKicker), " ")); s != "" {
		return s
	}
	return lineText(n)
}

func isKicker(n *html.Node) bool {
	for _, w := range nameWords(attr(n, "class")) {
		switch w {
		case "kicker", "eyebrow", "overline", "label", "category", "flag", "badge", "topper", "roofline", "pretitle", "subtitle", "subheading":
			return true
		}
	}
	return false
}
