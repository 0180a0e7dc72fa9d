package article

import (
	"net/url"

	"github.com/markusmobius/go-htmldate"
	"github.com/markusmobius/go-trafilatura"
	"golang.org/x/net/html"
)

// askTrafilatura gives what go-trafilatura takes for the article's text. It
// leaves doc as it is. Its own fallback and its date search stay off: both
// would repeat work done here.
func askTrafilatura(doc *html.Node, u *url.URL) *html.Node {
	r, err := trafilatura.ExtractDocument(doc, trafilatura.Options{
		OriginalURL:      u,
		ExcludeComments:  true,
		HtmlDateOverride: &htmldate.Result{},
	})
	if err != nil || r == nil {
		return nil
	}
	return r.ContentNode
}
