package store

import (
	"context"
	"fmt"
)

// DropTexts removes every stored text, page body and earlier revision's text for good and gives the space back. Codes,
// sentences of mentions, offsets, hashes, addresses and counts stay, and the same texts imported again are known. What
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
