package store

import (
	"context"
	"errors"
	"fmt"

	"framewatch/crawler"
	"framewatch/crawler/article"
	"framewatch/crawler/urlnorm"
)

// Finish records the outcome of a leased job in one transaction: the page, the article, the job's state and the day's
// coverage. The article goes by its Canonical address, which the caller clears if it is not to be trusted, else by the
// one that answered. A canonical address, a redirect, an address in another dress (AMP, mobile, print) or an equal title
// join two pages to one article only if their texts are copies, so that a page that claims another's address is never
// lost in it.
func (db *DB) Finish(ctx context.Context, o crawler.Outcome) (crawler.Saved, error) {
	var saved crawler.Saved
	err := db.write(ctx, "record page", func(t *txn) error {
		saved = crawler.Saved{}
		if o.State == crawler.Stored {
			if o.Article == nil || o.Page == nil {
				return errors.New("a stored page needs its response and its article")
			}
			e, err := db.saveFetched(ctx, t, o)
			if err != nil {
				return fmt.Errorf("%s: %w", o.Job.URL, err)
			}
			saved = crawler.Saved{ArticleID: e.id, New: e.isNew, Changed: e.revised, Relevant: e.relevant}
		}
		if err := savePage(ctx, t, o, saved); err != nil {
			return fmt.Errorf("%s: %w", o.Job.URL, err)
		}
		if err := settle(ctx, t, o, saved.ArticleID); err != nil {
			return fmt.Errorf("%s: %w", o.Job.URL, err)
		}
		return cover(ctx, t, o.Job.Source, o.At, attempt(o, saved))
	})
	if err != nil {
		return crawler.Saved{}, err
	}
	return saved, nil
}

func (db *DB) saveFetched(ctx context.Context, t *txn, o crawler.Outcome) (effect, error) {
	a, err := fetched(ctx, t, o)
	if err != nil {
		return effect{}, err
	}
	id, twin, err := fetchedAs(ctx, t, a)
	if err != nil {
		return effect{}, err
	}
	if twin {
		return db.join(ctx, t, id, a)
	}
	owner, _, err := ownerOf(ctx, t, a.url)
	if err != nil {
		return effect{}, err
	}
	if owner != 0 && owner != id {
		a.url = a.links[0].url // the canonical address that it names is another article's
	}
	if id == 0 {
		return db.insert(ctx, t, a)
	}
	a.outlet = 0 // who published it first has it, whichever source names it again
	return db.renew(ctx, t, id, a)
}

// fetched is the arrival that an outcome brings. Its first link is the address that answered.
func fetched(ctx context.Context, t *txn, o crawler.Outcome) (arrival, error) {
	a := arrival{article: cleanArticle(*o.Article), extractor: article.Version, at: o.At}
	if a.article.Published.IsZero() {
		a.article.DateFrom = ""
		if d := storedDate(printed(o.Job.Published)); !d.IsZero() {
			a.article.Published, a.article.DateFrom = d, fromFeed
		}
	}
	a.hash = textHash(a.article.Title, a.article.Text)
	final, own, asked := canonical(o.Page.Final), canonical(a.article.Canonical), canonical(o.Job.URL)
	a.url = final
	a.links = []link{{final, "fetched"}}
	if own != "" && own != final {
		a.url = own
		a.links = append(a.links, link{own, "canonical"})
	}
	if asked != final {
		a.links = append(a.links, link{asked, "redirect"})
	}
	var err error
	a.outlet, err = crawledOutlet(ctx, t, o.Job.Source)
	return a, err
}

// canonical is the canonical form of an address, or the address as it is if it has none.
func canonical(url string) string {
	if c, err := urlnorm.Canonical(url); err == nil {
		return c
	}
	return clean(url)
}

// fetchedAs finds the article that a page holds, 0 if it is a new one; twin says that the page is a copy of it under
// another address, whose text does not replace the original's.
func fetchedAs(ctx context.Context, t *txn, a arrival) (id int64, twin bool, err error) {
	final := a.links[0].url
	id, claim, err := ownerOf(ctx, t, final)
	if err != nil || id != 0 && claim == "fetched" {
		return id, false, err
	}
	for _, l := range a.links {
		owner, claim, err := ownerOf(ctx, t, l.url)
		if err != nil {
			return 0, false, err
		}
		if owner == 0 {
			continue
		}
		same, err := agrees(ctx, t, owner, a.article.Text, sameCopy)
		if err != nil {
			return 0, false, err
		}
		if same {
			return owner, l.claim == "canonical" || claim == "alias", nil
		}
	}
	if id, err = sameDressed(ctx, t, a); id == 0 && err == nil {
		id, err = sameTitled(ctx, t, a)
	}
	return id, id != 0, err
}

// sameDressed finds an article with a copy of the text under an address that differs from one of the page's only in what
// selects an AMP, mobile or print page. Such pages may have a headline of their own and name no canonical address.
func sameDressed(ctx context.Context, t *txn, a arrival) (int64, error) {
	for _, l := range a.links {
		var ids []int64
		err := t.rows(ctx, func(r scanner) error {
			var id int64
			err := r.Scan(&id)
			ids = append(ids, id)
			return err
		}, `SELECT article_id FROM article_variant WHERE variant = ? ORDER BY article_id LIMIT 20`, urlnorm.VariantKey(l.url))
		if err != nil {
			return 0, err
		}
		for _, id := range ids {
			if same, err := agrees(ctx, t, id, a.article.Text, sameCopy); err != nil || same {
				return id, err
			}
		}
	}
	return 0, nil
}

// sameTitled finds an article of the outlet with the same headline and a copy of the text: a print or mobile page that
// names no canonical address. Equal headlines alone say nothing ("Morning briefing").
func sameTitled(ctx context.Context, t *txn, a arrival) (int64, error) {
	if a.article.Title == "" || len(shingles(a.article.Text)) < minCopy {
		return 0, nil
	}
	var ids []int64
	err := t.rows(ctx, func(r scanner) error {
		var id int64
		err := r.Scan(&id)
		ids = append(ids, id)
		return err
	}, `SELECT id FROM article WHERE outlet_id = ? AND title = ? ORDER BY id LIMIT 20`, a.outlet, a.article.Title)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		if same, err := agrees(ctx, t, id, a.article.Text, sameCopy); err != nil || same {
			return id, err
		}
	}
	return 0, nil
}

// join links a copy to its original and leaves that as it is.
func (db *DB) join(ctx context.Context, t *txn, id int64, a arrival) (effect, error) {
	a.links[0].claim = "alias"
	if err := linkAll(ctx, t, id, a); err != nil {
		return effect{}, err
	}
	relevant, err := db.relevant(ctx, t, id)
	return effect{id: id, relevant: relevant}, err
}
