package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"framewatch/configs/demosite"
	"framewatch/store"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"framewatch": main,
	})
}

// TestScripts runs whole commands as a user would, each script in a folder of its own. $SITE_SOURCES names a sources
// file for the demo site, which is served on loopback for the length of the script.
func TestScripts(t *testing.T) {
	if testing.Short() {
		t.Skip("starts hundreds of processes, each of which compiles the codebook")
	}
	testscript.Run(t, testscript.Params{
		Dir:   "testdata/script",
		Setup: siteSetup,
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"status": exitStatus,
			"hold":   hold,
			"append": appendFile,
			"alter":  alter,
		},
	})
}

// exitStatus is the script command "status N command args…": the command must end with exit status N.
func exitStatus(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N command args…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

// appendFile is the script command "append FILE MORE": MORE's text is added to the end of FILE.
func appendFile(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: append FILE MORE")
	}
	text := ts.ReadFile(args[0]) + ts.ReadFile(args[1])
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o644))
}

// hold is the script command "hold FILE": the database's lock is held until the script ends.
func hold(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: hold FILE")
	}
	unlock, err := store.Lock(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Defer(unlock)
}

// alter is the script command "alter FILE SQL": it changes the database behind framewatch's back.
func alter(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: alter FILE SQL")
	}
	db, err := sql.Open("sqlite", ts.MkAbs(args[0]))
	ts.Check(err)
	defer db.Close()
	_, err = db.Exec(args[1])
	ts.Check(err)
}

func siteSetup(env *testscript.Env) error {
	site, err := demosite.New()
	if err != nil {
		return err
	}
	addrs, stop, err := serveDemo(site)
	if err != nil {
		return err
	}
	env.Defer(stop)
	sources := filepath.Join(env.WorkDir, "site.yaml")
	env.Setenv("SITE_SOURCES", sources)
	yaml := site.SourcesYAML(addrs)
	if err := os.WriteFile(sources, yaml, 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(env.WorkDir, "html-feed.yaml"), withHTMLFeed(yaml), 0o644)
}

// firstFeed matches up to the path of the first feed in the demo's sources file, and that path.
var firstFeed = regexp.MustCompile(`(feeds:\s+(?:\[|- )['"]?http://[^/]+/)[^'"\],\s]*`)

// withHTMLFeed points the first feed of a sources file at its site's homepage.
func withHTMLFeed(yaml []byte) []byte {
	at := firstFeed.FindSubmatchIndex(yaml)
	if at == nil {
		panic("no feed in the demo's sources file")
	}
	return slices.Concat(yaml[:at[3]], yaml[at[1]:])
}

// TestHelpExamples runs every example that a command's help shows, in the order of the help, in a folder that holds
// the files that the examples name.
func TestHelpExamples(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	unlisted := prepareExamples(t)
	ctx := context.Background()
	order := []string{"demo", "init", "sources", "crawl", "import", "analyze", "import-codes", "codebook", "report", "update", "sql", "query", "kwic",
		"article", "figure", "export", "explain", "extract", "backup", "prune", "datasette-metadata", "status", "version", "prune-text"}
	byName := map[string]command{}
	for _, c := range commands() {
		byName[c.name] = c
	}
	if len(order) != len(byName) {
		t.Fatalf("%d commands, %d in the order of this test", len(byName), len(order))
	}
	for _, name := range order {
		c := byName[name]
		t.Run(name, func(t *testing.T) {
			examples := examplesOf(c.help)
			if len(examples) == 0 {
				t.Fatal("help shows no example")
			}
			for _, line := range examples {
				args := splitCommand(t, strings.ReplaceAll(line, "https://www.example.org/", unlisted))
				if args[0] != "framewatch" {
					t.Fatalf("example %q does not start with framewatch", line)
				}
				var out, errs strings.Builder
				code := run(ctx, args[1:], strings.NewReader(""), &out, &errs)
				if code != exitDone && code != exitPartial {
					t.Errorf("%s\nexit %d\n%s%s", line, code, out.String(), errs.String())
				}
			}
		})
	}
}

// coded is one coded passage.
const coded = `{"id":"p1","title":"A panel on AI","text":"Washington must win the AI race against Beijing.","on_topic":true,"sents":[[0,48]],"mentions":[{"s":0,"frame":"race","trigger":"AI race","start":24,"end":31,"stance":"asserts","voice":"author","speaker":null,"sure":true}]}
`

// prepareExamples puts the files that the examples name into the current folder and serves the demo site, and beside it
// a site that no source lists, whose address it returns.
func prepareExamples(t *testing.T) (unlisted string) {
	t.Helper()
	small := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/":
			fmt.Fprint(w, "<!doctype html><title>Small Site</title><p>Welcome")
			return
		case "/feed.xml":
			fmt.Fprint(w, "<rss version='2.0'><channel><title>Small Site</title><item><title>One</title><link>/one</link></item></channel></rss>")
			return
		}
		http.NotFound(w, r)
	}))
	t.Cleanup(small.Close)
	site, err := demosite.New()
	if err != nil {
		t.Fatal(err)
	}
	addrs, stop, err := serveDemo(site)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	var out, errs strings.Builder
	if code := run(context.Background(), []string{"init"}, nil, &out, &errs); code != exitDone {
		t.Fatalf("init: %s", errs.String())
	}
	article := "Two ministries meet on AI safety\n\nOfficials from the United States and China met in Geneva on Tuesday for a track-two dialogue on artificial intelligence. \"This is not a race,\" said Mira Osei, who led the session.\n"
	page := "<!doctype html><html lang=en><head><title>Harbor city buys a model</title></head><body><article><h1>Harbor city buys a model</h1>" +
		strings.Repeat("<p>The harbor office said on Monday that it will test an artificial intelligence system to plan the berths of its container terminal for one year.</p>", 6) + "</article></body></html>"
	for name, text := range map[string]string{
		"article.txt":      article,
		"page.html":        page,
		"coded.jsonl":      coded,
		"codes.csv":        "unit,article,asked,code_frame\narticle,a-1,race,none\n",
		"pages/first.html": page,
		"articles.jsonl":   fmt.Sprintf("{\"id\":\"a-1\",\"url\":\"https://news.example/a\",\"outlet\":\"Example News\",\"title\":\"Two ministries meet\",\"published\":\"2025-03-04\",\"text\":%q}\n", article),
		"sources.yaml":     allowPort(string(site.SourcesYAML(addrs)), small.URL),
	} {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return small.URL + "/"
}

// allowPort adds a server's port to those that a sources file lets the crawler contact.
func allowPort(yaml, server string) string {
	return strings.Replace(yaml, "allow_ports: [", "allow_ports: ["+server[strings.LastIndexByte(server, ':')+1:]+", ", 1)
}

// splitCommand splits an example as a shell would: spaces part arguments, double quotes hold them together.
func splitCommand(t *testing.T, line string) []string {
	t.Helper()
	var args []string
	var cur strings.Builder
	quoted, any := false, false
	for _, r := range line {
		switch {
		case r == '"':
			quoted, any = !quoted, true
		case r == ' ' && !quoted:
			if any {
				args = append(args, cur.String())
			}
			cur.Reset()
			any = false
		default:
			cur.WriteRune(r)
			any = true
		}
	}
	if quoted {
		t.Fatalf("unbalanced quotes in %q", line)
	}
	if any {
		args = append(args, cur.String())
	}
	return args
}
