package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"
)

// bench is one entry of the table: a name and what it runs.
type bench struct {
	name, short string
	run         func(ctx context.Context, r *runner) error
}

// benches is the table. A new entry is a line here: tests runs Go tests at full size, rounds runs benchmarks of one
// package in turn, and anything else is a function of its own.
func benches() []bench {
	return []bench{
		{"fuzz", "every fuzz target, or those under the packages named, for --time each (2m)", fuzz},
		{"kill", "50 crawls killed at random moments, then one that finishes; two crawls at once", tests("./cmd/framewatch", "^(TestKilled|TestTwoCrawlsAtOnce)$")},
		{"feeds", "a feed of 10,000 items and a sitemap of 50,000 addresses, twice: time and memory", tests("./cmd/framewatch", "^TestManyURLs$")},
		{"bombs", "decompression, entity and nesting bombs: time and memory", tests("./cmd/framewatch", "^TestBombsAreBounded$")},
		{"disk", "a disk that fills up during a crawl; needs the right to mount", tests("./cmd/framewatch", "^TestDiskFull$")},
		{"throughput", "pages a second and processor time a page: framewatch, colly alone, Scrapy, in turn", rounds("./crawler", "^Benchmark(Crawl|Colly|Scrapy)$", "5x")},
		{"extract", "extraction against go-trafilatura, processor time a page", rounds("./crawler/article", "Extract", "4x")},
		{"store", "every named query at 200,000 articles, memory, and a run with nothing to do; fills a database once",
			tests("./store", "^(TestQueriesAreQuick|TestNothingStaleIsQuick)$", "FRAMEWATCH_BENCH_ARTICLES=200000")},
		{"stories", "the stories of 200,000 generated articles, one in twenty copied and edited: time, memory, precision, recall",
			tests("./store", "^TestStoriesOfAWholeCorpus$", "FRAMEWATCH_BENCH_ARTICLES=200000")},
		{"duckdb", "three aggregates in SQLite and in DuckDB on the Parquet export; FRAMEWATCH_DUCKDB names node_modules",
			tests("./store", "^TestDuckDBRatios$", "FRAMEWATCH_BENCH_ARTICLES=200000")},
		{"load", "import and analyze of 10,000 articles of 5 KB, as commands",
			tests("./cmd/framewatch", "^TestImportAndAnalyze$", "FRAMEWATCH_LOAD_ARTICLES=10000")},
		{"report", "the report of 200,000 articles by the command itself: seconds, memory, bytes; fills a database once",
			tests("./store", "^TestReportIsQuick$", "FRAMEWATCH_BENCH_ARTICLES=200000")},
		{"page", "a page with 10,000 passages in a browser: bytes, first chart, search, sorting", tests("./charts", "^TestPageKeepsPace$", "FRAMEWATCH_PACE=strict")},
		{"analyze", "coding against the tagger library, time an article", rounds("./analysis", "Analyze|Prose", "1s")},
		{"peers", "coding against prose and wink-nlp, processor time an article, in turn; installs wink-nlp with npm", peers},
		{"memory", "what a process holds after coding 1,000 articles, model and codebook loaded", tests("./analysis", "^TestResidentMemory$")},
	}
}

// runner is what a bench runs with.
type runner struct {
	stdout, stderr io.Writer
	packages       []string // named on the command line; empty: all
	time           time.Duration
	rounds         int
	each           string // how long or often a benchmark runs in a round, as go test's -benchtime; empty: the table's
	verbose        bool
}

// run executes a command line and returns the exit code: 0 done, 1 a bench failed, 2 wrong usage.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	r := &runner{stdout: stdout, stderr: stderr}
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.DurationVar(&r.time, "time", 2*time.Minute, "how long each fuzz target runs")
	f.IntVar(&r.rounds, "rounds", 3, "how often benchmarks that are compared run in turn")
	f.StringVar(&r.each, "each", "", "how long or often a benchmark runs in a round, such as 10s or 3x, in place of its own measure")
	f.BoolVar(&r.verbose, "v", false, "print everything that the tests print")
	name := ""
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		name, args = args[0], args[1:]
	}
	if err := f.Parse(args); err != nil || name == "" || name == "help" || r.rounds < 1 {
		overview(stdout, f)
		if err == flag.ErrHelp || name == "help" {
			return 0
		}
		return 2
	}
	r.packages = f.Args()
	for _, b := range benches() {
		if b.name != name {
			continue
		}
		if err := b.run(ctx, r); err != nil {
			fmt.Fprintf(stderr, "bench %s: %v\n", name, err)
			return 1
		}
		return 0
	}
	fmt.Fprintf(stderr, "bench: unknown name %q; \"go run ./cmd/bench --help\" lists them\n", name)
	return 2
}

func overview(w io.Writer, f *flag.FlagSet) {
	fmt.Fprint(w, "Usage: go run ./cmd/bench NAME [flags] [packages]\n\n")
	for _, b := range benches() {
		fmt.Fprintf(w, "  %-11s %s\n", b.name, b.short)
	}
	fmt.Fprint(w, "\nFlags:\n")
	f.VisitAll(func(fl *flag.Flag) {
		fmt.Fprintf(w, "  --%-9s %s", fl.Name, fl.Usage)
		if fl.DefValue != "" && fl.DefValue != "false" {
			fmt.Fprintf(w, " (default %s)", fl.DefValue)
		}
		fmt.Fprintln(w)
	})
	fmt.Fprint(w, "\nExamples:\n  go run ./cmd/bench fuzz --time 2m ./crawler/...\n  go run ./cmd/bench throughput --rounds 3\n")
}
