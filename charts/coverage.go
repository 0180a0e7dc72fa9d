package charts

import (
	"fmt"
	"math"
	"strings"
)

const namedOutlets = 4

// coverageFigure shows articles per step, stacked by outlet: the largest by name, the rest together.
func (c *counts) coverageFigure() (*figure, error) {
	f := &figure{
		ID: "coverage", of: "articles", Subtitle: "Articles per " + c.t.word() + ", by outlet: " + c.v.noun(), Height: 330,
		source: []string{"v_article", "v_coverage", "v_event"}, query: "coverage", events: true,
	}
	if f.Empty = c.noArticles(); f.Empty != "" {
		return f, nil
	}
	if len(c.t.steps) == 0 {
		f.Empty = "No article has a date precise enough for a " + c.t.word() + "."
		return f, nil
	}
	coverage, _, _ := c.onAxis()
	totals := tally(c.v, coverage, func(g group) (string, bool) { _, ok := c.t.at[g.month]; return g.source, ok }, articles)
	names := sortedKeys(totals)
	type place struct {
		source string
		at     int
	}
	cells := tally(c.v, coverage, func(g group) (place, bool) {
		at, ok := c.t.at[g.month]
		return place{g.source, at}, ok
	}, articles)
	named := names[:min(namedOutlets, len(names))]
	if len(names) == namedOutlets+1 {
		named = names
	}
	bars := c.outletBars(named, len(names), func(source string, at int) int { return cells[place{source, at}] })
	option, err := stackedBars(barSpec{
		categories: c.t.keys(), bars: bars, legend: true, events: c.t.eventMarks(c.numbered), gaps: c.t.stretches(),
	})
	if err != nil {
		return nil, err
	}
	f.Panels = []panel{{Option: option}}
	for i := range bars {
		f.Panels[0].Marks = append(f.Panels[0].Marks, mark{Column: i + 1})
	}
	c.coverageTable(f, named, bars)
	peak := 0
	for i, n := range c.stepN {
		if n > c.stepN[peak] {
			peak = i
		}
	}
	f.Title = fmt.Sprintf("Coverage peaked in %s, at %s", c.t.stepName(c.t.steps[peak]), plural(c.stepN[peak], "article", "articles"))
	if len(c.t.steps) == 1 {
		f.Title = fmt.Sprintf("%s in %s", plural(c.stepN[0], "article", "articles"), c.t.stepName(c.t.steps[0]))
	}
	f.Label = "Stacked bars. " + f.Title + "."
	f.Note = join(c.axisNote(), c.crawlNote())
	for _, source := range names {
		for at, s := range c.t.steps {
			if k := cells[place{source, at}]; k > 0 {
				f.Data.Rows = append(f.Data.Rows, []any{s.key, source, c.outletName[source], k, !s.partial})
			}
		}
	}
	f.Data.Columns = []string{string(c.t.by), "source", "outlet", "articles", "complete"}
	return f, nil
}

func (c *counts) outletBars(named []string, outlets int, count func(source string, at int) int) []bar {
	colors := []string{"@c1", "@c3", "@c2", "@c4", "@c5"}
	rest := append([]int(nil), c.stepN...)
	var bars []bar
	for i, source := range named {
		b := bar{name: shorten(c.outletName[source], 36), color: colors[i%len(colors)], values: make([]float64, len(c.t.steps))}
		for at := range b.values {
			k := count(source, at)
			b.values[at] = float64(k)
			rest[at] -= k
		}
		bars = append(bars, b)
	}
	if outlets > len(named) {
		b := bar{name: fmt.Sprintf("Other outlets (%d)", outlets-len(named)), color: "@c0", values: make([]float64, len(rest))}
		for at, k := range rest {
			b.values[at] = float64(k)
		}
		bars = append(bars, b)
	}
	for i := range bars {
		bars[i].pale = make([]bool, len(c.t.steps))
		for at, s := range c.t.steps {
			bars[i].pale[at] = s.partial
			if s.empty {
				bars[i].values[at] = math.NaN()
			}
		}
	}
	return bars
}

func (c *counts) coverageTable(f *figure, named []string, bars []bar) {
	f.Table = table{Caption: "Articles by " + c.t.word() + " and outlet", First: title(c.t.word()), Columns: []column{{Label: "All outlets", Context: true}}}
	for i, b := range bars {
		col := column{Label: b.name, Filter: filter{"outlet": "!" + strings.Join(named, ",")}}
		if i < len(named) {
			col.Filter = filter{"outlet": named[i]}
		}
		f.Table.Columns = append(f.Table.Columns, col)
	}
	for at, s := range c.t.steps {
		r := row{Head: s.head(), Filter: filter{"period": s.key}}
		if s.empty {
			for range f.Table.Columns {
				r.Cells = append(r.Cells, "not collected")
			}
		} else {
			r.Cells = append(r.Cells, number(c.stepN[at]))
			for _, b := range bars {
				r.Cells = append(r.Cells, number(int(b.values[at])))
			}
		}
		f.Table.Rows = append(f.Table.Rows, r)
	}
}

// crawlNote says on how many days collection ran.
func (c *counts) crawlNote() string {
	if len(c.crawl) == 0 {
		return "The database holds no crawl record: its articles were imported."
	}
	days := 0
	for _, m := range c.crawl {
		days += m.days
	}
	first, last := c.crawl[0].first, c.crawl[len(c.crawl)-1].last
	if first == last {
		return "Collection ran on " + longDate(first) + "."
	}
	return fmt.Sprintf("Collection ran on %s between %s and %s.", plural(days, "day", "days"), longDate(first), longDate(last))
}

// title puts the first letter of an English word in upper case.
func title(s string) string {
	if s == "" {
		return s
	}
	return string(s[0]-'a'+'A') + s[1:]
}
