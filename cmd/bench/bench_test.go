package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
)

func TestUsage(t *testing.T) {
	for _, tc := range []struct {
		name string
		args []string
		code int
		want string
	}{
		{"nothing", nil, 2, "Usage: go run ./cmd/bench NAME"},
		{"help", []string{"--help"}, 0, "throughput"},
		{"help of one", []string{"kill", "--help"}, 0, "killed at random moments"},
		{"unknown", []string{"nonsense"}, 2, `unknown name "nonsense"`},
		{"no round", []string{"extract", "--rounds", "0"}, 2, "Usage"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var out bytes.Buffer
			if code := run(context.Background(), tc.args, &out, &out); code != tc.code || !strings.Contains(out.String(), tc.want) {
				t.Errorf("exit %d, %q; want %d and %q", code, out.String(), tc.code, tc.want)
			}
		})
	}
}

func TestTableTakesMedians(t *testing.T) {
	results := table{}
	for _, out := range []string{
		"goos: linux\nBenchmarkCrawl-2   \t5\t 120 ns/op\t 500 pages/s\nPASS\n",
		"BenchmarkCrawl-2   \t5\t 100 ns/op\t 300 pages/s\n",
		"BenchmarkCrawl   \t5\t 110 ns/op\t 400 pages/s\n",
	} {
		results.add(out)
	}
	var b bytes.Buffer
	if err := results.print(&b, "title"); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Crawl      ns/op    110", "Crawl      pages/s  400     500 300 400"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
}

func TestNamesAreUnique(t *testing.T) {
	seen := map[string]bool{}
	for _, b := range benches() {
		if seen[b.name] || b.short == "" || b.run == nil {
			t.Errorf("entry %q is not complete or given twice", b.name)
		}
		seen[b.name] = true
	}
}
