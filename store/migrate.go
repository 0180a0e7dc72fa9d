package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strconv"
	"strings"
)

// migrations are the schema's steps, NNNN_name.sql, applied in order and never edited once released.
//
//go:embed migrations/*.sql
var migrations embed.FS

// viewsSQL holds every v_* view. Views are no migration: they are made anew whenever their text changes.
//
//go:embed views.sql
var viewsSQL string

var rxView = regexp.MustCompile(`(?m)^CREATE VIEW (\w+)`)

func migrationFiles() []string {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		panic(err) // the pattern is a constant
	}
	return names
}

// migrationNumber is the number in a migration's name: the schema version that it leads to.
func migrationNumber(name string) int {
	n, err := strconv.Atoi(strings.TrimPrefix(name, "migrations/")[:4])
	if err != nil {
		panic(err) // a test checks the names
	}
	return n
}

// schemaVersion is the highest schema that this program knows.
func schemaVersion() int {
	names := migrationFiles()
	return migrationNumber(names[len(names)-1])
}

// migrate applies the steps that the database lacks, all in one transaction, and renews the views.
func (db *DB) migrate(ctx context.Context) error {
	return db.write(ctx, "migrate", func(t *txn) error {
		var have int
		if err := t.row(ctx, `PRAGMA user_version`).Scan(&have); err != nil {
			return err
		}
		for _, name := range migrationFiles() {
			if migrationNumber(name) <= have {
				continue
			}
			script, err := migrations.ReadFile(name)
			if err != nil {
				return err
			}
			if err := t.script(ctx, string(script)); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		if have < schemaVersion() {
			// PRAGMA takes no parameters; both values are ours.
			set := fmt.Sprintf(`PRAGMA user_version = %d; PRAGMA application_id = %d`, schemaVersion(), applicationID)
			if err := t.script(ctx, set); err != nil {
				return err
			}
		}
		if have == 0 {
			if err := db.setMeta(ctx, t, "created", stamp(db.now())); err != nil {
				return err
			}
			if err := db.setMeta(ctx, t, "created_by", db.version); err != nil {
				return err
			}
		}
		return db.renewViews(ctx, t)
	})
}

func viewsHash() string {
	sum := sha256.Sum256([]byte(viewsSQL))
	return hex.EncodeToString(sum[:])
}

func (db *DB) renewViews(ctx context.Context, t *txn) error {
	want := viewsHash()
	var have string
	err := t.row(ctx, `SELECT value FROM meta WHERE key = 'views'`).Scan(&have)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if have == want {
		return nil
	}
	for _, m := range rxView.FindAllStringSubmatch(viewsSQL, -1) {
		if err := t.script(ctx, `DROP VIEW IF EXISTS `+m[1]); err != nil {
			return err
		}
	}
	if err := t.script(ctx, viewsSQL); err != nil {
		return fmt.Errorf("views.sql: %w", err)
	}
	return db.setMeta(ctx, t, "views", want)
}

func (db *DB) setMeta(ctx context.Context, t *txn, key, value string) error {
	_, err := t.exec(ctx, `INSERT INTO meta (key, value) VALUES (?, ?)
		ON CONFLICT (key) DO UPDATE SET value = excluded.value`, key, value)
	return err
}
