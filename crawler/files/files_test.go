package files

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// read writes content to a file of the given name and reads it back.
func read(t *testing.T, name, content string) ([]Record, []string, Stats) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return readPath(t, path)
}

func readPath(t *testing.T, path string) (recs []Record, problems []string, stats Stats) {
	t.Helper()
	root := filepath.Dir(path)
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		root = path
	}
	r := Reader{Report: func(p Problem) {
		s := strings.TrimPrefix(p.Error(), root+string(filepath.Separator))
		problems = append(problems, fmt.Sprintf("%s skipped=%v", s, p.Skipped))
	}}
	stats, err := r.Read(context.Background(), path, func(rec Record) error {
		rec.Origin = strings.TrimPrefix(rec.Origin, root+string(filepath.Separator))
		recs = append(recs, rec)
		return nil
	})
	if err != nil {
		t.Fatalf("Read(%s): %v", path, err)
	}
	return recs, problems, stats
}

func gz(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(s))
	_ = w.Close()
	return b.String()
}

const twoLines = `{"id":"a1","outlet":"Harbor Post","url":"https://harbor.example/a","title":"Ports & chips","published":"2025-02-03","text":"One.\n\nTwo\u00a0three.\u0000","extra":{"x":[1]}}
{"id":7,"source":"Wire","title":"T","published":2024,"authors":["Ann Lee",{"name":"Bo Ek"}],"text":"  kept as is \n"}
`

func TestJSONLinesKeepEveryCodePoint(t *testing.T) {
	for _, name := range []string{"x.jsonl", "x.ndjson", "x.jsonl.gz"} {
		content := "\xEF\xBB\xBF" + twoLines
		if strings.HasSuffix(name, ".gz") {
			content = gz(content)
		}
		recs, problems, stats := read(t, name, content)
		if len(recs) != 2 || len(problems) != 0 || stats.Records != 2 {
			t.Fatalf("%s: got %d records, problems %v", name, len(recs), problems)
		}
		a, b := recs[0], recs[1]
		if a.ExternalID != "a1" || a.Outlet != "Harbor Post" || a.Origin != name+":1" || a.Article.Title != "Ports & chips" {
			t.Errorf("%s: first record %+v", name, a)
		}
		if want := "One.\n\nTwo\u00a0three.\uFFFD"; a.Article.Text != want {
			t.Errorf("%s: text %q, want %q", name, a.Article.Text, want)
		}
		if b.ExternalID != "7" || b.Outlet != "Wire" || b.Article.Published.String() != "2024" || b.Article.Text != "  kept as is \n" {
			t.Errorf("%s: second record %+v", name, b)
		}
		if got := strings.Join(b.Article.Authors, "|"); got != "Ann Lee|Bo Ek" {
			t.Errorf("%s: authors %q", name, got)
		}
	}
}

func TestBadLinesAreReportedByNumberAndSkipped(t *testing.T) {
	in := strings.Join([]string{
		`{"id":"1","text":"good"}`,
		`{"id":"2","text":"cut`,
		``,
		`[1,2]`,
		`{"id":"5"}`,
		`{"id":"6","text":{"a":1}}`,
		`{"id":"7","text":"date is odd","published":"next week"}`,
		`{"id":"8","html":"%PDF-1.4"}`,
		`{"id":"9","text":"last, without line feed"}`,
	}, "\r\n")
	recs, problems, stats := read(t, "in.jsonl", in)
	var ids []string
	for _, r := range recs {
		ids = append(ids, r.ExternalID)
	}
	if got := strings.Join(ids, ","); got != "1,7,9" {
		t.Errorf("records %s, want 1,7,9", got)
	}
	for i, want := range []string{"in.jsonl:2: not valid JSON", "in.jsonl:4: want a JSON object", "in.jsonl:5: neither text nor html",
		"in.jsonl:6: text: want string, got a JSON object", "in.jsonl:7: published: date", "in.jsonl:8: html: no article"} {
		if i >= len(problems) || !strings.HasPrefix(problems[i], want) {
			t.Errorf("problem %d: want %q in %q", i, want, problems)
			break
		}
	}
	if stats.Skipped != 5 || stats.Warnings != 1 || recs[1].Article.Published.String() != "" {
		t.Errorf("stats %+v, published %q", stats, recs[1].Article.Published)
	}
}

func TestLongLinesPassAndTooLongOnesAreSkipped(t *testing.T) {
	long := strings.Repeat("word ", 1<<20)
	path := filepath.Join(t.TempDir(), "long.jsonl")
	content := `{"id":"a","text":"` + long + "\"}\n" + `{"id":"b","text":"short"}` + "\n"
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	for limit, want := range map[int]string{0: "a,b", 1 << 20: "b"} {
		var ids []string
		_, err := Reader{MaxRecord: limit}.Read(context.Background(), path, func(r Record) error {
			ids = append(ids, r.ExternalID)
			return nil
		})
		if got := strings.Join(ids, ","); err != nil || got != want {
			t.Errorf("limit %d: got %s, %v; want %s", limit, got, err, want)
		}
	}
}

func TestCutGzipKeepsWhatCameBefore(t *testing.T) {
	var sb strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&sb, `{"id":"%d","text":"text number %d %x"}`+"\n", i, i, i*i*7919)
	}
	whole := gz(sb.String())
	dir := t.TempDir()
	for name, content := range map[string]string{"a.jsonl.gz": whole[:len(whole)/2], "b.jsonl": `{"id":"z","text":"after"}`} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	recs, problems, _ := readPath(t, dir)
	if len(recs) < 1000 || recs[len(recs)-1].ExternalID != "z" {
		t.Errorf("got %d records, last %q", len(recs), recs[len(recs)-1].ExternalID)
	}
	if len(problems) != 1 || !strings.HasPrefix(problems[0], "a.jsonl.gz: read after line ") {
		t.Errorf("problems %q", problems)
	}
}

func TestTitleOfPlainText(t *testing.T) {
	summary := "An economist says the contest over chips is misread. She argues that neither side gains from haste, and that slower talks would serve both."
	for name, c := range map[string]struct{ in, title, text string }{
		"first line":              {"Chips and tides\n\nThe port was quiet.\nIt stayed so.\n", "Chips and tides", "The port was quiet.\nIt stayed so."},
		"markdown heading":        {"# Chips and tides\n\nThe port was quiet.\n", "Chips and tides", "The port was quiet."},
		"summary before headline": {summary + "\nWhat the chip contest hides\n\nThe port was quiet.\n", "What the chip contest hides", summary + "\n\nThe port was quiet."},
		"short summary before it": {"Nobody wins a contest like this.\nWhat the chip contest hides\n\nThe port was quiet.\n", "What the chip contest hides", "Nobody wins a contest like this.\n\nThe port was quiet."},
		"no headline":             {summary + "\n" + summary + "\n", "", summary + "\n" + summary},
		"CRLF":                    {"Chips\r\n\r\nOne.\r\nTwo.\r\n", "Chips", "One.\r\nTwo."},
		"leading blank lines":     {"\n\n  Chips  \n\n\u00a0One.", "Chips", "\u00a0One."},
	} {
		recs, problems, _ := read(t, "a.txt", c.in)
		if len(recs) != 1 {
			t.Errorf("%s: problems %v", name, problems)
			continue
		}
		if a := recs[0].Article; a.Title != c.title || a.Text != c.text {
			t.Errorf("%s: title %q text %q, want %q %q", name, a.Title, a.Text, c.title, c.text)
		}
	}
}

func TestFolderIsReadInOrder(t *testing.T) {
	dir := t.TempDir()
	for name, content := range map[string]string{
		"b.txt": "B\n\nText b.", "a/z.txt": "Z\n\nText z.", "a/c.jsonl": `{"id":"c","text":"t"}`, "skip.bin": "x", ".hidden.txt": "H\n\nText.",
		"empty.txt": "", "bad.jsonl.gz": "\x1f\x8bxx",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	recs, problems, stats := readPath(t, dir)
	var got []string
	for _, r := range recs {
		got = append(got, filepath.ToSlash(r.Origin))
	}
	if s := strings.Join(got, " "); s != "a/c.jsonl:1 a/z.txt b.txt" {
		t.Errorf("order %s", s)
	}
	if len(problems) != 2 || stats.Ignored != 2 || stats.Files != 5 {
		t.Errorf("problems %q stats %+v", problems, stats)
	}
}

func TestExternalIDIsStableAndTellsArticlesApart(t *testing.T) {
	seen := map[string]string{}
	for _, l := range []string{
		`{"url":"https://harbor.example/a","text":"one"}`,
		`{"url":"https://harbor.example/b","text":"one"}`,
		`{"url":"https://harbor.example/","title":"x","text":"one"}`,
		`{"url":"https://harbor.example/","title":"y","text":"one"}`,
		`{"title":"x","text":"one"}`,
		`{"title":"","text":"xone"}`,
		`{"outlet":"x","text":"one"}`,
	} {
		recs, _, _ := read(t, "x.jsonl", l)
		again, _, _ := read(t, "y.jsonl", l)
		id := recs[0].ExternalID
		if id != again[0].ExternalID {
			t.Errorf("%s: id changed from %s to %s", l, id, again[0].ExternalID)
		}
		if seen[id] != "" {
			t.Errorf("%s and %s share an id", l, seen[id])
		}
		seen[id] = l
	}
}

func TestReadStops(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.jsonl")
	if err := os.WriteFile(path, []byte(twoLines), 0o600); err != nil {
		t.Fatal(err)
	}
	full := errors.New("disk full")
	if _, err := Read(context.Background(), path, func(Record) error { return full }); !errors.Is(err, full) {
		t.Errorf("emit's error: got %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Read(ctx, path, func(Record) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: got %v", err)
	}
	if _, err := Read(context.Background(), filepath.Join(filepath.Dir(path), "none.jsonl"), nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing file: got %v", err)
	}
	odd := path + ".docx"
	if err := os.WriteFile(odd, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(context.Background(), odd, nil); err == nil || !strings.Contains(err.Error(), "want .jsonl") {
		t.Errorf("unknown kind: got %v", err)
	}
}

func FuzzLines(f *testing.F) {
	f.Add([]byte(twoLines))
	f.Add([]byte(`{"authors":[1,{"name":null}],"text":"x"}`))
	path := filepath.Join(f.TempDir(), "x.jsonl")
	f.Fuzz(func(t *testing.T, b []byte) {
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		stats, err := Reader{MaxRecord: 1 << 16}.Read(context.Background(), path, func(r Record) error {
			if r.ExternalID == "" || strings.ContainsRune(r.Article.Text, 0) {
				t.Errorf("record %+v", r)
			}
			return nil
		})
		if err == nil && stats.Records+stats.Skipped > bytes.Count(b, []byte("\n"))+1 {
			t.Errorf("%+v from %d bytes", stats, len(b))
		}
	})
}

// TestCorpusIsKeptCodePointForCodePoint reads a large file that others wrote.
func TestCorpusIsKeptCodePointForCodePoint(t *testing.T) {
	const path = "../../../shared/data/corpus/us-gov-and-wire-ai-china.jsonl.gz"
	f, err := os.Open(path)
	if err != nil {
		t.Skip("the corpus is not part of the repository: ", err)
	}
	defer f.Close()
	zr, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	recs, problems, _ := readPath(t, path)
	dec := json.NewDecoder(zr)
	for i := 0; dec.More(); i++ {
		var want struct{ ID, URL, Outlet, Title, Published, Text string }
		if err := dec.Decode(&want); err != nil {
			t.Fatal(err)
		}
		if i >= len(recs) {
			t.Fatalf("read %d records, the file has more; problems %q", len(recs), problems)
		}
		got := recs[i]
		if got.ExternalID != want.ID || got.Article.URL != want.URL || got.Outlet != want.Outlet || got.Article.Title != want.Title ||
			got.Article.Text != want.Text || got.Article.Published.String() != want.Published {
			t.Errorf("record %d differs: %s", i, want.ID)
		}
	}
	if len(problems) > 0 {
		t.Errorf("problems %q", problems)
	}
}

func TestSavedPages(t *testing.T) {
	body := strings.Repeat("<p>The harbor council asked both ministries on Tuesday to publish the figures on imported machines.</p>", 4)
	for name, c := range map[string]struct{ html, url, outlet, title string }{
		"saved by a browser": {"<!DOCTYPE html>\n<!-- saved from url=(0042)https://bay.example/2024/05/06/figures?x=1 -->\n<html><head><title>Figures</title><link rel=canonical href=https://bay.example/figures></head><body><h1>Figures</h1>" + body,
			"https://bay.example/2024/05/06/figures?x=1", "bay.example", "Figures"},
		"with a canonical link": {`<html><head><title>Figures | Bay Herald</title><meta property="og:site_name" content="Bay Herald"><link rel="canonical" href="https://www.bay.example/figures"></head><body><h1>Figures</h1>` + body,
			"https://www.bay.example/figures", "Bay Herald", "Figures"},
		"without an address": {"<html><head><title>Figures</title></head><body>" + body, "", "", "Figures"},
	} {
		for _, file := range []string{"p.html", "p.htm.gz"} {
			content := c.html
			if strings.HasSuffix(file, ".gz") {
				content = gz(content)
			}
			recs, problems, _ := read(t, file, content)
			if len(recs) != 1 {
				t.Errorf("%s: problems %q", name, problems)
				continue
			}
			a := recs[0].Article
			if a.URL != c.url || recs[0].Outlet != c.outlet || a.Title != c.title || strings.Count(a.Text, "\n\n") != 3 && strings.Count(a.Text, "harbor") != 4 {
				t.Errorf("%s: %+v", name, recs[0])
			}
		}
	}
	if _, problems, _ := read(t, "p.html", "%PDF-1.7"); len(problems) != 1 || problems[0] != "p.html: no article: pdf skipped=true" {
		t.Errorf("PDF: problems %q", problems)
	}
}

// TestSeedArticle reads a text that begins with a summary paragraph.
func TestSeedArticle(t *testing.T) {
	const path = "../../../shared/seed/article.txt"
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Skip("the article is not part of the repository: ", err)
	}
	recs, problems, _ := readPath(t, path)
	if len(recs) != 1 || len(problems) > 0 {
		t.Fatalf("got %d records, problems %q", len(recs), problems)
	}
	a := recs[0].Article
	rest := strings.Replace(string(whole), a.Title+"\n", "", 1)
	if !strings.HasPrefix(a.Title, "What We") || a.Text != strings.Trim(rest, "\n") {
		t.Errorf("title %q; the text is not the file without that line", a.Title)
	}
}
