package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/google/renameio/v2"

	"framewatch/charts"
	"framewatch/store"
)

func reportCommand() command {
	return command{
		name: "report", args: "[flags]", short: "write the HTML trend report", run: runReport,
		help: `Writes one self-contained HTML file from the database: findings with intervals, frames over time, stance, speakers,
outlets and every passage behind the numbers. It needs no network and no server. The same database gives the same
bytes. "framewatch analyze" must have run before.

Examples:
framewatch report
framewatch report -o 2025.html --from 2025-01 --to 2025-12 --title "AI framing in 2025"
framewatch report -o relevant.html --denominator relevant --no-press-releases
`}
}

// reportFlags are the flags that report and update share.
type reportFlags struct {
	out, title, from, to, denominator, asOf *string
	noPress                                 *bool
}

func (f *flags) report() reportFlags {
	return reportFlags{
		out:         f.String("o", "report.html", "output `file`"),
		title:       f.String("title", "", "the report's `title`"),
		from:        f.String("from", "", "first `month` (2025-01) or day"),
		to:          f.String("to", "", "last `month` or day"),
		denominator: f.String("denominator", "china", "shares of which `articles`: china (about AI, name China), relevant (about AI, name the U.S. or China), all"),
		asOf:        f.String("as-of", "", "the `date` printed on the report (default: the newest date in the database)"),
		noPress:     f.Bool("no-press-releases", false, "leave press releases out of the first view"),
	}
}

func runReport(ctx context.Context, e *env, args []string) error {
	f := newFlags(reportCommand())
	db, opts := f.database(e), f.report()
	args, err := f.parse(e, args)
	if err != nil {
		return err
	}
	if len(args) > 0 {
		return &usageError{"report takes no arguments", "name the output with -o FILE"}
	}
	o, err := opts.options(*db)
	if err != nil {
		return err
	}
	d, err := store.OpenReadOnly(ctx, *db)
	if err != nil {
		return err
	}
	defer d.Close()
	return e.writeReport(ctx, d, *opts.out, o)
}

func (r reportFlags) options(db string) (charts.Options, error) {
	o := charts.Options{Title: *r.title, From: *r.from, To: *r.to, Version: version(),
		Database: filepath.Base(db), ExcludePressReleases: *r.noPress}
	var err error
	if o.Denominator, err = charts.ParseDenominator(*r.denominator); err != nil {
		return o, &usageError{err.Error(), ""}
	}
	for name, value := range map[string]string{"from": *r.from, "to": *r.to} {
		if err := charts.CheckPeriod(value); err != nil {
			return o, &usageError{fmt.Sprintf("--%s: %v", name, err), ""}
		}
	}
	if *r.asOf != "" {
		if o.AsOf, err = time.Parse(time.DateOnly, *r.asOf); err != nil {
			return o, &usageError{fmt.Sprintf("--as-of: %q is not a day such as 2025-12-31", *r.asOf), ""}
		}
	}
	return o, nil
}

// writeReport writes the report under a temporary name and renames it, so that a reader never sees half a file.
func (e *env) writeReport(ctx context.Context, d *store.DB, path string, o charts.Options) error {
	var page bytes.Buffer
	s, err := charts.Write(ctx, &page, d, o)
	if errors.Is(err, charts.ErrNoArticles) {
		return fmt.Errorf("the database holds no articles; run \"framewatch crawl\" or \"framewatch import FILE\" first")
	}
	if err != nil {
		return err
	}
	if err := renameio.WriteFile(path, page.Bytes(), 0o644); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	fmt.Fprintf(e.stdout, "wrote %s: %d articles, %d mentions, %d passages, %.1f MB\n",
		path, s.Articles, s.Mentions, s.Passages, float64(page.Len())/1e6)
	if s.Unanalyzed > 0 {
		fmt.Fprintf(e.stderr, "%d article(s) are not analyzed yet and are not in it; run \"framewatch analyze\"\n", s.Unanalyzed)
	}
	return nil
}
