package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"framewatch/configs"
)

func initCommand() command {
	return command{
		name: "init", args: "[DIR]", short: "write sources.yaml, codebook.yaml and events.csv for editing", run: runInit,
		help: `Writes the three built-in configuration files into DIR (default: the current folder), for editing. Files that
exist are left alone unless --force is given. Before a live crawl, set fetch.contact in sources.yaml: publishers
must be able to reach you.

Examples:
framewatch init study
framewatch init --force study
`}
}

func runInit(_ context.Context, e *env, args []string) error {
	f := newFlags(initCommand())
	force := f.Bool("force", false, "overwrite files that exist")
	args, err := f.parse(e, args)
	if err != nil {
		return err
	}
	dir := "."
	switch len(args) {
	case 0:
	case 1:
		dir = args[0]
	default:
		return &usageError{"more than one folder given", "name one"}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	kept := 0
	for _, name := range []string{"sources.yaml", "codebook.yaml", "events.csv"} {
		data, err := configs.FS.ReadFile(name)
		if err != nil {
			return err
		}
		path := filepath.Join(dir, name)
		wrote, err := writeNew(path, data, *force)
		if err != nil {
			return err
		}
		if !wrote {
			kept++
			fmt.Fprintf(e.stdout, "%s exists, left as it is\n", path)
			continue
		}
		fmt.Fprintf(e.stdout, "wrote %s\n", path)
	}
	fmt.Fprintf(e.stdout, "\nNext: set fetch.contact in %s, then\n  framewatch crawl --sources %[1]s --codebook %s --events %s\n",
		filepath.Join(dir, "sources.yaml"), filepath.Join(dir, "codebook.yaml"), filepath.Join(dir, "events.csv"))
	if kept > 0 {
		return &partialError{fmt.Sprintf("%d file(s) existed and were left as they are; --force overwrites them", kept)}
	}
	return nil
}

// writeNew writes a file that does not exist yet, or any file if overwriting is asked for.
func writeNew(path string, data []byte, overwrite bool) (wrote bool, err error) {
	mode := os.O_WRONLY | os.O_CREATE | os.O_EXCL
	if overwrite {
		mode = os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	}
	file, err := os.OpenFile(path, mode, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if _, err := file.Write(data); err != nil {
		file.Close()
		return false, err
	}
	return true, file.Close()
}
