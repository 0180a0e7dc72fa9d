package store

import (
	"fmt"
	"time"
)

// The layouts of stored times. Both have a fixed width, so that text order is time order. Records are kept to the
// second; schedules, which decide what comes first, to the millisecond.
const (
	stampLayout   = "2006-01-02T15:04:05Z"
	instantLayout = "2006-01-02T15:04:05.000Z"
)

// stamp formats the time of a record; the zero time, and one that RFC 3339 cannot write, is "".
func stamp(t time.Time) string { return layout(t.UTC(), stampLayout) }

// instant formats a time to schedule by, like stamp.
func instant(t time.Time) string { return layout(t.UTC(), instantLayout) }

// printed formats a time with its own offset, like stamp.
func printed(t time.Time) string { return layout(t, time.RFC3339) }

func layout(t time.Time, as string) string {
	if t.IsZero() || t.Year() < 0 || t.Year() > 9999 {
		return "" // feeds name such years
	}
	return t.Format(as)
}

// parseStamp reads a stored time; "" is the zero time.
func parseStamp(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	return time.Parse(time.RFC3339Nano, s)
}

// stamped scans a stored time.
type stamped time.Time

// Scan implements [database/sql.Scanner].
func (s *stamped) Scan(v any) error {
	text, ok := v.(string)
	if !ok {
		return fmt.Errorf("a time is stored as %T", v)
	}
	t, err := parseStamp(text)
	*s = stamped(t)
	return err
}
