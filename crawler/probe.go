package crawler

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"framewatch/crawler/feed"
	"framewatch/crawler/sitemap"
	"framewatch/crawler/urlnorm"
)

// Found is a feed, sitemap or page that [Probe] looked at.
type Found struct {
	Kind    string   `json:"kind"` // "feed", "sitemap", "index" or "page"
	URL     string   `json:"url"`
	Title   string   `json:"title,omitempty"`
	Entries int      `json:"entries"`           // pages named, or sitemaps by an index
	Sample  []string `json:"sample,omitempty"`  // titles or URLs of the first few
	Note    string   `json:"note,omitempty"`    // what was wrong but did not spoil it
	Problem string   `json:"problem,omitempty"` // why it cannot be read
}

const (
	// maxProbes is how many announced feeds and sitemaps are looked at.
	maxProbes = 12
	// sampleSize is how many entries are shown of each.
	sampleSize = 3
)

// Probe looks at one source, by its id, or at any URL, as a crawl would, and
// tells what can be read there. Of a page it follows the feeds and sitemaps that
// it and the site's robots.txt announce. Nothing is stored.
func Probe(ctx context.Context, s *Sources, target string, c Config) ([]Found, error) {
	src, start, err := probeTarget(s, target)
	if err != nil {
		return nil, err
	}
	if s.Fetch.Contact == "" && c.Transport == nil && live(s.Fetch, []Source{{Feeds: start}}) {
		return nil, errNoContact
	}
	collect, err := newCollector(s.Fetch, c)
	if err != nil {
		return nil, err
	}
	p := prober{collect: collect, source: src, seen: map[string]bool{}, now: c.Now, log: c.Log}
	if p.now == nil {
		p.now = time.Now
	}
	if p.log == nil {
		p.log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	for _, u := range start {
		p.look(ctx, u, true)
	}
	return p.found, ctx.Err()
}

// probeTarget tells where to begin: at what a source lists, at its homepage if it
// lists nothing, or at the URL.
func probeTarget(s *Sources, target string) (Source, []string, error) {
	i := slices.IndexFunc(s.List, func(src Source) bool { return src.ID == target })
	if i < 0 {
		u, err := urlnorm.Canonical(target)
		if err != nil {
			return Source{}, nil, fmt.Errorf("%q is neither a source's id nor a URL: %w", target, err)
		}
		return Source{}, []string{u}, nil
	}
	src := s.List[i]
	start := slices.Concat(src.Feeds, src.Sitemaps)
	if len(start) == 0 && src.Homepage != "" {
		start = []string{src.Homepage}
	}
	if len(start) == 0 {
		return src, nil, fmt.Errorf("source %s lists neither feeds nor a homepage", target)
	}
	return src, start, nil
}

type prober struct {
	collect *collector
	source  Source
	now     func() time.Time
	log     *slog.Logger
	seen    map[string]bool
	found   []Found
}

// look fetches a URL and tells what it is. If follow is set and it is a page, what
// it announces is looked at too.
func (p *prober) look(ctx context.Context, u string, follow bool) {
	u = canonicalOr(u)
	if p.seen[u] || len(p.seen) > maxProbes || ctx.Err() != nil {
		return
	}
	p.seen[u] = true
	resp, err := p.collect.fetch(ctx, u, http.Header{"Accept": {acceptFeed}})
	switch {
	case err != nil:
		p.add(Found{Kind: "page", URL: u, Problem: judge(err).detail})
		return
	case resp.status != http.StatusOK:
		p.add(Found{Kind: "page", URL: u, Problem: judgeStatus(resp, p.now()).detail})
		return
	}
	f, ferr := feed.Parse(canonicalOr(resp.final), resp.header.Get("Content-Type"), resp.body)
	if ferr == nil {
		p.addFeed(u, f)
		return
	}
	m, merr := sitemap.Read(canonicalOr(resp.final), p.source.Domains, bytes.NewReader(resp.body))
	var notMap *sitemap.NotSitemap
	if !errors.As(merr, &notMap) {
		p.addSitemap(u, m, merr)
		return
	}
	var notFeed *feed.NotFeed
	if errors.As(ferr, &notFeed) && notFeed.Kind == "html" {
		p.page(ctx, u, resp, follow)
		return
	}
	p.add(Found{Kind: "page", URL: u, Problem: ferr.Error()})
}

func (p *prober) add(f Found) {
	p.log.Info("looked at", "url", f.URL, "kind", f.Kind, "n", f.Entries, "err", f.Problem)
	p.found = append(p.found, f)
}

func (p *prober) addFeed(u string, f feed.Feed) {
	out := Found{Kind: "feed", URL: u, Title: f.Title, Note: f.Degraded}
	outside := 0
	for _, e := range f.Entries {
		if len(p.source.Domains) > 0 && !urlnorm.InDomain(e.URL, p.source.Domains) {
			outside++
			continue
		}
		out.Entries++
		if len(out.Sample) < sampleSize {
			out.Sample = append(out.Sample, cmp.Or(e.Title, e.URL))
		}
	}
	if outside > 0 {
		out.Note = joinNotes(out.Note, fmt.Sprintf("%d links outside the source's domains", outside))
	}
	p.add(out)
}

func (p *prober) addSitemap(u string, m sitemap.File, err error) {
	out := Found{Kind: "sitemap", URL: u, Entries: len(m.Entries)}
	if m.Index {
		out.Kind = "index"
	}
	for _, e := range m.Entries[:min(len(m.Entries), sampleSize)] {
		out.Sample = append(out.Sample, cmp.Or(e.Title, e.URL))
	}
	if err != nil {
		out.Problem = err.Error()
	}
	if m.OffSite > 0 {
		out.Note = fmt.Sprintf("%d URLs on other sites are left out", m.OffSite)
	}
	p.add(out)
}

// page looks at what a page and its site's robots.txt announce.
func (p *prober) page(ctx context.Context, u string, resp *response, follow bool) {
	if !follow {
		p.add(Found{Kind: "page", URL: u, Problem: "an HTML page came in place of a feed or sitemap"})
		return
	}
	before := len(p.found)
	for _, l := range feed.Discover(canonicalOr(resp.final), resp.body) {
		p.look(ctx, l.URL, false)
	}
	maps, err := p.collect.sitemaps(ctx, resp.final)
	if err != nil {
		p.log.Warn("robots.txt cannot be read", "url", resp.final, "err", err)
	}
	for _, m := range maps {
		if at, err := urlnorm.Resolve(resp.final, m); err == nil {
			p.look(ctx, at, false)
		}
	}
	if len(p.found) == before {
		p.add(Found{Kind: "page", URL: u, Problem: "the page announces no feed or sitemap, and neither does robots.txt"})
	}
}
