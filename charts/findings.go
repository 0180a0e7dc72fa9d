package charts

import (
	"fmt"
	"net/url"
	"slices"

	"framewatch/charts/stat"
)

// finding is one sentence or two about the data: the number, what it is, the claim, its evidence, and the figure that
// shows it. Every finding is computed from the rows of that figure.
type finding struct {
	Number  string `json:"number"`
	Caption string `json:"caption"`
	Lead    string `json:"lead"`
	Text    string `json:"text"`
	Figure  string `json:"figure"`
	Filter  filter `json:"filter,omitempty"` // the passages behind it
}

// Address is the part of the page's address that opens the passages behind a finding.
func (f finding) Address() string {
	values := url.Values{}
	for k, v := range f.Filter {
		values.Set(k, v)
	}
	return "#!" + values.Encode()
}

const mostFindings = 6

// findings are the sentences for the top of the page. A change is called a rise or a fall only when its interval
// excludes zero, and no sentence speaks of cause.
func (c *counts) findings(wanted string) []finding {
	var all []finding
	if c.mentions == 0 || len(c.t.steps) == 0 {
		return nil
	}
	frames := c.byLatest()
	if len(frames) > 0 {
		all = append(all, c.leadFinding(frames)...)
		all = append(all, c.trendFindings(frames)...)
	}
	all = append(all, c.eventFinding(wanted)...)
	all = append(all, c.contestedFinding()...)
	all = append(all, c.voiceFinding()...)
	return all[:min(mostFindings, len(all))]
}

func (c *counts) leadFinding(frames []frameInfo) []finding {
	f := frames[0]
	now, ok := c.t.latest()
	s := c.share(f.id, now)
	if !ok || s.N < someArticles || s.K < 5 {
		most := c.mostUsed(frames)
		return []finding{{
			Number: number(c.frameK[most.id]), Caption: "articles, all dates", Figure: "frames", Filter: filter{"frame": most.id},
			Lead: quote(most.label) + " is the most common frame.",
			Text: fmt.Sprintf("%s of %s use it. Too few articles in %s to compare (%d).",
				number(c.frameK[most.id]), plural(c.n, "article", "articles"), now, s.N),
		}}
	}
	text := fmt.Sprintf("It appeared in %s of articles in %s (95%% interval %s; n = %s).", percent(s.P), now, interval(s), number(s.N))
	if ch, ok := c.yearChange(f.id); ok {
		text += " " + yearWords(ch)
	}
	level := ""
	if len(frames) > 1 && c.share(frames[1].id, now).K == s.K {
		level = ", level with " + quote(frames[1].label) + ","
	}
	return []finding{{
		Number: percent(s.P), Caption: "of articles, " + now.String(), Figure: "frames", Filter: filter{"frame": f.id, "period": now.filter()},
		Lead: quote(f.label) + " was the most common frame" + level + " in the latest " + c.latestWord() + ".", Text: text,
	}}
}

func (c *counts) latestWord() string {
	if c.t.fine() {
		return "three months"
	}
	return "twelve months"
}

func yearWords(ch stat.Change) string {
	if !ch.Clear() {
		return fmt.Sprintf("A year earlier it was %s; the difference, %s %s (95%% interval %s), is too small to call a change.",
			percent(ch.Before.P), points(ch.D), pointWord(ch.D), changeInterval(ch))
	}
	return fmt.Sprintf("A year earlier it was %s (change %s %s, 95%% interval %s).", percent(ch.Before.P), points(ch.D), pointWord(ch.D), changeInterval(ch))
}

// trendFindings are the largest clear rise and the largest clear fall between the two halves of the series.
func (c *counts) trendFindings(frames []frameInfo) []finding {
	early, late, ok := c.halves()
	if !ok {
		return nil
	}
	var up, down frameChange
	var ps []float64
	compared := 0
	for _, f := range frames {
		ch := frameChange{f, stat.Newcombe(c.share(f.id, early), c.share(f.id, late))}
		if !enough(ch.Change) {
			continue
		}
		compared++
		ps = append(ps, ch.P())
		if ch.Clear() && ch.D > up.D {
			up = ch
		}
		if ch.Clear() && ch.D < down.D {
			down = ch
		}
	}
	if compared == 0 {
		return []finding{{
			Number: "–", Caption: "no comparison", Figure: "frames", Lead: "Too few articles to compare two periods.",
			Text: fmt.Sprintf("%s in %s, %s in %s.", number(in(early, c.monthN)), early, number(in(late, c.monthN)), late),
		}}
	}
	var all []finding
	for _, ch := range []frameChange{up, down} {
		if ch.frame.id == "" {
			continue
		}
		verb, more := "rose", "more"
		if ch.D < 0 {
			verb, more = "fell", "less"
		}
		all = append(all, finding{
			Number: points(ch.D) + " pts", Caption: late.String() + " vs. " + early.String(), Figure: "frames",
			Filter: filter{"frame": ch.frame.id, "period": span{early.first, late.last}.filter()},
			Lead:   fmt.Sprintf("%s is %s common than before.", quote(ch.frame.label), more),
			Text: fmt.Sprintf("It %s from %s to %s of articles (change %s %s, 95%% interval %s; n = %s, %s), the most of %d frames compared. %s",
				verb, percent(ch.Before.P), percent(ch.After.P), points(ch.D), pointWord(ch.D), changeInterval(ch.Change),
				number(ch.Before.N), number(ch.After.N), compared, holmWords(ch.Change, ps)),
		})
	}
	if len(all) == 0 {
		all = append(all, finding{
			Number: fmt.Sprintf("0 of %d", compared), Caption: "frames, " + late.String() + " vs. " + early.String(), Figure: "frames", Lead: "No frame shows a clear change between the two periods.",
			Text: fmt.Sprintf("For each of %d frames the 95%% interval of the difference includes zero (n = %s, %s).",
				compared, number(in(early, c.monthN)), number(in(late, c.monthN))),
		})
	}
	return all
}

func (c *counts) eventFinding(wanted string) []finding {
	all := c.windows()
	if len(all) == 0 {
		return nil
	}
	w := all[c.firstWindow(all, wanted)]
	var best frameChange
	changes := c.changes(w)
	var ps []float64
	for _, ch := range changes {
		ps = append(ps, ch.P())
		if ch.Clear() && abs(ch.D) > abs(best.D) {
			best = ch
		}
	}
	if best.frame.id == "" {
		return []finding{{
			Number: fmt.Sprintf("0 of %d", len(changes)), Caption: "frames, three months from vs. before", Figure: "change",
			Lead: fmt.Sprintf("No clear change of any frame in the three months from %s.", longDate(w.date)),
			Text: fmt.Sprintf("%s: for each frame the 95%% interval includes zero (n = %s before, %s from it).", w.label, number(w.before), number(w.after)),
		}}
	}
	verb := "rose"
	if best.D < 0 {
		verb = "fell"
	}
	return []finding{{
		Number: points(best.D) + " pts", Caption: "three months from vs. before", Figure: "change",
		Filter: filter{"frame": best.frame.id, "period": w.period()},
		Lead:   fmt.Sprintf("%s %s in the three months from %s.", quote(best.frame.label), verb, longDate(w.date)),
		Text: fmt.Sprintf("%s: from %s to %s of articles (change %s %s, 95%% interval %s; n = %s, %s), the most of %d frames compared. %s Timing alone does not show cause.",
			w.label, percent(best.Before.P), percent(best.After.P), points(best.D), pointWord(best.D), changeInterval(best.Change), number(w.before), number(w.after),
			len(changes), holmWords(best.Change, ps)),
	}}
}

// holmWords says whether a change is also clear when all comparisons made are counted; ps are their p values, its own
// among them.
func holmWords(ch stat.Change, ps []float64) string {
	if len(ps) < 2 {
		return ""
	}
	if stat.Holm(ps)[slices.Index(ps, ch.P())] < 0.05 {
		return "It is also clear after Holm’s correction for their number."
	}
	return "It is not clear after Holm’s correction for their number."
}

func abs(v float64) float64 {
	if v < 0 {
		return -v
	}
	return v
}

// contestedFinding tells how mentions divide by stance, and which frame is contested most.
func (c *counts) contestedFinding() []finding {
	_, n := c.stanceByFrame()
	sums := tally(c.v, c.stances, func(g group) (string, bool) { return g.stance, true }, mentions)
	if c.mentions < someArticles {
		return nil
	}
	s := stat.Wilson(sums["contests"], c.mentions)
	text := fmt.Sprintf("%s of %s mentions (95%% interval %s); %s were asserted and %s reported without taking a side.",
		number(sums["contests"]), number(c.mentions), interval(s), number(sums["asserts"]), number(sums["reports"]))
	if best, share, ok := c.mostContested(); ok {
		text += fmt.Sprintf(" %s was contested most of frames with at least %d mentions: in %s of its %s.",
			quote(c.label(best)), someArticles, percent(share), number(n[best]))
	}
	told := finding{
		Number: percent(s.P), Caption: "of mentions contested, all dates", Figure: "frame-stance", Filter: filter{"stance": "contests"},
		Lead: fmt.Sprintf("%s of frame mentions are contested.", sentenceStart(percent(s.P))), Text: text,
	}
	if s.K < fewHits {
		told.Number, told.Lead = number(s.K), "Hardly a frame mention is contested."
		told.Caption = "mentions contested, all dates"
	}
	return []finding{told}
}

// sentenceStart begins a sentence with a number word such as "under 1%".
func sentenceStart(s string) string {
	if s[0] >= 'a' && s[0] <= 'z' {
		return title(s)
	}
	return s
}

func (c *counts) voiceFinding() []finding {
	own := tally(c.v, c.speakers, func(g group) (string, bool) { return g.voice, true }, mentions)
	if c.mentions < someArticles {
		return nil
	}
	s := stat.Wilson(own["author"], c.mentions)
	return []finding{{
		Number: percent(s.P), Caption: "of mentions, all dates", Figure: "speakers", Filter: filter{"voice": "own"},
		Lead: "The outlets’ own voice carries " + percent(s.P) + " of frame mentions.",
		Text: fmt.Sprintf("%s of %s mentions stand in an outlet’s own narration (95%% interval %s), %s are attributed to a speaker.",
			number(own["author"]), number(c.mentions), interval(s), number(c.mentions-own["author"])),
	}}
}
