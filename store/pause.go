package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"framewatch/crawler/polite"
)

// LoadPause returns the pause that a host asked for last; ok is false if it never did.
func (db *DB) LoadPause(ctx context.Context, lane string) (p polite.Pause, ok bool, err error) {
	p.Lane = lane
	err = db.reader.QueryRowContext(ctx, `SELECT asked, until, status FROM pause WHERE lane = ?`, lane).
		Scan((*stamped)(&p.Asked), (*stamped)(&p.Until), &p.Status)
	if errors.Is(err, sql.ErrNoRows) {
		return polite.Pause{}, false, nil
	}
	if err != nil {
		return polite.Pause{}, false, fmt.Errorf("read the pause of %s: %w", lane, explain(err))
	}
	return p, true, nil
}

// SavePause replaces the pause of p.Lane. Until it is over, none of the lane's jobs is handed out.
func (db *DB) SavePause(ctx context.Context, p polite.Pause) error {
	return db.write(ctx, "save pause", func(t *txn) error {
		_, err := t.exec(ctx, `INSERT INTO pause (lane, asked, until, status) VALUES (?, ?, ?, ?)
			ON CONFLICT (lane) DO UPDATE SET asked = excluded.asked, until = excluded.until, status = excluded.status`,
			p.Lane, instant(p.Asked), instant(p.Until), p.Status)
		return err
	})
}

// notPaused keeps the jobs of hosts that want to be left alone at the time ?1 from being handed out. A pause that was
// asked for later than that comes from a clock that was wrong.
const notPaused = ` AND NOT EXISTS (SELECT 1 FROM pause WHERE pause.lane = frontier.lane AND pause.until > ?1 AND pause.asked <= ?1)`

// Paused is a host that wants to be left alone.
type Paused struct {
	Lane    string    `json:"lane"`
	Asked   time.Time `json:"asked"`
	Until   time.Time `json:"until"`
	Status  int       `json:"status"`  // HTTP status of the answer that asked for it
	Pending int       `json:"pending"` // pages that wait
}

// PausedLanes lists the hosts that want to be left alone at a time, by name.
func (db *DB) PausedLanes(ctx context.Context, now time.Time) ([]Paused, error) {
	rows, err := db.reader.QueryContext(ctx, `SELECT lane, asked, until, status,
			(SELECT count(*) FROM frontier WHERE frontier.lane = pause.lane AND state = 'queued')
		FROM pause WHERE until > ?1 AND asked <= ?1 ORDER BY lane`, instant(now))
	var all []Paused
	err = each(rows, err, func(r scanner) error {
		var p Paused
		err := r.Scan(&p.Lane, (*stamped)(&p.Asked), (*stamped)(&p.Until), &p.Status, &p.Pending)
		all = append(all, p)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list pauses: %w", explain(err))
	}
	return all, nil
}
