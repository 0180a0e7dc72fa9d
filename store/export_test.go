package store

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"framewatch/crawler/files"
)

func exported(t *testing.T, db *DB, e Export) string {
	t.Helper()
	var out bytes.Buffer
	n, err := e.Write(context.Background(), db, &out)
	must(t, err)
	if n == 0 {
		t.Errorf("%s: no rows", e.Table)
	}
	return out.String()
}

func TestExportsReadBackWhole(t *testing.T) {
	db := studyDB(t)
	hostile := []string{"=1+1", "+1", "-1", "@x", "\tx", "\rx", "a,\"b\"\r\nc", "plain", "é\U0001F409", "</script>"}
	for i, title := range hostile {
		importAll(t, db, files.Record{ExternalID: fmt.Sprint("h", i), Outlet: "courier", Article: record(t, "", "", title, "", "x").Article})
	}
	for _, name := range ExportTables() {
		view := map[string]string{}
		for _, e := range exportTables() {
			view[e.name] = e.view
		}
		want := table(t, db, "SELECT count(*) FROM "+view[name])[0]
		text := exported(t, db, Export{Table: name, Format: "csv"})
		if strings.Count(text, "\r\n") == 0 || strings.HasPrefix(text, "\ufeff") {
			t.Errorf("%s: no CRLF, or a byte order mark", name)
		}
		rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		must(t, err)
		if got := fmt.Sprint(len(rows) - 1); got != want {
			t.Errorf("%s: %s rows of CSV, want %s", name, got, want)
		}
		for _, row := range rows {
			for i, cell := range row {
				if cell != "" && strings.ContainsRune("=+@\t\r", rune(cell[0])) {
					t.Errorf("%s.%s: a spreadsheet would run %q", name, rows[0][i], cell)
				}
			}
		}
		lines := strings.Split(strings.TrimSpace(exported(t, db, Export{Table: name, Format: "jsonl"})), "\n")
		if got := fmt.Sprint(len(lines)); got != want {
			t.Errorf("%s: %s lines, want %s", name, got, want)
		}
		var object map[string]any
		must(t, json.Unmarshal([]byte(lines[0]), &object))
		if len(object) != len(rows[0]) {
			t.Errorf("%s: %d keys, %d columns", name, len(object), len(rows[0]))
		}
	}
	var titles []string
	for line := range strings.Lines(exported(t, db, Export{Table: "articles", Format: "jsonl"})) {
		var a struct {
			Title   string
			Authors []string
		}
		must(t, json.Unmarshal([]byte(line), &a))
		titles = append(titles, a.Title)
	}
	if got, want := strings.Join(titles[len(titles)-len(hostile):], "|"), strings.Join(hostile, "|"); got != want {
		t.Errorf("titles %q, want %q", got, want)
	}
	if !strings.HasPrefix(exported(t, db, Export{Table: "trend", Format: "csv", BOM: true}), "\ufeffmonth,") {
		t.Error("no byte order mark where one is wanted")
	}
}

func TestExportWithoutTextHoldsNoText(t *testing.T) {
	db := studyDB(t)
	for _, name := range []string{"articles", "mentions"} {
		text := exported(t, db, Export{Table: name, Format: "jsonl", NoText: true})
		for _, e := range study() {
			for _, secret := range append([]string{e.title}, e.paragraphs...) {
				if strings.Contains(text, secret) {
					t.Errorf("%s: holds %q", name, secret)
				}
			}
		}
		if !strings.Contains(text, `"text_hash":"`) || !strings.Contains(text, "https://courier.example/s01") || strings.Contains(text, "A. Writer") {
			t.Errorf("%s: hash or address missing, or an author there", name)
		}
	}
}

func TestExportRefusesTheUnknown(t *testing.T) {
	db := studyDB(t)
	for _, e := range []Export{{Table: "secrets", Format: "csv"}, {Table: "trend", Format: "xls"}} {
		if _, err := e.Write(context.Background(), db, &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), "there are") {
			t.Errorf("%+v: %v", e, err)
		}
	}
}

func TestDataPackageDescribesEveryColumn(t *testing.T) {
	db := studyDB(t)
	var files []ExportedFile
	for _, name := range ExportTables() {
		files = append(files, ExportedFile{Export: Export{Table: name, Format: "jsonl"}, Path: name + ".jsonl", Rows: 1, Bytes: 2, SHA256: "00"})
	}
	data, err := db.DataPackage(context.Background(), files, noon)
	must(t, err)
	var p struct {
		Created    string
		Provenance map[string]any
		Resources  []struct {
			Name   string
			Schema struct {
				Fields []struct{ Name, Type, Description string }
			}
		}
	}
	must(t, json.Unmarshal(data, &p))
	if p.Created != "2025-06-15T12:00:00Z" || p.Provenance["codebook"] != studyBook("study").Fingerprint() || len(p.Resources) != len(files) {
		t.Errorf("package %+v", p)
	}
	for i, r := range p.Resources {
		var row map[string]any
		first, _, _ := strings.Cut(exported(t, db, files[i].Export), "\n")
		must(t, json.Unmarshal([]byte(first), &row))
		for _, f := range r.Schema.Fields {
			ok := false
			switch row[f.Name].(type) {
			case nil:
				ok = true
			case float64:
				ok = f.Type == "integer" || f.Type == "number"
			case string:
				ok = f.Type == "string"
			case []any:
				ok = f.Type == "array"
			case map[string]any:
				ok = f.Type == "object"
			}
			if !ok || f.Description == "" {
				t.Errorf("%s.%s: %s %q, but %v", r.Name, f.Name, f.Type, f.Description, row[f.Name])
			}
		}
	}
}

// The rules are those of the Data Package and Table Schema standards, version 1, for the parts that are used.
func TestDataPackageKeepsToTheStandard(t *testing.T) {
	db := studyDB(t)
	rxName := regexp.MustCompile(`^[-a-z0-9._/]+$`)
	for _, format := range ExportFormats() {
		var files []ExportedFile
		for _, name := range ExportTables() {
			files = append(files, ExportedFile{Export: Export{Table: name, Format: format}, Path: name + "." + format, Rows: 1, Bytes: 2, SHA256: strings.Repeat("0a", 32)})
		}
		data, err := db.DataPackage(context.Background(), files, noon)
		must(t, err)
		var p struct {
			Name, Profile, Created string
			Resources              []struct {
				Name, Path, Profile, Format, MediaType, Encoding, Hash string
				Bytes                                                  int
				Schema                                                 struct{ Fields []struct{ Name, Type string } }
			}
		}
		must(t, json.Unmarshal(data, &p))
		if _, err := time.Parse(time.RFC3339, p.Created); err != nil || !rxName.MatchString(p.Name) || p.Profile != "data-package" || len(p.Resources) == 0 {
			t.Errorf("package %+v, %v", p, err)
		}
		seen := map[string]bool{}
		for _, r := range p.Resources {
			want := map[bool]string{true: "tabular-data-resource", false: "data-resource"}[format == "csv"]
			if seen[r.Name] || !rxName.MatchString(r.Name) || strings.HasPrefix(r.Path, "/") || strings.Contains(r.Path, "..") || r.Profile != want ||
				r.Format != format || !strings.Contains(r.MediaType, "/") || r.Encoding != "utf-8" || !strings.HasPrefix(r.Hash, "sha256:") || r.Bytes <= 0 {
				t.Errorf("resource %+v", r)
			}
			seen[r.Name] = true
			fields := map[string]bool{}
			for _, f := range r.Schema.Fields {
				if fields[f.Name] || f.Name == "" || !slices.Contains([]string{"string", "integer", "number", "array", "object"}, f.Type) {
					t.Errorf("%s: field %+v", r.Name, f)
				}
				fields[f.Name] = true
			}
		}
	}
}

func TestDroppedTextsAreGoneAndCodesStay(t *testing.T) {
	ctx := context.Background()
	db := studyDB(t)
	const query = `SELECT article_id, frame, span_start, span_end, trigger, stance FROM v_mention ORDER BY 1, 3, 2`
	mentions, months := table(t, db, query), table(t, db, `SELECT * FROM v_month ORDER BY 1, 2`)
	n, err := db.DropTexts(ctx)
	must(t, err)
	if n != len(study()) {
		t.Errorf("dropped %d, want %d", n, len(study()))
	}
	wantRows(t, db, `SELECT count(*), count(text) FROM v_article`, fmt.Sprintf("%d|0", n))
	if fmt.Sprint(table(t, db, query)) != fmt.Sprint(mentions) || fmt.Sprint(table(t, db, `SELECT * FROM v_month ORDER BY 1, 2`)) != fmt.Sprint(months) {
		t.Error("codes or counts changed")
	}
	file, err := os.ReadFile(db.Path())
	must(t, err)
	wal, _ := os.ReadFile(db.Path() + "-wal")
	if secret := []byte("Wheat in the north."); bytes.Contains(file, secret) || bytes.Contains(wal, secret) {
		t.Error("a dropped text is still in the file")
	}
	docs, err := db.Stale(ctx, studyBook("study").Fingerprint(), 2, 0, 99)
	must(t, err)
	if len(docs) != 0 {
		t.Errorf("%d articles without text are to be analyzed", len(docs))
	}
	e := study()[0]
	rec := record(t, e.id, "https://courier.example/s01", e.title, e.date, strings.Join(e.paragraphs, "\n\n"))
	rec.Outlet = "courier"
	if sum := importAll(t, db, rec); sum.Same != 1 {
		t.Errorf("the same text again: %+v", sum)
	}
	wantRows(t, db, `SELECT text FROM v_article WHERE external_id = 's01'`, rec.Article.Text)
	wantRows(t, db, `SELECT count(*) FROM article_search WHERE article_search MATCH 'china'`, "1")
	rec.Article.Text = "A new text."
	if sum := importAll(t, db, rec); sum.Changed != 1 {
		t.Errorf("another text: %+v", sum)
	}
	wantRows(t, db, `SELECT text FROM v_article WHERE external_id = 's01'`, "A new text.")
	must(t, db.write(ctx, "test", func(tx *txn) error {
		return tx.script(ctx, `INSERT INTO article_search (article_search, rank) VALUES ('integrity-check', 1)`)
	}))
}
