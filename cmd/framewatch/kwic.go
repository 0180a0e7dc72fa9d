package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"

	"framewatch/store"
)

func kwicCommand() command {
	return command{
		name: "kwic", args: "[flags] [WORDS]", short: "show words or a frame in context, one line each", run: runKWIC,
		help: `A concordance: every place where the words stand in titles and texts, with what is around it, aligned on the match.
WORDS is a phrase ("arms race"; the last word may be a beginning, "sputnik mom*") or a full-text query with quotation
marks, AND, OR, NOT and parentheses ("chip OR chips"). Case and accents do not count. Without WORDS, --frame shows the
words that carry the frame, its children included; with both, only places in sentences that use the frame.

--sort left sorts by the words before the match, the nearest first; right by those after it. "framewatch article ID"
shows the whole article of a line.

Examples:
framewatch kwic "AI race"
framewatch kwic --frame race --sort left --width 30
framewatch kwic "Beijing OR Washington" --from 2025-01 --format csv
`}
}

func runKWIC(ctx context.Context, e *env, args []string) error {
	f := newFlags(kwicCommand())
	db := f.database(e)
	var c store.Concordance
	f.StringVar(&c.Frame, "frame", "", "`frame` whose sentences are searched, children included")
	f.StringVar(&c.Outlet, "outlet", "", "`name` or id of an outlet")
	f.StringVar(&c.From, "from", "", "first `date`: 2025, 2025-01 or 2025-01-20")
	f.StringVar(&c.To, "to", "", "last `date`")
	order := f.String("sort", string(store.ByDate), "`order` of the lines: date, left or right")
	f.IntVar(&c.Width, "width", 40, "characters on either side")
	f.IntVar(&c.Limit, "limit", 100, "lines at most")
	format := f.String("format", "text", "text, csv or json")
	args, err := f.parse(e, args)
	if err != nil {
		return err
	}
	c.Words, c.Sort = strings.TrimSpace(strings.Join(args, " ")), store.Order(*order)
	write := map[string]func(io.Writer, []store.Line) error{"text": e.concordance(c.Width), "csv": linesAs(writeCSV), "json": linesAs(writeJSON)}[*format]
	switch {
	case c.Words == "" && c.Frame == "":
		return &usageError{"give words or a frame", `framewatch kwic "AI race", or framewatch kwic --frame race`}
	case !slices.Contains(store.Orders(), c.Sort):
		return &usageError{fmt.Sprintf("--sort: unknown order %q", c.Sort), "use date, left or right"}
	case write == nil:
		return &usageError{fmt.Sprintf("unknown format %q", *format), "use text, csv or json"}
	case c.Width < 1 || c.Width > 1000:
		return &usageError{"--width must be 1 to 1000", ""}
	}
	d, err := store.OpenReadOnly(ctx, *db)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := knownFrame(ctx, d, c.Frame); err != nil {
		return err
	}
	lines, total, err := d.Concordance(ctx, c)
	if err != nil {
		return err
	}
	if err := write(e.stdout, lines); err != nil {
		return err
	}
	if total > len(lines) {
		return &partialError{fmt.Sprintf("only %d of %d lines are shown; --limit raises the limit", len(lines), total)}
	}
	return nil
}

// knownFrame tells a frame that has no mention from one that does not exist.
func knownFrame(ctx context.Context, d *store.DB, frame string) error {
	if frame == "" {
		return nil
	}
	rows, err := d.QueryContext(ctx, `SELECT frame FROM v_frame ORDER BY position`)
	if err != nil {
		return err
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return err
		}
		all = append(all, name)
	}
	if !slices.Contains(all, frame) {
		return &usageError{fmt.Sprintf("no frame %q", frame), "the active codebook has " + strings.Join(all, ", ")}
	}
	return rows.Err()
}

// outletCells is how wide the outlet's column is.
const outletCells = 18

// concordance prints lines aligned on the match, in terminal cells, of which wide characters take two.
func (e *env) concordance(width int) func(io.Writer, []store.Line) error {
	return func(w io.Writer, lines []store.Line) error {
		for _, l := range lines {
			left, right := tail(printable(l.Left), width), head(printable(l.Right), width)
			date := l.Published
			if len(date) > 10 {
				date = date[:10]
			}
			pad := strings.Repeat(" ", width-cells(left))
			if _, err := fmt.Fprintf(w, "%6d  %-10s  %s  %s%s%s%s%s%s\n", l.ArticleID, date, column(printable(l.Outlet), outletCells),
				pad, left, e.mark("\x1b[30;43m", "["), printable(l.Match), e.mark("\x1b[0m", "]"), right); err != nil {
				return err
			}
		}
		_, err := fmt.Fprintf(w, "%d line(s)\n", len(lines))
		return err
	}
}

// cells is how many cells of a terminal a text takes.
func cells(s string) int { return text.StringWidthWithoutEscSequences(s) }

// head is the beginning of a text that fits into n cells.
func head(s string, n int) string {
	for i, r := range s {
		if n -= cells(string(r)); n < 0 {
			return s[:i]
		}
	}
	return s
}

// tail is its end.
func tail(s string, n int) string {
	runes := []rune(s)
	for i := len(runes) - 1; i >= 0; i-- {
		if n -= cells(string(runes[i])); n < 0 {
			return string(runes[i+1:])
		}
	}
	return s
}

// column fits a text into a column of n cells.
func column(s string, n int) string {
	if cells(s) > n {
		s = head(s, n-1) + "…"
	}
	return s + strings.Repeat(" ", max(0, n-cells(s)))
}

// linesAs prints lines as rows of a result.
func linesAs(write func(io.Writer, *store.Result) error) func(io.Writer, []store.Line) error {
	return func(w io.Writer, lines []store.Line) error {
		r := &store.Result{Columns: []string{"article_id", "outlet", "published", "section", "span_start", "span_end", "left", "match",
			"right", "frame", "stance", "voice", "speaker", "url"}}
		for _, l := range lines {
			r.Rows = append(r.Rows, []any{l.ArticleID, l.Outlet, l.Published, l.Section, int64(l.SpanStart), int64(l.SpanEnd), l.Left, l.Match,
				l.Right, l.Frame, l.Stance, l.Voice, l.Speaker, l.URL})
		}
		return write(w, r)
	}
}
