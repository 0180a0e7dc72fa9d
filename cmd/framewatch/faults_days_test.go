package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"framewatch/crawler"
	"framewatch/crawler/crawlertest"
)

// dailyFault is a scenario that changes from day to day, and what must hold after the crawl of each day, from 0.
type dailyFault struct {
	name  string
	build func(*crawlertest.Site) *crawlertest.Scenario
	check func(w *faultWorld, c *crawlertest.Scenario, day int)
}

// The days of the daily faults. Between two of them the crawl's clock goes forward by more than the longest wait that
// one failure can cause and than the life of a robots.txt.
const (
	faultDays = 14
	faultDay  = 25 * time.Hour
)

func faultsOfDays() []dailyFault {
	const windowSize, windowStep, windows = 6, 5, 6
	return []dailyFault{
		{"feed is HTML", crawlertest.FeedIsHTML, func(w *faultWorld, c *crawlertest.Scenario, day int) {
			switch day {
			case 0:
				w.polled(c.Feeds[0], "")
				w.holds(c, c.Stories[:2]...)
			case 1:
				w.polled(c.Feeds[0], "not_a_feed|not_feed|html|parse.*|no_feed")
				w.holds(c, c.Stories[:2]...)
			default:
				w.polled(c.Feeds[0], "")
				whole(w, c)
			}
		}},
		{"unsteady", crawlertest.Unsteady, func(w *faultWorld, c *crawlertest.Scenario, day int) {
			switch {
			case day < 2:
				w.polled(c.Feeds[0], "http_500")
			case day == 2:
				w.ended(c, "/a/page.html", "queued", "http_500")
			case day >= 5:
				whole(w, c)
			}
			if got, most := len(w.asked(c.Host, "/feed.xml")), day+1; got > most {
				w.Errorf("the feed was asked for %d times by day %d, want at most %d", got, day, most)
			}
		}},
		{"away for a week", crawlertest.AwayForAWeek, func(w *faultWorld, c *crawlertest.Scenario, day int) {
			if day > 0 {
				whole(w, c)
				return
			}
			w.polled(c.Feeds[0], "http_503")
			next, err := time.Parse(time.RFC3339Nano, w.one(`SELECT next FROM poll WHERE url = ?`, c.Feeds[0]))
			if err != nil || next.Before(w.now().Add(23*time.Hour)) || next.After(w.now().Add(25*time.Hour)) {
				w.Errorf("due %v at %v, want a day later: the longest wait", next, w.now().UTC())
			}
		}},
		{"cut pages", crawlertest.CutPages, func(w *faultWorld, c *crawlertest.Scenario, day int) {
			if day > 0 {
				whole(w, c)
				return
			}
			w.holds(c)
			for _, path := range c.Paths {
				w.ended(c, path, "queued", ".+")
			}
		}},
		{"cut feed", crawlertest.CutFeed, func(w *faultWorld, c *crawlertest.Scenario, day int) {
			if day > 0 {
				whole(w, c)
				w.polled(c.Feeds[0], "")
				return
			}
			w.polled(c.Feeds[0], ".+")
			w.holds(c, c.Stories[:2]...)
		}},
		{"robots unavailable", crawlertest.RobotsUnavailable, checkRobotsHeal},
		{"robots reset", crawlertest.RobotsReset, checkRobotsHeal},
		{"robots change", crawlertest.RobotsChanges, func(w *faultWorld, c *crawlertest.Scenario, day int) {
			w.holds(c, c.Stories[0])
			if n := len(w.asked(c.Host, "/feed.xml")) + len(w.asked(c.Host, "/a/*")); n != 2 {
				w.Errorf("%d requests beside robots.txt by day %d, want the 2 of day 0", n, day)
			}
			if got, want := len(w.asked(c.Host, "/robots.txt")), min(day+1, 2); got < want {
				w.Errorf("robots.txt was asked for %d times by day %d, want %d: it lives for a day at most", got, day, want)
			}
			if day > 0 {
				w.polled(c.Feeds[0], "robots.*")
			}
		}},
		{"robots open", crawlertest.RobotsOpens, func(w *faultWorld, c *crawlertest.Scenario, day int) {
			if day == 0 {
				w.holds(c)
				if n := w.one(`SELECT count(*) FROM frontier WHERE source = ? AND state = 'denied' AND reason = 'robots'`, c.ID); n != "3" {
					w.Errorf("%s pages are denied, want 3", n)
				}
				return
			}
			whole(w, c)
		}},
		{"changing", func(s *crawlertest.Site) *crawlertest.Scenario {
			return crawlertest.Changing(s, time.Now().Add(time.Hour))
		}, checkChanging},
		{"sliding window", func(s *crawlertest.Site) *crawlertest.Scenario {
			return crawlertest.SlidingWindow(s, windowSize, windowStep, windows)
		}, func(w *faultWorld, c *crawlertest.Scenario, day int) {
			w.holds(c, c.Stories[:windowSize+windowStep*min(day, windows-1)]...)
		}},
		{"unchanged for ever", crawlertest.ForeverUnchanged, func(w *faultWorld, c *crawlertest.Scenario, day int) {
			w.polled(c.Feeds[0], "")
			if day == faultDays-1 {
				whole(w, c)
			}
		}},
		{"sessions", crawlertest.Sessions, func(w *faultWorld, c *crawlertest.Scenario, day int) {
			whole(w, c)
			if n := len(w.asked(c.Host, "/a/*")); n != 2 {
				w.Errorf("%d pages were asked for by day %d, want 2: a session is no other page", n, day)
			}
		}},
		{"ordinary", func(s *crawlertest.Site) *crawlertest.Scenario { return crawlertest.Ordinary(s, "ordinary", 4) }, func(w *faultWorld, c *crawlertest.Scenario, day int) {
			whole(w, c)
			if n := len(w.asked(c.Host, "/a/*")); n != 4 {
				w.Errorf("%d pages were asked for by day %d, want each once", n, day)
			}
			if n := len(w.asked(c.Host, "/feed.xml")); n != day+1 {
				w.Errorf("the feed was asked for %d times by day %d, want %d", n, day, day+1)
			}
		}},
	}
}

// TestFaultsOfDays crawls day after day while the faults come and heal.
func TestFaultsOfDays(t *testing.T) {
	if testing.Short() {
		t.Skip("two weeks of crawls take seconds")
	}
	w := newFaultWorld(t)
	faults := faultsOfDays()
	for _, f := range faults {
		w.add(f.build(w.site))
	}
	broken := make([]bool, len(faults)) // one report per fault is enough
	for day := range faultDays {
		w.crawl()
		for i, f := range faults {
			if !broken[i] {
				broken[i] = !t.Run(f.name+" day "+itoa(day), func(t *testing.T) { f.check(w.within(t), w.scenarios[i], day) })
			}
		}
		w.site.Advance()
		w.forward(faultDay)
	}
	t.Run("politeness", func(t *testing.T) { w.within(t).polite() })
	t.Run("database", func(t *testing.T) { w.within(t).sound() })
}

func checkRobotsHeal(w *faultWorld, c *crawlertest.Scenario, day int) {
	if day > 0 {
		whole(w, c)
		return
	}
	if all, robots := len(w.asked(c.Host, "*")), len(w.asked(c.Host, "/robots.txt")); robots == 0 || all != robots {
		w.Errorf("%d requests, %d of them for robots.txt; want nothing else while it cannot be read", all, robots)
	}
	w.polled(c.Feeds[0], "robots.*")
}

func checkChanging(w *faultWorld, c *crawlertest.Scenario, day int) {
	first, later := c.Stories[0], c.Stories[0].Paragraphs[0]
	if day == 0 {
		if got := w.one(`SELECT count(*) FROM v_article WHERE source = ?`, c.ID); got != "2" {
			w.Errorf("%s articles, want 2", got)
		}
		return
	}
	whole(w, c)
	r := w.rows(`SELECT v.revision, v.text FROM v_revision AS v JOIN v_article AS a USING (article_id) WHERE a.source = ? AND a.title = ? ORDER BY v.revision`, c.ID, first.Title)
	if len(r) != 2 || strings.Contains(r[0][1], later) || !strings.Contains(r[1][1], later) {
		w.Errorf("%d revisions, want the text as it was and the text as it became", len(r))
	}
	if got := w.one(`SELECT revision FROM v_article WHERE source = ? AND title = ?`, c.ID, first.Title); got != "2" {
		w.Errorf("revision %s, want 2", got)
	}
}

// TestClockIsWrong crawls while the clock is three days ahead, and then right again, and then ahead once more: what was
// planned by the wrong clock is not parked until the right one has caught up, and no page is fetched twice.
func TestClockIsWrong(t *testing.T) {
	w := newFaultWorld(t)
	steady := w.add(crawlertest.Ordinary(w.site, "steady", 3))
	sick := w.add(crawlertest.Unsteady(w.site))
	for range 3 { // the third time, the sick feed names a page, and the page fails
		w.crawl()
		w.forward(faultDay)
	}
	w.ended(sick, "/a/page.html", "queued", "http_500")
	w.forward(-faultDay - 72*time.Hour)
	before := len(w.asked(steady.Host, "/feed.xml"))
	w.crawl()
	if n := len(w.asked(sick.Host, "/a/page.html")); n != 2 {
		t.Errorf("the page was asked for %d times, want a second time although its next try was planned for days to come", n)
	}
	if n := len(w.asked(steady.Host, "/feed.xml")); n != before+1 {
		t.Errorf("the feed was asked for %d times, want %d although its next poll was planned for days to come", n, before+1)
	}
	w.forward(144 * time.Hour)
	w.crawl()
	whole(w, steady)
	whole(w, sick)
	if n := len(w.asked(steady.Host, "/a/*")); n != 3 {
		t.Errorf("%d pages were asked for, want each of the 3 once", n)
	}
	w.sound()
	w.polite()
}

// TestRetryAfter waits in real time: nothing may be asked of a host before the time that it named.
func TestRetryAfter(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for seconds")
	}
	const wait = 2 * time.Second
	w := newFaultWorld(t)
	for _, c := range []*crawlertest.Scenario{crawlertest.TooManyRequests(w.site, wait), crawlertest.Unavailable(w.site, wait)} {
		w.add(c)
	}
	w.crawl()
	w.crawl() // at once: too soon
	time.Sleep(wait + 1500*time.Millisecond)
	w.crawl()
	for _, c := range w.scenarios {
		whole(w, c)
		tries := w.asked(c.Host, "/a/page.html")
		if len(tries) != 2 {
			t.Errorf("%s: asked %d times, want 2", c.ID, len(tries))
			continue
		}
		if gap := tries[1].Start.Sub(tries[0].End); gap < wait {
			t.Errorf("%s: asked again after %v, want %v or later", c.ID, gap, wait)
		}
		all := w.asked(c.Host, "*")
		if i := slices.Index(all, tries[0]); i+1 < len(all) && all[i+1].Start.Sub(tries[0].End) < wait {
			t.Errorf("%s: the host was asked for %s after %v, want nothing before %v", c.ID, all[i+1].Path, all[i+1].Start.Sub(tries[0].End), wait)
		}
	}
	w.sound()
	w.polite()
}

// TestPauseReachesLaterPages: a host that asked one process for a pause is left alone by the next one, also with pages
// that were queued since, and what waits for it is no failure.
func TestPauseReachesLaterPages(t *testing.T) {
	w := newFaultWorld(t)
	c := w.add(crawlertest.TooManyRequests(w.site, time.Hour))
	herald := crawlertest.Ordinary(w.site, "herald", 1) // its feed names a page on the first one's host
	w.crawl()
	before := len(w.asked(c.Host, "*"))
	herald.Stories = []crawlertest.Story{w.site.Next()}
	herald.Host.Feed("/feed.xml", c.Host.Publish("/a/late.html", herald.Stories[0]))
	herald.Domains = []string{c.Host.Addr()}
	w.add(herald)
	w.forward(2 * time.Minute)
	if s := w.crawl(func(conf *crawler.Config) { conf.Force = true }); s.Queued != 1 || s.Pending != 3 || s.Attempted != 0 || s.Failed != 0 {
		t.Errorf("during the pause: %+v", s)
	}
	if n := len(w.asked(c.Host, "*")); n != before {
		t.Errorf("the host was asked %d times during the pause", n-before)
	}
	if got := w.one(`SELECT group_concat(attempts) FROM (SELECT attempts FROM frontier WHERE state = 'queued' ORDER BY attempts)`); got != "0,0,1" {
		t.Errorf("attempts %s, want only the one that was made", got)
	}
	code, out, errs := w.command("status", "--db", w.db)
	if code != exitDone || !strings.Contains(out, c.Host.Addr()) || !strings.Contains(out, "429") {
		t.Errorf("status: exit %d, %s%s; want the host that wants to be left alone", code, out, errs)
	}
	w.forward(time.Hour)
	w.crawl()
	whole(w, c)
	whole(w, herald)
	w.sound()
	w.polite()
}
