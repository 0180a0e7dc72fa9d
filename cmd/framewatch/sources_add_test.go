package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"framewatch/crawler/crawlertest"
)

// TestSourcesAdd adds a site whose homepage announces its feed and whose robots.txt names a news sitemap, and crawls it.
func TestSourcesAdd(t *testing.T) {
	w := newFaultWorld(t)
	w.add(crawlertest.Ordinary(w.site, "first", 1))
	c := crawlertest.Ordinary(w.site, "second", 3)
	other := crawlertest.Ordinary(w.site, "other", 1)
	c.Host.Handle("/", crawlertest.HTML(`<html><head><link rel="alternate" type="application/rss+xml" href="/feed.xml"></head><body>Front</body></html>`))
	c.Host.Handle("/news.xml", crawlertest.XML(crawlertest.Sitemap(c.Host.URL("/a/none.html"))))
	c.Host.Robots("User-agent: *\nDisallow: /private/\nSitemap: " + c.Host.URL("/news.xml") + "\nSitemap: " + c.Host.URL("/private/map.xml") + "\n")
	path := w.sourcesFile()
	before := "# kept\n" + readText(t, path) + "  # the end\n"
	writeText(t, path, before)
	add := func(args ...string) (int, string, string) {
		return w.command(append([]string{"sources", "add", "--sources", path}, args...)...)
	}

	code, out, errs := add("--dry-run", c.Host.URL("/"))
	if code != exitDone || !strings.Contains(out, `- id: "127.0.0.`) || !strings.Contains(out, "nothing was written") {
		t.Errorf("dry run: exit %d, %s%s", code, out, errs)
	}
	if readText(t, path) != before {
		t.Error("a dry run has written")
	}
	code, out, errs = add("--id", "second", "--name", "The Second", "--country", "GB", "--scope", "all", "--json", c.Host.URL("/"))
	var got struct {
		Source struct {
			ID, Name, Homepage       string
			Domains, Feeds, Sitemaps []string
		}
		Found []struct {
			Kind, Via, URL, Problem string
			Taken                   bool
		}
		Wrote bool
	}
	if err := json.Unmarshal([]byte(out), &got); code != exitDone || err != nil {
		t.Fatalf("exit %d, %v, %s%s", code, err, out, errs)
	}
	if s := got.Source; !got.Wrote || s.ID != "second" || s.Homepage != c.Host.URL("/") || strings.Join(s.Domains, " ") != c.Host.Addr() ||
		strings.Join(s.Feeds, " ") != c.Host.URL("/feed.xml") || strings.Join(s.Sitemaps, " ") != c.Host.URL("/news.xml") {
		t.Errorf("added %+v", got)
	}
	if n := len(w.asked(c.Host, "/private/*")); n != 0 {
		t.Errorf("%d requests for what robots.txt forbids", n)
	}
	if text := readText(t, path); !strings.HasPrefix(text, strings.TrimSuffix(before, "  # the end\n")) || !strings.HasSuffix(text, "\n  # the end\n") {
		t.Errorf("what was there has changed:\n%s", text)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, want it kept", info.Mode())
	}
	if code, _, errs := w.command("crawl", "--db", w.db, "--sources", path, "--only", "second"); code != exitDone {
		t.Errorf("crawl: exit %d, %s", code, errs)
	}
	whole(w, c)

	after := readText(t, path)
	for name, tc := range map[string]struct {
		args []string
		code int
		want string
	}{
		"the same again":     {[]string{"--id", "third", c.Host.URL("/")}, exitFailed, "the source second has it already"},
		"an id that is used": {[]string{"--id", "first", c.Host.URL("/")}, exitFailed, `the id "first" is taken`},
		"a page without one": {[]string{c.Host.URL("/a/bare.html")}, exitFailed, "404 Not Found"},
		"a bad country":      {[]string{"--id", "x", "--country", "uk", other.Host.URL("/feed.xml")}, exitFailed, "ISO 3166-1"},
		"no URL":             {nil, exitUsage, "name one URL"},
		"a word":             {[]string{"word"}, exitFailed, "not a URL"},
		"a forbidden port":   {[]string{"http://127.0.0.2:9/"}, exitFailed, "port"},
	} {
		if code, out, errs := add(tc.args...); code != tc.code || !strings.Contains(errs, tc.want) {
			t.Errorf("%s: exit %d, %q %q; want %d and %q", name, code, out, errs, tc.code, tc.want)
		}
	}
	t.Chdir(t.TempDir())
	if code, _, errs := w.command("sources", "add", c.Host.URL("/")); code != exitUsage || !strings.Contains(errs, "--sources") {
		t.Errorf("without a file: exit %d, %q", code, errs)
	}
	writeText(t, "sources.yaml", before)
	if code, _, errs := w.command("sources", "add", "--id", "second", c.Host.URL("/")); code != exitDone || !strings.Contains(readText(t, "sources.yaml"), "- id: second\n") {
		t.Errorf("with the file of the folder: exit %d, %q", code, errs)
	}
	if readText(t, path) != after {
		t.Error("a refusal has written")
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".sources*")); len(left) > 0 {
		t.Errorf("temporary files are left: %v", left)
	}
	w.polite()
}

func readText(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func writeText(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
