package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"framewatch/crawler/article"
	"framewatch/crawler/files"
)

// viaImport is the Via of text that came as text, which no extractor has made.
const viaImport = "import"

// ImportSummary counts what an import did with its records.
type ImportSummary struct {
	New     int `json:"new"`     // articles that were not known
	Changed int `json:"changed"` // known, with another text, title or fact
	Same    int `json:"same"`    // known as they are
}

// Import stores records from files in one transaction. A record's external id identifies it: the same id with the same
// text changes nothing, with another text it makes a revision. A record with a new id whose address is known becomes
// another id of that article if the texts agree, and an article of its own if they do not.
func (db *DB) Import(ctx context.Context, records []files.Record, at time.Time) (ImportSummary, error) {
	var sum ImportSummary
	err := db.write(ctx, "import", func(t *txn) error {
		sum = ImportSummary{}
		for _, r := range records {
			e, err := db.importRecord(ctx, t, r, at)
			switch {
			case err != nil:
				return fmt.Errorf("%s: %w", r.Origin, err)
			case e.isNew:
				sum.New++
			case e.revised || e.touched:
				sum.Changed++
			default:
				sum.Same++
			}
		}
		return nil
	})
	if err != nil {
		return ImportSummary{}, err
	}
	return sum, nil
}

func (db *DB) importRecord(ctx context.Context, t *txn, r files.Record, at time.Time) (effect, error) {
	a := arrival{article: cleanArticle(r.Article), external: clean(r.ExternalID), at: at}
	if a.external == "" {
		return effect{}, errors.New("record without an id")
	}
	a.hash = textHash(a.article.Title, a.article.Text)
	if a.article.Via != "" && a.article.Via != viaImport {
		a.extractor = article.Version
	}
	if a.article.DateFrom == "" && !a.article.Published.IsZero() {
		a.article.DateFrom = "import"
	}
	if a.url = a.article.URL; a.url == "" {
		a.url = a.article.Canonical // a saved page knows no other address
	}
	if a.url != "" {
		a.links = []link{{canonical(a.url), "import"}}
	}
	var err error
	if a.outlet, err = importedOutlet(ctx, t, r); err != nil {
		return effect{}, err
	}
	id, err := importedAs(ctx, t, &a)
	if err != nil {
		return effect{}, err
	}
	if id == 0 {
		return db.insert(ctx, t, a)
	}
	old, err := isOld(ctx, t, id, &a)
	if err != nil {
		return effect{}, err
	}
	if old {
		return effect{id: id}, linkAll(ctx, t, id, a)
	}
	return db.renew(ctx, t, id, a)
}

// isOld tells whether the record says nothing that could be news: a file read again must not undo what came after it. A
// text that the article has had before leaves the current one, and if a crawl has seen the article since, that knows
// better in everything.
func isOld(ctx context.Context, t *txn, id int64, a *arrival) (bool, error) {
	var known, crawled bool
	var current string
	err := t.row(ctx, `SELECT text_hash,
			EXISTS (SELECT 1 FROM article_revision WHERE article_id = ?1 AND text_hash = ?2)
			OR EXISTS (SELECT 1 FROM article_external WHERE article_id = ?1 AND text_hash = ?2),
			EXISTS (SELECT 1 FROM article_url WHERE article_id = ?1 AND claim = 'fetched')
		FROM article WHERE id = ?1`, id, a.hash).Scan(&current, &known, &crawled)
	if known {
		a.hash = current
	}
	return known && crawled, err
}

// importedAs finds the article that a record means, or 0.
func importedAs(ctx context.Context, t *txn, a *arrival) (int64, error) {
	var id int64
	err := t.row(ctx, `SELECT article_id FROM article_external WHERE external_id = ?`, a.external).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		if id, err = importedUnder(ctx, t, *a); id != 0 {
			a.outlet = 0 // the article has one already, and this id may come from an aggregator
		}
	}
	return id, err
}

// importedUnder finds the article at the record's address, if its text agrees.
func importedUnder(ctx context.Context, t *txn, a arrival) (int64, error) {
	if len(a.links) == 0 {
		return 0, nil
	}
	id, _, err := ownerOf(ctx, t, a.links[0].url)
	if err != nil || id == 0 {
		return 0, err
	}
	ok, err := agrees(ctx, t, id, a.article.Text, sameAddress)
	if err != nil || !ok {
		return 0, err
	}
	return id, nil
}
