package crawler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"framewatch/crawler/polite"
	"framewatch/crawler/urlnorm"
)

const (
	// maxLanes is how many hosts are asked at a time.
	maxLanes = 64
	// leaseTime is how long jobs are handed out for. A worker that died frees
	// them no later; a living one stops in time.
	leaseTime = 30 * time.Minute
	// batch is how many jobs a worker leases at once.
	batch = 8
	// maxDown is how many requests in a row may fail to reach a host before the
	// rest of its jobs are left for another run.
	maxDown = 5
	// maxProblems bounds the summary's list.
	maxProblems = 1000
)

// run is one crawl under way.
type run struct {
	*Crawler
	log     *slog.Logger
	reading chan struct{} // holds an element for each document being parsed
	wake    chan struct{} // holds an element when something was queued

	reserving reservations

	mu      sync.Mutex
	summary Summary
	failed  map[string]bool // sources with a feed or sitemap that could not be read
	tried   map[string]int  // pages tried, by source
	down    map[string]bool // lanes that are left alone for the rest of the run
	done    int
}

// crawl polls and fetches until nothing that is due is left.
func (r *run) crawl(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	polled := make(chan struct{})
	g.Go(func() error {
		defer close(polled)
		return r.pollAll(ctx)
	})
	g.Go(func() error { return r.fetchAll(ctx, polled) })
	return g.Wait()
}

// pollAll polls what the sources list: one after another where one host has
// several, side by side elsewhere.
func (r *run) pollAll(ctx context.Context) error {
	lanes := map[string][]*poller{}
	var order []string
	for _, s := range r.sources {
		for _, p := range r.listed(s) {
			lane := urlnorm.Lane(canonicalOr(p.url))
			if lanes[lane] == nil {
				order = append(order, lane)
			}
			lanes[lane] = append(lanes[lane], p)
		}
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(maxLanes)
	for _, lane := range order {
		g.Go(func() error {
			for _, p := range lanes[lane] {
				if ctx.Err() != nil {
					return ctx.Err()
				}
				if err := p.guarded(ctx); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return g.Wait()
}

// listed returns what is to be polled for a source.
func (r *run) listed(s Source) []*poller {
	var out []*poller
	for _, u := range s.Feeds {
		out = append(out, &poller{run: r, source: s, url: u, kind: "feed"})
	}
	for _, u := range s.Sitemaps {
		out = append(out, &poller{run: r, source: s, url: u, kind: "sitemap"})
	}
	if len(out) == 0 && s.Homepage != "" {
		out = append(out, &poller{run: r, source: s, url: canonicalOr(s.Homepage), kind: "robots"})
	}
	return out
}

// guarded polls; a panic costs this feed alone.
func (p *poller) guarded(ctx context.Context) (err error) {
	defer func() {
		if x := recover(); x != nil {
			p.log.Error("panic while reading a feed", "url", p.url, "panic", x)
			state, _ := p.archive.Poll(ctx, p.source.ID, p.url)
			err = p.failed(ctx, state, verdict{reason: "panic", detail: fmt.Sprint(x), weight: 1})
		}
	}()
	return p.poll(ctx)
}

// wakeUp has fetchAll look for lanes with due jobs.
func (r *run) wakeUp() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// fetchAll keeps a worker on every lane with due jobs until the polls are over
// and no lane has any.
func (r *run) fetchAll(ctx context.Context, polled <-chan struct{}) error {
	workers, within := errgroup.WithContext(ctx)
	busy := map[string]bool{}
	idle := make(chan string, maxLanes)
	over := false
	for within.Err() == nil {
		lanes, err := r.archive.Lanes(within, r.open(), r.now())
		if err != nil {
			return errors.Join(err, workers.Wait())
		}
		for _, lane := range lanes {
			if busy[lane] || len(busy) == maxLanes || r.isDown(lane) {
				continue
			}
			busy[lane] = true
			workers.Go(func() error {
				defer func() { idle <- lane }()
				return r.lane(within, lane)
			})
		}
		if over && len(busy) == 0 {
			break
		}
		select {
		case lane := <-idle:
			delete(busy, lane)
		case <-polled:
			over, polled = true, nil
		case <-r.wake:
		case <-within.Done():
		}
	}
	if err := workers.Wait(); err != nil {
		return err
	}
	return ctx.Err()
}

// lane works off the due jobs of one host, one at a time.
func (r *run) lane(ctx context.Context, lane string) error {
	failing := 0
	for ctx.Err() == nil && !r.isDown(lane) {
		until := r.now().Add(leaseTime)
		jobs, err := r.archive.Lease(ctx, lane, r.open(), r.now(), until, batch)
		if err != nil || len(jobs) == 0 {
			return err
		}
		for i, job := range jobs {
			// The transport may wait for minutes; what it would not reach in time
			// is left to become due again.
			late := r.now().After(until.Add(-leaseTime / 2))
			if ctx.Err() != nil || late || r.isDown(lane) || !r.admit(job.Source) {
				if err := r.release(ctx, jobs[i:]); err != nil {
					return err
				}
				break
			}
			reached, err := r.handle(ctx, job)
			if err != nil {
				return errors.Join(err, r.release(ctx, jobs[i+1:]))
			}
			if failing++; reached {
				failing = 0
			}
			if failing == maxDown {
				r.leaveAlone(lane)
			}
		}
	}
	return ctx.Err()
}

func (r *run) release(ctx context.Context, jobs []Job) error {
	if len(jobs) == 0 {
		return nil
	}
	return r.archive.Release(context.WithoutCancel(ctx), jobs)
}

// handle tries one job and records the outcome. It reports whether the host
// could be reached; the error is one that the crawl cannot go on with.
func (r *run) handle(ctx context.Context, job Job) (reached bool, err error) {
	o, cause := r.attempt(ctx, job)
	if cause != nil {
		if ctx.Err() != nil {
			return true, r.release(ctx, []Job{job})
		}
		if fatal := broken(cause); fatal != nil {
			return true, errors.Join(fatal, r.release(ctx, []Job{job}))
		}
	}
	saved, err := r.archive.Finish(context.WithoutCancel(ctx), o)
	if err != nil {
		return true, fmt.Errorf("record %s: %w", job.URL, err)
	}
	r.record(o, saved)
	return !unreached(cause), nil
}

// broken returns the error if it is our own machine's, not the server's.
func broken(err error) error {
	var e *polite.Error
	if errors.As(err, &e) && e.Class == polite.Internal {
		return e
	}
	return nil
}

// unreached reports whether a request failed before the server could answer it,
// so that the next one to the host would fail likewise.
func unreached(err error) bool {
	var e *polite.Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Class {
	case polite.RobotsUnreachable, polite.Timeout, polite.DNSTemporary, polite.DNSUnknown, polite.TLSFailed, polite.Refused, polite.Unreachable:
		return true
	}
	return false
}

// record counts an outcome and tells about it.
func (r *run) record(o Outcome, saved Saved) {
	level := slog.LevelInfo
	if o.State == Failed || o.State == Retry {
		level = slog.LevelWarn
	}
	r.log.Log(context.Background(), level, "page", "source", o.Job.Source, "url", o.Job.URL, "state", string(o.State), "reason", o.Reason, "err", o.Detail)
	r.mu.Lock()
	defer r.mu.Unlock()
	s := &r.summary
	r.done++
	if o.State != Retry || o.Reason != string(polite.Parked) {
		s.Attempted++
	}
	if o.State != Retry {
		s.Pending--
	}
	switch o.State {
	case Stored:
		s.Fetched++
		if saved.New {
			s.New++
		}
		if saved.Changed {
			s.Changed++
		}
		if saved.Relevant && (saved.New || saved.Changed) {
			s.Relevant++
		}
	case NotModified:
		s.Fetched++
	case Rejected:
		s.Fetched++
		s.Skipped++
	case Denied:
		s.Denied++
	case Failed:
		s.Failed++
		r.problem(Problem{Source: o.Job.Source, URL: o.Job.URL, Reason: o.Reason, Detail: o.Detail})
	}
	if r.conf.Progress != nil {
		r.conf.Progress(Progress{Done: r.done, Queued: max(s.Pending, 0), Source: o.Job.Source, URL: o.Job.URL, State: string(o.State)})
	}
}

// problem adds to the summary's list. The caller holds the lock.
func (r *run) problem(p Problem) {
	if len(r.summary.Problems) < maxProblems {
		r.summary.Problems = append(r.summary.Problems, p)
	}
}

func (r *run) sourceFailed(id string, p Problem) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failed[id] = true
	r.problem(p)
}

func (r *run) count(f func(*Summary)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	before := r.summary.Queued
	f(&r.summary)
	r.summary.Pending += r.summary.Queued - before
}

// open names the sources that may still be fetched from in this run.
func (r *run) open() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var ids []string
	for _, s := range r.sources {
		if r.tried[s.ID] < r.maxPages {
			ids = append(ids, s.ID)
		}
	}
	return ids
}

// admit counts a page against its source's share of the run, if there is room.
func (r *run) admit(source string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.tried[source] >= r.maxPages {
		return false
	}
	r.tried[source]++
	return true
}

func (r *run) isDown(lane string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.down[lane]
}

func (r *run) leaveAlone(lane string) {
	r.log.Warn("host cannot be reached; the rest of its pages is left for another run", "lane", lane)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.down[lane] = true
}

// end gives the summary of the run and its status.
func (r *run) end(ctx context.Context, err error) (Summary, string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.summary
	s.Sources, s.SourcesFailed = len(r.sources), len(r.failed)
	slices.SortStableFunc(s.Problems, func(a, b Problem) int { return slices.Compare([]string{a.Source, a.URL}, []string{b.Source, b.URL}) })
	switch {
	case ctx.Err() != nil:
		return s, "stopped"
	case err != nil:
		return s, "failed"
	case s.SourcesFailed > 0 || s.Failed > 0:
		return s, "partial"
	}
	return s, "done"
}
