package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"framewatch/crawler"
	"framewatch/crawler/polite"
)

// parked is the reason of what was not asked for because its host had asked for a pause.
const parked = string(polite.Parked)

// Add queues the entries that are not known, and queues again those that have changed since: whose Updated is later than
// any seen before or, if none was, later than the stored page. An address that has answered with a stored article is
// known, whoever named it. It returns how many became due.
func (db *DB) Add(ctx context.Context, entries []crawler.Entry, at time.Time) (added int, err error) {
	err = db.write(ctx, "queue pages", func(t *txn) error {
		added = 0
		for _, e := range entries {
			queued, err := enqueue(ctx, t, e, at)
			if err != nil {
				return fmt.Errorf("%s: %w", e.URL, err)
			}
			if queued {
				added++
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return added, nil
}

func enqueue(ctx context.Context, t *txn, e crawler.Entry, at time.Time) (bool, error) {
	var state string
	err := t.row(ctx, `INSERT INTO frontier (url, found, source, lane, via, guid, title, published, updated, added, due, article_id, state)
		SELECT n.*, o.article_id, iif(o.article_id IS NULL, 'queued', 'stored')
		FROM (SELECT ?1 AS url, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) AS n
		LEFT JOIN article_url AS o ON o.url = n.url AND o.claim IN ('fetched', 'redirect', 'alias')
		WHERE true
		ON CONFLICT (url) DO NOTHING
		RETURNING state`,
		e.URL, clean(e.Found), e.Source, e.Lane, clean(e.Via), clean(e.GUID), clean(e.Title),
		printed(e.Published), // with its offset: it may become the article's date
		stamp(e.Updated), stamp(at), instant(at)).Scan(&state)
	if errors.Is(err, sql.ErrNoRows) {
		return requeue(ctx, t, e, at)
	}
	return state == "queued", err
}

// requeue queues a known page again if it has changed since, and remembers the time of the change.
func requeue(ctx context.Context, t *txn, e crawler.Entry, at time.Time) (bool, error) {
	updated := stamp(e.Updated)
	if updated == "" {
		return false, nil
	}
	r, err := t.exec(ctx, `UPDATE frontier SET state = 'queued', due = ?3, lease = '', attempts = 0, updated = ?2
		WHERE url = ?1 AND state <> 'queued' AND ?2 > updated AND (updated <> '' OR ?2 > fetched)`, e.URL, updated, instant(at))
	if err != nil {
		return false, err
	}
	if n, err := r.RowsAffected(); err != nil || n > 0 {
		return n > 0, err
	}
	_, err = t.exec(ctx, `UPDATE frontier SET updated = ?2 WHERE url = ?1 AND updated < ?2`, e.URL, updated)
	return false, err
}

// Lanes names the lanes that hold a job of one of the sources that is due at now, sorted. A host that has asked for a
// pause has none until it is over.
func (db *DB) Lanes(ctx context.Context, sources []string, now time.Time) ([]string, error) {
	list, err := json.Marshal(sources)
	if err != nil {
		return nil, err
	}
	rows, err := db.reader.QueryContext(ctx, `SELECT DISTINCT lane FROM frontier
		WHERE state = 'queued' AND due <= ?1 AND lease <= ?1 AND source IN (SELECT value FROM json_each(?2))`+notPaused+`
		ORDER BY lane`, instant(now), string(list))
	var lanes []string
	err = each(rows, err, func(r scanner) error {
		var lane string
		if err := r.Scan(&lane); err != nil {
			return err
		}
		lanes = append(lanes, lane)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list lanes: %w", explain(err))
	}
	return lanes, nil
}

// Lease hands out up to n due jobs of a lane, the longest due first, until the given time; a lease that ran out is due
// again.
func (db *DB) Lease(ctx context.Context, lane string, sources []string, now, until time.Time, n int) ([]crawler.Job, error) {
	list, err := json.Marshal(sources)
	if err != nil {
		return nil, err
	}
	var jobs []crawler.Job
	err = db.write(ctx, "lease jobs", func(t *txn) error {
		jobs = nil
		err := t.rows(ctx, func(r scanner) error {
			j, err := scanJob(r)
			jobs = append(jobs, j)
			return err
		}, `SELECT id, url, found, source, lane, via, guid, title, published, updated, attempts + 1, etag, last_modified
			FROM frontier
			WHERE state = 'queued' AND lane = ?2 AND due <= ?1 AND lease <= ?1 AND source IN (SELECT value FROM json_each(?3))`+notPaused+`
			ORDER BY due, id LIMIT ?4`, instant(now), lane, string(list), n)
		if err != nil {
			return err
		}
		for _, j := range jobs {
			if _, err := t.exec(ctx, `UPDATE frontier SET lease = ? WHERE id = ?`, instant(until), j.ID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return jobs, nil
}

func scanJob(r scanner) (crawler.Job, error) {
	var j crawler.Job
	var published, updated string
	err := r.Scan(&j.ID, &j.URL, &j.Found, &j.Source, &j.Lane, &j.Via, &j.GUID, &j.Title, &published, &updated, &j.Attempt,
		&j.ETag, &j.LastModified)
	if err != nil {
		return j, err
	}
	if j.Published, err = parseStamp(published); err != nil {
		return j, err
	}
	j.Updated, err = parseStamp(updated)
	return j, err
}

// Release gives leased jobs back untried.
func (db *DB) Release(ctx context.Context, jobs []crawler.Job) error {
	return db.write(ctx, "release jobs", func(t *txn) error {
		for _, j := range jobs {
			if _, err := t.exec(ctx, `UPDATE frontier SET lease = '' WHERE id = ? AND state = 'queued'`, j.ID); err != nil {
				return err
			}
		}
		return nil
	})
}

// Pending counts the jobs of the sources that wait to be fetched, due or not.
func (db *DB) Pending(ctx context.Context, sources []string) (int, error) {
	list, err := json.Marshal(sources)
	if err != nil {
		return 0, err
	}
	var n int
	err = db.reader.QueryRowContext(ctx, `SELECT count(*) FROM frontier
		WHERE state = 'queued' AND source IN (SELECT value FROM json_each(?))`, string(list)).Scan(&n)
	return n, explain(err)
}

// settle records in the frontier how an attempt ended.
func settle(ctx context.Context, t *txn, o crawler.Outcome, article int64) error {
	if o.State == crawler.Retry {
		// A page that was put off was not tried.
		_, err := t.exec(ctx, `UPDATE frontier SET due = ?2, lease = '', attempts = attempts + ?6, reason = ?3, detail = ?4,
			tried = iif(?6, ?5, tried) WHERE id = ?1`,
			o.Job.ID, instant(o.Next), clean(o.Reason), clean(o.Detail), stamp(o.At), o.Reason != parked)
		return err
	}
	var fetched, etag, modified string
	if o.State == crawler.Stored || o.State == crawler.NotModified {
		fetched = stamp(o.At)
		if o.Page != nil {
			etag, modified = clean(o.Page.Header.Get("ETag")), clean(o.Page.Header.Get("Last-Modified"))
		}
	}
	var id any
	if article != 0 {
		id = article
	}
	_, err := t.exec(ctx, `UPDATE frontier SET state = ?2, lease = '', attempts = attempts + 1, reason = ?3, detail = ?4, tried = ?5,
			fetched = coalesce(nullif(?6, ''), fetched), etag = coalesce(nullif(?7, ''), etag),
			last_modified = coalesce(nullif(?8, ''), last_modified), article_id = coalesce(?9, article_id)
		WHERE id = ?1`, o.Job.ID, string(o.State), clean(o.Reason), clean(o.Detail), stamp(o.At), fetched, etag, modified, id)
	return err
}

// reviveQueue frees the leases that a run left when it died. A clock that was set back would leave jobs parked until it
// has caught up, so those that were scheduled in what is now the future become due.
func reviveQueue(ctx context.Context, t *txn, at time.Time) error {
	_, err := t.exec(ctx, `UPDATE frontier SET lease = '', due = iif(max(tried, added) > ?1, ?2, due)
		WHERE state = 'queued' AND (lease <> '' OR max(tried, added) > ?1)`, stamp(at), instant(at))
	return err
}

// robotsAge is how long a robots.txt is relied on.
const robotsAge = 24 * time.Hour

// askRobotsAgain queues one page of each lane where robots.txt has denied some and is no longer relied on: trying it has
// the file read again, and if that has changed, SaveRobots queues the rest.
func askRobotsAgain(ctx context.Context, t *txn, at time.Time) error {
	_, err := t.exec(ctx, `UPDATE frontier SET state = 'queued', due = ?1, attempts = 0 WHERE id IN (
		SELECT min(id) FROM frontier WHERE state = 'denied' AND reason = 'robots' AND NOT EXISTS (
			SELECT 1 FROM robots WHERE origin IN ('http://' || lane, 'https://' || lane) AND fetched > ?2 AND fetched <= ?1)
		GROUP BY lane)`, instant(at), instant(at.Add(-robotsAge)))
	return err
}

// reopen queues the pages of an origin's lane that robots.txt has denied.
func reopen(ctx context.Context, t *txn, origin string, at time.Time) error {
	_, lane, _ := strings.Cut(origin, "://")
	_, err := t.exec(ctx, `UPDATE frontier SET state = 'queued', due = ?2, attempts = 0 WHERE lane = ?1 AND state = 'denied' AND reason = 'robots'`,
		lane, instant(at))
	return err
}
