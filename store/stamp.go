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

// stamp formats the time of a record; the zero time is "".
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(stampLayout)
}

// instant formats a time to schedule by; the zero time is "".
func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(instantLayout)
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
