package store

import (
	"context"
	"os"
	"path/filepath"
	"testing"
)

func TestOpenMakesAPrivateDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a b?c#d%41.db")
	db, err := Open(context.Background(), path, Options{Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != 0o600 {
		t.Errorf("mode %o, want 600", got)
	}
	ro, err := OpenReadOnly(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	ro.Close()
}
