package store

import (
	"context"
	"fmt"
	"testing"

	"framewatch/crawler/files"
)

const (
	textOne = "Officials called AI a race with China. They met twice in the spring to talk about it at length."
	textTwo = "A quite different report on the harvest in the northern provinces, with nothing on machines."
)

func TestImportIsIdempotentAndKeepsRevisions(t *testing.T) {
	db, _ := newDB(t)
	rec := record(t, "a1", "https://courier.example/1", "On a race", "2025-01-20", textOne)
	steps := []struct {
		name string
		rec  files.Record
		want ImportSummary
	}{
		{"first time", rec, ImportSummary{New: 1}},
		{"again", rec, ImportSummary{Same: 1}},
		{"another text", record(t, "a1", "https://courier.example/1", "On a race", "2025-01-20", textOne+" A line was added."), ImportSummary{Changed: 1}},
		{"the old file again", rec, ImportSummary{Same: 1}},
		{"a date known better", record(t, "a1", "https://courier.example/1", "On a race", "2025-01-20T09:00:00-05:00", textOne+" A line was added."), ImportSummary{Changed: 1}},
		{"a date known worse", record(t, "a1", "https://courier.example/1", "On a race", "2025-01", textOne+" A line was added."), ImportSummary{Same: 1}},
		{"without a date", record(t, "a1", "https://courier.example/1", "On a race", "", textOne+" A line was added."), ImportSummary{Same: 1}},
	}
	for _, s := range steps {
		if got := importAll(t, db, s.rec); got != s.want {
			t.Errorf("%s: got %+v, want %+v", s.name, got, s.want)
		}
	}
	wantRows(t, db, `SELECT external_id, published, date_precision, revision FROM v_article`, "a1|2025-01-20T09:00:00-05:00|time|2")
	wantRows(t, db, `SELECT revision, replaced IS NULL, text FROM v_revision ORDER BY 1`, "1|0|"+textOne, "2|1|"+textOne+" A line was added.")
}

func TestImportJoinsIdsOfOneAddressOnlyIfTextsAgree(t *testing.T) {
	db, _ := newDB(t)
	importAll(t, db,
		record(t, "a", "https://courier.example/1", "On a race", "2025-01-20", textOne),
		record(t, "b", "https://courier.example/1", "On a race", "2025-01-20", textOne),
		record(t, "c", "https://courier.example/1", "Harvest", "2025-01-21", textTwo))
	wantRows(t, db, `SELECT article_id, external_id, title FROM v_article ORDER BY 1`, "1|a|On a race", "2|c|Harvest")
	wantRows(t, db, `SELECT external_id, article_id FROM article_external ORDER BY 1`, "a|1", "b|1", "c|2")
	if got := importAll(t, db, record(t, "b", "https://courier.example/1", "On a race", "2025-01-20", textOne)); got.Same != 1 {
		t.Errorf("second id again: %+v", got)
	}
}

func TestImportKeepsTextCodePointForCodePoint(t *testing.T) {
	db, _ := newDB(t)
	text := "Caf\u00e9 and cafe\u0301 \U0001F409 dragon\u200b\u00a0\u201cAI\u201d\r\n\n\tChina\ufeff\u2028end"
	importAll(t, db,
		record(t, "x", "", "T\u00eete", "2025", text),
		record(t, "bad", "", "bad\x00\xff", "", "one\x00two\xff\xfethree"))
	wantRows(t, db, `SELECT text, text_hash FROM v_article WHERE external_id = 'x'`, text+"|"+textHash("T\u00eete", text))
	wantRows(t, db, `SELECT title, text FROM v_article WHERE external_id = 'bad'`, "bad\ufffd\ufffd|one\ufffdtwo\ufffdthree")
}

func TestImportNamesOutletsAndTheirTypes(t *testing.T) {
	db, _ := newDB(t)
	for i, r := range []files.Record{
		{Outlet: "wire:newsworthy"}, {Outlet: "whitehouse.gov"}, {Outlet: "The Courier", Type: "opinion", Country: "GB"}, {Outlet: " "},
	} {
		r.ExternalID = fmt.Sprint(i)
		r.Article.Text = fmt.Sprint("text ", i)
		importAll(t, db, r)
	}
	wantRows(t, db, `SELECT source, outlet, country, source_type, articles FROM v_outlet ORDER BY 1`,
		"The Courier|The Courier|GB|opinion|1", "unknown|unknown||unknown|1",
		"whitehouse.gov|whitehouse.gov||government|1", "wire:newsworthy|wire:newsworthy||press_release|1")
}

func TestDatesThatCannotBeChartedAreKeptAndFlagged(t *testing.T) {
	db, _ := newDB(t)
	for _, published := range []string{"", "2099-01-01", "1970-01-01", "2024", "2024-05", "2024-05-31T23:30:00-07:00", "2025-06-17"} {
		importAll(t, db, record(t, published+"!", "", "t", published, "text "+published))
	}
	wantRows(t, db, `SELECT published, month, date_flag FROM v_article ORDER BY article_id`,
		"∅|∅|missing", "2099-01-01|∅|future", "1970-01-01|∅|epoch", "2024|∅|", "2024-05|2024-05|",
		"2024-05-31T23:30:00-07:00|2024-05|", "2025-06-17|2025-06|")
}

func TestFailedImportLeavesNothing(t *testing.T) {
	db, _ := newDB(t)
	_, err := db.Import(context.Background(), []files.Record{record(t, "a", "", "t", "", "x"), {Origin: "f:2"}}, noon)
	if err == nil || err.Error() != "import: f:2: record without an id" {
		t.Errorf("got %v", err)
	}
	wantRows(t, db, `SELECT count(*) FROM v_article`, "0")
}

func TestSearchFollowsTheTexts(t *testing.T) {
	db, _ := newDB(t)
	find := func(words string, want ...string) {
		t.Helper()
		wantRows(t, db, `SELECT a.external_id FROM article_search AS s JOIN v_article AS a ON a.article_id = s.rowid
			WHERE article_search MATCH '`+words+`' ORDER BY a.external_id`, want...)
	}
	importAll(t, db, record(t, "1", "", "On a Café", "", "The race goes on."), record(t, "2", "", "Harvest", "", "A plain race on the plain."))
	find(`race`, "1", "2")
	find(`cafe`, "1")
	find(`title : race`)
	find(`"plain race"`, "2")
	importAll(t, db, record(t, "1", "", "On a Café", "", "The contest goes on."))
	find(`race`, "2")
	find(`contest`, "1")
	must(t, db.write(context.Background(), "test", func(tx *txn) error {
		return tx.script(context.Background(), `INSERT INTO article_search (article_search, rank) VALUES ('integrity-check', 1)`)
	}))
}
