package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"framewatch/crawler"
	"framewatch/crawler/files"
	"framewatch/store"
)

func importCommand() command {
	return command{
		name: "import", args: "FILE|DIR…", short: "read articles from JSONL, saved HTML or text files", run: runImport,
		help: `Reads articles from files: JSONL or JSONL.gz (one object a line: id, url, outlet or source, title, published, and
text or html), saved HTML pages (.html, .htm), and plain text (.txt, .md; the first line is the title). Folders are
read recursively. Text is kept code point for code point. Importing the same file again changes nothing; the same id
with another text is kept as a revision. A bad line is reported by number and skipped, and the exit status says so.
"published" may be a time with zone, a day (2025-01-20), a month (2025-01), a year or empty.

Examples:
framewatch import articles.jsonl
framewatch import --outlet "My archive" pages
framewatch import article.txt
`}
}

func runImport(ctx context.Context, e *env, args []string) error {
	f := newFlags(importCommand())
	db, cb, ev := f.database(e), f.codebook(), f.events()
	outlet := f.String("outlet", "", "outlet `name` for records that name none (default: the file's name)")
	kind := f.String("type", "", "source `type` for new outlets: news, opinion, wire, press_release, think_tank, government, newsletter, state_media")
	country := f.String("country", "", "`country` code for new outlets, such as US")
	asJSON := f.Bool("json", false, "print the summary as JSON")
	args, err := f.parse(e, args)
	if err != nil {
		return err
	}
	if len(args) == 0 {
		return &usageError{"no file given", "framewatch import FILE|DIR…"}
	}
	if *kind != "" && !slices.Contains(crawler.SourceTypes(), *kind) {
		return &usageError{fmt.Sprintf("--type: unknown type %q", *kind), "use one of " + strings.Join(crawler.SourceTypes(), ", ")}
	}
	d, err := e.begin(ctx, *db, *cb, *ev)
	if err != nil {
		return err
	}
	defer d.end()
	in := &intake{e: e, db: d.DB, outlet: *outlet, kind: *kind, country: *country, bar: e.progress("importing")}
	err = in.read(ctx, args)
	in.bar.end()
	if err != nil {
		return err
	}
	if *asJSON {
		if err := json.NewEncoder(e.stdout).Encode(in.sum); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(e.stdout, "imported %d articles: %d new, %d changed, %d known already; %d skipped\n",
			in.sum.New+in.sum.Changed+in.sum.Same, in.sum.New, in.sum.Changed, in.sum.Same, in.skipped)
	}
	if in.skipped > 0 {
		return &partialError{fmt.Sprintf("%d record(s) were skipped", in.skipped)}
	}
	return nil
}

// intake moves records from files to the store in batches.
type intake struct {
	e                     *env
	db                    *store.DB
	outlet, kind, country string // for records that name none
	bar                   *progress
	batch                 []files.Record
	bytes                 int
	sum                   store.ImportSummary
	skipped               int
}

// A batch is written when it holds this many records or bytes of text: few transactions, bounded memory.
const (
	batchRecords = 200
	batchBytes   = 16 << 20
)

func (in *intake) read(ctx context.Context, paths []string) error {
	reader := files.Reader{Report: func(p files.Problem) { fmt.Fprintln(in.e.stderr, oneLine(p)) }}
	for _, path := range paths {
		stats, err := reader.Read(ctx, path, func(r files.Record) error { return in.take(ctx, r) })
		in.skipped += stats.Skipped
		if err != nil {
			return err
		}
	}
	return in.flush(ctx)
}

func (in *intake) take(ctx context.Context, r files.Record) error {
	r.Outlet = cmp.Or(r.Outlet, in.outlet)
	r.Type = cmp.Or(r.Type, in.kind)
	r.Country = cmp.Or(r.Country, in.country)
	in.batch = append(in.batch, r)
	in.bytes += len(r.Article.Text)
	if len(in.batch) < batchRecords && in.bytes < batchBytes {
		return nil
	}
	return in.flush(ctx)
}

func (in *intake) flush(ctx context.Context) error {
	if len(in.batch) == 0 {
		return nil
	}
	s, err := in.db.Import(ctx, in.batch, in.e.now())
	if err != nil {
		return err
	}
	in.sum.New += s.New
	in.sum.Changed += s.Changed
	in.sum.Same += s.Same
	in.batch, in.bytes = in.batch[:0], 0
	in.bar.update(in.sum.New+in.sum.Changed+in.sum.Same, 0, "")
	return nil
}
