package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestBackup(t *testing.T) {
	ctx := context.Background()
	c := newCrawl(t)
	for i := range 3 {
		c.fetch(page{url: fmt.Sprintf("https://courier.example/%d", i), title: fmt.Sprint("Title ", i), text: essay(i), keepRaw: true})
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "copy.db")
	b, err := BackupTo(ctx, c.db.Path(), file)
	must(t, err)
	info, err := os.Stat(file)
	must(t, err)
	if info.Mode().Perm() != 0o600 || b.Bytes != info.Size() || b.Articles != 3 || b.Pages != 3 || b.File != file {
		t.Errorf("%+v with mode %v and %d bytes", b, info.Mode(), info.Size())
	}
	_, err = BackupTo(ctx, c.db.Path(), file)
	if !errors.Is(err, ErrExists) {
		t.Errorf("again: %v, want %v", err, ErrExists)
	}
	c.fetch(page{url: "https://courier.example/9", title: "Later", text: essay(9)})
	if b, err := ReplaceBackup(ctx, c.db.Path(), file); err != nil || b.Articles != 4 {
		t.Errorf("overwriting: %+v, %v", b, err)
	}
	if files := content(t, dir); len(files) != 1 {
		t.Errorf("%d files are left, want the copy alone", len(files))
	}
	copied, err := Open(ctx, file, Options{})
	must(t, err)
	defer copied.Close()
	got, err := copied.Counts(ctx)
	must(t, err)
	want, err := c.db.Counts(ctx)
	must(t, err)
	if got != want || got.Articles != 4 {
		t.Errorf("the copy counts %+v, want %+v", got, want)
	}
	var found int
	must(t, copied.Conn().QueryRowContext(ctx, `SELECT count(*) FROM article_search WHERE article_search MATCH 'essay2'`).Scan(&found))
	if found != 1 {
		t.Errorf("%d articles by full-text search in the copy, want 1", found)
	}
}

func TestBackupRefuses(t *testing.T) {
	ctx := context.Background()
	c := newCrawl(t)
	c.fetch(page{url: "https://courier.example/1", title: "Title", text: essay(1)})
	path := c.db.Path()
	dir := t.TempDir()
	link := filepath.Join(dir, "link.db")
	must(t, os.Symlink(path, link))
	for name, tc := range map[string]struct{ from, to, want string }{
		"the database itself":   {path, path, "belongs to the database itself"},
		"a link to it":          {path, link, "belongs to the database itself"},
		"its journal":           {path, path + "-wal", "belongs to the database itself"},
		"a folder":              {path, dir, "not a regular file"},
		"a folder that is not":  {path, filepath.Join(dir, "none", "x.db"), "does not exist"},
		"of no database":        {filepath.Join(dir, "none.db"), filepath.Join(dir, "x.db"), "no such database"},
		"of a damaged database": {spoiled(t, func(b []byte) []byte { return append(b[:8192], make([]byte, len(b)-8192)...) }), filepath.Join(dir, "x.db"), "damaged"},
	} {
		t.Run(name, func(t *testing.T) {
			before := content(t, filepath.Dir(tc.from))
			_, err := ReplaceBackup(ctx, tc.from, tc.to)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error %v, want one with %q", err, tc.want)
			}
			if after := content(t, filepath.Dir(tc.from)); fmt.Sprint(after) != fmt.Sprint(before) {
				t.Errorf("%d files before, %d after, or another content", len(before), len(after))
			}
		})
	}
	stopped, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := BackupTo(stopped, path, filepath.Join(dir, "y.db")); err == nil {
		t.Error("a backup that was stopped succeeded")
	}
	if files := content(t, dir); len(files) != 1 {
		t.Errorf("%d files are left, want the link alone", len(files))
	}
}
