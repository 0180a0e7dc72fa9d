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
	press       bool   // press releases are counted
	repeats     bool   // articles that tell a story again are counted
	relevant    string // what the gate lets in, in words
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

// articles names the articles of the denominator.
func (v variant) articles() string {
	if v.denominator == AIAndEither && v.relevant != "" {
		return v.relevant
	}
	return v.denominator.articles()
}

// noun is what is counted, as printed in subtitles.
func (v variant) noun() string {
	noun := v.articles()
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
	key     string // 2025-W04, 2025-01, 2025-Q1 or 2025
	first   string // its first month; a week is in the month of its Thursday
	last    string
	partial bool // the period reported begins or ends within it
	empty   bool // nothing was collected: a gap, not a zero
}

// timeline is the time axis that all variants of a report share.
type timeline struct {
	by        Period
	steps     []step
	at        map[string]int // month, or week, to place
	first     string         // first month of the axis
	last      string         // last month of the axis
	left      int            // dated articles that stand too far off to be drawn
	undated   int            // articles whose date is too coarse for a month
	complete  int            // number of leading steps that are complete
	lastMonth string         // last complete month with articles
}

// maxSteps keeps bars and panels readable; longer series get longer steps.
const maxSteps = 120

// newTimeline lays the axis over the months with articles that count in v. Stray dates far before the rest, and dates
// after the stated one, are left off and counted.
func newTimeline(d *data, v variant, asOf time.Time, o Options) timeline {
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
	t.first, t.last = t.bounds(counted, total, asOf)
	months := monthsBetween(t.first, t.last)
	t.by = o.By
	if o.By == "" {
		t.by = choosePeriod(months, counted)
	}
	end := asOf.Format(time.DateOnly)
	if o.To != "" && o.To < end {
		end = o.To
	}
	for _, m := range months {
		if lastOf(m) <= end {
			t.lastMonth = m
		}
	}
	crawled := collectedMonths(d.crawl)
	if t.by == ByWeek {
		t.layWeeks(d, v, crawled)
	} else {
		t.lay(months, collected, crawled)
	}
	t.markPartial(o.From, end)
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

// weekOf is the ISO 8601 week of a day, as 2025-W04; empty if it is no day.
func weekOf(day string) string {
	date, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return ""
	}
	year, week := date.ISOWeek()
	return fmt.Sprintf("%04d-W%02d", year, week)
}

func (t *timeline) lay(months []string, collected map[string]int, crawled map[string]bool) {
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
	}
}

// layWeeks lays weeks from the first to the last that has an article, within the months of the axis.
func (t *timeline) layWeeks(d *data, v variant, crawled map[string]bool) {
	collected, counted := map[string]int{}, map[string]int{}
	for _, g := range d.weekCoverage {
		collected[g.month] += g.articles
		if v.counts(g) {
			counted[g.month] += g.articles
		}
	}
	begin, _ := time.Parse("2006-01", t.first)
	until, _ := time.Parse("2006-01", addMonths(t.last, 1))
	// Thursdays: a week belongs to the year and the month of its Thursday.
	thursday := begin.AddDate(0, 0, (11-int(begin.Weekday()))%7-7)
	for ; thursday.Before(until.AddDate(0, 0, 7)); thursday = thursday.AddDate(0, 0, 7) {
		key, month := weekOf(thursday.Format(time.DateOnly)), thursday.Format("2006-01")
		if len(t.steps) == 0 && counted[key] == 0 {
			continue
		}
		t.steps = append(t.steps, step{key: key, first: month, last: month, empty: collected[key] == 0 && !crawled[month]})
	}
	for n := len(t.steps); n > 0 && counted[t.steps[n-1].key] == 0; n-- {
		t.steps = t.steps[:n-1]
	}
	for i, s := range t.steps {
		t.at[s.key] = i
	}
}

// markPartial marks the steps that the period reported, from one day to another, covers in part.
func (t *timeline) markPartial(from, to string) {
	t.complete = len(t.steps)
	for i := range t.steps {
		first, last := t.days(t.steps[i])
		t.steps[i].partial = first < from || last > to
		if last > to {
			t.complete = min(t.complete, i)
		}
	}
}

// days are the first and the last day of a step.
func (t *timeline) days(s step) (first, last string) {
	if t.by == ByWeek {
		return weekDays(s.key)
	}
	return periodStart(s.first, t.by) + "-01", lastOf(periodEnd(s.first, t.by))
}

// weekDays are the Monday and the Sunday of an ISO week.
func weekDays(week string) (monday, sunday string) {
	var year, number int
	if _, err := fmt.Sscanf(week, "%d-W%d", &year, &number); err != nil {
		return "", ""
	}
	fourth := time.Date(year, 1, 4, 0, 0, 0, 0, time.UTC) // always in the first week
	first := fourth.AddDate(0, 0, 7*(number-1)-(int(fourth.Weekday())+6)%7)
	return first.Format(time.DateOnly), first.AddDate(0, 0, 6).Format(time.DateOnly)
}

// lastOf is the last day of a month.
func lastOf(month string) string {
	next, err := time.Parse("2006-01", addMonths(month, 1))
	if err != nil {
		return month
	}
	return next.AddDate(0, 0, -1).Format(time.DateOnly)
}

// periodStart is the first month of the period that holds month.
func periodStart(month string, by Period) string {
	switch by {
	case ByQuarter:
		return addMonths(periodEnd(month, by), -2)
	case ByYear:
		return month[:4] + "-01"
	}
	return month
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

// holds reports whether the month is one of the axis.
func (t timeline) holds(month string) bool {
	return month != "" && len(t.steps) > 0 && month >= t.first && month <= t.last
}

// place is the step of a day, YYYY-MM-DD.
func (t timeline) place(day string) (int, bool) {
	if len(day) < len("2006-01") {
		return 0, false
	}
	key := day[:7]
	if t.by == ByWeek {
		key = weekOf(day)
	}
	at, ok := t.at[key]
	return at, ok
}

// head is a step as the head of its row in a table.
func (s step) head() string {
	if s.partial {
		return s.key + " (incomplete)"
	}
	return s.key
}

// fine reports whether steps are months or shorter.
func (t timeline) fine() bool { return t.by == ByMonth || t.by == ByWeek }

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

// stepName prints a step for prose: the week of Jan 20, 2025, January 2025, Q1 2025, 2025.
func (t timeline) stepName(s step) string {
	switch t.by {
	case ByWeek:
		monday, _ := weekDays(s.key)
		return "the week of " + longDate(monday)
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

// filter is the span as the period of a filter.
func (s span) filter() string { return s.first + ".." + s.last }

func (s span) holds(month string) bool { return month != "" && month >= s.first && month <= s.last }

// latest is the run of complete months that "now" stands for: three where months are shown, else twelve.
func (t timeline) latest() (now span, ok bool) {
	if t.lastMonth == "" || len(t.steps) == 0 {
		return span{}, false
	}
	length := 12
	if t.fine() {
		length = 3
	}
	now = span{addMonths(t.lastMonth, 1-length), t.lastMonth}
	now.first = max(now.first, t.first)
	return now, true
}

// yearBefore is the same months one year earlier; ok is false where the series does not reach back so far.
func (t timeline) yearBefore(s span) (span, bool) {
	b := span{addMonths(s.first, -12), addMonths(s.last, -12)}
	return b, len(t.steps) > 0 && b.first >= t.first
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
		if at, ok := t.place(e.date); ok {
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
	near := map[Period]int{ByWeek: 13, ByMonth: 3, ByQuarter: 1}[t.by]
	var marks []eventMark
	for i := 0; i < len(events); {
		j, numbers := i, []int{}
		for ; j < len(events) && events[j].at < events[i].at+near; j++ {
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
