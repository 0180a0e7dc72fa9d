package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"framewatch/analysis/codebook"
)

// Codebook is a codebook as the database keeps it.
type Codebook struct {
	Fingerprint, Name, Version, Title string
	File                              string // what it was read from last
	YAML                              []byte // the file's bytes
}

// ActiveCodebook reads the active codebook of the database at path. It is nil if there is no database yet or none is
// active.
func ActiveCodebook(ctx context.Context, path string) (*Codebook, error) {
	return keptCodebook(ctx, path, `active = 1`)
}

// KeptCodebook reads the codebook with this fingerprint, active or not, from the database at path. It is nil if there
// is no database yet or it keeps no such codebook.
func KeptCodebook(ctx context.Context, path, fingerprint string) (*Codebook, error) {
	return keptCodebook(ctx, path, `fingerprint = ?`, fingerprint)
}

func keptCodebook(ctx context.Context, path, where string, args ...any) (*Codebook, error) {
	found, err := inspect(path)
	if err != nil || found != present {
		return nil, err
	}
	reader, err := openReaders(path)
	if err != nil {
		return nil, err
	}
	defer func() {
		reader.Close()
		sweep(path)
	}()
	return scanCodebook(ctx, reader, path, where, args...)
}

// CodebookIn reads the active codebook of the state of the database that tx sees. It is nil if none is active.
func CodebookIn(ctx context.Context, tx *sql.Tx) (*Codebook, error) {
	return scanCodebook(ctx, tx, "the database", `active = 1`)
}

func scanCodebook(ctx context.Context, db interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}, path, where string, args ...any) (*Codebook, error) {
	var c Codebook
	err := db.QueryRowContext(ctx, `SELECT fingerprint, name, version, title, file, yaml FROM codebook WHERE `+where, args...).
		Scan(&c.Fingerprint, &c.Name, &c.Version, &c.Title, &c.File, &c.YAML)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the codebook of %s: %w", path, explain(err))
	}
	return &c, nil
}

// UseCodebook registers the codebook and makes it the one that the views show. engine is the version of the coding
// engine that goes with it.
func (db *DB) UseCodebook(ctx context.Context, cb *codebook.Codebook, engine int) error {
	return db.write(ctx, "use codebook", func(t *txn) error {
		id, err := db.register(ctx, t, cb, engine)
		if err != nil {
			return err
		}
		if err := relabel(ctx, t, id, cb, engine, db.fileOf(cb)); err != nil {
			return err
		}
		if _, err := t.exec(ctx, `UPDATE codebook SET active = 0 WHERE active = 1 AND id <> ?`, id); err != nil {
			return err
		}
		_, err = t.exec(ctx, `UPDATE codebook SET active = 1 WHERE id = ?`, id)
		return err
	})
}

// register gives the codebook's number. The first codebook that a database meets becomes its active one.
func (db *DB) register(ctx context.Context, t *txn, cb *codebook.Codebook, engine int) (int64, error) {
	var id int64
	fingerprint := db.fingerprint(cb)
	err := t.row(ctx, `SELECT id FROM codebook WHERE fingerprint = ?`, fingerprint).Scan(&id)
	if !errors.Is(err, sql.ErrNoRows) {
		return id, err
	}
	err = t.row(ctx, `INSERT INTO codebook (fingerprint, name, yaml, engine, first_used, active)
		VALUES (?, ?, ?, ?, ?, NOT EXISTS (SELECT 1 FROM codebook WHERE active = 1)) RETURNING id`,
		fingerprint, cb.Name, source(cb), engine, stamp(db.now())).Scan(&id)
	if err != nil {
		return 0, err
	}
	for _, f := range cb.Frames {
		for _, ancestor := range lineage(cb, f) {
			_, err := t.exec(ctx, `INSERT INTO frame_rollup (codebook_id, frame, counts_for) VALUES (?, ?, ?)`, id, f.ID, ancestor)
			if err != nil {
				return 0, err
			}
		}
	}
	return id, relabel(ctx, t, id, cb, engine, db.fileOf(cb))
}

// relabel keeps what may change while the codebook's meaning stays: labels, texts, the file itself.
func relabel(ctx context.Context, t *txn, id int64, cb *codebook.Codebook, engine int, file string) error {
	_, err := t.exec(ctx, `UPDATE codebook SET name = ?2, version = ?3, title = ?4, yaml = ?5, engine = ?6,
		file = coalesce(nullif(?7, ''), file) WHERE id = ?1`, id, cb.Name, cb.Version, cb.Title, source(cb), engine, file)
	if err != nil {
		return err
	}
	for i, f := range cb.Frames {
		var parent any
		if f.Parent != "" {
			parent = f.Parent
		}
		_, err := t.exec(ctx, `INSERT INTO frame (codebook_id, frame, parent, position, label, group_name, description)
			VALUES (?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (codebook_id, frame) DO UPDATE SET position = excluded.position, label = excluded.label,
				group_name = excluded.group_name, description = excluded.description`,
			id, f.ID, parent, i, f.Label, f.Group, f.Description)
		if err != nil {
			return err
		}
	}
	return nil
}

// source is the codebook's file; one made in memory has none, which is not NULL.
func source(cb *codebook.Codebook) []byte { return append([]byte{}, cb.Source...) }

// fingerprint is the codebook's, kept for the gate's.
func (db *DB) fingerprint(cb *codebook.Codebook) string {
	if db.gate != nil && cb == db.gate.Codebook() {
		return db.print
	}
	return cb.Fingerprint()
}

// fileOf is where the codebook was read from, if it is the gate's.
func (db *DB) fileOf(cb *codebook.Codebook) string {
	if db.gate != nil && db.print == db.fingerprint(cb) {
		return db.cbFile
	}
	return ""
}

// lineage is the frame and its ancestors. A codebook that was parsed has no cycle; the bound keeps a hand-made one from
// running for ever.
func lineage(cb *codebook.Codebook, f codebook.Frame) []string {
	line := []string{f.ID}
	for range cb.Frames {
		parent, ok := cb.Frame(f.Parent)
		if !ok || parent.ID == f.ID {
			break
		}
		line = append(line, parent.ID)
		f = parent
	}
	return line
}
