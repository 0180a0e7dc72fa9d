package charts

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// What extra in corpus.sql adds up.
const (
	pressRelease = 1
	repeatStory  = 2
)

// variant is one combination of the page's switches.
type variant struct {
	key         string
	denominator Denominator
	press       bool // press releases are counted
	repeats     bool // articles that tell a story again are counted
}

// variants are all combinations; those that count every article come first.
func variants() []variant {
	var all []variant
	for _, repeats := range []bool{true, false} {
		for _, d := range []Denominator{AIAndChina, AIAndEither, AllCollected} {
			for _, press := range []bool{true, false} {
				v := variant{key: string(d), denominator: d, press: press, repeats: repeats}
				if !press {
					v.key += ",no-press"
				}
				if !repeats {
					v.key += ",stories"
				}
				all = append(all, v)
			}
		}
	}
	return all
}

// lowest is the least scope of an article that counts.
func (v variant) lowest() int {
	switch v.denominator {
	case AIAndChina:
		return 2
	case AIAndEither:
		return 1
	}
	return 0
}

func (v variant) counts(g group) bool {
	return g.scope >= v.lowest() && (v.press || g.extra&pressRelease == 0) && (v.repeats || g.extra&repeatStory == 0)
}

// articles names the denominator in words.
func (d Denominator) articles() string {
	switch d {
	case AIAndChina:
		return "articles about AI that name China"
	case AIAndEither:
		return "articles about AI that name the U.S. or China"
	}
	return "all articles collected"
}

// noun is what is counted, as printed in subtitles.
func (v variant) noun() string {
	noun := v.denominator.articles()
	if !v.press {
		noun += ", press releases left out"
	}
	if !v.repeats {
		noun += ", each story once"
	}
	return noun
}

// tally sums get over the groups that count in v, by key. A key with ok false is left out.
func tally[K comparable](v variant, groups []group, key func(group) (K, bool), get func(group) int) map[K]int {
	sums := map[K]int{}
	for _, g := range groups {
		if !v.counts(g) {
			continue
		}
		if k, ok := key(g); ok {
			sums[k] += get(g)
		}
	}
	return sums
}

func articles(g group) int { return g.articles }
func mentions(g group) int { return g.mentions }

// step is one place on a time axis.
type step struct {
	key     string // 2025-01, 2025-Q1 or 2025
	first   string // its first month
	last    string
	partial bool // the stated date falls into it
	empty   bool // nothing was collected: a gap, not a zero
}

// timeline is the time axis that all variants of a report share.
type timeline struct {
	by        Period
	steps     []step
	at        map[string]int // month to place
	left      int            // dated articles that stand too far off to be drawn
	undated   int            // articles whose date is too coarse for a month
	complete  int            // number of leading steps that are complete
	lastMonth string         // last complete month with articles
}

// maxSteps keeps bars and panels readable; longer series get longer steps.
const maxSteps = 120

// newTimeline lays the axis over the months with articles that count in v. Stray dates far before the rest, and dates
// after the stated one, are left off and counted.
func newTimeline(d *data, v variant, asOf time.Time, by Period) timeline {
	t := timeline{at: map[string]int{}}
	counted, collected := map[string]int{}, map[string]int{}
	total := 0
	for _, g := range d.coverage {
		collected[g.month] += g.articles
		if v.counts(g) {
			counted[g.month] += g.articles
			total += g.articles
		}
	}
	t.undated = counted[""]
	delete(counted, "")
	if len(counted) == 0 {
		return t
	}
	first, last := t.bounds(counted, total, asOf)
	months := monthsBetween(first, last)
	t.by = by
	if by == "" {
		t.by = choosePeriod(months, counted)
	}
	t.lay(months, asOf, collected, collectedMonths(d.crawl))
	return t
}

// bounds finds the first and last month drawn: it drops leading months that hold under 1% of the articles and are
// followed by a year without any, and months after the stated date.
func (t *timeline) bounds(counted map[string]int, total int, asOf time.Time) (first, last string) {
	var have []string
	for m := range counted {
		have = append(have, m)
	}
	slices.Sort(have)
	end := asOf.Format("2006-01")
	for len(have) > 1 && have[len(have)-1] > end {
		t.left += counted[have[len(have)-1]]
		have = have[:len(have)-1]
	}
	seen, start := 0, 0
	for i := 0; i+1 < len(have); i++ {
		seen += counted[have[i]]
		if seen*100 >= total {
			break
		}
		if len(monthsBetween(have[i], have[i+1])) > 12 {
			start = i + 1
		}
	}
	for _, m := range have[:start] {
		t.left += counted[m]
	}
	return have[start], have[len(have)-1]
}

func collectedMonths(crawl []crawlMonth) map[string]bool {
	on := map[string]bool{}
	for _, c := range crawl {
		on[c.month] = c.days > 0
	}
	return on
}

// choosePeriod takes the shortest step in which at least half of the steps with articles have fewArticles or more.
func choosePeriod(months []string, counted map[string]int) Period {
	for _, by := range []Period{ByMonth, ByQuarter} {
		n := map[string]int{}
		for _, m := range months {
			n[periodKey(m, by)] += counted[m]
		}
		filled, enough := 0, 0
		for _, k := range n {
			if k > 0 {
				filled++
			}
			if k >= fewArticles {
				enough++
			}
		}
		if enough*2 >= filled && len(n) <= maxSteps {
			return by
		}
	}
	return ByYear
}

func periodKey(month string, by Period) string {
	switch by {
	case ByQuarter:
		return fmt.Sprintf("%s-Q%d", month[:4], (int(month[5]-'0')*10+int(month[6]-'0')+2)/3)
	case ByYear:
		return month[:4]
	}
	return month
}

func (t *timeline) lay(months []string, asOf time.Time, collected map[string]int, crawled map[string]bool) {
	end := asOf.Format("2006-01")
	// A month is complete when the stated date is its last day or later.
	if asOf.AddDate(0, 0, 1).Format("2006-01") != end {
		end = asOf.AddDate(0, 0, 1).Format("2006-01")
	}
	for _, m := range months {
		key := periodKey(m, t.by)
		if n := len(t.steps); n == 0 || t.steps[n-1].key != key {
			t.steps = append(t.steps, step{key: key, first: m, empty: true})
		}
		s := &t.steps[len(t.steps)-1]
		s.last = m
		if collected[m] > 0 || crawled[m] {
			s.empty = false
		}
		t.at[m] = len(t.steps) - 1
		if m < end {
			t.lastMonth = m
		}
	}
	t.complete = len(t.steps)
	if n := len(t.steps); n > 0 && periodEnd(t.steps[n-1].first, t.by) >= end {
		t.steps[n-1].partial = true
		t.complete--
	}
}

// periodEnd is the last month of the period that holds month.
func periodEnd(month string, by Period) string {
	start, _ := time.Parse("2006-01", month)
	switch by {
	case ByQuarter:
		return start.AddDate(0, 2-(int(start.Month())-1)%3, 0).Format("2006-01")
	case ByYear:
		return month[:4] + "-12"
	}
	return month
}

func monthsBetween(first, last string) []string {
	t, err := time.Parse("2006-01", first)
	if err != nil {
		return nil
	}
	var months []string
	for m := first; m <= last && len(months) < 12*400; m = t.Format("2006-01") {
		months = append(months, m)
		t = t.AddDate(0, 1, 0)
	}
	return months
}

func addMonths(month string, n int) string {
	t, err := time.Parse("2006-01", month)
	if err != nil {
		return month
	}
	return t.AddDate(0, n, 0).Format("2006-01")
}

func (t timeline) keys() []string {
	keys := make([]string, len(t.steps))
	for i, s := range t.steps {
		keys[i] = s.key
	}
	return keys
}

// stretches are the runs of steps in which nothing was collected.
func (t timeline) stretches() []stretch {
	var all []stretch
	for i, s := range t.steps {
		if !s.empty {
			continue
		}
		if n := len(all); n > 0 && all[n-1].to == i-1 {
			all[n-1].to = i
		} else {
			all = append(all, stretch{i, i})
		}
	}
	return all
}

// word is what a step is called in a sentence.
func (t timeline) word() string {
	if t.by == "" {
		return "period"
	}
	return string(t.by)
}

// stepName prints a step for prose: January 2025, the first quarter of 2025, 2025.
func (t timeline) stepName(s step) string {
	switch t.by {
	case ByMonth:
		return monthName(s.key)
	case ByQuarter:
		return "Q" + s.key[6:] + " " + s.key[:4]
	}
	return s.key
}

// span is a run of whole months that sentences compare.
type span struct{ first, last string }

func (s span) String() string { return monthRange(s.first, s.last) }

func (s span) holds(month string) bool { return month != "" && month >= s.first && month <= s.last }

// latest is the run of complete months that "now" stands for: three where months are shown, else twelve.
func (t timeline) latest() (now span, ok bool) {
	if t.lastMonth == "" || len(t.steps) == 0 {
		return span{}, false
	}
	length := 3
	if t.by != ByMonth {
		length = 12
	}
	now = span{addMonths(t.lastMonth, 1-length), t.lastMonth}
	if now.first < t.steps[0].first {
		now.first = t.steps[0].first
	}
	return now, true
}

// yearBefore is the same months one year earlier; ok is false where the series does not reach back so far.
func (t timeline) yearBefore(s span) (span, bool) {
	b := span{addMonths(s.first, -12), addMonths(s.last, -12)}
	return b, len(t.steps) > 0 && b.first >= t.steps[0].first
}

// numberedEvent is an event that falls on the axis, with the number it carries on every figure.
type numberedEvent struct {
	event
	number int
	at     int
}

// onAxis numbers the events that fall on the axis, by date.
func (t timeline) onAxis(events []event) []numberedEvent {
	var all []numberedEvent
	for _, e := range events {
		if len(e.date) < 7 {
			continue
		}
		if at, ok := t.at[e.date[:7]]; ok {
			all = append(all, numberedEvent{e, len(all) + 1, at})
		}
	}
	return all
}

// eventMarks are the lines for events, in order of date. Events closer than three months share one label. Years are too
// long a step for a line to say anything.
func (t timeline) eventMarks(events []numberedEvent) []eventMark {
	if t.by == ByYear {
		return nil
	}
	var marks []eventMark
	for i := 0; i < len(events); {
		j, numbers := i, []int{}
		for ; j < len(events) && (j == i || events[j].at == events[i].at || t.by == ByMonth && events[j].at < events[i].at+3); j++ {
			numbers = append(numbers, events[j].number)
			if n := len(marks); j == i || marks[n-1].at != events[j].at {
				marks = append(marks, eventMark{at: events[j].at})
			}
		}
		for k := range marks {
			if marks[k].at == events[i].at {
				marks[k].label = ranges(numbers)
			}
		}
		i = j
	}
	return marks
}

// ranges prints ascending numbers, runs of three and more as 4–7.
func ranges(numbers []int) string {
	var parts []string
	for i := 0; i < len(numbers); {
		j := i
		for j+1 < len(numbers) && numbers[j+1] == numbers[j]+1 {
			j++
		}
		if j-i >= 2 {
			parts = append(parts, fmt.Sprintf("%d–%d", numbers[i], numbers[j]))
			i = j + 1
			continue
		}
		parts = append(parts, fmt.Sprint(numbers[i]))
		i++
	}
	return strings.Join(parts, ",")
}
