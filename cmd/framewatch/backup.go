package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"framewatch/store"
)

func backupCommand() command {
	return command{
		name: "backup", args: "FILE [flags]", short: "copy the database, also while something runs", run: runBackup,
		help: `Copies the database as it is at one moment, without stopping a crawl or waiting for one. The copy is compact,
readable for you alone, checked whole before it gets its name, and a database like any other: --db FILE reads it, and
to restore it, put it in the place of the database while nothing runs. An existing FILE is refused without --force.

Examples:
framewatch backup backup.db
framewatch backup --force --json backup.db
`}
}

func runBackup(ctx context.Context, e *env, args []string) error {
	f := newFlags(backupCommand())
	db := f.database(e)
	force := f.Bool("force", false, "overwrite FILE if it exists")
	asJSON := f.Bool("json", false, "print the result as JSON")
	args, err := f.parse(e, args)
	if err != nil {
		return err
	}
	if len(args) != 1 {
		return &usageError{"name one file to write", "framewatch backup FILE"}
	}
	write := store.BackupTo
	if *force {
		write = store.ReplaceBackup
	}
	b, err := write(ctx, *db, args[0])
	if errors.Is(err, store.ErrExists) {
		return fmt.Errorf("%w; name another, or overwrite it with --force", err)
	}
	if err != nil {
		return err
	}
	if *asJSON {
		return json.NewEncoder(e.stdout).Encode(b)
	}
	fmt.Fprintf(e.stdout, "copied %s to %s: %d articles, %d pages, %.1f MB, checked\n", *db, b.File, b.Articles, b.Pages, float64(b.Bytes)/1e6)
	return nil
}
