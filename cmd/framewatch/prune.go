package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"time"

	"framewatch/store"
)

func pruneCommand() command {
	return command{
		name: "prune", args: "[--pages-older AGE] [--off-topic] [--yes]", short: "drop stored pages that need not be kept", run: runPrune,
		help: `Says how many stored pages (the HTML as it was served) would go and how many bytes, and with --yes drops them for
good. --pages-older drops those that came last before that age, --off-topic those of articles that the active codebook
finds off topic and those that hold no article; given both, either is reason enough.

Articles, texts, revisions, codes, offsets, hashes, addresses and counts stay. "framewatch extract --all" cannot renew
an article whose page was dropped: it counts it and leaves it as it is. A page that is fetched again is kept again.
Then the file is written anew to give back the space, which needs as much free disk; --keep-space leaves the space in
the file for what comes.

Examples:
framewatch prune --pages-older 90d --off-topic
framewatch prune --off-topic --yes
framewatch prune --pages-older 52w --yes --keep-space --json
`}
}

// pruned is what --json prints.
type pruned struct {
	store.Prunable
	Dropped    bool  `json:"dropped"`
	FileBefore int64 `json:"file_before"` // bytes of the database file
	FileAfter  int64 `json:"file_after"`
}

// dropping adds the flags of a command that drops something for good: yes is set to drop, and contradiction tells, after
// parsing, whether a dry run was asked for as well.
func (f *flags) dropping() (yes *bool, contradiction func() error) {
	yes = f.Bool("yes", false, "drop them; without it, only say what would go")
	dry := f.Bool("dry-run", false, "only say what would go, as without --yes")
	return yes, func() error {
		if *yes && *dry {
			return &usageError{"--yes and --dry-run contradict each other", "leave out either"}
		}
		return nil
	}
}

func runPrune(ctx context.Context, e *env, args []string) error {
	f := newFlags(pruneCommand())
	db := f.database(e)
	older := f.String("pages-older", "", "drop pages that came last longer ago than this `age`, such as 90d, 12w or 2y")
	offTopic := f.Bool("off-topic", false, "drop pages of off-topic articles and pages without an article")
	yes, contradiction := f.dropping()
	keep := f.Bool("keep-space", false, "do not write the file anew")
	asJSON := f.Bool("json", false, "print the result as JSON")
	args, err := f.parse(e, args)
	switch {
	case err != nil:
		return err
	case len(args) > 0:
		return &usageError{"prune takes no arguments", "say what may go with --pages-older or --off-topic"}
	case *older == "" && !*offTopic:
		return &usageError{"say what may go", "--pages-older 90d, --off-topic, or both"}
	case contradiction() != nil:
		return contradiction()
	}
	r := store.Retention{OffTopic: *offTopic}
	if *older != "" {
		age, err := parseAge(*older)
		if err != nil {
			return &usageError{"--pages-older: " + err.Error(), ""}
		}
		r.SeenBefore = e.now().Add(-age)
	}
	p, err := e.prune(ctx, *db, r, *yes, !*keep)
	if err != nil {
		return err
	}
	if *asJSON {
		return json.NewEncoder(e.stdout).Encode(p)
	}
	e.reportPrune(p, *db)
	return nil
}

// prune counts what may go and, if it is meant, drops it.
func (e *env) prune(ctx context.Context, path string, r store.Retention, drop, compact bool) (pruned, error) {
	if !drop {
		d, err := store.OpenReadOnly(ctx, path)
		if err != nil {
			return pruned{}, err
		}
		defer d.Close()
		n, err := d.Prunable(ctx, r)
		size := fileSize(path)
		return pruned{Prunable: n, FileBefore: size, FileAfter: size}, err
	}
	if err := store.Exists(path); err != nil {
		return pruned{}, err
	}
	d, err := e.begin(ctx, path, "", "")
	if err != nil {
		return pruned{}, err
	}
	defer d.end()
	p := pruned{Dropped: true, FileBefore: fileSize(path)}
	if p.Prunable, err = d.PrunePages(ctx, r); err == nil && compact {
		if err = d.Compact(ctx); err != nil {
			err = fmt.Errorf("the pages are dropped, but %w; run it again with free disk, or with --keep-space", err)
		}
	}
	p.FileAfter = fileSize(path)
	return p, err
}

func (e *env) reportPrune(p pruned, path string) {
	verb := "would go"
	if p.Dropped {
		verb = "dropped"
	}
	fmt.Fprintf(e.stdout, "%d stored pages %s, %.1f MB: %d old, %d off topic, %d without an article; %d stay\n",
		p.Pages(), verb, float64(p.Bytes)/1e6, p.Old, p.OffTopic, p.NoArticle, p.Kept)
	if !p.Dropped {
		fmt.Fprintln(e.stdout, "nothing was changed; --yes drops them for good, \"framewatch backup FILE\" first keeps a copy")
		return
	}
	fmt.Fprintf(e.stdout, "%s had %.1f MB and has %.1f MB; articles, texts, codes and counts are as they were\n",
		path, float64(p.FileBefore)/1e6, float64(p.FileAfter)/1e6)
}

var rxAge = regexp.MustCompile(`^([1-9][0-9]{0,4})([dwy])$`)

// parseAge reads a number of days, weeks or years.
func parseAge(s string) (time.Duration, error) {
	m := rxAge.FindStringSubmatch(s)
	if m == nil {
		return 0, fmt.Errorf("%q is no age; write days, weeks or years, such as 90d, 12w or 2y", s)
	}
	n, _ := strconv.Atoi(m[1]) // at most five digits
	days := map[string]int{"d": 1, "w": 7, "y": 365}[m[2]] * n
	if days > 36500 {
		return 0, fmt.Errorf("%q is longer than a century", s)
	}
	return time.Duration(days) * 24 * time.Hour, nil
}

// fileSize is 0 for a file that cannot be asked.
func fileSize(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}
