package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"

	"framewatch/crawler/article"
)

// fromFeed is the date_from of a date that only the feed gave.
const fromFeed = "feed"

// arrival is an article on its way into the database.
type arrival struct {
	article   article.Article // clean
	outlet    int64           // 0 leaves a known article with its outlet
	external  string          // id of an import; "" for a crawled page
	url       string          // address to show
	links     []link
	extractor int
	hash      string
	at        time.Time
}

// effect is what storing an arrival did.
type effect struct {
	id       int64
	isNew    bool
	revised  bool // title or text changed
	touched  bool // something else that is known of it changed
	relevant bool
}

// clean replaces what a database text cannot hold.
func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

func cleanArticle(a article.Article) article.Article {
	authors := make([]string, 0, len(a.Authors))
	for _, name := range a.Authors {
		authors = append(authors, clean(name))
	}
	a.Authors = authors
	for _, field := range []*string{&a.URL, &a.Canonical, &a.Title, &a.SiteName, &a.Language, &a.DateFrom, &a.Text, &a.Via} {
		*field = clean(*field)
	}
	a.Published, a.Updated = storedDate(a.Published.String()), storedDate(a.Updated.String())
	return a
}

// textHash identifies a title and text.
func textHash(title, text string) string {
	sum := sha256.Sum256([]byte(title + "\x00" + text))
	return hex.EncodeToString(sum[:])
}

// stored is what identifies the current revision of an article.
type stored struct {
	id                          int64
	revision                    int
	hash, revised, collected    string
	published, precision, flag  string
	url, updated, authors, lang string
	dateFrom                    string
	outlet                      int64
}

func loadStored(ctx context.Context, t *txn, id int64) (stored, error) {
	s := stored{id: id}
	err := t.row(ctx, `SELECT revision, text_hash, revised, collected, published, date_precision, date_flag, url, updated,
			authors, language, date_from, outlet_id FROM article WHERE id = ?`, id).
		Scan(&s.revision, &s.hash, &s.revised, &s.collected, &s.published, &s.precision, &s.flag, &s.url, &s.updated,
			&s.authors, &s.lang, &s.dateFrom, &s.outlet)
	return s, err
}

// insert stores an article that is not known yet.
func (db *DB) insert(ctx context.Context, t *txn, a arrival) (effect, error) {
	e := effect{isNew: true}
	authors, err := json.Marshal(a.article.Authors)
	if err != nil {
		return e, err
	}
	var external any
	if a.external != "" {
		external = a.external
	}
	pub, upd := a.article.Published, a.article.Updated
	err = t.row(ctx, `INSERT INTO article (external_id, outlet_id, url, language, published, date_precision, date_from,
			date_flag, updated, collected, story_id, revised, text_hash, words, extractor, via, agreement, paywalled, authors, title)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 0, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)
		RETURNING id`,
		external, a.outlet, a.url, a.article.Language, pub.String(), string(pub.Precision), a.article.DateFrom,
		dateFlag(pub, upd, a.at), upd.String(), stamp(a.at), a.hash, len(strings.Fields(a.article.Text)), a.extractor,
		a.article.Via, a.article.Agreement, a.article.Paywalled, string(authors), a.article.Title).Scan(&e.id)
	if err != nil {
		return e, err
	}
	if _, err := t.exec(ctx, `UPDATE article SET story_id = id WHERE id = ?`, e.id); err != nil {
		return e, err
	}
	if _, err := t.exec(ctx, `INSERT INTO article_text (article_id, text) VALUES (?, ?)`, e.id, a.article.Text); err != nil {
		return e, err
	}
	_, err = t.exec(ctx, `INSERT INTO article_search (rowid, title, text) VALUES (?, ?, ?)`, e.id, a.article.Title, a.article.Text)
	if err != nil {
		return e, err
	}
	if err := linkAll(ctx, t, e.id, a); err != nil {
		return e, err
	}
	if e.relevant, err = db.judge(ctx, t, e.id, a); err != nil {
		return e, err
	}
	return e, shift(ctx, t, e.id, 1)
}

// renew brings a known article up to what has arrived: another text becomes its current revision and the old one is
// kept, and a fact that was not known or has changed is taken over. A known fact never gives way to an unknown one.
func (db *DB) renew(ctx context.Context, t *txn, id int64, a arrival) (effect, error) {
	e := effect{id: id}
	old, err := loadStored(ctx, t, id)
	if err != nil {
		return e, err
	}
	if err := linkAll(ctx, t, id, a); err != nil {
		return e, err
	}
	next, err := a.over(old)
	if err != nil {
		return e, err
	}
	e.revised, e.touched = old.hash != a.hash, next != old
	if !e.revised {
		if err := restore(ctx, t, old, a); err != nil {
			return e, err
		}
	}
	if !e.revised && !e.touched {
		e.relevant, err = db.relevant(ctx, t, id)
		return e, err
	}
	if err := shift(ctx, t, id, -1); err != nil {
		return e, err
	}
	_, err = t.exec(ctx, `UPDATE article SET published = ?2, date_precision = ?3, date_from = ?4, date_flag = ?5, url = ?6,
		updated = ?7, authors = ?8, language = ?9, outlet_id = ?10 WHERE id = ?1`,
		id, next.published, next.precision, next.dateFrom, next.flag, next.url, next.updated, next.authors, next.lang, next.outlet)
	if err != nil {
		return e, err
	}
	switch {
	case e.revised:
		if err = revise(ctx, t, old, a); err == nil {
			e.relevant, err = db.judge(ctx, t, id, a)
		}
	case next.lang != old.lang:
		e.relevant, err = db.rejudge(ctx, t, id, next.lang)
	default:
		e.relevant, err = db.relevant(ctx, t, id)
	}
	if err != nil {
		return e, err
	}
	return e, shift(ctx, t, id, 1)
}

// restore puts the current text back where it was dropped.
func restore(ctx context.Context, t *txn, old stored, a arrival) error {
	var kept bool
	err := t.row(ctx, `SELECT EXISTS (SELECT 1 FROM article_text WHERE article_id = ?)`, old.id).Scan(&kept)
	if err != nil || kept || textHash(a.article.Title, a.article.Text) != old.hash { // an earlier text may come as known
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO article_text (article_id, text) VALUES (?, ?)`, old.id, a.article.Text)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO article_search (rowid, title, text) VALUES (?, ?, ?)`, old.id, a.article.Title, a.article.Text)
	return err
}

// over is what is known of the article after the arrival. A date does not give way to a coarser form of itself, nor to
// a feed's.
func (a arrival) over(old stored) (stored, error) {
	next := old
	authors, err := json.Marshal(a.article.Authors)
	if err != nil {
		return next, err
	}
	if len(a.article.Authors) > 0 {
		next.authors = string(authors)
	}
	for field, value := range map[*string]string{&next.url: a.url, &next.updated: a.article.Updated.String(), &next.lang: a.article.Language} {
		if value != "" {
			*field = value
		}
	}
	if s := a.article.Published.String(); s != "" && !strings.HasPrefix(old.published, s) &&
		(old.published == "" || a.article.DateFrom != fromFeed) {
		next.published, next.precision, next.dateFrom = s, string(a.article.Published.Precision), a.article.DateFrom
	}
	if a.outlet != 0 {
		next.outlet = a.outlet
	}
	collected, err := parseStamp(old.collected)
	if err != nil {
		return next, err
	}
	next.flag = dateFlag(storedDate(next.published), storedDate(next.updated), collected)
	return next, nil
}

// revise makes the arrival's text the current one and keeps the old. What was derived from the old text goes; the rows
// of analysis stay without a hash, so that the article is known to be stale because its text changed, also if the same
// text comes back before it is analyzed.
func revise(ctx context.Context, t *txn, old stored, a arrival) error {
	// The index must be told the old words before they go.
	_, err := t.exec(ctx, `INSERT INTO article_search (article_search, rowid, title, text)
		SELECT 'delete', article_id, title, text FROM article_search_content WHERE article_id = ?`, old.id)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO article_revision (article_id, revision, stored, replaced, published, updated, extractor, text_hash, title, text)
		SELECT a.id, a.revision, a.revised, ?2, ?3, ?4, a.extractor, a.text_hash, a.title, coalesce(b.text, '')
		FROM article AS a LEFT JOIN article_text AS b ON b.article_id = a.id WHERE a.id = ?1`,
		old.id, stamp(a.at), old.published, old.updated)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `UPDATE article SET revision = revision + 1, revised = ?2, text_hash = ?3, words = ?4, extractor = ?5,
		via = ?6, agreement = ?7, paywalled = ?8, title = ?9 WHERE id = ?1`, old.id, stamp(a.at), a.hash,
		len(strings.Fields(a.article.Text)), a.extractor, a.article.Via, a.article.Agreement, a.article.Paywalled, a.article.Title)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO article_text (article_id, text) VALUES (?, ?)
		ON CONFLICT (article_id) DO UPDATE SET text = excluded.text`, old.id, a.article.Text)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO article_search (rowid, title, text) VALUES (?, ?, ?)`, old.id, a.article.Title, a.article.Text)
	if err != nil {
		return err
	}
	for _, derived := range []string{
		`DELETE FROM mention WHERE article_id = ? AND codebook_id IN (SELECT id FROM codebook)`,
		`DELETE FROM topic WHERE article_id = ?`,
		`UPDATE analysis SET mentions = 0, text_hash = '' WHERE article_id = ?`,
	} {
		if _, err := t.exec(ctx, derived, old.id); err != nil {
			return err
		}
	}
	return nil
}
