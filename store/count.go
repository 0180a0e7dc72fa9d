package store

import "context"

// shift adds delta to every month count to which the article contributes, under every codebook. Whoever changes an
// article's month, relevance or mentions shifts by -1 before and by 1 after.
func shift(ctx context.Context, t *txn, article int64, delta int) error {
	_, err := t.exec(ctx, `INSERT INTO month_count (codebook_id, month, frame, articles)
		SELECT t.codebook_id, a.month, '', ?2
		FROM article AS a JOIN topic AS t ON t.article_id = a.id AND t.relevant = 1
		WHERE a.id = ?1 AND a.month IS NOT NULL
		UNION ALL
		SELECT DISTINCT t.codebook_id, a.month, r.counts_for, ?2
		FROM article AS a
		JOIN topic AS t ON t.article_id = a.id AND t.relevant = 1
		JOIN mention AS m ON m.article_id = a.id AND m.codebook_id = t.codebook_id
		JOIN frame_rollup AS r ON r.codebook_id = m.codebook_id AND r.frame = m.frame
		WHERE a.id = ?1 AND a.month IS NOT NULL
		ON CONFLICT (codebook_id, month, frame) DO UPDATE SET articles = articles + excluded.articles`, article, delta)
	return err
}

// tally gathers changes to the month counts of one codebook, so that a batch writes each of them once.
type tally map[tallyKey]int

type tallyKey struct{ month, frame string }

func (c tally) add(month, frame string, delta int) {
	if month != "" {
		c[tallyKey{month, frame}] += delta
	}
}

func (c tally) save(ctx context.Context, t *txn, codebook int64) error {
	for key, delta := range c {
		if delta == 0 {
			continue
		}
		_, err := t.exec(ctx, `INSERT INTO month_count (codebook_id, month, frame, articles) VALUES (?, ?, ?, ?)
			ON CONFLICT (codebook_id, month, frame) DO UPDATE SET articles = articles + excluded.articles`,
			codebook, key.month, key.frame, delta)
		if err != nil {
			return err
		}
	}
	return nil
}
