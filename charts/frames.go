package charts

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"framewatch/charts/stat"
)

// pooledSteps is the window of the pooled line: three months, or four weeks. Longer steps are not pooled.
func (t timeline) pooledSteps() int {
	switch t.by {
	case ByWeek:
		return 4
	case ByMonth:
		return 3
	}
	return 1
}

// latestShare is the share that a frame has "now".
func (c *counts) latestShare(frame string) stat.Share {
	now, ok := c.t.latest()
	if !ok {
		return stat.Wilson(0, 0)
	}
	return c.share(frame, now)
}

// yearChange compares a frame's share now with that of the same months a year earlier.
func (c *counts) yearChange(frame string) (stat.Change, bool) {
	now, ok := c.t.latest()
	if !ok {
		return stat.Change{}, false
	}
	before, ok := c.t.yearBefore(now)
	if !ok {
		return stat.Change{}, false
	}
	ch := stat.Newcombe(c.share(frame, before), c.share(frame, now))
	return ch, enough(ch)
}

// enough says whether both sides have enough articles, and enough hits, to be compared in words.
func enough(ch stat.Change) bool {
	return ch.Before.N >= someArticles && ch.After.N >= someArticles && ch.Before.K+ch.After.K >= 5
}

// byLatest sorts the shown frames by their share now, highest first.
func (c *counts) byLatest() []frameInfo {
	frames := slices.Clone(c.shown)
	slices.SortStableFunc(frames, func(a, b frameInfo) int {
		sa, sb := c.latestShare(a.id), c.latestShare(b.id)
		return cmp.Or(cmp.Compare(sb.K, sa.K), cmp.Compare(c.frameK[b.id], c.frameK[a.id]), cmp.Compare(a.id, b.id))
	})
	return frames
}

// framesFigure is one small panel per frame on one scale.
func (c *counts) framesFigure() (*figure, error) {
	f := &figure{
		ID: "frames", of: "articles", Height: 176, source: []string{"v_article", "v_mention", "v_frame", "v_event"}, query: "frames",
		events: true, switches: true,
	}
	f.Subtitle = "Share of " + c.v.noun() + " that use each frame at least once, per " + c.t.word() + ". Dots: " + c.t.word() + "s. Band: 95% interval."
	if n := c.t.pooledSteps(); n > 1 {
		f.Subtitle += fmt.Sprintf(" Line: %d-%s pooled share.", n, c.t.word())
	}
	if f.Empty = c.noMentions(); f.Empty != "" {
		return f, nil
	}
	if len(c.t.steps) == 0 {
		f.Empty = "No article has a date precise enough for a " + c.t.word() + "."
		return f, nil
	}
	fixed := c.fixedPanel()
	if fixed != nil {
		f.Subtitle += fmt.Sprintf(" Dashed: the same for the %s present in every year.", plural(len(fixed.sources), "outlet", "outlets"))
	}
	frames := c.byLatest()
	top, most, cut := c.panelScale(frames, fixed)
	for i, frame := range frames {
		p, err := c.framePanel(frame, fixed, top, most)
		if err != nil {
			return nil, err
		}
		p.Marks = []mark{{Column: -1}, {Column: -1}, {Column: i + 1}, {Column: i + 1}, {Column: -1}}
		p.Counts = []mark{{Column: i + 1}}
		f.Panels = append(f.Panels, p)
	}
	c.framesTable(f, fixed, frames)
	f.Title = c.framesTitle(frames)
	f.Label = fmt.Sprintf("%d small charts, one per frame. %s.", len(frames), f.Title)
	marks := ""
	if slices.ContainsFunc(c.t.steps, func(s step) bool { return s.partial }) {
		marks = "Diamonds, and paler bars of counts: an incomplete " + c.t.word() + "."
	}
	if cut {
		marks = join(marks, "The highest bands are cut at the top; the table has their ends.")
	}
	f.Note = join("An article can use several frames, so shares do not add to 100%. Hollow dots: fewer than 30 articles; no dot: fewer than 10.", marks,
		c.eventNote(), c.axisNote(), c.silentNote(), c.changeNote(frames))
	return f, nil
}

// changePoints are the places where the level of a frame's share changes, in complete months or quarters.
func (c *counts) changePoints(frame string) []stat.ChangePoint {
	if c.t.by == ByYear {
		return nil
	}
	k := c.stepK[frame]
	if k == nil {
		return nil
	}
	return stat.ChangePoints(k[:c.t.complete], c.stepN[:c.t.complete])
}

// changeNote names the change points of all frames.
func (c *counts) changeNote(frames []frameInfo) string {
	var names []string
	for _, f := range frames {
		for _, p := range c.changePoints(f.id) {
			place := c.t.steps[p.At].key
			if p.First != p.Last {
				place += fmt.Sprintf(" (95%% interval %s to %s)", c.t.steps[p.First].key, c.t.steps[p.Last].key)
			}
			names = append(names, fmt.Sprintf("%s %s, %s to %s", quote(f.label), place, percent(p.Before.P), percent(p.After.P)))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "Triangles on the axis: change points of the " + c.t.word() + "ly counts, with the interval of their place: " + strings.Join(names, "; ") + ". They do not show cause."
}

func (c *counts) eventNote() string {
	if len(c.numbered) == 0 || c.t.by == ByYear {
		return ""
	}
	return "Each panel draws the events that were expected to touch its frame."
}

func (c *counts) silentNote() string {
	if len(c.silent) == 0 {
		return ""
	}
	return "No mention of " + list(c.silent) + "."
}

// pooled are the counts under the line: three months together, or the single longer steps.
func (c *counts) pooled(frame string) (k, n []int) {
	return stat.Pooled(c.stepK[frame], c.stepN, c.t.pooledSteps())
}

// panelScale is the common top of the share axis and of the count axis, and whether bands run over the former. Every dot
// and every line fits; a scale for the widest band would press the rare frames flat.
func (c *counts) panelScale(frames []frameInfo, fixed *fixedPanel) (top, most float64, cut bool) {
	highest, widest, count := 0.0, 0.0, 0
	for _, f := range frames {
		k, n := c.pooled(f.id)
		for at := range c.t.steps {
			own := stat.Wilson(c.stepK[f.id][at], c.stepN[at])
			for _, s := range []stat.Share{stat.Wilson(k[at], n[at]), own} {
				if s.N >= fewArticles {
					highest = math.Max(highest, s.P*100)
				}
			}
			if own.N >= fewArticles {
				widest = math.Max(widest, own.High*100)
			}
			count = max(count, c.stepK[f.id][at])
		}
		if fixed != nil {
			for _, v := range fixed.line(c, f.id) {
				if !math.IsNaN(v) {
					highest = math.Max(highest, v)
				}
			}
		}
	}
	top = niceTop(highest)
	return top, niceCount(count), widest > top
}

func (c *counts) framePanel(f frameInfo, fixed *fixedPanel, top, most float64) (panel, error) {
	spec := lineSpec{
		categories: c.t.keys(), maximum: top, gaps: c.t.stretches(),
		events: c.t.eventMarks(c.expected(f.id)), dotName: "Share", lineName: "Pooled share",
	}
	k, n := c.pooled(f.id)
	var counted []float64
	for at, s := range c.t.steps {
		own := stat.Wilson(c.stepK[f.id][at], c.stepN[at])
		low, high := own.Low*100, own.High*100
		if own.N < fewArticles {
			low, high = math.NaN(), math.NaN()
		}
		line := fraction(k[at], n[at])
		if c.stepN[at] == 0 {
			line = math.NaN()
		}
		spec.low, spec.high = append(spec.low, low), append(spec.high, high)
		spec.dots = append(spec.dots, fraction(own.K, own.N))
		spec.hollow = append(spec.hollow, own.N < someArticles)
		spec.pale = append(spec.pale, s.partial)
		spec.line = append(spec.line, line)
		count := float64(own.K)
		if s.empty {
			count = math.NaN()
		}
		counted = append(counted, count)
	}
	if fixed != nil {
		spec.panel = fixed.line(c, f.id)
	}
	spec.changes = c.changePoints(f.id)
	p := panel{Head: f.label, Sub: c.panelWords(f.id)}
	var err error
	if p.Option, err = sharePanel(spec); err != nil {
		return p, err
	}
	p.Count, err = countPanel(spec, counted, most)
	return p, err
}

// expected are the events on the axis that the event list ties to the frame or one below it.
func (c *counts) expected(frame string) []numberedEvent {
	var all []numberedEvent
	for _, e := range c.numbered {
		if slices.ContainsFunc(e.frames, func(x string) bool { return c.under(x, frame) }) {
			all = append(all, e)
		}
	}
	return all
}

func (c *counts) panelWords(frame string) string {
	now := c.latestShare(frame)
	if now.N < someArticles {
		return fmt.Sprintf("%d of %s now, too few to compare", now.K, number(now.N))
	}
	words := percent(now.P) + " now"
	ch, ok := c.yearChange(frame)
	switch {
	case !ok:
		return words + ", too few to compare"
	case !ch.Clear():
		return words + ", no clear change in a year"
	case ch.D > 0:
		return fmt.Sprintf("%s, up %s %s in a year", words, points(ch.D)[1:], pointWord(ch.D))
	}
	return fmt.Sprintf("%s, down %s %s in a year", words, points(-ch.D)[1:], pointWord(ch.D))
}

func (c *counts) framesTitle(frames []frameInfo) string {
	if len(frames) == 0 {
		return "No frame was found"
	}
	now, ok := c.t.latest()
	s := c.latestShare(frames[0].id)
	if !ok || s.N < someArticles || s.K < 5 {
		most := c.mostUsed(frames)
		return fmt.Sprintf("%s is the commonest frame: %s of %s", quote(most.label), number(c.frameK[most.id]), plural(c.n, "article", "articles"))
	}
	return fmt.Sprintf("%s leads with %s of articles in %s", quote(frames[0].label), percent(s.P), now)
}

// mostUsed is the frame with most articles over all dates.
func (c *counts) mostUsed(frames []frameInfo) frameInfo {
	return slices.MaxFunc(frames, func(a, b frameInfo) int {
		return cmp.Or(cmp.Compare(c.frameK[a.id], c.frameK[b.id]), cmp.Compare(b.id, a.id))
	})
}

func (c *counts) framesTable(f *figure, fixed *fixedPanel, frames []frameInfo) {
	f.Table = table{
		Caption: "Share of articles by frame and " + c.t.word() + ", with 95% Wilson interval and number of articles that use the frame",
		First:   title(c.t.word()), Columns: []column{{Label: "Articles", Context: true}},
	}
	for _, frame := range frames {
		f.Table.Columns = append(f.Table.Columns, column{Label: frame.label, Filter: filter{"frame": frame.id}})
	}
	f.Data.Columns = []string{string(c.t.by), "frame", "label", "articles_with_frame", "articles", "share", "wilson_low", "wilson_high", "fixed_panel_articles_with_frame", "fixed_panel_articles", "complete"}
	for at, s := range c.t.steps {
		r := row{Head: s.head(), Filter: filter{"period": s.key}, Cells: []string{number(c.stepN[at])}}
		if s.empty {
			r.Cells[0] = "not collected"
		}
		for _, frame := range frames {
			k := c.stepK[frame.id][at]
			r.Cells = append(r.Cells, cell(k, c.stepN[at]))
			values := append([]any{s.key, frame.id, frame.label, k, c.stepN[at]}, plain(k, c.stepN[at])...)
			f.Data.Rows = append(f.Data.Rows, append(append(values, fixed.counts(frame.id, at)...), !s.partial))
		}
		f.Table.Rows = append(f.Table.Rows, r)
	}
}

// plain is share, low and high of k/n for data files; nil where n is too small for a percentage.
func plain(k, n int) []any {
	if n < fewArticles {
		return []any{nil, nil, nil}
	}
	s := stat.Wilson(k, n)
	return []any{round4(s.P), round4(s.Low), round4(s.High)}
}

func round4(v float64) float64 { return math.Round(v*1e4) / 1e4 }

// fixedPanel are the outlets that have articles in every calendar year of the axis, with their counts by step. A change
// that shows in all outlets together but not in these may come from the mix of outlets.
type fixedPanel struct {
	sources map[string]bool
	n       []int
	k       map[string][]int
}

// fixedPanel is nil where the axis has a single year, and where all outlets or fewer than two are in the panel.
func (c *counts) fixedPanel() *fixedPanel {
	type sourceYear struct{ source, year string }
	coverage, _, _ := c.onAxis()
	present := tally(c.v, coverage, func(g group) (sourceYear, bool) {
		_, ok := c.t.at[g.month]
		return sourceYear{g.source, g.month[:min(4, len(g.month))]}, ok
	}, articles)
	years, outlets := map[string]bool{}, map[string]int{}
	for key := range present {
		years[key.year] = true
		outlets[key.source]++
	}
	p := &fixedPanel{sources: map[string]bool{}, n: make([]int, len(c.t.steps)), k: map[string][]int{}}
	for source, in := range outlets {
		if in == len(years) {
			p.sources[source] = true
		}
	}
	if len(years) < 2 || len(p.sources) < 2 || len(p.sources) == len(outlets) {
		return nil
	}
	p.count(c)
	return p
}

func (p *fixedPanel) count(c *counts) {
	coverage, _, outlets := c.onAxis()
	for _, g := range coverage {
		if at, ok := c.t.at[g.month]; ok && c.v.counts(g) && p.sources[g.source] {
			p.n[at] += g.articles
		}
	}
	for _, g := range outlets {
		if at, ok := c.t.at[g.month]; ok && c.v.counts(g) && p.sources[g.source] {
			if p.k[g.frame] == nil {
				p.k[g.frame] = make([]int, len(c.t.steps))
			}
			p.k[g.frame][at] += g.articles
		}
	}
}

// line is the panel's share by step in percent, pooled as the line for all outlets is.
func (p *fixedPanel) line(c *counts, frame string) []float64 {
	k, n := p.k[frame], p.n
	if k == nil {
		k = make([]int, len(n))
	}
	k, n = stat.Pooled(k, n, c.t.pooledSteps())
	line := make([]float64, len(n))
	for at := range line {
		line[at] = fraction(k[at], n[at])
		if p.n[at] == 0 {
			line[at] = math.NaN()
		}
	}
	return line
}

// counts are the panel's counts for data files; nil where there is no panel.
func (p *fixedPanel) counts(frame string, at int) []any {
	if p == nil {
		return []any{nil, nil}
	}
	k := 0
	if p.k[frame] != nil {
		k = p.k[frame][at]
	}
	return []any{k, p.n[at]}
}
