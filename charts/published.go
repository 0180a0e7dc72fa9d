package charts

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"

	"framewatch/charts/stat"
)

// PublishedSeries is a yearly series of another study that counted a frame by the definition of the active codebook, in a
// corpus of its own. A report draws it beside its own counts, and says that the corpora differ.
type PublishedSeries struct {
	Frame  string // id of the frame of the active codebook that the series counts
	Name   string // who published it, short, as in a legend
	Corpus string // of which articles, as printed after "of"
	Source string // where it is published, a web address
	Note   string // how the numbers were got, a sentence; "" for none
	Years  []PublishedYear
}

// PublishedYear is the count of one calendar year: K of N articles use the frame.
type PublishedYear struct{ Year, N, K int }

// twoSeries is a yearly share of two corpora. All values are percents; NaN leaves a gap.
type twoSeries struct {
	categories []string
	names      [2]string
	share      [2][]float64
	low, high  [2][]float64
	hollow     [2][]bool
	maximum    float64
}

// publishedFigure sets a published series beside the same frame in this report's articles, by year; nil where no
// series was given or the codebook has no such frame. Both are of articles that the gate lets in, whatever the page's
// denominator: that is what the published shares are of.
func (c *counts) publishedFigure(o Options) (*figure, error) {
	at := slices.IndexFunc(o.Published, func(s PublishedSeries) bool { return c.info[s.Frame].id != "" && len(s.Years) > 0 })
	if at < 0 {
		return nil, nil
	}
	s := o.Published[at]
	ours := c.byYear(s.Frame)
	years := yearsOf(s.Years, ours)
	f := &figure{
		ID: "published", of: "articles", Height: 300, source: []string{"v_article", "v_mention", "v_frame"}, query: "frames",
		Title:    fmt.Sprintf("%s by one definition in two corpora", quote(c.label(s.Frame))),
		Subtitle: fmt.Sprintf("Share of articles per year that use the frame at least once. %s: of %s. This report: of its %s.", s.Name, s.Corpus, c.v.noun()),
	}
	f.Label = fmt.Sprintf("A line chart of two series by year, %s and this report. %s.", s.Name, f.Title)
	f.Note = join("The definition is the same and the articles are not: a step from one series to the other is no change over time.",
		s.Note, c.baseNote(), "Bands: 95% Wilson intervals. Hollow dots: fewer than 30 articles; no dot: fewer than 10.", c.yearNote(ours), "Published at "+s.Source+".")
	chart := twoSeries{names: [2]string{s.Name, "This report"}}
	f.Table = table{
		Caption: "Share of articles that use the frame by year, as published and in this report", First: "Year",
		Columns: []column{{Label: s.Name, Context: true}, {Label: "This report", Filter: filter{"frame": s.Frame}}},
	}
	f.Data.Columns = []string{"year", "series", "frame", "articles_with_frame", "articles", "share", "wilson_low", "wilson_high"}
	for _, year := range years {
		head := strconv.Itoa(year)
		chart.categories = append(chart.categories, head)
		r := row{Head: head, Filter: filter{"period": head}}
		for i, series := range [2][]PublishedYear{s.Years, ours} {
			y := find(series, year)
			chart.add(i, y)
			r.Cells = append(r.Cells, cell(y.K, y.N))
			if y.N > 0 {
				f.Data.Rows = append(f.Data.Rows, append([]any{head, chart.names[i], s.Frame, y.K, y.N}, plain(y.K, y.N)...))
			}
		}
		f.Table.Rows = append(f.Table.Rows, r)
	}
	chart.maximum = chart.top()
	if chart.cut() {
		f.Note = join(f.Note, "The highest bands are cut at the top; the table has their ends.")
	}
	option, err := twoCorpora(chart)
	// Only our own marks lead to passages; the published number of the year is read out with them.
	f.Panels = []panel{{Option: option, Marks: []mark{{Column: -1}, {Column: -1}, {Column: -1}, {Column: -1}, {Column: -1}, {Column: 1}}}}
	return f, err
}

// baseNote says that the page counts a narrower or wider set of articles than those that the gate lets in.
func (c *counts) baseNote() string {
	if c.v.denominator == AIAndEither {
		return ""
	}
	return "To take shares of all " + c.v.relevant + ", as the published series does, choose them at the top of the page."
}

// byYear counts the articles, and those of them with the frame, by calendar year.
func (c *counts) byYear(frame string) []PublishedYear {
	year := func(g group) (int, bool) {
		y, err := strconv.Atoi(g.month[:min(4, len(g.month))])
		return y, err == nil && g.month >= c.t.first && g.month <= c.t.last
	}
	n := tally(c.v, c.coverage, year, articles)
	k := tally(c.v, c.frameMonths, func(g group) (int, bool) { y, ok := year(g); return y, ok && g.frame == frame }, articles)
	var out []PublishedYear
	for y, articles := range n {
		out = append(out, PublishedYear{y, articles, k[y]})
	}
	slices.SortFunc(out, func(a, b PublishedYear) int { return cmp.Compare(a.Year, b.Year) })
	return out
}

// yearNote says that the last year is not over.
func (c *counts) yearNote(ours []PublishedYear) string {
	if len(ours) == 0 {
		return "No article of this report has a date."
	}
	if last := ours[len(ours)-1].Year; c.t.lastMonth < fmt.Sprintf("%04d-12", last) {
		return fmt.Sprintf("%d is not complete.", last)
	}
	return ""
}

// yearsOf are all years from the first to the last of both series.
func yearsOf(series ...[]PublishedYear) []int {
	first, last := math.MaxInt, 0
	for _, s := range series {
		for _, y := range s {
			first, last = min(first, y.Year), max(last, y.Year)
		}
	}
	var years []int
	for y := first; y <= last; y++ {
		years = append(years, y)
	}
	return years
}

func find(series []PublishedYear, year int) PublishedYear {
	for _, y := range series {
		if y.Year == year {
			return y
		}
	}
	return PublishedYear{Year: year}
}

func (s *twoSeries) add(i int, y PublishedYear) {
	share := stat.Wilson(y.K, y.N)
	low, high := share.Low*100, share.High*100
	if y.N < fewArticles {
		low, high = math.NaN(), math.NaN()
	}
	s.share[i] = append(s.share[i], fraction(y.K, y.N))
	s.low[i], s.high[i] = append(s.low[i], low), append(s.high[i], high)
	s.hollow[i] = append(s.hollow[i], y.N < someArticles)
}

// cut reports whether a band runs over the scale's end.
func (s *twoSeries) cut() bool {
	return slices.ContainsFunc(append(slices.Clone(s.high[0]), s.high[1]...), func(v float64) bool { return v > s.maximum })
}

// top is the scale's end: the highest share that rests on enough articles, or on any.
func (s *twoSeries) top() float64 {
	firm, thin := 0.0, 0.0
	for i := range s.share {
		for at, v := range s.share[i] {
			switch {
			case math.IsNaN(v):
			case s.hollow[i][at]:
				thin = max(thin, v)
			default:
				firm = max(firm, v)
			}
		}
	}
	return niceTop(cmp.Or(firm, thin))
}

// relevant names the articles that the codebook's gate lets in.
func (o Options) relevant() string {
	return cmp.Or(o.Relevant, AIAndEither.articles())
}
