package main

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"strings"

	"framewatch/charts"
	"framewatch/store"
)

func figureCommand() command {
	return command{
		name: "figure", args: "NAME [-o FILE.svg]", short: "write one figure of the report as SVG, for a paper", run: runFigure,
		help: `Writes one figure of the report as an SVG picture: the same numbers and the same drawing as on the page, in print
colors. Without -o it goes to standard output. "list" prints the names.

Examples:
framewatch figure list
framewatch figure coverage -o coverage.svg
framewatch figure frames --from 2025-01 --title "Frames in 2025" -o frames.svg
`}
}

func runFigure(ctx context.Context, e *env, args []string) error {
	f := newFlags(figureCommand())
	db, opts := f.database(e), f.figures()
	out := f.String("o", "", "output `file`")
	args, err := f.parse(e, args)
	if err != nil {
		return err
	}
	if len(args) != 1 {
		return &usageError{"name one figure", `"framewatch figure list" prints the names`}
	}
	if args[0] == "list" {
		fmt.Fprintln(e.stdout, strings.Join(charts.FigureNames(), "\n"))
		return nil
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
	var picture bytes.Buffer
	err = onOneState(ctx, d, &o, func(tx *sql.Tx) error { return charts.Figure(ctx, &picture, tx, args[0], o) })
	if err != nil {
		return err
	}
	if *out == "" {
		_, err := e.stdout.Write(picture.Bytes())
		return err
	}
	if err := writeFile(*out, picture.Bytes()); err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "wrote %s\n", *out)
	return nil
}
