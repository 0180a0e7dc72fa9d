package store

import (
	"context"
	"database/sql"
	"errors"

	"framewatch/analysis"
	"framewatch/crawler/article"
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
		WHERE t.article_id = ? AND c.fingerprint = ?`, article, db.print).Scan(&yes)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return yes, err
}

// judge stores what the gate says about the article; without a gate nothing is known.
func (db *DB) judge(ctx context.Context, t *txn, id int64, a arrival) (relevant bool, err error) {
	if db.gate == nil {
		return false, nil
	}
	topic := db.gate.Topic(analysis.Document{
		ID: id, Title: a.article.Title, Text: a.article.Text, Language: a.article.Language, TextHash: a.hash,
	})
	codebook, err := db.register(ctx, t, db.gate.Codebook(), analysis.Engine)
	if err != nil {
		return false, err
	}
	return topic.Relevant, saveTopic(ctx, t, id, codebook, topic)
}

// rejudge judges the current text in another language, and makes the article stale: language is part of what is coded.
func (db *DB) rejudge(ctx context.Context, t *txn, id int64, language string) (bool, error) {
	a := arrival{article: article.Article{Language: language}}
	err := t.row(ctx, `SELECT a.title, coalesce(b.text, ''), a.text_hash FROM article AS a
		LEFT JOIN article_text AS b ON b.article_id = a.id WHERE a.id = ?`, id).Scan(&a.article.Title, &a.article.Text, &a.hash)
	if err != nil {
		return false, err
	}
	if _, err := t.exec(ctx, `UPDATE analysis SET text_hash = '' WHERE article_id = ?`, id); err != nil {
		return false, err
	}
	relevant, err := db.judge(ctx, t, id, a)
	if err != nil || relevant {
		return relevant, err
	}
	// An article that does not count has no mentions; without a gate nothing was judged.
	_, err = t.exec(ctx, `DELETE FROM mention WHERE article_id = ?1 AND codebook_id IN (SELECT codebook_id FROM topic WHERE article_id = ?1 AND relevant = 0)`, id)
	return false, err
}
