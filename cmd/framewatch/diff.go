package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"

	"golang.org/x/sync/errgroup"

	"framewatch/analysis"
	"framewatch/analysis/agreement"
	"framewatch/analysis/codebook"
	"framewatch/crawler/files"
	"framewatch/store"
)

// diffFlags say on which articles two codebooks are compared, and what is printed.
type diffFlags struct {
	on       string
	mappings []string
	frames   string
	examples int
	json     bool
}

// diffCodebooks codes the same articles with two codebooks in memory and prints how far they agree. The database is only
// read; its active codebook stays.
func (e *env) diffCodebooks(ctx context.Context, db string, args []string, f diffFlags) error {
	var coders [2]coder
	for i, arg := range args {
		file, cb, err := chooseCodebook(ctx, arg, db)
		if err != nil {
			return err
		}
		a, err := analysis.New(cb)
		if err != nil {
			return err
		}
		coders[i] = coder{a, file}
	}
	a, b := coders[0], coders[1]
	units, err := agreement.Units(a.Codebook(), b.Codebook(), f.mappings)
	if err != nil {
		return &usageError{err.Error(), ""}
	}
	shown := names(f.frames)
	c, err := agreement.NewComparison(units, f.examples, shown)
	if err != nil {
		return &usageError{err.Error(), ""}
	}
	d := &differ{a: a.Analyzer, b: b.Analyzer, comparison: c, progress: e.progress("comparing")}
	if f.on != "" {
		err = d.file(ctx, f.on, func(p files.Problem) { fmt.Fprintln(e.stderr, oneLine(p)) })
	} else {
		err = d.database(ctx, db)
	}
	d.progress.end()
	if err != nil {
		return err
	}
	out := diffOutput{a: a, b: b, on: firstOf(f.on, db), result: c.Result(), units: units, shown: shown}
	if f.json {
		return out.json(e.stdout)
	}
	return out.write(e.stdout)
}

func firstOf(on, db string) string {
	if on != "" {
		return on
	}
	return filepath.Base(db)
}

// differ feeds articles to a comparison in their order, coding some at once.
type differ struct {
	a, b       *analysis.Analyzer
	comparison *agreement.Comparison
	progress   *progress
	batch      []agreement.Article
	done       int
}

// diffBatch bounds how many articles are held at once.
const diffBatch = 200

func (d *differ) add(ctx context.Context, article agreement.Article) error {
	d.batch = append(d.batch, article)
	if len(d.batch) < diffBatch {
		return nil
	}
	return d.flush(ctx)
}

func (d *differ) flush(ctx context.Context) error {
	pairs := make([]agreement.Pair, len(d.batch))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, article := range d.batch {
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			pairs[i] = agreement.Code(d.a, d.b, article)
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	for _, p := range pairs {
		d.comparison.Add(p)
	}
	d.done += len(pairs)
	d.progress.update(d.done, 0, "")
	d.batch = d.batch[:0]
	return nil
}

// database reads the articles of the database in order of their ids, a page at a time.
func (d *differ) database(ctx context.Context, path string) error {
	db, err := store.OpenReadOnly(ctx, path)
	if err != nil {
		return err
	}
	defer db.Close()
	for after, more := int64(math.MinInt64), true; more; {
		page, err := articlesAfter(ctx, db, after)
		if err != nil {
			return err
		}
		for _, article := range page {
			if err := d.add(ctx, article); err != nil {
				return err
			}
			after = article.Document.ID
		}
		more = len(page) == diffBatch
	}
	return d.flush(ctx)
}

func articlesAfter(ctx context.Context, db *store.DB, after int64) ([]agreement.Article, error) {
	rows, err := db.QueryContext(ctx, `SELECT article_id, coalesce(title, ''), text, coalesce(language, ''), coalesce(month, '')
		FROM v_article WHERE article_id > ? AND text IS NOT NULL ORDER BY article_id LIMIT ?`, after, diffBatch)
	if err != nil {
		return nil, fmt.Errorf("read articles: %w", err)
	}
	defer rows.Close()
	var page []agreement.Article
	for rows.Next() {
		var a agreement.Article
		if err := rows.Scan(&a.Document.ID, &a.Document.Title, &a.Document.Text, &a.Document.Language, &a.Month); err != nil {
			return nil, fmt.Errorf("read articles: %w", err)
		}
		a.Key = fmt.Sprint(a.Document.ID)
		page = append(page, a)
	}
	return page, rows.Err()
}

// file reads articles from a file or folder, as import does.
func (d *differ) file(ctx context.Context, path string, report func(files.Problem)) error {
	reader := files.Reader{Report: report}
	stats, err := reader.Read(ctx, path, func(r files.Record) error {
		key := r.ExternalID
		if key == "" {
			key = r.Origin
		}
		month := r.Article.Published.String()
		if len(month) < len("2006-01") {
			month = ""
		}
		return d.add(ctx, agreement.Article{
			Document: analysis.Document{Title: r.Article.Title, Text: r.Article.Text, Language: r.Article.Language},
			Key:      key, Month: month[:min(len(month), len("2006-01"))],
		})
	})
	if err != nil {
		return err
	}
	if stats.Records == 0 {
		return errors.New(path + " holds no article")
	}
	return d.flush(ctx)
}

// diffOutput prints a comparison.
type diffOutput struct {
	a, b   coder
	on     string
	result *agreement.Result
	units  []agreement.Unit
	shown  []string // units whose months are printed; empty chooses
}

func (o diffOutput) write(w io.Writer) error {
	r := o.result
	for _, side := range []struct {
		name string
		c    coder
	}{{"A", o.a}, {"B", o.b}} {
		cb := side.c.Codebook()
		fmt.Fprintf(w, "%s  %s %s (%s), %s\n", side.name, cb.Name, cb.Version, cb.Fingerprint(), side.c.file)
	}
	fmt.Fprintf(w, "on %s: %d articles; both gates let in %d, A's alone %d, B's alone %d, neither %d\n\n",
		o.on, r.Articles, r.Gate.Both, r.Gate.OnlyA, r.Gate.OnlyB, r.Gate.Neither)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "\t\tsentences\t\t\t\t\t\tarticles\t\t\t\t")
	fmt.Fprintln(t, "compared\tas\tboth\tonly A\tonly B\tJaccard\tF1\talpha\tboth\tonly A\tonly B\tkappa\talpha")
	for _, u := range r.Units {
		s, a := u.Sentences, u.Articles
		fmt.Fprintf(t, "%s\t%s\t%d\t%d\t%d\t%s\t%s\t%s\t%d\t%d\t%d\t%s\t%s\n", u.Unit.Name, u.Unit.Kind,
			s.Both, s.OnlyA, s.OnlyB, two(s.Jaccard()), two(s.F1()), two(s.Alpha()), a.Both, a.OnlyA, a.OnlyB, two(a.Kappa()), two(a.Alpha()))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, side := range o.unmatched() {
		if len(side.frames) > 0 {
			fmt.Fprintf(w, "%s alone has %s: counted with what it stands below, its group and any frame\n", side.name, strings.Join(side.frames, ", "))
		}
	}
	series := o.series()
	if len(series) == 0 {
		fmt.Fprintln(w, "\nno difference: both code the same sentences")
	}
	for _, u := range series {
		if err := writeMonths(w, u); err != nil {
			return err
		}
	}
	writeExamples(w, "lost: A codes it, B does not", r.Lost)
	writeExamples(w, "gained: B codes it, A does not", r.Gained)
	return nil
}

// unmatchedSide are the frames of one codebook that the other has no counterpart of.
type unmatchedSide struct {
	name   string
	frames []string
}

func (o diffOutput) unmatched() []unmatchedSide {
	side := func(name string, cb *codebook.Codebook, of func(agreement.Unit) []string) unmatchedSide {
		return unmatchedSide{name, agreement.Unmatched(cb, o.units, of)}
	}
	return []unmatchedSide{
		side("A", o.a.Codebook(), func(u agreement.Unit) []string { return u.A }),
		side("B", o.b.Codebook(), func(u agreement.Unit) []string { return u.B }),
	}
}

// series are the units whose months are printed: those asked for, else the one that the codings disagree on most, if they
// do at all.
func (o diffOutput) series() []agreement.UnitResult {
	var out []agreement.UnitResult
	if len(o.shown) > 0 {
		for _, u := range o.result.Units {
			if slices.Contains(o.shown, u.Unit.Name) {
				out = append(out, u)
			}
		}
		return out
	}
	apart := func(u agreement.UnitResult) int { return u.Sentences.OnlyA + u.Sentences.OnlyB }
	most := slices.MaxFunc(o.result.Units, func(x, y agreement.UnitResult) int { return cmp.Compare(apart(x), apart(y)) })
	if apart(most) > 0 {
		out = append(out, most)
	}
	return out
}

func writeMonths(w io.Writer, u agreement.UnitResult) error {
	fmt.Fprintf(w, "\n%s by month: articles with it, of the n that either gate lets in\n", u.Unit.Name)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "month\tn\tA\tB\tB less A, points [95 % interval]\tA's own n\tB's own n")
	for _, m := range u.Months {
		n := m.Articles.N()
		d, low, high := m.Articles.Difference()
		difference := "too few"
		if n >= fewArticles {
			difference = fmt.Sprintf("%+.1f [%+.1f, %+.1f]", 100*d, 100*low, 100*high)
		}
		fmt.Fprintf(t, "%s\t%d\t%s\t%s\t%s\t%d\t%d\n", m.Month, n, shareOf(m.Articles.Both+m.Articles.OnlyA, n),
			shareOf(m.Articles.Both+m.Articles.OnlyB, n), difference, m.NA, m.NB)
	}
	return t.Flush()
}

// fewArticles is the n below which no percentage is printed.
const fewArticles = 10

func shareOf(k, n int) string {
	if n < fewArticles {
		return fmt.Sprint(k)
	}
	return fmt.Sprintf("%d (%.1f %%)", k, 100*float64(k)/float64(n))
}

func writeExamples(w io.Writer, heading string, examples []agreement.Example) {
	if len(examples) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%s\n", heading)
	for _, x := range examples {
		s := x.Sentence
		fmt.Fprintf(w, "  %s, article %s %s, by %s\n    %s\n", x.Unit, printable(x.Key), x.Month, x.Rule,
			printable(s[:x.At]+"["+x.Trigger+"]"+s[x.At+len(x.Trigger):]))
	}
}

// two prints a coefficient with two decimals and no leading zero, a dash where it is not defined.
func two(v float64) string {
	if math.IsNaN(v) {
		return "–"
	}
	return strings.Replace(fmt.Sprintf("%.2f", v), "0.", ".", 1)
}

// The JSON output. Coefficients that are not defined are null; shares and differences are fractions.
type diffJSON struct {
	A        diffCodebook  `json:"a"`
	B        diffCodebook  `json:"b"`
	On       string        `json:"on"`
	Articles int           `json:"articles"`
	Gate     diffTable     `json:"gate"`
	Units    []diffUnit    `json:"units"`
	Lost     []diffExample `json:"lost"`
	Gained   []diffExample `json:"gained"`
}

type diffCodebook struct {
	Name        string   `json:"name"`
	Version     string   `json:"version"`
	Fingerprint string   `json:"fingerprint"`
	File        string   `json:"file"`
	Unmatched   []string `json:"unmatched_frames"`
}

type diffTable struct {
	Both    int      `json:"both"`
	OnlyA   int      `json:"only_a"`
	OnlyB   int      `json:"only_b"`
	Neither int      `json:"neither"`
	Jaccard *float64 `json:"jaccard"`
	F1      *float64 `json:"f1"`
	Kappa   *float64 `json:"kappa"`
	Alpha   *float64 `json:"alpha"`
}

type diffUnit struct {
	Name      string      `json:"name"`
	Kind      string      `json:"kind"`
	FramesA   []string    `json:"frames_a"`
	FramesB   []string    `json:"frames_b"`
	Sentences diffTable   `json:"sentences"`
	Articles  diffTable   `json:"articles"`
	Months    []diffMonth `json:"months"`
}

type diffMonth struct {
	Month      string   `json:"month"`
	N          int      `json:"n"`
	KA         int      `json:"k_a"`
	KB         int      `json:"k_b"`
	Difference *float64 `json:"difference"`
	Low        *float64 `json:"low"`
	High       *float64 `json:"high"`
	NA         int      `json:"own_n_a"`
	NB         int      `json:"own_n_b"`
}

type diffExample struct {
	Unit     string `json:"unit"`
	Article  string `json:"article"`
	Month    string `json:"month"`
	Headline bool   `json:"headline"`
	Sentence string `json:"sentence"`
	Trigger  string `json:"trigger"`
	Frame    string `json:"frame"`
	Rule     string `json:"rule"`
}

func (o diffOutput) json(w io.Writer) error {
	missing := o.unmatched()
	side := func(c coder, u unmatchedSide) diffCodebook {
		cb := c.Codebook()
		return diffCodebook{cb.Name, cb.Version, cb.Fingerprint(), c.file, append([]string{}, u.frames...)}
	}
	out := diffJSON{A: side(o.a, missing[0]), B: side(o.b, missing[1]), On: o.on, Articles: o.result.Articles,
		Gate: tableJSON(o.result.Gate), Lost: examplesJSON(o.result.Lost), Gained: examplesJSON(o.result.Gained)}
	for _, u := range o.result.Units {
		unit := diffUnit{u.Unit.Name, string(u.Unit.Kind), u.Unit.A, u.Unit.B, tableJSON(u.Sentences), tableJSON(u.Articles), []diffMonth{}}
		for _, m := range u.Months {
			d, low, high := m.Articles.Difference()
			unit.Months = append(unit.Months, diffMonth{m.Month, m.Articles.N(), m.Articles.Both + m.Articles.OnlyA, m.Articles.Both + m.Articles.OnlyB,
				defined(d), defined(low), defined(high), m.NA, m.NB})
		}
		out.Units = append(out.Units, unit)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(out)
}

func tableJSON(t agreement.Table) diffTable {
	return diffTable{t.Both, t.OnlyA, t.OnlyB, t.Neither, defined(t.Jaccard()), defined(t.F1()), defined(t.Kappa()), defined(t.Alpha())}
}

func examplesJSON(examples []agreement.Example) []diffExample {
	out := []diffExample{}
	for _, x := range examples {
		out = append(out, diffExample{x.Unit, x.Key, x.Month, x.Headline, x.Sentence, x.Trigger, x.Frame, x.Rule})
	}
	return out
}

// defined rounds to four decimals; nil stands for what is not defined.
func defined(v float64) *float64 {
	if math.IsNaN(v) {
		return nil
	}
	v = math.Round(v*1e4) / 1e4
	return &v
}
