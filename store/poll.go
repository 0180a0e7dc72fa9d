package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"framewatch/crawler"
)

// Poll returns the stored state of a feed or sitemap; one never polled gives its Source, URL and zero values.
func (db *DB) Poll(ctx context.Context, source, url string) (crawler.Poll, error) {
	p := crawler.Poll{Source: source, URL: url}
	var last, next string
	err := db.reader.QueryRowContext(ctx, `SELECT kind, etag, last_modified, body_hash, polls, failures, last, next, items, new, reason, detail
		FROM poll WHERE source = ? AND url = ?`, source, url).
		Scan(&p.Kind, &p.ETag, &p.LastModified, &p.BodyHash, &p.Count, &p.Failures, &last, &next, &p.Items, &p.New, &p.Reason, &p.Detail)
	if errors.Is(err, sql.ErrNoRows) {
		return p, nil
	}
	if err == nil {
		p.Last, err = parseStamp(last)
	}
	if err == nil {
		p.Next, err = parseStamp(next)
	}
	if err != nil {
		return p, fmt.Errorf("read the state of %s: %w", url, explain(err))
	}
	return p, nil
}

// SavePoll stores the state and counts the request in the source's coverage of the day of p.Last. A Reason of "" is a
// good poll; one that was put off because the host had asked for a pause counts nowhere.
func (db *DB) SavePoll(ctx context.Context, p crawler.Poll) error {
	return db.write(ctx, "save poll", func(t *txn) error {
		since := ""
		if p.Reason != "" && p.Reason != parked {
			since = stamp(p.Last)
		}
		_, err := t.exec(ctx, `INSERT INTO poll (source, url, kind, etag, last_modified, body_hash, polls, failures, last, next, items,
				new, failing_since, reason, detail)
			VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
			ON CONFLICT (source, url) DO UPDATE SET kind = excluded.kind, etag = excluded.etag, last_modified = excluded.last_modified,
				body_hash = excluded.body_hash, polls = excluded.polls, failures = excluded.failures, last = excluded.last,
				next = excluded.next, items = excluded.items, new = excluded.new, reason = excluded.reason, detail = excluded.detail,
				failing_since = CASE WHEN excluded.reason = '`+parked+`' THEN poll.failing_since
					WHEN excluded.failing_since = '' OR poll.failing_since = '' THEN excluded.failing_since ELSE poll.failing_since END`,
			p.Source, p.URL, p.Kind, clean(p.ETag), clean(p.LastModified), p.BodyHash, p.Count, p.Failures, instant(p.Last), instant(p.Next),
			p.Items, p.New, since, clean(p.Reason), clean(p.Detail))
		if err != nil {
			return err
		}
		at := p.Last
		if at.IsZero() {
			at = db.now()
		}
		return cover(ctx, t, p.Source, at, polled(p.Reason))
	})
}

// PollStatus is how a feed or sitemap does.
type PollStatus struct {
	Source       string    `json:"source"`
	URL          string    `json:"url"`
	Kind         string    `json:"kind"`
	Last         time.Time `json:"last,omitzero"`          // zero if never polled
	Next         time.Time `json:"next,omitzero"`          // zero if not planned
	Items        int       `json:"items"`                  // entries in the last good poll
	Reason       string    `json:"reason"`                 // class of the last failure; "" after a good poll
	Detail       string    `json:"detail"`                 // its message
	FailingSince time.Time `json:"failing_since,omitzero"` // first failure in a row; zero after a good poll
}

// PollStatuses lists the feeds and sitemaps that were ever polled, by source and URL.
func (db *DB) PollStatuses(ctx context.Context) ([]PollStatus, error) {
	rows, err := db.reader.QueryContext(ctx, `SELECT source, url, kind, last, next, items, reason, detail, failing_since
		FROM poll ORDER BY source, url`)
	var all []PollStatus
	err = each(rows, err, func(r scanner) error {
		var p PollStatus
		err := r.Scan(&p.Source, &p.URL, &p.Kind, (*stamped)(&p.Last), (*stamped)(&p.Next), &p.Items, &p.Reason, &p.Detail, (*stamped)(&p.FailingSince))
		all = append(all, p)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list polls: %w", explain(err))
	}
	return all, nil
}
