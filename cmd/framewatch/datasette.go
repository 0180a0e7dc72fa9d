package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"framewatch/store"
)

func datasetteCommand() command {
	return command{
		name: "datasette-metadata", args: "[-o FILE]", short: "write the metadata with which Datasette explains the file", run: runDatasette,
		help: `Writes a metadata.json for Datasette: what every view and every column means, and the named queries that need none of
framewatch's own SQL functions. It goes with the name of the database file:

    datasette framewatch.db --metadata metadata.json

Datasette shows the texts too, to everybody who can reach it: prune-text or an export with --no-text first where you
may not publish them.

Examples:
framewatch datasette-metadata -o metadata.json
`}
}

func runDatasette(_ context.Context, e *env, args []string) error {
	f := newFlags(datasetteCommand())
	db := f.database(e)
	out := f.String("o", "", "output `file`; without it, standard output")
	args, err := f.parse(e, args)
	if err != nil {
		return err
	}
	if len(args) > 0 {
		return &usageError{"datasette-metadata takes no arguments", ""}
	}
	base := filepath.Base(*db)
	data, err := store.DatasetteMetadata(strings.TrimSuffix(base, filepath.Ext(base)))
	if err != nil {
		return err
	}
	if *out == "" {
		_, err := e.stdout.Write(data)
		return err
	}
	if err := writeFile(*out, data); err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "wrote %s; open it with: datasette %s --metadata %s\n", *out, *db, *out)
	return nil
}
