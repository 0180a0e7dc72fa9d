package store

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"framewatch/analysis"
	"framewatch/analysis/codebook"
	"framewatch/crawler"
	"framewatch/crawler/article"
	"framewatch/crawler/files"
)

// sizeEnv sets how many articles the generated corpus has; without it a small one keeps the tests quick.
const sizeEnv = "FRAMEWATCH_BENCH_ARTICLES"

func corpusSize(tb testing.TB) int {
	s := os.Getenv(sizeEnv)
	if s == "" {
		return 2_000
	}
	n, err := strconv.Atoi(s)
	must(tb, err)
	return n
}

// bigFrames are the frames of the corpus, the most frequent first; the second and third are children of the first.
func bigFrames() []string {
	return []string{"race", "arms_race", "lead_lag", "zero_sum", "deregulation", "cooperation", "sputnik", "monolith", "envy",
		"platform_control", "sovereignty", "ip_pressure", "threat", "hype", "labor", "ethics"}
}

// bigBook has sixteen frames, two of them children.
func bigBook(tb testing.TB, name string) *codebook.Codebook {
	tb.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "name: %s\nversion: \"1\"\ntopic:\n  ai: [%s_ai]\n  us: [us]\n  china: [china]\nframes:\n", name, name)
	for i, id := range bigFrames() {
		fmt.Fprintf(&b, "  - id: %s\n    label: Frame %d\n    group: invented\n    description: invented\n", id, i)
		if i == 1 || i == 2 {
			fmt.Fprintf(&b, "    parent: %s\n", bigFrames()[0])
		}
		fmt.Fprintf(&b, "    rules:\n      - id: word\n        match: [word%d]\n", i)
	}
	cb, err := codebook.Parse(name+".yaml", []byte(b.String()))
	must(tb, err)
	return cb
}

// generator makes a corpus of invented articles: 40 outlets, 72 months, texts of about 4 KB, and three mentions per
// article on average, skewed towards the first frames as in life. The same seed gives the same corpus.
type generator struct {
	rng      *rand.Rand
	book     *codebook.Codebook // the active one
	earlier  *codebook.Codebook // coded before, a tenth of it otherwise
	words    []string
	speakers int
	original files.Record // that the next articles copy
}

// generation is part of the name of a kept database; it grows when the generator makes another corpus.
const generation = 4

func newGenerator(tb testing.TB) *generator {
	g := &generator{rng: rand.New(rand.NewPCG(7, 11)), book: bigBook(tb, "big"), earlier: bigBook(tb, "earlier"), speakers: 3000}
	for i := range 3000 {
		g.words = append(g.words, fmt.Sprintf("w%s", strconv.FormatInt(int64(i*i+17), 36)))
	}
	return g
}

func (g *generator) record(i int) files.Record {
	var b strings.Builder
	for w := range 600 {
		b.WriteString(g.words[g.rng.IntN(len(g.words))])
		switch {
		case w%120 == 119:
			b.WriteString(".\n\n")
		case w%20 == 19:
			b.WriteString(". ")
		default:
			b.WriteByte(' ')
		}
	}
	day := time.Date(2020, 1, 1, 9, 0, 0, 0, time.UTC).AddDate(0, 0, g.rng.IntN(72*30))
	outlet := fmt.Sprintf("Outlet %02d", g.rng.IntN(40))
	r := files.Record{ExternalID: fmt.Sprint("g", i), Outlet: outlet, Type: []string{"news", "think_tank", "press_release", "government"}[g.rng.IntN(4)],
		Article: article.Article{URL: fmt.Sprintf("https://%02d.example/a/%d", g.rng.IntN(40), i), Title: "Headline " + fmt.Sprint(i), Text: b.String(),
			Language: "en", Published: article.Date{Time: day, Precision: article.PrecisionTime}, Authors: []string{"A. Writer"}}}
	switch i % 20 { // one article in ten is another outlet's copy
	case 1:
		g.original = r
	case 2, 3:
		r.Article.Text, r.Article.Title, r.Article.Published = g.original.Article.Text, g.original.Article.Title, g.original.Article.Published
	}
	return r
}

// analyzed gives a document its mentions: the words at random places, the same ones every time.
func (g *generator) analyzed(d analysis.Document) analysis.Analyzed {
	rng := rand.New(rand.NewPCG(uint64(d.ID), 13))
	a := analysis.Analyzed{Document: d, Topic: analysis.Topic{AboutAI: true, NamesChina: true, NamesUS: true, Relevant: rng.IntN(10) > 0}}
	if !a.Topic.Relevant {
		a.Topic.Reason = "ai"
		return a
	}
	at := 0
	for range rng.IntN(8) {
		step := rng.IntN(400)
		if at+step+60 > len(d.Text) {
			break
		}
		at += step
		n := rng.IntN(16)
		m := analysis.Mention{Frame: g.book.Frames[n*rng.IntN(16)/16].ID, Section: analysis.Body, Paragraph: 1 + at/900,
			Start: at, End: at + 12, SentStart: at, SentEnd: at + 60, Trigger: d.Text[at : at+12],
			Stance: []analysis.Stance{analysis.Asserts, analysis.Asserts, analysis.Contests, analysis.Reports}[rng.IntN(4)], Voice: analysis.Author,
			Rule: "frame/1", StanceRule: "default", VoiceRule: "default"}
		if rng.IntN(2) == 0 {
			m.Voice, m.VoiceRule = analysis.Quoted, "quote"
			m.Speaker = analysis.Speaker{Name: fmt.Sprint("Speaker ", rng.IntN(g.speakers)), Country: []string{"US", "US", "CN"}[rng.IntN(3)]}
		}
		if len(a.Mentions) == 0 && len(d.Title) >= 12 && rng.IntN(8) == 0 {
			head := m
			head.Section, head.Paragraph, head.Start, head.End, head.SentStart, head.SentEnd = analysis.Headline, 0, 0, 8, 0, len(d.Title)
			head.Trigger = d.Title[:8]
			a.Mentions = append(a.Mentions, head)
		}
		a.Mentions = append(a.Mentions, m)
		at += 12
	}
	return a
}

// before is what the earlier codebook made of the document: a tenth of the mentions are missing or of another frame.
func (g *generator) before(d analysis.Document) analysis.Analyzed {
	a := g.analyzed(d)
	var kept []analysis.Mention
	for i, m := range a.Mentions {
		switch (d.ID + int64(i)) % 20 {
		case 0:
			continue
		case 1:
			m.Frame = g.book.Frames[3].ID
		}
		kept = append(kept, m)
	}
	a.Mentions = kept
	return a
}

// corpusCodes are what two people say of one article in 97 and of one mention in 311, who agree as a rule.
const corpusCodes = `
	INSERT INTO gold (coder, unit, article_id, text_hash, asked, frame, inclusion, imported)
	SELECT c.coder, 'article', a.id, a.text_hash, 'race', iif(a.id % 7 < 3 + (c.coder = 'two' AND a.id % 5 = 0), 'race', ''), 0.01, '2025-06-15T12:00:00Z'
	FROM article AS a CROSS JOIN (SELECT 'one' AS coder UNION ALL SELECT 'two') AS c WHERE a.id % 97 = 0;
	INSERT INTO gold (coder, unit, article_id, text_hash, section, span_start, span_end, frame, stance, sampled_frame, sampled_stance, inclusion, imported)
	SELECT c.coder, 'span', a.id, a.text_hash, iif(m.section = 'headline', 'headline', 'text'), m.span_start, m.span_end,
	       iif(m.id % 9 = 0, '', m.frame), iif(c.coder = 'two' AND m.id % 4 = 0, 'reports', m.stance), m.frame, m.stance, 0.01, '2025-06-15T12:00:00Z'
	FROM mention AS m JOIN article AS a ON a.id = m.article_id CROSS JOIN (SELECT 'one' AS coder UNION ALL SELECT 'two') AS c
	WHERE m.id % 311 = 0 AND m.codebook_id = (SELECT id FROM codebook WHERE active = 1)
	ON CONFLICT DO NOTHING;`

// fill imports n articles and codes them with both codebooks in batches, as the commands do, and returns how long the
// store took for the import and for the active codebook.
func (g *generator) fill(tb testing.TB, db *DB, n int) (importing, saving time.Duration) {
	tb.Helper()
	ctx := context.Background()
	for from := 0; from < n; from += 200 {
		var batch []files.Record
		for i := from; i < min(n, from+200); i++ {
			batch = append(batch, g.record(i))
		}
		start := time.Now()
		_, err := db.Import(ctx, batch, noon)
		must(tb, err)
		importing += time.Since(start)
	}
	g.code(tb, db, g.earlier, g.before)
	saving = g.code(tb, db, g.book, g.analyzed)
	must(tb, db.write(ctx, "codes by people", func(t *txn) error { return t.script(ctx, corpusCodes) }))
	return importing, saving
}

func (g *generator) code(tb testing.TB, db *DB, book *codebook.Codebook, coded func(analysis.Document) analysis.Analyzed) (saving time.Duration) {
	tb.Helper()
	ctx := context.Background()
	start := time.Now()
	must(tb, db.UseCodebook(ctx, book, analysis.Engine))
	for after := int64(0); ; {
		docs, err := db.Stale(ctx, book.Fingerprint(), analysis.Engine, after, 200)
		must(tb, err)
		if len(docs) == 0 {
			return saving + time.Since(start)
		}
		saving += time.Since(start)
		var batch []analysis.Analyzed
		for _, d := range docs {
			batch = append(batch, coded(d))
		}
		start = time.Now()
		must(tb, db.SaveAnalysis(ctx, book.Fingerprint(), analysis.Engine, batch))
		after = docs[len(docs)-1].ID
	}
}

// benchFile makes a filled database. A large one is kept in the temporary folder for the next run.
func benchFile(tb testing.TB) string {
	tb.Helper()
	n := corpusSize(tb)
	path := filepath.Join(tb.TempDir(), "bench.db")
	if n > 10_000 {
		path = filepath.Join(os.TempDir(), fmt.Sprintf("framewatch-bench-%d-%d-%d.db", n, generation, analysis.Engine))
	}
	if Exists(path) == nil {
		db, err := Open(context.Background(), path, Options{}) // bring its schema up to date
		must(tb, err)
		must(tb, db.Close())
		return path
	}
	db, err := Open(context.Background(), path+".new", Options{})
	must(tb, err)
	importing, saving := newGenerator(tb).fill(tb, db, n)
	start := time.Now()
	_, err = db.FindStories(context.Background(), nil)
	must(tb, err)
	tb.Logf("find stories %v", time.Since(start).Round(time.Millisecond))
	must(tb, db.Close())
	must(tb, os.Rename(path+".new", path))
	tb.Logf("%d articles: import %v, save analyses %v", n, importing.Round(time.Millisecond), saving.Round(time.Millisecond))
	return path
}

// researchQueries are questions beside the named ones whose speed matters.
func researchQueries() map[string]string {
	return map[string]string{
		"v_month":           `SELECT * FROM v_month`,
		"v_month_story":     `SELECT * FROM v_month_story`,
		"v_story":           `SELECT * FROM v_story ORDER BY outlets DESC, articles DESC LIMIT 20`,
		"v_month one frame": `SELECT month, share, wilson_low, wilson_high FROM v_month WHERE frame = 'race' ORDER BY month`,
		"stance by month":   `SELECT month, stance, count(*) FROM v_mention GROUP BY 1, 2`,
		"frame by outlet":   `SELECT outlet, frame, count(DISTINCT article_id) FROM v_mention GROUP BY 1, 2`,
		"top speakers":      `SELECT speaker, count(*) AS n, count(DISTINCT article_id), count(DISTINCT outlet) FROM v_mention WHERE frame = 'race' AND stance = 'contests' AND voice = 'speaker' GROUP BY 1 ORDER BY n DESC LIMIT 30`,
		"articles by type":  `SELECT month, source_type, count(*) FROM v_article WHERE relevant = 1 GROUP BY 1, 2`,
		"outlets":           `SELECT * FROM v_outlet`,
		"headlines":         `SELECT month, count(DISTINCT article_id) FROM v_mention WHERE section = 'headline' GROUP BY 1`,
		"search":            `SELECT rowid, snippet(article_search, 1, '[', ']', '…', 8) FROM article_search WHERE article_search MATCH 'wh AND wi AND wl' ORDER BY rank LIMIT 20`,
		"passages":          `SELECT url, outlet, published, sentence FROM v_mention WHERE frame = 'zero_sum' AND stance = 'contests' ORDER BY published DESC LIMIT 50`,
	}
}

// bars are how long a question may take, warm, at 200,000 articles; the named queries have a second each.
func bars() map[string]time.Duration {
	return map[string]time.Duration{"v_month": 500 * time.Millisecond, "v_month one frame": 500 * time.Millisecond, "v_month_story": 500 * time.Millisecond, "search": 50 * time.Millisecond}
}

const (
	mostRSS     = 200 << 10 // KiB
	workerEnv   = "FRAMEWATCH_BENCH_DB"
	warmRepeats = 3
)

// TestQueriesAreQuick prints the time of every question and, with the large corpus, holds all to their bars. The questions
// are asked in a process of their own, whose memory is then known.
func TestQueriesAreQuick(t *testing.T) {
	if os.Getenv(workerEnv) != "" {
		t.Skip("asked by itself")
	}
	if testing.Short() {
		t.Skip("fills a corpus; its bars are for a binary without the race detector")
	}
	path := benchFile(t)
	cmd := exec.Command(os.Args[0], "-test.run=^TestQuestionsOfTheCorpus$", "-test.v")
	cmd.Env = append(os.Environ(), workerEnv+"="+path)
	out, err := cmd.CombinedOutput()
	for line := range strings.Lines(string(out)) {
		if _, figure, ok := strings.Cut(line, "bench_test.go:"); ok {
			_, figure, _ = strings.Cut(figure, ": ")
			t.Log(strings.TrimSpace(figure))
		}
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok && runtime.GOOS == "linux" {
		t.Logf("%-18s %d MiB", "peak memory", usage.Maxrss>>10)
		if usage.Maxrss > mostRSS {
			t.Errorf("the questions took %d MiB, want at most %d", usage.Maxrss>>10, mostRSS>>10)
		}
	}
}

// TestQuestionsOfTheCorpus is the other half of TestQueriesAreQuick.
func TestQuestionsOfTheCorpus(t *testing.T) {
	path := os.Getenv(workerEnv)
	if path == "" {
		t.Skip("TestQueriesAreQuick runs it")
	}
	ctx := context.Background()
	ask := func(name, statement string, args ...any) {
		t.Helper()
		best, rows := never, 0
		for i := range 1 + warmRepeats {
			start := begin()
			r, err := Query(ctx, path, statement, Limits{}, args...)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if rows = len(r.Rows); i > 0 {
				best = best.least(start.taken())
			}
		}
		timed(t, name, best, fmt.Sprintf("%d rows", rows))
		if rows == 0 && (name != "outlet-change" || os.Getenv(sizeEnv) != "") {
			t.Errorf("%s: no rows", name)
		}
	}
	questions := researchQueries()
	for _, name := range sortedKeys(questions) {
		ask(name, questions[name])
	}
	for _, q := range NamedQueries() {
		var args []any
		for _, p := range q.Params {
			if p.Name == "words" {
				p.Default = "wh AND wi"
			}
			args = append(args, sql.Named(p.Name, p.Default))
		}
		ask(q.Name, q.SQL, args...)
	}
}

// cost is how long something takes, on the clock and of the processor. On a machine that does nothing else both are the
// same, for everything measured here runs in one thread; under other work only the second tells.
type cost struct{ clock, processor time.Duration }

var never = cost{time.Hour, time.Hour}

// begin is now, as a cost.
func begin() cost {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err) // it cannot fail for the process itself
	}
	return cost{time.Duration(time.Now().UnixNano()), time.Duration(usage.Utime.Nano() + usage.Stime.Nano())}
}

// taken is what was spent since.
func (c cost) taken() cost {
	now := begin()
	return cost{now.clock - c.clock, now.processor - c.processor}
}

func (c cost) least(other cost) cost {
	return cost{min(c.clock, other.clock), min(c.processor, other.processor)}
}

// timed prints a figure and, with the large corpus, holds its processor time to its bar.
func timed(t *testing.T, name string, took cost, more string) {
	t.Helper()
	t.Logf("%-20s processor %8v, clock %8v; %s", name, took.processor.Round(100*time.Microsecond), took.clock.Round(100*time.Microsecond), more)
	bar, ok := bars()[name]
	if _, research := researchQueries()[name]; !ok && !research {
		bar = time.Second
	}
	if os.Getenv(sizeEnv) != "" && bar > 0 && took.processor > bar {
		t.Errorf("%s took %v, want at most %v", name, took.processor, bar)
	}
}

// TestNothingStaleIsQuick does what framewatch analyze does on a database that is up to date, and framewatch status.
func TestNothingStaleIsQuick(t *testing.T) {
	if os.Getenv(workerEnv) != "" {
		t.Skip("asked by TestQueriesAreQuick")
	}
	ctx := context.Background()
	path := benchFile(t)
	book := bigBook(t, "big")
	coder, err := analysis.New(book)
	must(t, err)
	best := never
	for range warmRepeats {
		start := begin()
		db, err := Open(ctx, path, Options{Gate: coder})
		must(t, err)
		why, err := db.StaleWhy(ctx, book.Fingerprint(), analysis.Engine)
		must(t, err)
		sum, err := analysis.Sync(ctx, coder, db, 1, func(int) {})
		must(t, err)
		must(t, db.Close())
		best = best.least(start.taken())
		if len(why) > 0 || sum.Documents > 0 {
			t.Fatalf("stale: %v, %+v", why, sum)
		}
	}
	timed(t, "nothing stale", best, "as framewatch analyze")
	db, err := OpenReadOnly(ctx, path)
	must(t, err)
	defer db.Close()
	start := begin()
	c, err := db.Counts(ctx)
	must(t, err)
	timed(t, "counts", start.taken(), fmt.Sprintf("%+v", c))
	if c.Articles != corpusSize(t) || c.Mentions == 0 {
		t.Errorf("counts %+v", c)
	}
}

// aggregates are the questions of which the times in SQLite and in DuckDB on the Parquet export are compared: a statement
// for either, the latter with the files of the exports by name.
func aggregates(file func(table string) string) map[string][2]string {
	return map[string][2]string{
		"v_month": {`SELECT month, frame, n, k FROM v_month`,
			`WITH total AS (SELECT month, count(*) AS n FROM ` + file("articles") + ` WHERE relevant = 1 AND month IS NOT NULL GROUP BY month),
			uses AS (SELECT article_id, month, frame FROM ` + file("mentions") + ` UNION ALL
				SELECT article_id, month, parent_frame FROM ` + file("mentions") + ` WHERE parent_frame IS NOT NULL),
			k AS (SELECT month, frame, count(DISTINCT article_id) AS k FROM uses GROUP BY month, frame)
			SELECT t.month, f.frame, t.n, coalesce(k.k, 0) FROM total AS t CROSS JOIN ` + file("frames") + ` AS f
			LEFT JOIN k ON k.month = t.month AND k.frame = f.frame`},
		"frame by outlet": {`SELECT outlet, frame, count(DISTINCT article_id) FROM v_mention GROUP BY 1, 2`,
			`SELECT outlet, frame, count(DISTINCT article_id) FROM ` + file("mentions") + ` GROUP BY 1, 2`},
		"stance by month": {`SELECT month, stance, count(*) FROM v_mention GROUP BY 1, 2`,
			`SELECT month, stance, count(*) FROM ` + file("mentions") + ` GROUP BY 1, 2`},
	}
}

// TestDuckDBRatios prints the time of three aggregates in SQLite and in DuckDB on the Parquet export of the same file.
func TestDuckDBRatios(t *testing.T) {
	path := benchFile(t)
	db, err := OpenReadOnly(context.Background(), path)
	must(t, err)
	defer db.Close()
	dir := t.TempDir()
	file := func(table string) string { return "'" + filepath.Join(dir, table+".parquet") + "'" }
	for _, name := range []string{"articles", "mentions", "frames"} {
		out, err := os.Create(filepath.Join(dir, name+".parquet"))
		must(t, err)
		start := time.Now()
		rows, err := Export{Table: name, Format: "parquet", NoText: true}.Write(context.Background(), db, out)
		must(t, err)
		info, err := out.Stat()
		must(t, err)
		must(t, out.Close())
		t.Logf("export %-11s %v, %d rows, %.1f MB", name, time.Since(start).Round(time.Millisecond), rows, float64(info.Size())/1e6)
	}
	questions := aggregates(file)
	in := map[string]string{}
	for name, q := range questions {
		in[name] = q[1]
	}
	duck := duckdbTimes(t, in, warmRepeats)
	for _, name := range sortedKeys(questions) {
		best := never
		for i := range 1 + warmRepeats {
			start := begin()
			if rows := table(t, db, questions[name][0]); len(rows) == 0 {
				t.Fatalf("%s: no rows", name)
			}
			if i > 0 {
				best = best.least(start.taken())
			}
		}
		ms := float64(best.processor.Microseconds()) / 1000
		t.Logf("%-16s processor: SQLite %.1f ms, DuckDB %.1f ms, ratio %.3g; clock: %.1f ms, %.1f ms", name, ms, duck[name][1], ms/duck[name][1],
			float64(best.clock.Microseconds())/1000, duck[name][0])
	}
}

func BenchmarkImport(b *testing.B) {
	g := newGenerator(b)
	db, err := Open(context.Background(), filepath.Join(b.TempDir(), "b.db"), Options{})
	must(b, err)
	defer db.Close()
	const batch = 200
	for i := 0; b.Loop(); i++ {
		b.StopTimer()
		var records []files.Record
		for j := range batch {
			records = append(records, g.record(i*batch+j))
		}
		b.StartTimer()
		_, err := db.Import(context.Background(), records, noon)
		must(b, err)
	}
	b.ReportMetric(float64(b.N*batch)/b.Elapsed().Seconds(), "articles/s")
}

// BenchmarkFinish records one fetched page a round, as a crawl does: page, article, search index, queue and coverage in a
// transaction that is synced to the disk.
func BenchmarkFinish(b *testing.B) {
	ctx := context.Background()
	g := newGenerator(b)
	db, err := Open(ctx, filepath.Join(b.TempDir(), "b.db"), Options{})
	must(b, err)
	defer db.Close()
	_, err = db.BeginRun(ctx, "crawl", []crawler.Source{{ID: "courier", Name: "The Courier", Type: "news"}}, noon)
	must(b, err)
	for i := 0; b.Loop(); i++ {
		b.StopTimer()
		r := g.record(i)
		_, err := db.Add(ctx, []crawler.Entry{{URL: r.Article.URL, Source: "courier", Lane: "lane"}}, noon)
		must(b, err)
		jobs, err := db.Lease(ctx, "lane", []string{"courier"}, noon, noon.Add(time.Minute), 1)
		must(b, err)
		b.StartTimer()
		_, err = db.Finish(ctx, crawler.Outcome{Job: jobs[0], State: crawler.Stored, At: noon, KeepRaw: true, Article: &r.Article,
			Page: &crawler.Page{URL: r.Article.URL, Final: r.Article.URL, Status: 200, FetchedAt: noon, Body: []byte(strings.Repeat(r.Article.Text, 10))}})
		must(b, err)
	}
}

func BenchmarkSaveAnalysis(b *testing.B) {
	g := newGenerator(b)
	db, err := Open(context.Background(), filepath.Join(b.TempDir(), "b.db"), Options{})
	must(b, err)
	defer db.Close()
	g.fill(b, db, 2000)
	docs, err := db.Stale(context.Background(), g.book.Fingerprint(), analysis.Engine+1, 0, 200)
	must(b, err)
	for b.Loop() {
		b.StopTimer()
		var batch []analysis.Analyzed
		for _, d := range docs {
			batch = append(batch, g.analyzed(d))
		}
		b.StartTimer()
		must(b, db.SaveAnalysis(context.Background(), g.book.Fingerprint(), analysis.Engine+1, batch))
	}
	b.ReportMetric(float64(b.N*len(docs))/b.Elapsed().Seconds(), "articles/s")
}
