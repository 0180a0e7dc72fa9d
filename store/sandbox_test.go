package store

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// attacked is a database with an article, in a folder that is compared before and after every attack.
func attacked(t *testing.T) (path string) {
	t.Helper()
	g := wordGate{smallBook("small")}
	path = filepath.Join(t.TempDir(), "attacked.db")
	db, err := Open(context.Background(), path, Options{Gate: g})
	must(t, err)
	importAll(t, db, record(t, "1", "", "AI", "2025-01-20", "China and the race."))
	g.analyze(t, db)
	must(t, db.Close())
	return path
}

// content is every file below a folder with its bytes; the shared memory of readers is no content.
func content(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	entries, err := os.ReadDir(dir)
	must(t, err)
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		must(t, err)
		files[e.Name()] = string(data)
	}
	return files
}

func TestSandboxRefusesEveryAttack(t *testing.T) {
	path := attacked(t)
	dir := filepath.Dir(path)
	out := filepath.Join(dir, "out.db")
	before := content(t, dir)
	tests := []struct {
		name, statement string
		want            error
	}{
		{"insert", `INSERT INTO outlet (source, name) VALUES ('x', 'x')`, ErrReadOnly},
		{"update", `UPDATE article SET title = 'x'`, ErrReadOnly},
		{"delete", `DELETE FROM mention`, ErrReadOnly},
		{"drop", `DROP TABLE mention`, ErrReadOnly},
		{"drop view", `DROP VIEW v_month`, ErrReadOnly},
		{"create", `CREATE TABLE x (y)`, ErrReadOnly},
		{"alter", `ALTER TABLE article ADD COLUMN x`, ErrReadOnly},
		{"replace", `REPLACE INTO meta VALUES ('created', 'never')`, ErrReadOnly},
		{"with delete", `WITH x AS (SELECT 1) DELETE FROM mention`, ErrReadOnly},
		{"returning", `DELETE FROM mention RETURNING *`, ErrReadOnly},
		{"explained delete", `EXPLAIN DELETE FROM mention`, ErrReadOnly},
		{"second statement", `SELECT 1; DELETE FROM mention`, ErrStatement},
		{"second statement after a comment", "SELECT ';' /* ; */; -- ;\nDELETE FROM mention", ErrStatement},
		{"nothing", " ; -- nothing\n", ErrStatement},
		{"attach", `ATTACH '` + out + `' AS o`, ErrReadOnly},
		{"attach in memory", `ATTACH ':memory:' AS o`, ErrReadOnly},
		{"detach", `DETACH main`, ErrReadOnly},
		{"vacuum into", `VACUUM INTO '` + out + `'`, ErrReadOnly},
		{"vacuum", `VACUUM`, ErrReadOnly},
		{"temp table", `CREATE TEMP TABLE x (y)`, ErrReadOnly},
		{"temp view", `CREATE TEMP VIEW x AS SELECT 1`, ErrReadOnly},
		{"temp trigger", `CREATE TEMP TRIGGER x AFTER INSERT ON article BEGIN SELECT 1; END`, ErrStatement},
		{"virtual table", `CREATE VIRTUAL TABLE x USING fts5 (y)`, ErrReadOnly},
		{"begin", `BEGIN IMMEDIATE`, ErrReadOnly},
		{"savepoint", `SAVEPOINT x`, ErrReadOnly},
		{"reindex", `REINDEX`, ErrReadOnly},
		{"analyze", `ANALYZE`, ErrReadOnly},
		{"query_only off", `PRAGMA query_only = 0`, ErrReadOnly},
		{"writable_schema", `PRAGMA writable_schema = 1`, ErrReadOnly},
		{"temp_store_directory", `PRAGMA temp_store_directory = '` + dir + `'`, ErrReadOnly},
		{"journal_mode", `PRAGMA journal_mode = DELETE`, ErrReadOnly},
		{"user_version", `PRAGMA user_version = 99`, ErrReadOnly},
		{"checkpoint", `PRAGMA wal_checkpoint(TRUNCATE)`, ErrReadOnly},
		{"pragma as a function", `SELECT * FROM pragma_database_list`, ErrReadOnly},
		{"load_extension", `SELECT load_extension('x')`, ErrReadOnly},
		{"readfile", `SELECT readfile('/etc/passwd')`, nil},
		{"writefile", `SELECT writefile('` + out + `', 'x')`, nil},
		{"edit", `SELECT edit('x')`, nil},
		{"endless recursion", `WITH RECURSIVE x (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM x) SELECT count(*) FROM x`, ErrTimeout},
		{"cross join", `SELECT count(*) FROM sqlite_schema a, sqlite_schema b, sqlite_schema c, sqlite_schema d, sqlite_schema e, sqlite_schema f`, ErrTimeout},
		{"endless sort", `WITH RECURSIVE x (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM x) SELECT n FROM x ORDER BY -n`, ErrTimeout},
		{"a long call", `SELECT replace(hex(zeroblob(20000000)), '0', 'xxxxxxxxxxxxxxxxxxxx')`, ErrTooLarge},
		{"a long value", `SELECT printf('%.*c', 900000000, 'x')`, nil},
		{"a long group", `WITH RECURSIVE x (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM x LIMIT 3000) SELECT group_concat(printf('%.*c', 9000, 'x')) FROM x`, ErrTooLarge},
		{"a long statement", `SELECT '` + strings.Repeat("x", 30_000) + `'`, nil},
		{"deep expression", `SELECT ` + strings.Repeat("1+(", 900) + "1" + strings.Repeat(")", 900), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			start := time.Now()
			r, err := Query(context.Background(), path, tt.statement, Limits{Timeout: 300 * time.Millisecond, MaxRows: 10})
			if err == nil {
				t.Errorf("no error, %.100v", r.Rows)
			}
			if tt.want != nil && !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			if err != nil && strings.Contains(err.Error(), "\n") {
				t.Errorf("the message has several lines: %q", err)
			}
			if took := time.Since(start); took > 2*time.Second {
				t.Errorf("took %v", took)
			}
			after := content(t, dir)
			for name, bytes := range after {
				if old, ok := before[name]; !ok || old != bytes {
					t.Errorf("%s was written", name)
				}
			}
		})
	}
}

// SQLite looks at the clock between steps only; a call that takes longer is left behind.
func TestSandboxDoesNotWaitForOneLongCall(t *testing.T) {
	path := attacked(t)
	start := time.Now()
	_, err := Query(context.Background(), path, `SELECT instr(printf('%.*c', 800000, 'a'), printf('%.*c', 400000, 'a') || 'b')`,
		Limits{Timeout: 100 * time.Millisecond})
	if took := time.Since(start); !errors.Is(err, ErrTimeout) || took > 2*time.Second {
		t.Errorf("got %v after %v", err, took)
	}
}

func TestSandboxAnswersQuestions(t *testing.T) {
	path := attacked(t)
	for statement, want := range map[string]string{
		`SELECT count(*) FROM v_mention;`:                    "1",
		"SELECT frame -- the frame; yes\n FROM v_mention ; ": "race",
		`SELECT ';'`:                  ";",
		`EXPLAIN QUERY PLAN SELECT 1`: "",
		`SELECT name FROM pragma_table_info('v_event')`:                                                 "date",
		`PRAGMA table_info(v_event)`:                                                                    "",
		`SELECT name FROM sqlite_schema WHERE name='v_event'`:                                           "v_event",
		`WITH RECURSIVE x (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM x LIMIT 3) SELECT max(n) FROM x`: "3",
		`SELECT json_extract('{"a":1}', '$.a')`:                                                         "1",
		`SELECT NULL`:                                                                                   "",
		`SELECT quarter(published) || month(published) FROM v_article`:                                  "2025-Q12025-01",
		`SELECT kwic(text, 14, 18, 12) FROM v_article`:                                                  "ina and the [race].",
		`SELECT kwic(text, 14, 99, 12) FROM v_article`:                                                  "",
		`SELECT quarter('2025') IS NULL AND month('') IS NULL AND month(5) IS NULL`:                     "1",
	} {
		r, err := Query(context.Background(), path, statement, Limits{})
		if err != nil {
			t.Errorf("%s: %v", statement, err)
			continue
		}
		if want != "" && sprint(r.Rows[0][0]) != want {
			t.Errorf("%s: got %q, want %q", statement, r.Rows[0][0], want)
		}
	}
	r, err := Query(context.Background(), path, `SELECT :a + 1 AS sum`, Limits{}, sql.Named("a", 4))
	if err != nil || r.Rows[0][0] != int64(5) || !slices.Equal(r.Columns, []string{"sum"}) {
		t.Errorf("parameter: %+v, %v", r, err)
	}
}

func TestSandboxStopsAtItsLimits(t *testing.T) {
	path := attacked(t)
	const endless = `WITH RECURSIVE x (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM x) SELECT n, printf('%.*c', 1000, 'x') FROM x`
	r, err := Query(context.Background(), path, endless, Limits{MaxRows: 7})
	if err != nil || len(r.Rows) != 7 || !r.Truncated {
		t.Errorf("rows: %v", err)
	}
	r, err = Query(context.Background(), path, endless, Limits{MaxBytes: 10_000})
	if err != nil || len(r.Rows) != 10 || !r.Truncated {
		t.Errorf("bytes: %d rows, %v", len(r.Rows), err)
	}
	r, err = Query(context.Background(), path, `SELECT 1`, Limits{MaxRows: 1})
	if err != nil || r.Truncated {
		t.Errorf("exactly the limit: %+v, %v", r, err)
	}
}

func TestSandboxMessagesHelp(t *testing.T) {
	path := attacked(t)
	for statement, want := range map[string]string{
		`SELECT * FROM mentions`:                     "no such table: mentions; there are v_article, v_mention",
		`SELECT * FROM v_mention WHERE frame="race"`: "no such column: \"race\"",
		`SELEC 1`:            `near "SELEC": syntax error`,
		`DROP TABLE article`: "only reading is allowed here: write one SELECT",
	} {
		_, err := Query(context.Background(), path, statement, Limits{})
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: got %v, want %s…", statement, err, want)
		}
	}
	missing := filepath.Join(t.TempDir(), "none.db")
	if _, err := Query(context.Background(), missing, `SELECT 1`, Limits{}); err == nil || !strings.Contains(err.Error(), "no such database") {
		t.Errorf("missing: %v", err)
	}
	if _, err := os.Stat(missing); err == nil {
		t.Error("a missing database was made")
	}
}

// Published values: Newcombe (1998), Statistics in Medicine 17:857 (one share) and 17:873 (differences, method 10).
func TestIntervalFunctionsGivePublishedValues(t *testing.T) {
	path := attacked(t)
	for call, want := range map[string]float64{
		"wilson_low(81, 263)": 0.2553, "wilson_high(81, 263)": 0.3662, "wilson_low(0, 20)": 0, "wilson_high(0, 20)": 0.1611,
		"newcombe_low(56, 70, 48, 80)": 0.0524, "newcombe_high(56, 70, 48, 80)": 0.3339,
		"newcombe_low(9, 10, 3, 10)": 0.1705, "newcombe_high(9, 10, 3, 10)": 0.8090,
		"newcombe_low(10, 10, 0, 10)": 0.6075, "newcombe_high(10, 10, 0, 10)": 1,
	} {
		r, err := Query(context.Background(), path, "SELECT "+call, Limits{})
		if err != nil {
			t.Errorf("%s: %v", call, err)
			continue
		}
		if got, _ := r.Rows[0][0].(float64); math.Abs(got-want) > 5e-5 {
			t.Errorf("%s = %v, want %v", call, r.Rows[0][0], want)
		}
	}
	for _, call := range []string{"wilson_low(1, 0)", "wilson_low(3, 2)", "wilson_low(NULL, 2)", "wilson_low('a', 2)", "newcombe_low(1, 2, 1, 0)"} {
		if r, err := Query(context.Background(), path, "SELECT "+call, Limits{}); err != nil || r.Rows[0][0] != nil {
			t.Errorf("%s: %+v, %v; want NULL", call, r, err)
		}
	}
}

func FuzzSingleStatement(f *testing.F) {
	for _, s := range []string{"SELECT 1", "SELECT ';'; --x", "/*", "'", "[;]", `";"`, ";;", "a;b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := single(s)
		if err == nil && !strings.HasPrefix(s, got) {
			t.Errorf("single(%q) = %q", s, got)
		}
	})
}
