package store

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"framewatch/crawler"
)

// savePage keeps the response of an attempt: its head always, its body if the page is good and its article counts or
// its source wants all. A response like the last one only moves the day on which it was seen.
func savePage(ctx context.Context, t *txn, o crawler.Outcome, saved crawler.Saved) error {
	p := o.Page
	if p == nil {
		return nil
	}
	if o.State == crawler.NotModified {
		_, err := t.exec(ctx, `UPDATE page SET seen = ?2 WHERE id = (SELECT max(id) FROM page WHERE url = ?1 AND status = 200)`,
			p.URL, stamp(p.FetchedAt))
		return err
	}
	header, err := json.Marshal(p.Header)
	if err != nil {
		return err
	}
	var body []byte // NULL
	if p.Status == http.StatusOK && (o.KeepRaw || saved.Relevant) {
		if body, err = compress(p.Body); err != nil {
			return err
		}
	}
	var article any
	if saved.ArticleID != 0 {
		article = saved.ArticleID
	}
	sum := sha256.Sum256(p.Body)
	hash := hex.EncodeToString(sum[:])
	last, err := lastPage(ctx, t, p.URL, p.Status)
	if err != nil {
		return err
	}
	if last.id != 0 && (last.hash == hash || body == nil && !last.kept) {
		_, err = t.exec(ctx, `UPDATE page SET final = ?2, seen = ?3, article_id = coalesce(?4, article_id), size = ?5, sha256 = ?6,
			header = ?7, body = coalesce(?8, body) WHERE id = ?1`,
			last.id, p.Final, stamp(p.FetchedAt), article, len(p.Body), hash, string(header), body)
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO page (url, final, source, status, fetched, seen, article_id, size, sha256, header, body)
		VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7, ?8, ?9, ?10)`,
		p.URL, p.Final, o.Job.Source, p.Status, stamp(p.FetchedAt), article, len(p.Body), hash, string(header), body)
	return err
}

type keptPage struct {
	id   int64
	hash string
	kept bool
}

func lastPage(ctx context.Context, t *txn, url string, status int) (keptPage, error) {
	var p keptPage
	err := t.row(ctx, `SELECT id, sha256, body IS NOT NULL FROM page WHERE url = ? AND status = ? ORDER BY id DESC LIMIT 1`, url, status).
		Scan(&p.id, &p.hash, &p.kept)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return p, err
}

func compress(body []byte) ([]byte, error) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(body); err != nil {
		return nil, fmt.Errorf("compress: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("compress: %w", err)
	}
	return b.Bytes(), nil
}
