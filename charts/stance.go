package charts

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// stanceKinds are the stances in the order of the bars, from the bottom up.
func stanceKinds() []struct{ id, label, color string } {
	return []struct{ id, label, color string }{
		{"asserts", "Asserted", "@c1"}, {"reports", "Reported", "@c0"}, {"contests", "Contested", "@c2"},
	}
}

// stanceBy is the step of stances: mentions are split three ways, so that steps must be longer.
func (c *counts) stanceBy() Period {
	if c.t.by == ByYear {
		return ByYear
	}
	return ByQuarter
}

// stanceStep is the quarter (or year) of a month on the axis.
func (c *counts) stanceStep(month string) (string, bool) {
	if !c.t.holds(month) {
		return "", false
	}
	return periodKey(month, c.stanceBy()), true
}

type stanceAt struct{ step, stance string }

// stanceFigure shows how mentions divide into asserted, reported and contested, per quarter.
func (c *counts) stanceFigure() (*figure, error) {
	word := string(c.stanceBy())
	f := &figure{ID: "stance", of: "mentions", Subtitle: "Share of frame mentions by stance, per " + word, Height: 340, source: []string{"v_mention", "v_article"}, query: "stance"}
	if f.Empty = c.noMentions(); f.Empty != "" {
		return f, nil
	}
	k := tally(c.v, c.stances, func(g group) (stanceAt, bool) {
		s, ok := c.stanceStep(g.month)
		return stanceAt{s, g.stance}, ok
	}, mentions)
	steps, partial := c.stanceSteps()
	if len(steps) == 0 {
		f.Empty = "No mention has a date precise enough for a month."
		return f, nil
	}
	bars := make([]bar, 3)
	f.Table = table{Caption: "Frame mentions by stance and " + word, First: title(word), Columns: []column{{Label: "Mentions", Context: true}}}
	f.Data.Columns = []string{word, "stance", "mentions", "all_mentions"}
	n := make([]int, len(steps))
	for i, kind := range stanceKinds() {
		bars[i] = bar{name: kind.label, color: kind.color}
		f.Table.Columns = append(f.Table.Columns, column{Label: kind.label, Filter: filter{"stance": kind.id}})
		for at, s := range steps {
			n[at] += k[stanceAt{s, kind.id}]
		}
	}
	for at, s := range steps {
		r := row{Head: s, Filter: filter{"period": s}, Cells: []string{number(n[at])}}
		for i, kind := range stanceKinds() {
			m := k[stanceAt{s, kind.id}]
			bars[i].values = append(bars[i].values, fraction(m, n[at]))
			bars[i].pale = append(bars[i].pale, partial && at == len(steps)-1)
			bars[i].hollow = append(bars[i].hollow, n[at] < someArticles)
			r.Cells = append(r.Cells, part(m, n[at]))
			f.Data.Rows = append(f.Data.Rows, []any{s, kind.id, m, n[at]})
		}
		f.Table.Rows = append(f.Table.Rows, r)
	}
	legend := labelEnds(bars)
	option, err := stackedBars(barSpec{categories: steps, bars: bars, percent: true, legend: legend})
	if err != nil {
		return nil, err
	}
	f.Panels = []panel{{Option: option, Marks: []mark{{Column: 1}, {Column: 2}, {Column: 3}}}}
	c.stanceWords(f, n, k, steps, word, partial)
	return f, nil
}

// thinnest is the least share, in percent, beside which two lines of text have room.
const thinnest = 9

// labelEnds puts name and share beside the parts of the last bar. Where one is too thin for its label, a legend is
// needed.
func labelEnds(bars []bar) (legend bool) {
	for i := range bars {
		last := bars[i].values[len(bars[i].values)-1]
		if math.IsNaN(last) || last < thinnest {
			legend = true
			continue
		}
		bars[i].end = fmt.Sprintf("%s\n%.0f%%", bars[i].name, last)
	}
	return legend
}

// stanceSteps are the quarters or years of the axis, and whether the last one is incomplete.
func (c *counts) stanceSteps() (steps []string, partial bool) {
	if len(c.t.steps) == 0 {
		return nil, false
	}
	for _, m := range monthsBetween(c.t.first, c.t.last) {
		key := periodKey(m, c.stanceBy())
		if len(steps) == 0 || steps[len(steps)-1] != key {
			steps = append(steps, key)
		}
	}
	return steps, periodEnd(c.t.last, c.stanceBy()) > c.t.lastMonth
}

func (c *counts) stanceWords(f *figure, n []int, k map[stanceAt]int, steps []string, word string, partial bool) {
	sums, all := map[string]int{}, 0
	for _, s := range steps {
		for _, kind := range stanceKinds() {
			sums[kind.id] += k[stanceAt{s, kind.id}]
			all += k[stanceAt{s, kind.id}]
		}
	}
	lead := sortedKeys(sums)[0]
	for _, kind := range stanceKinds() {
		if kind.id == lead {
			f.Title = fmt.Sprintf("%s of all frame mentions are %s", partWords(sums[lead], all), lower(kind.label))
		}
	}
	f.Label = "Stacked bars to 100%. " + f.Title + "."
	f.Note = "Asserted: the voice uses the frame as a fair description. Reported: it names it and takes no side. Contested: it rejects or doubts it. The voice may be the outlet’s or a speaker’s."
	if slices.ContainsFunc(n, func(x int) bool { return x < someArticles }) {
		f.Note = join(f.Note, "Hollow bars: fewer than 30 mentions; no bar: fewer than 10.")
	}
	if partial {
		f.Note = join(f.Note, "The last "+word+" is not complete.")
	}
	if n := c.undatedMentions(); n > 0 {
		f.Note = join(f.Note, plural(n, "mention", "mentions")+" without a date precise enough for a month "+isAre(n)+" not drawn.")
	}
}

func (c *counts) undatedMentions() int {
	n := 0
	for _, k := range tally(c.v, c.stances, func(g group) (string, bool) { return "", g.month == "" }, mentions) {
		n += k
	}
	return n
}

// partWords is a part of a whole in words: a percentage, or the bare counts when the whole is small.
func partWords(k, n int) string {
	if n < someArticles {
		return fmt.Sprintf("%s of %s", number(k), number(n))
	}
	return percent(float64(k) / float64(n))
}

func lower(s string) string {
	if s == "" {
		return s
	}
	return string(s[0]-'A'+'a') + s[1:]
}

// frameStanceFigure shows for each frame how its mentions divide; the most contested stand first.
func (c *counts) frameStanceFigure() (*figure, error) {
	f := &figure{
		ID: "frame-stance", of: "mentions", Subtitle: "Share of each frame’s mentions by stance, all dates", Lying: true,
		source: []string{"v_mention", "v_article", "v_frame"}, query: "stance",
	}
	if f.Empty = c.noMentions(); f.Empty != "" {
		return f, nil
	}
	k, n := c.stanceByFrame()
	frames := slices.DeleteFunc(slices.Clone(c.shown), func(x frameInfo) bool { return n[x.id] < fewArticles })
	if len(frames) == 0 {
		f.Empty = "No frame has 10 mentions yet."
		return f, nil
	}
	contested := func(x frameInfo) float64 { return float64(k[stanceAt{x.id, "contests"}]) / float64(n[x.id]) }
	slices.SortStableFunc(frames, func(a, b frameInfo) int {
		return cmp.Or(cmp.Compare(contested(b), contested(a)), cmp.Compare(a.id, b.id))
	})
	bars := make([]bar, 3)
	f.Table = table{Caption: "Mentions of each frame by stance", First: "Frame", Columns: []column{{Label: "Mentions", Context: true}}}
	f.Data.Columns = []string{"frame", "label", "stance", "mentions", "all_mentions"}
	var names []string
	for i, kind := range stanceKinds() {
		bars[i] = bar{name: kind.label, color: kind.color}
		f.Table.Columns = append(f.Table.Columns, column{Label: kind.label, Filter: filter{"stance": kind.id}})
	}
	for _, x := range frames {
		names = append(names, x.label)
		r := row{Head: x.label, Filter: filter{"frame": x.id}, Cells: []string{number(n[x.id])}}
		for i, kind := range stanceKinds() {
			m := k[stanceAt{x.id, kind.id}]
			bars[i].values = append(bars[i].values, fraction(m, n[x.id]))
			bars[i].hollow = append(bars[i].hollow, n[x.id] < someArticles)
			r.Cells = append(r.Cells, part(m, n[x.id]))
			f.Data.Rows = append(f.Data.Rows, []any{x.id, x.label, kind.id, m, n[x.id]})
		}
		f.Table.Rows = append(f.Table.Rows, r)
	}
	option, err := stackedBars(barSpec{categories: names, bars: bars, percent: true, horizontal: true, legend: true})
	if err != nil {
		return nil, err
	}
	f.Height = 76 + 28*len(frames)
	f.Panels = []panel{{Option: option, Marks: []mark{{Column: 1}, {Column: 2}, {Column: 3}}}}
	f.Title = "Too few frames have 30 mentions to compare"
	if best, share, ok := c.mostContested(); ok {
		f.Title = fmt.Sprintf("%s is contested most (%s) of frames with %d+ mentions", quote(c.label(best)), percent(share), someArticles)
	} else if c.contestedMentions() == 0 {
		f.Title = "No mention contests its frame"
	}
	f.Label = "Stacked bars to 100%, one per frame. " + f.Title + "."
	f.Note = "Frames with fewer than 10 mentions are left out; hollow bars: fewer than 30. A frame holds the frames below it."
	return f, nil
}

// mostContested is the frame with the greatest share of contesting mentions among those with at least someArticles
// mentions; ok is false where fewer than two have so many, or none is contested fewHits times.
func (c *counts) mostContested() (frame string, share float64, ok bool) {
	k, n := c.stanceByFrame()
	compared := 0
	for _, f := range c.shown {
		if n[f.id] < someArticles {
			continue
		}
		compared++
		if hits := k[stanceAt{f.id, "contests"}]; hits >= fewHits && float64(hits)/float64(n[f.id]) > share {
			frame, share = f.id, float64(hits)/float64(n[f.id])
		}
	}
	return frame, share, compared >= 2 && frame != ""
}

func (c *counts) contestedMentions() int {
	return tally(c.v, c.stances, func(g group) (string, bool) { return g.stance, true }, mentions)["contests"]
}

// stanceByFrame counts mentions by frame and stance, each also for the frames above.
func (c *counts) stanceByFrame() (k map[stanceAt]int, n map[string]int) {
	own := tally(c.v, c.stances, func(g group) (stanceAt, bool) { return stanceAt{g.frame, g.stance}, true }, mentions)
	k, n = map[stanceAt]int{}, map[string]int{}
	for key, m := range own {
		for _, f := range c.frames {
			if c.under(key.step, f.id) {
				k[stanceAt{f.id, key.stance}] += m
				n[f.id] += m
			}
		}
	}
	return k, n
}
