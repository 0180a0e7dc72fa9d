package charts

import (
	"cmp"
	"fmt"
	"strings"
	"time"
)

// fact is one labelled number of the page's head or of the method section.
type fact struct {
	Label string `json:"label"`
	Value string `json:"value"`
	Note  string `json:"note,omitempty"`
}

// head are the five figures under the title.
func (c *counts) head(o Options, asOf time.Time) []fact {
	repeats := 0
	for _, k := range c.kinds {
		if c.counted(k) {
			repeats += k.repeats
		}
	}
	note := "of " + number(c.facts.articles) + " collected"
	switch {
	case !c.v.repeats:
		note = "each story once"
	case repeats > 0:
		note = plural(repeats, "of them repeats a story", "of them repeat a story")
	}
	all := []fact{{"Articles", number(c.n), note}}
	all = append(all, fact{"Frame mentions", number(c.mentions), plural(len(c.shown), "frame", "frames") + " found"})
	period := fact{"Period", "–", "no dated article"}
	if len(c.t.steps) > 0 {
		months := len(monthsBetween(c.t.first, c.t.last))
		period = fact{"Period", plural(months, "month", "months"), monthRange(c.t.first, c.t.last)}
		period.Note += "; " + monthRange(c.t.last, c.t.last) + " is "
		if c.t.last > c.t.lastMonth {
			period.Note += "not "
		}
		period.Note += "complete"
	}
	all = append(all, period)
	quality := fact{"Coding accuracy", "not measured", "see Method and quality"}
	if len(o.Quality) > 0 {
		q := o.Quality[0]
		quality = fact{q.Name, fmt.Sprintf("%.2f", q.Value), fmt.Sprintf("95%% interval %.2f–%.2f, n = %s", q.Low, q.High, number(q.N))}
	}
	all = append(all, quality)
	book := fact{"Codebook", plural(len(c.frames), "frame", "frames"), "as of " + asOf.Format("Jan 2, 2006")}
	if print := cmp.Or(o.CodebookFingerprint, c.facts.codebook); print != "" {
		book.Note = print + ", " + book.Note
	}
	if o.Codebook != "" {
		book.Value = o.Codebook
	}
	return append(all, book)
}

func (c *counts) counted(k kind) bool {
	return c.v.counts(group{scope: k.scope, extra: k.extra})
}

// method are the facts on what was collected and what was left out, whatever the switches say.
func (c *counts) method() []fact {
	var collected, relevant, china, undated, press, foreign, repeats, bodiless, begun int
	languages := map[string]int{}
	for _, k := range c.kinds {
		collected += k.articles
		repeats += k.repeats
		switch k.lacks {
		case 2:
			bodiless += k.articles
		case 1:
			begun += k.articles
		}
		if k.scope > 0 {
			relevant += k.articles
			if k.undated {
				undated += k.articles
			}
		}
		if k.scope == 2 {
			china += k.articles
		}
		if k.extra&pressRelease != 0 && k.scope > 0 {
			press += k.articles
		}
		if k.language != "" && k.language != "en" && !strings.HasPrefix(k.language, "en-") {
			foreign += k.articles
			languages[k.language] += k.articles
		}
	}
	of := func(k, n int) string {
		if n < fewArticles {
			return number(k)
		}
		return fmt.Sprintf("%s (%.1f%%)", number(k), 100*float64(k)/float64(n))
	}
	facts := []fact{
		{Label: "Articles collected", Value: number(collected)},
		{Label: "About AI and the U.S. or China", Value: of(relevant, collected)},
		{Label: "About AI and China", Value: of(china, collected)},
		{Label: "Off topic, in no share", Value: of(collected-relevant, collected)},
		{Label: "Press releases among relevant articles", Value: of(press, relevant)},
		{Label: "Date too coarse for a month", Value: of(undated, relevant)},
		{Label: "Not in English, not coded", Value: of(foreign, collected), Note: strings.Join(sortedKeys(languages)[:min(5, len(languages))], ", ")},
		{Label: "Tell a story that another told first", Value: of(repeats, collected), Note: "counted unless switched off"},
		{Label: "Without text below the headline", Value: of(bodiless, collected), Note: "coded by the headline alone"},
		{Label: "Only the beginning is open", Value: of(begun, collected), Note: "coded by what the page shows"},
		{Label: "Outlets", Value: number(len(c.outletName))},
	}
	attempted, failed, denied := 0, 0, 0
	for _, m := range c.crawl {
		attempted, failed, denied = attempted+m.attempted, failed+m.failed, denied+m.denied
	}
	if attempted > 0 {
		facts = append(facts, fact{Label: "Pages asked for", Value: number(attempted)},
			fact{Label: "Failed", Value: of(failed, attempted)}, fact{Label: "Closed to robots, not asked for", Value: number(denied)})
	}
	return facts
}

// qualityFacts are the measured properties of the coding.
func qualityFacts(o Options) []fact {
	var facts []fact
	for _, q := range o.Quality {
		facts = append(facts, fact{q.Name, fmt.Sprintf("%.2f (%.2f–%.2f)", q.Value, q.Low, q.High), fmt.Sprintf("n = %s; %s", number(q.N), q.Interpretation)})
	}
	return facts
}
