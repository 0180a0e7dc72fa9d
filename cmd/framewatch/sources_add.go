package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/renameio/v2"

	"framewatch/crawler"
)

// entryOptions are the flags of "sources add": what the entry shall say instead of what was found.
type entryOptions struct {
	id, name, country, kind, language, scope *string
	dryRun                                   *bool
}

func (f *flags) sourceEntry() entryOptions {
	return entryOptions{
		id:       f.String("id", "", "add: the entry's `id`; without it, one made from the host's name"),
		name:     f.String("name", "", "add: the outlet's `name`; without it, what the feed calls itself"),
		country:  f.String("country", "", "add: `country` where the outlet is based, two capital letters"),
		kind:     f.String("type", "", "add: `kind` of outlet (default news)"),
		language: f.String("language", "", "add: `language` of its articles; without it, what the feed says, else en"),
		scope:    f.String("scope", "", "add: `all` keeps every raw page, filter those on topic (default filter)"),
		dryRun:   f.Bool("dry-run", false, "add: show the entry and write nothing"),
	}
}

// addition is what --json prints.
type addition struct {
	crawler.Discovery
	File  string `json:"file"`
	Wrote bool   `json:"wrote"`
}

func (e *env) addSource(ctx context.Context, srcs *crawler.Sources, path, url string, o entryOptions, asJSON bool) error {
	if path == "" {
		return &usageError{"the built-in sources cannot be changed; name your own file with --sources", "\"framewatch init\" writes one"}
	}
	if *o.id != "" && slices.ContainsFunc(srcs.List, func(s crawler.Source) bool { return s.ID == *o.id }) {
		return fmt.Errorf("%s: the id %q is taken; give another with --id", path, *o.id)
	}
	d, err := crawler.Discover(ctx, srcs, url, crawler.Config{Version: version(), Log: e.logger(), Now: e.now})
	if err != nil {
		return err
	}
	s := &d.Source
	s.ID, s.Name, s.Country = cmp.Or(*o.id, s.ID), cmp.Or(*o.name, s.Name), *o.country
	s.Type, s.Language, s.Scope = cmp.Or(*o.kind, "news"), cmp.Or(*o.language, s.Language, "en"), cmp.Or(*o.scope, "filter")
	s.Verified = e.now().UTC().Format("2006-01-02")
	if err := writeSource(path, *s, *o.dryRun); err != nil {
		return err
	}
	if asJSON {
		enc := json.NewEncoder(e.stdout)
		enc.SetIndent("", "  ")
		return enc.Encode(addition{d, path, !*o.dryRun})
	}
	for _, f := range d.Found {
		mark := "taken  "
		if !f.Taken {
			mark = "left   "
		}
		fmt.Fprint(e.stdout, mark)
		e.printFound(f)
	}
	fmt.Fprintln(e.stdout)
	for line := range strings.Lines(s.Entry()) {
		fmt.Fprintln(e.stdout, printable(strings.TrimSuffix(line, "\n")))
	}
	fmt.Fprintln(e.stdout)
	if *o.dryRun {
		fmt.Fprintf(e.stdout, "nothing was written; without --dry-run the entry goes to the end of the list in %s\n", path)
		return nil
	}
	fmt.Fprintf(e.stdout, "added to %s; crawl it with: framewatch crawl --sources %[1]s --only %s\n", path, s.ID)
	return nil
}

// writeSource adds the entry to the file, or only makes sure that it could.
func writeSource(path string, s crawler.Source, dryRun bool) error {
	// What was read at the start may have been edited while the site was looked at.
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	data, err = crawler.AddSource(path, data, s)
	if err != nil || dryRun {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.Mode().Perm()&0o200 == 0 {
		return errors.New(path + " is read-only; make it writable or name another file")
	}
	// A link to the file stays a link.
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return err
	}
	return renameio.WriteFile(real, data, info.Mode().Perm(), renameio.IgnoreUmask())
}
