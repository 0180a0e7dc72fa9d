package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"framewatch/crawler/files"
)

func TestFullDiskIsNamedAndLosesNothing(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=3m"); err != nil {
		t.Skipf("a small file system is needed, which only root can mount: %v", err)
	}
	defer syscall.Unmount(dir, syscall.MNT_DETACH)
	ctx := context.Background()
	path := filepath.Join(dir, "full.db")
	db, err := Open(ctx, path, Options{})
	must(t, err)
	kept := 0
	for ; kept < 5000; kept++ {
		r := record(t, fmt.Sprint(kept), "", "AI", "", strings.Repeat("China and the race. ", 200))
		if _, err = db.Import(ctx, []files.Record{r}, noon); err != nil {
			break
		}
	}
	if err == nil || !strings.Contains(err.Error(), "the disk is full") {
		t.Fatalf("after %d articles: %v", kept, err)
	}
	wantRows(t, db, `SELECT count(*) FROM v_article`, fmt.Sprint(kept))
	must(t, syscall.Mount("", dir, "", syscall.MS_REMOUNT, "size=30m"))
	importAll(t, db, record(t, "more", "", "AI", "", "It goes on."))
	must(t, db.Close())
	db, err = Open(ctx, path, Options{})
	must(t, err)
	defer db.Close()
	wantRows(t, db, `SELECT count(*) FROM v_article`, fmt.Sprint(kept+1))
	wantRows(t, db, `PRAGMA integrity_check`, "ok")
}

func TestADatabaseOnAReadOnlyDiskCanBeRead(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=30m"); err != nil {
		t.Skipf("a file system of its own is needed, which only root can mount: %v", err)
	}
	defer syscall.Unmount(dir, syscall.MNT_DETACH)
	ctx := context.Background()
	path := filepath.Join(dir, "archived.db")
	db, err := Open(ctx, path, Options{})
	must(t, err)
	importAll(t, db, record(t, "1", "", "AI", "", "China and the race."))
	must(t, db.Close())
	must(t, syscall.Mount("", dir, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""))
	ro, err := OpenReadOnly(ctx, path)
	must(t, err)
	wantRows(t, ro, `SELECT title FROM v_article`, "AI")
	must(t, ro.Close())
	r, err := Query(ctx, path, `SELECT count(*) FROM v_article`, Limits{})
	if err != nil || r.Rows[0][0] != int64(1) {
		t.Errorf("got %+v, %v", r, err)
	}
	if _, err := Query(ctx, path, `DELETE FROM meta`, Limits{}); !errors.Is(err, ErrReadOnly) {
		t.Errorf("got %v, want ErrReadOnly", err)
	}
	if err := open(path); err == nil || !strings.Contains(err.Error(), "read-only") {
		t.Errorf("opening for writing: %v", err)
	}
}

func TestABackupThatDoesNotFitLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=1m"); err != nil {
		t.Skipf("a small file system is needed, which only root can mount: %v", err)
	}
	defer syscall.Unmount(dir, syscall.MNT_DETACH)
	db, _ := newDB(t)
	for n := range 400 {
		importAll(t, db, record(t, fmt.Sprint(n), "", "AI", "", strings.Repeat(essay(n), 8)))
	}
	if _, err := BackupTo(context.Background(), db.Path(), filepath.Join(dir, "copy.db")); err == nil || !strings.Contains(err.Error(), "the disk is full") {
		t.Errorf("error %v, want one that says that the disk is full", err)
	}
	if files := content(t, dir); len(files) != 0 {
		t.Errorf("%d files are left", len(files))
	}
}
