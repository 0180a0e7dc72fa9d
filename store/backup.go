package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"modernc.org/sqlite"
)

// Backup is a copy of a database that has been checked.
type Backup struct {
	File     string `json:"file"`
	Bytes    int64  `json:"bytes"`
	Articles int    `json:"articles"`
	Pages    int    `json:"pages"` // responses kept, with and without their body
}

// ErrExists says that a file is there that would be overwritten.
var ErrExists = errors.New("the file exists")

// BackupTo copies the database at path to a file, as it is at one moment, while others may read and write it; also one
// that an older framewatch wrote. The copy is written under a temporary name in the file's folder, with mode 0600,
// checked whole and renamed, so that the file is a sound copy or not there. It fails with [ErrExists] where the file
// exists; [ReplaceBackup] overwrites.
func BackupTo(ctx context.Context, path, file string) (Backup, error) {
	if _, err := os.Lstat(file); !errors.Is(err, fs.ErrNotExist) {
		if err == nil {
			err = ErrExists
		}
		return Backup{}, fmt.Errorf("%s: %w", file, err)
	}
	return ReplaceBackup(ctx, path, file)
}

// ReplaceBackup is [BackupTo] for a file that may exist; it stays as it is if the copy fails.
func ReplaceBackup(ctx context.Context, path, file string) (b Backup, err error) {
	if err := Exists(path); err != nil {
		return Backup{}, err
	}
	if err := checkTarget(path, file); err != nil {
		return Backup{}, err
	}
	// CreateTemp makes it readable for nobody else, and SQLite fills an empty file.
	temp, err := os.CreateTemp(filepath.Dir(file), "."+filepath.Base(file)+"-*")
	if err != nil {
		return Backup{}, fmt.Errorf("backup: %w", err)
	}
	temp.Close()
	defer func() {
		if err != nil {
			removeDatabase(temp.Name())
		}
	}()
	if err := vacuumInto(ctx, path, temp.Name()); err != nil {
		return Backup{}, fmt.Errorf("copy %s: %w", path, explain(err))
	}
	if b, err = check(ctx, temp.Name()); err != nil {
		return Backup{}, fmt.Errorf("the copy is not sound: %w", explain(err))
	}
	if err := flush(temp.Name()); err != nil {
		return Backup{}, err
	}
	if err := os.Rename(temp.Name(), file); err != nil {
		return Backup{}, fmt.Errorf("backup: %w", err)
	}
	b.File = file
	return b, flush(filepath.Dir(file))
}

// checkTarget refuses to write a backup over the database or what belongs to it.
func checkTarget(path, file string) error {
	if err := checkFolder(file); err != nil {
		return err
	}
	info, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s: not a regular file; name a file for the backup", file)
	}
	for _, own := range []string{"", "-wal", "-shm", ".lock"} {
		if o, err := os.Stat(path + own); err == nil && os.SameFile(o, info) {
			return fmt.Errorf("%s: belongs to the database itself; name another file for the backup", file)
		}
	}
	return nil
}

// vacuumInto writes a compact copy of one moment. Its connection may write, since SQLite takes this for writing, but not
// to the database.
func vacuumInto(ctx context.Context, path, to string) error {
	name, err := dsn(path, reading(path), "_busy_timeout=10000", "_pragma=temp_store(MEMORY)")
	if err != nil {
		return err
	}
	db := sql.OpenDB(connector{&sqlite.Driver{}, name})
	defer sweep(path)
	defer db.Close()
	_, err = db.ExecContext(ctx, `VACUUM INTO ?`, to)
	return err
}

// check reads a copy from end to end and counts what is in it.
func check(ctx context.Context, path string) (Backup, error) {
	name, err := dsn(path, "mode=ro", "_query_only=1")
	if err != nil {
		return Backup{}, err
	}
	db := sql.OpenDB(connector{&sqlite.Driver{}, name})
	defer db.Close()
	var problems []string
	rows, err := db.QueryContext(ctx, `PRAGMA integrity_check(10)`)
	err = each(rows, err, func(r scanner) error {
		var line string
		err := r.Scan(&line)
		problems = append(problems, line)
		return err
	})
	if err != nil {
		return Backup{}, err
	}
	if len(problems) != 1 || problems[0] != "ok" {
		return Backup{}, errors.New(strings.Join(problems, "; "))
	}
	var b Backup
	if err := db.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM article), (SELECT count(*) FROM page)`).Scan(&b.Articles, &b.Pages); err != nil {
		return Backup{}, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return Backup{}, err
	}
	b.Bytes = info.Size()
	return b, nil
}

// flush has the system write a file or folder to the disk.
func flush(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// removeDatabase removes a database that was not finished, with what SQLite keeps beside it.
func removeDatabase(path string) {
	for _, suffix := range []string{"", "-journal", "-wal", "-shm"} {
		os.Remove(path + suffix) //nolint:errcheck // best effort: the failure before it is what counts
	}
}
