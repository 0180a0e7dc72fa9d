package article

import (
	"net/url"

	distiller "github.com/markusmobius/go-domdistiller"
	"golang.org/x/net/html"
)

// askDistiller gives what domdistiller takes for the article's text. It
// changes doc.
func askDistiller(doc *html.Node, u *url.URL) *html.Node {
	r, err := distiller.Apply(doc, &distiller.Options{OriginalURL: u, SkipPagination: true})
	if err != nil || r == nil {
		return nil
	}
	return r.Node
}
