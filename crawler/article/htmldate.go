package article

import (
	"time"

	"github.com/markusmobius/go-dateparser"
	"github.com/markusmobius/go-htmldate"
	"golang.org/x/net/html"
)

// askHTMLDate searches the whole page for its date of publication, which
// costs more than all other evidence together. It leaves doc as it is. The
// clock is never read: limit bounds the search, and now, if known, is what
// "yesterday" and "March 3" refer to; otherwise these come out too late to be
// believed.
func askHTMLDate(doc *html.Node, pageURL string, limit, now time.Time) Date {
	if now.IsZero() {
		now = limit.AddDate(50, 0, 0)
	}
	r, err := htmldate.FromDocument(doc, htmldate.Options{
		ExtractTime:      true,
		UseOriginalDate:  true,
		URL:              pageURL,
		MinDate:          time.Date(1995, 1, 1, 0, 0, 0, 0, time.UTC),
		MaxDate:          limit,
		DateParserConfig: &dateparser.Configuration{CurrentTime: now, DefaultTimezone: time.UTC, PreferredDateSource: dateparser.Past, StrictParsing: true},
	})
	if err != nil || r.IsZero() {
		return Date{}
	}
	t := r.DateTime
	if !r.HasTime || !r.HasTimezone {
		return Date{Time: time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC), Precision: PrecisionDay}
	}
	_, off := t.Zone()
	zone := time.UTC
	if off != 0 {
		zone = time.FixedZone("", off)
	}
	return Date{Time: t.In(zone).Truncate(time.Second), Precision: PrecisionTime}
}
