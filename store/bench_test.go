package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
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

// bigBook has sixteen frames, two of them children.
func bigBook() *codebook.Codebook {
	cb := &codebook.Codebook{Name: "big", Version: "1"}
	for i := range 16 {
		f := codebook.Frame{ID: fmt.Sprintf("frame%02d", i), Label: fmt.Sprintf("Frame %d", i)}
		if i == 1 || i == 2 {
			f.Parent = "frame00"
		}
		cb.Frames = append(cb.Frames, f)
	}
	return cb
}

// generator makes a corpus of invented articles: 40 outlets, 72 months, texts of about 4 KB, and three mentions per
// article on average, skewed towards the first frames as in life. The same seed gives the same corpus.
type generator struct {
	rng   *rand.Rand
	book  *codebook.Codebook
	words []string
}

func newGenerator() *generator {
	g := &generator{rng: rand.New(rand.NewPCG(7, 11)), book: bigBook()}
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
	return files.Record{ExternalID: fmt.Sprint("g", i), Outlet: outlet, Type: []string{"news", "think_tank", "press_release", "government"}[g.rng.IntN(4)],
		Article: article.Article{URL: fmt.Sprintf("https://%02d.example/a/%d", g.rng.IntN(40), i), Title: "Headline " + fmt.Sprint(i), Text: b.String(),
			Language: "en", Published: article.Date{Time: day, Precision: article.PrecisionTime}, Authors: []string{"A. Writer"}}}
}

// analyzed gives a document its mentions: the words at random places.
func (g *generator) analyzed(d analysis.Document) analysis.Analyzed {
	a := analysis.Analyzed{Document: d, Topic: analysis.Topic{AboutAI: true, NamesChina: true, NamesUS: true, Relevant: g.rng.IntN(10) > 0}}
	if !a.Topic.Relevant {
		a.Topic.Reason = "ai"
		return a
	}
	at := 0
	for range g.rng.IntN(8) {
		step := g.rng.IntN(400)
		if at+step+60 > len(d.Text) {
			break
		}
		at += step
		n := g.rng.IntN(16)
		m := analysis.Mention{Frame: g.book.Frames[n*g.rng.IntN(16)/16].ID, Section: analysis.Body, Paragraph: 1 + at/900,
			Start: at, End: at + 12, SentStart: at, SentEnd: at + 60, Trigger: d.Text[at : at+12],
			Stance: []analysis.Stance{analysis.Asserts, analysis.Asserts, analysis.Contests, analysis.Reports}[g.rng.IntN(4)], Voice: analysis.Author,
			Rule: "frame/1", StanceRule: "default", VoiceRule: "default"}
		if g.rng.IntN(2) == 0 {
			m.Voice, m.VoiceRule = analysis.Quoted, "quote"
			m.Speaker = analysis.Speaker{Name: fmt.Sprint("Speaker ", g.rng.IntN(3000)), Country: "US"}
		}
		a.Mentions = append(a.Mentions, m)
		at += 12
	}
	return a
}

// fill imports and analyzes n articles in batches, as the commands do, and returns how long the store took for either.
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
	start := time.Now()
	must(tb, db.UseCodebook(ctx, g.book, 1))
	for after := int64(0); ; {
		docs, err := db.Stale(ctx, g.book.Fingerprint(), 1, after, 200)
		must(tb, err)
		if len(docs) == 0 {
			return importing, saving + time.Since(start)
		}
		saving += time.Since(start)
		var batch []analysis.Analyzed
		for _, d := range docs {
			batch = append(batch, g.analyzed(d))
		}
		start = time.Now()
		must(tb, db.SaveAnalysis(ctx, g.book.Fingerprint(), 1, batch))
		after = docs[len(docs)-1].ID
	}
}

// benchDB is a filled database, kept between runs in the temporary folder if it is a large one.
func benchDB(tb testing.TB) *DB {
	tb.Helper()
	n := corpusSize(tb)
	path := filepath.Join(tb.TempDir(), "bench.db")
	if n > 10_000 {
		schema, err := migrations.ReadFile(migrationFiles()[0])
		must(tb, err)
		path = filepath.Join(os.TempDir(), fmt.Sprintf("framewatch-bench-%d-%s.db", n, textHash(string(schema), viewsSQL)[:8]))
	}
	fresh := Exists(path) != nil
	db, err := Open(context.Background(), path, Options{})
	must(tb, err)
	tb.Cleanup(func() { db.Close() })
	if fresh {
		importing, saving := newGenerator().fill(tb, db, n)
		tb.Logf("%d articles: import %v, save analyses %v", n, importing.Round(time.Millisecond), saving.Round(time.Millisecond))
	}
	return db
}

// researchQueries are questions whose speed matters, with the longest that the second run may take on 200,000 articles.
func researchQueries() map[string]string {
	return map[string]string{
		"v_month":           `SELECT * FROM v_month`,
		"v_month one frame": `SELECT month, share, wilson_low, wilson_high FROM v_month WHERE frame = 'frame00' ORDER BY month`,
		"stance by month":   `SELECT month, stance, count(*) FROM v_mention GROUP BY 1, 2`,
		"frame by outlet":   `SELECT outlet, frame, count(DISTINCT article_id) FROM v_mention GROUP BY 1, 2`,
		"top speakers":      `SELECT speaker, count(*) AS n, count(DISTINCT article_id), count(DISTINCT outlet) FROM v_mention WHERE frame = 'frame00' AND stance = 'contests' AND voice = 'speaker' GROUP BY 1 ORDER BY n DESC LIMIT 30`,
		"articles by type":  `SELECT month, source_type, count(*) FROM v_article WHERE relevant = 1 GROUP BY 1, 2`,
		"outlets":           `SELECT * FROM v_outlet`,
		"headlines":         `SELECT month, count(DISTINCT article_id) FROM v_mention WHERE section = 'headline' GROUP BY 1`,
		"search":            `SELECT rowid, snippet(article_search, 1, '[', ']', '…', 8) FROM article_search WHERE article_search MATCH 'wh AND wi AND wl' ORDER BY rank LIMIT 20`,
		"passages":          `SELECT url, outlet, published, sentence FROM v_mention WHERE frame = 'frame03' AND stance = 'contests' ORDER BY published DESC LIMIT 50`,
	}
}

// TestQueriesAreQuick prints the time of every question, and with the large corpus holds v_month to its half second.
func TestQueriesAreQuick(t *testing.T) {
	db := benchDB(t)
	for name, q := range researchQueries() {
		took := time.Duration(0)
		for range 2 {
			start := time.Now()
			rows := table(t, db, q)
			took = time.Since(start)
			if len(rows) == 0 && name != "headlines" {
				t.Errorf("%s: no rows", name)
			}
		}
		t.Logf("%-18s %v", name, took.Round(100*time.Microsecond))
		if name == "v_month" && took > 500*time.Millisecond {
			t.Errorf("v_month took %v, want at most 0.5 s", took)
		}
	}
	for _, q := range NamedQueries() {
		params := map[string]string{}
		for _, p := range q.Params {
			if value, ok := map[string]string{"frame": "frame00", "other": "frame03", "words": "wh AND wi", "earlier": "2022", "later": "2023"}[p.Name]; ok {
				params[p.Name] = value
			}
		}
		took := time.Duration(0)
		var r *Result
		for range 2 {
			start := time.Now()
			var err error
			if r, err = q.Run(context.Background(), db.Path(), params, Limits{}); err != nil {
				t.Fatalf("%s: %v", q.Name, err)
			}
			took = time.Since(start)
		}
		t.Logf("%-18s %v, %d rows", q.Name, took.Round(100*time.Microsecond), len(r.Rows))
	}
	start := time.Now()
	c, err := db.Counts(context.Background())
	must(t, err)
	t.Logf("%-18s %v %+v", "counts, staleness", time.Since(start).Round(100*time.Microsecond), c)
	if c.Articles != corpusSize(t) || c.Mentions == 0 {
		t.Errorf("counts %+v", c)
	}
}

func BenchmarkImport(b *testing.B) {
	g := newGenerator()
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
	g := newGenerator()
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
	g := newGenerator()
	db, err := Open(context.Background(), filepath.Join(b.TempDir(), "b.db"), Options{})
	must(b, err)
	defer db.Close()
	g.fill(b, db, 2000)
	docs, err := db.Stale(context.Background(), g.book.Fingerprint(), 2, 0, 200)
	must(b, err)
	for b.Loop() {
		b.StopTimer()
		var batch []analysis.Analyzed
		for _, d := range docs {
			batch = append(batch, g.analyzed(d))
		}
		b.StartTimer()
		must(b, db.SaveAnalysis(context.Background(), g.book.Fingerprint(), 2, batch))
	}
	b.ReportMetric(float64(b.N*len(docs))/b.Elapsed().Seconds(), "articles/s")
}
