package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"framewatch/crawler"
)

func sourcesCommand() command {
	return command{
		name: "sources", args: "check|list|test|add [URL|ID]", short: "check the sources file, list it, try a site, add one", run: runSources,
		help: `check   reads the sources file strictly and names every problem with line, key and fix.
list    prints the sources.
test    opens a homepage, feed or sitemap (a URL, or the id of a source) as the crawler would, politely and live,
        and shows which feeds and sitemaps it offers and what would be crawled. Needs fetch.contact.
add     looks at a URL in the same way, shows what would be crawled, and writes an entry at the end of the list in the
        file that --sources names (without it, in sources.yaml of this folder); nothing else in the file changes.
        --dry-run writes nothing. What a page cannot say (country, type, scope) is given by flags or edited afterwards.

Examples:
framewatch sources check
framewatch sources check --sources sources.yaml
framewatch sources list --json
framewatch sources test --sources sources.yaml calloway
framewatch sources add --sources sources.yaml --dry-run https://www.example.org/
framewatch sources add --sources sources.yaml --id example --country GB --type think_tank https://www.example.org/
`}
}

func runSources(ctx context.Context, e *env, args []string) error {
	f := newFlags(sourcesCommand())
	path := f.sources()
	asJSON := f.Bool("json", false, "print JSON")
	entry := f.sourceEntry()
	args, err := f.parse(e, args)
	if err != nil {
		return err
	}
	if len(args) == 0 {
		return &usageError{"say what to do: check, list, test or add", `run "framewatch sources --help"`}
	}
	if args[0] == "add" && *path == "" && readable("sources.yaml") {
		*path = "sources.yaml"
	}
	srcs, err := loadSources(*path)
	if err != nil {
		return err
	}
	switch args[0] {
	case "check":
		return e.checkSources(srcs, *path)
	case "list":
		return e.listSources(srcs, *asJSON)
	case "test":
		if len(args) != 2 {
			return &usageError{"name one URL or source id", "framewatch sources test URL"}
		}
		return e.testSource(ctx, srcs, args[1], *asJSON)
	case "add":
		if len(args) != 2 {
			return &usageError{"name one URL", "framewatch sources add --sources FILE URL"}
		}
		return e.addSource(ctx, srcs, *path, args[1], entry, *asJSON)
	}
	return &usageError{fmt.Sprintf("unknown action %q", args[0]), "use check, list, test or add"}
}

func (e *env) checkSources(srcs *crawler.Sources, path string) error {
	types, feeds, none := map[string]int{}, 0, []string{}
	for _, s := range srcs.List {
		types[s.Type]++
		feeds += len(s.Feeds) + len(s.Sitemaps)
		if len(s.Feeds)+len(s.Sitemaps) == 0 {
			none = append(none, s.ID)
		}
	}
	name := path
	if name == "" {
		name = builtin + "sources.yaml"
	}
	fmt.Fprintf(e.stdout, "%s: %d sources, %d feeds and sitemaps, no problem\n", name, len(srcs.List), feeds)
	for _, t := range slices.Sorted(maps.Keys(types)) {
		fmt.Fprintf(e.stdout, "  %3d %s\n", types[t], t)
	}
	if len(none) > 0 {
		fmt.Fprintf(e.stdout, "no feed or sitemap known (\"framewatch sources test ID\" finds them): %s\n", strings.Join(none, ", "))
	}
	if srcs.Fetch.Contact == "" {
		fmt.Fprintln(e.stdout, "fetch.contact is empty: set a mail address or URL before a live crawl")
	}
	return nil
}

func (e *env) listSources(srcs *crawler.Sources, asJSON bool) error {
	if asJSON {
		enc := json.NewEncoder(e.stdout)
		enc.SetIndent("", "  ")
		return enc.Encode(srcs.List)
	}
	w := tabwriter.NewWriter(e.stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "id\tname\tcountry\ttype\tfeeds\tsitemaps\tverified")
	for _, s := range srcs.List {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d\t%d\t%s\n", s.ID, s.Name, s.Country, s.Type, len(s.Feeds), len(s.Sitemaps), s.Verified)
	}
	return w.Flush()
}

func (e *env) testSource(ctx context.Context, srcs *crawler.Sources, target string, asJSON bool) error {
	found, err := crawler.Probe(ctx, srcs, target, crawler.Config{Version: version(), Log: e.logger(), Now: e.now})
	if err != nil {
		return err
	}
	if asJSON {
		enc := json.NewEncoder(e.stdout)
		enc.SetIndent("", "  ")
		return enc.Encode(found)
	}
	failed := 0
	for _, r := range found {
		e.printFound(r)
		if r.Problem != "" {
			failed++
		}
	}
	if len(found) == 0 || failed == len(found) {
		return fmt.Errorf("%s: no feed or sitemap that can be read", target)
	}
	return nil
}

// printFound shows a feed, sitemap or page that was looked at.
func (e *env) printFound(r crawler.Found) {
	fmt.Fprintf(e.stdout, "%-8s %s\n", r.Kind, printable(r.URL))
	if r.Problem != "" {
		fmt.Fprintf(e.stdout, "         %s\n", printable(r.Problem))
		return
	}
	fmt.Fprintf(e.stdout, "         %d entries\n", r.Entries)
	for _, t := range r.Sample {
		fmt.Fprintf(e.stdout, "         - %s\n", printable(t))
	}
	for _, note := range []string{r.Note, r.LeftOut} {
		if note != "" {
			fmt.Fprintf(e.stdout, "         (%s)\n", printable(note))
		}
	}
}
