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
	"strings"
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
	Entries int      `json:"entries"`            // pages named, or sitemaps by an index
	Sample  []string `json:"sample,omitempty"`   // titles or URLs of the first few
	Note    string   `json:"note,omitempty"`     // what was wrong but did not spoil it
	Problem string   `json:"problem,omitempty"`  // why it cannot be read
	Via     string   `json:"via,omitempty"`      // how it was found: "given", "page", "robots.txt" or "guess"
	Taken   bool     `json:"taken,omitempty"`    // by Discover, for the source that it makes
	LeftOut string   `json:"left_out,omitempty"` // why Discover has not taken it

	urls     []string       // of the first entries
	hosts    map[string]int // entries by host and port
	language string         // as the feed says
	news     bool           // a sitemap of fresh articles
}

const (
	// maxProbes is how many announced feeds and sitemaps are looked at.
	maxProbes = 12
	// sampleSize is how many entries are shown of each.
	sampleSize = 3
	// compared is how many entries must agree for two feeds to be one.
	compared = 20
)

// guesses are paths under which sites serve feeds and sitemaps that they do not
// announce, the likeliest first.
func guesses() (feeds, sitemaps []string) {
	return []string{"/feed/", "/rss.xml", "/feed.xml", "/rss", "/atom.xml", "/index.xml"},
		[]string{"/news-sitemap.xml", "/sitemap.xml", "/sitemap_index.xml"}
}

// Probe looks at one source, by its id, or at any URL, as a crawl would, and
// tells what can be read there. Of a page it follows the feeds and sitemaps that
// it and the site's robots.txt announce and, if these give nothing, tries where
// sites usually keep them. Nothing is stored.
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
		p.look(ctx, u, "given")
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

// look fetches a URL and tells what it is. What a page announces is looked at too,
// if the page was given.
func (p *prober) look(ctx context.Context, u, via string) {
	u = canonicalOr(u)
	if p.seen[u] || via != "guess" && len(p.seen) > maxProbes || ctx.Err() != nil {
		return
	}
	p.seen[u] = true
	f := Found{Kind: "page", URL: u, Via: via}
	resp, err := p.collect.fetch(ctx, u, http.Header{"Accept": {acceptFeed}})
	switch {
	case err != nil:
		f.Problem = judge(err).detail
	case resp.status != http.StatusOK:
		f.Problem = judgeStatus(resp, p.now()).detail
	case p.read(&f, resp):
	case via == "given":
		p.page(ctx, f, resp)
		return
	}
	if f.Problem == "" || via != "guess" {
		p.add(f)
	}
}

// read tells what an answer holds. It is false for an HTML page.
func (p *prober) read(out *Found, resp *response) bool {
	f, ferr := feed.Parse(canonicalOr(resp.final), resp.header.Get("Content-Type"), resp.body)
	if ferr == nil {
		p.readFeed(out, f)
		return true
	}
	m, merr := sitemap.Read(canonicalOr(resp.final), p.source.Domains, bytes.NewReader(resp.body))
	var notMap *sitemap.NotSitemap
	if !errors.As(merr, &notMap) {
		readSitemap(out, m, merr)
		return true
	}
	out.Problem = ferr.Error()
	var notFeed *feed.NotFeed
	return !errors.As(ferr, &notFeed) || notFeed.Kind != "html"
}

func (p *prober) add(f Found) {
	p.log.Info("looked at", "url", f.URL, "kind", f.Kind, "n", f.Entries, "err", f.Problem)
	p.found = append(p.found, f)
}

func (p *prober) readFeed(out *Found, f feed.Feed) {
	out.Kind, out.Title, out.Note, out.language = "feed", f.Title, f.Degraded, f.Language
	outside := 0
	for _, e := range f.Entries {
		if len(p.source.Domains) > 0 && !urlnorm.InDomain(e.URL, p.source.Domains) {
			outside++
			continue
		}
		out.entry(e.URL, e.Title)
	}
	if outside > 0 {
		out.Note = joinNotes(out.Note, fmt.Sprintf("%d links outside the source's domains", outside))
	}
}

func readSitemap(out *Found, m sitemap.File, err error) {
	out.Kind = "sitemap"
	if m.Index {
		out.Kind = "index"
	}
	for _, e := range m.Entries {
		out.entry(e.URL, e.Title)
		out.news = out.news || !e.Published.IsZero()
	}
	if err != nil {
		out.Problem = err.Error()
	}
	if m.OffSite > 0 {
		out.Note = fmt.Sprintf("%d URLs on other sites are left out", m.OffSite)
	}
}

// entry counts an entry and keeps the first few.
func (f *Found) entry(url, title string) {
	f.Entries++
	if len(f.Sample) < sampleSize {
		f.Sample = append(f.Sample, cmp.Or(title, url))
	}
	if len(f.urls) < compared {
		f.urls = append(f.urls, url)
	}
	if f.Kind == "index" {
		return // its entries are sitemaps
	}
	if f.hosts == nil {
		f.hosts = map[string]int{}
	}
	f.hosts[authority(url)]++
}

// page looks at what a page and its site's robots.txt announce.
func (p *prober) page(ctx context.Context, f Found, resp *response) {
	before := len(p.found)
	for _, l := range feed.Discover(canonicalOr(resp.final), resp.body) {
		p.look(ctx, l.URL, "page")
	}
	maps, err := p.collect.sitemaps(ctx, resp.final)
	if err != nil {
		p.log.Warn("robots.txt cannot be read", "url", resp.final, "err", err)
	}
	for _, m := range maps {
		if at, err := urlnorm.Resolve(resp.final, m); err == nil {
			p.look(ctx, at, "robots.txt")
		}
	}
	if !p.readable(before) {
		p.guess(ctx, canonicalOr(resp.final))
	}
	if len(p.found) == before {
		f.Problem = "the page announces no feed or sitemap, neither does robots.txt, and there is none where sites usually keep them; give the address of one"
		p.add(f)
	}
}

// readable reports whether anything that can be read was found since.
func (p *prober) readable(since int) bool {
	return slices.ContainsFunc(p.found[since:], func(f Found) bool { return f.Problem == "" })
}

// guess tries where sites usually keep their feeds, and their sitemaps if there is
// no feed, until one is found.
func (p *prober) guess(ctx context.Context, page string) {
	before := len(p.found)
	feeds, sitemaps := guesses()
	for _, path := range slices.Concat(feeds, sitemaps) {
		if p.readable(before) {
			return
		}
		p.look(ctx, root(page)+strings.TrimPrefix(path, "/"), "guess")
	}
}
