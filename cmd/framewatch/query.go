package main

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"

	"framewatch/store"
)

func queryCommand() command {
	return command{
		name: "query", args: "list|show NAME|run NAME [--param KEY=VALUE]…", short: "ask one of the shipped research questions", run: runQuery,
		help: `The questions that researchers of this discourse ask most, each one SQL statement on the views.
list    prints them.
show    prints one with its parameters and its statement, to copy and change.
run     runs one.

Examples:
framewatch query list
framewatch query show who-contests
framewatch query run who-contests --param frame=sputnik --format csv
`}
}

// params collects repeated --param flags.
type params map[string]string

func (p params) String() string { return "" }

func (p params) Set(s string) error {
	key, value, ok := strings.Cut(s, "=")
	if !ok || key == "" {
		return fmt.Errorf("%q is not KEY=VALUE", s)
	}
	p[key] = value
	return nil
}

func runQuery(ctx context.Context, e *env, args []string) error {
	f := newFlags(queryCommand())
	db, show := f.database(e), f.output()
	given := params{}
	f.Var(given, "param", "a parameter, as `KEY=VALUE`; may be repeated")
	args, err := f.parse(e, args)
	if err != nil {
		return err
	}
	if len(args) == 1 && args[0] == "list" {
		w := tabwriter.NewWriter(e.stdout, 0, 4, 2, ' ', 0)
		for _, q := range store.NamedQueries() {
			fmt.Fprintf(w, "%s\t%s\n", q.Name, q.Title)
		}
		return w.Flush()
	}
	if len(args) != 2 || (args[0] != "show" && args[0] != "run") {
		return &usageError{"say what to do: list, show NAME or run NAME", `run "framewatch query --help"`}
	}
	q, err := store.FindQuery(args[1])
	if err != nil {
		return err
	}
	if args[0] == "show" {
		_, err := fmt.Fprintln(e.stdout, strings.TrimSpace(q.SQL))
		return err
	}
	if err := show.check(); err != nil {
		return err
	}
	res, err := q.Run(ctx, *db, given, show.limits())
	if err != nil {
		return limitHint(err)
	}
	return show.write(e.stdout, res)
}
