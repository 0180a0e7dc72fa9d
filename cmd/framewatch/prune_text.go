package main

import (
	"context"
	"encoding/json"
	"fmt"

	"framewatch/store"
)

func pruneTextCommand() command {
	return command{
		name: "prune-text", args: "[--yes]", short: "drop the stored texts, keep codes, offsets and counts", run: runPruneText,
		help: `Says how many articles hold a text and, with --yes, drops every stored text for good: bodies, earlier revisions, pages
as they were served, and the full-text index. Titles, sentences of mentions, codes, offsets, hashes, addresses and
counts stay, so that the views, the report and the exports go on; so do new articles, which are stored with their texts.

What is gone with the texts: a new codebook cannot code these articles, kwic finds no words in them, and quotations
longer than the sentence are not shown. Whoever has a text again (import the same file, or crawl) gets it back: the
hash tells that it is the same. "framewatch backup FILE" first keeps a copy.

Examples:
framewatch prune-text
framewatch prune-text --dry-run --json
framewatch prune-text --yes
`}
}

// prunedText is what --json prints.
type prunedText struct {
	store.Texts
	Dropped    bool  `json:"dropped"`
	FileBefore int64 `json:"file_before"` // bytes of the database file
	FileAfter  int64 `json:"file_after"`
}

func runPruneText(ctx context.Context, e *env, args []string) error {
	f := newFlags(pruneTextCommand())
	db := f.database(e)
	yes, contradiction := f.dropping()
	asJSON := f.Bool("json", false, "print the result as JSON")
	args, err := f.parse(e, args)
	switch {
	case err != nil:
		return err
	case len(args) > 0:
		return &usageError{"prune-text takes no arguments", "it drops every text"}
	case contradiction() != nil:
		return contradiction()
	}
	p, err := e.pruneText(ctx, *db, *yes)
	if err != nil {
		return err
	}
	if *asJSON {
		return json.NewEncoder(e.stdout).Encode(p)
	}
	verb := "would go"
	if p.Dropped {
		verb = "dropped"
	}
	fmt.Fprintf(e.stdout, "%s: %d texts, %d earlier revisions, %d stored pages; %d of the texts are not analyzed yet and could not be any more\n",
		verb, p.Articles, p.Revisions, p.Pages, p.Stale)
	if !p.Dropped {
		fmt.Fprintln(e.stdout, "nothing was changed; --yes drops them for good, \"framewatch backup FILE\" first keeps a copy")
		return nil
	}
	fmt.Fprintf(e.stdout, "%s: %.1f MB, %.1f MB before\n", *db, float64(p.FileAfter)/1e6, float64(p.FileBefore)/1e6)
	return nil
}

func (e *env) pruneText(ctx context.Context, path string, drop bool) (prunedText, error) {
	p := prunedText{Dropped: drop, FileBefore: fileSize(path)}
	p.FileAfter = p.FileBefore
	if !drop {
		d, err := store.OpenReadOnly(ctx, path)
		if err != nil {
			return p, err
		}
		defer d.Close()
		p.Texts, err = d.Texts(ctx)
		return p, err
	}
	if err := store.Exists(path); err != nil {
		return p, err
	}
	s, err := e.begin(ctx, path, "", "")
	if err != nil {
		return p, err
	}
	defer s.end()
	if p.Texts, err = s.Texts(ctx); err == nil {
		_, err = s.DropTexts(ctx)
	}
	p.FileAfter = fileSize(path)
	return p, err
}
