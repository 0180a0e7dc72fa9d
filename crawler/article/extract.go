package article

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/html"
)

func extract(p Page, _ time.Time) (a Article, err error) {
	a.URL = p.URL
	defer func() {
		if x := recover(); x != nil {
			err = &Reject{Reason: "parse_failed", Detail: fmt.Sprint(x)}
		}
	}()
	if bytes.HasPrefix(bytes.TrimSpace(p.Body[:min(len(p.Body), 1024)]), []byte("%PDF-")) {
		return a, &Reject{Reason: "pdf"}
	}
	doc, perr := html.Parse(strings.NewReader(decode(p.Body, p.ContentType)))
	if perr != nil {
		return a, &Reject{Reason: "parse_failed", Detail: perr.Error()}
	}
	u, _ := url.Parse(p.URL)
	res, ok := trafilaturaText(doc, u)
	if !ok {
		return a, &Reject{Reason: "no_text"}
	}
	a.Title, a.SiteName, a.Authors, a.Published = res.title, res.site, res.authors, res.published
	if !a.Published.IsZero() {
		a.DateFrom = "htmldate"
	}
	a.Via, a.Agreement = "trafilatura", 1
	a.Text = strings.Join(res.blocks, "\n\n")
	if a.Text == "" {
		return a, &Reject{Reason: "no_text"}
	}
	return a, nil
}
