package crawler

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"framewatch/crawler/feed"
	"framewatch/crawler/polite"
	"framewatch/crawler/sitemap"
	"framewatch/crawler/urlnorm"
)

const (
	acceptFeed    = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.1"
	acceptSitemap = "application/xml, text/xml, text/plain;q=0.5, */*;q=0.1"
)

const (
	// maxLevel is how deeply sitemap indexes may nest: an index, its indexes,
	// and what these name.
	maxLevel = 3
	// maxMaps is how many sitemaps are asked for under one listed one in a run;
	// those asked for longest ago come first, so that none starves.
	maxMaps = 30
	// addSize is how many entries are queued in one transaction.
	addSize = 5000
)

// poller polls one listed feed or sitemap.
type poller struct {
	*run
	source Source
	url    string
	kind   string          // "feed", "sitemap" or "robots": the sitemaps that robots.txt names
	recent bool            // leave out what is old or of unknown age
	seen   map[string]bool // sitemaps met under this one
	asked  int             // sitemaps asked for
}

// poll polls what is listed and counts its source as failed if it cannot be read.
func (p *poller) poll(ctx context.Context) error {
	if p.kind == "robots" {
		return p.announced(ctx)
	}
	state, err := p.archive.Poll(ctx, p.source.ID, p.url)
	if err != nil || !p.due(state) {
		return err
	}
	if p.kind == "sitemap" {
		p.seen = map[string]bool{canonicalOr(p.url): true}
		return p.sitemap(ctx, state, 1)
	}
	return p.feed(ctx, state)
}

// recentAge is how old a page may be that a sitemap names which nobody has listed.
const recentAge = 30 * 24 * time.Hour

// announced polls the sitemaps that robots.txt names, for a source that lists
// nothing: the news sitemaps if there are such, else all, and of them only what is
// recent, since nobody has asked for a whole archive.
func (p *poller) announced(ctx context.Context) error {
	maps, err := p.collect.sitemaps(ctx, p.url)
	if err != nil {
		if fatal := broken(err); fatal != nil || ctx.Err() != nil {
			return cmp.Or(ctx.Err(), fatal)
		}
		p.log.Warn("robots.txt cannot be read for its sitemaps", "source", p.source.ID, "err", err)
		return nil
	}
	if news := slices.DeleteFunc(slices.Clone(maps), func(u string) bool { return !strings.Contains(strings.ToLower(u), "news") }); len(news) > 0 {
		maps = news
	}
	if len(maps) == 0 {
		p.log.Warn("the source lists no feed or sitemap and its robots.txt names none", "source", p.source.ID)
	}
	p.kind, p.recent, p.seen = "sitemap", true, map[string]bool{}
	for _, m := range maps {
		u, err := urlnorm.Resolve(p.url, m)
		if err != nil || !urlnorm.SameSite(u, p.url) && !p.covers(p.source.ID, u) || p.seen[u] || p.asked > maxMaps {
			continue
		}
		p.seen[u] = true
		state, err := p.archive.Poll(ctx, p.source.ID, u)
		if err != nil {
			return err
		}
		if !p.due(state) {
			continue
		}
		if err := p.sitemap(ctx, state, 1); err != nil {
			return err
		}
	}
	return nil
}

// old reports whether an entry is older than a source that lists nothing wants.
func (p *poller) old(e Entry) bool {
	latest := e.Published
	if e.Updated.After(latest) {
		latest = e.Updated
	}
	return p.recent && latest.Before(p.now().Add(-recentAge))
}

// due reports whether it is time to poll. A time of the last poll that lies in
// the future comes from a clock that was wrong, and so does the next. What a host
// has refused for a time is not forced on it.
func (p *poller) due(state Poll) bool {
	now := p.now()
	if !now.Before(state.Next) || state.Last.After(now) {
		return true
	}
	switch state.Reason {
	case "http_429", "http_503", string(polite.Parked):
		return false
	}
	return p.conf.Force
}

// result is what a poll brought.
type result struct {
	entries []Entry
	added   int    // became due already
	items   int    // named, whether or not they can be used
	note    string // what was wrong but did not spoil the poll
	dropped int    // entries outside the source's domains
}

// feed polls a feed.
func (p *poller) feed(ctx context.Context, state Poll) error {
	resp, err := p.request(ctx, &state, acceptFeed)
	if resp == nil || err != nil {
		return err
	}
	f, perr := p.parseFeed(resp)
	var res result
	for _, e := range f.Entries {
		p.take(&res, Entry{URL: e.URL, Found: e.Found, GUID: e.GUID, Title: e.Title, Published: e.Published, Updated: e.Updated})
	}
	res.items, res.note = len(f.Entries), f.Degraded
	if perr != nil {
		return p.failed(ctx, state, verdict{reason: "not_a_feed", detail: perr.Error(), weight: 1})
	}
	settleUpdates(len(res.entries), func(i int) *time.Time { return &res.entries[i].Updated })
	if f.Cut || f.Degraded != "" && len(f.Entries) == 0 {
		if _, err := p.queue(ctx, res.entries); err != nil {
			return err
		}
		return p.failed(ctx, state, verdict{reason: "damaged", detail: f.Degraded, weight: 0.5})
	}
	return p.succeeded(ctx, state, resp, res)
}

func (p *poller) parseFeed(resp *response) (feed.Feed, error) {
	p.reading <- struct{}{}
	defer func() { <-p.reading }()
	return feed.Parse(canonicalOr(resp.final), resp.header.Get("Content-Type"), resp.body)
}

// sitemap polls a sitemap and, if it is an index, those that it names.
func (p *poller) sitemap(ctx context.Context, state Poll, level int) error {
	p.asked++
	resp, err := p.request(ctx, &state, acceptSitemap)
	if resp == nil || err != nil {
		return err
	}
	m, perr := p.parseSitemap(resp)
	if perr != nil {
		v := verdict{reason: "not_a_sitemap", detail: perr.Error(), weight: 1}
		switch {
		case errors.Is(perr, sitemap.ErrTooLarge):
			v.reason = string(polite.TooLarge)
		case errors.Is(perr, sitemap.ErrCut), errors.Is(perr, sitemap.ErrBroken):
			v.reason, v.weight = "damaged", 0.5
		}
		if !m.Index {
			if _, err := p.pages(ctx, m); err != nil {
				return err
			}
		}
		if err := p.failed(ctx, state, v); err != nil || !m.Index {
			return err
		}
		return p.children(ctx, m, level)
	}
	if !m.Index {
		res, err := p.pages(ctx, m)
		if err != nil {
			return err
		}
		return p.succeeded(ctx, state, resp, res)
	}
	if err := p.succeeded(ctx, state, resp, result{items: len(m.Entries), dropped: m.OffSite}); err != nil {
		return err
	}
	return p.children(ctx, m, level)
}

func (p *poller) parseSitemap(resp *response) (sitemap.File, error) {
	p.reading <- struct{}{}
	defer func() { <-p.reading }()
	return sitemap.Read(canonicalOr(resp.final), p.source.Domains, bytes.NewReader(resp.body))
}

// pages queues what a sitemap's rows name, a part at a time: they may be many, and
// each is small in the sitemap and larger in the queue.
func (p *poller) pages(ctx context.Context, m sitemap.File) (result, error) {
	settleUpdates(len(m.Entries), func(i int) *time.Time { return &m.Entries[i].LastMod })
	res := result{items: len(m.Entries), dropped: m.OffSite}
	for part := range slices.Chunk(m.Entries, addSize) {
		for _, e := range part {
			p.take(&res, Entry{URL: e.URL, Found: e.Found, Title: e.Title, Published: e.Published, Updated: e.LastMod})
		}
		n, err := p.queue(ctx, res.entries)
		if err != nil {
			return res, err
		}
		res.added, res.entries = res.added+n, res.entries[:0]
	}
	if m.More {
		res.note = fmt.Sprintf("more than %d rows; the rest is not read", sitemap.MaxEntries)
	}
	return res, nil
}

// children polls the sitemaps that an index names, as far as they are due and
// may have changed.
func (p *poller) children(ctx context.Context, m sitemap.File, level int) error {
	if level >= maxLevel {
		p.log.Info("sitemaps nested too deeply are left alone", "url", p.url, "n", len(m.Entries))
		return nil
	}
	type child struct {
		state Poll
		mod   time.Time
	}
	var due []child
	for _, e := range m.Entries {
		if p.seen[e.URL] {
			continue
		}
		p.seen[e.URL] = true
		state, err := p.archive.Poll(ctx, p.source.ID, e.URL)
		if err != nil {
			return err
		}
		unchanged := !e.LastMod.IsZero() && !state.Last.IsZero() && e.LastMod.Before(state.Last) && state.Reason == ""
		if p.due(state) && (!unchanged || p.conf.Force) {
			due = append(due, child{state, e.LastMod})
		}
	}
	// What was never read goes before what was read long ago, newest first.
	slices.SortStableFunc(due, func(a, b child) int {
		return cmp.Or(a.state.Last.Compare(b.state.Last), b.mod.Compare(a.mod))
	})
	for _, c := range due {
		if p.asked > maxMaps || ctx.Err() != nil {
			return ctx.Err()
		}
		if err := p.sitemap(ctx, c.state, level+1); err != nil {
			return err
		}
	}
	return nil
}

// request asks for the feed or sitemap of a state. It returns nil when there is
// nothing to parse: the poll has failed, or nothing has changed; state is saved then.
func (p *poller) request(ctx context.Context, state *Poll, accept string) (*response, error) {
	state.Kind = p.kind
	header := state.conditional()
	sent := len(header) > 0
	header.Set("Accept", accept)
	resp, err := p.collect.fetch(ctx, state.URL, header)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if fatal := broken(err); fatal != nil {
			return nil, fatal
		}
		return nil, p.failed(ctx, *state, judge(err))
	}
	switch sum := sha256.Sum256(resp.body); {
	case resp.status == http.StatusNotModified && sent:
		return nil, p.unchanged(ctx, *state)
	case resp.status != http.StatusOK && resp.status != http.StatusNonAuthoritativeInfo:
		return nil, p.failed(ctx, *state, judgeStatus(resp, p.now()))
	case state.BodyHash == hex.EncodeToString(sum[:]) && p.kind == "feed":
		state.ETag, state.LastModified = resp.header.Get("ETag"), resp.header.Get("Last-Modified")
		return nil, p.unchanged(ctx, *state)
	}
	return resp, nil
}

// unchanged records a poll that found what the last one found.
func (p *poller) unchanged(ctx context.Context, state Poll) error {
	state.succeed(p.now(), state.Items, 0)
	return p.save(ctx, state)
}

// succeeded queues what a poll brought and records it, in this order: what is
// recorded as read must not be lost.
func (p *poller) succeeded(ctx context.Context, state Poll, resp *response, res result) error {
	added, err := p.queue(ctx, res.entries)
	if err != nil {
		return err
	}
	added += res.added
	sum := sha256.Sum256(resp.body)
	state.ETag, state.LastModified, state.BodyHash = resp.header.Get("ETag"), resp.header.Get("Last-Modified"), hex.EncodeToString(sum[:])
	state.succeed(p.now(), res.items, added)
	state.Detail = res.note
	if res.dropped > 0 {
		state.Detail = joinNotes(res.note, fmt.Sprintf("%d links outside the source's domains", res.dropped))
	}
	p.log.Info("polled", "source", p.source.ID, "url", state.URL, "items", res.items, "n", added, "note", state.Detail)
	return p.save(ctx, state)
}

func joinNotes(a, b string) string {
	if a == "" {
		return b
	}
	return a + "; " + b
}

// failed records a poll that failed.
func (p *poller) failed(ctx context.Context, state Poll, v verdict) error {
	if v.until.IsZero() {
		state.fail(p.now(), v)
	} else {
		state.putOff(v)
	}
	p.log.Warn("poll failed", "source", p.source.ID, "url", state.URL, "reason", v.reason, "err", v.detail)
	p.sourceFailed(p.source.ID, Problem{Source: p.source.ID, URL: state.URL, Reason: v.reason, Detail: v.detail})
	return p.save(ctx, state)
}

func (p *poller) save(ctx context.Context, state Poll) error {
	p.count(func(s *Summary) { s.Polled++ })
	// A poll that was made is recorded even if the crawl is being stopped.
	return p.archive.SavePoll(context.WithoutCancel(ctx), state)
}

// take adds an entry of the poll's source if it lies where the source's articles do.
func (p *poller) take(res *result, e Entry) {
	if !p.covers(p.source.ID, e.URL) {
		res.dropped++
		return
	}
	if p.old(e) {
		return
	}
	e.Source, e.Lane, e.Via = p.source.ID, urlnorm.Lane(e.URL), p.url
	res.entries = append(res.entries, e)
}

// queue adds entries to the frontier and returns how many became due.
func (p *poller) queue(ctx context.Context, entries []Entry) (int, error) {
	total := 0
	for part := range slices.Chunk(entries, addSize) {
		n, err := p.archive.Add(context.WithoutCancel(ctx), part, p.now())
		if err != nil {
			return total, err
		}
		total += n
	}
	p.count(func(s *Summary) { s.Queued += total })
	if total > 0 {
		p.wakeUp()
	}
	return total, nil
}

// settleUpdates clears the times of the last change when most of a longer list
// share one: that is when the list was made, and would have every page fetched
// again at every poll.
func settleUpdates(n int, updated func(i int) *time.Time) {
	const least = 10
	if n < least {
		return
	}
	times := map[int64]int{}
	for i := range n {
		if t := updated(i); !t.IsZero() {
			times[t.Unix()]++
		}
	}
	for i := range n {
		if t := updated(i); !t.IsZero() && 2*times[t.Unix()] >= n {
			*t = time.Time{}
		}
	}
}
