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
		help: `Prints counts, the last runs, and every feed or sitemap with its last poll, the next one, and why it failed if it
did. The exit status is 1 when a source has been failing for more than three days.

Examples:
framewatch status
framewatch status --json
`}
}

// failingLong is how long a source may fail before status calls it an error.
const failingLong = 72 * time.Hour

// statusReport is what --json prints.
type statusReport struct {
	Counts store.Counts       `json:"counts"`
	Runs   []store.Run        `json:"runs"`
	Polls  []store.PollStatus `json:"polls"`
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
	if s.Polls, err = d.PollStatuses(ctx); err != nil {
		return err
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
	long := 0
	for _, p := range s.Polls {
		if !p.FailingSince.IsZero() && e.now().Sub(p.FailingSince) > failingLong {
			long++
		}
	}
	if long > 0 {
		return fmt.Errorf("%d feed(s) or sitemap(s) have been failing for more than %d days", long, int(failingLong.Hours()/24))
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
	if len(s.Polls) > 0 {
		fmt.Fprintln(w, "\nsource\tfeed or sitemap\tlast poll\tnext\titems\tproblem")
		for _, p := range s.Polls {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d\t%s\n", p.Source, printable(p.URL), when(p.Last), when(p.Next), p.Items, printable(p.Reason))
		}
	}
	w.Flush()
}

func when(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format("2006-01-02 15:04")
}
