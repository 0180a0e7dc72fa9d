package main

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"

	"framewatch/analysis"
	"framewatch/store"
)

func analyzeCommand() command {
	return command{
		name: "analyze", args: "[flags]", short: "find frame mentions in articles that are new or changed", run: runAnalyze,
		help: `Codes every article that is not coded yet with this codebook, or whose text, codebook or engine has changed since:
which sentences use a frame, with which stance, in whose voice. Then finds which of the new and changed articles are
copies of one text: a story. Nothing is fetched. -n says what is due and why.

Examples:
framewatch analyze -n
framewatch analyze
framewatch analyze --codebook codebook.yaml
`}
}

func runAnalyze(ctx context.Context, e *env, args []string) error {
	f := newFlags(analyzeCommand())
	db, cb, ev := f.database(e), f.codebook(), f.events()
	dry := f.Bool("n", false, "only say what would be analyzed, and why")
	workers := f.Int("workers", runtime.GOMAXPROCS(0), "how many articles to code at once")
	asJSON := f.Bool("json", false, "print the summary as JSON")
	args, err := f.parse(e, args)
	if err != nil {
		return err
	}
	if len(args) > 0 {
		return &usageError{"analyze takes no arguments", ""}
	}
	if *dry {
		return e.explainStale(ctx, *db, *cb)
	}
	if err := store.Exists(*db); err != nil {
		return err
	}
	d, err := e.begin(ctx, *db, *cb, *ev)
	if err != nil {
		return err
	}
	defer d.end()
	s, err := e.analyze(ctx, d.DB, d.coder, *workers)
	if err != nil {
		return err
	}
	if *asJSON {
		return json.NewEncoder(e.stdout).Encode(s)
	}
	e.reportAnalysis(d.coder, s)
	return nil
}

// analyzed is what an analysis did; --json prints it.
type analyzed struct {
	analysis.Summary
	Stories store.Stories `json:"stories"`
}

// analyze brings the database up to date with the codebook, and its stories. The database must be locked by the caller.
func (e *env) analyze(ctx context.Context, d *store.DB, a coder, workers int) (analyzed, error) {
	s, err := e.code(ctx, d, a, workers)
	if err != nil {
		return analyzed{s, store.Stories{}}, err
	}
	p := e.progress("finding stories")
	defer p.end()
	stories, err := d.FindStories(ctx, func(done, total int) { p.update(done, total, "") })
	return analyzed{s, stories}, err
}

func (e *env) code(ctx context.Context, d *store.DB, a coder, workers int) (analysis.Summary, error) {
	p := e.progress("analyzing")
	defer p.end()
	total := 0
	if why, err := d.StaleWhy(ctx, a.Codebook().Fingerprint(), analysis.Engine); err == nil {
		for _, w := range why {
			total += w.N
		}
	}
	return analysis.Sync(ctx, a.Analyzer, d, workers, func(done int) { p.update(done, total, "") })
}

func (e *env) reportAnalysis(a coder, s analyzed) {
	cb := a.Codebook()
	fmt.Fprintf(e.stdout, "analyzed %d articles with codebook %s %s (%s): %d relevant, %d mentions\n",
		s.Documents, cb.Name, cb.Version, cb.Fingerprint(), s.Relevant, s.Mentions)
	if n := s.Stories.Copies; n > 0 {
		fmt.Fprintf(e.stdout, "found %d of %d new or changed articles to tell a story that another told first\n", n, s.Stories.Articles)
	}
}

// explainStale prints what is due and why, without changing the database.
func (e *env) explainStale(ctx context.Context, path, codebook string) error {
	a, err := e.coder(ctx, codebook, path)
	if err != nil {
		return err
	}
	d, err := store.OpenReadOnly(ctx, path)
	if err != nil {
		return err
	}
	defer d.Close()
	why, err := d.StaleWhy(ctx, a.Codebook().Fingerprint(), analysis.Engine)
	if err != nil {
		return err
	}
	total := 0
	for _, w := range why {
		fmt.Fprintf(e.stdout, "%6d  %s\n", w.N, w.Reason)
		total += w.N
	}
	if n, err := d.StoriesDue(ctx); err != nil {
		return err
	} else if n > 0 {
		fmt.Fprintf(e.stdout, "%6d  articles whose story is to be found\n", n)
	}
	if total == 0 {
		fmt.Fprintln(e.stdout, "nothing to do: every article is coded with this codebook and engine")
		return nil
	}
	fmt.Fprintf(e.stdout, "%6d  articles to analyze with codebook %s %s\n", total, a.Codebook().Name, a.Codebook().Version)
	return nil
}
