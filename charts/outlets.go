package charts

import (
	"fmt"
	"math"
)

const topOutlets = 20

type outletFrame struct{ source, frame string }

// outletsFigure is the matrix outlet × frame: each cell is a share of the outlet's own articles.
func (c *counts) outletsFigure() (*figure, error) {
	f := &figure{
		ID: "outlets", Subtitle: "Percent of each outlet’s " + c.v.noun() + " that use the frame, all dates",
		source: []string{"v_article", "v_mention", "v_frame"}, query: "outlets", MinWidth: 560,
	}
	if c.v.denominator == AllCollected {
		f.Subtitle = "Percent of all articles collected from each outlet that use the frame, all dates"
	}
	if f.Empty = c.noMentions(); f.Empty != "" {
		return f, nil
	}
	n := tally(c.v, c.coverage, func(g group) (string, bool) { return g.source, true }, articles)
	k := tally(c.v, c.outlets, func(g group) (outletFrame, bool) { return outletFrame{g.source, g.frame}, true }, articles)
	sources := sortedKeys(n)
	rest := max(0, len(sources)-topOutlets)
	sources = sources[:min(topOutlets, len(sources))]
	frames := c.shown
	spec := heatSpec{}
	f.Table = table{Caption: "Share of each outlet’s articles that use the frame, with 95% Wilson interval and number of articles", First: "Outlet", Columns: []column{{Label: "Articles", Context: true}}}
	f.Data.Columns = []string{"source", "outlet", "frame", "label", "articles_with_frame", "articles", "share", "wilson_low", "wilson_high"}
	for _, x := range frames {
		spec.columns = append(spec.columns, x.label)
		f.Table.Columns = append(f.Table.Columns, column{Label: x.label, Filter: filter{"frame": x.id}})
	}
	for _, source := range sources {
		r := row{Head: c.outletName[source], Filter: filter{"outlet": source}, Cells: []string{number(n[source])}}
		var values []float64
		var hollow []bool
		for _, x := range frames {
			hits := k[outletFrame{source, x.id}]
			values = append(values, fraction(hits, n[source]))
			hollow = append(hollow, n[source] < someArticles)
			r.Cells = append(r.Cells, cell(hits, n[source]))
			f.Data.Rows = append(f.Data.Rows, append([]any{source, c.outletName[source], x.id, x.label, hits, n[source]}, plain(hits, n[source])...))
		}
		f.Table.Rows = append(f.Table.Rows, r)
		// Outlets stand by falling n, so those too small for a percentage are the last rows, in the table alone.
		if n[source] >= fewArticles {
			spec.rows = append(spec.rows, shorten(c.outletName[source], 40))
			spec.values, spec.hollow = append(spec.values, values), append(spec.hollow, hollow)
		}
	}
	if len(spec.rows) == 0 {
		f.Empty = "No outlet has 10 articles yet."
		return f, nil
	}
	option, err := heatmap(spec)
	if err != nil {
		return nil, err
	}
	f.Height, f.MinWidth = 84+34*len(spec.rows), 130+46*len(frames)
	f.Panels = []panel{{Option: option, Marks: []mark{{Column: 1, Grid: len(frames)}}}}
	f.Title = c.outletsTitle(sources, n, k)
	f.Label = "Matrix of outlets and frames. " + f.Title + "."
	f.Note = "Cells without fill: fewer than 30 articles."
	if small := len(sources) - len(spec.rows); small > 0 {
		f.Note = join(f.Note, plural(small, "outlet with fewer than 10 articles stands", "outlets with fewer than 10 articles stand")+" in the table alone, without percentages.")
	}
	if rest > 0 {
		f.Note = join(f.Note, fmt.Sprintf("The %d outlets with most articles; %d more are in the data.", topOutlets, rest))
	}
	return f, nil
}

// outletsTitle names the outlet that uses the commonest frame most, among those with enough articles.
func (c *counts) outletsTitle(sources []string, n map[string]int, k map[outletFrame]int) string {
	lead := sortedKeys(c.frameK)[0]
	best, share := "", -1.0
	for _, s := range sources {
		if p := fraction(k[outletFrame{s, lead}], n[s]); n[s] >= someArticles && p > share {
			best, share = s, p
		}
	}
	if best == "" || math.IsNaN(share) {
		return "No outlet has 30 articles yet"
	}
	return fmt.Sprintf("%s uses %s most: %s of its articles", shorten(c.outletName[best], 30), quote(c.label(lead)), percent(share/100))
}

const topTogether = 10

// togetherFigure is the matrix frame × frame: of the articles with the row's frame, how many use the column's too.
func (c *counts) togetherFigure() (*figure, error) {
	f := &figure{
		ID: "together", Subtitle: "Percent of articles with the row’s frame that also use the column’s frame",
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
	type pair struct{ a, b string }
	k := tally(c.v, c.together, func(g group) (pair, bool) { return pair{g.frame, g.other}, true }, articles)
	spec := heatSpec{}
	f.Table = table{Caption: "Share of the row’s articles that also use the column’s frame; × = ratio to the share among all articles", First: "Frame", Columns: []column{{Label: "Articles", Context: true}}}
	f.Data.Columns = []string{"frame", "other", "articles_with_both", "articles_with_frame", "share", "ratio"}
	best, bestShare := pair{}, -1.0
	for _, x := range frames {
		spec.columns, spec.rows = append(spec.columns, x.label), append(spec.rows, x.label)
		f.Table.Columns = append(f.Table.Columns, column{Label: x.label})
	}
	for _, x := range frames {
		n := c.frameK[x.id]
		r := row{Head: x.label, Filter: filter{"frame": x.id}, Cells: []string{number(n)}}
		var values []float64
		var hollow []bool
		for _, y := range frames {
			hollow = append(hollow, n < someArticles)
			if c.under(x.id, y.id) || c.under(y.id, x.id) {
				values, r.Cells = append(values, math.NaN()), append(r.Cells, "–")
				continue
			}
			both := k[pair{min(x.id, y.id), max(x.id, y.id)}]
			values = append(values, fraction(both, n))
			share, base := float64(both)/float64(n), float64(c.frameK[y.id])/float64(c.n)
			r.Cells = append(r.Cells, fmt.Sprintf("%s, ×%.1f", part(both, n), share/base))
			f.Data.Rows = append(f.Data.Rows, []any{x.id, y.id, both, n, round4(share), round4(share / base)})
			if n >= someArticles && share > bestShare {
				best, bestShare = pair{x.id, y.id}, share
			}
		}
		spec.values, spec.hollow = append(spec.values, values), append(spec.hollow, hollow)
		f.Table.Rows = append(f.Table.Rows, r)
	}
	option, err := heatmap(spec)
	if err != nil {
		return nil, err
	}
	f.Height, f.MinWidth = 84+34*len(frames), 130+46*len(frames)
	f.Panels = []panel{{Option: option, Marks: []mark{{Column: 1, Grid: len(frames)}}}}
	f.Title = "No frame has 30 articles yet"
	if bestShare >= 0 {
		f.Title = fmt.Sprintf("%s of %s articles also use %s", percent(bestShare), quote(c.label(best.a)), quote(c.label(best.b)))
	}
	f.Label = "Matrix of frames. " + f.Title + "."
	f.Note = fmt.Sprintf("The %d frames with most articles. Cells without fill: fewer than 30 articles in the row. Empty: a frame with itself or with a frame above or below it.", len(frames))
	return f, nil
}

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
		ID: "headlines", Subtitle: "Share of " + c.v.noun() + " with the frame in the headline, and in the text below it", Lying: true,
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
		Caption: "Articles by where the frame stands, with 95% Wilson interval and number of articles", First: "Frame",
		Columns: []column{{Label: "Headline", Filter: filter{"section": "headline"}}, {Label: "Text", Filter: filter{"section": "text"}}, {Label: "Of the articles that use it, in the headline", Context: true}},
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
			cell(head[x.id], c.n), cell(text[x.id], c.n), part(head[x.id], either[x.id]),
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
	f.Panels = []panel{{Option: option, Marks: []mark{{Column: -1}, {Column: 0}, {Column: 1}}}}
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
