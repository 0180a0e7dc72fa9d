package store

import (
	"math"
	"strings"
	"time"

	"framewatch/crawler/article"
)

// function is an SQL function that [Query] offers beside SQLite's own. No view uses one, so that every view works in
// any SQLite.
type function struct {
	name string
	args int
	doc  string
	call func(args []any) any // nil for NULL
}

// functions lists them in the order in which they are documented.
func functions() []function {
	return []function{
		{"wilson_low", 2, "wilson_low(k, n): lower end of Wilson's 95 % interval of the share k / n", func(a []any) any {
			return interval(a, func(low, _ float64) float64 { return low })
		}},
		{"wilson_high", 2, "wilson_high(k, n): its upper end", func(a []any) any {
			return interval(a, func(_, high float64) float64 { return high })
		}},
		{"newcombe_low", 4, "newcombe_low(k1, n1, k2, n2): lower end of Newcombe's 95 % interval (his method 10) of the difference k1 / n1 - k2 / n2", func(a []any) any {
			return difference(a, func(low, _ float64) float64 { return low })
		}},
		{"newcombe_high", 4, "newcombe_high(k1, n1, k2, n2): its upper end", func(a []any) any {
			return difference(a, func(_, high float64) float64 { return high })
		}},
		{"month", 1, "month(date): YYYY-MM of a date as printed; NULL if it does not say the month", func(a []any) any {
			return dated(a[0], func(t time.Time) string { return t.Format("2006-01") })
		}},
		{"quarter", 1, "quarter(date): YYYY-Qn of a date or a month; NULL if it does not say the month", func(a []any) any {
			return dated(a[0], func(t time.Time) string {
				return t.Format("2006-Q") + string(rune('1'+(t.Month()-1)/3))
			})
		}},
		{"kwic", 4, "kwic(text, span_start, span_end, width): the span in brackets with width code points on either side, for reading in columns", kwic},
	}
}

// wilson is the score interval of Wilson (1927) at 95 %, without continuity correction.
func wilson(k, n float64) (low, high float64) {
	const zz = 3.841458820694124 // square of the normal quantile at 0.975
	center, half := k+zz/2, math.Sqrt(zz*(k*(n-k)/n+zz/4))
	low, high = (center-half)/(n+zz), (center+half)/(n+zz)
	if k == 0 {
		low = 0
	}
	if k == n {
		high = 1
	}
	return low, high
}

func interval(args []any, pick func(low, high float64) float64) any {
	k, n, ok := counts(args[0], args[1])
	if !ok {
		return nil
	}
	return pick(wilson(k, n))
}

// difference is the hybrid score interval of Newcombe (1998), Statistics in Medicine 17:873, method 10.
func difference(args []any, pick func(low, high float64) float64) any {
	k1, n1, ok1 := counts(args[0], args[1])
	k2, n2, ok2 := counts(args[2], args[3])
	if !ok1 || !ok2 {
		return nil
	}
	p1, p2 := k1/n1, k2/n2
	low1, high1 := wilson(k1, n1)
	low2, high2 := wilson(k2, n2)
	return pick(p1-p2-math.Hypot(p1-low1, high2-p2), p1-p2+math.Hypot(high1-p1, p2-low2))
}

func counts(k, n any) (float64, float64, bool) {
	x, ok1 := number(k)
	y, ok2 := number(n)
	return x, y, ok1 && ok2 && y > 0 && x >= 0 && x <= y
}

func number(v any) (float64, bool) {
	switch v := v.(type) {
	case int64:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}

func dated(v any, format func(time.Time) string) any {
	s, _ := v.(string)
	d, err := article.ParseDate(s)
	if err != nil || d.IsZero() || d.Precision == article.PrecisionYear {
		return nil
	}
	return format(d.Time)
}

func kwic(args []any) any {
	s, ok := args[0].(string)
	start, ok1 := args[1].(int64)
	end, ok2 := args[2].(int64)
	width, ok3 := args[3].(int64)
	text := []rune(s)
	if n := int64(len(text)); !ok || !ok1 || !ok2 || !ok3 || start < 0 || end < start || end > n || width < 0 || width > 1000 {
		return nil
	}
	left, right := text[max(0, start-width):start], text[end:min(int64(len(text)), end+width)]
	line := strings.Repeat(" ", int(width)-len(left)) + string(left) + "[" + string(text[start:end]) + "]" + string(right)
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\r' || r == '\t' {
			return ' '
		}
		return r
	}, line)
}
