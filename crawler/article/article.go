// Package article turns the bytes of a web page into an article: its text as
// paragraphs, its title, authors and dates, and how sure the extraction is of
// them. Bytes as served go in; an [Article], or a [Reject] that says why the
// page holds none, comes out. Nothing is fetched and nothing is kept between
// calls.
package article

import (
	"fmt"
	"time"
)

// Version numbers the extractor. It rises whenever the same page would give
// another article, so that what an older version extracted is found stale.
//
//	1  go-trafilatura, readability and domdistiller vote on the page's blocks
const Version = 1

// Page is a web page as served.
type Page struct {
	URL         string // address the page was fetched from; "" if unknown
	ContentType string // Content-Type header; "" if unknown
	Body        []byte // content encoding (gzip, …) removed, charset as served

	// Fetched is when the page was fetched: nothing on it was published later,
	// and "yesterday" is the day before. The zero value leaves both open.
	Fetched time.Time
}

// Article is what a page says. The zero value of a field means that the page
// does not tell.
type Article struct {
	URL       string   // the page's URL as given
	Canonical string   // rel=canonical or og:url, absolute http(s); a claim of the page, not checked
	Title     string   // headline without the site's name and without a kicker
	SiteName  string   // the publication's name as the page gives it
	Language  string   // ISO 639-1 code of the text, "en"
	Authors   []string // names in the page's order, without "By" and without job descriptions
	Published Date     // first publication
	Updated   Date     // last change that the page admits to
	DateFrom  string   // evidence behind Published: "json-ld", "meta", "time", "url", "htmldate", "text"
	Text      string   // paragraphs separated by a blank line; the headline is not repeated
	Via       string   // extractor whose blocks were taken: "trafilatura", "readability", "distiller", "linear" or "json-ld"
	Agreement float64  // 0–1: how far the first two extractors chose the same text (F1 over letters); 0 where one alone was asked
	Paywalled bool     // the page says that the text is not free, or shows only its beginning
}

// Reject is the error of a page that holds no article.
type Reject struct {
	// Reason is one of not_html, pdf, too_large, too_short, no_text,
	// consent_wall, bot_challenge, soft_404, app_shell, parse_failed.
	Reason string
	Detail string // what was seen, for people
}

func (r *Reject) Error() string {
	if r.Detail == "" {
		return "no article: " + r.Reason
	}
	return fmt.Sprintf("no article: %s: %s", r.Reason, r.Detail)
}

// Extract reads the article from a page. It is pure, deterministic and safe
// for concurrent use. The error is a *[Reject] when the page holds no article;
// the Article then still carries what the page says of itself, without a text.
func Extract(p Page) (Article, error) {
	a := Article{URL: p.URL}
	err := guarded(p, &a)
	return a, err
}
