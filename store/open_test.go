package store

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func open(path string) error {
	db, err := Open(context.Background(), path, Options{Version: "test"})
	if err != nil {
		return err
	}
	return db.Close()
}

func TestOpenMakesAPrivateDatabase(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a b?c#d%41é.db")
	must(t, open(path))
	info, err := os.Stat(path)
	must(t, err)
	if got := info.Mode().Perm(); got != 0o600 {
		t.Errorf("mode %o, want 600", got)
	}
	must(t, open(path))
	ro, err := OpenReadOnly(context.Background(), path)
	must(t, err)
	must(t, ro.Close())
	if kept, err := ActiveCodebook(context.Background(), path); kept != nil || err != nil {
		t.Errorf("active codebook %v, %v", kept, err)
	}
	if files := content(t, dir); len(files) != 1 {
		t.Errorf("%d files are left, want the database alone", len(files))
	}
}

func TestFilesOfALiveDatabaseAreAllPrivate(t *testing.T) {
	db, _ := newDB(t)
	importAll(t, db, record(t, "1", "", "AI", "", "text"))
	release, err := Lock(db.Path())
	must(t, err)
	defer release()
	entries, err := os.ReadDir(filepath.Dir(db.Path()))
	must(t, err)
	if len(entries) != 4 {
		t.Errorf("%d files, want the database, its journal, its index and the lock", len(entries))
	}
	for _, e := range entries {
		info, err := e.Info()
		must(t, err)
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %o", e.Name(), info.Mode().Perm())
		}
	}
}

// spoiled makes a database, lets spoil change its bytes, and gives its path.
func spoiled(t *testing.T, spoil func([]byte) []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "spoiled.db")
	must(t, open(path))
	data, err := os.ReadFile(path)
	must(t, err)
	must(t, os.WriteFile(path, spoil(data), 0o600))
	return path
}

func TestOpenRefusesAndTouchesNothing(t *testing.T) {
	foreign := filepath.Join(t.TempDir(), "foreign.db")
	db, err := sql.Open("sqlite", foreign)
	must(t, err)
	_, err = db.Exec(`CREATE TABLE theirs (x)`)
	must(t, err)
	must(t, db.Close())
	text := filepath.Join(t.TempDir(), "notes.txt")
	must(t, os.WriteFile(text, []byte(strings.Repeat("not a database\n", 50)), 0o600))
	short := filepath.Join(t.TempDir(), "short.db")
	must(t, os.WriteFile(short, []byte("SQLite format 3\x00"), 0o600))
	readonly := spoiled(t, func(b []byte) []byte { return b })
	must(t, os.Chmod(readonly, 0o400))
	for _, tt := range []struct{ name, path, want string }{
		{"missing folder", filepath.Join(t.TempDir(), "none", "x.db"), "does not exist; create it first"},
		{"file for a folder", filepath.Join(text, "x.db"), "is a file, not a folder"},
		{"folder", t.TempDir(), "not a regular file"},
		{"text file", text, "not an SQLite database"},
		{"only the magic", short, "not an SQLite database"},
		{"database of another program", foreign, "not one of framewatch"},
		{"newer schema", spoiled(t, func(b []byte) []byte {
			binary.BigEndian.PutUint32(b[60:], 4711)
			return b
		}), fmt.Sprintf("written by a newer framewatch (schema 4711, this program knows %d)", schemaVersion())},
		{"damaged header", spoiled(t, func(b []byte) []byte {
			b[16] = 0x55
			return b
		}), "damaged"},
		{"damaged first page", spoiled(t, func(b []byte) []byte {
			copy(b[100:], strings.Repeat("\xff", 300))
			return b
		}), "damaged"},
		{"cut off", spoiled(t, func(b []byte) []byte { return b[:len(b)/2] }), "cut off"},
		{"read-only file", readonly, "the file is read-only"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before, _ := os.ReadFile(tt.path)
			err := open(tt.path)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want …%s…", err, tt.want)
			}
			if err != nil && strings.Contains(err.Error(), "\n") {
				t.Errorf("the message has several lines: %q", err)
			}
			after, _ := os.ReadFile(tt.path)
			if string(before) != string(after) {
				t.Error("the file was changed")
			}
		})
	}
	if files := content(t, filepath.Dir(foreign)); len(files) != 1 {
		t.Errorf("files were left beside another program's database: %d", len(files))
	}
}

// A database that a newer program has just written may say so in its journal alone.
func TestOpenFindsANewerSchemaInTheJournal(t *testing.T) {
	db, _ := newDB(t)
	must(t, db.write(context.Background(), "test", func(tx *txn) error {
		return tx.script(context.Background(), `PRAGMA user_version = 4711`)
	}))
	if err := open(db.Path()); err == nil || !strings.Contains(err.Error(), "schema 4711") {
		t.Errorf("got %v", err)
	}
	if _, err := OpenReadOnly(context.Background(), db.Path()); err == nil || !strings.Contains(err.Error(), "schema 4711") {
		t.Errorf("read-only: got %v", err)
	}
}

func TestReadingRefusesWhatIsNotThere(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	none, empty := filepath.Join(dir, "none.db"), filepath.Join(dir, "empty.db")
	must(t, os.WriteFile(empty, nil, 0o600))
	for path, want := range map[string]string{none: "no such database", empty: "an empty file"} {
		if _, err := OpenReadOnly(ctx, path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want …%s…", err, want)
		}
		if kept, err := ActiveCodebook(ctx, path); kept != nil || err != nil {
			t.Errorf("active codebook %v, %v", kept, err)
		}
	}
	if files := content(t, dir); len(files) != 1 {
		t.Errorf("reading made files: %d", len(files))
	}
	must(t, open(empty)) // an empty file may become a database
}

func TestReadersCannotWrite(t *testing.T) {
	ctx := context.Background()
	db, _ := newDB(t)
	ro, err := OpenReadOnly(ctx, db.Path())
	must(t, err)
	defer ro.Close()
	if err := ro.LoadEvents(ctx, nil); err == nil || !strings.Contains(err.Error(), "opened for reading") {
		t.Errorf("got %v", err)
	}
	for _, conn := range []*sql.DB{ro.Conn(), db.Conn()} {
		if _, err := conn.ExecContext(ctx, `DELETE FROM meta`); err == nil {
			t.Error("a reader wrote")
		}
	}
}

func TestViewsAreRenewedWhenTheirTextChanges(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "views.db")
	must(t, open(path))
	db, err := Open(ctx, path, Options{})
	must(t, err)
	must(t, db.write(ctx, "test", func(tx *txn) error {
		return tx.script(ctx, `DROP VIEW v_month; CREATE VIEW v_month AS SELECT 1 AS old; UPDATE meta SET value = 'other' WHERE key = 'views'`)
	}))
	must(t, db.Close())
	if _, err := OpenReadOnly(ctx, path); err == nil || !strings.Contains(err.Error(), "another version") {
		t.Errorf("got %v", err)
	}
	must(t, open(path))
	ro, err := OpenReadOnly(ctx, path)
	must(t, err)
	defer ro.Close()
	wantRows(t, ro, `SELECT count(n) FROM v_month`, "0")
}

func TestLockAdmitsOne(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	release, err := Lock(path)
	must(t, err)
	if _, err := Lock(path); !errors.Is(err, ErrBusy) {
		t.Errorf("second lock: %v, want ErrBusy", err)
	}
	must(t, open(path))
	link := filepath.Join(filepath.Dir(path), "link.db")
	must(t, os.Symlink(path, link))
	if _, err := Lock(link); !errors.Is(err, ErrBusy) {
		t.Errorf("lock by another name: %v, want ErrBusy", err)
	}
	release()
	again, err := Lock(path)
	must(t, err)
	again()
	if _, err := Lock(filepath.Join(t.TempDir(), "none", "x.db")); err == nil || errors.Is(err, ErrBusy) {
		t.Errorf("missing folder: %v", err)
	}
}

func TestMigrationsAreNumberedInOrder(t *testing.T) {
	rxName := regexp.MustCompile(`^migrations/(\d{4})_[a-z_]+\.sql$`)
	last := 0
	for _, name := range migrationFiles() {
		if !rxName.MatchString(name) || migrationNumber(name) <= last {
			t.Errorf("%s: want NNNN_name.sql, above %04d", name, last)
			continue
		}
		last = migrationNumber(name)
	}
}
