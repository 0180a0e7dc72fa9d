package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
)

// parquetRows reads a Parquet file back, with its column names.
func parquetRows(t *testing.T, data string) (names []string, rows [][]parquet.Value, groups int) {
	t.Helper()
	file, err := parquet.OpenFile(strings.NewReader(data), int64(len(data)))
	must(t, err)
	for _, c := range file.Root().Columns() {
		names = append(names, c.Name())
	}
	for _, g := range file.RowGroups() {
		groups++
		in := g.Rows()
		for buf := make([]parquet.Row, 64); ; {
			n, err := in.ReadRows(buf)
			for _, r := range buf[:n] {
				rows = append(rows, r.Clone())
			}
			if errors.Is(err, io.EOF) {
				break
			}
			must(t, err)
		}
		must(t, in.Close())
	}
	return names, rows, groups
}

// plain is a Parquet value as JSON would give it.
func plain(v parquet.Value) any {
	switch {
	case v.IsNull():
		return nil
	case v.Kind() == parquet.Int64:
		return float64(v.Int64())
	case v.Kind() == parquet.Double:
		return v.Double()
	}
	return string(v.ByteArray())
}

func TestParquetHoldsWhatJSONHolds(t *testing.T) {
	db := studyDB(t)
	nulls := 0
	for _, name := range ExportTables() {
		for _, noText := range []bool{false, true} {
			data := exported(t, db, Export{Table: name, Format: "parquet", NoText: noText})
			if data != exported(t, db, Export{Table: name, Format: "parquet", NoText: noText}) {
				t.Errorf("%s: equal data gave other bytes", name)
			}
			names, rows, _ := parquetRows(t, data)
			_, columns, err := Export{Table: name, NoText: noText}.columns()
			must(t, err)
			for i, c := range columns {
				if names[i] != c.Name {
					t.Errorf("%s: column %d is %s, want %s", name, i, names[i], c.Name)
				}
			}
			lines := strings.Split(strings.TrimSpace(exported(t, db, Export{Table: name, Format: "jsonl", NoText: noText})), "\n")
			if len(rows) != len(lines) {
				t.Fatalf("%s: %d rows, %d lines", name, len(rows), len(lines))
			}
			for i, line := range lines {
				var want map[string]any
				must(t, json.Unmarshal([]byte(line), &want))
				for j, v := range rows[i] {
					got, w := plain(v), want[names[j]]
					if _, composite := w.(string); !composite && (names[j] == "authors" || names[j] == "attributes") {
						var decoded any
						must(t, json.Unmarshal([]byte(got.(string)), &decoded))
						got = decoded
					}
					if fmt.Sprint(got) != fmt.Sprint(w) || (got == nil) != (w == nil) {
						t.Errorf("%s.%s, row %d: %v, want %v", name, names[j], i, got, w)
					}
					if got == nil {
						nulls++
					}
				}
			}
		}
	}
	if nulls == 0 {
		t.Error("the tables hold no NULL to test")
	}
}

func TestParquetColumnsAreTyped(t *testing.T) {
	db := studyDB(t)
	data := exported(t, db, Export{Table: "mentions", Format: "parquet"})
	file, err := parquet.OpenFile(strings.NewReader(data), int64(len(data)))
	must(t, err)
	for _, c := range file.Root().Columns() {
		want := map[string]parquet.Kind{"integer": parquet.Int64, "number": parquet.Double}[fieldType(c.Name(), "parquet")]
		if want == 0 {
			want = parquet.ByteArray
		}
		if !c.Optional() || c.Type().Kind() != want {
			t.Errorf("%s: %v, optional %v; want %v", c.Name(), c.Type(), c.Optional(), want)
		}
	}
}

func TestParquetIsWrittenInGroups(t *testing.T) {
	var out bytes.Buffer
	w := newParquetWriter(&out, "trend", []string{"month", "n", "share"})
	const rows = groupRows + 7
	for i := range rows {
		month := any(fmt.Sprint("2025-", i%12))
		if i%3 == 0 {
			month = nil
		}
		must(t, w.row([]any{month, int64(i), int64(1)}))
	}
	must(t, w.flush())
	_, got, groups := parquetRows(t, out.String())
	if len(got) != rows || groups != 2 || !got[0][0].IsNull() || got[rows-1][1].Int64() != rows-1 || got[1][2].Double() != 1 {
		t.Errorf("%d rows in %d groups, first %v, last %v", len(got), groups, got[0], got[rows-1])
	}
	if err := w.row([]any{"x", "not a number", nil}); err == nil || !strings.Contains(err.Error(), "column 2") {
		t.Errorf("a text in a column of numbers: %v", err)
	}
}

// runDuckDB gives JSON to testdata/duckdb.js and decodes its answer.
func runDuckDB(t *testing.T, statements map[string]string, answer any, more ...string) {
	t.Helper()
	modules := os.Getenv("FRAMEWATCH_DUCKDB")
	if modules == "" {
		if os.Getenv("FRAMEWATCH_REQUIRE_TOOLS") == "1" {
			t.Fatal("FRAMEWATCH_DUCKDB must name a node_modules folder with @duckdb/node-api here")
		}
		t.Skip("FRAMEWATCH_DUCKDB names no node_modules folder with @duckdb/node-api (npm install @duckdb/node-api)")
	}
	node := tool(t, "node")
	in, err := json.Marshal(statements)
	must(t, err)
	modules, err = filepath.Abs(modules)
	must(t, err)
	cmd := exec.Command(node, append([]string{filepath.Join("testdata", "duckdb.js"), modules}, more...)...)
	cmd.Stdin = bytes.NewReader(in)
	out, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		t.Fatalf("duckdb: %v\n%s", err, exit.Stderr)
	}
	must(t, err)
	must(t, json.Unmarshal(out, answer))
}

// duckdb runs statements by name in DuckDB and gives the rows of each.
func duckdb(t *testing.T, statements map[string]string) map[string][][]any {
	t.Helper()
	var rows map[string][][]any
	runDuckDB(t, statements, &rows)
	return rows
}

// duckdbTimes gives the least time of each statement on the clock and of all processors, in milliseconds, of n runs after
// the first.
func duckdbTimes(t *testing.T, statements map[string]string, n int) map[string][2]float64 {
	t.Helper()
	var times map[string][2]float64
	runDuckDB(t, statements, &times, strconv.Itoa(n))
	return times
}

func TestDuckDBReadsTheParquet(t *testing.T) {
	db := studyDB(t)
	dir := t.TempDir()
	statements := map[string]string{}
	for _, name := range ExportTables() {
		path := filepath.Join(dir, name+".parquet")
		must(t, os.WriteFile(path, []byte(exported(t, db, Export{Table: name, Format: "parquet"})), 0o600))
		statements[name] = fmt.Sprintf("SELECT count(*) FROM '%s'", path)
	}
	from := func(table string) string { return fmt.Sprintf("'%s'", filepath.Join(dir, table+".parquet")) }
	statements["months"] = `SELECT month, frame, n, k FROM ` + from("trend") + ` ORDER BY 1, 2`
	statements["stances"] = `SELECT frame, stance, count(*), count(speaker), sum(span_end - span_start) FROM ` + from("mentions") + ` GROUP BY 1, 2 ORDER BY 1, 2`
	statements["undated"] = `SELECT count(*) FILTER (WHERE month IS NULL), sum(relevant) FROM ` + from("articles")
	statements["authors"] = `SELECT DISTINCT json_extract_string(authors, '$[0]') FROM ` + from("articles")
	got := duckdb(t, statements)
	joined := func(name string) []string {
		var rows []string
		for _, row := range got[name] {
			var cells []string
			for _, v := range row {
				cells = append(cells, fmt.Sprint(v))
			}
			rows = append(rows, strings.Join(cells, "|"))
		}
		return rows
	}
	for _, tt := range []struct{ name, query string }{
		{"months", `SELECT month, frame, n, k FROM v_month ORDER BY 1, 2`},
		{"stances", `SELECT frame, stance, count(*), count(speaker), sum(span_end - span_start) FROM v_mention GROUP BY 1, 2 ORDER BY 1, 2`},
		{"undated", `SELECT sum(month IS NULL), sum(relevant) FROM v_article`},
		{"authors", `SELECT DISTINCT json_extract(authors, '$[0]') FROM v_article`},
	} {
		if want := table(t, db, tt.query); !slices.Equal(joined(tt.name), want) || len(want) == 0 {
			t.Errorf("%s: got %q, want %q", tt.name, joined(tt.name), want)
		}
	}
	for _, e := range exportTables() {
		if want := table(t, db, `SELECT count(*) FROM `+e.view); !slices.Equal(joined(e.name), want) {
			t.Errorf("%s: got %q rows, want %q", e.name, joined(e.name), want)
		}
	}
}
