package charts

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"framewatch/charts/stat"
)

// filter selects passages: a value for any of frame, with (a second frame of the same article), outlet (an id, or ! and
// the ids left out), period (a step, or first..last in months or days), stance, speaker, voice and section.
type filter map[string]string

// column is one column of a figure's table. Context columns are read out with every mark of their row.
type column struct {
	Label   string `json:"label"`
	Filter  filter `json:"filter,omitempty"`
	Context bool   `json:"context,omitempty"`
}

// row is one row of a figure's table; Cells stand under the columns after the first.
type row struct {
	Head   string   `json:"head"`
	Filter filter   `json:"filter,omitempty"`
	Cells  []string `json:"cells"`
}

// table is what a figure shows in words. Marks of the chart point into it, so that chart, tooltip, keyboard reading
// and table cannot differ.
type table struct {
	Caption string   `json:"caption"`
	First   string   `json:"first"` // heading of the row heads
	Columns []column `json:"columns"`
	Rows    []row    `json:"rows"`
}

// mark ties a series to its table: data item i is row i of column Column, or with Grid > 0 the cell
// (i / Grid, i % Grid). Column −1 is a series without marks.
type mark struct {
	Column int `json:"c"`
	Grid   int `json:"g,omitempty"`
}

// panel is one chart of a figure. Count is the same panel in counts, where a figure offers both.
type panel struct {
	Head   string          `json:"head,omitempty"`
	Sub    string          `json:"sub,omitempty"`
	Option json.RawMessage `json:"option"`
	Count  json.RawMessage `json:"count,omitempty"`
	Marks  []mark          `json:"marks"`
	Counts []mark          `json:"counts,omitempty"`
}

// choice is one entry of a figure's own select; each carries a whole figure.
type choice struct {
	Value  string  `json:"value"`
	Label  string  `json:"label"`
	Figure *figure `json:"figure,omitempty"`
}

// long is a figure's data as a researcher wants it: one row per value, plain numbers.
type long struct {
	Columns []string `json:"columns"`
	Rows    [][]any  `json:"rows"`
}

// sayMarks adds to the caption what the mark of small numbers means, where a cell has it.
func (t *table) sayMarks(what string) {
	for _, r := range t.Rows {
		for _, c := range r.Cells {
			if strings.HasPrefix(c, smallMark) {
				t.Caption += fmt.Sprintf("; %s= fewer than %d %s", smallMark, someArticles, what)
				return
			}
		}
	}
}

// figure is one figure in one variant of the page.
type figure struct {
	ID       string   `json:"id"`
	Title    string   `json:"title"`
	Subtitle string   `json:"subtitle"`
	Label    string   `json:"label"` // what the chart shows, for those who do not see it
	Note     string   `json:"note,omitempty"`
	Empty    string   `json:"empty,omitempty"` // why there is no chart
	Height   int      `json:"height"`
	MinWidth int      `json:"minWidth,omitempty"`
	Lying    bool     `json:"lying,omitempty"` // rows run downward
	Panels   []panel  `json:"panels"`
	Table    table    `json:"table"`
	Choices  []choice `json:"choices,omitempty"`
	Data     long     `json:"-"` // packed once for all variants, apart from the figures

	of       string   // what the percentages of its table are of: articles or mentions
	source   []string // views read
	query    string   // name of its query
	events   bool     // has the list of events below
	switches bool     // offers share and count
}

// counts is what is counted in one variant of the page; every figure is built from it.
type counts struct {
	*data
	v        variant
	t        timeline
	numbered []numberedEvent

	n        int            // articles in the denominator
	monthN   map[string]int // by month
	dated    int            // articles with a date precise enough for a step
	stepN    []int          // by step
	frameK   map[string]int // articles with the frame, by frame
	stepK    map[string][]int
	mentions int
	shown    []frameInfo // frames with a mention, or those asked for
	silent   []string    // labels of frames without one
	info     map[string]frameInfo
}

func newCounts(d *data, v variant, t timeline, o Options) *counts {
	v.relevant = o.relevant()
	c := &counts{data: d, v: v, t: t, numbered: t.onAxis(d.events), info: map[string]frameInfo{}}
	byMonth := func(g group) (string, bool) { return g.month, true }
	c.monthN = tally(v, d.coverage, byMonth, articles)
	for _, n := range c.monthN {
		c.n += n
	}
	coverage, frames, _ := c.onAxis()
	onStep := tally(v, coverage, byMonth, articles)
	c.stepN = c.steps(onStep)
	for _, n := range onStep {
		c.dated += n
	}
	c.dated -= onStep[""]
	c.frameK = tally(v, d.frameMonths, func(g group) (string, bool) { return g.frame, true }, articles)
	type fm struct{ frame, month string }
	months := tally(v, frames, func(g group) (fm, bool) { return fm{g.frame, g.month}, true }, articles)
	c.stepK = map[string][]int{}
	for k, n := range months {
		if c.stepK[k.frame] == nil {
			c.stepK[k.frame] = make([]int, len(t.steps))
		}
		if at, ok := t.at[k.month]; ok {
			c.stepK[k.frame][at] += n
		}
	}
	for _, n := range tally(v, d.stances, byMonth, mentions) {
		c.mentions += n
	}
	for _, f := range d.frames {
		c.info[f.id] = f
		switch {
		case len(o.Frames) > 0 && !slices.Contains(o.Frames, f.id):
		case c.frameK[f.id] > 0:
			c.shown = append(c.shown, f)
		default:
			c.silent = append(c.silent, f.label)
		}
	}
	return c
}

// onAxis are the groups of the figures with a time axis, whose months are weeks where the axis has weeks.
func (c *counts) onAxis() (coverage, frames, outlets []group) {
	if c.t.by == ByWeek {
		return c.weekCoverage, c.weekFrames, c.weekOutlets
	}
	return c.coverage, c.frameMonths, c.outletMonths
}

func (c *counts) steps(byMonth map[string]int) []int {
	sums := make([]int, len(c.t.steps))
	for m, n := range byMonth {
		if at, ok := c.t.at[m]; ok {
			sums[at] += n
		}
	}
	return sums
}

// in sums months over a span.
func in(s span, byMonth map[string]int) int {
	sum := 0
	for m, n := range byMonth {
		if s.holds(m) {
			sum += n
		}
	}
	return sum
}

// share is the share of articles with the frame in the span.
func (c *counts) share(frame string, s span) stat.Share {
	k := tally(c.v, c.frameMonths, func(g group) (struct{}, bool) { return struct{}{}, g.frame == frame && s.holds(g.month) }, articles)
	return stat.Wilson(k[struct{}{}], in(s, c.monthN))
}

// label is the frame's printed name.
func (c *counts) label(frame string) string {
	if f, ok := c.info[frame]; ok {
		return f.label
	}
	return frame
}

// under reports whether frame is top or stands below it.
func (c *counts) under(frame, top string) bool {
	for range len(c.frames) + 1 {
		if frame == top {
			return true
		}
		parent := c.info[frame].parent
		if parent == "" {
			return false
		}
		frame = parent
	}
	return false
}

// noArticles is the one line that stands for a figure without data.
func (c *counts) noArticles() string {
	if c.facts.articles == 0 {
		return "No articles have been collected yet."
	}
	if c.n == 0 {
		return "There are no " + c.v.noun() + "."
	}
	return ""
}

func (c *counts) noMentions() string {
	if why := c.noArticles(); why != "" {
		return why
	}
	if c.mentions == 0 {
		return "None of these articles mentions a frame of the codebook."
	}
	return ""
}

// fraction is k/n in percent, NaN where n is too small for a percentage.
func fraction(k, n int) float64 {
	if n < fewArticles {
		return math.NaN()
	}
	return 100 * float64(k) / float64(n)
}

// niceTop is the smallest round number of percent that holds v.
func niceTop(v float64) float64 {
	for _, top := range []float64{2, 4, 6, 10, 14, 20, 30, 40, 50, 60, 70, 80, 100} {
		if v <= top {
			return top
		}
	}
	return 100
}

// niceCount is the smallest even round number that holds n.
func niceCount(n int) float64 {
	for unit := 1; ; unit *= 10 {
		for _, m := range []int{2, 4, 6, 10} {
			if n <= m*unit {
				return float64(m * unit)
			}
		}
	}
}

// sortedKeys are the keys by falling count, then by name.
func sortedKeys(m map[string]int) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b string) int { return cmp.Or(cmp.Compare(m[b], m[a]), cmp.Compare(a, b)) })
	return keys
}

// axisNote names what a time chart leaves out or draws specially.
func (c *counts) axisNote() string {
	var notes []string
	if n := len(c.t.steps); n > 1 && c.t.steps[0].partial {
		notes = append(notes, "The first "+c.t.word()+", "+c.t.stepName(c.t.steps[0])+", is not complete.")
	}
	if n := len(c.t.steps); n > 0 && c.t.steps[n-1].partial {
		notes = append(notes, "The last "+c.t.word()+", "+c.t.stepName(c.t.steps[n-1])+", is not complete.")
	}
	if len(c.t.stretches()) > 0 {
		notes = append(notes, "Gray stretches: nothing was collected, which is not zero.")
	}
	if n := c.n - c.dated; n > 0 {
		notes = append(notes, plural(n, "article has", "articles have")+" no date precise enough for a "+c.unit()+" and "+isAre(n)+" not drawn.")
	}
	return join(notes...)
}

// unit is the precision that a date needs to be on the axis.
func (c *counts) unit() string {
	if c.t.by == ByWeek {
		return "week"
	}
	return "month"
}

func isAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// join puts a space between the parts that are not empty.
func join(parts ...string) string {
	out := ""
	for _, p := range parts {
		if p != "" && out != "" {
			out += " "
		}
		out += p
	}
	return out
}
