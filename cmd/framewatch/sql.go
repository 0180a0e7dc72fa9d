package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"github.com/jedib0t/go-pretty/v6/table"

	"framewatch/store"
)

func sqlCommand() command {
	return command{
		name: "sql", args: `[flags] "SELECT …"`, short: "ask the database a question, read-only", run: runSQL,
		help: `Runs one SELECT on the database, read-only and sandboxed: nothing can be changed, no file opened. "-" reads the
statement from standard input. docs/sql.md describes the views; the main ones are v_article, v_mention, v_month and
v_coverage. Text cells that a spreadsheet would run as a formula get a leading ' in CSV.

Examples:
framewatch sql "SELECT frame, stance, count(*) AS n FROM v_mention GROUP BY 1, 2 ORDER BY n DESC"
framewatch sql --format csv "SELECT month, k, n, share, wilson_low, wilson_high FROM v_month WHERE frame = 'race'"
framewatch sql --format json "SELECT speaker, sentence, url FROM v_mention WHERE stance = 'contests' LIMIT 5"
`}
}

func runSQL(ctx context.Context, e *env, args []string) error {
	f := newFlags(sqlCommand())
	db := f.database(e)
	show := f.output()
	args, err := f.parse(e, args)
	if err != nil {
		return err
	}
	if len(args) != 1 {
		return &usageError{"give one statement, in quotes", `framewatch sql "SELECT count(*) FROM v_mention"`}
	}
	if err := show.check(); err != nil {
		return err
	}
	statement := args[0]
	if statement == "-" {
		text, err := io.ReadAll(io.LimitReader(e.stdin, 1<<20))
		if err != nil {
			return err
		}
		statement = string(text)
	}
	res, err := store.Query(ctx, *db, statement, show.limits())
	if err != nil {
		return limitHint(err)
	}
	return show.write(e.stdout, res)
}

// limitHint says which flag allows more, where a statement ran into its time limit.
func limitHint(err error) error {
	if errors.Is(err, store.ErrTimeout) {
		return fmt.Errorf("%w (--timeout raises the limit)", err)
	}
	return err
}

// output is how the rows of a question are limited and printed.
type output struct {
	format  *string
	timeout *time.Duration
	rows    *int
}

func (f *flags) output() output {
	return output{
		format:  f.String("format", "table", "table, csv or json"),
		timeout: f.Duration("timeout", 30*time.Second, "stop after this `time`"),
		rows:    f.Int("max-rows", 100_000, "stop after `n` rows"),
	}
}

func (o output) limits() store.Limits { return store.Limits{Timeout: *o.timeout, MaxRows: *o.rows} }

func (o output) check() error {
	if o.writer() == nil {
		return &usageError{fmt.Sprintf("unknown format %q", *o.format), "use table, csv or json"}
	}
	return nil
}

func (o output) writer() func(io.Writer, *store.Result) error {
	return map[string]func(io.Writer, *store.Result) error{"table": writeTable, "csv": writeCSV, "json": writeJSON}[*o.format]
}

func (o output) write(w io.Writer, r *store.Result) error {
	if err := o.writer()(w, r); err != nil {
		return err
	}
	if r.Truncated {
		return &partialError{fmt.Sprintf("only the first %d rows are shown; --max-rows raises the limit", len(r.Rows))}
	}
	return nil
}

func writeTable(w io.Writer, r *store.Result) error {
	t := table.NewWriter()
	t.SetOutputMirror(w)
	style := table.StyleLight
	style.Format.Header = 0
	t.SetStyle(style)
	header := make(table.Row, len(r.Columns))
	for i, c := range r.Columns {
		header[i] = printable(c)
	}
	t.AppendHeader(header)
	for _, row := range r.Rows {
		cells := make(table.Row, len(row))
		for i, v := range row {
			cells[i] = clipCell(printable(cell(v)))
		}
		t.AppendRow(cells)
	}
	t.Render()
	_, err := fmt.Fprintf(w, "%d row(s)\n", len(r.Rows))
	return err
}

func writeCSV(w io.Writer, r *store.Result) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true // RFC 4180
	if err := out.Write(r.Columns); err != nil {
		return err
	}
	for _, row := range r.Rows {
		cells := make([]string, len(row))
		for i, v := range row {
			cells[i] = cell(v)
			if _, text := v.(string); text {
				cells[i] = neutral(cells[i])
			}
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// writeJSON writes an array of objects, their keys in the order of the columns.
func writeJSON(w io.Writer, r *store.Result) error {
	var b strings.Builder
	b.WriteString("[")
	for i, row := range r.Rows {
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString("\n  {")
		for j, v := range row {
			key, err := json.Marshal(r.Columns[j])
			if err != nil {
				return err
			}
			if bytes, ok := v.([]byte); ok {
				v = fmt.Sprintf("%x", bytes)
			}
			value, err := json.Marshal(v)
			if err != nil {
				return fmt.Errorf("row %d, column %s: %w", i+1, r.Columns[j], err)
			}
			if j > 0 {
				b.WriteString(", ")
			}
			b.Write(key)
			b.WriteString(": ")
			b.Write(value)
		}
		b.WriteString("}")
	}
	b.WriteString("\n]\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// cell is a value as text; NULL is empty, a blob is hexadecimal.
func cell(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case []byte:
		return fmt.Sprintf("%x", v)
	case float64:
		return strings.TrimSuffix(fmt.Sprintf("%.6g", v), ".0")
	default:
		return fmt.Sprint(v)
	}
}

// neutral keeps a spreadsheet from running a cell as a formula.
func neutral(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

// printable replaces what could drive a terminal: control characters, escape sequences and bidirectional overrides.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case unicode.IsControl(r), r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
			return '\ufffd'
		}
		return r
	}, s)
}

// A table cell shows this many code points at most; CSV and JSON are never cut.
const cellWidth = 100

func clipCell(s string) string {
	if r := []rune(s); len(r) > cellWidth {
		return string(r[:cellWidth-1]) + "…"
	}
	return s
}
