package store

import "context"

// shift adds delta to every month count to which the article contributes, under every codebook: to those of articles,
// and if it is the first of its story to those of stories. Whoever changes an article's month, relevance, mentions or
// story shifts by -1 before and by 1 after.
func shift(ctx context.Context, t *txn, article int64, delta int) error {
	for _, statement := range []string{
		`INSERT INTO month_count (codebook_id, month, frame, articles) ` + contributions + `
		ON CONFLICT (codebook_id, month, frame) DO UPDATE SET articles = articles + excluded.articles`,
		`INSERT INTO month_story_count (codebook_id, month, frame, stories) SELECT * FROM (` + contributions + `)
		WHERE EXISTS (SELECT 1 FROM article AS f WHERE f.id = ?1 AND f.story_id = f.id)
		ON CONFLICT (codebook_id, month, frame) DO UPDATE SET stories = stories + excluded.stories`,
	} {
		if _, err := t.exec(ctx, statement, article, delta); err != nil {
			return err
		}
	}
	return nil
}

// contributions are the counts to which article ?1 contributes, with delta ?2.
const contributions = `SELECT t.codebook_id, a.month, '' AS frame, ?2 AS delta
		FROM article AS a JOIN topic AS t ON t.article_id = a.id AND t.relevant = 1
		WHERE a.id = ?1 AND a.month IS NOT NULL
		UNION ALL
		SELECT DISTINCT t.codebook_id, a.month, r.counts_for, ?2
		FROM article AS a
		JOIN topic AS t ON t.article_id = a.id AND t.relevant = 1
		JOIN mention AS m ON m.article_id = a.id AND m.codebook_id = t.codebook_id
		JOIN frame_rollup AS r ON r.codebook_id = m.codebook_id AND r.frame = m.frame
		WHERE a.id = ?1 AND a.month IS NOT NULL`

// tally gathers changes to the month counts of one codebook, so that a batch writes each of them once.
type tally map[tallyKey]tallied

type tallyKey struct{ month, frame string }

// tallied is a change to the counts of articles and of stories.
type tallied struct{ articles, stories int }

// add counts an article, and its story if it stands for that.
func (c tally) add(at counted, frame string, delta int) {
	if at.month == "" || delta == 0 {
		return
	}
	sum := c[tallyKey{at.month, frame}]
	sum.articles += delta
	if at.isFirst {
		sum.stories += delta
	}
	c[tallyKey{at.month, frame}] = sum
}

// counted is where an article is counted.
type counted struct {
	month   string // "" for nowhere
	isFirst bool   // of its story
}

func (c tally) save(ctx context.Context, t *txn, codebook int64) error {
	for key, delta := range c {
		if delta.articles != 0 {
			_, err := t.exec(ctx, `INSERT INTO month_count (codebook_id, month, frame, articles) VALUES (?, ?, ?, ?)
				ON CONFLICT (codebook_id, month, frame) DO UPDATE SET articles = articles + excluded.articles`,
				codebook, key.month, key.frame, delta.articles)
			if err != nil {
				return err
			}
		}
		if delta.stories == 0 {
			continue
		}
		_, err := t.exec(ctx, `INSERT INTO month_story_count (codebook_id, month, frame, stories) VALUES (?, ?, ?, ?)
			ON CONFLICT (codebook_id, month, frame) DO UPDATE SET stories = stories + excluded.stories`,
			codebook, key.month, key.frame, delta.stories)
		if err != nil {
			return err
		}
	}
	return nil
}
