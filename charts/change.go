package charts

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"framewatch/charts/stat"
)

// windowMonths is the length of the two windows that are compared around an event.
const windowMonths = 3

// window is an event with the days on both sides that are compared, ends excluded.
type window struct {
	numberedEvent
	start, day, end string
	before, after   int // articles
}

// period is both windows as a filter.
func (w window) period() string {
	end, _ := time.Parse(time.DateOnly, w.end)
	return w.start + ".." + end.AddDate(0, 0, -1).Format(time.DateOnly)
}

// windows are the events with at least someArticles on both sides and both windows inside the data.
func (c *counts) windows() []window {
	n := tally(c.v, c.days, func(g group) (string, bool) { return g.month, g.frame == "" }, articles)
	var all []window
	for _, e := range c.numbered {
		day, err := time.Parse(time.DateOnly, e.date)
		if err != nil {
			continue
		}
		w := window{
			numberedEvent: e, day: e.date,
			start: day.AddDate(0, -windowMonths, 0).Format(time.DateOnly), end: day.AddDate(0, windowMonths, 0).Format(time.DateOnly),
		}
		if c.t.lastMonth == "" || w.end[:7] > c.t.lastMonth || w.start[:7] < c.t.first {
			continue
		}
		for d, k := range n {
			switch {
			case d >= w.start && d < w.day:
				w.before += k
			case d >= w.day && d < w.end:
				w.after += k
			}
		}
		if w.before >= someArticles && w.after >= someArticles {
			all = append(all, w)
		}
	}
	return all
}

// frameChange is the change of one frame's share around an event.
type frameChange struct {
	frame frameInfo
	stat.Change
}

// changes compares each shown frame before and after, the largest rise first.
func (c *counts) changes(w window) []frameChange {
	type side struct {
		frame string
		after bool
	}
	k := tally(c.v, c.days, func(g group) (side, bool) {
		return side{g.frame, g.month >= w.day}, g.frame != "" && g.month >= w.start && g.month < w.end
	}, articles)
	var all []frameChange
	for _, f := range c.shown {
		ch := stat.Newcombe(stat.Wilson(k[side{f.id, false}], w.before), stat.Wilson(k[side{f.id, true}], w.after))
		all = append(all, frameChange{f, ch})
	}
	slices.SortStableFunc(all, func(a, b frameChange) int { return cmp.Compare(b.D, a.D) })
	return all
}

// changeFigure shows the change in points with its interval, one event at a time.
func (c *counts) changeFigure(wanted string) (*figure, error) {
	f := &figure{
		ID: "change", of: "articles", Subtitle: "Change in share of articles, three months before and from an event", Lying: true,
		source: []string{"v_article", "v_mention", "v_frame", "v_event"}, query: "change",
	}
	if f.Empty = c.noMentions(); f.Empty != "" {
		return f, nil
	}
	all := c.windows()
	if len(all) == 0 {
		f.Empty = "No event in the period has 30 dated articles in the three months before it and 30 in the three months from it."
		return f, nil
	}
	first := c.firstWindow(all, wanted)
	var err error
	for i, w := range all {
		each, e := c.windowFigure(*f, w)
		if e != nil {
			err = e
			break
		}
		ch := choice{Value: fmt.Sprint(w.number), Label: longDate(w.date) + ": " + shorten(w.label, 70), Figure: each}
		if i == first {
			*f, ch.Figure = *each, nil
		}
		f.Choices = append(f.Choices, ch)
	}
	f.Note = join(c.missedNote(all[first], wanted), f.Note)
	return f, err
}

// missedNote says that the event asked for cannot be compared.
func (c *counts) missedNote(shown window, wanted string) string {
	at, err := findEvent(c.events, wanted)
	if at < 0 || err != nil || c.events[at].label == shown.label && c.events[at].date == shown.date {
		return ""
	}
	return fmt.Sprintf("The event asked for, %s (%s), has fewer than %d dated articles in the three months on one of its sides, or those months lie outside the period; another is shown.",
		c.events[at].label, longDate(c.events[at].date), someArticles)
}

// firstWindow is the wanted event, or the one with the most articles in the three months from it.
func (c *counts) firstWindow(all []window, wanted string) int {
	best := 0
	at, _ := findEvent(c.events, wanted) // the name was looked up when the data were read
	for i, w := range all {
		if at >= 0 && w.date == c.events[at].date && w.label == c.events[at].label {
			return i
		}
		if w.after > all[best].after {
			best = i
		}
	}
	return best
}

func (c *counts) windowFigure(f figure, w window) (*figure, error) {
	changes := c.changes(w)
	spec := intervalSpec{}
	f.Choices = nil
	f.Subtitle = fmt.Sprintf("Change in share of articles, percentage points, with 95%% interval: %s, three months before (n = %s) and from it (n = %s)", longDate(w.date), number(w.before), number(w.after))
	f.Table = table{Caption: fmt.Sprintf("Share of articles before (n = %s) and from the event (n = %s)", number(w.before), number(w.after)), First: "Frame", Columns: []column{
		{Label: "Change, points (95% interval)"}, {Label: "Before", Context: true}, {Label: "From", Context: true}, {Label: "p, Holm", Context: true},
	}}
	f.Data = long{Columns: []string{"event", "frame", "label", "before_k", "before_n", "after_k", "after_n", "change", "low", "high", "p", "p_holm"}}
	var ps []float64
	for _, ch := range changes {
		ps = append(ps, ch.P())
	}
	holm := stat.Holm(ps)
	for i, ch := range changes {
		spec.rows = append(spec.rows, ch.frame.label)
		spec.d, spec.low, spec.high = append(spec.d, ch.D*100), append(spec.low, ch.Low*100), append(spec.high, ch.High*100)
		spec.hollow = append(spec.hollow, !ch.Clear())
		f.Table.Rows = append(f.Table.Rows, row{Head: ch.frame.label, Filter: filter{"frame": ch.frame.id, "period": w.period()}, Cells: []string{
			fmt.Sprintf("%s (%s to %s)", signed1(ch.D), signed1(ch.Low), signed1(ch.High)),
			part(ch.Before.K, ch.Before.N), part(ch.After.K, ch.After.N), probability(holm[i]),
		}})
		f.Data.Rows = append(f.Data.Rows, []any{w.date, ch.frame.id, ch.frame.label, ch.Before.K, w.before, ch.After.K, w.after, round4(ch.D), round4(ch.Low), round4(ch.High), round4(ps[i]), round4(holm[i])})
	}
	option, err := intervals(spec)
	if err != nil {
		return nil, err
	}
	f.Height = 84 + 28*len(changes)
	f.Panels = []panel{{Option: option, Marks: []mark{{Column: 0}, {Column: -1}}}}
	f.Title = changeTitle(changes, w)
	f.Label = "Dots with intervals around zero. " + f.Title + "."
	f.Note = fmt.Sprintf("Hollow dots: the interval includes zero. %d comparisons are made; about %s of them would exclude zero by luck alone. %s Other events fall into the same months. Timing alone does not show cause.",
		len(changes), chance(len(changes)), holmNote(changes, holm))
	return &f, nil
}

// holmNote names the frames that stay clear when all comparisons are counted.
func holmNote(changes []frameChange, holm []float64) string {
	var names []string
	for i, ch := range changes {
		if ch.Clear() && holm[i] < 0.05 {
			names = append(names, quote(ch.frame.label))
		}
	}
	if len(names) == 0 {
		return "After Holm’s correction for their number none is clear."
	}
	return "After Holm’s correction for their number " + list(names) + " " + map[bool]string{true: "is", false: "are"}[len(names) == 1] + " clear."
}

// chance is how many of n independent 95% intervals miss a true zero on average, in words.
func chance(n int) string {
	switch expected := float64(n) * 0.05; {
	case expected < 0.75:
		return fmt.Sprintf("%.1f", expected)
	default:
		return fmt.Sprintf("%.0f", math.Round(expected))
	}
}

func changeTitle(changes []frameChange, w window) string {
	up, down := 0, 0
	for _, ch := range changes {
		if ch.Clear() && ch.D > 0 {
			up++
		} else if ch.Clear() {
			down++
		}
	}
	what := "no frame changed clearly"
	switch {
	case up > 0 && down > 0:
		what = fmt.Sprintf("%s rose and %d fell", plural(up, "frame", "frames"), down)
	case up > 0:
		what = plural(up, "frame", "frames") + " rose"
	case down > 0:
		what = plural(down, "frame", "frames") + " fell"
	}
	return fmt.Sprintf("From %s: %s", longDate(w.date), what)
}
