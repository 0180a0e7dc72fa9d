package charts

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"framewatch/charts/stat"
)

const topOutlets = 20

type outletFrame struct{ source, frame string }

// matrix collects the rows of a heatmap and of its table together, so that the two hold the same cells.
type matrix struct {
	table table
	heat  heatSpec
	data  long
}

func newMatrix(first, caption string, columns []frameInfo, link func(frameInfo) filter) *matrix {
	m := &matrix{table: table{Caption: caption, First: first, Columns: []column{{Label: "Articles", Context: true}}}}
	for _, f := range columns {
		m.heat.columns = append(m.heat.columns, f.label)
		m.table.Columns = append(m.table.Columns, column{Label: f.label, Filter: link(f)})
	}
	return m
}

// add appends a row that rests on n articles: the percents of its cells, and their words. Rows too small for a
// percentage are in the table alone, so they must come last.
func (m *matrix) add(name string, link filter, n int, values []float64, words []string) {
	m.table.Rows = append(m.table.Rows, row{Head: name, Filter: link, Cells: append([]string{number(n)}, words...)})
	if n < fewArticles {
		return
	}
	hollow := make([]bool, len(values))
	for i := range hollow {
		hollow[i] = n < someArticles
	}
	m.heat.rows = append(m.heat.rows, shorten(name, 40))
	m.heat.values, m.heat.hollow = append(m.heat.values, values), append(m.heat.hollow, hollow)
}

// fill puts the matrix into its figure.
func (m *matrix) fill(f *figure) error {
	option, err := heatmap(m.heat)
	if err != nil {
		return err
	}
	f.Table, f.Data = m.table, m.data
	f.Height, f.MinWidth = 104+34*len(m.heat.rows), 220+42*len(m.heat.columns)
	f.Panels = []panel{{Option: option, Marks: []mark{{Column: 1, Grid: len(m.heat.columns)}}}}
	return nil
}

// outletsFigure is the matrix outlet × frame: each cell is a share of the outlet's own articles.
func (c *counts) outletsFigure() (*figure, error) {
	f := &figure{
		ID: "outlets", of: "articles", Subtitle: "Percent of each outlet’s " + c.v.noun() + " that use the frame, all dates",
		source: []string{"v_article", "v_mention", "v_frame"}, query: "outlets",
	}
	if c.v.denominator == AllCollected {
		f.Subtitle = "Percent of all articles collected from each outlet that use the frame, all dates"
	}
	if f.Empty = c.noMentions(); f.Empty != "" {
		return f, nil
	}
	n := tally(c.v, c.coverage, func(g group) (string, bool) { return g.source, true }, articles)
	k := tally(c.v, c.outletMonths, func(g group) (outletFrame, bool) { return outletFrame{g.source, g.frame}, true }, articles)
	m := newMatrix("Outlet", "Share of each outlet’s articles that use the frame, with 95% Wilson interval and number of articles",
		c.shown, func(x frameInfo) filter { return filter{"frame": x.id} })
	m.data.Columns = []string{"source", "outlet", "frame", "label", "articles_with_frame", "articles", "share", "wilson_low", "wilson_high"}
	sources := sortedKeys(n)
	for _, source := range sources[:min(topOutlets, len(sources))] {
		var values []float64
		var words []string
		for _, x := range c.shown {
			hits := k[outletFrame{source, x.id}]
			values, words = append(values, fraction(hits, n[source])), append(words, cell(hits, n[source]))
			m.data.Rows = append(m.data.Rows, append([]any{source, c.outletName[source], x.id, x.label, hits, n[source]}, plain(hits, n[source])...))
		}
		m.add(c.outletName[source], filter{"outlet": source}, n[source], values, words)
	}
	if len(m.heat.rows) == 0 {
		f.Empty = "No outlet has 10 articles yet."
		return f, nil
	}
	f.Title = c.outletsTitle(sources, n, k)
	f.Label = "Matrix of outlets and frames. " + f.Title + "."
	f.Note = outletsNote(len(sources), m)
	return f, m.fill(f)
}

func outletsNote(outlets int, m *matrix) string {
	note := "Cells without fill: fewer than 30 articles."
	if small := len(m.table.Rows) - len(m.heat.rows); small > 0 {
		note = join(note, plural(small, "outlet with fewer than 10 articles stands", "outlets with fewer than 10 articles stand")+" in the table alone, without percentages.")
	}
	if outlets > topOutlets {
		note = join(note, fmt.Sprintf("These are the %d outlets with most articles, of %d.", topOutlets, outlets))
	}
	return note
}

// outletsTitle names the outlet that uses the commonest frame most, among those with enough articles, if it is clearly
// ahead of the next; else it gives the range.
func (c *counts) outletsTitle(sources []string, n map[string]int, k map[outletFrame]int) string {
	leads := c.commonest(1)
	var shares []outletShare
	for _, s := range sources {
		if len(leads) > 0 && n[s] >= someArticles {
			shares = append(shares, outletShare{s, stat.Wilson(k[outletFrame{s, leads[0].id}], n[s])})
		}
	}
	slices.SortStableFunc(shares, func(a, b outletShare) int { return cmp.Compare(b.P, a.P) })
	if len(shares) == 0 || shares[0].K == 0 {
		return "No outlet with 30 articles uses a frame often enough to name"
	}
	best, last := shares[0], shares[len(shares)-1]
	switch {
	case len(shares) == 1:
		return fmt.Sprintf("%s: %s of its articles use %s", shorten(c.outletName[best.source], 30), percent(best.P), quote(leads[0].label))
	case stat.Newcombe(shares[1].Share, best.Share).Clear():
		return fmt.Sprintf("%s uses %s most: %s of its articles", shorten(c.outletName[best.source], 30), quote(leads[0].label), percent(best.P))
	}
	return fmt.Sprintf("%s to %s of each outlet’s articles use %s", percent(last.P), percent(best.P), quote(leads[0].label))
}

// outletShare is the share of an outlet's articles that use a frame.
type outletShare struct {
	source string
	stat.Share
}

const topTogether = 10

// togetherFigure is the matrix frame × frame: of the articles with the row's frame, how many use the column's too.
func (c *counts) togetherFigure() (*figure, error) {
	f := &figure{
		ID: "together", of: "articles", Subtitle: "Percent of articles with the row’s frame that also use the column’s frame",
		source: []string{"v_mention", "v_article", "v_frame"}, query: "together",
	}
	if f.Empty = c.noMentions(); f.Empty != "" {
		return f, nil
	}
	frames := c.commonest(topTogether)
	if len(frames) < 2 {
		f.Empty = "Fewer than two frames have 10 articles."
		return f, nil
	}
	k := tally(c.v, c.together, func(g group) (framePair, bool) { return framePair{g.frame, g.other}, true }, articles)
	m := newMatrix("Frame", "Share of the row’s articles that also use the column’s frame; × = ratio to the share among all articles",
		frames, func(x frameInfo) filter { return filter{"with": x.id} })
	m.data.Columns = []string{"frame", "other", "articles_with_both", "articles_with_frame", "share", "ratio"}
	best, bestShare := framePair{}, -1.0
	for _, x := range frames {
		n := c.frameK[x.id]
		var values []float64
		var words []string
		for _, y := range frames {
			if c.under(x.id, y.id) || c.under(y.id, x.id) {
				values, words = append(values, math.NaN()), append(words, "–")
				continue
			}
			both := k[framePair{min(x.id, y.id), max(x.id, y.id)}]
			share, base := float64(both)/float64(n), float64(c.frameK[y.id])/float64(c.n)
			values, words = append(values, fraction(both, n)), append(words, part(both, n)+times(share/base, n))
			m.data.Rows = append(m.data.Rows, []any{x.id, y.id, both, n, round4(share), round4(share / base)})
			if n >= someArticles && share > bestShare {
				best, bestShare = framePair{x.id, y.id}, share
			}
		}
		m.add(x.label, filter{"frame": x.id}, n, values, words)
	}
	f.Title = "No frame has 30 articles yet"
	if bestShare >= 0 {
		f.Title = fmt.Sprintf("%s of %s articles also use %s", percent(bestShare), quote(c.label(best.a)), quote(c.label(best.b)))
	}
	f.Label = "Matrix of frames. " + f.Title + "."
	f.Note = fmt.Sprintf("The %d frames with most articles. Cells without fill: fewer than 30 articles in the row. Empty: a frame with itself or with a frame above or below it.", len(frames))
	return f, m.fill(f)
}

// times is a ratio for a table; nothing where it would rest on too few articles.
func times(ratio float64, n int) string {
	if n < fewArticles || math.IsNaN(ratio) || math.IsInf(ratio, 0) {
		return ""
	}
	return fmt.Sprintf(", ×%.1f", ratio)
}

type framePair struct{ a, b string }

// commonest are the frames with most articles and at least fewArticles.
func (c *counts) commonest(most int) []frameInfo {
	byID := map[string]int{}
	for _, f := range c.shown {
		if c.frameK[f.id] >= fewArticles {
			byID[f.id] = c.frameK[f.id]
		}
	}
	var frames []frameInfo
	for _, id := range sortedKeys(byID) {
		frames = append(frames, c.info[id])
	}
	return frames[:min(most, len(frames))]
}

// headlinesFigure compares how often a frame stands in headlines and in the text.
func (c *counts) headlinesFigure() (*figure, error) {
	f := &figure{
		ID: "headlines", of: "articles", Subtitle: "Share of " + c.v.noun() + " with the frame in the headline, and in the text below it", Lying: true,
		source: []string{"v_mention", "v_article", "v_frame"}, query: "headlines",
	}
	if f.Empty = c.noMentions(); f.Empty != "" {
		return f, nil
	}
	key := func(g group) (string, bool) { return g.frame, true }
	head := tally(c.v, c.headlines, key, func(g group) int { return g.headlines })
	text := tally(c.v, c.headlines, key, func(g group) int { return g.bodies })
	either := tally(c.v, c.headlines, key, articles)
	spec := pairSpec{firstName: "In headlines", lastOf: "In the text"}
	f.Table = table{
		Caption: "Share of " + number(c.n) + " articles by where the frame stands, with 95% Wilson interval and number of articles", First: "Frame",
		Columns: []column{{Label: "Articles with the frame", Context: true}, {Label: "Headline", Filter: filter{"section": "headline"}}, {Label: "Text", Filter: filter{"section": "text"}}, {Label: "Of the articles that use it, in the headline", Context: true}},
	}
	f.Data.Columns = []string{"frame", "label", "articles_headline", "articles_text", "articles_either", "articles"}
	best, bestShare := "", 0.0
	var frames []frameInfo
	for _, id := range sortedKeys(either) {
		if _, ok := c.info[id]; ok && c.isShown(id) {
			frames = append(frames, c.info[id])
		}
	}
	small := c.n < someArticles
	for _, x := range frames {
		spec.rows = append(spec.rows, x.label)
		spec.first, spec.last = append(spec.first, fraction(head[x.id], c.n)), append(spec.last, fraction(text[x.id], c.n))
		spec.firstHollow, spec.lastHollow = append(spec.firstHollow, small), append(spec.lastHollow, small)
		f.Table.Rows = append(f.Table.Rows, row{Head: x.label, Filter: filter{"frame": x.id}, Cells: []string{
			number(either[x.id]), cell(head[x.id], c.n), cell(text[x.id], c.n), part(head[x.id], either[x.id]),
		}})
		f.Data.Rows = append(f.Data.Rows, []any{x.id, x.label, head[x.id], text[x.id], either[x.id], c.n})
		if share := float64(head[x.id]) / float64(either[x.id]); either[x.id] >= someArticles && share > bestShare {
			best, bestShare = x.id, share
		}
	}
	option, err := pairedDots(spec)
	if err != nil {
		return nil, err
	}
	f.Height = 76 + 32*len(frames)
	f.Panels = []panel{{Option: option, Marks: []mark{{Column: -1}, {Column: 1}, {Column: 2}}}}
	f.Title = "No frame has 30 articles with a headline mention yet"
	if best != "" {
		f.Title = fmt.Sprintf("%s reaches the headline most: %s of its articles", quote(c.label(best)), percent(bestShare))
	}
	f.Label = "Paired dots. " + f.Title + "."
	f.Note = fmt.Sprintf("n = %s articles.", number(c.n))
	return f, nil
}

func (c *counts) isShown(frame string) bool {
	for _, f := range c.shown {
		if f.id == frame {
			return true
		}
	}
	return false
}
