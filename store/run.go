package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"framewatch/crawler"
)

// BeginRun registers the sources as outlets, frees what a run that died has left, queues what has robots.txt read again
// where it denied pages, and opens a run.
func (db *DB) BeginRun(ctx context.Context, command string, sources []crawler.Source, at time.Time) (id int64, err error) {
	err = db.write(ctx, "begin run", func(t *txn) error {
		if err := registerSources(ctx, t, sources); err != nil {
			return err
		}
		if err := reviveQueue(ctx, t, at); err != nil {
			return err
		}
		if err := askRobotsAgain(ctx, t, at); err != nil {
			return err
		}
		if _, err := t.exec(ctx, `UPDATE crawl_run SET status = 'died' WHERE status = 'running'`); err != nil {
			return err
		}
		return t.row(ctx, `INSERT INTO crawl_run (command, started, sources) VALUES (?, ?, ?) RETURNING id`,
			clean(command), stamp(at), len(sources)).Scan(&id)
	})
	return id, err
}

// EndRun closes a run with its summary; status is "done", "partial", "stopped" or "failed".
func (db *DB) EndRun(ctx context.Context, id int64, status string, s crawler.Summary, at time.Time) error {
	summary, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return db.write(ctx, "end run", func(t *txn) error {
		_, err := t.exec(ctx, `UPDATE crawl_run SET finished = ?2, status = ?3, sources = ?4, fetched = ?5, new = ?6, failed = ?7,
			skipped = ?8, message = ?9, summary = ?10 WHERE id = ?1`,
			id, stamp(at), status, s.Sources, s.Fetched, s.New, s.Failed, s.Skipped, problems(s.Problems), string(summary))
		return err
	})
}

// problems is the first few, one a line.
func problems(all []crawler.Problem) string {
	var lines []string
	for _, p := range all[:min(len(all), 5)] {
		lines = append(lines, clean(fmt.Sprintf("%s: %s: %s: %s", p.Source, p.URL, p.Reason, p.Detail)))
	}
	if n := len(all) - len(lines); n > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", n))
	}
	return strings.Join(lines, "\n")
}

// Run is one crawl.
type Run struct {
	ID       int64     `json:"id"`
	Command  string    `json:"command"`
	Started  time.Time `json:"started"`
	Finished time.Time `json:"finished,omitzero"` // zero if it has not, or died
	Status   string    `json:"status"`            // running, done, partial, stopped, failed or died
	Sources  int       `json:"sources"`
	Fetched  int       `json:"fetched"`
	New      int       `json:"new"`
	Failed   int       `json:"failed"`
	Skipped  int       `json:"skipped"`
	Message  string    `json:"message"` // first problems
}

// LastRuns lists the n latest runs, the latest first.
func (db *DB) LastRuns(ctx context.Context, n int) ([]Run, error) {
	rows, err := db.reader.QueryContext(ctx, `SELECT id, command, started, finished, status, sources, fetched, new, failed, skipped, message
		FROM crawl_run ORDER BY id DESC LIMIT ?`, n)
	var all []Run
	err = each(rows, err, func(s scanner) error {
		var r Run
		err := s.Scan(&r.ID, &r.Command, (*stamped)(&r.Started), (*stamped)(&r.Finished), &r.Status, &r.Sources, &r.Fetched, &r.New,
			&r.Failed, &r.Skipped, &r.Message)
		all = append(all, r)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list runs: %w", explain(err))
	}
	return all, nil
}
