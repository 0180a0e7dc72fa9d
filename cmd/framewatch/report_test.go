package main

import (
	"bytes"
	"context"
	"database/sql"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"framewatch/analysis"
	"framewatch/charts"
	"framewatch/crawler/article"
	"framewatch/crawler/files"
	"framewatch/store"
)

// codedStudy is a database with a few articles, coded with the built-in codebook.
func codedStudy(t *testing.T) (*store.DB, *analysis.Analyzer) {
	t.Helper()
	ctx := t.Context()
	d, err := store.Open(ctx, filepath.Join(t.TempDir(), "study.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	at := time.Date(2025, 3, 1, 12, 0, 0, 0, time.UTC)
	var records []files.Record
	for i, text := range []string{
		"The United States must not lose the artificial intelligence race to China, the chair of the committee said on Tuesday.",
		"The model was a Sputnik moment for artificial intelligence, a senator said. Talk of an AI race with China is misleading, Ana Brandt wrote.",
		"China and the United States opened a dialogue on artificial intelligence safety in Geneva.",
	} {
		day := time.Date(2025, 1, 10+i, 0, 0, 0, 0, time.UTC)
		records = append(records, files.Record{ExternalID: string(rune('a' + i)), Outlet: "The Courier", Article: article.Article{
			URL: "https://courier.example/" + string(rune('a'+i)), Title: "Chips and talks", Text: text + "\n\nNothing else was said.", Language: "en",
			Published: article.Date{Time: day, Precision: article.PrecisionDay}}})
	}
	if _, err := d.Import(ctx, records, at); err != nil {
		t.Fatal(err)
	}
	e := &env{stdout: &bytes.Buffer{}, stderr: &bytes.Buffer{}}
	a, err := e.coder(ctx, "default", "")
	if err != nil {
		t.Fatal(err)
	}
	recode(t, d, a.Analyzer, analysis.Engine)
	return d, a.Analyzer
}

func recode(t *testing.T, d *store.DB, a *analysis.Analyzer, engine int) {
	t.Helper()
	ctx := t.Context()
	if err := d.UseCodebook(ctx, a.Codebook(), engine); err != nil {
		t.Fatal(err)
	}
	docs, err := d.Stale(ctx, a.Codebook().Fingerprint(), engine, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	var batch []analysis.Analyzed
	for _, doc := range docs {
		topic := a.Topic(doc)
		doc.Topic = &topic
		batch = append(batch, analysis.Analyzed{Document: doc, Topic: topic, Mentions: a.Analyze(doc)})
	}
	if len(batch) == 0 {
		t.Fatal("nothing was coded")
	}
	if err := d.SaveAnalysis(ctx, a.Codebook().Fingerprint(), engine, batch); err != nil {
		t.Fatal(err)
	}
}

func page(t *testing.T, d *store.DB) (string, charts.Summary) {
	t.Helper()
	var b bytes.Buffer
	var s charts.Summary
	o := charts.Options{}
	err := onOneState(t.Context(), d, &o, func(tx *sql.Tx) (err error) {
		s, err = charts.Write(t.Context(), &b, tx, o)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String(), s
}

// The numbers of mentions change when a text is coded again; the report and its content hash do not.
func TestReportIsTheSameAfterCodingAgain(t *testing.T) {
	d, a := codedStudy(t)
	first, one := page(t, d)
	again, _ := page(t, d)
	recode(t, d, a, analysis.Engine+1)
	second, two := page(t, d)
	if one.Mentions == 0 || first != again {
		t.Errorf("%d mentions; the same database gave other bytes: %v", one.Mentions, first != again)
	}
	if one.ContentSHA256 != two.ContentSHA256 {
		t.Errorf("content hash %s, and %s after coding again", one.ContentSHA256, two.ContentSHA256)
	}
	if first != second {
		t.Error("coding again gave another page")
	}
}

// What is written while a report is read is not in it: not in its numbers and not in the name of its codebook.
func TestReportReadsOneState(t *testing.T) {
	d, a := codedStudy(t)
	before, _ := page(t, d)
	var b bytes.Buffer
	o := charts.Options{}
	err := onOneState(t.Context(), d, &o, func(tx *sql.Tx) error {
		other, err := (&env{stdout: &bytes.Buffer{}, stderr: &bytes.Buffer{}}).coder(t.Context(), "cset-2020", "")
		if err != nil {
			return err
		}
		if _, err := analysis.Sync(context.WithoutCancel(t.Context()), other.Analyzer, d, runtime.GOMAXPROCS(0), nil); err != nil {
			return err
		}
		_, err = charts.Write(t.Context(), &b, tx, o)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != before {
		t.Error("a codebook that came into use meanwhile is in the report")
	}
	after, _ := page(t, d)
	if after == before || strings.Contains(after, a.Codebook().Fingerprint()) {
		t.Error("the new codebook did not come into use: the test shows nothing")
	}
}
