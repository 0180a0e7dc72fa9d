package store

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"framewatch/crawler/article"
)

// outdatedFrom joins each article that an older extractor took from a page with the page that gave its current text:
// the one that was seen last under an address of the article's own. A copy under another address, whose text does not
// replace the original's, is not asked, and neither is an earlier page where the last one was not kept.
const outdatedFrom = `FROM article AS a
	LEFT JOIN page AS p ON p.id = (
		SELECT q.id FROM page AS q JOIN article_url AS u ON u.url = q.final AND u.article_id = q.article_id AND u.claim = 'fetched'
		WHERE q.article_id = a.id ORDER BY q.seen DESC, q.id DESC LIMIT 1)
	WHERE a.extractor <> 0 AND a.extractor < :version`

// Outdated is an article that an older extractor took from a page that is kept.
type Outdated struct {
	ID          int64
	URL         string // address that answered
	ContentType string
	Fetched     time.Time // when the page first came as it is
	TextHash    string    // of the article's current title and text

	size int64
	gzip []byte
}

// Page is the article's page as it was served. It fails if what is stored is damaged.
func (o Outdated) Page() (article.Page, error) {
	p := article.Page{URL: o.URL, ContentType: o.ContentType, Fetched: o.Fetched}
	z, err := gzip.NewReader(bytes.NewReader(o.gzip))
	if err != nil {
		return p, fmt.Errorf("the stored page is damaged: %w", err)
	}
	p.Body, err = io.ReadAll(io.LimitReader(z, o.size+1))
	if err == nil && int64(len(p.Body)) != o.size {
		err = fmt.Errorf("%d bytes were kept of %d", len(p.Body), o.size)
	}
	if err != nil {
		return p, fmt.Errorf("the stored page is damaged: %w", err)
	}
	return p, nil
}

// Outdated returns up to n articles with ids above after, ascending, that an extractor older than version took from a
// page that is kept. Text that was imported as text is never among them.
func (db *DB) Outdated(ctx context.Context, version int, after int64, n int) ([]Outdated, error) {
	rows, err := db.reader.QueryContext(ctx, `SELECT a.id, a.text_hash, p.final, p.header, p.fetched, p.size, p.body `+outdatedFrom+`
		AND a.id > :after AND p.body IS NOT NULL ORDER BY a.id LIMIT :n`,
		sql.Named("version", version), sql.Named("after", after), sql.Named("n", n))
	var all []Outdated
	err = each(rows, err, func(r scanner) error {
		var o Outdated
		var header string
		if err := r.Scan(&o.ID, &o.TextHash, &o.URL, &header, (*stamped)(&o.Fetched), &o.size, &o.gzip); err != nil {
			return err
		}
		var h http.Header
		if err := json.Unmarshal([]byte(header), &h); err != nil {
			return fmt.Errorf("article %d: header of its page: %w", o.ID, err)
		}
		o.ContentType = h.Get("Content-Type")
		all = append(all, o)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read outdated articles: %w", explain(err))
	}
	return all, nil
}

// Backlog counts the articles that an older extractor took from a page.
type Backlog struct {
	Due      []Extractor // whose page is kept, by extractor, oldest first
	OffTopic int         // whose page was not kept, because they are off topic and their source keeps only what counts
	NoPage   int         // whose page is not here: it was imported as a file, or dropped
}

// Extractor is a version of the extractor and how many articles it took.
type Extractor struct{ Version, Articles int }

// Pages is how many articles are due.
func (b Backlog) Pages() int {
	n := 0
	for _, e := range b.Due {
		n += e.Articles
	}
	return n
}

// Backlog counts what an extractor of the given version has to do. What is off topic is said by the active codebook.
func (db *DB) Backlog(ctx context.Context, version int) (Backlog, error) {
	var b Backlog
	rows, err := db.reader.QueryContext(ctx, `SELECT CASE
			WHEN p.body IS NOT NULL THEN 'due'
			WHEN p.id IS NULL OR EXISTS (SELECT 1 FROM topic AS t JOIN codebook AS c ON c.id = t.codebook_id
				WHERE t.article_id = a.id AND c.active = 1 AND t.relevant = 1) THEN 'no page'
			ELSE 'off topic' END AS state, a.extractor, count(*) `+outdatedFrom+`
		GROUP BY state, a.extractor ORDER BY state, a.extractor`, sql.Named("version", version))
	err = each(rows, err, func(r scanner) error {
		var state string
		var e Extractor
		if err := r.Scan(&state, &e.Version, &e.Articles); err != nil {
			return err
		}
		switch state {
		case "due":
			b.Due = append(b.Due, e)
		case "no page":
			b.NoPage += e.Articles
		default:
			b.OffTopic += e.Articles
		}
		return nil
	})
	if err != nil {
		return Backlog{}, fmt.Errorf("count outdated articles: %w", explain(err))
	}
	return b, nil
}

// Extracted is what the extractor makes of an outdated article's page.
type Extracted struct {
	Outdated Outdated
	Article  article.Article
}

// ExtractSummary counts what SaveExtracted did with a batch.
type ExtractSummary struct {
	Changed int // another title or text: a revision was kept, and the article is to be analyzed again
	Updated int // the same text, with another date, author or language
	Same    int // the same article
}

// SaveExtracted stores what the extractor of the given version made of a batch, in one transaction. An article changes
// as it does when its page is fetched again and has changed, but for its addresses, which only a fetch can tell. One
// whose text has changed since it was read is passed over: it stays outdated if its extractor is.
func (db *DB) SaveExtracted(ctx context.Context, version int, at time.Time, batch []Extracted) (ExtractSummary, error) {
	var sum ExtractSummary
	err := db.write(ctx, "save extracted articles", func(t *txn) error {
		sum = ExtractSummary{}
		for _, x := range batch {
			e, err := db.reextract(ctx, t, version, at, x)
			switch {
			case err != nil:
				return fmt.Errorf("article %d: %w", x.Outdated.ID, err)
			case e.id == 0:
			case e.revised:
				sum.Changed++
			case e.touched:
				sum.Updated++
			default:
				sum.Same++
			}
		}
		return nil
	})
	if err != nil {
		return ExtractSummary{}, err
	}
	return sum, nil
}

func (db *DB) reextract(ctx context.Context, t *txn, version int, at time.Time, x Extracted) (effect, error) {
	id := x.Outdated.ID
	var title string
	err := t.row(ctx, `SELECT title FROM article WHERE id = ? AND text_hash = ?`, id, x.Outdated.TextHash).Scan(&title)
	if errors.Is(err, sql.ErrNoRows) {
		return effect{}, nil
	}
	if err != nil {
		return effect{}, err
	}
	a := arrival{article: cleanArticle(x.Article), extractor: version, at: at}
	a.article.Title = cmp.Or(a.article.Title, title) // the feed's, where the page has none
	a.hash = textHash(a.article.Title, a.article.Text)
	if a.article.Published.IsZero() {
		a.article.DateFrom = ""
	}
	e, err := db.renew(ctx, t, id, a)
	if err != nil {
		return e, err
	}
	_, err = t.exec(ctx, `UPDATE article SET extractor = ?2, via = ?3, agreement = ?4, paywalled = ?5 WHERE id = ?1`,
		id, version, a.article.Via, a.article.Agreement, a.article.Paywalled)
	return e, err
}
