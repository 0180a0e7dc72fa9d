package article

import (
	"net/url"
	"strings"

	"github.com/markusmobius/go-trafilatura"
	"golang.org/x/net/html"
)

type trafResult struct {
	blocks      []string
	title, site string
	authors     []string
	published   Date
}

func trafilaturaText(doc *html.Node, u *url.URL) (trafResult, bool) {
	r, err := trafilatura.ExtractDocument(doc, trafilatura.Options{OriginalURL: u, EnableFallback: true, ExcludeComments: true})
	if err != nil || r == nil {
		return trafResult{}, false
	}
	res := trafResult{blocks: blocks(r.ContentNode), title: r.Metadata.Title, site: r.Metadata.Sitename}
	for _, n := range strings.Split(r.Metadata.Author, ";") {
		if n = strings.TrimSpace(n); n != "" {
			res.authors = append(res.authors, n)
		}
	}
	if t := r.Metadata.Date; !t.IsZero() {
		res.published = Date{Time: t.UTC(), Precision: PrecisionDay}
	}
	return res, true
}
