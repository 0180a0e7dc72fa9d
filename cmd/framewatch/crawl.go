package main

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime/debug"

	"framewatch/crawler"
	"framewatch/store"
)

func crawlCommand() command {
	return command{
		name: "crawl", args: "[flags]", short: "collect new articles from the sources", run: runCrawl,
		help: `Polls the feeds and sitemaps that are due, queues what is new, fetches each page politely (robots.txt obeyed, one
connection per host, a gap between requests), extracts the article and saves it. What was not finished stays
queued for the next run. A live crawl needs fetch.contact in the sources file ("framewatch init" writes one).

Examples:
framewatch crawl --sources sources.yaml
framewatch crawl --sources sources.yaml --only calloway --force
framewatch crawl --sources sources.yaml --json
`}
}

// crawlOptions are the flags that crawl and update share.
type crawlOptions struct {
	sources, only *string
	force         *bool
	maxPages      *int
}

func (f *flags) crawl() crawlOptions {
	return crawlOptions{
		sources:  f.sources(),
		only:     f.String("only", "", "crawl only these source `ids`, separated by commas"),
		force:    f.Bool("force", false, "poll feeds and sitemaps that are not due yet"),
		maxPages: f.Int("max-pages", 0, "at most `n` pages per source in this run; the rest stays queued (0: no limit but the built-in one)"),
	}
}

// load reads the sources and says early if they cannot be crawled, before a database is made.
func (o crawlOptions) load() (*crawler.Sources, error) {
	srcs, err := loadSources(*o.sources)
	if err != nil {
		return nil, err
	}
	return srcs, srcs.Ready(list(*o.only))
}

func runCrawl(ctx context.Context, e *env, args []string) error {
	f := newFlags(crawlCommand())
	db, cb, ev, opts := f.database(e), f.codebook(), f.events(), f.crawl()
	asJSON := f.Bool("json", false, "print the summary as JSON")
	args, err := f.parse(e, args)
	if err != nil {
		return err
	}
	if len(args) > 0 {
		return &usageError{"crawl takes no arguments", "name sources with --only"}
	}
	srcs, err := opts.load()
	if err != nil {
		return err
	}
	d, err := e.begin(ctx, *db, *cb, *ev)
	if err != nil {
		return err
	}
	defer d.end()
	s, err := e.crawl(ctx, d.DB, srcs, opts, "crawl")
	if err != nil {
		return err
	}
	if *asJSON {
		if err := json.NewEncoder(e.stdout).Encode(s); err != nil {
			return err
		}
		return crawlOutcome(s)
	}
	return e.reportCrawl(s)
}

// crawlMemory is the memory in bytes from which a crawl collects garbage harder. It is no bound.
const crawlMemory = 160 << 20

// crawl runs one crawl with progress. The database must be locked by the caller.
func (e *env) crawl(ctx context.Context, d *store.DB, srcs *crawler.Sources, o crawlOptions, command string) (crawler.Summary, error) {
	p := e.progress("crawling")
	defer p.end()
	if e.getenv("GOMEMLIMIT") == "" {
		// A sitemap of 50,000 addresses must not take what a small machine has; collecting garbage sooner costs nothing
		// while less is in use.
		defer debug.SetMemoryLimit(debug.SetMemoryLimit(crawlMemory))
	}
	conf := crawler.Config{
		Version: version(), Robots: d, Pauses: d, Log: e.logger(), Now: e.now, Force: *o.force, MaxPages: *o.maxPages, Only: list(*o.only),
		Progress: func(g crawler.Progress) { p.update(g.Done, g.Queued, g.Source) },
	}
	c, err := crawler.New(srcs, d, conf)
	if err != nil {
		return crawler.Summary{}, err
	}
	return c.Run(ctx, command)
}

// reportCrawl prints the summary line and the problems, and returns the outcome.
func (e *env) reportCrawl(s crawler.Summary) error {
	fmt.Fprintf(e.stdout, "crawled %d sources (%d failed): %d pages fetched, %d new articles (%d relevant), %d changed, %d skipped, %d denied, %d failed, %d still queued\n",
		s.Sources, s.SourcesFailed, s.Fetched, s.New, s.Relevant, s.Changed, s.Skipped, s.Denied, s.Failed, s.Pending)
	const shown = 20
	for i, p := range s.Problems {
		if i == shown {
			fmt.Fprintf(e.stderr, "… and %d more; framewatch sql \"SELECT * FROM v_coverage WHERE failed > 0\"\n", len(s.Problems)-shown)
			break
		}
		fmt.Fprintf(e.stderr, "%s: %s: %s\n", p.Source, p.URL, oneLine(fmt.Errorf("%s: %s", p.Reason, p.Detail)))
	}
	return crawlOutcome(s)
}

// crawlOutcome turns sources and pages that failed into the exit status.
func crawlOutcome(s crawler.Summary) error {
	if s.SourcesFailed > 0 {
		return &partialError{fmt.Sprintf("%d of %d sources failed; they are tried again later, \"framewatch status\" says why", s.SourcesFailed, s.Sources)}
	}
	if s.Failed > 0 {
		return &partialError{fmt.Sprintf("%d page(s) failed", s.Failed)}
	}
	return nil
}
