package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/csv"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"framewatch/crawler"
	"framewatch/crawler/crawlertest"
)

// command runs framewatch in this process.
func (w *faultWorld) command(args ...string) (code int, stdout, stderr string) {
	w.Helper()
	var out, errs bytes.Buffer
	code = run(context.Background(), args, strings.NewReader(""), &out, &errs)
	return code, out.String(), errs.String()
}

// sourcesFile writes the sources file of all scenarios.
func (w *faultWorld) sourcesFile() string {
	w.Helper()
	path := filepath.Join(filepath.Dir(w.db), "sources.yaml")
	if err := os.WriteFile(path, w.yaml(), 0o600); err != nil {
		w.Fatal(err)
	}
	return path
}

// TestHostileText follows texts that attack whoever shows them through every command that shows them.
func TestHostileText(t *testing.T) {
	w := newFaultWorld(t)
	c := w.add(crawlertest.HostileText(w.site))
	report := filepath.Join(filepath.Dir(w.db), "report.html")
	if code, _, errs := w.command("crawl", "--db", w.db, "--sources", w.sourcesFile()); code != exitDone {
		t.Fatalf("crawl: exit %d, %s", code, errs)
	}
	if got := w.one(`SELECT count(*) FROM v_article`); got != itoa(len(c.Stories)) {
		t.Errorf("%s articles, want %d%s", got, len(c.Stories), w.unstored(c))
	}
	if code, _, errs := w.command("analyze", "--db", w.db); code != exitDone {
		t.Fatalf("analyze: exit %d, %s", code, errs)
	}
	if got := w.one(`SELECT count(*) > 0 FROM v_mention`); got != "1" {
		t.Error("no mention was found, so the report shows none of the texts")
	}
	if code, _, errs := w.command("report", "--db", w.db, "-o", report); code != exitDone {
		t.Fatalf("report: exit %d, %s", code, errs)
	}
	t.Run("report", func(t *testing.T) { checkReportInert(t, report) })
	t.Run("csv", func(t *testing.T) {
		code, out, errs := w.command("sql", "--db", w.db, "--format", "csv", "SELECT title, authors FROM v_article")
		rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
		if code != exitDone || err != nil || len(rows) != len(c.Stories)+1 {
			t.Fatalf("exit %d, %d rows, %v, %s", code, len(rows), err, errs)
		}
		for _, row := range rows {
			for _, cell := range row {
				if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
					t.Errorf("a spreadsheet would run %.80q", cell)
				}
			}
		}
	})
	t.Run("terminal", func(t *testing.T) {
		for _, args := range [][]string{
			{"sql", "--db", w.db, "SELECT title, authors, url FROM v_article"},
			{"status", "--db", w.db},
		} {
			_, out, errs := w.command(args...)
			if strings.ContainsAny(out+errs, "\x1b\x07\u202e") {
				t.Errorf("%v writes what drives a terminal", args[0])
			}
		}
	})
	w.sound()
}

// checkReportInert parses the report as a browser does: no text of the web may have become an element that runs, or
// an attribute.
func checkReportInert(t *testing.T, path string) {
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	policy, scripts := "", 0
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.Val)), "javascript:") {
				t.Errorf("<%s %s=%.60q>", n.Data, a.Key, a.Val)
			}
			if a.Key == "src" && n.Data != "img" || a.Key == "src" && !strings.HasPrefix(a.Val, "data:") {
				t.Errorf("<%s src=%.60q> asks for something", n.Data, a.Val)
			}
		}
		switch n.Data {
		case "script":
			scripts++
			if n.FirstChild != nil && strings.HasPrefix(strings.TrimSpace(n.FirstChild.Data), "document.title='owned'") {
				t.Error("a text of the web became a script")
			}
		case "meta":
			if attr(n, "http-equiv") == "Content-Security-Policy" {
				policy = attr(n, "content")
			}
		}
	}
	if scripts == 0 || !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "script-src 'unsafe-inline'") {
		t.Errorf("%d scripts under the policy %q, want one that allows none but its own", scripts, policy)
	}
	if !strings.Contains(unpacked(data), "document.title='owned'") {
		t.Error("the report shows none of the hostile texts, so it proves nothing")
	}
}

// unpacked is the text of the compressed parts of a report.
func unpacked(report []byte) string {
	var b strings.Builder
	for _, packed := range regexp.MustCompile(`[A-Za-z0-9_-]{64,}`).FindAll(report, -1) {
		data, err := base64.RawURLEncoding.DecodeString(string(packed))
		if err != nil {
			continue
		}
		z, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			continue
		}
		text, _ := io.ReadAll(z)
		b.Write(text)
	}
	return b.String()
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// TestSQLAbuse gives the sql command what must not be run: each is refused with a message, the database stays as it
// is and no file appears.
func TestSQLAbuse(t *testing.T) {
	w := newFaultWorld(t)
	w.add(crawlertest.Ordinary(w.site, "ordinary", 1))
	w.crawl()
	dir := filepath.Dir(w.db)
	outside := filepath.Join(t.TempDir(), "out.db")
	before := contents(t, dir)
	for _, statement := range []string{
		"DROP TABLE article", "DELETE FROM article", "INSERT INTO meta VALUES ('a', 'b')", "UPDATE article SET title = ''",
		"SELECT 1; DELETE FROM article", "ATTACH '" + outside + "' AS x", "VACUUM INTO '" + outside + "'", "CREATE TEMP TABLE x (a)",
		"PRAGMA writable_schema = 1", "PRAGMA query_only = 0", "PRAGMA journal_mode = DELETE", "SELECT load_extension('x')", "SELECT readfile('/etc/passwd')",
		"SELECT writefile('" + outside + "', 'x')", "BEGIN IMMEDIATE", "SELECT zeroblob(900000000)", "SELECT length(replace(hex(zeroblob(20000000)), '0', 'aaaaaaaa'))",
		"WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT max(n) FROM r", "'); DROP TABLE article; --", "SELEC 1", "",
	} {
		began := time.Now()
		code, _, errs := w.command("sql", "--db", w.db, "--timeout", "1s", statement)
		if code == exitDone || strings.TrimSpace(errs) == "" || strings.Count(strings.TrimSpace(errs), "\n") > 1 {
			t.Errorf("%q: exit %d, %q; want a refusal in a line", statement, code, errs)
		}
		if d := time.Since(began); d > 4*time.Second {
			t.Errorf("%q took %v beyond a limit of 1s", statement, d)
		}
	}
	if after := contents(t, dir); !slices.Equal(after, before) {
		t.Errorf("files were %v, are %v", before, after)
	}
	if _, err := os.Stat(outside); err == nil {
		t.Error("a file was made outside")
	}
	w.sound()
}

// contents names the files of a folder with a hash of each, the journal's index apart, which readers write.
func contents(t *testing.T, dir string) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, "-shm") || strings.HasSuffix(path, "-wal") {
			return err
		}
		data, err := os.ReadFile(path)
		out = append(out, fmt.Sprintf("%s %x", filepath.Base(path), sha256.Sum256(data)))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestUnfitDatabases gives the crawl command databases that it must refuse: it says what to do, touches nothing and
// asks nobody.
func TestUnfitDatabases(t *testing.T) {
	w := newFaultWorld(t)
	w.add(crawlertest.Ordinary(w.site, "ordinary", 1))
	sources := w.sourcesFile()
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	newer := filepath.Join(dir, "newer.db")
	made := filepath.Join(dir, "made.db")
	w.db = made
	w.scenarios = nil
	w.add(crawlertest.Ordinary(w.site, "first", 1))
	w.crawl()
	data, err := os.ReadFile(made)
	if err != nil {
		t.Fatal(err)
	}
	raise(t, write("newer.db", string(data)))
	asked := len(w.site.Requests())
	for name, path := range map[string]string{
		"no folder":      filepath.Join(dir, "none", "x.db"),
		"a folder":       dir,
		"a text":         write("text.db", strings.Repeat("This is no database. ", 200)),
		"a broken head":  write("broken.db", "SQLite format 3\x00"+strings.Repeat("\xff", 8000)),
		"a cut database": write("cut.db", string(data[:len(data)/3])),
		"a newer schema": newer,
	} {
		t.Run(name, func(t *testing.T) {
			before, _ := os.ReadFile(path)
			code, _, errs := w.command("crawl", "--db", path, "--sources", sources)
			if code != exitFailed || strings.Count(strings.TrimSpace(errs), "\n") > 0 || !strings.Contains(errs, filepath.Base(path)) {
				t.Errorf("exit %d, %q; want one line that names the file", code, errs)
			}
			if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
				t.Error("the file was changed")
			}
		})
	}
	if n := len(w.site.Requests()); n != asked {
		t.Errorf("%d requests were made, want none", n-asked)
	}
}

// raise gives a database the schema version of a program to come.
func raise(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("PRAGMA user_version = 9000"); err != nil {
		t.Fatal(err)
	}
}

// TestFilesArePrivate holds what a crawl leaves on the disk.
func TestFilesArePrivate(t *testing.T) {
	w := newFaultWorld(t)
	w.add(crawlertest.Ordinary(w.site, "ordinary", 1))
	w.crawl()
	files, err := os.ReadDir(filepath.Dir(w.db))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		info, err := f.Info()
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v, want nobody else to read it", f.Name(), info.Mode().Perm())
		}
	}
}

// TestSourcesFromStrangers reads a source list that means harm; every bad line is named.
func TestSourcesFromStrangers(t *testing.T) {
	var b strings.Builder
	b.WriteString("fetch:\n  min_gap: 0s\n  proxy: http://127.0.0.1:8080\n  allow_addresses: [0.0.0.0/0]\nsources:\n")
	const n = 1000
	for i := range n {
		fmt.Fprintf(&b, "  - id: s%d\n    name: S\n    type: news\n    comand: rm\n    feeds: [\"file:///etc/passwd\"]\n", i)
	}
	_, err := crawler.ParseSources("strangers.yaml", []byte(b.String()))
	if err == nil {
		t.Fatal("the list was taken")
	}
	lines := strings.Split(err.Error(), "\n")
	if len(lines) < 2*n+2 {
		t.Errorf("%d problems, want %d at least", len(lines), 2*n+2)
	}
	for _, l := range lines {
		if !strings.HasPrefix(l, "strangers.yaml:") {
			t.Errorf("problem without file and line: %q", l)
			break
		}
	}
}
