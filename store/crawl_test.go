package store

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"framewatch/crawler"
	"framewatch/crawler/article"
	"framewatch/crawler/polite"
)

// crawl is a small crawler by hand: it adds one URL, leases it and finishes it.
type crawl struct {
	t  *testing.T
	db *DB
	at time.Time
}

func newCrawl(t *testing.T) *crawl {
	db, _ := newDB(t)
	_, err := db.BeginRun(context.Background(), "crawl", []crawler.Source{
		{ID: "courier", Name: "The Courier", Country: "GB", Type: "news", Domains: []string{"courier.example"}},
		{ID: "bureau", Name: "The Bureau", Type: "wire"},
	}, noon)
	must(t, err)
	return &crawl{t, db, noon}
}

func entry(url string) crawler.Entry {
	return crawler.Entry{URL: url, Found: url + "?utm_source=x", Source: "courier", Lane: "courier.example:443", Via: "https://courier.example/feed"}
}

func (c *crawl) add(entries ...crawler.Entry) int {
	c.t.Helper()
	n, err := c.db.Add(context.Background(), entries, c.at)
	must(c.t, err)
	return n
}

func (c *crawl) lease(n int) []crawler.Job {
	c.t.Helper()
	jobs, err := c.db.Lease(context.Background(), "courier.example:443", []string{"courier"}, c.at, c.at.Add(5*time.Minute), n)
	must(c.t, err)
	return jobs
}

func (c *crawl) finish(o crawler.Outcome) crawler.Saved {
	c.t.Helper()
	if o.At.IsZero() {
		o.At = c.at
	}
	saved, err := c.db.Finish(context.Background(), o)
	must(c.t, err)
	return saved
}

// page answers one URL with an article; final may differ from url.
type page struct {
	url, final, canonical, title, text, published string
	header                                        http.Header
	keepRaw                                       bool
}

// fetch queues, leases and stores a page.
func (c *crawl) fetch(p page) crawler.Saved {
	c.t.Helper()
	e := entry(p.url)
	c.at = c.at.Add(time.Hour)
	e.Updated = c.at.Add(-time.Minute) // so that a known page is fetched again
	if c.add(e) != 1 {
		c.t.Fatalf("%s was not queued", p.url)
	}
	jobs := c.lease(1)
	if len(jobs) != 1 || jobs[0].URL != p.url {
		c.t.Fatalf("leased %+v, want %s", jobs, p.url)
	}
	if p.final == "" {
		p.final = p.url
	}
	d, err := article.ParseDate(p.published)
	must(c.t, err)
	return c.finish(crawler.Outcome{Job: jobs[0], State: crawler.Stored, KeepRaw: p.keepRaw,
		Page: &crawler.Page{URL: p.url, Final: p.final, FetchedAt: c.at, Status: 200, Header: p.header, Body: []byte("<p>" + p.text)},
		Article: &article.Article{URL: p.final, Canonical: p.canonical, Title: p.title, Text: p.text, Language: "en", Published: d,
			DateFrom: map[bool]string{true: "meta"}[p.published != ""], Via: "test"}})
}

// essay is a text of its own for each n, long enough to be compared.
func essay(n int) string {
	var b strings.Builder
	for i := range 60 {
		fmt.Fprintf(&b, "word%d of essay%d ", i*n, n)
	}
	return b.String() + "on AI and China, a race."
}

func TestFrontierHandsOutEachJobOnce(t *testing.T) {
	ctx := context.Background()
	c := newCrawl(t)
	other := entry("https://bureau.example/1")
	other.Source, other.Lane = "bureau", "bureau.example:443"
	if n := c.add(entry("https://courier.example/1"), entry("https://courier.example/2"), entry("https://courier.example/1"), other); n != 3 {
		t.Errorf("added %d, want 3", n)
	}
	if n := c.add(entry("https://courier.example/1")); n != 0 {
		t.Errorf("added %d again", n)
	}
	lanes, err := c.db.Lanes(ctx, []string{"courier", "bureau"}, c.at)
	must(t, err)
	if want := []string{"bureau.example:443", "courier.example:443"}; !slices.Equal(lanes, want) {
		t.Errorf("lanes %q, want %q", lanes, want)
	}
	first, second := c.lease(1), c.lease(5)
	if len(first) != 1 || len(second) != 1 || first[0].ID == second[0].ID || first[0].Attempt != 1 || first[0].Found != "https://courier.example/1?utm_source=x" {
		t.Fatalf("leases %+v, %+v", first, second)
	}
	if jobs := c.lease(5); len(jobs) != 0 {
		t.Errorf("leased twice: %+v", jobs)
	}
	must(t, c.db.Release(ctx, first))
	if jobs := c.lease(5); len(jobs) != 1 || jobs[0].ID != first[0].ID || jobs[0].Attempt != 1 {
		t.Errorf("after release: %+v", jobs)
	}
	c.at = c.at.Add(5 * time.Minute)
	if jobs := c.lease(5); len(jobs) != 2 {
		t.Errorf("after the leases ran out: %+v", jobs)
	}
	n, err := c.db.Pending(ctx, []string{"courier"})
	must(t, err)
	if n != 2 {
		t.Errorf("pending %d, want 2", n)
	}
}

func TestRetryComesBackWhenItIsDue(t *testing.T) {
	c := newCrawl(t)
	c.add(entry("https://courier.example/1"))
	job := c.lease(1)[0]
	c.finish(crawler.Outcome{Job: job, State: crawler.Retry, Reason: "timeout", Detail: "no answer in 60 s", Next: c.at.Add(1500 * time.Millisecond)})
	c.at = c.at.Add(time.Second)
	if jobs := c.lease(1); len(jobs) != 0 {
		t.Errorf("leased too early: %+v", jobs)
	}
	c.at = c.at.Add(500 * time.Millisecond)
	jobs := c.lease(1)
	if len(jobs) != 1 || jobs[0].Attempt != 2 {
		t.Fatalf("got %+v, want the second attempt", jobs)
	}
	c.finish(crawler.Outcome{Job: jobs[0], State: crawler.Failed, Reason: "http_404", Page: &crawler.Page{URL: job.URL, Final: job.URL, FetchedAt: c.at, Status: 404, Body: []byte("gone")}})
	wantRows(t, c.db, `SELECT state, attempts, reason FROM frontier`, "failed|2|http_404")
	wantRows(t, c.db, `SELECT status, size, body IS NULL FROM page`, "404|4|1")
	if n := c.add(entry(job.URL)); n != 0 {
		t.Errorf("a page given up was queued again")
	}
}

func TestBeginRunFreesLeasesAndSetsClocksRight(t *testing.T) {
	ctx := context.Background()
	c := newCrawl(t)
	c.add(entry("https://courier.example/1"), entry("https://courier.example/2"))
	job := c.lease(1)[0]
	c.finish(crawler.Outcome{Job: job, State: crawler.Retry, Reason: "timeout", Next: c.at.Add(time.Hour)})
	c.lease(1)
	c.at = c.at.Add(-72 * time.Hour) // the clock was wrong
	_, err := c.db.BeginRun(ctx, "crawl", nil, c.at)
	must(t, err)
	if jobs := c.lease(5); len(jobs) != 2 {
		t.Errorf("leased %d, want 2", len(jobs))
	}
	wantRows(t, c.db, `SELECT status FROM v_run ORDER BY run_id`, "died", "running")
}

func TestFinishStoresRevisesAndRemembersValidators(t *testing.T) {
	c := newCrawl(t)
	p := page{url: "https://courier.example/1", title: "On AI", text: essay(1), published: "2025-01-20", header: http.Header{"Etag": {`"a"`}, "Last-Modified": {"then"}}}
	saved := c.fetch(p)
	if !saved.New || saved.Changed || !saved.Relevant || saved.ArticleID == 0 {
		t.Errorf("first: %+v", saved)
	}
	if again := c.fetch(p); again.New || again.Changed || !again.Relevant || again.ArticleID != saved.ArticleID {
		t.Errorf("again: %+v", again)
	}
	p.text += " A correction was added."
	if changed := c.fetch(p); !changed.Changed || changed.New || changed.ArticleID != saved.ArticleID {
		t.Errorf("changed: %+v", changed)
	}
	c.at = c.at.Add(time.Hour)
	e := entry(p.url)
	e.Updated = c.at.Add(-time.Minute)
	c.add(e)
	job := c.lease(1)[0]
	if job.ETag != `"a"` || job.LastModified != "then" || job.Attempt != 1 {
		t.Errorf("job %+v", job)
	}
	c.finish(crawler.Outcome{Job: job, State: crawler.NotModified, Page: &crawler.Page{URL: p.url, Final: p.url, FetchedAt: c.at, Status: 304}})
	wantRows(t, c.db, `SELECT revision, outlet, country, url, date_from FROM v_article`, "2|The Courier|GB|https://courier.example/1|meta")
	wantRows(t, c.db, `SELECT count(*), sum(body IS NOT NULL), max(seen) FROM page`, "2|2|"+stamp(c.at))
	wantRows(t, c.db, `SELECT attempted, fetched, failed, denied, new, skipped, unchanged FROM v_coverage`, "4|4|0|0|1|0|1")
}

func TestRawPagesAreKeptForArticlesThatCount(t *testing.T) {
	c := newCrawl(t)
	c.fetch(page{url: "https://courier.example/on", title: "On AI", text: essay(1)})
	c.fetch(page{url: "https://courier.example/off", title: "Harvest", text: "A report on wheat."})
	c.fetch(page{url: "https://courier.example/all", title: "Harvest two", text: "A report on rye.", keepRaw: true})
	wantRows(t, c.db, `SELECT p.url, p.body IS NOT NULL, p.article_id IS NOT NULL FROM page AS p ORDER BY id`,
		"https://courier.example/on|1|1", "https://courier.example/off|0|1", "https://courier.example/all|1|1")
}

func TestFeedDateStandsInUntilThePageTells(t *testing.T) {
	c := newCrawl(t)
	e := entry("https://courier.example/1")
	e.Published = time.Date(2025, 3, 31, 22, 0, 0, 0, time.FixedZone("", -5*3600))
	c.add(e)
	job := c.lease(1)[0]
	out := crawler.Outcome{Job: job, State: crawler.Stored, Page: &crawler.Page{URL: job.URL, Final: job.URL, FetchedAt: c.at, Status: 200},
		Article: &article.Article{Title: "On AI", Text: essay(1)}}
	c.finish(out)
	wantRows(t, c.db, `SELECT published, date_from, month FROM v_article`, "2025-03-31T22:00:00-05:00|feed|2025-03")
	c.fetch(page{url: job.URL, title: "On AI", text: essay(1), published: "2025-04-02"})
	wantRows(t, c.db, `SELECT published, date_from, month FROM v_article`, "2025-04-02|meta|2025-04")
}

func TestAddressesOfOneArticle(t *testing.T) {
	const a, b, amp, old = "https://courier.example/a", "https://courier.example/b", "https://courier.example/amp/a", "https://courier.example/old"
	tests := []struct {
		name     string
		pages    []page
		articles []string // url, revision, title
		owners   []string // url, article, claim
	}{
		{"copy after its original", []page{
			{url: a, title: "A", text: essay(1)},
			{url: amp, canonical: a, title: "A", text: essay(1) + " Menu"},
		}, []string{a + "|1|A"}, []string{a + "|1|fetched", amp + "|1|alias"}},
		{"copy before its original", []page{
			{url: amp, canonical: a, title: "A", text: essay(1) + " Menu"},
			{url: a, title: "A", text: essay(1)},
		}, []string{a + "|2|A"}, []string{a + "|1|fetched", amp + "|1|fetched"}},
		{"copy that names no original", []page{
			{url: a, title: "A", text: essay(1)},
			{url: amp, title: "A", text: "Print page. " + essay(1)},
		}, []string{a + "|1|A"}, []string{a + "|1|fetched", amp + "|1|alias"}},
		{"wrong canonical, after the page that it names", []page{
			{url: a, title: "A", text: essay(1)},
			{url: b, canonical: a, title: "B", text: essay(2)},
		}, []string{a + "|1|A", b + "|1|B"}, []string{a + "|1|fetched", b + "|2|fetched"}},
		{"wrong canonical, before the page that it names", []page{
			{url: b, canonical: a, title: "B", text: essay(2)},
			{url: a, title: "A", text: essay(1)},
		}, []string{b + "|1|B", a + "|1|A"}, []string{a + "|2|fetched", b + "|1|fetched"}},
		{"redirect", []page{
			{url: old, final: a, title: "A", text: essay(1)},
		}, []string{a + "|1|A"}, []string{a + "|1|fetched", old + "|1|redirect"}},
		{"moved", []page{
			{url: old, title: "A", text: essay(1)},
			{url: old, final: a, title: "A", text: essay(1)},
		}, []string{a + "|1|A"}, []string{a + "|1|fetched", old + "|1|fetched"}},
		{"address taken by another article", []page{
			{url: old, title: "A", text: essay(1)},
			{url: old, final: b, title: "B", text: essay(2)},
		}, []string{old + "|1|A", b + "|1|B"}, []string{b + "|2|fetched", old + "|1|fetched"}},
		{"same headline, other text", []page{
			{url: a, title: "Morning briefing", text: essay(1)},
			{url: b, title: "Morning briefing", text: essay(2)},
		}, []string{a + "|1|Morning briefing", b + "|1|Morning briefing"}, []string{a + "|1|fetched", b + "|2|fetched"}},
		{"tracking parameters in the final address", []page{
			{url: a, final: a + "?utm_source=feed#top", title: "A", text: essay(1)},
		}, []string{a + "|1|A"}, []string{a + "|1|fetched"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := newCrawl(t)
			for _, p := range tt.pages {
				c.fetch(p)
			}
			wantRows(t, c.db, `SELECT url, revision, title FROM v_article ORDER BY article_id`, tt.articles...)
			wantRows(t, c.db, `SELECT url, article_id, claim FROM v_url ORDER BY url`, tt.owners...)
		})
	}
}

func TestAnAddressThatAnsweredIsNotQueuedAgain(t *testing.T) {
	c := newCrawl(t)
	c.fetch(page{url: "https://courier.example/old", final: "https://courier.example/a", canonical: "https://courier.example/c", title: "A", text: essay(1)})
	if n := c.add(entry("https://courier.example/a")); n != 0 {
		t.Error("the address that answered was queued")
	}
	if n := c.add(entry("https://courier.example/c")); n != 1 {
		t.Error("an address that was only claimed was not queued")
	}
}

func TestUpdatedEntriesAreQueuedOncePerUpdate(t *testing.T) {
	day := func(n int) time.Time { return noon.AddDate(0, 0, n) } // the page is fetched on day 0
	type seen struct {
		updated time.Time
		want    int // queued
	}
	for name, steps := range map[string][]seen{
		"dated from the start": {{day(-5), 1}, {day(-5), 0}, {time.Time{}, 0}, {day(-6), 0}, {day(-4), 1}, {day(-4), 0}, {day(1), 1}, {day(1), 0}},
		"dated later":          {{time.Time{}, 1}, {day(-5), 0}, {day(-5), 0}, {day(-4), 1}, {day(-4), 0}},
		"changed since":        {{time.Time{}, 1}, {day(1), 1}, {day(1), 0}},
		"dated in the future":  {{day(400), 1}, {day(400), 0}},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCrawl(t)
			for i, s := range steps {
				e := entry("https://courier.example/1")
				e.Updated = s.updated
				if n := c.add(e); n != s.want {
					t.Errorf("step %d: queued %d, want %d", i, n, s.want)
				}
				for _, job := range c.lease(5) {
					if job.Attempt != 1 {
						t.Errorf("step %d: attempt %d, want a fresh start", i, job.Attempt)
					}
					c.finish(crawler.Outcome{Job: job, State: crawler.Stored, Page: &crawler.Page{URL: job.URL, Final: job.URL, FetchedAt: c.at, Status: 200},
						Article: &article.Article{Title: "On AI", Text: essay(1)}})
				}
			}
		})
	}
}

func TestPollsAndCoverage(t *testing.T) {
	ctx := context.Background()
	c := newCrawl(t)
	const feed = "https://courier.example/feed"
	p, err := c.db.Poll(ctx, "courier", feed)
	must(t, err)
	if p != (crawler.Poll{Source: "courier", URL: feed}) {
		t.Errorf("never polled: %+v", p)
	}
	p.Kind, p.Last, p.Next, p.Count, p.Reason, p.Detail, p.Failures = "feed", c.at, c.at.Add(time.Hour), 1, "timeout", "no answer", 0.5
	must(t, c.db.SavePoll(ctx, p))
	got, err := c.db.Poll(ctx, "courier", feed)
	must(t, err)
	if got != p {
		t.Errorf("got %+v, want %+v", got, p)
	}
	p.Last, p.Count = c.at.Add(time.Hour), 2
	must(t, c.db.SavePoll(ctx, p))
	wantRows(t, c.db, `SELECT source, day, attempted, fetched, failed, denied, polls, polls_failed FROM v_coverage`, "courier|2025-06-15|2|0|2|0|2|2")
	all, err := c.db.PollStatuses(ctx)
	must(t, err)
	if len(all) != 1 || !all[0].FailingSince.Equal(c.at) || all[0].Reason != "timeout" || !all[0].Last.Equal(p.Last) {
		t.Errorf("status %+v", all)
	}
	p.Last, p.Reason, p.Items = c.at.Add(12*time.Hour), "", 20
	must(t, c.db.SavePoll(ctx, p))
	p.Reason = "robots"
	must(t, c.db.SavePoll(ctx, p))
	wantRows(t, c.db, `SELECT day, attempted, fetched, failed, denied, polls, polls_failed FROM v_coverage ORDER BY day`,
		"2025-06-15|2|0|2|0|2|2", "2025-06-16|2|1|0|1|2|1")
}

func TestRunsAreRecorded(t *testing.T) {
	ctx := context.Background()
	c := newCrawl(t)
	var many []crawler.Problem
	for i := range 7 {
		many = append(many, crawler.Problem{Source: "courier", URL: fmt.Sprint("u", i), Reason: "timeout", Detail: "late"})
	}
	must(t, c.db.EndRun(ctx, 1, "partial", crawler.Summary{Sources: 2, Fetched: 5, New: 3, Failed: 1, Skipped: 1, Problems: many}, c.at.Add(time.Minute)))
	runs, err := c.db.LastRuns(ctx, 5)
	must(t, err)
	if len(runs) != 1 || runs[0].Status != "partial" || runs[0].Finished.Sub(runs[0].Started) != time.Minute || runs[0].New != 3 ||
		!strings.HasSuffix(runs[0].Message, "and 2 more") {
		t.Errorf("runs %+v", runs)
	}
}

func TestRobotsFilesAreKept(t *testing.T) {
	ctx := context.Background()
	c := newCrawl(t)
	f := polite.RobotsFile{Origin: "https://courier.example:443", Fetched: c.at, Status: 200, Body: []byte("User-agent: *\n\xff")}
	if _, ok, err := c.db.LoadRobots(ctx, f.Origin); ok || err != nil {
		t.Errorf("found %v, %v", ok, err)
	}
	must(t, c.db.SaveRobots(ctx, polite.RobotsFile{Origin: f.Origin, Status: 404, Fetched: c.at.Add(-time.Hour)}))
	must(t, c.db.SaveRobots(ctx, f))
	got, ok, err := c.db.LoadRobots(ctx, f.Origin)
	must(t, err)
	if !ok || !got.Fetched.Equal(f.Fetched) || got.Status != 200 || string(got.Body) != string(f.Body) {
		t.Errorf("got %+v", got)
	}
}

func TestACrawlFindsWhatWasImported(t *testing.T) {
	c := newCrawl(t)
	rec := record(t, "old-1", "https://courier.example/a?utm_source=mail", "A", "2025-01-20", essay(1))
	importAll(t, c.db, rec, record(t, "old-2", "https://courier.example/", "Front", "2025-01-20", essay(2)), record(t, "old-3", "https://courier.example/", "Front", "2025-01-21", essay(3)))
	if saved := c.fetch(page{url: "https://courier.example/a", title: "A", text: essay(1) + " A line more."}); saved.New || !saved.Changed || saved.ArticleID != 1 {
		t.Errorf("the imported article again: %+v", saved)
	}
	if saved := c.fetch(page{url: "https://courier.example/", title: "Front", text: essay(4)}); !saved.New {
		t.Errorf("another text under an imported address: %+v", saved)
	}
	wantRows(t, c.db, `SELECT external_id, outlet, revision FROM v_article ORDER BY article_id`,
		"old-1|The Courier|2", "old-2|The Courier|1", "old-3|The Courier|1", "∅|The Courier|1")
	if sum := importAll(t, c.db, rec); sum.Same != 1 {
		t.Errorf("the file again: %+v", sum)
	}
}

func TestAbsurdDatesDoNotStopACrawl(t *testing.T) {
	c := newCrawl(t)
	for i, at := range []time.Time{time.Date(1, 1, 1, 0, 0, 1, 0, time.UTC), time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC), time.Date(12025, 1, 1, 0, 0, 0, 0, time.UTC)} {
		url := fmt.Sprintf("https://courier.example/%d", i)
		e := entry(url)
		e.Published = at
		c.add(e)
		job := c.lease(1)[0]
		for range 2 {
			c.finish(crawler.Outcome{Job: job, State: crawler.Stored, Page: &crawler.Page{URL: url, Final: url, FetchedAt: c.at, Status: 200},
				Article: &article.Article{Title: "AI", Text: essay(i), Authors: []string{fmt.Sprint(time.Now())}}})
		}
	}
	wantRows(t, c.db, `SELECT DISTINCT published, date_flag, month FROM v_article`, "∅|missing|∅")
}
