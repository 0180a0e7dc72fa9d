package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// connector opens connections with a driver of its own, so that what is set up on one kind of connection never
// reaches another, and nothing is registered globally.
type connector struct {
	driver *sqlite.Driver
	dsn    string
}

func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return c.driver.Open(c.dsn)
}

func (c connector) Driver() driver.Driver { return c.driver }

// dsn is the URI of a database file. Parameters are key=value; the path may hold any character.
func dsn(path string, params ...string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(abs)}
	s := u.String() + "?_error_rc=1&_dqs=0&_defensive=1"
	for _, p := range params {
		s += "&" + p
	}
	return s, nil
}

// openWriter opens the one connection that writes. synchronous=FULL because an acknowledged article must survive a
// power loss. Its transactions begin IMMEDIATE: a deferred one that reads and then writes fails at once, whatever the
// busy timeout, when another process has committed in between.
func openWriter(path string) (*sql.DB, error) {
	name, err := dsn(path, "mode=rw", "_busy_timeout=10000", "_journal_mode=WAL",
		"_synchronous=FULL", "_foreign_keys=1", "_pragma=cache_size(-65536)", "_pragma=temp_store(MEMORY)")
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(connector{&sqlite.Driver{}, name})
	db.SetMaxOpenConns(1)
	return db, nil
}

// openReaders opens a pool of connections that cannot write.
func openReaders(path string) (*sql.DB, error) {
	name, err := dsn(path, "mode=ro", "_query_only=1", "_busy_timeout=10000", "_pragma=cache_size(-32768)",
		"_pragma=temp_store(MEMORY)")
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(connector{&sqlite.Driver{}, name})
	db.SetMaxOpenConns(4)
	return db, nil
}

// explain puts what to do before SQLite's own message, for the failures that a user can meet.
func explain(err error) error {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_FULL:
		return fmt.Errorf("the disk is full; what was acknowledged is kept, free some space and run again: %w", err)
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return fmt.Errorf("%w: another program holds the database; close it or try again later", ErrBusy)
	case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
		return fmt.Errorf("the database is damaged; restore a backup, or save what can be read with "+
			"sqlite3's .recover: %w", err)
	case sqlite3.SQLITE_READONLY:
		return fmt.Errorf("the database is read-only; check who owns the file and its folder: %w", err)
	case sqlite3.SQLITE_CANTOPEN:
		return fmt.Errorf("the database cannot be opened; check who owns the file and its folder: %w", err)
	case sqlite3.SQLITE_IOERR:
		return fmt.Errorf("reading or writing the disk failed: %w", err)
	}
	return err
}
