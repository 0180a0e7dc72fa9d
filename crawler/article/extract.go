package article

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/go-shiori/dom"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// disagreement is the agreement of two extractors below which a third is asked.
const disagreement = 0.6

// extract is Extract without the guard against panics in libraries.
func extract(p Page, a *Article) error {
	if r := sniff(p); r != nil {
		return r
	}
	src := dropData(decode(p.Body, p.ContentType))
	var doc *html.Node
	if len(src) <= maxTree && strings.Count(src, "<") <= maxTags {
		doc, _ = html.Parse(strings.NewReader(src)) // fails on more than 512 open elements
	}
	whole := doc
	if doc == nil {
		whole = headOnly(src)
	}
	f := readFacts(whole)
	names := f.describe(a, p, whole)
	var t *tree
	if doc != nil {
		t = newTree(doc)
	} else {
		t = streamPage(src)
	}
	body := t.article(doc, p.URL, names, a)
	f.fromLinked(&body, a)
	a.Text = strings.Join(body, "\n\n")
	a.Language = f.languageOf(a.Text, t.language)
	a.Paywalled = f.paywalled(t, letters(a.Text))
	if r := f.refuse(t, a.Title, a.Text, p.URL, src); r != nil {
		a.Text = ""
		return r
	}
	return nil
}

// rxData matches pictures and fonts that a saved page carries in its text.
var rxData = regexp.MustCompile(`data:[a-z]+/[a-z0-9.+-]+;base64,[A-Za-z0-9+/=%]{200,}`)

// dropData empties such pictures in large pages.
func dropData(src string) string {
	if len(src) <= maxTree/4 || !strings.Contains(src, ";base64,") {
		return src
	}
	return rxData.ReplaceAllLiteralString(src, "data:,")
}

// headOnly parses the beginning of a page that is not parsed as a whole.
func headOnly(src string) *html.Node {
	lower := strings.ToLower(src[:min(len(src), 1<<18)])
	end := len(lower)
	if i := strings.Index(lower, "</head"); i >= 0 {
		end = i
	} else if i := strings.Index(lower, "<body"); i >= 0 {
		end = i
	}
	doc, err := html.Parse(strings.NewReader(src[:end]))
	if err != nil {
		doc = &html.Node{Type: html.DocumentNode}
	}
	return doc
}

// describe fills in all but the text and returns, folded, what the publication
// is called, which is no author.
func (f *facts) describe(a *Article, p Page, doc *html.Node) (names []string) {
	a.Canonical = f.canonicalURL(p.URL)
	a.SiteName = f.siteName()
	a.Title = f.headline(p.URL, a.SiteName)
	site := siteNames(a.SiteName, p.URL, f)
	names = append(f.titleSuffix(a.Title), site...)
	a.Authors = f.authors(names)
	if len(a.Authors) == 0 { // a site that goes by its author's name
		a.Authors = f.authors(site)
	}
	published, updated := f.dates(doc, p.URL, p.Fetched)
	a.Published, a.DateFrom, a.Updated = published.date, published.from, updated.date
	return names
}

// article gives the paragraphs of the page's article and notes in a how they
// were found.
func (t *tree) article(doc *html.Node, pageURL string, names []string, a *Article) []string {
	u, _ := url.Parse(pageURL)
	v := &vote{tree: t}
	if doc != nil {
		dropFrame(doc)
	}
	cheap := doc != nil && len(t.owner) < maxMarks
	full := cheap && t.elements <= maxElements && t.siblings <= maxSiblings && t.weight <= maxWeight
	if cheap && t.weight <= maxRead {
		v.ask("readability", func() *html.Node { return askReadability(dom.Clone(doc, true), u) })
	}
	if full {
		v.ask("trafilatura", func() *html.Node {
			out, language := askTrafilatura(doc, u)
			t.language = language
			return out
		})
		if v.agreement() < disagreement {
			v.ask("distiller", func() *html.Node { return askDistiller(dom.Clone(doc, true), u) })
		}
	}
	if v.largest() < shortest {
		v.choices, v.names = []choice{t.linearChoice()}, []string{"linear"}
	}
	keep := v.decide()
	a.Via, a.Agreement = v.via(keep), v.agreement()
	if len(a.Authors) == 0 {
		a.Authors = t.byline(keep, names)
	}
	t.clean(keep, a.Title)
	var out []string
	for i, b := range t.blocks {
		if keep[i] {
			out = append(out, b.text)
		}
	}
	return out
}

// dropFrame takes out of the tree the menus and footers, which every extractor
// would first have to weigh and then drop.
func dropFrame(n *html.Node) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		switch {
		case c.DataAtom == atom.Nav || c.DataAtom == atom.Footer && !within(c, atom.Article):
			n.RemoveChild(c)
		default:
			dropFrame(c)
		}
		c = next
	}
}

// within tells whether an element of kind a is around n.
func within(n *html.Node, a atom.Atom) bool {
	for ; n != nil; n = n.Parent {
		if n.DataAtom == a {
			return true
		}
	}
	return false
}

// fromLinked takes the text that the page states in JSON-LD where the page
// itself shows little of it.
func (f *facts) fromLinked(body *[]string, a *Article) {
	stated := letters(f.linked.body)
	if stated < shortText || letters(strings.Join(*body, " "))*2 > stated {
		return
	}
	var out []string
	for _, line := range strings.Split(f.linked.body, "\n") {
		if line = fold(line); line != "" {
			out = append(out, line)
		}
	}
	*body, a.Via, a.Agreement = out, "json-ld", 0
}

// letters counts the letters and digits of a text.
func letters(s string) int {
	n := 0
	for _, r := range s {
		if isWordRune(r) {
			n++
		}
	}
	return n
}

// ask lets an extractor choose. One that panics on a page has no say in it.
func (v *vote) ask(name string, extractor func() *html.Node) {
	out := func() (n *html.Node) {
		defer func() {
			if recover() != nil {
				n = nil
			}
		}()
		return extractor()
	}()
	v.names = append(v.names, name)
	v.choices = append(v.choices, v.chosen(out))
}

// guarded runs extract and turns a panic into a Reject.
func guarded(p Page, a *Article) (err error) {
	defer func() {
		if x := recover(); x != nil {
			err = &Reject{Reason: "parse_failed", Detail: clip(fmt.Sprint(x), 200)}
		}
	}()
	return extract(p, a)
}
