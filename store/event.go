package store

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// Event is something dated to set beside the series.
type Event struct {
	Date           string // first day, YYYY-MM-DD
	EndDate        string // last day, "" for one day
	Label          string // what happened
	Kind           string // sort of event
	FramesExpected string // ids of frames that it may move, parted by semicolons
	Source         string // who reports the date
	URL            string // where; "" if no address is known
}

// ParseEvents reads a CSV file whose header names the columns date, end_date, label, kind, frames_expected, source and
// url, in any order; date and label must be filled. name is what messages call the file.
func ParseEvents(name string, data []byte) ([]Event, error) {
	in := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	header, err := in.Read()
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: the file is empty; its first line must name the columns, such as date,label,kind", name)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if err := checkColumns(header); err != nil {
		return nil, fmt.Errorf("%s:1: %w", name, err)
	}
	var events []Event
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			return events, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		var e Event
		for i, column := range header {
			*e.field(column) = strings.TrimSpace(row[i])
		}
		if err := e.check(); err != nil {
			line, _ := in.FieldPos(0)
			return nil, fmt.Errorf("%s:%d: %w", name, line, err)
		}
		events = append(events, e)
	}
}

func checkColumns(header []string) error {
	for i, column := range header {
		if new(Event).field(column) == nil {
			return fmt.Errorf("unknown column %q; the columns are date, end_date, label, kind, frames_expected, source, url", column)
		}
		if slices.Contains(header[:i], column) {
			return fmt.Errorf("the column %q comes twice; remove one", column)
		}
	}
	for _, needed := range []string{"date", "label"} {
		if !slices.Contains(header, needed) {
			return fmt.Errorf("the column %q is missing; add it", needed)
		}
	}
	return nil
}

// field is the field of a column, or nil.
func (e *Event) field(column string) *string {
	switch column {
	case "date":
		return &e.Date
	case "end_date":
		return &e.EndDate
	case "label":
		return &e.Label
	case "kind":
		return &e.Kind
	case "frames_expected":
		return &e.FramesExpected
	case "source":
		return &e.Source
	case "url":
		return &e.URL
	}
	return nil
}

func (e *Event) check() error {
	if _, err := time.Parse(time.DateOnly, e.Date); err != nil {
		return fmt.Errorf("date %q is no day; write it as 2025-01-20", e.Date)
	}
	if e.EndDate != "" {
		if _, err := time.Parse(time.DateOnly, e.EndDate); err != nil {
			return fmt.Errorf("end_date %q is no day; write it as 2025-01-20, or leave it empty", e.EndDate)
		}
		if e.EndDate < e.Date {
			return fmt.Errorf("end_date %s is before date %s; swap them", e.EndDate, e.Date)
		}
	}
	if e.Label == "" {
		return errors.New("label is empty; say what happened")
	}
	return nil
}

// LoadEvents puts the events in place of those that are stored, sorted by date.
func (db *DB) LoadEvents(ctx context.Context, events []Event) error {
	events = slices.Clone(events)
	slices.SortStableFunc(events, func(a, b Event) int { return strings.Compare(a.Date, b.Date) })
	return db.write(ctx, "load events", func(t *txn) error {
		if _, err := t.exec(ctx, `DELETE FROM event`); err != nil {
			return err
		}
		for _, e := range events {
			_, err := t.exec(ctx, `INSERT INTO event (date, end_date, label, kind, frames_expected, source, url) VALUES (?, ?, ?, ?, ?, ?, ?)`,
				e.Date, e.EndDate, clean(e.Label), clean(e.Kind), clean(e.FramesExpected), clean(e.Source), clean(e.URL))
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Events lists the stored events by date.
func (db *DB) Events(ctx context.Context) ([]Event, error) {
	rows, err := db.reader.QueryContext(ctx, `SELECT date, end_date, label, kind, frames_expected, source, url FROM event ORDER BY id`)
	var all []Event
	err = each(rows, err, func(r scanner) error {
		var e Event
		err := r.Scan(&e.Date, &e.EndDate, &e.Label, &e.Kind, &e.FramesExpected, &e.Source, &e.URL)
		all = append(all, e)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list events: %w", explain(err))
	}
	return all, nil
}
