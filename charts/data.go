package charts

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"fmt"
	"hash"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"
)

//go:embed queries/*.sql
var queries embed.FS

// group is one group of a figure's query: the names it is grouped by and the counts found. A query fills what it
// groups by and leaves the rest empty. scope and press say to which variants of the report the group belongs.
type group struct {
	month, source, frame, other string
	stance, voice, speaker      string
	scope, press                int
	articles, mentions          int
	headlines, bodies           int
}

type frameInfo struct{ id, parent, label, group, description string }

type event struct {
	date, end, label, kind, url string
	frames                      []string // the frames that it was expected to move, as the event list says
}

type crawlMonth struct {
	month                                    string
	days, attempted, fetched, failed, denied int
	first, last                              string
}

type kind struct {
	sourceType, language       string
	undated                    bool
	scope, press               int
	articles, distinctArticles int
}

type reason struct {
	text     string
	articles int
}

type facts struct {
	articles, unanalyzed int
	collected, codebook  string
}

// passage is one mention with its sentence cut into what stands left of the phrase, the phrase, and the rest.
type passage struct {
	article                             int64
	scope, press                        int
	source, title, url, date, month     string
	frame, stance, voice, speaker, part string
	rule                                string
	left, phrase, right                 string
}

// data is everything that a report reads.
type data struct {
	frames     []frameInfo
	events     []event
	outletName map[string]string
	facts      facts

	coverage, frameMonths, stances, speakers, voices []group
	outlets, together, headlines, days               []group

	crawl   []crawlMonth
	kinds   []kind
	reasons []reason

	passages      []passage
	totalPassages int
	contentSHA    string
}

// loader runs one of the embedded queries and hashes all that it returns.
type loader struct {
	ctx  context.Context
	db   Querier
	args map[string]any
	sum  hash.Hash
}

// statement composes the full SQL text of a query: its own comment, the shared head if it uses it, and its body.
func statement(name string) (string, error) {
	body, err := queries.ReadFile("queries/" + name + ".sql")
	if err != nil {
		return "", fmt.Errorf("query %s: %w", name, err)
	}
	var comment []string
	lines := strings.Split(strings.TrimRight(string(body), "\n"), "\n")
	for len(lines) > 0 && strings.HasPrefix(lines[0], "--") {
		comment, lines = append(comment, lines[0]), lines[1:]
	}
	text := strings.Join(lines, "\n")
	if !strings.Contains(text, "corpus") && !strings.Contains(text, "ancestor") {
		return string(body), nil
	}
	head, err := queries.ReadFile("queries/corpus.sql")
	if err != nil {
		return "", fmt.Errorf("query head: %w", err)
	}
	shared := strings.TrimRight(string(head), "\n")
	shared = shared[strings.Index(shared, "corpus AS"):]
	if strings.HasPrefix(text, ", ") {
		shared, text = shared+", ", strings.TrimPrefix(text, ", ")
	} else {
		shared += "\n"
	}
	return strings.Join(comment, "\n") + "\nWITH RECURSIVE " + shared + text + "\n", nil
}

// literal is the statement as a reader can paste it: with the values in place of the parameters.
func literal(name string, args map[string]any) string {
	text, err := statement(name)
	if err != nil {
		return ""
	}
	for _, k := range []string{"from", "to", "outlets", "cap"} {
		v := fmt.Sprint(args[k])
		if _, ok := args[k].(string); ok {
			v = "'" + strings.ReplaceAll(v, "'", "''") + "'"
		}
		text = strings.ReplaceAll(text, ":"+k, v)
	}
	return text
}

func arguments(o Options) map[string]any {
	args := map[string]any{"from": o.From, "to": o.To, "outlets": "", "cap": o.Passages}
	if len(o.Outlets) > 0 {
		args["outlets"] = "," + strings.Join(o.Outlets, ",") + ","
	}
	return args
}

// each runs one query and calls row after scanning every row into dest.
func (l *loader) each(name string, dest []any, row func()) error {
	text, err := statement(name)
	if err != nil {
		return err
	}
	var args []any
	for _, k := range []string{"from", "to", "outlets", "cap"} {
		if strings.Contains(text, ":"+k) {
			args = append(args, sql.Named(k, l.args[k]))
		}
	}
	rows, err := l.db.QueryContext(l.ctx, text, args...)
	if err != nil {
		return fmt.Errorf("reading %s: %w", name, err)
	}
	defer rows.Close()
	fmt.Fprintf(l.sum, "%s\n", name)
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return fmt.Errorf("reading %s: %w", name, err)
		}
		for _, d := range dest {
			l.add(d)
		}
		row()
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("reading %s: %w", name, err)
	}
	return nil
}

// add puts one scanned value into the content hash, its length first, so that neighbors cannot run together.
func (l *loader) add(d any) {
	var s string
	switch v := d.(type) {
	case *string:
		s = *v
	case *int:
		s = fmt.Sprint(*v)
	case *int64:
		s = fmt.Sprint(*v)
	case *sql.NullString:
		s = v.String
	case *bool:
		s = fmt.Sprint(*v)
	}
	fmt.Fprintf(l.sum, "%d:%s", len(s), s)
}

// readers is the number of queries that run at once.
const readers = 2

// load runs all queries. Each fills its own fields of the data and its own hash; the hashes are joined in fixed order.
func load(ctx context.Context, db Querier, o Options) (*data, error) {
	d := &data{outletName: map[string]string{}}
	reads := d.reads()
	sums := make([][]byte, len(reads))
	jobs, ctx := errgroup.WithContext(ctx)
	jobs.SetLimit(readers)
	for i, read := range reads {
		jobs.Go(func() error {
			l := &loader{ctx: ctx, db: db, args: arguments(o), sum: sha256.New()}
			err := read(l)
			sums[i] = l.sum.Sum(nil)
			return err
		})
	}
	if err := jobs.Wait(); err != nil {
		return nil, err
	}
	all := sha256.Sum256(bytes.Join(sums, nil))
	d.contentSHA = hex.EncodeToString(all[:])
	return d, nil
}

// reads are the queries, the slowest first.
func (d *data) reads() []func(*loader) error {
	g := func(name string, into *[]group, dest func(*group) []any) func(*loader) error {
		return func(l *loader) error {
			var row group
			return l.each(name, dest(&row), func() { *into = append(*into, row) })
		}
	}
	return []func(*loader) error{
		d.readPassages,
		g("together", &d.together, func(g *group) []any { return []any{&g.frame, &g.other, &g.scope, &g.press, &g.articles} }),
		g("change", &d.days, func(g *group) []any { return []any{&g.month, &g.frame, &g.scope, &g.press, &g.articles} }),
		g("headlines", &d.headlines, func(g *group) []any {
			return []any{&g.frame, &g.scope, &g.press, &g.articles, &g.headlines, &g.bodies}
		}),
		g("frames", &d.frameMonths, func(g *group) []any {
			return []any{&g.month, &g.frame, &g.scope, &g.press, &g.articles, &g.mentions}
		}),
		g("outlets", &d.outlets, func(g *group) []any { return []any{&g.source, &g.frame, &g.scope, &g.press, &g.articles} }),
		g("stance", &d.stances, func(g *group) []any {
			return []any{&g.month, &g.frame, &g.stance, &g.voice, &g.scope, &g.press, &g.mentions}
		}),
		g("speakers", &d.speakers, func(g *group) []any {
			return []any{&g.voice, &g.speaker, &g.stance, &g.scope, &g.press, &g.mentions}
		}),
		g("voices", &d.voices, func(g *group) []any { return []any{&g.month, &g.voice, &g.other, &g.scope, &g.press, &g.mentions} }),
		d.readCoverage, d.readMethod, d.readReasons, d.readCrawl, d.readFacts, d.readCodebook, d.readEvents,
	}
}

func (d *data) readFacts(l *loader) error {
	f := &d.facts
	return l.each("facts", []any{&f.articles, &f.unanalyzed, &f.collected, &f.codebook}, func() {})
}

func (d *data) readCodebook(l *loader) error {
	var f frameInfo
	return l.each("codebook", []any{&f.id, &f.parent, &f.label, &f.group, &f.description}, func() {
		if f.label == "" {
			f.label = f.id
		}
		d.frames = append(d.frames, f)
	})
}

func (d *data) readEvents(l *loader) error {
	var e event
	var frames string
	return l.each("events", []any{&e.date, &e.end, &e.label, &frames, &e.kind, &e.url}, func() {
		e.frames = strings.FieldsFunc(frames, func(r rune) bool { return strings.ContainsRune(`;,|[]" `, r) })
		d.events = append(d.events, e)
	})
}

func (d *data) readCoverage(l *loader) error {
	var g group
	var outlet string
	return l.each("coverage", []any{&g.month, &g.source, &outlet, &g.scope, &g.press, &g.articles}, func() {
		d.coverage = append(d.coverage, g)
		if outlet == "" {
			outlet = g.source
		}
		if outlet == "" {
			outlet = "No outlet given"
		}
		d.outletName[g.source] = outlet
	})
}

func (d *data) readCrawl(l *loader) error {
	var c crawlMonth
	dest := []any{&c.month, &c.days, &c.attempted, &c.fetched, &c.failed, &c.denied, &c.first, &c.last}
	return l.each("crawl", dest, func() { d.crawl = append(d.crawl, c) })
}

func (d *data) readMethod(l *loader) error {
	var k kind
	dest := []any{&k.sourceType, &k.language, &k.undated, &k.scope, &k.press, &k.articles, &k.distinctArticles}
	return l.each("method", dest, func() { d.kinds = append(d.kinds, k) })
}

func (d *data) readReasons(l *loader) error {
	var r reason
	return l.each("reasons", []any{&r.text, &r.articles}, func() { d.reasons = append(d.reasons, r) })
}

func (d *data) readPassages(l *loader) error {
	var p passage
	var sentence, trigger string
	var title, rule sql.NullString
	var at int
	dest := []any{
		&d.totalPassages, &p.article, &p.scope, &p.press, &p.source, &title, &p.url, &p.date, &p.month,
		&p.frame, &p.stance, &p.voice, &p.speaker, &p.part, &rule, &sentence, &trigger, &at,
	}
	return l.each("passages", dest, func() {
		p.title, p.rule = title.String, rule.String
		left, phrase, right := cut(sentence, trigger, at)
		p.left, p.phrase, p.right = lastRunes(flat(left), contextRunes), flat(phrase), firstRunes(flat(right), contextRunes)
		d.passages = append(d.passages, p)
	})
}

// cut splits a sentence at its phrase, which begins at the code point at. Where the text there differs, the first
// place that holds the phrase is taken; a sentence without it stands whole on the right.
func cut(sentence, trigger string, at int) (left, phrase, right string) {
	runes, want := []rune(sentence), []rune(trigger)
	if at < 0 || at+len(want) > len(runes) || !slices.Equal(runes[at:at+len(want)], want) {
		i := strings.Index(sentence, trigger)
		if i < 0 || trigger == "" {
			return "", trigger, sentence
		}
		return sentence[:i], trigger, sentence[i+len(trigger):]
	}
	return string(runes[:at]), trigger, string(runes[at+len(want):])
}

// contextRunes is the most context kept on each side of a phrase, in code points. Transcripts hold sentences of a page.
const contextRunes = 220

// flat turns line breaks and tabs into spaces; a passage is one line.
func flat(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\r' || r == '\t' || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, s)
}

func firstRunes(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}

func lastRunes(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return "…" + string(r[len(r)-n:])
	}
	return s
}
