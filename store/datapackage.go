package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// ExportedFile is an export as it was written.
type ExportedFile struct {
	Export
	Path   string // relative to the package
	Rows   int
	Bytes  int64
	SHA256 string // hex
}

// DataPackage describes exported files in the form of a Frictionless data package: every column, and where the data come
// from. at is the date to state.
func (db *DB) DataPackage(ctx context.Context, files []ExportedFile, at time.Time) ([]byte, error) {
	origin, err := db.provenance(ctx)
	if err != nil {
		return nil, fmt.Errorf("describe the export: %w", explain(err))
	}
	type field struct {
		Name        string `json:"name"`
		Type        string `json:"type"`
		Description string `json:"description"`
	}
	type schema struct {
		Fields []field `json:"fields"`
	}
	type resource struct {
		Name        string `json:"name"`
		Path        string `json:"path"`
		Profile     string `json:"profile"`
		Description string `json:"description"`
		Format      string `json:"format"`
		MediaType   string `json:"mediatype"`
		Encoding    string `json:"encoding"`
		Bytes       int64  `json:"bytes"`
		Hash        string `json:"hash"`
		Rows        int    `json:"rows"`
		Schema      schema `json:"schema"`
	}
	resources := []resource{}
	for _, f := range files {
		t, columns, err := f.columns()
		if err != nil {
			return nil, err
		}
		view, _ := findView(t.view)
		r := resource{Name: f.Table, Path: f.Path, Profile: "data-resource", Description: view.Text, Format: f.Format,
			MediaType: mediaType(f.Format), Encoding: "utf-8", Bytes: f.Bytes,
			Hash: "sha256:" + f.SHA256, Rows: f.Rows}
		if f.Format == "csv" {
			r.Profile = "tabular-data-resource"
		}
		for _, c := range columns {
			r.Schema.Fields = append(r.Schema.Fields, field{c.Name, fieldType(c.Name, f.Format), c.Text})
		}
		resources = append(resources, r)
	}
	out, err := json.MarshalIndent(struct {
		Profile   string     `json:"profile"`
		Name      string     `json:"name"`
		Title     string     `json:"title"`
		Created   string     `json:"created"`
		Origin    provenance `json:"provenance"`
		Resources []resource `json:"resources"`
	}{"data-package", "framewatch-export", "Frames in articles, exported by framewatch", stamp(at), origin, resources}, "", "  ")
	return append(out, '\n'), err
}

// mediaType is the registered type of a format, or the usual one.
func mediaType(format string) string {
	switch format {
	case "csv":
		return "text/csv"
	case "parquet":
		return "application/vnd.apache.parquet"
	}
	return "application/x-ndjson"
}

// fieldType is a column's type in a data package: columns are named alike in all views.
func fieldType(column, format string) string {
	switch column {
	case "share", "wilson_low", "wilson_high", "inclusion":
		return "number"
	case "authors":
		if format != "csv" {
			return "array"
		}
	case "attributes":
		if format != "csv" {
			return "object"
		}
	case "article_id", "words", "about_ai", "names_us", "names_china", "relevant", "story_id", "revision", "paywalled", "paragraph",
		"sentence_start", "sentence_end", "span_start", "span_end", "mention_id", "cue_start", "cue_end", "n", "k", "attempted", "fetched",
		"failed", "denied", "new", "skipped", "polls", "polls_failed", "unchanged", "articles", "position", "run_id", "sources",
		"first_article_id", "outlets", "exposure", "press_release", "wire":
		return "integer"
	}
	return "string"
}

// provenance is where the data of an export come from.
type provenance struct {
	Codebook        string `json:"codebook"` // fingerprint
	CodebookName    string `json:"codebook_name"`
	CodebookVersion string `json:"codebook_version"`
	Engine          int    `json:"engine"`
	DatabaseMadeBy  string `json:"database_made_by"`
	Articles        int    `json:"articles"`
	Mentions        int    `json:"mentions"`
	Collected       string `json:"collected"` // latest day on which an article was stored
}

func (db *DB) provenance(ctx context.Context) (provenance, error) {
	var p provenance
	err := db.reader.QueryRowContext(ctx, `SELECT c.fingerprint, c.name, c.version, c.engine FROM codebook AS c WHERE c.active = 1`).
		Scan(&p.Codebook, &p.CodebookName, &p.CodebookVersion, &p.Engine)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return p, err
	}
	err = db.reader.QueryRowContext(ctx, `SELECT coalesce((SELECT value FROM meta WHERE key = 'created_by'), ''),
		(SELECT count(*) FROM article), (SELECT count(*) FROM v_mention), coalesce((SELECT substr(max(collected), 1, 10) FROM article), '')`).
		Scan(&p.DatabaseMadeBy, &p.Articles, &p.Mentions, &p.Collected)
	return p, err
}
