package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Limits bound a statement of a user. A zero field has its default.
type Limits struct {
	Timeout  time.Duration // how long it may run; default 30 s
	MaxRows  int           // rows given at most; default 100,000
	MaxBytes int           // text and blobs held at most, in bytes; default 256 MiB
}

// Result is what a statement gave. Values are nil, int64, float64, string or []byte.
type Result struct {
	Columns   []string
	Rows      [][]any
	Truncated bool // there was more than the Limits let through
}

// Errors of [Query] on which a caller may branch.
var (
	ErrReadOnly  = errors.New("only reading is allowed here: write one SELECT")
	ErrTimeout   = errors.New("the statement took too long")
	ErrTooLarge  = errors.New("a value in the statement is larger than is allowed here (5 MB)")
	ErrStatement = errors.New("write one statement")
)

// grace is how long a statement may overrun its deadline before it is left to itself: SQLite looks at the clock only
// between steps, and one call of a function can take longer.
const grace = 500 * time.Millisecond

// Query runs one statement of a user on the database at path, for reading alone. The connection is its own, opened
// read-only, and an authorizer lets SQLite compile nothing but reading: no other file can be opened or written, no
// setting changed. Named parameters are given as [sql.Named] values.
func Query(ctx context.Context, path, statement string, l Limits, args ...any) (*Result, error) {
	if err := Exists(path); err != nil {
		return nil, err
	}
	statement, err := single(statement)
	if err != nil {
		return nil, err
	}
	l = l.filled()
	ctx, cancel := context.WithTimeout(ctx, l.Timeout)
	defer cancel()
	type answer struct {
		result *Result
		err    error
	}
	done := make(chan answer, 1)
	go func() {
		result, err := query(ctx, path, statement, l, args)
		done <- answer{result, err}
	}()
	var a answer
	select {
	case a = <-done:
	case <-ctx.Done():
		select {
		case a = <-done:
		case <-time.After(grace):
			a.err = ctx.Err()
		}
	}
	if errors.Is(a.err, context.DeadlineExceeded) {
		return nil, fmt.Errorf("%w: stopped after %v; ask for less, or allow more time", ErrTimeout, l.Timeout)
	}
	return a.result, a.err
}

func (l Limits) filled() Limits {
	if l.Timeout <= 0 {
		l.Timeout = 30 * time.Second
	}
	if l.MaxRows <= 0 {
		l.MaxRows = 100_000
	}
	if l.MaxBytes <= 0 {
		l.MaxBytes = 256 << 20
	}
	return l
}

func query(ctx context.Context, path, statement string, l Limits, args []any) (_ *Result, err error) {
	db, conn, err := openSandbox(ctx, path)
	if err != nil {
		return nil, err
	}
	defer func() {
		err = errors.Join(err, conn.Close(), db.Close())
		sweep(path)
	}()
	rows, err := conn.QueryContext(ctx, statement, args...)
	if err != nil {
		return nil, sandboxError(ctx, err)
	}
	defer rows.Close()
	result := &Result{}
	if result.Columns, err = rows.Columns(); err != nil {
		return nil, err
	}
	for size := 0; rows.Next(); {
		if len(result.Rows) == l.MaxRows || size > l.MaxBytes {
			result.Truncated = true
			return result, nil
		}
		row, n, err := scanRow(rows, len(result.Columns))
		if err != nil {
			return nil, sandboxError(ctx, err)
		}
		size += n
		result.Rows = append(result.Rows, row)
	}
	if err := rows.Err(); err != nil {
		return nil, sandboxError(ctx, err)
	}
	return result, nil
}

// scanRow reads a row and tells how many bytes its text and blobs take.
func scanRow(rows *sql.Rows, columns int) (row []any, size int, err error) {
	row = make([]any, columns)
	dest := make([]any, columns)
	for i := range row {
		dest[i] = &row[i]
	}
	if err := rows.Scan(dest...); err != nil {
		return nil, 0, err
	}
	for _, v := range row {
		switch v := v.(type) {
		case string:
			size += len(v)
		case []byte:
			size += len(v)
		}
	}
	return row, size + 16*columns, nil
}

// single checks that there is one statement, and takes the semicolon from its end. SQLite would run the first of
// several and then refuse the next, which tells a user less.
func single(statement string) (string, error) {
	end := -1 // of the first statement
	for i := 0; i < len(statement); {
		n := token(statement[i:])
		switch {
		case statement[i] == ';':
			if end < 0 {
				end = i
			}
		case !blank(statement[i : i+n]):
			if end >= 0 {
				return "", fmt.Errorf("%w: there is more after the first semicolon", ErrStatement)
			}
		}
		i += n
	}
	if end < 0 {
		end = len(statement)
	}
	text := statement[:end]
	for i := 0; i < len(text); {
		n := token(text[i:])
		if !blank(text[i : i+n]) {
			return text, nil
		}
		i += n
	}
	return "", fmt.Errorf("%w: there is none", ErrStatement)
}

// token is the length of the quoted string, quoted name or comment at the start of s, else 1.
func token(s string) int {
	for _, t := range []struct{ open, end string }{{"'", "'"}, {`"`, `"`}, {"`", "`"}, {"[", "]"}, {"--", "\n"}, {"/*", "*/"}} {
		if strings.HasPrefix(s, t.open) {
			if i := strings.Index(s[len(t.open):], t.end); i >= 0 {
				return len(t.open) + i + len(t.end)
			}
			return len(s)
		}
	}
	return 1
}

// blank tells whether a token is white space or a comment.
func blank(token string) bool {
	return strings.TrimSpace(token) == "" || strings.HasPrefix(token, "--") || strings.HasPrefix(token, "/*")
}

// viewNames lists the views for messages.
func viewNames() string {
	var names []string
	for _, m := range rxView.FindAllStringSubmatch(viewsSQL, -1) {
		names = append(names, m[1])
	}
	return strings.Join(names, ", ")
}
