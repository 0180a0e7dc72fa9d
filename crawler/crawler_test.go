package crawler_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"framewatch/crawler"
	"framewatch/crawler/crawlertest"
	"framewatch/store"
)

// web is a web without sockets: an http.RoundTripper over handlers by URL that
// remembers what it was asked.
type web struct {
	mu    sync.Mutex
	pages map[string]http.HandlerFunc
	asked []*http.Request
}

func (w *web) RoundTrip(req *http.Request) (*http.Response, error) {
	w.mu.Lock()
	w.asked = append(w.asked, req)
	page := w.pages[req.URL.String()]
	w.mu.Unlock()
	if page == nil {
		page = http.NotFound
	}
	rec := &recorder{header: http.Header{}, status: http.StatusOK}
	page(rec, req)
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: rec.status, ProtoMajor: 1, Header: rec.header, Body: io.NopCloser(strings.NewReader(rec.body.String())), Request: req}, nil
}

func (w *web) handle(url string, h http.HandlerFunc) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.pages == nil {
		w.pages = map[string]http.HandlerFunc{}
	}
	w.pages[url] = h
}

// requests returns those for a URL.
func (w *web) requests(url string) []*http.Request {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []*http.Request
	for _, r := range w.asked {
		if r.URL.String() == url {
			out = append(out, r)
		}
	}
	return out
}

type recorder struct {
	header http.Header
	status int
	body   strings.Builder
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(b []byte) (int, error) { return r.body.Write(b) }

func answer(contentType, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		_, _ = io.WriteString(w, body)
	}
}

func redirect(to string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", to)
		w.WriteHeader(http.StatusFound)
	}
}

const site = "https://meridian.example"

// rig is a crawler's surroundings: a web, a real database and a clock.
type rig struct {
	*testing.T
	web     web
	db      *store.DB
	sources string
	now     time.Time
	conf    crawler.Config
}

func newRig(t *testing.T) *rig {
	t.Helper()
	b := &rig{T: t, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "crawl.db"), store.Options{Now: func() time.Time { return b.now }, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	b.db = db
	b.sources = "sources:\n  - {id: meridian, name: The Meridian, type: news, domains: [meridian.example], feeds: ['" + site + "/feed']}\n"
	b.conf = crawler.Config{Transport: &b.web, Now: func() time.Time { return b.now }}
	return b
}

// publish serves n stories and a feed of them.
func (b *rig) publish(n int) []string {
	items, urls := make([]string, n), make([]string, n)
	for i := range n {
		urls[i] = fmt.Sprintf("%s/a/%d.html", site, i)
		b.web.handle(urls[i], answer("text/html; charset=utf-8", crawlertest.NewStory(i).HTML()))
		items[i] = fmt.Sprintf("<item><title>Story %d</title><link>%s</link></item>", i, urls[i])
	}
	b.web.handle(site+"/feed", answer("application/rss+xml", "<rss version='2.0'><channel><title>M</title>"+strings.Join(items, "")+"</channel></rss>"))
	return urls
}

func (b *rig) parse() *crawler.Sources {
	b.Helper()
	s, err := crawler.ParseSources("sources.yaml", []byte(b.sources))
	if err != nil {
		b.Fatal(err)
	}
	return s
}

func (b *rig) run(ctx context.Context) (crawler.Summary, error) {
	b.Helper()
	c, err := crawler.New(b.parse(), b.db, b.conf)
	if err != nil {
		b.Fatal(err)
	}
	return c.Run(ctx, "test")
}

func (b *rig) mustRun() crawler.Summary {
	b.Helper()
	s, err := b.run(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	return s
}

// value is the single value of a query, as text.
func (b *rig) value(query string, args ...any) string {
	b.Helper()
	rows, err := b.db.QueryContext(b.Context(), query, args...)
	if err != nil {
		b.Fatal(err)
	}
	defer rows.Close()
	var out any
	if !rows.Next() {
		return "(none)"
	}
	if err := rows.Scan(&out); err != nil {
		b.Fatal(err)
	}
	return fmt.Sprint(out)
}

// fate is how a URL ended.
func (b *rig) fate(url string) string {
	b.Helper()
	return b.value("SELECT state || ' ' || reason FROM frontier WHERE url = ?", url)
}

func TestRunCountsWhatItDid(t *testing.T) {
	b := newRig(t)
	urls := b.publish(5)
	b.web.handle(urls[1], answer("application/pdf", "%PDF-1.7"))
	b.web.handle(urls[2], func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) })
	b.web.handle(urls[3], func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	var seen []crawler.Progress
	b.conf.Progress = func(p crawler.Progress) { seen = append(seen, p) }
	s := b.mustRun()
	problems := s.Problems
	s.Problems = nil
	want := crawler.Summary{Sources: 1, Polled: 1, Queued: 5, Attempted: 5, Fetched: 3, New: 2, Skipped: 1, Failed: 1, Pending: 1}
	if fmt.Sprint(s) != fmt.Sprint(want) {
		t.Errorf("summary = %+v\nwant %+v", s, want)
	}
	if len(problems) != 1 || problems[0].Reason != "http_410" || problems[0].URL != urls[2] {
		t.Errorf("problems = %+v, want the page that is gone", problems)
	}
	if len(seen) != 5 || seen[4].Done != 5 || seen[4].Queued != 1 {
		t.Errorf("progress = %+v, want five steps that end with one page queued", seen)
	}
	for i, want := range []string{"stored ", "rejected pdf", "failed http_410", "queued http_502", "stored "} {
		if got := b.fate(urls[i]); got != want {
			t.Errorf("page %d ended as %q, want %q", i, got, want)
		}
	}
	if got := b.value("SELECT status FROM v_run"); got != "partial" {
		t.Errorf("run status %q, want partial", got)
	}
}

func TestRunWithNothingDueAsksNobody(t *testing.T) {
	b := newRig(t)
	b.publish(2)
	b.mustRun()
	asked := len(b.web.asked)
	if s := b.mustRun(); s.Polled != 0 || s.Attempted != 0 || len(b.web.asked) != asked {
		t.Errorf("%+v and %d requests, want none", s, len(b.web.asked)-asked)
	}
	b.conf.Force = true
	if s := b.mustRun(); s.Polled != 1 || s.Attempted != 0 {
		t.Errorf("forced: %+v, want one poll that brings nothing", s)
	}
}

func TestOnlyChosenSourcesAreCrawled(t *testing.T) {
	b := newRig(t)
	b.publish(1)
	b.sources += "  - {id: other, name: Other, type: wire, feeds: ['https://other.example/feed']}\n"
	b.conf.Only = []string{"meridian"}
	if s := b.mustRun(); s.Sources != 1 || len(b.web.requests("https://other.example/feed")) != 0 {
		t.Errorf("summary %+v; the other source was asked", s)
	}
	b.conf.Only = []string{"nobody"}
	if _, err := crawler.New(b.parse(), b.db, b.conf); err == nil || !strings.Contains(err.Error(), `"nobody"`) {
		t.Errorf("error = %v, want one that names the unknown id", err)
	}
}

func TestLiveCrawlNeedsAContact(t *testing.T) {
	b := newRig(t)
	b.conf.Transport = nil
	if _, err := crawler.New(b.parse(), b.db, b.conf); err == nil || !strings.Contains(err.Error(), "fetch.contact") {
		t.Errorf("error = %v, want one that asks for fetch.contact", err)
	}
	b.sources = "fetch: {allow_addresses: [127.0.0.1]}\n" + strings.ReplaceAll(b.sources, site, "http://127.0.0.1")
	if _, err := crawler.New(b.parse(), b.db, b.conf); err != nil {
		t.Errorf("a crawl of listed addresses alone: %v", err)
	}
	b.sources = "fetch: {contact: crawler@meridian.example}\n" + b.sources[strings.Index(b.sources, "sources:"):]
	if _, err := crawler.New(b.parse(), b.db, b.conf); err != nil {
		t.Errorf("with a contact: %v", err)
	}
}

func TestMaxPagesLeavesTheRestQueued(t *testing.T) {
	b := newRig(t)
	b.publish(20)
	b.conf.MaxPages = 9
	for i, want := range []int{9, 9, 2, 0} {
		if s := b.mustRun(); s.Attempted != want || s.Pending != max(0, 20-9*(i+1)) {
			t.Errorf("run %d: %d attempted, %d pending; want %d attempted", i+1, s.Attempted, s.Pending, want)
		}
	}
	if got := b.value("SELECT count(*) FROM frontier WHERE lease <> ''"); got != "0" {
		t.Errorf("%s leases are left", got)
	}
}

func TestStopRequeuesWhatWasNotDone(t *testing.T) {
	b := newRig(t)
	urls := b.publish(12)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	b.web.handle(urls[4], func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	s, err := b.run(ctx)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v, want one that wraps the context's", err)
	}
	if s.New != 4 || s.Pending != 8 {
		t.Errorf("summary %+v, want 4 new and 8 pending", s)
	}
	for query, want := range map[string]string{
		"SELECT count(*) FROM frontier WHERE lease <> ''":                    "0",
		"SELECT count(*) FROM frontier WHERE state = 'queued'":               "8",
		"SELECT attempts FROM frontier WHERE url = '" + urls[4] + "'":        "0",
		"SELECT status FROM v_run":                                           "stopped",
		"SELECT count(*) FROM v_run WHERE finished IS NULL OR finished = ''": "0",
	} {
		if got := b.value(query); got != want {
			t.Errorf("%s = %s, want %s", query, got, want)
		}
	}
	b.web.handle(urls[4], answer("text/html", crawlertest.NewStory(4).HTML()))
	if s := b.mustRun(); s.New != 8 || s.Pending != 0 {
		t.Errorf("the next run: %+v, want the other 8", s)
	}
}

// failing is an archive whose disk fills up.
type failing struct {
	*store.DB
	left int
}

var errFull = errors.New("disk full")

func (f *failing) Finish(ctx context.Context, o crawler.Outcome) (crawler.Saved, error) {
	if f.left--; f.left < 0 {
		return crawler.Saved{}, errFull
	}
	return f.DB.Finish(ctx, o)
}

func TestRunEndsWhenNothingCanBeKept(t *testing.T) {
	b := newRig(t)
	b.publish(10)
	c, err := crawler.New(b.parse(), &failing{b.db, 3}, b.conf)
	if err != nil {
		t.Fatal(err)
	}
	s, err := c.Run(t.Context(), "test")
	if !errors.Is(err, errFull) {
		t.Errorf("error = %v, want the archive's", err)
	}
	if s.New != 3 || b.value("SELECT status FROM v_run") != "failed" {
		t.Errorf("summary %+v, status %s; want 3 new and failed", s, b.value("SELECT status FROM v_run"))
	}
}

func TestPanicCostsOnePage(t *testing.T) {
	b := newRig(t)
	urls := b.publish(3)
	b.web.handle(urls[1], func(http.ResponseWriter, *http.Request) { panic("a page from hell") })
	if s := b.mustRun(); s.New != 2 || s.Failed != 1 {
		t.Errorf("summary %+v, want 2 new and 1 failed", s)
	}
	if got := b.fate(urls[1]); got != "failed panic" {
		t.Errorf("the page ended as %q", got)
	}

	b = newRig(t)
	b.web.handle(site+"/feed", func(http.ResponseWriter, *http.Request) { panic("a feed from hell") })
	if s := b.mustRun(); s.SourcesFailed != 1 || b.value("SELECT reason FROM poll") != "panic" {
		t.Errorf("summary %+v, want a failed source", s)
	}
}

func TestPagesThatAreNone(t *testing.T) {
	story := crawlertest.NewStory(1).HTML()
	for _, tt := range []struct {
		name string
		page http.HandlerFunc
		want string
	}{
		{"redirected home", redirect(site + "/"), "rejected soft_404"},
		{"redirected to another site", redirect("https://elsewhere.example/a.html"), "rejected off_site"},
		{"redirected in a circle", redirect(site + "/a/0.html"), "failed redirect_limit"},
		{"redirected to nonsense", redirect("http://%zz/"), "failed bad_redirect"},
		{"redirected within the site", redirect(site + "/b.html"), "stored "},
		{"no content", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }, "rejected empty"},
		{"accepted", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(202) }, "queued http_202"},
		{"not modified without having been asked", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(304) }, "failed http_304"},
		{"not found", http.NotFound, "queued http_404"},
		{"forbidden", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(403) }, "queued http_403"},
		{"an opt-out in the header", answer("text/html", story, "TDM-Reservation", "1"), "denied opt_out"},
		{"an opt-out in the page", answer("text/html", strings.Replace(story, "<head>", `<head><meta name="robots" content="NOAI">`, 1)), "denied opt_out"},
		{"an opt-out that is not respected", answer("text/html", story, "X-Robots-Tag", "noindex"), "stored "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newRig(t)
			b.publish(1)
			b.web.handle(site+"/b.html", answer("text/html", story))
			b.web.handle(site+"/", answer("text/html", story))
			b.web.handle("https://elsewhere.example/a.html", answer("text/html", story))
			b.web.handle(site+"/a/0.html", tt.page)
			b.mustRun()
			if got := b.fate(site + "/a/0.html"); got != tt.want {
				t.Errorf("ended as %q, want %q", got, tt.want)
			}
			if n := len(b.web.requests(site + "/a/0.html")); n > 10 {
				t.Errorf("asked %d times", n)
			}
		})
	}
}

func TestOptOutKeepsNothing(t *testing.T) {
	b := newRig(t)
	b.sources = strings.Replace(b.sources, "domains:", "scope: all, domains:", 1)
	b.publish(1)
	b.web.handle(site+"/a/0.html", answer("text/html", crawlertest.NewStory(0).HTML(), "TDM-Reservation", "1"))
	b.mustRun()
	for query, want := range map[string]string{
		"SELECT count(*) FROM v_article":                                  "0",
		"SELECT count(*) FROM page WHERE body NOT NULL":                   "0",
		"SELECT denied FROM v_coverage":                                   "1",
		"SELECT detail FROM frontier":                                     "the publisher states tdm-reservation",
		"SELECT count(*) FROM page WHERE header LIKE '%Tdm-Reservation%'": "1",
	} {
		if got := b.value(query); got != want {
			t.Errorf("%s = %s, want %s", query, got, want)
		}
	}
	b = newRig(t)
	b.sources = "fetch: {opt_outs: []}\n" + b.sources
	b.publish(1)
	b.web.handle(site+"/a/0.html", answer("text/html", crawlertest.NewStory(0).HTML(), "TDM-Reservation", "1"))
	if s := b.mustRun(); s.New != 1 || b.value("SELECT detail FROM frontier") != "the publisher states tdm-reservation" {
		t.Errorf("summary %+v, detail %q; want the article and the statement", s, b.value("SELECT detail FROM frontier"))
	}
}

// TestReservationsOfAnOrigin reads what a site states in its tdmrep.json: what it reserves is not asked for.
func TestReservationsOfAnOrigin(t *testing.T) {
	const file = site + "/.well-known/tdmrep.json"
	for name, tc := range map[string]struct {
		json, optOuts string
		want          string // pages asked for, of /a/0 to /a/3
	}{
		"a directory but for a page": {`[{"location": "/a/", "tdm-reservation": 1, "tdm-policy": "https://x.example/p"}, {"location": "/a/2.html", "tdm-reservation": 0}]`, "", "2"},
		"a pattern":                  {`[{"location": "/*/3.html", "tdm-reservation": "1"}, {"location": "/other/", "tdm-reservation": 1}]`, "", "0 1 2"},
		"another site's":             {`[{"location": "https://other.example/a/", "tdm-reservation": 1}, {"tdm-reservation": 1}, {"location": "/a/", "tdm-reservation": 2}]`, "", "0 1 2 3"},
		"no list":                    {`{"location": "/", "tdm-reservation": 1`, "", "0 1 2 3"},
		"not respected":              {`[{"location": "/", "tdm-reservation": 1}]`, "fetch: {opt_outs: [noai]}\n", "0 1 2 3"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newRig(t)
			b.sources = tc.optOuts + b.sources
			b.conf.Robots = b.db
			urls := b.publish(4)
			b.web.handle(file, answer("application/json", tc.json))
			b.mustRun()
			b.now = b.now.Add(2 * time.Hour)
			b.mustRun()
			var asked []string
			for i, u := range urls {
				if n := len(b.web.requests(u)); n > 0 {
					asked = append(asked, fmt.Sprint(i))
				} else if got := b.fate(u); got != "denied opt_out" || !strings.Contains(b.value("SELECT detail FROM frontier WHERE url = ?", u), "tdmrep.json") {
					t.Errorf("%s was not asked for and ended as %q", u, got)
				}
			}
			if got := strings.Join(asked, " "); got != tc.want {
				t.Errorf("asked for %q, want %q", got, tc.want)
			}
			want := 1
			if tc.optOuts != "" {
				want = 0
			}
			if n := len(b.web.requests(file)); n != want {
				t.Errorf("the file was asked for %d times, want %d", n, want)
			}
		})
	}
}

// TestReservationBehindARedirect: a page that moved to what another origin reserves is not kept.
func TestReservationBehindARedirect(t *testing.T) {
	b := newRig(t)
	b.sources = strings.Replace(b.sources, "domains: [meridian.example]", "domains: [meridian.example, paper.example]", 1)
	u := b.publish(1)[0]
	b.web.handle(u, redirect("https://paper.example/held/1.html"))
	b.web.handle("https://paper.example/held/1.html", answer("text/html", crawlertest.NewStory(0).HTML()))
	b.web.handle("https://paper.example/.well-known/tdmrep.json", answer("application/json", `[{"location": "/held/", "tdm-reservation": 1}]`))
	if s := b.mustRun(); s.Denied != 1 || s.New != 0 || b.value("SELECT count(*) FROM page WHERE body NOT NULL") != "0" {
		t.Errorf("summary %+v; want the page denied and nothing kept", s)
	}
}

func TestPageIsGivenUpAfterItsTries(t *testing.T) {
	b := newRig(t)
	urls := b.publish(1)
	b.web.handle(urls[0], func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) })
	for i := range 8 {
		if s := b.mustRun(); s.Attempted != 1 {
			t.Fatalf("run %d: %d attempts, want 1", i+1, s.Attempted)
		}
		if s := b.mustRun(); s.Attempted != 0 {
			t.Fatalf("right after run %d: %d attempts, want none", i+1, s.Attempted)
		}
		b.now = b.now.Add(25 * time.Hour)
	}
	if got := b.fate(urls[0]); got != "failed http_500" {
		t.Errorf("ended as %q, want failed http_500", got)
	}
}

func TestFeedIsAskedForChangesOnly(t *testing.T) {
	b := newRig(t)
	feed := "<rss version='2.0'><channel><title>M</title></channel></rss>"
	b.web.handle(site+"/feed", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"v1"`)
		w.Header().Set("Last-Modified", "Mon, 02 Mar 2026 08:00:00 GMT")
		if r.Header.Get("If-None-Match") == `"v1"` {
			w.WriteHeader(304)
			return
		}
		_, _ = io.WriteString(w, feed)
	})
	for range 13 {
		if s := b.mustRun(); s.Polled != 1 || s.SourcesFailed != 0 {
			t.Fatalf("summary %+v, want one good poll", s)
		}
		b.now = b.now.Add(13 * time.Hour)
	}
	var conditions []string
	for _, r := range b.web.requests(site + "/feed") {
		conditions = append(conditions, r.Header.Get("If-None-Match")+r.Header.Get("If-Modified-Since"))
	}
	const c = `"v1"Mon, 02 Mar 2026 08:00:00 GMT`
	if want := []string{"", c, c, c, c, "", c, c, c, c, c, "", c}; !slices.Equal(conditions, want) {
		t.Errorf("conditions = %q\nwant %q: now and then none at all", conditions, want)
	}
}

func TestDamagedFeedIsReadWholeNextTime(t *testing.T) {
	b := newRig(t)
	b.publish(3)
	whole := func() string {
		rec := &recorder{header: http.Header{}}
		b.web.pages[site+"/feed"](rec, nil)
		return rec.body.String()
	}()
	cut := strings.Index(whole, "Story 2")
	b.web.handle(site+"/feed", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"v1"`)
		switch {
		case r.Header.Get("If-None-Match") != "":
			w.WriteHeader(304)
		case len(b.web.requests(site+"/feed")) == 1:
			_, _ = io.WriteString(w, whole[:cut])
		default:
			_, _ = io.WriteString(w, whole)
		}
	})
	if s := b.mustRun(); s.New != 2 || s.SourcesFailed != 1 || b.value("SELECT reason FROM poll") != "damaged" {
		t.Errorf("summary %+v, want the two whole items and a failed source", s)
	}
	b.now = b.now.Add(2 * time.Hour)
	if s := b.mustRun(); s.New != 1 || s.SourcesFailed != 0 || b.value("SELECT reason FROM poll") != "" {
		t.Errorf("summary %+v, want the third item", s)
	}
}

func TestForceDoesNotOverrideARefusal(t *testing.T) {
	b := newRig(t)
	b.web.handle(site+"/feed", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "7200")
		w.WriteHeader(429)
	})
	b.conf.Force = true
	for i, want := range []int{1, 0, 1} {
		if s := b.mustRun(); s.Polled != want {
			t.Errorf("run %d polled %d times, want %d", i+1, s.Polled, want)
		}
		b.now = b.now.Add(61 * time.Minute)
	}
}

func TestFeedDropsLinksOutsideTheSource(t *testing.T) {
	b := newRig(t)
	b.publish(0)
	b.web.handle(site+"/feed", answer("application/rss+xml", "<rss version='2.0'><channel><title>M</title><item><title>A</title><link>https://advertiser.example/</link></item><item><title>B</title><link>https://www.meridian.example/b</link></item></channel></rss>"))
	if s := b.mustRun(); s.Queued != 1 || len(b.web.requests("https://advertiser.example/")) != 0 {
		t.Errorf("summary %+v, want one page queued", s)
	}
	if got := b.value("SELECT detail FROM poll"); got != "1 links outside the source's domains" {
		t.Errorf("the poll tells %q", got)
	}
}

func TestSitemapIndexIsFollowedWithinBounds(t *testing.T) {
	b := newRig(t)
	b.sources = strings.Replace(b.sources, "feeds: ['"+site+"/feed']", "sitemaps: ['"+site+"/index.xml']", 1)
	var rows strings.Builder
	for i := range 80 {
		u := fmt.Sprintf("%s/map/%d.xml", site, i)
		fmt.Fprintf(&rows, "<sitemap><loc>%s</loc><lastmod>2026-02-%02d</lastmod></sitemap>", u, i%28+1)
		b.web.handle(u, answer("application/xml", fmt.Sprintf("<urlset><url><loc>%s/a/%d.html</loc></url></urlset>", site, i)))
	}
	b.web.handle(site+"/index.xml", answer("application/xml", "<sitemapindex>"+rows.String()+"</sitemapindex>"))
	total := 0
	for i, want := range []int{30, 30, 20, 0} {
		s := b.mustRun()
		total += s.Queued
		if s.Queued != want {
			t.Errorf("run %d queued %d pages, want %d", i+1, s.Queued, want)
		}
		b.now = b.now.Add(13 * time.Hour)
	}
	if total != 80 {
		t.Errorf("%d pages queued in all, want 80", total)
	}
	for i := range 80 {
		if n := len(b.web.requests(fmt.Sprintf("%s/map/%d.xml", site, i))); n != 1 {
			t.Errorf("sitemap %d was asked for %d times, want once: it has not changed", i, n)
		}
	}
}

func TestArticlesAreFetchedAgainWhenTheFeedSaysSo(t *testing.T) {
	b := newRig(t)
	story := crawlertest.NewStory(1)
	u := site + "/a/1.html"
	feed := func(updated string) http.HandlerFunc {
		return answer("application/atom+xml", `<feed xmlns="http://www.w3.org/2005/Atom"><title>M</title><entry><title>A</title><link href="`+u+`"/><id>1</id><updated>`+updated+`</updated></entry></feed>`)
	}
	b.web.handle(u, answer("text/html", story.HTML(), "ETag", `"1"`))
	b.web.handle(site+"/feed", feed("2026-03-02T08:00:00Z"))
	b.mustRun()
	b.now = b.now.Add(13 * time.Hour)
	story.Paragraphs[0] = "The editors have added a paragraph of their own to what had been said before about chips and allies."
	b.web.handle(u, answer("text/html", story.HTML()))
	b.web.handle(site+"/feed", feed("2026-03-02T20:00:00Z"))
	if s := b.mustRun(); s.Changed != 1 {
		t.Errorf("summary %+v, want one changed article", s)
	}
	if reqs := b.web.requests(u); len(reqs) != 2 || reqs[1].Header.Get("If-None-Match") != `"1"` {
		t.Errorf("%d requests for the page, want a second one that is conditional", len(reqs))
	}
}

func TestSourceWithoutFeedsUsesRobotsSitemaps(t *testing.T) {
	s, err := crawlertest.New()
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(s.Close)
	h := s.NewHost()
	recent := time.Now().Add(-48 * time.Hour).UTC().Format(time.RFC3339)
	h.Robots("User-agent: *\nDisallow: /private/\nSitemap: /news-map.xml\nSitemap: /archive.xml\n")
	h.Handle("/news-map.xml", crawlertest.XML("<urlset><url><loc>"+h.URL("/a/1.html")+"</loc><lastmod>"+recent+"</lastmod></url>"+
		"<url><loc>"+h.URL("/a/old.html")+"</loc><lastmod>2019-01-01</lastmod></url><url><loc>"+h.URL("/a/undated.html")+"</loc></url></urlset>"))
	h.Publish("/a/1.html", s.Next())
	b := newRig(t)
	b.now = time.Now()
	b.conf.Transport = nil
	b.sources = fmt.Sprintf("fetch: {min_gap: 1ms, allow_addresses: [127.0.0.0/8], allow_ports: [%s]}\nsources: [{id: m, name: M, type: news, homepage: '%s'}]", h.Port(), h.URL("/"))
	if got := b.mustRun(); got.Queued != 1 || got.New != 1 {
		t.Errorf("summary %+v, want the recent page alone", got)
	}
	for _, r := range s.Requests() {
		if r.Path == "/archive.xml" {
			t.Error("the archive was asked for although there is a news sitemap")
		}
	}
}

func TestProbe(t *testing.T) {
	b := newRig(t)
	b.publish(4)
	b.web.handle(site+"/", answer("text/html", `<html><head><link rel="alternate" type="application/rss+xml" href="/feed"><link rel="sitemap" href="/map.xml">
		<link rel="alternate" type="application/rss+xml" href="/gone"></head><body>Welcome</body></html>`))
	b.web.handle(site+"/map.xml", answer("application/xml", "<sitemapindex><sitemap><loc>/maps/1.xml</loc></sitemap></sitemapindex>"))
	b.web.handle(site+"/bare", answer("text/html", "<html><body>Nothing to announce</body></html>"))
	b.sources += "  - {id: bare, name: Bare, type: news, homepage: '" + site + "/bare'}\n  - {id: none, name: None, type: news}\n"
	probe := func(target string) string {
		found, err := crawler.Probe(t.Context(), b.parse(), target, b.conf)
		if err != nil {
			return "error " + err.Error()
		}
		var out []string
		for _, f := range found {
			out = append(out, fmt.Sprintf("%s %s %d %s", f.Kind, strings.TrimPrefix(f.URL, site), f.Entries, f.Problem))
		}
		return strings.Join(out, "; ")
	}
	for target, want := range map[string]string{
		"meridian":        "feed /feed 4 ",
		site:              "feed /feed 4 ; index /map.xml 1 ; page /gone 0 the server answered 404 Not Found",
		site + "/map.xml": "index /map.xml 1 ",
		"bare":            "page /bare 0 the page announces no feed or sitemap, neither does robots.txt",
		"none":            "error source none lists neither feeds nor a homepage",
		"nobody":          `error "nobody" is neither a source's id nor a URL`,
	} {
		if got := probe(target); !strings.HasPrefix(got, want) {
			t.Errorf("Probe(%q) = %q\nwant %q", target, got, want)
		}
	}
	b.conf.Transport = nil
	if _, err := crawler.Probe(t.Context(), b.parse(), site, b.conf); err == nil || !strings.Contains(err.Error(), "fetch.contact") {
		t.Errorf("error = %v, want one that asks for fetch.contact", err)
	}
}

// TestDiscover makes sources of pages.
func TestDiscover(t *testing.T) {
	b := newRig(t)
	b.publish(2)
	page := func(links string) func(http.ResponseWriter, *http.Request) {
		return answer("text/html", "<html><head>"+links+"</head><body>Welcome</body></html>")
	}
	link := func(path string) string {
		return `<link rel="alternate" type="application/rss+xml" href="` + path + `">`
	}
	rss := func(title string, paths ...string) string {
		var items strings.Builder
		for _, p := range paths {
			fmt.Fprintf(&items, "<item><title>%[1]s</title><link>%[1]s</link></item>", p)
		}
		return "<rss version='2.0'><channel><title>" + title + "</title><language>en-GB</language>" + items.String() + "</channel></rss>"
	}
	const (
		north = "http://www.north.example"
		south = "http://south.example"
		quiet = "http://quiet.example"
	)
	for u, a := range map[string]func(http.ResponseWriter, *http.Request){
		north + "/":              page(link("/feed") + link("/comments/feed") + link("/atom") + link("/region")),
		north + "/feed":          answer("application/rss+xml", rss("North Star » Feed", "/a/1", "/a/2", "https://elsewhere.example/x")),
		north + "/atom":          answer("application/rss+xml", rss("The same", "/a/1", "/a/2", "https://elsewhere.example/x")),
		north + "/region":        answer("application/rss+xml", rss("Region", "http://regional.north.example/a/3")),
		north + "/comments/feed": answer("application/rss+xml", rss("Remarks", "/a/1#1")),
		south + "/":              page(""),
		south + "/rss.xml":       answer("application/rss+xml", rss("South Wind | Latest", "/b/1")),
		quiet + "/":              page(""),
		quiet + "/sitemap.xml":   answer("application/xml", "<urlset><url><loc>/c/1</loc></url></urlset>"),
	} {
		b.web.handle(u, a)
	}
	found := func(url string) string {
		d, err := crawler.Discover(t.Context(), b.parse(), url, b.conf)
		if err != nil {
			return "error " + err.Error()
		}
		s := d.Source
		return fmt.Sprintf("%s %q %s %v %v %v %s", s.ID, s.Name, s.Homepage, s.Domains, s.Feeds, s.Sitemaps, s.Language)
	}
	for url, want := range map[string]string{
		north + "/":     `north "North Star" http://www.north.example/ [north.example] [http://www.north.example/feed http://www.north.example/region] [] en`,
		north + "/feed": `north "North Star" http://www.north.example/ [north.example] [http://www.north.example/feed] [] en`,
		south + "/":     `south "South Wind" http://south.example/ [south.example] [http://south.example/rss.xml] [] en`,
		quiet:           `quiet "quiet.example" http://quiet.example/ [quiet.example] [] [http://quiet.example/sitemap.xml] `,
		north + "/gone": "error " + north + "/gone: the server answered 404 Not Found",
		"meridian":      `error "meridian" is a source already`,
		site + "/feed":  "error " + site + "/feed: the source meridian has it already",
		"nonsense":      `error "nonsense" is neither a source's id nor a URL`,
	} {
		if got := found(url); !strings.HasPrefix(got, want) {
			t.Errorf("Discover(%q) = %s\nwant %s", url, got, want)
		}
	}
}

func TestUnreachableHostIsLeftAlone(t *testing.T) {
	b := newRig(t)
	b.publish(40)
	b.conf.Transport = nil
	// A name that no resolver knows, so that every request fails before it is made.
	b.sources = "fetch: {contact: c@meridian.example}\nsources: [{id: m, name: M, type: news, feeds: ['https://no-such-host.invalid/feed']}]"
	var entries []crawler.Entry
	for i := range 40 {
		entries = append(entries, crawler.Entry{URL: fmt.Sprintf("https://no-such-host.invalid/%d", i), Source: "m", Lane: "no-such-host.invalid:443"})
	}
	if _, err := b.db.Add(t.Context(), entries, b.now); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	s := b.mustRun()
	if s.Attempted != 5 || s.Pending != 40 || s.SourcesFailed != 1 {
		t.Errorf("summary %+v after %v, want five attempts and everything still queued", s, time.Since(start))
	}
}
