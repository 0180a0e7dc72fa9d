// Package crawler collects public articles from the sources of a sources file.
//
// Feeds and sitemaps are polled when they are due; what they name goes into a
// frontier of URLs; each page is fetched politely, its article is extracted, and
// the outcome of every attempt, good or bad, is handed to an [Archive] in one
// step. The archive is the only state: a crawl that dies loses what was in
// flight and nothing else, and the next one goes on where it stopped.
//
// One worker serves one lane, which is a host and port, so a host is never asked
// twice at a time and a slow one holds up nobody else. How a request is made is
// the business of package polite; reading is that of feed, sitemap and article.
package crawler

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"runtime"
	"slices"
	"strings"
	"time"

	"framewatch/crawler/polite"
	"framewatch/crawler/urlnorm"
)

// Config is what a crawl needs beside its sources and its archive. The zero
// value of a field is its default.
type Config struct {
	Version   string             // of the program, for the User-Agent
	Transport http.RoundTripper  // default: a polite.Transport made from the sources' fetch rules
	Robots    polite.RobotsCache // where robots.txt files are kept; default: in memory
	Pauses    polite.Pauses      // where the pauses that hosts ask for are kept; default: in memory
	Log       *slog.Logger       // default: discards
	Now       func() time.Time   // default: time.Now
	Progress  func(Progress)     // called after every attempt, never concurrently; may be nil
	Force     bool               // poll feeds and sitemaps that are not due yet
	MaxPages  int                // pages tried per source and run, the rest stays queued; default 2,000
	Only      []string           // ids of the sources to crawl; default: all
}

// defaultMaxPages is the share of a run that one source may take.
const defaultMaxPages = 2000

// Progress is the state of a running crawl.
type Progress struct {
	Done   int    // pages dealt with in this run
	Queued int    // pages known to be waiting
	Source string // of the last attempt
	URL    string // of the last attempt
	State  string // how it ended
}

// Summary counts what a run did.
type Summary struct {
	Sources       int       `json:"sources"`        // in this run
	SourcesFailed int       `json:"sources_failed"` // of them, those with a feed or sitemap that could not be read
	Polled        int       `json:"polled"`         // feeds and sitemaps asked
	Queued        int       `json:"queued"`         // pages newly queued
	Attempted     int       `json:"attempted"`      // pages tried
	Fetched       int       `json:"fetched"`        // pages that came, unchanged ones included
	New           int       `json:"new"`            // articles saved for the first time
	Changed       int       `json:"changed"`        // articles whose text changed
	Relevant      int       `json:"relevant"`       // of the new and changed ones, those on topic
	Skipped       int       `json:"skipped"`        // pages that hold no article
	Denied        int       `json:"denied"`         // pages that robots.txt, the address guard or an opt-out forbids
	Failed        int       `json:"failed"`         // pages given up
	Pending       int       `json:"pending"`        // pages still queued
	Problems      []Problem `json:"problems"`
}

// Problem is one failure worth a line in the summary.
type Problem struct {
	Source string `json:"source"`
	URL    string `json:"url"`
	Reason string `json:"reason"` // class, as in Outcome.Reason
	Detail string `json:"detail"`
}

// Crawler crawls the sources of one file into one archive.
type Crawler struct {
	sources  []Source
	fetch    Fetch
	archive  Archive
	conf     Config
	collect  *collector
	log      *slog.Logger
	now      func() time.Time
	maxPages int
}

// New returns a crawler for the sources that c selects. It refuses ids that are
// not in the file, and a live crawl without fetch.contact.
func New(s *Sources, a Archive, c Config) (*Crawler, error) {
	chosen, err := choose(s.List, c.Only)
	if err != nil {
		return nil, err
	}
	if s.Fetch.Contact == "" && c.Transport == nil && live(s.Fetch, chosen) {
		return nil, errNoContact
	}
	collect, err := newCollector(s.Fetch, c)
	if err != nil {
		return nil, err
	}
	cr := &Crawler{sources: chosen, fetch: s.Fetch, archive: a, conf: c, collect: collect, log: c.Log, now: c.Now, maxPages: cmp.Or(c.MaxPages, defaultMaxPages)}
	if cr.log == nil {
		cr.log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	if cr.now == nil {
		cr.now = time.Now
	}
	return cr, nil
}

// Ready says whether the sources named by only, all if it is empty, can be crawled: that they are in the file, and that
// a live crawl has a contact. A caller may ask before it opens anything; [New] asks again.
func (s *Sources) Ready(only []string) error {
	chosen, err := choose(s.List, only)
	if err != nil {
		return err
	}
	if s.Fetch.Contact == "" && live(s.Fetch, chosen) {
		return errNoContact
	}
	return nil
}

var errNoContact = errors.New("fetch.contact is empty: a webmaster must be able to reach you; \"framewatch init\" writes a sources.yaml, set it there to a mail address or web page and pass the file with --sources")

func choose(all []Source, only []string) ([]Source, error) {
	if len(only) == 0 {
		return all, nil
	}
	var out []Source
	for _, id := range only {
		i := slices.IndexFunc(all, func(s Source) bool { return s.ID == strings.TrimSpace(id) })
		if i < 0 {
			return nil, fmt.Errorf("no source has the id %q; \"framewatch sources list\" shows them", id)
		}
		out = append(out, all[i])
	}
	return out, nil
}

// live reports whether a crawl reaches beyond the listed addresses.
func live(f Fetch, sources []Source) bool {
	for _, s := range sources {
		listed := slices.Concat(s.Feeds, s.Sitemaps)
		if len(listed) == 0 && s.Homepage != "" {
			listed = []string{s.Homepage}
		}
		for _, u := range listed {
			a, err := netip.ParseAddr(strings.Trim(urlnorm.Host(canonicalOr(u)), "[]"))
			if err != nil || !slices.ContainsFunc(f.AllowAddresses, func(p netip.Prefix) bool { return p.Contains(a.Unmap()) }) {
				return true
			}
		}
	}
	return false
}

func newCollector(f Fetch, c Config) (*collector, error) {
	if c.Transport != nil {
		return &collector{transport: c.Transport}, nil
	}
	t, err := polite.New(polite.Config{
		UserAgent: userAgent(c.Version, f.Contact), MinGap: f.MinGap, MaxBody: f.MaxBody, Timeout: f.Timeout,
		AllowAddresses: f.AllowAddresses, AllowPorts: f.AllowPorts, Robots: c.Robots, Pauses: c.Pauses, Log: c.Log, Now: c.Now,
	})
	if err != nil {
		return nil, fmt.Errorf("prepare to fetch: %w", err)
	}
	return &collector{transport: t}, nil
}

// userAgent begins with the product token that robots.txt files can name.
func userAgent(version, contact string) string {
	clean := func(r rune) rune {
		if r > ' ' && r <= '~' && r != '(' && r != ')' {
			return r
		}
		return -1
	}
	ua := "framewatch/" + cmp.Or(strings.Map(clean, version), "0")
	if contact = strings.Map(clean, contact); contact != "" {
		if !strings.Contains(contact, ":") {
			contact = "mailto:" + contact
		}
		ua += " (+" + contact + ")"
	}
	return ua
}

// Run polls, fetches and records until nothing that is due is left or ctx ends,
// and returns what was done. What failed is in the summary; the error is for a
// run that could not go on, or was stopped, in which case it wraps ctx's.
func (c *Crawler) Run(ctx context.Context, command string) (Summary, error) {
	id, err := c.archive.BeginRun(ctx, command, c.sources, c.now())
	if err != nil {
		return Summary{}, err
	}
	r := &run{
		Crawler: c, log: c.log, reading: make(chan struct{}, runtime.GOMAXPROCS(0)), wake: make(chan struct{}, 1),
		failed: map[string]bool{}, tried: map[string]int{}, down: map[string]bool{},
	}
	ids := make([]string, len(c.sources))
	for i, s := range c.sources {
		ids[i] = s.ID
	}
	if r.summary.Pending, err = c.archive.Pending(ctx, ids); err == nil {
		err = r.crawl(ctx)
	}
	s, status := r.end(ctx, err)
	after, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTime)
	defer cancel()
	if n, perr := c.archive.Pending(after, ids); perr == nil {
		s.Pending = n
	}
	if eerr := c.archive.EndRun(after, id, status, s, c.now()); err == nil {
		err = eerr
	}
	if ctx.Err() != nil {
		return s, fmt.Errorf("the crawl was stopped; what was not fetched stays queued: %w", context.Cause(ctx))
	}
	return s, err
}

// endTime bounds the last writes of a run.
const endTime = 5 * time.Second

// source returns a source by its id; jobs of others are not leased.
func (c *Crawler) source(id string) Source {
	i := slices.IndexFunc(c.sources, func(s Source) bool { return s.ID == id })
	if i < 0 {
		return Source{}
	}
	return c.sources[i]
}

// covers reports whether a source's articles may lie at a canonical URL.
func (c *Crawler) covers(id, url string) bool {
	s := c.source(id)
	return len(s.Domains) == 0 || urlnorm.InDomain(url, s.Domains)
}
