// Package store keeps everything that framewatch knows in one SQLite file. Fetched pages and articles flow in from a
// crawl or an import, mentions from an analysis; documents to be analyzed, jobs to be fetched and the rows of the
// v_* views flow out.
//
// One connection writes, a few others read, and the two never wait for each other (WAL). Exported methods own their
// transaction, are safe for concurrent use, and leave the database as it was when they fail.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"time"

	"framewatch/analysis"
	"framewatch/analysis/codebook"
)

// Gate judges what an article is about when it is saved; *[analysis.Analyzer] is one.
type Gate interface {
	Topic(d analysis.Document) analysis.Topic
	Codebook() *codebook.Codebook
}

// Options of [Open]. The zero value opens a database without judging topics.
type Options struct {
	// Gate judges every article that is saved; nil leaves that to the analysis.
	Gate Gate
	// CodebookFile is where the Gate's codebook was read from, kept for later messages.
	CodebookFile string
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Version is the program's, kept in a new database as its maker.
	Version string
}

// DB is an open database. Its methods are safe for concurrent use.
type DB struct {
	path    string
	writer  *writer // nil if opened read-only
	reader  *sql.DB
	gate    Gate
	cbFile  string
	now     func() time.Time
	version string
	print   string // fingerprint of the gate's codebook, which takes long to compute
}

// Open opens the database at path for reading and writing, makes it with mode 0600 if there is none, and brings its
// schema up to date. It refuses, changing nothing, a missing folder, a file that is no database of framewatch, one of a
// newer framewatch, and a file that is read-only. Callers hold [Lock].
func Open(ctx context.Context, path string, o Options) (*DB, error) {
	found, err := inspect(path)
	if err != nil {
		return nil, err
	}
	if found == absent {
		f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
		if err != nil {
			return nil, fmt.Errorf("make the database: %w", err)
		}
		if err := f.Close(); err != nil {
			return nil, err
		}
	}
	if err := checkWritable(path); err != nil {
		return nil, err
	}
	db := &DB{path: path, gate: o.Gate, cbFile: o.CodebookFile, now: o.Now, version: o.Version}
	if db.now == nil {
		db.now = time.Now
	}
	if db.gate != nil {
		db.print = db.gate.Codebook().Fingerprint()
	}
	if db.writer, err = newWriter(ctx, path); err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	if err := db.prepare(ctx); err != nil {
		db.Close()
		if found == absent {
			os.Remove(path) // nothing was in it
		}
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	return db, nil
}

func (db *DB) prepare(ctx context.Context) error {
	if err := db.checkLive(ctx); err != nil {
		return err
	}
	if err := db.migrate(ctx); err != nil {
		return err
	}
	var err error
	if db.reader, err = openReaders(db.path); err != nil {
		return err
	}
	return explain(db.reader.PingContext(ctx))
}

// OpenReadOnly opens an existing database for reading alone. It never changes the file, so it refuses one whose schema
// or views are not this program's; any command that writes brings them up to date.
func OpenReadOnly(ctx context.Context, path string) (*DB, error) {
	if err := Exists(path); err != nil {
		return nil, err
	}
	db := &DB{path: path, now: time.Now}
	var err error
	if db.reader, err = openReaders(path); err != nil {
		return nil, err
	}
	if err := db.checkReadable(ctx); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

func (db *DB) checkReadable(ctx context.Context) error {
	schema, application, objects, err := identity(ctx, db.reader)
	if err != nil {
		return fmt.Errorf("open %s: %w", db.path, explain(err))
	}
	if objects == 0 {
		return fmt.Errorf("%s: an empty file; \"framewatch crawl\", \"import\" or \"demo\" fills a database", db.path)
	}
	if err := checkVersion(db.path, schema, application); err != nil {
		return err
	}
	var views string
	if err := db.reader.QueryRowContext(ctx, `SELECT value FROM meta WHERE key = 'views'`).Scan(&views); err != nil {
		return fmt.Errorf("open %s: %w", db.path, explain(err))
	}
	if schema < schemaVersion() || views != viewsHash() {
		return fmt.Errorf("%s: written by another version of framewatch; run \"framewatch analyze\" once to bring it up to date", db.path)
	}
	return nil
}

// Close closes all connections; closing again does nothing. The journal is merged into the file when the last process closes it.
func (db *DB) Close() error {
	var errs []error
	if db.reader != nil {
		errs = append(errs, db.reader.Close())
	}
	if db.writer != nil {
		errs = append(errs, db.writer.close())
	} else {
		sweep(db.path)
	}
	return errors.Join(errs...)
}

// Path is the file that was opened, as given.
func (db *DB) Path() string { return db.path }

// Conn is a pool of connections that can only read.
func (db *DB) Conn() *sql.DB { return db.reader }

// QueryContext runs a query on a connection that can only read.
func (db *DB) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return db.reader.QueryContext(ctx, query, args...)
}
