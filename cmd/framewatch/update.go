package main

import (
	"context"
	"fmt"
	"runtime"
)

func updateCommand() command {
	return command{
		name: "update", args: "[flags]", short: "crawl, analyze and report: the command for timers", run: runUpdate,
		help: `Runs crawl, analyze and report in one go, for cron or a systemd timer. While one update is going on, a second
leaves at once with exit status 4. docs/operations.md has the cron line and the systemd units.

Examples:
framewatch update --sources sources.yaml -o report.html
`}
}

func runUpdate(ctx context.Context, e *env, args []string) error {
	f := newFlags(updateCommand())
	db, cb, ev, opts, rep := f.database(e), f.codebook(), f.events(), f.crawl(), f.report()
	args, err := f.parse(e, args)
	if err != nil {
		return err
	}
	if len(args) > 0 {
		return &usageError{"update takes no arguments", ""}
	}
	ro, err := rep.options(*db)
	if err != nil {
		return err
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
	crawled, err := e.crawl(ctx, d.DB, srcs, opts, "update")
	if err != nil {
		return err
	}
	problems := e.reportCrawl(crawled)
	s, err := e.analyze(ctx, d.DB, d.coder, runtime.GOMAXPROCS(0))
	if err != nil {
		return fmt.Errorf("analyze: %w", err)
	}
	e.reportAnalysis(d.coder, s)
	if err := e.writeReport(ctx, d.DB, *rep.out, ro); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return problems
}
