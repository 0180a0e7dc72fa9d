package article

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Precision is how exactly a date is known; "" is not at all.
type Precision string

// The precisions of a [Date].
const (
	PrecisionTime  Precision = "time"
	PrecisionDay   Precision = "day"
	PrecisionMonth Precision = "month"
	PrecisionYear  Precision = "year"
)

// Date is a point in time as it was printed. Time keeps the printed offset,
// so that its calendar day is the outlet's, and is cut to seconds. A time
// printed without a zone is kept as if it were UTC. For coarser precisions
// Time is the first moment, in UTC, of the day, month or year. The zero value
// is an unknown date.
type Date struct {
	Time      time.Time
	Precision Precision
}

// String gives the shortest form that [ParseDate] reads back:
// "2025-01-20T13:00:00-05:00", "2025-01-20", "2025-01", "2025" or "".
func (d Date) String() string {
	switch d.Precision {
	case PrecisionTime:
		return d.Time.Format(time.RFC3339)
	case PrecisionDay:
		return d.Time.Format(time.DateOnly)
	case PrecisionMonth:
		return d.Time.Format("2006-01")
	case PrecisionYear:
		return d.Time.Format("2006")
	}
	return ""
}

// IsZero tells whether the date is unknown.
func (d Date) IsZero() bool { return d.Precision == "" }

// rxISO matches ISO 8601 and RFC 3339 with their usual liberties: a blank for
// the T, slashes or dots for dashes, no seconds, a fraction, an offset with or
// without a colon, with or without a blank before it.
var rxISO = regexp.MustCompile(`^(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2})(?:(?:[Tt]|,? +|, ?)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)? ?(.*))?)?)?$`)

// rxCompact matches 20250120, 20250120T130000 and 20250120130000, each with an
// optional offset.
var rxCompact = regexp.MustCompile(`^((?:19|20)\d{2})(\d{2})(\d{2})(?:[Tt]?(\d{2})(\d{2})(\d{2})?(.*))?$`)

// rxWords matches dates with a month name, in either order, with an optional
// weekday before and an optional time of day after or before it.
var (
	rxMonthFirst = regexp.MustCompile(`^(\pL{3,9})\.? +(\d{1,2})(?:st|nd|rd|th)?,? +(\d{4})(?:,?(?: at| [-–—|•·])? +(.*))?$`)
	rxDayFirst   = regexp.MustCompile(`^(\d{1,2})(?:st|nd|rd|th|\.)?[ -](?:of )?(\pL{3,9})\.?,?[ -](\d{4})(?:,?(?: at| [-–—|•·])? +(.*))?$`)
	rxMonthYear  = regexp.MustCompile(`^(\pL{3,9})\.?,? +(\d{4})$`)
	rxWeekday    = regexp.MustCompile(`^(?i:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?i:day)?\.?,? +`)
	rxNumeric    = regexp.MustCompile(`^(\d{1,2})([./-])(\d{1,2})[./-](\d{4})(?:,? +(.*))?$`)
	rxClock      = regexp.MustCompile(`^(\d{1,2})(?:[:.](\d{2})(?::(\d{2}))?)?(?: ?([AaPp])\.?[Mm]\.?)?(?: ?\(?([A-Za-z+−-][^)]*)\)?)?$`)
	rxClockFirst = regexp.MustCompile(`^(\d{1,2}:\d{2}(?: ?[AaPp]\.?[Mm]\.?)?(?: [A-Z]{2,4})?),? +(?:on +)?(.+)$`)
	rxCtime      = regexp.MustCompile(`^(\pL{3}) +(\d{1,2}) (\d{2}:\d{2}:\d{2}) (?:([A-Z]{2,5}|[+-]\d{4}) )?(\d{4})$`)
	rxOffset     = regexp.MustCompile(`^(?:(?:UTC|GMT|UT) ?)?([+−-])(\d{1,2}):?(\d{2})?(?: ?\(.*\))?$`)
	rxUnix       = regexp.MustCompile(`^1?\d{9}(?:\d{3})?$`)
)

// ParseDate reads a date as publishers print it: RFC 3339 and its usual
// variants, RFC 1123, "January 20, 2025 1:00 PM EST", "20 January 2025", Unix
// seconds or milliseconds, a day, a month ("2025-01", "January 2025") or a
// year. The empty string is the zero Date. "03/04/2025", which one country
// reads as March and the next as April, is an error.
func ParseDate(s string) (Date, error) {
	in := strings.Join(strings.Fields(s), " ")
	if in == "" {
		return Date{}, nil
	}
	d, ok := parseDate(in)
	if !ok {
		return Date{}, fmt.Errorf("date %q: want a time such as 2025-01-20T13:00:00-05:00, a day (2025-01-20), a month (2025-01) or a year (2025)", clip(in, 60))
	}
	return d, nil
}

func parseDate(s string) (Date, bool) {
	if m := rxISO.FindStringSubmatch(s); m != nil {
		return isoDate(m)
	}
	if m := rxCompact.FindStringSubmatch(s); m != nil {
		return compactDate(m)
	}
	if rxUnix.MatchString(s) {
		return unixDate(s)
	}
	s = rxWeekday.ReplaceAllString(s, "")
	if m := rxMonthFirst.FindStringSubmatch(s); m != nil {
		return wordDate(m[3], m[1], m[2], m[4])
	}
	if m := rxDayFirst.FindStringSubmatch(s); m != nil {
		return wordDate(m[3], m[2], m[1], m[4])
	}
	if m := rxCtime.FindStringSubmatch(s); m != nil {
		return wordDate(m[5], m[1], m[2], strings.TrimSpace(m[3]+" "+m[4]))
	}
	if m := rxMonthYear.FindStringSubmatch(s); m != nil {
		if mon := monthNamed(m[1]); mon > 0 {
			return dateOf(atoi(m[2]), mon, 0)
		}
	}
	if m := rxNumeric.FindStringSubmatch(s); m != nil {
		return numericDate(m)
	}
	if m := rxClockFirst.FindStringSubmatch(s); m != nil && !rxClockFirst.MatchString(m[2]) {
		if d, ok := parseDate(m[2]); ok && d.Precision == PrecisionDay {
			return withClock(d, m[1])
		}
	}
	return Date{}, false
}

func isoDate(m []string) (Date, bool) {
	d, ok := dateOf(atoi(m[1]), atoi(m[2]), atoi(m[3]))
	if !ok || m[4] == "" {
		return d, ok && (m[2] == "" || d.Precision != PrecisionYear) && (m[3] == "" || d.Precision == PrecisionDay)
	}
	return withTime(d, atoi(m[4]), atoi(m[5]), atoi(m[6]), m[7])
}

func compactDate(m []string) (Date, bool) {
	d, ok := dateOf(atoi(m[1]), atoi(m[2]), atoi(m[3]))
	if !ok || d.Precision != PrecisionDay {
		return Date{}, false
	}
	if m[4] == "" {
		return d, true
	}
	return withTime(d, atoi(m[4]), atoi(m[5]), atoi(m[6]), m[7])
}

func unixDate(s string) (Date, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return Date{}, false
	}
	if len(s) > 10 {
		n /= 1000
	}
	return Date{Time: time.Unix(n, 0).UTC(), Precision: PrecisionTime}, true
}

func wordDate(year, month, day, clock string) (Date, bool) {
	mon := monthNamed(month)
	if mon == 0 || atoi(day) == 0 {
		return Date{}, false
	}
	d, ok := dateOf(atoi(year), mon, atoi(day))
	if !ok || clock == "" {
		return d, ok
	}
	return withClock(d, clock)
}

func numericDate(m []string) (Date, bool) {
	a, b := atoi(m[1]), atoi(m[3])
	if m[2] == "." || a > 12 { // dots are written day first everywhere
		a, b = b, a
	} else if b <= 12 && a != b {
		return Date{}, false
	}
	if a == 0 || b == 0 {
		return Date{}, false
	}
	d, ok := dateOf(atoi(m[4]), a, b)
	if !ok || m[5] == "" {
		return d, ok
	}
	return withClock(d, m[5])
}

// dateOf builds a date from year, month and day, where 0 means not given.
func dateOf(year, month, day int) (Date, bool) {
	if year < 1400 || year > 2999 || month < 0 || month > 12 {
		return Date{}, false
	}
	p := PrecisionDay
	switch {
	case month == 0:
		p, month, day = PrecisionYear, 1, 1
	case day == 0:
		p, day = PrecisionMonth, 1
	}
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	return Date{Time: t, Precision: p}, t.Day() == day
}

// withClock adds a time of day such as "1:00 PM EST" to a day.
func withClock(d Date, clock string) (Date, bool) {
	m := rxClock.FindStringSubmatch(clock)
	if m == nil || m[2] == "" && m[4] == "" {
		return d, true // text after the date that is no time of day
	}
	h := atoi(m[1])
	switch m[4] {
	case "a", "A":
		h %= 12
	case "p", "P":
		h = h%12 + 12
	}
	return withTime(d, h, atoi(m[2]), atoi(m[3]), m[5])
}

func withTime(d Date, h, min, sec int, zone string) (Date, bool) {
	if h == 24 && min == 0 && sec == 0 {
		h, d.Time = 0, d.Time.AddDate(0, 0, 1)
	}
	if h > 23 || min > 59 || sec > 60 {
		return Date{}, false
	}
	y, mon, day := d.Time.Date()
	return Date{Time: time.Date(y, mon, day, h, min, min59(sec), 0, zoneNamed(zone)), Precision: PrecisionTime}, true
}

// min59 folds a leap second into the second before it.
func min59(sec int) int { return min(sec, 59) }

// zoneNamed reads an offset or a zone abbreviation. The North American ones
// mean what RFC 5322 §4.3 says; an unknown or empty zone is UTC.
func zoneNamed(s string) *time.Location {
	s = strings.TrimSpace(s)
	if m := rxOffset.FindStringSubmatch(s); m != nil {
		sec := atoi(m[2])*3600 + atoi(m[3])*60
		if m[1] != "+" {
			sec = -sec
		}
		if sec == 0 || sec < -14*3600 || sec > 15*3600 {
			return time.UTC
		}
		return time.FixedZone("", sec)
	}
	name, _, _ := strings.Cut(strings.ToUpper(s), " ")
	half := halfHours(strings.Trim(name, "().,"))
	if half == 0 {
		return time.UTC
	}
	return time.FixedZone("", half*1800)
}

// halfHours is the offset of a zone abbreviation in half hours. Where one is
// used twice (CST, IST) the more frequent one in English news wins.
func halfHours(zone string) int {
	switch zone {
	case "EDT":
		return -8
	case "EST", "ET", "CDT":
		return -10
	case "CST", "CT", "MDT":
		return -12
	case "MST", "MT", "PDT":
		return -14
	case "PST", "PT":
		return -16
	case "BST", "CET", "WEST":
		return 2
	case "CEST", "EET", "SAST":
		return 4
	case "EEST", "MSK":
		return 6
	case "IST":
		return 11
	case "HKT", "SGT", "AWST":
		return 16
	case "JST", "KST":
		return 18
	case "AEST":
		return 20
	case "AEDT":
		return 22
	}
	return 0
}

// monthNamed gives the number of an English month name or its abbreviation,
// 0 if it is none.
func monthNamed(s string) int {
	s = strings.ToLower(s)
	if s == "sept" {
		return 9
	}
	for m := time.January; m <= time.December; m++ {
		if full := strings.ToLower(m.String()); s == full || s == full[:3] {
			return int(m)
		}
	}
	return 0
}

// atoi reads digits that a pattern has already checked; "" is 0.
func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

// clip shortens s to at most n code points.
func clip(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i] + "…"
		}
		n--
	}
	return s
}
