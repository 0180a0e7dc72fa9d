package charts

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// The queries that feed a report, and in figures/ one query per figure that gives exactly its counts: a page prints
// those, so that readers can check and change what they see.
//
//go:embed queries/*.sql queries/figures/*.sql
var queries embed.FS

// group is one group of a figure's query: the names it is grouped by and the counts found. A query fills what it
// groups by and leaves the rest empty. scope and extra, as in corpus.sql, say to which variants of the report the group
// belongs.
type group struct {
	month, source, frame, other string
	stance, voice, speaker      string
	scope, extra                int
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

// kind is one of the kinds of article that method.sql counts, over all types of source.
type kind struct {
	language          string
	undated           bool
	scope, extra      int
	lacks             int // 2: no text below the headline, 1: only its beginning
	articles, repeats int
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
	mention, article                    int64
	scope, extra                        int
	source, title, url, date, month     string
	frame, stance, voice, speaker, part string
	country                             string
	rule                                string
	left, phrase, right                 string
}

// data is everything that a report reads.
type data struct {
	frames     []frameInfo
	events     []event
	outletName map[string]string
	facts      facts

	// With weeks asked for, these hold coverage, frameMonths and outletMonths by week, the week standing as month.
	weekCoverage, weekFrames, weekOutlets []group

	coverage, frameMonths, stances, speakers, voices []group
	outletMonths, together, headlines, days          []group

	crawl   []crawlMonth
	kinds   []kind
	reasons []reason

	passages      []passage
	framesOf      map[int64][]int // of the articles with a passage: the places in frames of those that it uses
	totalPassages int
	contentSHA    string
}

// loader runs embedded queries.
type loader struct {
	ctx  context.Context
	db   Querier
	args map[string]any
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

// byWeek turns the queries that group by month into ones that group by week.
var byWeek = strings.NewReplacer("coalesce(month, '') AS month", "coalesce(week, '') AS week", "coalesce(c.month, '') AS month", "coalesce(c.week, '') AS week",
	"Articles per month", "Articles per week", ", per month", ", per week")

// literal is the statement as a reader can paste it: with the values in place of the parameters.
func literal(name string, args map[string]any) string {
	text, err := statement(name)
	if err != nil {
		return ""
	}
	if args["by"] == string(ByWeek) && slices.Contains([]string{"figures/coverage", "figures/frames", "figures/outlets"}, name) {
		text = byWeek.Replace(text)
	}
	for _, k := range []string{"from", "to", "outlets", "languages", "cap"} {
		v := fmt.Sprint(args[k])
		if _, ok := args[k].(string); ok {
			v = "'" + strings.ReplaceAll(v, "'", "''") + "'"
		}
		text = strings.ReplaceAll(text, ":"+k, v)
	}
	return text
}

func arguments(o Options) map[string]any {
	args := map[string]any{"from": o.From, "to": o.To, "outlets": "", "languages": "", "cap": o.Passages, "by": string(o.By)}
	if len(o.Languages) > 0 {
		args["languages"] = "," + strings.Join(o.Languages, ",") + ","
	}
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
	for _, k := range []string{"from", "to", "outlets", "languages", "ids"} {
		if strings.Contains(text, ":"+k) {
			args = append(args, sql.Named(k, l.args[k]))
		}
	}
	rows, err := l.db.QueryContext(l.ctx, text, args...)
	if err != nil {
		return fmt.Errorf("reading %s: %w", name, err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return fmt.Errorf("reading %s: %w", name, err)
		}
		row()
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("reading %s: %w", name, err)
	}
	return nil
}

// beginner is a Querier that can hold still: all reads in one transaction see the same state of the database.
type beginner interface {
	BeginTx(ctx context.Context, o *sql.TxOptions) (*sql.Tx, error)
}

// load reads everything in one read-only transaction where db can begin one, so that a crawl at the same time cannot
// shift one figure against another.
func load(ctx context.Context, db Querier, o Options) (*data, error) {
	b, ok := db.(beginner)
	if !ok {
		return read(ctx, db, o)
	}
	tx, err := b.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, fmt.Errorf("reading the database: %w", err)
	}
	defer tx.Rollback() // nothing was written
	return read(ctx, tx, o)
}

// read runs all queries, one after the other: a second connection would be hardly faster and hold its own cache.
func read(ctx context.Context, db Querier, o Options) (*data, error) {
	d := &data{}
	l := &loader{ctx: ctx, db: db, args: arguments(o)}
	for _, read := range []func(*loader) error{
		d.readFacts, d.readCrawl, d.readEvents, d.readCodebook,
		func(l *loader) error { return gather(l, d, o) },
	} {
		if err := read(l); err != nil {
			return nil, err
		}
	}
	return d, d.known(o)
}

// known reports a frame or an outlet that the options name and the database does not have.
func (d *data) known(o Options) error {
	var frames, outlets []string
	for _, f := range d.frames {
		frames = append(frames, f.id)
	}
	for id := range d.outletName {
		outlets = append(outlets, id)
	}
	slices.Sort(outlets)
	for _, id := range o.Frames {
		if len(frames) > 0 && !slices.Contains(frames, id) {
			return fmt.Errorf("unknown frame %q: the codebook has %s", id, list(frames))
		}
	}
	for _, id := range o.Outlets {
		if d.facts.articles > 0 && !slices.Contains(outlets, id) {
			return fmt.Errorf("outlet %q has no articles in the period reported; use ids of sources, as in \"framewatch sql 'SELECT source FROM v_outlet'\"", id)
		}
	}
	_, err := findEvent(d.events, o.Event)
	return err
}

// findEvent is the place of the event that a date or a part of a label names; −1 for an empty name.
func findEvent(events []event, name string) (int, error) {
	if name == "" {
		return -1, nil
	}
	var found []int
	for i, e := range events {
		if e.date == name {
			return i, nil
		}
		if strings.Contains(strings.ToLower(e.label), strings.ToLower(name)) {
			found = append(found, i)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return -1, fmt.Errorf("no event %q: give its date or words of its label, as in \"framewatch sql 'SELECT date, label FROM v_event'\"", name)
	}
	var names []string
	for _, i := range found {
		names = append(names, events[i].date+" "+events[i].label)
	}
	return -1, fmt.Errorf("%q names %d events: %s; give the date", name, len(found), strings.Join(names, "; "))
}

// digest is the SHA-256 over the contents that the page rests on: the lists of frames, events and days of collection,
// then the articles, each with its mentions, sorted. What is in an article's own digest is its text by its hash, address,
// outlet, language and date, what the gate decided, and of each mention place, frame, stance, voice and speaker. Numbers of
// rows are not in it: the same contents in another database, or coded again, give the same sum.
func (d *data) digest(articles [][sha256.Size]byte) string {
	sum := sha256.New()
	for _, v := range []any{d.frames, d.events, d.crawl} {
		fmt.Fprintf(sum, "%#v\n", v)
	}
	slices.SortFunc(articles, func(a, b [sha256.Size]byte) int { return bytes.Compare(a[:], b[:]) })
	for _, a := range articles {
		sum.Write(a[:])
	}
	return hex.EncodeToString(sum.Sum(nil))
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

func (d *data) readCrawl(l *loader) error {
	var c crawlMonth
	dest := []any{&c.month, &c.days, &c.attempted, &c.fetched, &c.failed, &c.denied, &c.first, &c.last}
	return l.each("crawl", dest, func() { d.crawl = append(d.crawl, c) })
}

func (d *data) readPassages(l *loader) error {
	var p passage
	var sentence, trigger string
	var title, rule sql.NullString
	var at int
	dest := []any{
		&p.mention, &p.article, &p.scope, &p.extra, &p.source, &title, &p.url, &p.date, &p.month,
		&p.frame, &p.stance, &p.voice, &p.speaker, &p.country, &p.part, &rule, &sentence, &trigger, &at,
	}
	return l.each("texts", dest, func() {
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
