package main

import (
	"context"
	"encoding/json"
	"fmt"
	"text/tabwriter"
	"time"

	"framewatch/store"
)

func statusCommand() command {
	return command{
		name: "status", args: "[flags]", short: "show what the database holds and how the sources do", run: runStatus,
		help: `Prints counts, the last runs, the hosts that have asked for a pause, and every feed or sitemap with its last poll,
the next one, and why it failed if it did. The exit status is 1 when one that is still asked has been failing for more
than three days. One that no crawl asks any more, because it is not in the sources file, is marked and not counted.

Examples:
framewatch status
framewatch status --json
`}
}

// longFailing is how long a source may fail before status calls it an error, and longUnasked how long a feed may be due
// while crawls go on before it counts as no longer listed.
const (
	longFailing = 72 * time.Hour
	longUnasked = 48 * time.Hour
)

// statusReport is what --json prints.
type statusReport struct {
	Counts  store.Counts   `json:"counts"`
	Runs    []store.Run    `json:"runs"`
	Pauses  []store.Paused `json:"pauses"`
	Polls   []pollStatus   `json:"polls"`
	Failing int            `json:"failing"` // feeds and sitemaps that have been failing for more than three days
}

// pollStatus is how a feed or sitemap does, and what that means.
type pollStatus struct {
	store.PollStatus
	Health string `json:"health"` // ok, failing, failing_long or not_asked
}

// Health of a feed or sitemap.
const (
	healthy     = "ok"
	failing     = "failing"
	failingLong = "failing_long" // for longer than longFailing
	notAsked    = "not_asked"    // crawls go on, but none asks it any more
)

// health judges a feed. The last run tells whether it would have been asked if it were still listed.
func (e *env) health(p store.PollStatus, lastRun time.Time) string {
	switch {
	case !p.Next.IsZero() && lastRun.Sub(p.Next) > longUnasked:
		return notAsked
	case p.FailingSince.IsZero():
		return healthy
	case e.now().Sub(p.FailingSince) > longFailing:
		return failingLong
	}
	return failing
}

func runStatus(ctx context.Context, e *env, args []string) error {
	f := newFlags(statusCommand())
	db := f.database(e)
	asJSON := f.Bool("json", false, "print JSON")
	if _, err := f.parse(e, args); err != nil {
		return err
	}
	d, err := store.OpenReadOnly(ctx, *db)
	if err != nil {
		return err
	}
	defer d.Close()
	var s statusReport
	if s.Counts, err = d.Counts(ctx); err != nil {
		return err
	}
	if s.Runs, err = d.LastRuns(ctx, 5); err != nil {
		return err
	}
	if s.Pauses, err = d.PausedLanes(ctx, e.now()); err != nil {
		return err
	}
	polls, err := d.PollStatuses(ctx)
	if err != nil {
		return err
	}
	for _, p := range polls {
		var last time.Time
		if len(s.Runs) > 0 {
			last = s.Runs[0].Started
		}
		h := e.health(p, last)
		if h == failingLong {
			s.Failing++
		}
		s.Polls = append(s.Polls, pollStatus{p, h})
	}
	if *asJSON {
		enc := json.NewEncoder(e.stdout)
		enc.SetIndent("", "  ")
		if err := enc.Encode(s); err != nil {
			return err
		}
	} else {
		e.printStatus(s)
	}
	if s.Failing > 0 {
		return fmt.Errorf("%d feed(s) or sitemap(s) have been failing for more than %d days", s.Failing, int(longFailing.Hours()/24))
	}
	return nil
}

func (e *env) printStatus(s statusReport) {
	c := s.Counts
	fmt.Fprintf(e.stdout, "%d articles (%d relevant), %d mentions, %d waiting to be fetched, %d to be analyzed\n",
		c.Articles, c.Relevant, c.Mentions, c.Pending, c.Stale)
	w := tabwriter.NewWriter(e.stdout, 0, 4, 2, ' ', 0)
	if len(s.Runs) > 0 {
		fmt.Fprintln(w, "\nrun\tcommand\tstarted\tstatus\tfetched\tnew\tfailed")
		for _, r := range s.Runs {
			fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%d\t%d\t%d\n", r.ID, r.Command, when(r.Started), r.Status, r.Fetched, r.New, r.Failed)
		}
	}
	if len(s.Pauses) > 0 {
		fmt.Fprintln(w, "\nhost\twants to be left alone until\tpages waiting\tits answer")
		for _, p := range s.Pauses {
			fmt.Fprintf(w, "%s\t%s\t%d\t%d\n", printable(p.Lane), when(p.Until), p.Pending, p.Status)
		}
	}
	if len(s.Polls) > 0 {
		fmt.Fprintln(w, "\nsource\tfeed or sitemap\tlast poll\tnext\titems\tproblem")
		for _, p := range s.Polls {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d\t%s\n", p.Source, printable(p.URL), when(p.Last), when(p.Next), p.Items, printable(p.problem()))
		}
	}
	w.Flush()
}

// problem says in a line what is wrong and since when.
func (p pollStatus) problem() string {
	switch {
	case p.Health == notAsked:
		return "not asked any more: not in the sources file"
	case p.Reason == "":
		return p.Detail // a note on what was wrong but did not spoil the poll
	case p.FailingSince.IsZero():
		return p.Reason + ": " + p.Detail
	}
	return fmt.Sprintf("%s since %s: %s", p.Reason, when(p.FailingSince), p.Detail)
}

func when(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format("2006-01-02 15:04")
}
