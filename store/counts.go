package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"framewatch/analysis"
)

// Counts says how much the database holds.
type Counts struct {
	Articles int `json:"articles"`
	Relevant int `json:"relevant"` // under the active codebook
	Mentions int `json:"mentions"` // by the active codebook
	Pending  int `json:"pending"`  // pages waiting to be fetched
	Stale    int `json:"stale"`    // articles to be analyzed with the active codebook
}

// Counts counts what the database holds.
func (db *DB) Counts(ctx context.Context) (Counts, error) {
	var c Counts
	var fingerprint string
	err := db.reader.QueryRowContext(ctx, `SELECT
		(SELECT count(*) FROM article),
		(SELECT count(*) FROM topic WHERE codebook_id = (SELECT id FROM codebook WHERE active = 1) AND relevant = 1),
		(SELECT count(*) FROM mention WHERE codebook_id = (SELECT id FROM codebook WHERE active = 1)),
		(SELECT count(*) FROM frontier WHERE state = 'queued'),
		coalesce((SELECT fingerprint FROM codebook WHERE active = 1), '')`).
		Scan(&c.Articles, &c.Relevant, &c.Mentions, &c.Pending, &fingerprint)
	if err == nil {
		err = db.reader.QueryRowContext(ctx, `SELECT count(*) `+staleWhere,
			sql.Named("fingerprint", fingerprint), sql.Named("engine", analysis.Engine)).Scan(&c.Stale)
	}
	if err != nil {
		return Counts{}, fmt.Errorf("count: %w", explain(err))
	}
	return c, nil
}

// ErrNoArticle says that there is no article with that number.
var ErrNoArticle = errors.New("no such article")

// Article returns the current text of an article, or [ErrNoArticle].
func (db *DB) Article(ctx context.Context, id int64) (analysis.Document, error) {
	d := analysis.Document{ID: id}
	err := db.reader.QueryRowContext(ctx, `SELECT a.title, coalesce(b.text, ''), a.language, a.text_hash
		FROM article AS a LEFT JOIN article_text AS b ON b.article_id = a.id WHERE a.id = ?`, id).
		Scan(&d.Title, &d.Text, &d.Language, &d.TextHash)
	if errors.Is(err, sql.ErrNoRows) {
		return d, fmt.Errorf("article %d: %w", id, ErrNoArticle)
	}
	if err != nil {
		return d, fmt.Errorf("read article %d: %w", id, explain(err))
	}
	return d, nil
}
