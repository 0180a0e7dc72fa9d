package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/renameio/v2"

	"framewatch/store"
)

func exportCommand() command {
	return command{
		name: "export", args: "TABLE -o FILE", short: "write mentions, articles or series to a file", run: runExport,
		help: `Writes a table to a CSV (RFC 4180), JSON-lines or Parquet file, and a datapackage.json beside it that says what every
column means and where the data come from. The format is the file's ending, or what --format says. --no-text leaves out
titles, texts and sentences, for sharing under copyright: addresses, hashes, offsets and codes remain. In CSV a text that
a spreadsheet would run as a formula gets a leading '; the other formats hold every text as it is. "list" prints the
tables.

Examples:
framewatch export list
framewatch export mentions -o mentions.csv
framewatch export articles --no-text -o articles.jsonl
framewatch export trend --format parquet -o trend.parquet
`}
}

func runExport(ctx context.Context, e *env, args []string) error {
	f := newFlags(exportCommand())
	db := f.database(e)
	out := f.String("o", "", "output `file`; its ending, .csv, .jsonl or .parquet, is the format")
	format := f.String("format", "", "csv, jsonl or parquet, where the file's ending does not say it")
	noText := f.Bool("no-text", false, "leave out titles, texts and sentences")
	bom := f.Bool("bom", false, "begin a CSV file with a byte order mark, for spreadsheets")
	args, err := f.parse(e, args)
	if err != nil {
		return err
	}
	if len(args) != 1 {
		return &usageError{"name one table", "one of " + strings.Join(store.ExportTables(), ", ")}
	}
	if args[0] == "list" {
		fmt.Fprintln(e.stdout, strings.Join(store.ExportTables(), "\n"))
		return nil
	}
	x := store.Export{Table: args[0], Format: cmp.Or(*format, strings.TrimPrefix(filepath.Ext(*out), ".")), NoText: *noText, BOM: *bom}
	if !slices.Contains(store.ExportTables(), x.Table) {
		return &usageError{fmt.Sprintf("no table %q", x.Table), "use one of " + strings.Join(store.ExportTables(), ", ")}
	}
	switch {
	case *out == "":
		return &usageError{"say where to with -o FILE", "the ending, .csv, .jsonl or .parquet, is the format"}
	case !slices.Contains(store.ExportFormats(), x.Format):
		return &usageError{fmt.Sprintf("-o %q: the name must end in .csv, .jsonl or .parquet", *out), "or give --format"}
	case x.BOM && x.Format != "csv":
		return &usageError{"--bom is for CSV", ""}
	}
	d, err := store.OpenReadOnly(ctx, *db)
	if err != nil {
		return err
	}
	defer d.Close()
	return e.export(ctx, d, x, *out)
}

// export writes the table and the data package under temporary names and renames them.
func (e *env) export(ctx context.Context, d *store.DB, x store.Export, path string) error {
	file, err := renameio.NewPendingFile(path, renameio.WithPermissions(0o644))
	if err != nil {
		return fmt.Errorf("write export: %w", err)
	}
	defer file.Cleanup() //nolint:errcheck // after a success there is nothing to clean
	sum := sha256.New()
	rows, err := x.Write(ctx, d, io.MultiWriter(file, sum))
	if err != nil {
		return err
	}
	size, err := file.Seek(0, io.SeekCurrent)
	if err != nil {
		return fmt.Errorf("write export: %w", err)
	}
	pkg, err := d.DataPackage(ctx, []store.ExportedFile{{Export: x, Path: filepath.Base(path), Rows: rows,
		Bytes: size, SHA256: fmt.Sprintf("%x", sum.Sum(nil))}}, e.now())
	if err != nil {
		return err
	}
	if err := file.CloseAtomicallyReplace(); err != nil {
		return fmt.Errorf("write export: %w", err)
	}
	beside := filepath.Join(filepath.Dir(path), "datapackage.json")
	if err := writeFile(beside, pkg); err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "wrote %s: %d rows; %s describes it\n", path, rows, beside)
	return nil
}
