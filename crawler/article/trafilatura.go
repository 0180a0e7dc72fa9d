package article

import (
	"net/url"

	"github.com/markusmobius/go-htmldate"
	"github.com/markusmobius/go-trafilatura"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// askTrafilatura gives what go-trafilatura takes for the article's text, and
// the language it finds it to be in. It changes the head of doc and nothing
// else. Its fallback, its date search and its search for authors and titles
// stay off: they would repeat work done here.
func askTrafilatura(doc *html.Node, u *url.URL) (*html.Node, string) {
	sateHead(doc)
	r, err := trafilatura.ExtractDocument(doc, trafilatura.Options{
		OriginalURL:      u,
		ExcludeComments:  true,
		HtmlDateOverride: &htmldate.Result{},
	})
	if err != nil || r == nil {
		return nil, ""
	}
	return r.ContentNode, r.Metadata.Language
}

// sateHead leaves only the title in the head of doc and puts in statements of
// all that go-trafilatura would otherwise search the page for; that search
// takes a quarter of its time and its finds are not used.
func sateHead(doc *html.Node) {
	head := find(doc, atom.Head)
	if head == nil {
		return
	}
	for c := head.FirstChild; c != nil; {
		next := c.NextSibling
		if c.DataAtom != atom.Title {
			head.RemoveChild(c)
		}
		c = next
	}
	for _, property := range [...]string{"title", "author", "description", "site_name", "image", "type", "article:tag", "url"} {
		content := "none given"
		if property == "url" || property == "image" {
			content = "https://page.invalid/"
		}
		head.AppendChild(&html.Node{Type: html.ElementNode, Data: "meta", DataAtom: atom.Meta, Attr: []html.Attribute{
			{Key: "property", Val: "og:" + property}, {Key: "content", Val: content},
		}})
	}
}

// find gives the first element of a kind.
func find(n *html.Node, a atom.Atom) *html.Node {
	if n.DataAtom == a {
		return n
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if f := find(c, a); f != nil {
			return f
		}
	}
	return nil
}
