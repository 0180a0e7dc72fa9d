package store

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"framewatch/analysis"
	"framewatch/analysis/codebook"
	"framewatch/crawler/article"
	"framewatch/crawler/files"
)

// noon is the tests' clock.
var noon = time.Date(2025, 6, 15, 12, 0, 0, 0, time.UTC)

// smallBook is a codebook with a parent, two children and a frame of its own.
func smallBook(name string) *codebook.Codebook {
	return &codebook.Codebook{
		Name: name, Version: "1", Title: "Small", Source: []byte("name: " + name + "\n"),
		Topic: codebook.Gate{AI: []string{name}}, // makes fingerprints differ by name
		Frames: []codebook.Frame{
			{ID: "race", Label: "Race", Group: "rivalry", Description: "A race."},
			{ID: "arms_race", Label: "Arms race", Parent: "race", Group: "rivalry"},
			{ID: "space_race", Label: "Space race", Parent: "race", Group: "rivalry"},
			{ID: "cooperation", Label: "Cooperation", Group: "alternatives"},
		},
	}
}

// wordGate is a coder simple enough to be checked by eye: an article is about AI if it says "AI", names China if it
// says "China", and mentions a frame wherever the frame's id stands, with a blank for the underscore.
type wordGate struct{ book *codebook.Codebook }

func (g wordGate) Codebook() *codebook.Codebook { return g.book }

func (g wordGate) Topic(d analysis.Document) analysis.Topic {
	all := d.Title + " " + d.Text
	t := analysis.Topic{AboutAI: strings.Contains(all, "AI"), NamesChina: strings.Contains(all, "China"), NamesUS: strings.Contains(all, "U.S.")}
	t.Relevant = t.AboutAI && (t.NamesChina || t.NamesUS) && (d.Language == "" || d.Language == "en")
	if !t.Relevant {
		t.Reason = "off topic"
	}
	return t
}

func (g wordGate) code(d analysis.Document) analysis.Analyzed {
	a := analysis.Analyzed{Document: d, Topic: g.Topic(d)}
	if !a.Topic.Relevant {
		return a
	}
	for i, part := range []string{d.Title, d.Text} {
		for _, f := range g.book.Frames {
			trigger := strings.ReplaceAll(f.ID, "_", " ")
			for at := 0; ; {
				j := strings.Index(part[at:], trigger)
				if j < 0 {
					break
				}
				start := at + j
				at = start + len(trigger)
				if f.ID == "race" && (strings.HasSuffix(part[:start], "arms ") || strings.HasSuffix(part[:start], "space ")) {
					continue
				}
				m := analysis.Mention{Frame: f.ID, Section: analysis.Body, Paragraph: i, Start: start, End: at, SentStart: 0, SentEnd: len(part),
					Trigger: trigger, Sentence: part, Stance: analysis.Asserts, Voice: analysis.Author, Rule: f.ID + "/1"}
				if i == 0 {
					m.Section = analysis.Headline
				}
				if f.ID == "cooperation" {
					m.Voice, m.Speaker = analysis.Quoted, analysis.Speaker{Name: "The Envoy", Country: "CN"}
				}
				a.Mentions = append(a.Mentions, m)
			}
		}
	}
	return a
}

// analyze codes whatever is stale, as analysis.Sync does.
func (g wordGate) analyze(t testing.TB, db *DB) int {
	t.Helper()
	ctx := context.Background()
	must(t, db.UseCodebook(ctx, g.book, 1))
	total, after := 0, int64(0)
	for {
		docs, err := db.Stale(ctx, g.book.Fingerprint(), 1, after, 50)
		must(t, err)
		if len(docs) == 0 {
			return total
		}
		var batch []analysis.Analyzed
		for _, d := range docs {
			batch = append(batch, g.code(d))
		}
		must(t, db.SaveAnalysis(ctx, g.book.Fingerprint(), 1, batch))
		total += len(docs)
		after = docs[len(docs)-1].ID
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// newDB is an empty database with the small codebook's gate.
func newDB(t testing.TB) (*DB, wordGate) {
	t.Helper()
	g := wordGate{smallBook("small")}
	db, err := Open(context.Background(), filepath.Join(t.TempDir(), "test.db"), Options{Gate: g, Now: func() time.Time { return noon }, Version: "test"})
	must(t, err)
	t.Cleanup(func() { db.Close() })
	return db, g
}

// record makes a record; published may be empty.
func record(t testing.TB, id, url, title, published, text string) files.Record {
	t.Helper()
	d, err := article.ParseDate(published)
	must(t, err)
	return files.Record{ExternalID: id, Origin: "test.jsonl:" + id, Outlet: "The Courier",
		Article: article.Article{URL: url, Title: title, Published: d, Text: text, Language: "en"}}
}

func importAll(t testing.TB, db *DB, records ...files.Record) ImportSummary {
	t.Helper()
	sum, err := db.Import(context.Background(), records, noon)
	must(t, err)
	return sum
}

// table reads a query's rows, each joined by "|", NULL as "∅".
func table(t testing.TB, db *DB, query string, args ...any) []string {
	t.Helper()
	rows, err := db.QueryContext(context.Background(), query, args...)
	must(t, err)
	defer rows.Close()
	columns, err := rows.Columns()
	must(t, err)
	var out []string
	for rows.Next() {
		cells := make([]sql.NullString, len(columns))
		dest := make([]any, len(columns))
		for i := range cells {
			dest[i] = &cells[i]
		}
		must(t, rows.Scan(dest...))
		var line []string
		for _, c := range cells {
			if !c.Valid {
				c.String = "∅"
			}
			line = append(line, c.String)
		}
		out = append(out, strings.Join(line, "|"))
	}
	must(t, rows.Err())
	return out
}

func wantRows(t testing.TB, db *DB, query string, want ...string) {
	t.Helper()
	got := table(t, db, query)
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s\n got %q\nwant %q", query, got, want)
	}
}

// sprint is a value as text.
func sprint(v any) string { return fmt.Sprint(v) }
