package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"regexp"
	"strings"

	"framewatch/analysis"
	"framewatch/analysis/codebook"
	"framewatch/configs"
	"framewatch/crawler"
	"framewatch/store"
)

// builtin marks a configuration that comes with the program, in messages and in the database.
const builtin = "built-in "

// database declares --db.
func (f *flags) database(e *env) *string {
	def := e.getenv("FRAMEWATCH_DB")
	if def == "" {
		def = "framewatch.db"
	}
	return f.String("db", def, "the database `file`; $FRAMEWATCH_DB sets the default")
}

func (f *flags) codebook() *string {
	return f.String("codebook", "", "codebook `file`, a built-in one (default, cset-2020, cset-2021) or the fingerprint of one that the database keeps; without it the database's active codebook is used")
}

func (f *flags) sources() *string {
	return f.String("sources", "", "sources `file` instead of the built-in one")
}

func (f *flags) events() *string {
	return f.String("events", "", "events `file` instead of the built-in one")
}

// config reads a configuration file, or the built-in one when path is empty; name is what messages call it.
func config(path, embedded string) (name string, data []byte, err error) {
	if path == "" {
		data, err = configs.FS.ReadFile(embedded)
		return builtin + embedded, data, err
	}
	data, err = os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return path, nil, fmt.Errorf("%s: no such file; \"framewatch init\" writes a %s to start from", path, embedded)
	}
	return path, data, err
}

// coder is a compiled codebook and where it was read from.
type coder struct {
	*analysis.Analyzer
	file string
}

// coder compiles the codebook that applies: the one named, else the database's active one unless that is an older
// built-in, else the built-in one. An empty db means that there is no database to ask.
func (e *env) coder(ctx context.Context, path, db string) (coder, error) {
	file, cb, err := chooseCodebook(ctx, path, db)
	if err != nil {
		return coder{}, err
	}
	a, err := analysis.New(cb)
	return coder{a, file}, err
}

// embeddedCodebook is the file of a built-in codebook by the name that --codebook knows it by, "" for any other name.
func embeddedCodebook(name string) string {
	switch name {
	case "default":
		return "codebook.yaml"
	case "cset-2020", "cset-2021":
		return name + ".yaml"
	}
	return ""
}

var fingerprintShape = regexp.MustCompile(`^[0-9a-f]{12}$`)

func chooseCodebook(ctx context.Context, path, db string) (file string, cb *codebook.Codebook, err error) {
	embedded := embeddedCodebook(path)
	var kept *store.Codebook
	switch {
	case embedded != "" || db == "":
	case path == "":
		kept, err = store.ActiveCodebook(ctx, db)
	case fingerprintShape.MatchString(path) && !readable(path):
		if kept, err = store.KeptCodebook(ctx, db, path); err == nil && kept == nil {
			err = fmt.Errorf("%s keeps no codebook %s; \"framewatch sql 'SELECT * FROM v_codebook'\" lists those it keeps", db, path)
		}
	}
	if err != nil {
		return "", nil, err
	}
	if kept != nil {
		name, ours := strings.CutPrefix(kept.File, builtin)
		if path != "" { // one asked for as it was stays so, also where the built-in of that name has moved on
			name, ours = "", false
			kept.File = "codebook " + path
		}
		if !ours {
			cb, err = codebook.Parse(kept.File, kept.YAML)
			return kept.File, cb, err
		}
		embedded = name
	}
	if embedded != "" || path == "" {
		return builtinCodebook(cmp.Or(embedded, "codebook.yaml"))
	}
	file, data, err := config(path, "codebook.yaml")
	if err != nil {
		return file, nil, err
	}
	cb, err = codebook.Parse(file, data)
	return file, cb, err
}

// builtinCodebook reads a codebook that comes with the program, by its file.
func builtinCodebook(embedded string) (file string, cb *codebook.Codebook, err error) {
	file, data, err := config("", embedded)
	if err != nil {
		return file, nil, err
	}
	cb, err = codebook.Parse(file, data)
	return file, cb, err
}

func loadSources(path string) (*crawler.Sources, error) {
	name, data, err := config(path, "sources.yaml")
	if err != nil {
		return nil, err
	}
	return crawler.ParseSources(name, data)
}

// open opens the database for writing, with the codebook's gate and the events in place. Close it after use.
func (e *env) open(ctx context.Context, db string, c coder, events string) (*store.DB, error) {
	name, data, err := config(events, "events.csv")
	if err != nil {
		return nil, err
	}
	list, err := store.ParseEvents(name, data)
	if err != nil {
		return nil, err
	}
	d, err := store.Open(ctx, db, store.Options{Gate: c, CodebookFile: c.file, Now: e.now, Version: version()})
	if err != nil {
		return nil, err
	}
	if err := d.LoadEvents(ctx, list); err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}

// session is a database locked and opened for writing, with the codebook that applies.
type session struct {
	*store.DB
	coder
	unlock func()
}

// begin locks the database, chooses the codebook and opens it. End the session after use.
func (e *env) begin(ctx context.Context, db, codebook, events string) (*session, error) {
	unlock, err := store.Lock(db)
	if err != nil {
		return nil, err
	}
	c, err := e.coder(ctx, codebook, db)
	if err != nil {
		unlock()
		return nil, err
	}
	d, err := e.open(ctx, db, c, events)
	if err != nil {
		unlock()
		return nil, err
	}
	return &session{d, c, unlock}, nil
}

func (s *session) end() {
	s.DB.Close() //nolint:errcheck // every write was committed and checked before
	s.unlock()
}

// logger writes warnings and errors to stderr as text lines.
func (e *env) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(e.stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
}
