package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/google/renameio/v2"

	"framewatch/analysis/codebook"
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
framewatch report --by week --from 2025-01 --to 2025-03 --compare DeepSeek-R1
`}
}

// reportFlags are the flags that report and update share.
type reportFlags struct {
	out, title, from, to, by, outlets, frames, languages, compare, denominator, asOf *string
	noPress, once                                                                    *bool
}

func (f *flags) report() reportFlags {
	r := f.figures()
	r.out = f.String("o", "report.html", "output `file`")
	return r
}

// figures declares the flags that say what is shown, wherever it is written.
func (f *flags) figures() reportFlags {
	return reportFlags{
		title:       f.String("title", "", "the `title` of the report, or of a single figure"),
		from:        f.String("from", "", "first `period`: a day, month (2025-01) or year"),
		to:          f.String("to", "", "last `period`"),
		by:          f.String("by", "", "`step` of the time axes: week (ISO 8601), month, quarter or year (default: what the number of articles allows)"),
		outlets:     f.String("outlets", "", "only these source `ids`, separated by commas"),
		frames:      f.String("frames", "", "only these `frames`, separated by commas"),
		languages:   f.String("lang", "", "only articles in these `languages`, separated by commas, such as en"),
		compare:     f.String("compare", "", "the `event` that the before-and-after figure opens with: its date, or words of its label"),
		denominator: f.String("denominator", "", "shares of which `articles`: china (about AI, name China), relevant (all that the codebook's gate lets in), all collected (default: china, or relevant where the gate asks for no nation)"),
		asOf:        f.String("as-of", "", "the `date` printed on the report (default: the newest date in the database)"),
		noPress:     f.Bool("no-press-releases", false, "leave press releases out of the first view"),
		once:        f.Bool("stories-once", false, "count each syndicated story once in the first view"),
	}
}

func runReport(ctx context.Context, e *env, args []string) error {
	f := newFlags(reportCommand())
	db, opts := f.database(e), f.report()
	open := f.Bool("open", false, "open the report in the browser")
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
	if err := e.writeReport(ctx, d, *opts.out, o); err != nil || !*open {
		return err
	}
	if err := show(ctx, *opts.out); err != nil {
		return fmt.Errorf("the report is written, but no browser opened: %w", err)
	}
	return nil
}

// show opens a file with the program that the system has for it, and does not wait for that program to end.
func show(ctx context.Context, path string) error {
	abs, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	program := map[string][]string{"darwin": {"open"}, "windows": {"rundll32", "url.dll,FileProtocolHandler"}}[runtime.GOOS]
	if program == nil {
		program = []string{"xdg-open"}
	}
	return exec.CommandContext(context.WithoutCancel(ctx), program[0], append(program[1:], abs)...).Start()
}

func (r reportFlags) options(db string) (charts.Options, error) {
	o := charts.Options{Title: *r.title, From: *r.from, To: *r.to, By: charts.Period(*r.by), Event: *r.compare, Version: versions(),
		Database: filepath.Base(db), ExcludePressReleases: *r.noPress, StoriesOnce: *r.once,
		Outlets: names(*r.outlets), Frames: list(*r.frames), Languages: list(*r.languages)}
	var err error
	if *r.denominator != "" {
		if o.Denominator, err = charts.ParseDenominator(*r.denominator); err != nil {
			return o, &usageError{err.Error(), ""}
		}
	}
	for _, p := range []struct{ flag, value string }{{"from", o.From}, {"to", o.To}} {
		if err := charts.CheckPeriod(p.value); err != nil {
			return o, &usageError{fmt.Sprintf("--%s: %v", p.flag, err), ""}
		}
	}
	if *r.asOf != "" {
		if o.AsOf, err = time.Parse(time.DateOnly, *r.asOf); err != nil {
			return o, &usageError{fmt.Sprintf("--as-of: %q is not a day such as 2025-12-31", *r.asOf), ""}
		}
	}
	if err := o.Check(); err != nil {
		return o, &usageError{err.Error(), ""}
	}
	return o, nil
}

// names splits a comma-separated flag whose entries may hold blanks.
func names(flag string) []string {
	var all []string
	for _, name := range strings.Split(flag, ",") {
		if name = strings.TrimSpace(name); name != "" {
			all = append(all, name)
		}
	}
	return all
}

// list splits a comma-separated flag; an empty flag is an empty list.
func list(flag string) []string {
	return strings.FieldsFunc(flag, func(r rune) bool { return r == ',' || r == ' ' })
}

// writeReport writes the report under a temporary name and renames it, so that a reader never sees half a file.
func (e *env) writeReport(ctx context.Context, d *store.DB, path string, o charts.Options) error {
	var page bytes.Buffer
	var s charts.Summary
	err := onOneState(ctx, d, &o, func(tx *sql.Tx) (err error) {
		s, err = charts.Write(ctx, &page, tx, o)
		return err
	})
	if errors.Is(err, charts.ErrNoArticles) {
		return fmt.Errorf("the database holds no articles; run \"framewatch crawl\" or \"framewatch import FILE\" first")
	}
	if err != nil {
		return err
	}
	if err := writeFile(path, page.Bytes()); err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "wrote %s: %d articles, %d mentions, %d passages, %.1f MB\n",
		path, s.Articles, s.Mentions, s.Passages, float64(page.Len())/1e6)
	if s.Unanalyzed > 0 {
		fmt.Fprintf(e.stderr, "%d article(s) are not analyzed yet and are not in it; run \"framewatch analyze\"\n", s.Unanalyzed)
	}
	return nil
}

// writeFile writes under a temporary name and renames.
func writeFile(path string, data []byte) error {
	if dir := filepath.Dir(path); !isFolder(dir) {
		return fmt.Errorf("%s: the folder %s does not exist; create it first", path, dir)
	}
	if err := renameio.WriteFile(path, data, 0o644); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// onOneState completes the options and calls write in one read transaction, so that a crawl or an analysis at the same
// time cannot shift one number against another, or the codebook against its mentions.
func onOneState(ctx context.Context, d *store.DB, o *charts.Options, write func(tx *sql.Tx) error) error {
	tx, err := d.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	defer tx.Rollback() // nothing was written
	if err := nameCodebook(ctx, tx, o); err != nil {
		return err
	}
	return write(tx)
}

// nameCodebook puts on the page the active codebook's name and version, what its gate lets in, what is known of its
// accuracy, and what others have published by its definition.
func nameCodebook(ctx context.Context, tx *sql.Tx, o *charts.Options) error {
	kept, err := store.CodebookIn(ctx, tx)
	if err != nil || kept == nil {
		return err
	}
	o.Codebook, o.CodebookFingerprint = strings.TrimSpace(kept.Name+" "+kept.Version), kept.Fingerprint
	if o.Quality, err = measuredQuality(kept.Fingerprint); err != nil {
		return err
	}
	cb, err := codebook.Parse(kept.File, kept.YAML)
	if err != nil {
		return nil // kept by a version that read codebooks otherwise: what it coded is still worth a report
	}
	switch {
	case cb.Topic.Off:
		o.Relevant = "articles in English"
	case cb.Topic.Anywhere:
		o.Relevant = "articles about AI"
	}
	if o.Denominator == "" && (cb.Topic.Off || cb.Topic.Anywhere) {
		o.Denominator = charts.AIAndEither
	}
	o.Published, err = published(cb)
	return err
}
