package article

import (
	"net/url"

	readability "codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"
)

// askReadability gives what readability takes for the article's text. It
// changes doc.
func askReadability(doc *html.Node, u *url.URL) *html.Node {
	p := readability.NewParser()
	p.DisableJSONLD = true
	a, err := p.ParseAndMutate(doc, u)
	if err != nil {
		return nil
	}
	return a.Node
}
