package charts

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"framewatch/charts/stat"
)

// Limits for small numbers, everywhere: below fewArticles no percentage, below someArticles a hollow mark.
const (
	fewArticles  = 10
	someArticles = 30
	fewHits      = 5 // below this no sentence or title gives a percentage
)

// number prints 11570 as 11,570.
func number(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// plural prints the number with the word in the right form.
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return number(n) + " " + many
}

// percent prints a fraction as a whole percent for sentences.
func percent(p float64) string {
	if p > 0 && p < 0.005 {
		return "under 1%"
	}
	if p < 1 && p > 0.995 {
		return "over 99%"
	}
	return fmt.Sprintf("%.0f%%", math.Round(p*100))
}

// points prints a difference of fractions in whole percentage points, signed, with a true minus.
func points(d float64) string {
	r := int(math.Round(d * 100))
	switch {
	case r < 0:
		return "−" + strconv.Itoa(-r)
	case r > 0:
		return "+" + strconv.Itoa(r)
	}
	return "0"
}

// pointWord is "point" or "points", as the rounded difference needs.
func pointWord(d float64) string {
	if r := math.Round(d * 100); r == 1 || r == -1 {
		return "point"
	}
	return "points"
}

// interval prints a share's interval in whole percents, as 28–34.
func interval(s stat.Share) string {
	return fmt.Sprintf("%.0f–%.0f%%", s.Low*100, s.High*100)
}

// changeInterval prints a change's interval, as −6 to +4, with one decimal where a bound would round to zero.
func changeInterval(c stat.Change) string {
	if points(c.Low) == "0" || points(c.High) == "0" {
		return signed1(c.Low) + " to " + signed1(c.High)
	}
	return points(c.Low) + " to " + points(c.High)
}

// signed1 prints a fraction as points with one decimal and a true minus.
func signed1(d float64) string {
	v := math.Round(d*1000) / 10
	switch {
	case v < 0:
		return fmt.Sprintf("−%.1f", -v)
	case v > 0:
		return fmt.Sprintf("+%.1f", v)
	}
	return "0.0"
}

// smallMark stands in a table before a percentage that rests on few articles or mentions, as hollow marks do in charts.
const smallMark = "○ "

// small is the mark that a percentage of n needs.
func small(n int) string {
	if n < someArticles {
		return smallMark
	}
	return ""
}

// cell prints a share for a table: one decimal, interval and count; a bare count when n is too small for a percentage.
func cell(k, n int) string {
	if n == 0 {
		return "–"
	}
	if n < fewArticles {
		return fmt.Sprintf("%s of %s", number(k), number(n))
	}
	s := stat.Wilson(k, n)
	return fmt.Sprintf("%s%.1f%% (%.1f–%.1f), %s", small(n), s.P*100, s.Low*100, s.High*100, number(k))
}

// part prints k of n as a percent with its count, without an interval, for parts of a whole.
func part(k, n int) string {
	if n == 0 {
		return "–"
	}
	if n < fewArticles {
		return fmt.Sprintf("%s of %s", number(k), number(n))
	}
	return fmt.Sprintf("%s%.1f%% (%s)", small(n), 100*float64(k)/float64(n), number(k))
}

// probability prints a p value.
func probability(p float64) string {
	switch {
	case math.IsNaN(p):
		return "–"
	case p < 0.001:
		return "< 0.001"
	}
	return fmt.Sprintf("%.3f", p)
}

// quote puts typographic quotes around a name.
func quote(s string) string { return "“" + s + "”" }

// shorten cuts s to at most n code points, with an ellipsis.
func shorten(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return strings.TrimSpace(string(r[:n-1])) + "…"
}

func list(items []string) string {
	switch len(items) {
	case 0:
		return ""
	case 1:
		return items[0]
	}
	return strings.Join(items[:len(items)-1], ", ") + " and " + items[len(items)-1]
}

// longDate prints YYYY-MM-DD as Jan 20, 2025, and anything else as it is.
func longDate(s string) string {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return s
	}
	return t.Format("Jan 2, 2006")
}

// monthName prints YYYY-MM as January 2025.
func monthName(m string) string {
	t, err := time.Parse("2006-01", m)
	if err != nil {
		return m
	}
	return t.Format("January 2006")
}

// monthRange prints two months as Aug–Oct 2026 or Dec 2025–Feb 2026.
func monthRange(from, to string) string {
	a, errA := time.Parse("2006-01", from)
	b, errB := time.Parse("2006-01", to)
	switch {
	case errA != nil || errB != nil:
		return from + "–" + to
	case from == to:
		return a.Format("Jan 2006")
	case a.Year() == b.Year():
		return a.Format("Jan") + "–" + b.Format("Jan 2006")
	}
	return a.Format("Jan 2006") + "–" + b.Format("Jan 2006")
}
