//go:build unix

package analysis_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jdkato/prose/v2"

	"framewatch/analysis"
	"framewatch/analysis/codebook"
	"framewatch/analysis/text"
)

// processorTime is what this process has used of its processors, garbage collection included.
func processorTime(t testing.TB) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkPeers codes the same articles with framewatch, with prose as it comes, and with wink-nlp, in turn, so that all
// three meet the same load. It counts processor time. wink-nlp is the one of the folder node_modules that FRAMEWATCH_WINK
// names; "go run ./cmd/bench peers" installs it.
func BenchmarkPeers(b *testing.B) {
	a := builtin(b)
	docs := articles(50)
	w := startWink(b, docs)
	var ours, proses, winks time.Duration
	tagged := 0
	for _, d := range docs {
		a.Analyze(d)
	}
	b.ResetTimer()
	for i := range b.N {
		before := processorTime(b)
		for _, d := range docs {
			a.Analyze(d)
		}
		ours += processorTime(b) - before
		before = processorTime(b)
		if _, err := prose.NewDocument(docs[i%len(docs)].Text); err != nil {
			b.Fatal(err)
		}
		proses += processorTime(b) - before
		tagged++
		runtime.GC() // what prose leaves behind is not collected at our expense
		winks += w.pass(b)
	}
	each := func(spent time.Duration, n int) float64 { return spent.Seconds() * 1e3 / float64(n) }
	own, wink, whole := each(ours, b.N*len(docs)), each(winks, b.N*len(docs)), each(proses, tagged)
	b.ReportMetric(own, "framewatch-ms/doc")
	b.ReportMetric(wink, "wink-ms/doc")
	b.ReportMetric(whole, "prose-ms/doc")
	b.ReportMetric(1e3/own, "framewatch-docs/s")
	b.ReportMetric(1e3/wink, "wink-docs/s")
	b.ReportMetric(wink/own, "times-wink")
	b.ReportMetric(whole/own, "times-prose")
}

// BenchmarkAnalyzeCorpus codes the real articles on AI and China that lie beside the repository: longer ones, in which
// the tagger is asked. It counts processor time.
func BenchmarkAnalyzeCorpus(b *testing.B) {
	docs := documents(b, "us-gov-and-wire-ai-china")
	a := builtin(b)
	words := 0
	for _, d := range docs {
		a.Analyze(d)
		words += len(strings.Fields(d.Text))
	}
	b.ResetTimer()
	before := processorTime(b)
	for range b.N {
		for _, d := range docs {
			a.Analyze(d)
		}
	}
	spent := processorTime(b) - before
	b.ReportMetric(spent.Seconds()*1e3/float64(b.N*len(docs)), "processor-ms/doc")
	b.ReportMetric(float64(b.N*len(docs))/spent.Seconds(), "docs/s")
	b.ReportMetric(float64(words)/float64(len(docs)), "words/doc")
}

// wink is a running Node.js process with the articles loaded.
type wink struct {
	in  interface{ WriteString(string) (int, error) }
	out *bufio.Reader
	// flush sends what was written.
	flush func() error
}

func startWink(b *testing.B, docs []analysis.Document) *wink {
	b.Helper()
	modules := os.Getenv("FRAMEWATCH_WINK")
	if modules == "" {
		b.Skip(`FRAMEWATCH_WINK names no folder with wink-nlp; "go run ./cmd/bench peers" installs it`)
	}
	node, err := exec.LookPath("node")
	if err != nil {
		b.Skip("Node.js is not installed")
	}
	if modules, err = filepath.Abs(modules); err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command(node, "testdata/wink.js")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		in.Close()
		if err := cmd.Wait(); err != nil {
			b.Errorf("wink-nlp: %v", err)
		}
	})
	buffered := bufio.NewWriter(in)
	w := &wink{in: buffered, out: bufio.NewReader(out), flush: buffered.Flush}
	var texts []string
	for _, d := range docs {
		texts = append(texts, d.Text)
	}
	setup, err := json.Marshal(map[string]any{"modules": modules, "texts": texts, "patterns": winkPatterns(b)})
	if err != nil {
		b.Fatal(err)
	}
	w.ask(b, string(setup)) // the first pass warms the compiler up
	w.pass(b)
	return w
}

// winkPatterns are the phrases of the keyword baseline as custom entities: fewer than the codebook has.
func winkPatterns(b *testing.B) []map[string]any {
	b.Helper()
	data, err := os.ReadFile("../cmd/framewatch/testdata/keywords.yaml")
	if err != nil {
		b.Fatal(err)
	}
	cb, err := codebook.Parse("keywords.yaml", data)
	if err != nil {
		b.Fatal(err)
	}
	var all []map[string]any
	for _, f := range cb.Frames {
		all = append(all, map[string]any{"name": f.ID, "patterns": f.Rules[0].Match})
	}
	return all
}

// pass has wink-nlp read all articles once and returns the processor time of its process.
func (w *wink) pass(b *testing.B) time.Duration { return w.ask(b, "again") }

func (w *wink) ask(b *testing.B, line string) time.Duration {
	b.Helper()
	if _, err := w.in.WriteString(line + "\n"); err != nil {
		b.Fatal(err)
	}
	if err := w.flush(); err != nil {
		b.Fatal(err)
	}
	answer, err := w.out.ReadBytes('\n')
	if err != nil {
		b.Fatalf("wink-nlp: %v", err)
	}
	var got struct{ CPU, Sentences, Entities int }
	if err := json.Unmarshal(answer, &got); err != nil {
		b.Fatal(err)
	}
	if got.Sentences == 0 || got.Entities == 0 {
		b.Fatalf("wink-nlp found nothing: %s", answer)
	}
	return time.Duration(got.CPU) * time.Microsecond
}

// residentBar is what a process may hold with model and codebook loaded, in bytes. Systems count pages differently, so the
// bar itself is held by the bench and a fifth more is allowed elsewhere.
const residentBar = 150e6

// TestResidentMemory starts a process of its own that codes 1,000 articles and tells what it holds then.
func TestResidentMemory(t *testing.T) {
	if os.Getenv("FRAMEWATCH_RESIDENT") != "" {
		tellResident(t)
		return
	}
	if _, err := os.Stat("/proc/self/status"); err != nil {
		t.Skip("this system does not tell what a process holds")
	}
	if raceEnabled {
		t.Skip("the race detector multiplies memory")
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestResidentMemory$", "-test.v")
	cmd.Env = append(os.Environ(), "FRAMEWATCH_RESIDENT=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	_, told, ok := strings.Cut(string(out), "resident ")
	var now int
	if _, err := fmt.Sscanf(told, "%d kB", &now); !ok || err != nil {
		t.Fatalf("got %q", out)
	}
	t.Logf("resident after 1,000 articles: %.0f MB", float64(now)*1024/1e6)
	bar := residentBar
	if os.Getenv("FRAMEWATCH_BENCH") == "" {
		bar *= 1.2
	}
	if float64(now)*1024 > bar {
		t.Errorf("%d kB are resident, want at most %.0f MB", now, bar/1e6)
	}
}

// tellResident codes articles with the built-in codebook, the tagger's model included, and prints what is resident.
func tellResident(t *testing.T) {
	a := builtin(t)
	tagger := &text.Tagger{} // these articles may never ask the analyzer's own, and the model is to be counted
	tagger.Tag(text.Parse("The ministry reports progress."), 0)
	defer runtime.KeepAlive(tagger)
	mentions := 0
	for _, d := range articles(1000) {
		mentions += len(a.Analyze(d))
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil || mentions == 0 {
		t.Fatalf("%d mentions, %v", mentions, err)
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	var kB int
	if _, err := fmt.Sscan(rest, &kB); err != nil {
		t.Fatal(err)
	}
	fmt.Printf("resident %d kB\n", kB)
}
