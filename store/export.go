package store

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// Export says what to write and how.
type Export struct {
	Table  string // one of [ExportTables]
	Format string // one of [ExportFormats]
	// NoText leaves out titles, texts, authors and sentences, for sharing under copyright: addresses, hashes, offsets,
	// triggers and codes remain, so that whoever has the texts can find every span.
	NoText bool
	// BOM begins a CSV file with a byte order mark, by which spreadsheets know that it is UTF-8.
	BOM bool
}

// exportTable is a table that can be exported: the view behind it, and an order that makes equal data equal bytes.
type exportTable struct {
	name, view, order string
	private           []string // columns that NoText leaves out
	hash              bool     // add the article's text_hash
}

func exportTables() []exportTable {
	return []exportTable{
		{name: "articles", view: "v_article", order: "article_id", private: []string{"title", "text", "authors"}},
		{name: "mentions", view: "v_mention", order: "article_id, paragraph, span_start, span_end, frame, mention_id",
			private: []string{"title", "sentence"}, hash: true},
		{name: "trend", view: "v_month", order: "month, frame"},
		{name: "stories", view: "v_story", order: "story_id", private: []string{"title"}},
		{name: "story-trend", view: "v_month_story", order: "month, frame"},
		{name: "coverage", view: "v_coverage", order: "source, day"},
		{name: "outlets", view: "v_outlet", order: "source"},
		{name: "frames", view: "v_frame", order: "position"},
		{name: "events", view: "v_event", order: "date, label"},
		{name: "gold", view: "v_gold", order: "coder, unit, article_id, asked, section, span_start"},
		{name: "runs", view: "v_run", order: "run_id"},
	}
}

// ExportTables names what can be exported.
func ExportTables() []string {
	var names []string
	for _, t := range exportTables() {
		names = append(names, t.name)
	}
	return names
}

// ExportFormats names the formats: RFC 4180 with its line ends and formulas made inert, one JSON object a line, and
// Apache Parquet with typed columns. NULL is an empty cell in CSV, null in the others.
func ExportFormats() []string { return []string{"csv", "jsonl", "parquet"} }

// columns of the export, with their descriptions.
func (e Export) columns() (exportTable, []Column, error) {
	i := slices.IndexFunc(exportTables(), func(t exportTable) bool { return t.name == e.Table })
	if i < 0 {
		return exportTable{}, nil, fmt.Errorf("no table %q to export; there are %s", e.Table, strings.Join(ExportTables(), ", "))
	}
	t := exportTables()[i]
	view, ok := findView(t.view)
	if !ok {
		return t, nil, fmt.Errorf("view %s is not described", t.view)
	}
	columns := slices.DeleteFunc(view.Columns, func(c Column) bool { return e.NoText && slices.Contains(t.private, c.Name) })
	if t.hash {
		columns = append(columns, Column{"text_hash", "SHA-256, hex, of title, NUL and text of the article"})
	}
	return t, columns, nil
}

// Write writes the export and returns the number of rows. Equal data gives equal bytes.
func (e Export) Write(ctx context.Context, db *DB, w io.Writer) (int, error) {
	t, columns, err := e.columns()
	if err != nil {
		return 0, err
	}
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Name
	}
	var out rowWriter
	buffered := bufio.NewWriterSize(w, 1<<16)
	switch e.Format {
	case "csv":
		if e.BOM {
			buffered.WriteString("\ufeff") // an error stays in the buffer until Flush
		}
		out = newCSVWriter(buffered)
	case "jsonl":
		out = jsonWriter{buffered, names}
	case "parquet":
		out = newParquetWriter(buffered, e.Table, names)
	default:
		return 0, fmt.Errorf("no format %q; there are %s", e.Format, strings.Join(ExportFormats(), ", "))
	}
	n, err := e.rows(ctx, db, t, names, out)
	if err == nil {
		err = buffered.Flush()
	}
	if err != nil {
		return n, fmt.Errorf("export %s: %w", e.Table, explain(err))
	}
	return n, nil
}

func (e Export) rows(ctx context.Context, db *DB, t exportTable, names []string, out rowWriter) (int, error) {
	from := t.view
	if t.hash {
		from += ` JOIN (SELECT id AS article_id, text_hash FROM article) USING (article_id)`
	}
	rows, err := db.QueryContext(ctx, fmt.Sprintf(`SELECT %s FROM %s ORDER BY %s`, strings.Join(names, ", "), from, t.order))
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	if err := out.header(names); err != nil {
		return 0, err
	}
	n := 0
	for ; rows.Next(); n++ {
		row, _, err := scanRow(rows, len(names))
		if err != nil {
			return n, err
		}
		if err := out.row(row); err != nil {
			return n, err
		}
	}
	return n, errors.Join(rows.Err(), out.flush())
}

type rowWriter interface {
	header(names []string) error
	row(values []any) error
	flush() error
}

// csvWriter writes RFC 4180 with its line ends.
type csvWriter struct{ *csv.Writer }

func newCSVWriter(w io.Writer) csvWriter {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	return csvWriter{out}
}

func (w csvWriter) header(names []string) error { return w.Write(names) }

func (w csvWriter) row(values []any) error {
	cells := make([]string, len(values))
	for i, v := range values {
		switch v := v.(type) {
		case nil:
		case int64:
			cells[i] = strconv.FormatInt(v, 10)
		case float64:
			cells[i] = strconv.FormatFloat(v, 'g', -1, 64)
		case string:
			cells[i] = inert(v)
		default:
			return fmt.Errorf("a column holds %T", v)
		}
	}
	return w.Write(cells)
}

func (w csvWriter) flush() error {
	w.Flush()
	return w.Error()
}

// inert keeps a spreadsheet from taking a text for a formula, by an apostrophe before it.
func inert(s string) string {
	if s != "" && strings.IndexByte("=+-@\t\r", s[0]) >= 0 {
		return "'" + s
	}
	return s
}

// jsonWriter writes one object a line, its keys in the order of the columns; JSON columns stay JSON.
type jsonWriter struct {
	w     *bufio.Writer
	names []string
}

func (jsonWriter) header([]string) error { return nil }

func (j jsonWriter) row(values []any) error {
	for i, v := range values {
		if s, ok := v.(string); ok && (j.names[i] == "authors" || j.names[i] == "attributes") {
			v = json.RawMessage(s)
		}
		value, err := json.Marshal(v)
		if err != nil {
			return fmt.Errorf("column %s: %w", j.names[i], err)
		}
		open := ","
		if i == 0 {
			open = "{"
		}
		j.w.WriteString(open)
		j.w.WriteString(strconv.Quote(j.names[i])) // names are plain words
		j.w.WriteByte(':')
		j.w.Write(value)
	}
	_, err := j.w.WriteString("}\n") // reports any error before it
	return err
}

func (jsonWriter) flush() error { return nil }
