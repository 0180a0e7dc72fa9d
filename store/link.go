package store

import (
	"context"
	"database/sql"
	"errors"

	"framewatch/crawler/urlnorm"
)

// link is an address under which an article was seen, and why.
type link struct {
	url   string
	claim string // as in article_url
}

// linkAll records the addresses of an article. A page that answered under an address owns it; any weaker claim leaves
// an address with whom it has.
func linkAll(ctx context.Context, t *txn, id int64, a arrival) error {
	for _, l := range a.links {
		if l.url == "" {
			continue
		}
		if l.claim == "fetched" {
			if err := takeOver(ctx, t, id, l.url); err != nil {
				return err
			}
		}
		_, err := t.exec(ctx, `INSERT INTO article_url (url, article_id, claim, first_seen) VALUES (?1, ?2, ?3, ?4)
			ON CONFLICT (url) DO UPDATE SET article_id = excluded.article_id, claim = excluded.claim
			WHERE excluded.claim = 'fetched' AND article_url.claim <> 'fetched'`, l.url, id, l.claim, stamp(a.at))
		if err != nil {
			return err
		}
		if _, err := t.exec(ctx, `INSERT OR IGNORE INTO article_variant (variant, article_id) VALUES (?, ?)`, urlnorm.VariantKey(l.url), id); err != nil {
			return err
		}
	}
	if a.external == "" {
		return nil
	}
	_, err := t.exec(ctx, `INSERT INTO article_external (external_id, article_id, text_hash, first_seen) VALUES (?1, ?2, ?3, ?4)
		ON CONFLICT (external_id) DO UPDATE SET text_hash = excluded.text_hash`, a.external, id, a.hash, stamp(a.at))
	return err
}

// takeOver takes an address back from an article that only claimed it and shows it as its own: that one goes by an
// address under which it was fetched.
func takeOver(ctx context.Context, t *txn, id int64, url string) error {
	_, err := t.exec(ctx, `UPDATE article SET url = coalesce(
			(SELECT min(f.url) FROM article_url AS f WHERE f.article_id = article.id AND f.claim = 'fetched' AND f.url <> ?1), url)
		WHERE url = ?1 AND id = (SELECT article_id FROM article_url WHERE url = ?1 AND article_id <> ?2)`, url, id)
	return err
}

// ownerOf gives the article to which an address belongs and the claim, or 0.
func ownerOf(ctx context.Context, t *txn, url string) (id int64, claim string, err error) {
	err = t.row(ctx, `SELECT article_id, claim FROM article_url WHERE url = ?`, url).Scan(&id, &claim)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, "", nil
	}
	return id, claim, err
}

// agrees tells whether the article's current text is a version of text.
func agrees(ctx context.Context, t *txn, id int64, text string, least float64) (bool, error) {
	var have string
	err := t.row(ctx, `SELECT coalesce((SELECT text FROM article_text WHERE article_id = ?), '')`, id).Scan(&have)
	return err == nil && overlap(have, text) >= least, err
}
