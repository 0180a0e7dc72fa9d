package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"framewatch/crawler/polite"
)

// LoadRobots returns the robots.txt file kept for an origin; ok is false if there is none.
func (db *DB) LoadRobots(ctx context.Context, origin string) (f polite.RobotsFile, ok bool, err error) {
	f.Origin = origin
	err = db.reader.QueryRowContext(ctx, `SELECT fetched, status, body FROM robots WHERE origin = ?`, origin).
		Scan((*stamped)(&f.Fetched), &f.Status, &f.Body)
	if errors.Is(err, sql.ErrNoRows) {
		return polite.RobotsFile{}, false, nil
	}
	if err != nil {
		return polite.RobotsFile{}, false, fmt.Errorf("read robots.txt of %s: %w", origin, explain(err))
	}
	return f, true, nil
}

// SaveRobots replaces the file kept for f.Origin. If its rules have changed, the pages that the one before denied are
// queued again.
func (db *DB) SaveRobots(ctx context.Context, f polite.RobotsFile) error {
	return db.write(ctx, "save robots.txt", func(t *txn) error {
		body := f.Body
		if body == nil {
			body = []byte{}
		}
		_, err := t.exec(ctx, `INSERT INTO robots (origin, fetched, status, body) VALUES (?, ?, ?, ?)
			ON CONFLICT (origin) DO UPDATE SET fetched = excluded.fetched, status = excluded.status, body = excluded.body`,
			f.Origin, instant(f.Fetched), f.Status, body)
		if err != nil || !f.Changed {
			return err
		}
		return reopen(ctx, t, f.Origin, f.Fetched)
	})
}
