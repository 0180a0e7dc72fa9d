package store

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// applicationID marks the file as framewatch's in SQLite's header ("fwch").
const applicationID = 0x66776368

const headerSize = 100

// Exists says why there is no database at path that could be read: nil if there is one. It changes nothing.
func Exists(path string) error {
	found, err := inspect(path)
	if err != nil {
		return err
	}
	if found == absent {
		return fmt.Errorf("%s: no such database; \"framewatch crawl\", \"import\" or \"demo\" makes one, and --db names another", path)
	}
	return nil
}

// presence is what a look at the file found.
type presence int

const (
	absent presence = iota
	empty
	present
)

func checkFolder(path string) error {
	dir := filepath.Dir(path)
	info, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: the folder %s does not exist; create it first", path, dir)
	}
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return fmt.Errorf("%s: %s is a file, not a folder", path, dir)
	}
	return nil
}

// inspect looks at the file without SQLite, which would touch it, and refuses what is not a database of framewatch.
func inspect(path string) (presence, error) {
	if err := checkFolder(path); err != nil {
		return absent, err
	}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return absent, nil
	}
	if err != nil {
		return absent, err
	}
	if !info.Mode().IsRegular() {
		return absent, fmt.Errorf("%s: not a regular file; --db names the database file", path)
	}
	if info.Size() == 0 {
		return empty, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return absent, err
	}
	defer f.Close()
	header := make([]byte, headerSize)
	if _, err := io.ReadFull(f, header); err != nil || string(header[:16]) != "SQLite format 3\x00" {
		return absent, fmt.Errorf("%s: not an SQLite database; nothing was changed, choose another file with --db", path)
	}
	return present, checkHeader(path, header, info.Size())
}

func checkHeader(path string, header []byte, size int64) error {
	word := func(at int) uint32 { return binary.BigEndian.Uint32(header[at:]) }
	pageSize := int64(binary.BigEndian.Uint16(header[16:]))
	if pageSize == 1 {
		pageSize = 65536
	}
	if pageSize < 512 || pageSize&(pageSize-1) != 0 {
		return fmt.Errorf("%s: the database header is damaged (page size %d); restore a backup", path, pageSize)
	}
	if live, err := hasJournal(path); err != nil || live {
		return err // the header may be older than what the journal holds; migrate asks SQLite
	}
	// The size in the header counts only if the last writer kept it, see https://www.sqlite.org/fileformat.html §1.3.7.
	if pages := int64(word(28)); word(24) == word(92) && pages*pageSize > size {
		return fmt.Errorf("%s: the database is cut off: %d bytes of %d; restore a backup", path, size, pages*pageSize)
	}
	return checkVersion(path, int(word(60)), int(word(68)))
}

// checkVersion refuses another program's database and one of a newer framewatch.
func checkVersion(path string, schema, application int) error {
	if application != applicationID {
		return fmt.Errorf("%s: an SQLite database, but not one of framewatch; nothing was changed, choose another file with --db", path)
	}
	if schema > schemaVersion() {
		return fmt.Errorf("%s: written by a newer framewatch (schema %d, this program knows %d); nothing was changed, update framewatch",
			path, schema, schemaVersion())
	}
	return nil
}

func hasJournal(path string) (bool, error) {
	info, err := os.Stat(path + "-wal")
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil && info.Size() > 0, err
}

// checkWritable refuses a file that is meant to be read only, also where the user is root and could write it.
func checkWritable(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err == nil {
		err = f.Close()
	}
	if err != nil || info.Mode().Perm()&0o222 == 0 {
		return fmt.Errorf("%s: the file is read-only; nothing was changed, make it writable (chmod u+w) or choose another with --db", path)
	}
	probe, err := os.CreateTemp(filepath.Dir(path), ".framewatch-*")
	if err != nil {
		return fmt.Errorf("%s: its folder is read-only, but SQLite must write its journal there: %w", path, err)
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

// checkLive repeats checkVersion through SQLite, for a database whose last transactions are still in the journal.
func (db *DB) checkLive(ctx context.Context) error {
	schema, application, objects, err := identity(ctx, db.writer.conn)
	if err != nil {
		return explain(err)
	}
	if schema == 0 && application == 0 && objects == 0 {
		return nil // just made
	}
	return checkVersion(db.path, schema, application)
}

type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// identity reads what tells whose database it is, and how many tables and views it has.
func identity(ctx context.Context, db querier) (schema, application, objects int, err error) {
	err = db.QueryRowContext(ctx, `SELECT u.user_version, a.application_id, (SELECT count(*) FROM sqlite_schema)
		FROM pragma_user_version AS u, pragma_application_id AS a`).Scan(&schema, &application, &objects)
	return schema, application, objects, err
}

// BeginTx begins a transaction on a connection that can only read; what it reads stays the same until it ends.
func (db *DB) BeginTx(ctx context.Context, o *sql.TxOptions) (*sql.Tx, error) {
	return db.reader.BeginTx(ctx, o)
}
