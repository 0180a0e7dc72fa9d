package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// writer is the one connection that writes. It keeps its statements prepared, which database/sql would compile anew in
// every transaction.
type writer struct {
	pool  *sql.DB
	conn  *sql.Conn
	turn  chan struct{} // holds a token while nobody writes
	stmts map[string]*sql.Stmt

	commits int
	closed  bool
}

// optimizeEvery is the number of transactions after which the statistics are looked at.
const optimizeEvery = 200

// optimize takes statistics of tables that have grown much, without which the planner reads large ones in the wrong order.
func (w *writer) optimize(ctx context.Context) error {
	_, err := w.conn.ExecContext(ctx, `PRAGMA analysis_limit = 0; PRAGMA optimize = 0x10002`)
	return err
}

func newWriter(ctx context.Context, path string) (*writer, error) {
	pool, err := openWriter(path)
	if err != nil {
		return nil, err
	}
	conn, err := pool.Conn(ctx)
	if err != nil {
		pool.Close()
		return nil, explain(err)
	}
	w := &writer{pool: pool, conn: conn, turn: make(chan struct{}, 1), stmts: map[string]*sql.Stmt{}}
	w.turn <- struct{}{}
	return w, nil
}

func (w *writer) close() error {
	<-w.turn // let a transaction end
	defer func() { w.turn <- struct{}{} }()
	if w.closed {
		return nil
	}
	w.closed = true
	var errs []error
	if w.commits > 0 {
		errs = append(errs, w.optimize(context.Background()))
	}
	for _, s := range w.stmts {
		errs = append(errs, s.Close())
	}
	return errors.Join(append(errs, w.conn.Close(), w.pool.Close())...)
}

// alone runs what cannot run in a transaction.
func (w *writer) alone(ctx context.Context, script string) error {
	<-w.turn
	defer func() { w.turn <- struct{}{} }()
	_, err := w.conn.ExecContext(ctx, script)
	return err
}

// txn is the transaction under way. Its methods are not safe for concurrent use.
type txn struct{ w *writer }

func (t *txn) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	if s, ok := t.w.stmts[query]; ok {
		return s, nil
	}
	s, err := t.w.conn.PrepareContext(ctx, query)
	if err == nil {
		t.w.stmts[query] = s
	}
	return s, err
}

// exec runs a statement that is one of a fixed few: it stays prepared for good.
func (t *txn) exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	s, err := t.prepare(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(ctx, args...)
}

// row is exec for a query that gives one row.
func (t *txn) row(ctx context.Context, query string, args ...any) scanner {
	s, err := t.prepare(ctx, query)
	if err != nil {
		return failed{err}
	}
	return s.QueryRowContext(ctx, args...)
}

// rows is exec for a query that gives many rows, which f reads one by one.
func (t *txn) rows(ctx context.Context, f func(scanner) error, query string, args ...any) error {
	s, err := t.prepare(ctx, query)
	if err != nil {
		return err
	}
	rows, err := s.QueryContext(ctx, args...)
	return each(rows, err, f)
}

// script runs statements that are needed once.
func (t *txn) script(ctx context.Context, text string) error {
	_, err := t.w.conn.ExecContext(ctx, text)
	return err
}

type scanner interface{ Scan(dest ...any) error }

type failed struct{ err error }

func (f failed) Scan(...any) error { return f.err }

// each calls f for every row of a query's result and closes it.
func each(rows *sql.Rows, err error, f func(scanner) error) error {
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := f(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// write runs f in a transaction, which it commits if f succeeds; doing names the work in the error. It waits for its
// turn, and for other processes as long as the busy timeout says.
func (db *DB) write(ctx context.Context, doing string, f func(t *txn) error) error {
	w := db.writer
	if w == nil {
		return fmt.Errorf("%s: the database was opened for reading", doing)
	}
	select {
	case <-w.turn:
		defer func() { w.turn <- struct{}{} }()
	case <-ctx.Done():
		return fmt.Errorf("%s: %w", doing, ctx.Err())
	}
	if w.closed {
		return fmt.Errorf("%s: the database is closed", doing)
	}
	t := &txn{w}
	if _, err := t.exec(ctx, `BEGIN IMMEDIATE`); err != nil {
		return fmt.Errorf("%s: %w", doing, explain(err))
	}
	err := f(t)
	if err == nil {
		_, err = t.exec(ctx, `COMMIT`)
	}
	if err != nil {
		// An error may have ended the transaction already, so that this one fails; either way nothing is left of it.
		_ = t.script(context.WithoutCancel(ctx), `ROLLBACK`)
		return fmt.Errorf("%s: %w", doing, explain(err))
	}
	if w.commits++; w.commits%optimizeEvery == 0 {
		// What was written stands whatever comes of this.
		_ = w.optimize(context.WithoutCancel(ctx))
	}
	return nil
}
