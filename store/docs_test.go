package store

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"text/template"
)

var update = flag.Bool("update", false, "write the generated page and golden files")

// schemaObjects describes the tables and the views.
func schemaObjects(t *testing.T) (tables, views []View) {
	t.Helper()
	var all strings.Builder // as one script: a later step adds columns to a table of an earlier one
	for _, name := range migrationFiles() {
		script, err := migrations.ReadFile(name)
		must(t, err)
		all.Write(script)
	}
	return describe(all.String()), Views()
}

func TestEveryColumnIsDescribed(t *testing.T) {
	db, _ := newDB(t)
	tables, views := schemaObjects(t)
	for _, o := range append(tables, views...) {
		if o.Name == "article_search_content" {
			continue // for the index alone
		}
		if o.Text == "" {
			t.Errorf("%s has no comment", o.Name)
		}
		var described []string
		for _, c := range o.Columns {
			if c.Text == "" {
				t.Errorf("%s.%s has no comment", o.Name, c.Name)
			}
			described = append(described, c.Name)
		}
		have := table(t, db, `SELECT name FROM pragma_table_xinfo(?) WHERE hidden <> 1`, o.Name)
		if !slices.Equal(described, have) {
			t.Errorf("%s: comments for %v, columns %v", o.Name, described, have)
		}
	}
	wantRows(t, db, `SELECT count(*) FROM sqlite_schema WHERE type = 'view' AND name GLOB 'v_*'`, fmt.Sprint(len(views)))
	wantRows(t, db, `SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT GLOB 'sqlite_*'`, "0")
}

func sqlPage(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "sql.md.tmpl"))
	must(t, err)
	page, err := template.New("sql.md").Parse(string(text))
	must(t, err)
	data := struct {
		Queries       []NamedQuery
		Functions     []string
		Views, Tables []View
	}{Queries: NamedQueries()}
	for _, f := range functions() {
		call, rest, _ := strings.Cut(f.doc, ": ")
		data.Functions = append(data.Functions, fmt.Sprintf("`%s`: %s", call, rest))
	}
	data.Tables, data.Views = schemaObjects(t)
	var out bytes.Buffer
	must(t, page.Execute(&out, data))
	return out.String()
}

func TestSQLPageIsUpToDate(t *testing.T) {
	path := filepath.Join("..", "docs", "sql.md")
	want := sqlPage(t)
	if *update {
		must(t, os.WriteFile(path, []byte(want), 0o644))
	}
	got, err := os.ReadFile(path)
	must(t, err)
	if string(got) != want {
		t.Error("docs/sql.md does not match its sources; run: go test ./store -run SQLPage -update")
	}
}

var rxExample = regexp.MustCompile("(?s)(<!-- no rows -->\n)?```sql\n(.*?)```")

func TestExamplesOfTheSQLPageRun(t *testing.T) {
	db := studyDB(t)
	examples := rxExample.FindAllStringSubmatch(sqlPage(t), -1)
	if len(examples) < 10 {
		t.Errorf("%d examples, want at least 10", len(examples))
	}
	for _, m := range examples {
		r, err := Query(context.Background(), db.Path(), m[2], Limits{})
		if err != nil {
			t.Errorf("%v in\n%s", err, m[2])
			continue
		}
		if (len(r.Rows) == 0) != (m[1] != "") {
			t.Errorf("%d rows from\n%s", len(r.Rows), m[2])
		}
	}
}

// tool finds a program, or skips the test; where the tools are required it fails.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err == nil {
		return path
	}
	if os.Getenv("FRAMEWATCH_REQUIRE_TOOLS") == "1" {
		t.Fatalf("%s is required here: %v", name, err)
	}
	t.Skipf("%s is not installed", name)
	return ""
}

func TestEveryViewWorksInTheStockShell(t *testing.T) {
	shell := tool(t, "sqlite3")
	db := studyDB(t)
	_, views := schemaObjects(t)
	for _, v := range views {
		out, err := exec.Command(shell, "-readonly", "-bail", db.Path(), "SELECT * FROM "+v.Name, "SELECT 'rows', count(*) FROM "+v.Name).CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v: %s", v.Name, err, out)
			continue
		}
		lines := strings.Split(strings.TrimSpace(string(out)), "\n")
		got := lines[len(lines)-1]
		if want := "rows|" + table(t, db, "SELECT count(*) FROM "+v.Name)[0]; got != want {
			t.Errorf("%s: %s, want %s", v.Name, got, want)
		}
	}
	// The examples too, but for those that use a function of framewatch sql.
	for _, m := range rxExample.FindAllStringSubmatch(sqlPage(t), -1) {
		if strings.Contains(m[2], "kwic(") || strings.Contains(m[2], "wilson_low(") {
			continue
		}
		if out, err := exec.Command(shell, "-readonly", "-bail", db.Path(), m[2]).CombinedOutput(); err != nil {
			t.Errorf("%v: %s in\n%s", err, out, m[2])
		}
	}
}
