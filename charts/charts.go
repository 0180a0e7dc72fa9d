// Package charts writes the report: the stable views of a framewatch database go in, one self-contained HTML page
// comes out. The page opens from a file without any request, draws its charts with an embedded ECharts, and holds the
// passages behind every figure. Equal data and equal options give equal bytes; there is no clock in it.
package charts

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"
)

// Querier is the part of *sql.DB and *sql.Tx that a report needs. It must know the v_* views.
type Querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// ErrNoArticles says that the database holds no article at all. The page written is complete and says so.
var ErrNoArticles = errors.New("the database holds no articles")

// Denominator names the articles of which shares are taken.
type Denominator string

// The denominators a reader can switch between. The zero value stands for AIAndChina.
const (
	AIAndChina   Denominator = "ai-china"       // articles about AI that name China
	AIAndEither  Denominator = "ai-us-or-china" // articles about AI that name the U.S. or China
	AllCollected Denominator = "all"            // all articles collected
)

// Period is the length of a step on the time axes.
type Period string

// The periods. The zero value chooses the shortest in which most steps have enough articles for a percentage.
const (
	ByWeek    Period = "week" // ISO 8601 weeks, never chosen by itself; only dates printed to the day are in one
	ByMonth   Period = "month"
	ByQuarter Period = "quarter"
	ByYear    Period = "year"
)

// Options says what to report and what to print about it. The zero value reports everything.
type Options struct {
	Title    string    // the page's heading; "How the news frames U.S.–China AI" if empty
	AsOf     time.Time // the stated date of the report; the last day of collection if zero
	Version  string    // version of framewatch, printed in the method section
	Database string    // file name of the database, printed; never opened
	Notice   string    // printed in a band at the top of the page, for example that the articles are invented

	From, To string   // first and last day, month or year reported, as 2025-01-20, 2025-01 or 2025; empty is open
	Outlets  []string // source ids reported; empty is all
	Frames   []string // frame ids shown; empty is all
	By       Period   // step of the time axes
	Event    string   // the event compared first, by its date (YYYY-MM-DD) or words of its label; empty chooses the one with most articles in the three months from it

	Languages []string // primary language tags (en, de) of the articles reported; empty is all

	Denominator          Denominator // what the page shows first; the reader can switch
	ExcludePressReleases bool        // what the page shows first; the reader can switch
	StoriesOnce          bool        // show first each story once, where it appeared first; the reader can switch
	Passages             int         // most passages embedded; 10,000 if 0

	Codebook            string            // name and version of the codebook; its fingerprint if empty
	CodebookFingerprint string            // that of v_mention if empty
	Relevant            string            // the articles that the codebook's gate lets in, in words; those about AI that name the U.S. or China if empty
	Quality             []Quality         // coding quality measured elsewhere; empty says that it was not measured
	Published           []PublishedSeries // series of other studies that counted by this codebook's definition; the first that fits is drawn
}

// Quality is one measured property of the coding, such as precision, as a fraction with its 95% interval.
type Quality struct {
	Name           string
	Value          float64
	Low, High      float64
	N              int    // how many decisions it rests on
	Interpretation string // what it was measured on, one clause
}

// Summary tells what a report shows under the denominator it opens with.
type Summary struct {
	Articles      int    // articles in the denominator
	Mentions      int    // mentions in them
	Passages      int    // passages embedded
	TotalPassages int    // passages in the database under the options
	Unanalyzed    int    // articles in the database that no analysis has seen yet; they are in no figure
	From, To      string // first and last month, YYYY-MM; empty if no article has a usable date
	ContentSHA256 string // over the articles and mentions behind the page, sorted, and the lists of frames, events and days
	Bytes         int64  // size of the page
}

var languageTag = regexp.MustCompile(`^[a-z]{2,3}$`)

const (
	defaultTitle    = "How the news frames U.S.–China AI"
	defaultPassages = 10000
)

// Check reports the first option that no database could satisfy.
func (o Options) Check() error {
	_, err := o.check()
	return err
}

// check also fills in what the zero values stand for.
func (o Options) check() (Options, error) {
	if o.Title == "" {
		o.Title = defaultTitle
	}
	if o.Passages == 0 {
		o.Passages = defaultPassages
	}
	switch o.Denominator {
	case "":
		o.Denominator = AIAndChina
	case AIAndChina, AIAndEither, AllCollected:
	default:
		return o, fmt.Errorf("denominator %q: use %s, %s or %s", o.Denominator, AIAndChina, AIAndEither, AllCollected)
	}
	switch o.By {
	case "", ByWeek, ByMonth, ByQuarter, ByYear:
	default:
		return o, fmt.Errorf("period %q: use %s, %s, %s or %s", o.By, ByWeek, ByMonth, ByQuarter, ByYear)
	}
	var err error
	if o.From, err = firstDay(o.From); err != nil {
		return o, fmt.Errorf("from: %w", err)
	}
	if o.To, err = lastDay(o.To); err != nil {
		return o, fmt.Errorf("to: %w", err)
	}
	if o.From != "" && o.To != "" && o.To < o.From {
		return o, fmt.Errorf("the period ends (%s) before it begins (%s)", o.To, o.From)
	}
	for _, id := range o.Outlets {
		if strings.Contains(id, ",") {
			return o, fmt.Errorf("outlet %q: an id holds no comma", id)
		}
	}
	for _, tag := range o.Languages {
		if !languageTag.MatchString(tag) {
			return o, fmt.Errorf("language %q: use tags of two or three letters, such as en", tag)
		}
	}
	return o, nil
}

// ParseDenominator reads the short names "china", "relevant" and "all", and the full names of the constants.
// The empty string is AIAndChina.
func ParseDenominator(name string) (Denominator, error) {
	switch name {
	case "", "china", string(AIAndChina):
		return AIAndChina, nil
	case "relevant", string(AIAndEither):
		return AIAndEither, nil
	case "all":
		return AllCollected, nil
	}
	return "", fmt.Errorf("unknown denominator %q: use china, relevant or all", name)
}

// CheckPeriod reports whether value can stand in Options.From and Options.To: empty, or a day, a month or a year.
func CheckPeriod(value string) error {
	_, err := firstDay(value)
	return err
}

// firstDay is the first day of a year, a month or a day; empty stays empty.
func firstDay(value string) (string, error) {
	if value == "" {
		return "", nil
	}
	for _, layout := range []string{time.DateOnly, "2006-01", "2006"} {
		if t, err := time.Parse(layout, value); err == nil {
			return t.Format(time.DateOnly), nil
		}
	}
	return "", fmt.Errorf("%q is not a day, month or year such as 2025-01-20, 2025-01 or 2025", value)
}

// lastDay is the last day of a year, a month or a day; empty stays empty.
func lastDay(value string) (string, error) {
	first, err := firstDay(value)
	if err != nil || first == "" {
		return "", err
	}
	t, err := time.Parse(time.DateOnly, first)
	if err != nil {
		return "", err
	}
	switch len(value) {
	case len("2006"):
		t = t.AddDate(1, 0, -1)
	case len("2006-01"):
		t = t.AddDate(0, 1, -1)
	}
	return t.Format(time.DateOnly), nil
}

// Write reads db and writes the report to w. An empty database still gives a complete page, and ErrNoArticles.
func Write(ctx context.Context, w io.Writer, db Querier, o Options) (Summary, error) {
	o, err := o.check()
	if err != nil {
		return Summary{}, err
	}
	d, err := load(ctx, db, o)
	if err != nil {
		return Summary{}, err
	}
	p, err := newPage(d, o)
	if err != nil {
		return Summary{}, err
	}
	count := &counter{w: w}
	if err := p.write(count); err != nil {
		return Summary{}, fmt.Errorf("writing the report: %w", err)
	}
	s := p.summary
	s.Bytes = count.n
	if d.facts.articles == 0 {
		return s, ErrNoArticles
	}
	return s, nil
}

type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}
