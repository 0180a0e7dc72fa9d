package main

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf8"

	"framewatch/analysis"
	"framewatch/analysis/codebook"
	"framewatch/configs"
	"framewatch/crawler"
	"framewatch/crawler/crawlertest"
	"framewatch/store"
)

// The gap of the fault tests, and what of it may be missing on the serving side's clock.
const (
	faultGap   = 30 * time.Millisecond
	faultSlack = 5 * time.Millisecond
)

// faultWorld is a faulty site, a database and a clock that can be set forward.
type faultWorld struct {
	*testing.T
	site      *crawlertest.Site
	db        string
	fetch     crawlertest.Fetch
	maxPages  int
	scenarios []*crawlertest.Scenario
	gate      *analysis.Analyzer
	ahead     atomic.Int64 // nanoseconds by which the crawl's clock is ahead
	log       testLog
}

func newFaultWorld(t *testing.T) *faultWorld {
	t.Helper()
	site, err := crawlertest.New()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(site.Close)
	data, err := configs.FS.ReadFile("codebook.yaml")
	if err != nil {
		t.Fatal(err)
	}
	cb, err := codebook.Parse("codebook.yaml", data)
	if err != nil {
		t.Fatal(err)
	}
	gate, err := analysis.New(cb)
	if err != nil {
		t.Fatal(err)
	}
	w := &faultWorld{T: t, site: site, db: filepath.Join(t.TempDir(), "faults.db"), gate: gate,
		fetch: crawlertest.Fetch{MinGap: faultGap, Timeout: 20 * time.Second, MaxBody: "1MB"}}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("log of the crawls:\n%s", w.log.String())
		}
	})
	return w
}

func (w *faultWorld) now() time.Time { return time.Now().Add(time.Duration(w.ahead.Load())) }

func (w *faultWorld) forward(d time.Duration) { w.ahead.Add(int64(d)) }

// add lays a scenario out for the crawls to come.
func (w *faultWorld) add(c *crawlertest.Scenario) *crawlertest.Scenario {
	w.scenarios = append(w.scenarios, c)
	return c
}

// crawl runs one crawl over all scenarios, as the command does, and fails the test if it could not go on.
func (w *faultWorld) crawl(configure ...func(*crawler.Config)) crawler.Summary {
	w.Helper()
	s, err := w.crawlContext(context.Background(), configure...)
	if err != nil {
		w.Fatalf("crawl: %v\n%s", err, w.log.String())
	}
	return s
}

func (w *faultWorld) crawlContext(ctx context.Context, configure ...func(*crawler.Config)) (crawler.Summary, error) {
	w.Helper()
	srcs, err := crawler.ParseSources("faults.yaml", w.yaml())
	if err != nil {
		w.Fatal(err)
	}
	db, err := store.Open(ctx, w.db, store.Options{Gate: w.gate, Now: w.now, Version: "test"})
	if err != nil {
		w.Fatal(err)
	}
	defer db.Close()
	conf := crawler.Config{Version: "test", Robots: db, Pauses: db, Now: w.now, MaxPages: w.maxPages,
		Log: slog.New(slog.NewTextHandler(&w.log, &slog.HandlerOptions{Level: slog.LevelInfo}))}
	for _, f := range configure {
		f(&conf)
	}
	c, err := crawler.New(srcs, db, conf)
	if err != nil {
		w.Fatal(err)
	}
	return c.Run(ctx, "test")
}

func (w *faultWorld) yaml() []byte {
	var sources []crawlertest.Source
	for _, c := range w.scenarios {
		sources = append(sources, c.Source)
	}
	return w.site.SourcesYAML(w.fetch, sources...)
}

// rows runs a query on the database as it is; every value comes as text.
func (w *faultWorld) rows(query string, args ...any) [][]string {
	w.Helper()
	db, err := store.OpenReadOnly(context.Background(), w.db)
	if err != nil {
		w.Fatal(err)
	}
	defer db.Close()
	r, err := db.QueryContext(context.Background(), query, args...)
	if err != nil {
		w.Fatalf("%s: %v", query, err)
	}
	defer r.Close()
	cols, err := r.Columns()
	if err != nil {
		w.Fatal(err)
	}
	var out [][]string
	for r.Next() {
		row, to := make([]string, len(cols)), make([]any, len(cols))
		for i := range row {
			to[i] = &nullable{&row[i]}
		}
		if err := r.Scan(to...); err != nil {
			w.Fatal(err)
		}
		out = append(out, row)
	}
	if err := r.Err(); err != nil {
		w.Fatal(err)
	}
	return out
}

// one is the single value of a query.
func (w *faultWorld) one(query string, args ...any) string {
	w.Helper()
	r := w.rows(query, args...)
	if len(r) != 1 || len(r[0]) != 1 {
		w.Fatalf("%s: %d rows, want one value", query, len(r))
	}
	return r[0][0]
}

// nullable scans anything into text, NULL into "".
type nullable struct{ to *string }

func (n *nullable) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*n.to = ""
	case []byte:
		*n.to = string(v)
	default:
		*n.to = fmt.Sprint(v)
	}
	return nil
}

// within makes the checks of a subtest report to it.
func (w *faultWorld) within(t *testing.T) *faultWorld {
	v := &faultWorld{T: t, site: w.site, db: w.db, fetch: w.fetch, scenarios: w.scenarios, gate: w.gate}
	v.ahead.Store(w.ahead.Load())
	return v
}

// fate is what the frontier says of a URL.
type fate struct{ state, reason, detail, article string }

func (w *faultWorld) fate(u string) fate {
	w.Helper()
	r := w.rows(`SELECT state, reason, detail, article_id FROM frontier WHERE url = ?`, u)
	if len(r) == 0 {
		return fate{state: "unknown"}
	}
	return fate{r[0][0], r[0][1], r[0][2], r[0][3]}
}

// ended checks how the first host's path ended: the state, and a reason that the pattern describes. A state may name
// several, parted by "|".
func (w *faultWorld) ended(c *crawlertest.Scenario, path, state, reason string) {
	w.Helper()
	got := w.fate(c.Host.URL(path))
	if !slices.Contains(strings.Split(state, "|"), got.state) || !matches(reason, got.reason) {
		w.Errorf("%s ended as %s %q (%s), want %s %q", path, got.state, got.reason, got.detail, state, reason)
	}
	if got.state != "stored" && got.state != "not_modified" && got.detail == "" && got.reason == "" {
		w.Errorf("%s ended as %s and no reason is kept", path, got.state)
	}
}

// polled checks the last outcome of a feed or sitemap; an empty reason means that it was read.
func (w *faultWorld) polled(u, reason string) {
	w.Helper()
	r := w.rows(`SELECT reason, detail, failures, next FROM poll WHERE url = ?`, u)
	if len(r) != 1 {
		w.Errorf("%s: %d poll rows, want 1", u, len(r))
		return
	}
	got, detail, failures, next := r[0][0], r[0][1], r[0][2], r[0][3]
	if !matches(reason, got) {
		w.Errorf("poll of %s ended with %q (%s), want %q", u, got, detail, reason)
	}
	if reason == "" {
		return
	}
	if failures == "0" || detail == "" {
		w.Errorf("poll of %s: %s failures, detail %q; want a failure that is counted and told", u, failures, detail)
	}
	if at, err := time.Parse(time.RFC3339Nano, next); err != nil || !at.After(w.now()) || at.After(w.now().Add(31*24*time.Hour)) {
		w.Errorf("poll of %s is due %q at %v; want a time to come, within a month", u, next, w.now().UTC())
	}
}

// asked are the requests for a path of a host; a path that ends in "*" is a beginning.
func (w *faultWorld) asked(h *crawlertest.Host, path string) []crawlertest.Request {
	prefix, many := strings.CutSuffix(path, "*")
	var out []crawlertest.Request
	for _, r := range w.site.Requests() {
		if r.Host == h.Addr() && (r.Path == path || many && strings.HasPrefix(r.Path, prefix)) {
			out = append(out, r)
		}
	}
	return out
}

// holds checks that the source's articles are exactly the stories, each whole.
func (w *faultWorld) holds(c *crawlertest.Scenario, stories ...crawlertest.Story) {
	w.Helper()
	var want []string
	for _, s := range stories {
		want = append(want, s.Title)
		r := w.rows(`SELECT text, authors, published FROM v_article WHERE source = ? AND title = ?`, c.ID, s.Title)
		if len(r) == 0 {
			continue // reported below
		}
		text := r[0][0]
		for i, p := range s.Paragraphs {
			if !slices.ContainsFunc(r, func(row []string) bool { return strings.Contains(row[0], p) }) {
				w.Errorf("%q lacks paragraph %d: %q", s.Title, i+1, p)
				break
			}
		}
		if !utf8.ValidString(text) {
			w.Errorf("%q is not valid UTF-8", s.Title)
		}
	}
	var got []string
	for _, r := range w.rows(`SELECT title FROM v_article WHERE source = ?`, c.ID) {
		got = append(got, r[0])
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		w.Errorf("%s holds %d articles:\n  %s\nwant %d:\n  %s%s", c.ID, len(got), strings.Join(clipped(got), "\n  "), len(want), strings.Join(clipped(want), "\n  "), w.unstored(c))
	}
}

// unstored tells what became of the URLs that led to no article.
func (w *faultWorld) unstored(c *crawlertest.Scenario) string {
	var b strings.Builder
	for _, r := range w.rows(`SELECT url, state, reason, detail FROM frontier WHERE source = ? AND article_id IS NULL LIMIT 20`, c.ID) {
		fmt.Fprintf(&b, "\n  not stored: %s", strings.Join(clipped(r), " "))
	}
	for _, r := range w.rows(`SELECT url, reason, detail FROM poll WHERE source = ? AND reason <> ''`, c.ID) {
		fmt.Fprintf(&b, "\n  not read: %s", strings.Join(clipped(r), " "))
	}
	return b.String()
}

func clipped(list []string) []string {
	out := slices.Clone(list)
	for i, s := range out {
		out[i] = strings.ToValidUTF8(s[:min(len(s), 160)], "")
	}
	return out
}

// covered checks that the coverage of the source adds up and that it says that something was tried.
func (w *faultWorld) covered(source string) {
	w.Helper()
	r := w.rows(`SELECT sum(attempted), sum(fetched + failed + denied), min(day) FROM v_coverage WHERE source = ?`, source)
	if r[0][0] == "" || r[0][0] == "0" || r[0][0] != r[0][1] {
		w.Errorf("coverage of %s: attempted %q, fetched+failed+denied %q", source, r[0][0], r[0][1])
	}
}

// polite checks the whole log of the site against the rules of all scenarios.
func (w *faultWorld) polite() {
	w.Helper()
	rules := crawlertest.Rules{
		Gap: w.fetch.MinGap, Slack: faultSlack, Agent: "framewatch/", Trap: []string{w.site.Trap().Addr()},
		Delays: map[string]time.Duration{}, Forbidden: map[string][]string{}, Robots: map[string][]string{},
	}
	for _, c := range w.scenarios {
		for h, v := range c.Delays {
			rules.Delays[h] = v
		}
		for h, v := range c.Forbidden {
			rules.Forbidden[h] = v
		}
		for h, v := range c.Robots {
			rules.Robots[h] = v
		}
	}
	for i, v := range crawlertest.Politeness(w.site.Requests(), rules) {
		if i == 10 {
			w.Error("… and more")
			break
		}
		w.Errorf("impolite: %s (%s)", v, w.sourceOf(v.Request.Host))
	}
}

func (w *faultWorld) sourceOf(host string) string {
	for _, c := range w.scenarios {
		if c.Host.Addr() == host || slices.ContainsFunc(c.Others, func(h *crawlertest.Host) bool { return h.Addr() == host }) {
			return c.ID
		}
	}
	return "no source"
}

// sound checks what holds after every crawl: no lease is left, the run is closed, the database is whole, coverage adds up.
func (w *faultWorld) sound() {
	w.Helper()
	for query, want := range map[string]string{
		`PRAGMA integrity_check`:                                                                                            "ok",
		`SELECT count(*) FROM pragma_foreign_key_check`:                                                                     "0",
		`SELECT count(*) FROM frontier WHERE lease <> ''`:                                                                   "0",
		`SELECT count(*) FROM v_run WHERE status = 'running'`:                                                               "0",
		`SELECT count(*) FROM v_article WHERE text IS NULL`:                                                                 "0",
		`SELECT count(*) FROM v_article WHERE month > '2030'`:                                                               "0",
		`SELECT count(*) FROM v_coverage WHERE attempted <> fetched + failed + denied`:                                      "0",
		`SELECT count(*) FROM frontier WHERE state IN ('rejected', 'denied', 'failed') AND reason = ''`:                     "0",
		`SELECT count(*) FROM frontier WHERE state = 'stored' AND article_id IS NULL`:                                       "0",
		`SELECT count(*) FROM (SELECT url FROM v_article WHERE url <> '' GROUP BY url HAVING count(*) > 1)`:                 "0",
		`SELECT count(*) FROM v_article AS a WHERE NOT EXISTS (SELECT 1 FROM v_url AS u WHERE u.article_id = a.article_id)`: "0",
	} {
		if got := w.one(query); got != want {
			w.Errorf("%s = %s, want %s", query, got, want)
		}
	}
}

func itoa(n int) string { return strconv.Itoa(n) }

// matches reports whether the whole text fits the pattern.
func matches(pattern, s string) bool {
	return regexp.MustCompile(`^(?:` + pattern + `)$`).MatchString(s)
}
