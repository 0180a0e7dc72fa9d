package article

import (
	"regexp"
	"strings"
	"time"

	"golang.org/x/net/html"
)

// dated is one piece of evidence for a date.
type dated struct {
	date Date
	from string
}

// The span of years that are believed where the time of the fetch is not known,
// and the days around the start of Unix time, which content systems write for
// "none".
const (
	firstYear = 1850
	endYear   = 2032
	epochDays = 2
)

// publishedMeta and updatedMeta name the meta elements that state a date, the
// plainest first.
func publishedMeta() []string {
	return []string{"article:published_time", "og:article:published_time", "og:published_time", "og:publish_date", "datepublished", "article:published",
		"parsely-pub-date", "sailthru.date", "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date.created", "citation_publication_date", "citation_date",
		"publication_date", "publish_date", "published_time", "publish-date", "pubdate", "pub_date", "publishdate", "published-date", "article_date_original",
		"cxenseparse:recs:publishtime", "originalpublicationdate", "date_published", "created", "datecreated", "dc.date", "dcterms.date", "article:post_date", "date", "weibo:article:create_at"}
}

func updatedMeta() []string {
	return []string{"article:modified_time", "og:article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "dc.date.modified", "lastmod",
		"last-modified", "modified_time", "updated_time", "date_modified", "revised", "article:updated"}
}

var (
	rxURLDay    = regexp.MustCompile(`[/_-]((?:19|20)\d{2})[/_-](\d{1,2}|[A-Za-z]{3})[/_-](\d{1,2})(?:[/_.-]|$)`)
	rxURLMonth  = regexp.MustCompile(`/((?:19|20)\d{2})-?(0[1-9]|1[0-2])/(\d{1,2})(?:[/_.-]|$)`)
	rxURLTight  = regexp.MustCompile(`[/_-][a-z]?((?:19|20)\d{2})(0[1-9]|1[0-2])([0-3]\d)(?:[/_.-]|$)`)
	rxDateLabel = regexp.MustCompile(`(?i)^(?:(?:first |last |date )?(?:published|posted|updated|modified|issued|released|created)(?: on| at)?|date|on)\s*:?\s+`)
	rxMidnight  = regexp.MustCompile(`[T ]00:00(?::00(?:\.0+)?)?$`)
	rxUpdated   = regexp.MustCompile(`(?i)updat|modif|revis|aktualisiert|zuletzt|mis à jour|actualizad|aggiornat|corrected|edited`)
	rxPosted    = regexp.MustCompile(`(?i)publi|posted|issued|created|entry-date|pubdate|veröff|erstellt`)
)

// dates gives first publication and last change, each with its evidence. now
// is the time of the fetch, zero if unknown: nothing was published after it.
func (f *facts) dates(doc *html.Node, pageURL string, now time.Time) (published, updated dated) {
	b := bounds{now: now}
	byMeta := b.best("meta", f.metaDates(publishedMeta()))
	byLD := b.best("json-ld", []string{f.linked.published})
	byTime, timeUpdated := f.timeDates(b)
	byURL := b.urlDate(pageURL)
	if byURL.date.IsZero() {
		byURL = b.urlDate(firstText(f.canonical, f.first("og:url")))
	}
	byMeta, byLD = b.earlier(byMeta, byLD, f)
	published = settle(byURL, byMeta, byLD, byTime)
	if published.date.IsZero() {
		published = f.nearDate(b)
	}
	if published.date.IsZero() {
		if d := askHTMLDate(doc, pageURL, b.limit(), now); b.ok(d) {
			published = dated{d, "htmldate"}
		}
	}
	changes := []dated{b.best("meta", f.metaDates(updatedMeta())), b.best("json-ld", []string{f.linked.modified}), timeUpdated}
	for _, u := range changes {
		if updated.date.IsZero() && !u.date.IsZero() {
			updated = sharper(u, changes)
		}
	}
	if sameDay(updated.date, published.date) && updated.date.Time.Before(published.date.Time) {
		updated = dated{} // the day of publication without its time, not a contradiction
	}
	return published, updated
}

// earlier drops a statement of publication that names the day of the last
// change where the other one names a day before: some systems write the time
// of saving into every field.
func (b bounds) earlier(byMeta, byLD dated, f *facts) (dated, dated) {
	if byMeta.date.IsZero() || byLD.date.IsZero() || sameDay(byMeta.date, byLD.date) {
		return byMeta, byLD
	}
	changed := b.best("", append(f.metaDates(updatedMeta()), f.linked.modified)).date
	switch {
	case sameDay(byMeta.date, changed) && byLD.date.Time.Before(byMeta.date.Time):
		return dated{}, byLD
	case sameDay(byLD.date, changed) && byMeta.date.Time.Before(byLD.date.Time):
		return byMeta, dated{}
	}
	return byMeta, byLD
}

func (f *facts) metaDates(names []string) []string {
	var out []string
	for _, n := range names {
		out = append(out, f.meta[n]...)
	}
	return out
}

// settle weighs the evidence. The address names the day on which an article
// was filed and is hard to get wrong; the others add the time of day. Without
// it a statement that another one bears out wins, else the plainest.
func settle(byURL, byMeta, byLD, byTime dated) dated {
	stated := []dated{byMeta, byLD, byTime}
	if !byURL.date.IsZero() {
		for _, s := range stated {
			if sameDay(s.date, byURL.date) {
				return sharper(s, stated)
			}
		}
		for _, s := range stated { // a zone apart: the statement's own offset tells the outlet's day
			if s.date.Precision == PrecisionTime && nearDay(s.date, byURL.date) && !isUTC(s.date) {
				return s
			}
		}
		return byURL
	}
	for i, s := range stated {
		for _, o := range stated[i+1:] {
			if sameDay(s.date, o.date) {
				return sharper(s, stated)
			}
		}
	}
	for _, s := range stated {
		if !s.date.IsZero() {
			return s
		}
	}
	return dated{}
}

// sharper gives the statement of the same day as s that tells most: one with
// a time before one without, and among these one with an offset.
func sharper(s dated, stated []dated) dated {
	for _, o := range stated {
		if !sameDay(o.date, s.date) || o.date.Precision != PrecisionTime {
			continue
		}
		if s.date.Precision != PrecisionTime || isUTC(s.date) && !isUTC(o.date) && o.date.Time.Equal(s.date.Time) {
			s = o
		}
	}
	return s
}

func sameDay(a, b Date) bool {
	return !a.IsZero() && !b.IsZero() && a.Time.Format(time.DateOnly) == b.Time.Format(time.DateOnly)
}

func nearDay(a, b Date) bool {
	d := a.Time.Sub(b.Time)
	return !a.IsZero() && !b.IsZero() && d > -48*time.Hour && d < 48*time.Hour
}

func isUTC(d Date) bool {
	_, off := d.Time.Zone()
	return off == 0
}

// bounds tells which dates can be believed.
type bounds struct{ now time.Time }

// limit is the time after which nothing is believed.
func (b bounds) limit() time.Time {
	if b.now.IsZero() {
		return time.Date(endYear, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return b.now.AddDate(0, 0, 2)
}

func (b bounds) ok(d Date) bool {
	days := d.Time.Unix() / 86400
	return !d.IsZero() && d.Time.Year() >= firstYear && d.Time.Before(b.limit()) && (days < -epochDays || days > epochDays)
}

// best reads the first statement that is a believable day or time.
func (b bounds) best(from string, stated []string) dated {
	for _, s := range stated {
		d, err := ParseDate(s)
		if rxMidnight.MatchString(s) && d.Precision == PrecisionTime {
			d.Precision = PrecisionDay // a day in a field made for times
		}
		if err == nil && b.ok(d) && (d.Precision == PrecisionTime || d.Precision == PrecisionDay) {
			return dated{d, from}
		}
	}
	return dated{}
}

// urlDate reads the day in an address such as /2025/01/20/, /2025/jan/20/,
// /202501/20/ or /20250120.
func (b bounds) urlDate(address string) dated {
	path := address
	if i := strings.Index(path, "://"); i >= 0 {
		path = path[i+3:]
	}
	path, _, _ = strings.Cut(path, "?")
	var m []string
	for _, rx := range [...]*regexp.Regexp{rxURLDay, rxURLMonth, rxURLTight} {
		if m = rx.FindStringSubmatch(path); m != nil {
			break
		}
	}
	if m == nil {
		return dated{}
	}
	month := atoi(m[2])
	if month == 0 {
		month = monthNamed(m[2])
	}
	d, ok := dateOf(atoi(m[1]), month, atoi(m[3]))
	if !ok || !b.ok(d) || d.Precision != PrecisionDay || d.Time.Year() < 1995 {
		return dated{}
	}
	return dated{d, "url"}
}

// maxDateGap is how many elements below the headline a date without any mark
// but its class is believed; the date in a masthead is today's.
const maxDateGap = 60

// timeDates reads the time elements: the first that claims to be a date of
// publication, or stands near the headline, and the first that claims to be a
// date of change.
func (f *facts) timeDates(b bounds) (published, updated dated) {
	title := 0
	if len(f.headings) > 0 {
		title = f.headings[0].at
	}
	cost := 1 << 30
	for _, s := range f.times {
		if s.place&(inSide|inComment|isHidden) != 0 || s.place&inPromo != 0 && !strings.HasPrefix(attr(s.node, "itemprop"), "date") {
			continue
		}
		d := b.timeDate(s.node)
		if d.date.IsZero() {
			continue
		}
		if s.rank > 0 && (s.at < title || s.at > title+maxDateGap) {
			continue
		}
		claims := attr(s.node, "itemprop") + " " + attr(s.node, "class") + " " + parentClaims(s.node)
		if s.rank > 0 && rxUpdated.MatchString(lineText(s.node)) {
			claims = "updated"
		}
		if rxUpdated.MatchString(claims) && !rxPosted.MatchString(attr(s.node, "itemprop")+attr(s.node, "class")) {
			if updated.date.IsZero() {
				updated = d
			}
			continue
		}
		c := s.at - title
		if c < 0 {
			c = 100 - 4*c
		}
		if !rxPosted.MatchString(claims) {
			c += 150
		}
		c += 1000 * s.rank
		if c < cost {
			published, cost = d, c
		}
	}
	return published, updated
}

// rxDateIn finds a date within a line of text.
var rxDateIn = regexp.MustCompile(`(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? )?(?:\b\pL{3,9}\.? \d{1,2}(?:st|nd|rd|th)?,? (?:19|20)\d\d|\b\d{1,2} \pL{3,9}\.?,? (?:19|20)\d\d|\b(?:19|20)\d\d-\d\d-\d\d)(?:,?(?: at| [-–—|•·])? \d{1,2}:\d\d(?::\d\d)?(?: ?[AaPp]\.?[Mm]\.?)?(?: [A-Z]{2,4}\b)?)?`)

// nearDate reads the date printed in one of the lines right below the headline.
func (f *facts) nearDate(b bounds) dated {
	title := f.headings
	if len(title) == 0 {
		return dated{}
	}
	for _, s := range f.near {
		if s.at <= title[0].at || s.at > title[0].at+maxNear || rxUpdated.MatchString(s.text) {
			continue
		}
		if d := b.best("text", []string{rxDateIn.FindString(s.text)}); !d.date.IsZero() && letters(s.text) <= bylineSize {
			return d
		}
	}
	return dated{}
}

// maxNear is how many elements below the headline a date in a line of text is
// taken for the article's.
const maxNear = 15

// parentClaims is the class of the element around n and the words before it.
func parentClaims(n *html.Node) string {
	out := ""
	if n.PrevSibling != nil && n.PrevSibling.Type == html.TextNode {
		out = n.PrevSibling.Data
	}
	if n.Parent != nil {
		out += " " + attr(n.Parent, "class")
	}
	return out
}

// timeDate reads an element's datetime or content attribute, or else its text.
// Where the attribute is in UTC and the text prints the day before or after,
// the printed day is the outlet's.
func (b bounds) timeDate(n *html.Node) dated {
	text := lineText(n)
	if len(text) > 80 {
		text = ""
	}
	printed := b.best("time", []string{rxDateLabel.ReplaceAllString(text, "")})
	for _, key := range [...]string{"datetime", "content", "data-datetime"} {
		d := b.best("time", []string{attr(n, key)})
		if d.date.IsZero() {
			continue
		}
		if d.date.Precision == PrecisionTime && isUTC(d.date) && !printed.date.IsZero() && !sameDay(d.date, printed.date) && nearDay(d.date, printed.date) {
			return dated{Date{Time: printed.date.Time.Truncate(24 * time.Hour), Precision: PrecisionDay}, "time"}
		}
		return d
	}
	return printed
}
