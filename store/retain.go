package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Retention says which bodies of stored pages need not be kept. The zero value keeps all.
type Retention struct {
	SeenBefore time.Time // drop those that came last before; zero: whatever their age
	OffTopic   bool      // drop those of articles that the active codebook finds off topic, and those that hold no article
}

// Prunable counts bodies of pages that are, or were, dropped. A page counts once, for the first reason that applies.
type Prunable struct {
	Old       int   `json:"old"`        // came last before the time given
	OffTopic  int   `json:"off_topic"`  // their article is off topic
	NoArticle int   `json:"no_article"` // hold no article
	Bytes     int64 `json:"bytes"`      // as stored, compressed
	Kept      int   `json:"kept"`       // bodies that stay
}

// Pages is how many bodies are dropped.
func (p Prunable) Pages() int { return p.Old + p.OffTopic + p.NoArticle }

// prunableFrom gives each stored body the reason for which it may go, NULL for none.
const prunableFrom = `SELECT p.id, length(p.body) AS size, CASE
		WHEN p.seen < :before THEN 'old'
		WHEN :offtopic AND p.article_id IS NULL THEN 'no article'
		WHEN :offtopic AND t.relevant = 0 THEN 'off topic' END AS reason
	FROM page AS p
	LEFT JOIN topic AS t ON t.article_id = p.article_id AND t.codebook_id = (SELECT id FROM codebook WHERE active = 1)
	WHERE p.body IS NOT NULL`

func (r Retention) args() []any {
	return []any{sql.Named("before", stamp(r.SeenBefore)), sql.Named("offtopic", r.OffTopic)}
}

// Prunable counts what PrunePages would drop.
func (db *DB) Prunable(ctx context.Context, r Retention) (Prunable, error) {
	var p Prunable
	rows, err := db.reader.QueryContext(ctx, `SELECT coalesce(reason, ''), count(*), sum(size) FROM (`+prunableFrom+`) GROUP BY reason`, r.args()...)
	err = each(rows, err, func(s scanner) error {
		var reason string
		var n int
		var size int64
		if err := s.Scan(&reason, &n, &size); err != nil {
			return err
		}
		switch reason {
		case "":
			p.Kept = n
			return nil
		case "old":
			p.Old = n
		case "off topic":
			p.OffTopic = n
		default:
			p.NoArticle = n
		}
		p.Bytes += size
		return nil
	})
	if err == nil && r.OffTopic {
		err = db.requireCodebook(ctx)
	}
	if err != nil {
		return Prunable{}, fmt.Errorf("count stored pages: %w", explain(err))
	}
	return p, nil
}

// requireCodebook refuses to call anything off topic when no codebook has judged.
func (db *DB) requireCodebook(ctx context.Context) error {
	var n int
	if err := db.reader.QueryRowContext(ctx, `SELECT count(*) FROM codebook WHERE active = 1`).Scan(&n); err != nil {
		return err
	}
	if n == 0 {
		return errors.New("no codebook has been used on this database, so nothing is known to be off topic; run \"framewatch analyze\" first")
	}
	return nil
}

// pruneBatch is how many bodies are dropped in one transaction.
const pruneBatch = 500

// PrunePages drops the bodies of stored pages that need not be kept, for good, in many transactions, so that it can be
// stopped at any time. Everything else stays: articles with their texts and revisions, codes, offsets, hashes, addresses,
// counts, and of the pages themselves the address, status, header, size and hash. The space is free for other rows;
// [DB.Compact] gives it back.
func (db *DB) PrunePages(ctx context.Context, r Retention) (Prunable, error) {
	p, err := db.Prunable(ctx, r)
	if err != nil {
		return Prunable{}, err
	}
	for after, more := int64(0), true; more; {
		err := db.write(ctx, "drop pages", func(t *txn) error {
			var ids []int64
			args := append(r.args(), sql.Named("after", after), sql.Named("n", pruneBatch))
			err := t.rows(ctx, func(s scanner) error {
				var id int64
				err := s.Scan(&id)
				ids = append(ids, id)
				return err
			}, `SELECT id FROM (`+prunableFrom+` AND p.id > :after) WHERE reason IS NOT NULL ORDER BY id LIMIT :n`, args...)
			for _, id := range ids {
				if err == nil {
					_, err = t.exec(ctx, `UPDATE page SET body = NULL WHERE id = ?`, id)
				}
				after = id
			}
			more = len(ids) == pruneBatch
			return err
		})
		if err != nil {
			return p, err
		}
	}
	return p, nil
}

// Compact writes the file anew without the space of what was deleted. It needs as much free disk as the file then has.
func (db *DB) Compact(ctx context.Context) error {
	// Deleted rows stay in the journal, too, until it is emptied.
	if err := db.writer.alone(ctx, `VACUUM; PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
		return fmt.Errorf("give back the space: %w", explain(err))
	}
	return nil
}
