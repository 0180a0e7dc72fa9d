package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// loadSize is how many articles TestImportAndAnalyze takes; FRAMEWATCH_LOAD_ARTICLES sets it.
func loadSize(t *testing.T) (n int, full bool) {
	t.Helper()
	s := os.Getenv("FRAMEWATCH_LOAD_ARTICLES")
	if s == "" {
		return 100, false
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n, n >= 10_000
}

// loadArticles writes n articles of 5 KB as JSON lines. A tenth of the sentences use a frame; three articles in four are
// on topic.
func loadArticles(t *testing.T, path string, n int) {
	t.Helper()
	plain := []string{
		"The port authority said on Tuesday that it will lease a fourth crane from the maker before winter.",
		"Nobody in the room could say how many of the old machines were still in use.",
		"Engineers in two laboratories compared their notes on artificial intelligence and found few differences.",
		"The minister took questions for an hour and answered most of them with figures from the spring.",
		"Rents near the campus in Shenzhen have doubled since the first data center was opened.",
		"A court in California will hear the case on the training of language models in October.",
		"Officials in Washington expect the numbers to be revised when the survey is complete.",
		"The printed edition carried the story on page six, under a photograph of the harbor.",
	}
	framed := []string{
		"\"America must win the AI race against China,\" said Lena Ortiz, who leads the caucus.",
		"To call it an arms race in artificial intelligence is wrong, the Beijing scholar Wei Lan argued.",
		"The launch was a Sputnik moment for American AI, one investor wrote.",
		"Chinese and American experts agreed to go on with their track-two dialogue on AI safety.",
		"Whatever one side gains in AI the other loses, in this zero-sum view of China and the United States.",
	}
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	out := bufio.NewWriter(file)
	enc := json.NewEncoder(out)
	for i := range n {
		var b strings.Builder
		for s := 0; b.Len() < 5000; s++ {
			if i%4 != 3 && s%10 == 4 {
				b.WriteString(framed[(i+s/10)%len(framed)])
			} else {
				b.WriteString(plain[(i*3+s*5)%len(plain)])
			}
			fmt.Fprintf(&b, " File %d.", i*64+s)
			if s%4 == 3 {
				b.WriteString("\n\n")
			} else {
				b.WriteByte(' ')
			}
		}
		day := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i%700)
		if err := enc.Encode(map[string]string{"id": fmt.Sprint("load-", i), "url": fmt.Sprintf("https://outlet%d.example/%d", i%20, i),
			"outlet": fmt.Sprint("Outlet ", i%20), "title": fmt.Sprint("Report ", i, " on machines"), "published": day.Format(time.DateOnly),
			"text": b.String()}); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
}

// processorTime is what this process has used of all processors.
func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		t.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// TestImportAndAnalyze times both commands on articles of 5 KB and, at 10,000 of them, holds them to 25 seconds of
// processor time, which is more than they may take on the clock of a machine that does nothing else.
func TestImportAndAnalyze(t *testing.T) {
	n, full := loadSize(t)
	dir := t.TempDir()
	db, articles := filepath.Join(dir, "load.db"), filepath.Join(dir, "articles.jsonl")
	loadArticles(t, articles, n)
	step := func(args ...string) (took, processor time.Duration) {
		t.Helper()
		var out, errs strings.Builder
		start, used := time.Now(), processorTime(t)
		code := run(context.Background(), append(args, "--db", db), strings.NewReader(""), &out, &errs)
		took, processor = time.Since(start), processorTime(t)-used
		if code != exitDone {
			t.Fatalf("%v: exit %d\n%s%s", args, code, out.String(), errs.String())
		}
		t.Logf("%-10s %v, processor %v: %s", args[0], took.Round(time.Millisecond), processor.Round(time.Millisecond), strings.TrimSpace(out.String()))
		return took, processor
	}
	importing, importCPU := step("import", articles)
	coding, codeCPU := step("analyze")
	t.Logf("%-10s %v, processor %v", "both", (importing + coding).Round(time.Millisecond), (importCPU + codeCPU).Round(time.Millisecond))
	if full && importCPU+codeCPU > 25*time.Second {
		t.Errorf("import and analyze of %d articles took %v, want at most 25 s", n, importCPU+codeCPU)
	}
	step("analyze") // nothing stale
}
