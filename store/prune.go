package store

import (
	"context"
	"fmt"
)

// DropTexts removes every stored text, page body and earlier revision's text for good and gives the space back. Codes,
// sentences of mentions, offsets, hashes, addresses and counts stay, and the same texts that come again are known and kept. What
// was not analyzed before cannot be any more. It returns how many articles lost their text.
func (db *DB) DropTexts(ctx context.Context) (int, error) {
	n := 0
	err := db.write(ctx, "drop texts", func(t *txn) error {
		if err := t.row(ctx, `SELECT count(*) FROM article_text`).Scan(&n); err != nil {
			return err
		}
		return t.script(ctx, `
			INSERT INTO article_search (article_search) VALUES ('delete-all');
			DELETE FROM article_text;
			UPDATE article_revision SET text = '';
			UPDATE page SET body = NULL;`)
	})
	if err != nil {
		return 0, err
	}
	// Deleted rows stay in the file until it is written anew, and in the journal until it is emptied.
	if err := db.writer.alone(ctx, `VACUUM; PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
		return n, fmt.Errorf("the texts are dropped, but giving back their space failed: %w", explain(err))
	}
	return n, nil
}

// Texts counts what [DB.DropTexts] would drop.
type Texts struct {
	Articles  int `json:"articles"`  // with a text
	Revisions int `json:"revisions"` // earlier texts
	Pages     int `json:"pages"`     // stored pages
	Stale     int `json:"stale"`     // of the articles, not coded with the active codebook yet
}

// Texts counts what [DB.DropTexts] would drop.
func (db *DB) Texts(ctx context.Context) (Texts, error) {
	var n Texts
	err := db.reader.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM article_text), (SELECT count(*) FROM article_revision WHERE text <> ''),
		(SELECT count(*) FROM page WHERE body IS NOT NULL)`).Scan(&n.Articles, &n.Revisions, &n.Pages)
	if err != nil {
		return n, fmt.Errorf("count texts: %w", explain(err))
	}
	c, err := db.Counts(ctx)
	n.Stale = c.Stale
	return n, err
}
