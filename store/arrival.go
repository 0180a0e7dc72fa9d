package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"framewatch/analysis"
	"framewatch/crawler/article"
)

// fromFeed is the date_from of a date that only the feed gave.
const fromFeed = "feed"

// link is an address under which an article was seen, and why.
type link struct {
	url   string
	claim string // as in article_url
}

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
	return db.judge(ctx, t, id, a)
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

// storedDate reads a date as Date.String wrote it; what cannot be read, such as the year 1 of a feed, is no date.
func storedDate(s string) article.Date {
	d, err := article.ParseDate(s)
	if err != nil {
		return article.Date{}
	}
	return d
}

// revise makes the arrival's text the current one and keeps the old. What was derived from the old text goes; the rows
// of analysis stay, so that the article is known to be stale because its text changed.
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
		`UPDATE analysis SET mentions = 0 WHERE article_id = ?`,
	} {
		if _, err := t.exec(ctx, derived, old.id); err != nil {
			return err
		}
	}
	return nil
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

// dateFlag names a doubt about a date of publication. A date more than two days after the article was collected, or one
// that a machine without a clock would give, is kept but never charted.
func dateFlag(published, updated article.Date, collected time.Time) string {
	switch t := published.Time; {
	case published.IsZero():
		return "missing"
	case t.After(collected.Add(48 * time.Hour)):
		return "future"
	case t.Year() < 1900, t.After(time.Date(1969, 12, 30, 23, 59, 59, 0, time.UTC)) && t.Before(time.Date(1970, 1, 2, 0, 0, 0, 0, time.UTC)):
		return "epoch"
	case coarse(published) || coarse(updated):
		return ""
	case updated.Time.Before(t.Add(-24 * time.Hour)):
		return "reversed"
	}
	return ""
}

// coarse tells whether a date does not say the day.
func coarse(d article.Date) bool {
	return d.Precision != article.PrecisionDay && d.Precision != article.PrecisionTime
}
