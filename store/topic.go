package store

import (
	"context"
	"database/sql"
	"errors"

	"framewatch/analysis"
)

func saveTopic(ctx context.Context, t *txn, article, codebook int64, topic analysis.Topic) error {
	_, err := t.exec(ctx, `INSERT INTO topic (article_id, codebook_id, about_ai, names_us, names_china, relevant, reason)
		VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (article_id, codebook_id) DO UPDATE SET about_ai = excluded.about_ai, names_us = excluded.names_us,
			names_china = excluded.names_china, relevant = excluded.relevant, reason = excluded.reason`,
		article, codebook, topic.AboutAI, topic.NamesUS, topic.NamesChina, topic.Relevant, topic.Reason)
	return err
}

// relevant is what the gate's codebook has said about an article before.
func (db *DB) relevant(ctx context.Context, t *txn, article int64) (bool, error) {
	if db.gate == nil {
		return false, nil
	}
	var yes bool
	err := t.row(ctx, `SELECT t.relevant FROM topic AS t JOIN codebook AS c ON c.id = t.codebook_id
		WHERE t.article_id = ? AND c.fingerprint = ?`, article, db.gate.Codebook().Fingerprint()).Scan(&yes)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return yes, err
}
