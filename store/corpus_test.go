package store

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"framewatch/analysis"
	"framewatch/analysis/codebook"
	"framewatch/configs"
	"framewatch/crawler/files"
)

// TestRealCorpusKeepsItsInvariants imports and analyzes real documents with the real codebook.
func TestRealCorpusKeepsItsInvariants(t *testing.T) {
	path := filepath.Join("..", "..", "shared", "data", "corpus", "us-gov-and-wire-ai-china.jsonl.gz")
	if _, err := os.Stat(path); err != nil {
		t.Skipf("the corpus is not here: %v", err)
	}
	ctx := context.Background()
	yaml, err := configs.FS.ReadFile("codebook.yaml")
	if err != nil {
		t.Skipf("no codebook: %v", err)
	}
	cb, err := codebook.Parse("codebook.yaml", yaml)
	must(t, err)
	a, err := analysis.New(cb)
	must(t, err)
	db, err := Open(ctx, filepath.Join(t.TempDir(), "corpus.db"), Options{Gate: a})
	must(t, err)
	defer db.Close()
	start := time.Now()
	var records []files.Record
	_, err = files.Reader{}.Read(ctx, path, func(r files.Record) error { records = append(records, r); return nil })
	must(t, err)
	sum, err := db.Import(ctx, records, noon)
	must(t, err)
	if sum.New != len(records) || len(records) == 0 {
		t.Errorf("%d records, %+v", len(records), sum)
	}
	t.Logf("read and imported %d in %v", len(records), time.Since(start))
	start = time.Now()
	got, err := analysis.Sync(ctx, a, db, 2, nil)
	must(t, err)
	t.Logf("analyzed %+v in %v", got, time.Since(start))
	if sum, err = db.Import(ctx, records, noon); err != nil || sum.Same != len(records) {
		t.Errorf("again: %+v, %v", sum, err)
	}
	for _, r := range records {
		wantRows(t, db, `SELECT 1 FROM v_article WHERE external_id = '`+r.ExternalID+`' AND text_hash = '`+textHash(r.Article.Title, r.Article.Text)+`'`, "1")
	}
	wantRows(t, db, `SELECT count(*) FROM v_mention AS m JOIN v_article AS a USING (article_id)
		WHERE substr(CASE m.section WHEN 'headline' THEN a.title ELSE a.text END, m.span_start + 1, m.span_end - m.span_start) <> m.trigger
		OR instr(m.sentence, m.trigger) = 0`, "0")
	if got, want := table(t, db, `SELECT month, frame, n, k FROM v_month ORDER BY 1, 2`), table(t, db, monthsByHand); len(got) == 0 || len(got) != len(want) {
		t.Errorf("v_month has %d rows, by hand %d", len(got), len(want))
	}
}
