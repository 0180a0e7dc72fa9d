package store

import (
	"context"
	"testing"
	"time"

	"framewatch/crawler"
	"framewatch/crawler/polite"
)

func TestAPausedLaneHasNoJobs(t *testing.T) {
	ctx := context.Background()
	c := newCrawl(t)
	const lane = "courier.example:443"
	c.add(entry("https://courier.example/1"))
	lanes := func() []string {
		l, err := c.db.Lanes(ctx, []string{"courier"}, c.at)
		must(t, err)
		return l
	}
	p := polite.Pause{Lane: lane, Asked: c.at, Until: c.at.Add(time.Hour), Status: 503}
	must(t, c.db.SavePause(ctx, p))
	got, ok, err := c.db.LoadPause(ctx, lane)
	must(t, err)
	if !ok || !got.Until.Equal(p.Until) || !got.Asked.Equal(p.Asked) || got.Status != 503 {
		t.Errorf("kept %+v, %v", got, ok)
	}
	c.add(entry("https://courier.example/later"))
	other := entry("https://elsewhere.example/1")
	other.Lane = "elsewhere.example:443"
	c.add(other)
	if l := lanes(); len(l) != 1 || l[0] != other.Lane || len(c.lease(5)) != 0 {
		t.Errorf("lanes %q during the pause, want the other host's alone", l)
	}
	paused, err := c.db.PausedLanes(ctx, c.at)
	must(t, err)
	if len(paused) != 1 || paused[0].Lane != lane || paused[0].Pending != 2 || paused[0].Status != 503 {
		t.Errorf("paused %+v", paused)
	}
	c.at = noon.Add(-time.Minute) // the clock was set back: the pause is of a time to come, and so are the jobs
	if paused, err := c.db.PausedLanes(ctx, c.at); err != nil || len(paused) != 0 {
		t.Errorf("with a clock set back: %+v, %v", paused, err)
	}
	c.at = noon.Add(time.Hour)
	if l := lanes(); len(l) != 2 || len(c.lease(5)) != 2 {
		t.Errorf("lanes %q after the pause", l)
	}
}

func TestWhatWasPutOffCountsNowhere(t *testing.T) {
	ctx := context.Background()
	c := newCrawl(t)
	c.add(entry("https://courier.example/1"))
	job := c.lease(1)[0]
	c.finish(crawler.Outcome{Job: job, State: crawler.Retry, Reason: "timeout", Next: c.at})
	for range 3 {
		job := c.lease(1)[0]
		if job.Attempt != 2 {
			t.Errorf("attempt %d, want the second", job.Attempt)
		}
		c.finish(crawler.Outcome{Job: job, State: crawler.Retry, Reason: "parked", Detail: "a pause", Next: c.at})
	}
	poll := crawler.Poll{Source: "courier", URL: "https://courier.example/feed", Kind: "feed", Last: c.at, Next: c.at, Count: 1, Reason: "timeout", Failures: 1}
	must(t, c.db.SavePoll(ctx, poll))
	poll.Reason, poll.Next = "parked", c.at.Add(48*time.Hour)
	must(t, c.db.SavePoll(ctx, poll))
	wantRows(t, c.db, `SELECT day, attempted, fetched, failed, denied, polls FROM v_coverage`, "2025-06-15|2|0|2|0|1")
	wantRows(t, c.db, `SELECT reason, failing_since FROM poll`, "parked|2025-06-15T12:00:00Z")
	must(t, c.db.SavePoll(ctx, crawler.Poll{Source: "bureau", URL: "https://bureau.example/feed", Kind: "feed", Next: c.at, Reason: "parked"}))
	wantRows(t, c.db, `SELECT count(*) FROM v_coverage WHERE source = 'bureau'`, "0")
}

func TestDeniedPagesFollowRobots(t *testing.T) {
	ctx := context.Background()
	c := newCrawl(t)
	const origin = "https://courier.example:443"
	begin := func() {
		_, err := c.db.BeginRun(ctx, "crawl", nil, c.at)
		must(t, err)
	}
	save := func(changed bool) {
		must(t, c.db.SaveRobots(ctx, polite.RobotsFile{Origin: origin, Fetched: c.at, Status: 200, Body: []byte("x"), Changed: changed}))
	}
	queued := func(want string) {
		t.Helper()
		wantRows(t, c.db, `SELECT coalesce(group_concat(substr(url, 25), ' '), '') FROM (SELECT url FROM frontier WHERE state = 'queued' ORDER BY id)`, want)
	}
	save(true)
	c.add(entry("https://courier.example/1"), entry("https://courier.example/2"), entry("https://courier.example/3"))
	for i, j := range c.lease(3) {
		reason := "robots"
		if i == 2 {
			reason = "opt_out"
		}
		c.finish(crawler.Outcome{Job: j, State: crawler.Denied, Reason: reason})
	}
	begin()
	queued("") // robots.txt is fresh
	c.at = c.at.Add(25 * time.Hour)
	begin()
	queued("1") // one page has it read again
	save(false)
	c.finish(crawler.Outcome{Job: c.lease(1)[0], State: crawler.Denied, Reason: "robots"})
	begin()
	queued("")
	c.at = c.at.Add(25 * time.Hour)
	begin()
	save(true)
	queued("1 2") // but not what its publisher keeps out by other means
}

func TestBackupOfAnOlderSchema(t *testing.T) {
	c := newCrawl(t)
	c.fetch(page{url: "https://courier.example/1", title: "Title", text: essay(1)})
	_, err := c.db.writer.conn.ExecContext(context.Background(), `DROP TABLE pause; PRAGMA user_version = 1`)
	must(t, err)
	file := t.TempDir() + "/copy.db"
	b, err := BackupTo(context.Background(), c.db.Path(), file)
	must(t, err)
	if b.Articles != 1 {
		t.Errorf("copied %+v", b)
	}
}
