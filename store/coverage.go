package store

import (
	"context"
	"strings"
	"time"

	"framewatch/crawler"
)

// covered is what an attempt adds to its source's coverage of the day.
type covered struct {
	fetched, failed, denied, fresh, skipped, polls, pollsFailed, unchanged int
}

// attempt is what the outcome of a page adds.
func attempt(o crawler.Outcome, saved crawler.Saved) covered {
	switch o.State {
	case crawler.Stored:
		c := covered{fetched: 1}
		if saved.New {
			c.fresh = 1
		}
		return c
	case crawler.NotModified:
		return covered{fetched: 1, unchanged: 1}
	case crawler.Rejected:
		return covered{fetched: 1, skipped: 1}
	case crawler.Denied:
		return covered{denied: 1}
	case crawler.Retry:
		if o.Reason == parked {
			return covered{}
		}
	}
	return covered{failed: 1}
}

// polled is what a poll of a feed or sitemap adds.
func polled(reason string) covered {
	switch {
	case reason == "":
		return covered{fetched: 1, polls: 1}
	case reason == parked:
		return covered{} // nothing was asked
	case reason == "robots", reason == "address", reason == "opt_out", strings.HasPrefix(reason, "denied"):
		return covered{denied: 1, polls: 1, pollsFailed: 1}
	}
	return covered{failed: 1, polls: 1, pollsFailed: 1}
}

// cover adds to a source's day. A day on which nothing was tried gets no row.
func cover(ctx context.Context, t *txn, source string, at time.Time, c covered) error {
	if c == (covered{}) {
		return nil
	}
	_, err := t.exec(ctx, `INSERT INTO coverage (source, day, attempted, fetched, failed, denied, new, skipped, polls, polls_failed, unchanged)
		VALUES (?1, ?2, ?3 + ?4 + ?5, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
		ON CONFLICT (source, day) DO UPDATE SET attempted = attempted + excluded.attempted, fetched = fetched + excluded.fetched,
			failed = failed + excluded.failed, denied = denied + excluded.denied, new = new + excluded.new,
			skipped = skipped + excluded.skipped, polls = polls + excluded.polls, polls_failed = polls_failed + excluded.polls_failed,
			unchanged = unchanged + excluded.unchanged`,
		source, at.UTC().Format(time.DateOnly), c.fetched, c.failed, c.denied, c.fresh, c.skipped, c.polls, c.pollsFailed, c.unchanged)
	return err
}
