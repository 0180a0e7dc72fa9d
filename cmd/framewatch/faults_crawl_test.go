package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"framewatch/crawler"
	"framewatch/crawler/crawlertest"
)

// A fault is a scenario and what one crawl must make of it.
type fault struct {
	name  string
	build func(*crawlertest.Site) *crawlertest.Scenario
	check func(w *faultWorld, c *crawlertest.Scenario)
}

// whole is the outcome of a fault that must not cost anything.
func whole(w *faultWorld, c *crawlertest.Scenario) { w.holds(c, c.Stories...) }

const megabyte = 1 << 20

func faultsOfOneCrawl() []fault {
	sized := func(build func(*crawlertest.Site, int) *crawlertest.Scenario, n int) func(*crawlertest.Site) *crawlertest.Scenario {
		return func(s *crawlertest.Site) *crawlertest.Scenario { return build(s, n) }
	}
	return []fault{
		{"too large", sized(crawlertest.TooLarge, 2*megabyte), func(w *faultWorld, c *crawlertest.Scenario) {
			whole(w, c)
			w.ended(c, "/a/large.html", "failed|rejected", "too_large")
			if n := w.one(`SELECT count(*) FROM v_article WHERE instr(text, ?)`, crawlertest.LargeBegins); n != "0" {
				w.Errorf("%s articles hold the beginning of a page that is too large", n)
			}
		}},
		{"bombs", sized(crawlertest.Bombs, 256*megabyte), func(w *faultWorld, c *crawlertest.Scenario) {
			whole(w, c)
			w.ended(c, "/a/gzip.html", "failed|rejected", "too_large")
			w.ended(c, "/a/x-gzip.html", "failed|rejected", "too_large")
			w.ended(c, "/a/typed.html", "failed|rejected", "too_large|not_html")
			w.ended(c, "/a/named.html.gz", "failed|rejected", "too_large|not_html|no_text|bad_encoding")
		}},
		{"feed bomb", sized(crawlertest.FeedBomb, 256*megabyte), func(w *faultWorld, c *crawlertest.Scenario) {
			w.polled(c.Feeds[0], "too_large")
			w.polled(c.Sitemaps[0], "too_large")
		}},
		{"encodings", crawlertest.Encodings, func(w *faultWorld, c *crawlertest.Scenario) {
			whole(w, c)
			for _, name := range []string{"brotli", "zstd", "unknown", "false"} {
				w.ended(c, "/a/"+name+".html", "failed|rejected|queued", ".*encoding.*")
			}
			w.ended(c, "/a/cut.html", "failed|rejected|queued", ".+")
		}},
		{"redirects", crawlertest.Redirects, checkRedirects},
		{"redirect to forbidden", crawlertest.RedirectToForbidden, func(w *faultWorld, c *crawlertest.Scenario) {
			whole(w, c)
			w.ended(c, "/a/here.html", "denied", "robots.*")
			w.ended(c, "/a/there.html", "denied", "robots.*")
		}},
		{"robots rules", crawlertest.RobotsRules, func(w *faultWorld, c *crawlertest.Scenario) {
			whole(w, c)
			for _, path := range []string{"/archive/shut/one.html", "/a/card.print", "/a/list?session=4", "/caf%C3%A9/one.html"} {
				w.ended(c, path, "denied", "robots.*")
			}
		}},
		{"robots forbids all", crawlertest.RobotsForbidsAll, func(w *faultWorld, c *crawlertest.Scenario) {
			w.polled(c.Feeds[0], "robots.*")
			if n := len(w.asked(c.Host, "*")); n != len(w.asked(c.Host, "/robots.txt")) {
				w.Errorf("%d requests, want none but for robots.txt", n)
			}
		}},
		{"robots sloppy", crawlertest.RobotsSloppy, func(w *faultWorld, c *crawlertest.Scenario) {
			whole(w, c)
			w.ended(c, "/shut/one.html", "denied", "robots.*")
		}},
		{"robots huge", sized(crawlertest.RobotsHuge, 40*megabyte), func(w *faultWorld, c *crawlertest.Scenario) {
			whole(w, c)
			w.ended(c, "/shut/one.html", "denied", "robots.*")
		}},
		{"robots moved", crawlertest.RobotsMoved, func(w *faultWorld, c *crawlertest.Scenario) {
			whole(w, c)
			w.ended(c, "/shut/one.html", "denied", "robots.*")
		}},
		{"robots missing", crawlertest.RobotsMissing, whole},
		{"crawl delay", func(s *crawlertest.Site) *crawlertest.Scenario { return crawlertest.CrawlDelay(s, "1", time.Second) }, whole},
		{"charsets", crawlertest.Charsets, whole},
		{"feed charsets", crawlertest.FeedCharsets, whole},
		{"wrong types", crawlertest.WrongTypes, func(w *faultWorld, c *crawlertest.Scenario) {
			w.polled(c.Feeds[0], "")
			for _, path := range c.Paths {
				if f := w.fate(c.Host.URL(path)); f.state != "stored" && (f.state != "rejected" || f.reason == "") {
					w.Errorf("%s ended as %s %q, want it stored or a reason", path, f.state, f.reason)
				}
			}
			w.ended(c, "/a/untyped.html", "stored", "")
		}},
		{"no articles", crawlertest.NotArticles, checkNotArticles},
		{"paywall", crawlertest.Paywall, func(w *faultWorld, c *crawlertest.Scenario) {
			whole(w, c)
			if got := w.one(`SELECT group_concat(paywalled) FROM v_article WHERE source = ?`, c.ID); got != "1" {
				w.Errorf("paywalled = %q, want 1", got)
			}
		}},
		{"variants", crawlertest.Variants, checkVariants},
		{"same name", crawlertest.SameName, whole},
		{"wrong canonical", crawlertest.WrongCanonical, func(w *faultWorld, c *crawlertest.Scenario) {
			whole(w, c)
			for _, r := range w.rows(`SELECT u.url FROM v_url AS u JOIN v_article AS a USING (article_id) WHERE a.source = ? AND u.url NOT LIKE ?`, c.ID, c.Host.URL("/a/%")) {
				w.Errorf("an article is linked to %s, which its page only claims", r[0])
			}
			if got := w.one(`SELECT count(*) FROM v_article WHERE source = ? AND url NOT LIKE ?`, c.ID, c.Host.URL("/a/%")); got != "0" {
				w.Errorf("%s articles are stored under an address of another site", got)
			}
		}},
		{"syndicated", func(s *crawlertest.Site) *crawlertest.Scenario { return crawlertest.Syndicated(s)[0] }, whole},
		{"odd dates", crawlertest.OddDates, checkOddDates},
		{"sitemaps", sized(crawlertest.Sitemaps, 6), checkSitemaps},
		{"cut compressed sitemap", crawlertest.CutGzipSitemap, func(w *faultWorld, c *crawlertest.Scenario) {
			w.polled(c.Sitemaps[0], ".+")
		}},
		{"sitemap elsewhere", crawlertest.SitemapElsewhere, whole},
		{"broken network", crawlertest.BrokenNetwork, func(w *faultWorld, c *crawlertest.Scenario) {
			whole(w, c)
			for _, name := range []string{"garbage", "chunk", "flood"} {
				w.ended(c, "/a/"+name+".html", "queued|failed", ".+")
			}
		}},
		{"forged addresses", crawlertest.ForgedAddresses, checkForged},
		{"nested pages", sized(crawlertest.Nested, 100_000), func(w *faultWorld, c *crawlertest.Scenario) {
			w.ended(c, "/a/deep.html", "rejected", ".+")
			w.ended(c, "/a/ordinary.html", "stored", "")
			w.ended(c, "/a/deep-end.html", "rejected|stored", ".*")
		}},
		{"XML bombs", sized(crawlertest.XMLBombs, 250_000), func(w *faultWorld, c *crawlertest.Scenario) {
			for _, u := range append(c.Feeds[2:], c.Sitemaps[1]) {
				w.polled(u, ".+")
			}
			if n := w.one(`SELECT count(*) FROM frontier WHERE instr(title, 'root:') OR length(title) > 100000`); n != "0" {
				w.Errorf("%s titles hold an expanded entity", n)
			}
		}},
		{"endless pager", crawlertest.EndlessPager, func(w *faultWorld, c *crawlertest.Scenario) {
			if n := len(w.asked(c.Host, "/map/*")); n < 3 || n > 31 {
				w.Errorf("%d sitemaps of an endless index were asked for, want 3 to 31", n)
			}
		}},
		{"ordinary", func(s *crawlertest.Site) *crawlertest.Scenario { return crawlertest.Ordinary(s, "ordinary", 5) }, whole},
	}
}

// TestFaultsOfOneCrawl lets one crawl meet all faults that show at once: each must end as listed, and none may harm
// another source.
func TestFaultsOfOneCrawl(t *testing.T) {
	w := newFaultWorld(t)
	faults := faultsOfOneCrawl()
	for _, f := range faults {
		w.add(f.build(w.site))
	}
	unreachable := crawlertest.Unreachable(w.site)
	for _, c := range unreachable {
		w.add(c)
	}
	copies := crawlertest.Syndicated(w.site)
	copies[1].ID = "syndicated-again"
	w.add(copies[1])
	began := time.Now()
	s := w.crawl()
	t.Logf("%v: %+v", time.Since(began).Round(time.Millisecond), countsOnly(s))

	for i, f := range faults {
		t.Run(f.name, func(t *testing.T) {
			v := w.within(t)
			f.check(v, w.scenarios[i])
			v.covered(w.scenarios[i].ID)
		})
	}
	for _, c := range unreachable {
		t.Run("unreachable "+c.ID, func(t *testing.T) {
			v := w.within(t)
			v.polled(c.Feeds[0], map[string]string{"no-name": "dns.*", "refused": "connect.*|refused|network", "bad-tls": "tls.*|certificate", "no-http": "protocol|bad_http|network|http.*"}[c.ID])
			v.covered(c.ID)
			if got := v.one(`SELECT sum(fetched) FROM v_coverage WHERE source = ?`, c.ID); got != "0" {
				t.Errorf("coverage says that %s pages were fetched, want 0", got)
			}
		})
	}
	t.Run("politeness", func(t *testing.T) { w.within(t).polite() })
	t.Run("database", func(t *testing.T) { w.within(t).sound() })
	t.Run("hosts do not wait for each other", func(t *testing.T) {
		i := slices.IndexFunc(faults, func(f fault) bool { return f.name == "crawl delay" })
		pause := w.asked(w.scenarios[i].Host, "*")[:2]
		others := 0
		for _, r := range w.site.Requests() {
			if r.Start.After(pause[0].End) && r.Start.Before(pause[1].Start) {
				others++
			}
		}
		if others < len(faults) {
			t.Errorf("%d requests to other hosts while one with a crawl delay had its pause, want %d at least", others, len(faults))
		}
	})
	t.Run("summary", func(t *testing.T) { checkSummary(w.within(t), s) })
}

func countsOnly(s crawler.Summary) crawler.Summary {
	s.Problems = nil
	return s
}

// checkSummary compares what the run said with what the database holds.
func checkSummary(w *faultWorld, s crawler.Summary) {
	if got := w.one(`SELECT count(*) FROM v_article`); got != itoa(s.New) {
		w.Errorf("%s articles, the summary says %d new", got, s.New)
	}
	if got := w.one(`SELECT count(*) FROM frontier WHERE state = 'queued'`); got != itoa(s.Pending) {
		w.Errorf("%s URLs queued, the summary says %d", got, s.Pending)
	}
	if got := w.one(`SELECT status FROM v_run`); got != "partial" {
		w.Errorf("run status %q, want partial: sources failed", got)
	}
	if s.Sources != len(w.scenarios) || s.SourcesFailed < 4 {
		w.Errorf("summary: %d sources, %d failed; want %d and at least 4", s.Sources, s.SourcesFailed, len(w.scenarios))
	}
	for _, p := range s.Problems {
		if p.Reason == "" || p.Detail == "" || strings.ContainsAny(p.Detail, "\x1b\x00") {
			w.Errorf("problem without a reason or fit to harm: %+v", p)
		}
	}
}

func checkRedirects(w *faultWorld, c *crawlertest.Scenario) {
	whole(w, c)
	for _, path := range []string{"/a/self.html", "/a/ping.html", "/chain12/0"} {
		w.ended(c, path, "failed|rejected|queued", "redirect.*|too_many_redirects")
	}
	for _, path := range []string{"/a/self.html", "/a/p*", "/chain12/*"} {
		if n := len(w.asked(c.Host, path)); n < 1 || n > 11 {
			w.Errorf("%d requests for %s, want 1 to 11", n, path)
		}
	}
	end := c.Host.URL("/a/end4.html")
	if got := w.one(`SELECT group_concat(url) FROM v_article WHERE source = ?`, c.ID); got != end {
		w.Errorf("stored under %s, want %s", got, end)
	}
	if got := w.one(`SELECT count(*) FROM v_url AS u JOIN v_article AS a USING (article_id) WHERE u.url = ? AND a.url = ?`, c.Host.URL("/chain4/0"), end); got != "1" {
		w.Errorf("the address at the chain's beginning is not linked to the article")
	}
}

func checkNotArticles(w *faultWorld, c *crawlertest.Scenario) {
	whole(w, c)
	for name, want := range map[string][2]string{
		"pdf":               {"rejected", "pdf"},
		"pdf-as-html":       {"rejected", "pdf"},
		"image":             {"rejected", "not_html"},
		"soft-404":          {"rejected", "soft_404"},
		"gone-home":         {"rejected", "soft_404|home.*|redirect.*|no_text|too_short"},
		"consent-wall":      {"rejected", "consent_wall"},
		"bot-challenge":     {"rejected|failed|queued|denied", "bot_challenge|http_403"},
		"bot-challenge-200": {"rejected|queued|denied", "bot_challenge"},
		"app-shell":         {"rejected", "app_shell"},
		"empty":             {"rejected", "no_text|not_html|too_short|empty.*"},
		"missing":           {"failed|rejected|queued", "http_404"},
		"gone":              {"failed|rejected", "http_410"},
	} {
		w.ended(c, "/a/"+name, want[0], want[1])
	}
	if got := w.one(`SELECT count(*) FROM page WHERE url = ? AND header LIKE '%application/pdf%'`, c.Host.URL("/a/pdf")); got != "1" {
		w.Errorf("%s pages remember the PDF and its type, want 1", got)
	}
}

func checkVariants(w *faultWorld, c *crawlertest.Scenario) {
	whole(w, c)
	for _, path := range []string{"/a/story.html", "/a/story.amp.html", "/amp/a/story.html", "/a/story.html?amp=1", "/m/a/story.html", "/a/story.html?print=1",
		"/b/bare.html", "/b/bare.amp.html", "/amp/b/bare.html", "/b/bare.html/print"} {
		if got := w.one(`SELECT count(*) FROM v_url AS u JOIN v_article AS a USING (article_id) WHERE u.url = ? AND a.source = ?`, c.Host.URL(path), c.ID); got != "1" {
			w.Errorf("%s is not linked to the article", path)
		}
	}
	if n := len(w.asked(c.Host, "/a/story.html")); n != 1 {
		w.Errorf("the plain address was asked for %d times, want once: tracking parameters and fragments are not other pages", n)
	}
}

func checkOddDates(w *faultWorld, c *crawlertest.Scenario) {
	whole(w, c)
	for name, want := range map[string]struct{ month, flag string }{
		"future": {"", "future|missing"}, "missing": {"", "missing"}, "epoch": {"", "epoch|missing"}, "nonsense": {"", "missing"},
		"offset": {"2025-03", ""}, "reversed": {"2025-03", "reversed"}, "contradictory": {"2025-02|2024-11", ".*"},
	} {
		r := w.rows(`SELECT coalesce(month, ''), date_flag, published, date_from FROM v_article WHERE url = ?`, c.Host.URL("/a/dated-"+name+".html"))
		if len(r) != 1 {
			w.Errorf("%s: %d articles, want 1", name, len(r))
			continue
		}
		if !matches(want.month, r[0][0]) || !matches(want.flag, r[0][1]) {
			w.Errorf("%s: month %q, flag %q (published %q from %q); want %q, %q", name, r[0][0], r[0][1], r[0][2], r[0][3], want.month, want.flag)
		}
	}
}

func checkSitemaps(w *faultWorld, c *crawlertest.Scenario) {
	whole(w, c)
	for _, path := range []string{"/index.xml", "/good.xml", "/ping.xml", "/pong.xml", "/missing.xml", "/page.xml", "/packed.xml.gz", "/cut.xml", "/list.txt"} {
		if n := len(w.asked(c.Host, path)); n != 1 {
			w.Errorf("%s was asked for %d times, want once", path, n)
		}
	}
	if n := len(w.asked(c.Host, "/deep-*")); n > 3 {
		w.Errorf("%d sitemaps of a nested chain were asked for, want at most 3", n)
	}
	if n := len(w.asked(c.Host, "/a/too-deep.html")); n != 0 {
		w.Errorf("a page beyond the depth limit was asked for")
	}
}

// checkForged wants every link inside refused, whatever its spelling, and the reason kept.
func checkForged(w *faultWorld, c *crawlertest.Scenario) {
	whole(w, c)
	for i, u := range w.site.TrapSpellings() {
		path := "/a/leads-inside-" + itoa(i) + ".html"
		f := w.fate(c.Host.URL(path))
		if f.state != "denied" && f.state != "failed" && f.state != "rejected" || f.reason == "" {
			w.Errorf("redirect to %q ended as %s %q (%s), want it refused for a reason", u, f.state, f.reason, f.detail)
		}
	}
	for _, r := range w.rows(`SELECT url, state, reason, detail FROM frontier WHERE source = ? AND url NOT LIKE ?`, c.ID, c.Host.URL("/a/%")) {
		if r[1] != "denied" {
			w.Errorf("%s ended as %s %q (%s), want denied", r[0], r[1], r[2], r[3])
		}
	}
}

// TestSlowHost gives requests two seconds: what takes longer is queued again, what is merely late is stored, and another
// host is not held up.
func TestSlowHost(t *testing.T) {
	w := newFaultWorld(t)
	w.fetch.Timeout = 2 * time.Second
	slow := w.add(crawlertest.Slow(w.site, 500*time.Millisecond))
	quick := w.add(crawlertest.Ordinary(w.site, "quick", 5))
	w.crawl()
	whole(w, slow)
	whole(w, quick)
	w.ended(slow, "/a/hang.html", "queued", "timeout")
	w.ended(slow, "/a/dribble.html", "queued", "timeout")
	last := func(h *crawlertest.Host) time.Time {
		all := w.asked(h, "*")
		return all[len(all)-1].Start
	}
	if !last(quick.Host).Before(last(slow.Host)) {
		t.Error("the quick host was done after the slow one")
	}
	w.sound()
	w.polite()
}

// TestGuardFullyOn crawls with no address allowed: not one request may reach a host of this machine.
func TestGuardFullyOn(t *testing.T) {
	w := newFaultWorld(t)
	w.fetch = crawlertest.Fetch{MinGap: time.Second, Timeout: 2 * time.Second, Guarded: true}
	w.add(crawlertest.ForgedAddresses(w.site))
	w.add(crawlertest.SitemapElsewhere(w.site))
	w.crawl()
	for _, r := range w.site.Requests() {
		t.Errorf("asked %s%s", r.Host, r.Path)
	}
	for _, c := range w.scenarios {
		for _, u := range append(c.Feeds, c.Sitemaps...) {
			w.polled(u, "address.*|private.*|guard.*")
		}
		if got := w.one(`SELECT sum(denied) FROM v_coverage WHERE source = ?`, c.ID); got == "0" || got == "" {
			t.Errorf("%s: coverage counts %q denied", c.ID, got)
		}
	}
	w.sound()
}
