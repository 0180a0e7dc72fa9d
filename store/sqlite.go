package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"

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

// reading is how a file is opened for reading alone. On a file system that is mounted read-only SQLite could not make the
// index that it keeps beside a database with a journal, and nobody can write, so it is told that the file cannot change.
func reading(path string) string {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err == nil {
		f.Close()
	}
	if live, jerr := hasJournal(path); errors.Is(err, syscall.EROFS) && jerr == nil && !live {
		return "immutable=1"
	}
	return "mode=ro"
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
	name, err := dsn(path, reading(path), "_query_only=1", "_busy_timeout=10000", "_pragma=cache_size(-8192)",
		"_pragma=temp_store(MEMORY)")
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(connector{&sqlite.Driver{}, name})
	db.SetMaxOpenConns(4)
	return db, nil
}

// sweep removes the empty journal that readers leave behind: only a connection that may write clears it away when it is
// the last to close. SQLite's locks keep this from disturbing anybody; where it cannot be done, nothing is lost.
func sweep(path string) {
	if info, err := os.Stat(path + "-wal"); err != nil || info.Size() > 0 {
		return
	}
	name, err := dsn(path, "mode=rw")
	if err != nil {
		return
	}
	db := sql.OpenDB(connector{&sqlite.Driver{}, name})
	defer db.Close()
	var version int
	_ = db.QueryRow(`SELECT schema_version FROM pragma_schema_version`).Scan(&version) // the journal is opened by reading
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

// openSandbox opens a connection for statements of users. What mode=ro leaves open (ATTACH and VACUUM INTO write files,
// a PRAGMA undoes query_only) the authorizer closes: SQLite compiles nothing that it does not allow.
func openSandbox(ctx context.Context, path string) (*sql.DB, *sql.Conn, error) {
	name, err := dsn(path, reading(path), "_query_only=1", "_busy_timeout=2000", "_pragma=cache_size(-8192)", "_pragma=trusted_schema(0)")
	if err != nil {
		return nil, nil, err
	}
	d := &sqlite.Driver{}
	for _, f := range functions() {
		err := d.RegisterDeterministicScalarFunction(f.name, int32(f.args), func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
			given := make([]any, len(args))
			for i, a := range args {
				given[i] = a
			}
			return f.call(given), nil
		})
		if err != nil {
			return nil, nil, fmt.Errorf("register %s: %w", f.name, err)
		}
	}
	d.RegisterConnectionHook(func(conn sqlite.ExecQuerierContext, _ string) error {
		r, ok := conn.(sqlite.AuthorizerRegisterer)
		if !ok {
			return errors.New("this SQLite has no authorizer")
		}
		return r.RegisterAuthorizer(authorize)
	})
	db := sql.OpenDB(connector{d, name})
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, nil, errors.Join(explain(err), db.Close())
	}
	for limit, most := range map[int]int{
		sqlite3.SQLITE_LIMIT_ATTACHED:            0,
		sqlite3.SQLITE_LIMIT_LENGTH:              5_000_000,
		sqlite3.SQLITE_LIMIT_SQL_LENGTH:          20_000,
		sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 1_000,
		sqlite3.SQLITE_LIMIT_EXPR_DEPTH:          200,
	} {
		if _, err := sqlite.Limit(conn, limit, most); err != nil {
			return nil, nil, errors.Join(err, conn.Close(), db.Close())
		}
	}
	return db, conn, nil
}

// authorize is the allow-list of the sandbox.
func authorize(action sqlite.AuthorizerActionCode, arg1, arg2, _, _ string) sqlite.AuthorizerReturnCode {
	switch action {
	case sqlite.AuthSelect, sqlite.AuthRead, sqlite.AuthRecursive:
		return sqlite.AuthorizerOK
	case sqlite.AuthFunction:
		if !strings.EqualFold(arg2, "load_extension") {
			return sqlite.AuthorizerOK
		}
	case sqlite.AuthPragma:
		switch strings.ToLower(arg1) {
		case "table_info", "table_xinfo", "table_list", "index_list", "index_info", "foreign_key_list", "data_version":
			return sqlite.AuthorizerOK // they describe tables and take no setting; full-text search asks for data_version
		}
	}
	return sqlite.AuthorizerDeny
}

// sandboxError says in plain words why a user's statement failed.
func sandboxError(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_AUTH, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		return ErrReadOnly
	case sqlite3.SQLITE_TOOBIG:
		return ErrTooLarge
	case sqlite3.SQLITE_INTERRUPT:
		return context.DeadlineExceeded
	case sqlite3.SQLITE_ERROR:
		return hint(e.Error())
	}
	return explain(err)
}

// hint adds to SQLite's message what most likely helps. The message is all that tells these failures apart: they share
// one code.
func hint(message string) error {
	message = strings.TrimSuffix(strings.TrimPrefix(message, "SQL logic error: "), " (1)")
	switch {
	case strings.HasPrefix(message, "not authorized"), strings.Contains(message, "attached databases"):
		return ErrReadOnly
	case strings.HasPrefix(message, "no such table"):
		return errors.New(message + "; there are " + viewNames())
	case strings.HasPrefix(message, "no such column"):
		return errors.New(message + "; text stands in single quotes, and docs/sql.md lists the columns")
	}
	return errors.New(message)
}
