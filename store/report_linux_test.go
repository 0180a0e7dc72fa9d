package store

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// TestReportIsQuick writes the report of a large corpus with the command itself, in a process of its own, and holds it to
// 10 seconds, 300 MB and 3 MB of page; the time is the best of three.
func TestReportIsQuick(t *testing.T) {
	if corpusSize(t) < 100_000 {
		t.Skip(sizeEnv + " does not ask for a large corpus")
	}
	db := benchFile(t)
	dir := t.TempDir()
	program, page := filepath.Join(dir, "framewatch"), filepath.Join(dir, "report.html")
	if out, err := exec.Command("go", "build", "-o", program, "framewatch/cmd/framewatch").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	best := time.Hour
	var first []byte
	for range 3 {
		cmd := exec.Command(program, "report", "--db", db, "-o", page)
		start := time.Now()
		out, err := cmd.CombinedOutput()
		took := time.Since(start)
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		text, err := os.ReadFile(page)
		must(t, err)
		used := cmd.ProcessState.SysUsage().(*syscall.Rusage)
		memory := used.Maxrss * 1024
		processor := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
		t.Logf("%.1f s, %.1f s of processor, %d MB of memory, %.2f MB of page: %s", took.Seconds(), processor.Seconds(), memory/1e6, float64(len(text))/1e6, bytes.TrimSpace(out))
		best = min(best, took)
		if memory > 300e6 {
			t.Errorf("%d MB of memory, want at most 300", memory/1e6)
		}
		if len(text) > 3e6 {
			t.Errorf("the page has %d bytes, want at most 3 MB", len(text))
		}
		if first == nil {
			first = text
		}
		if !bytes.Equal(first, text) {
			t.Error("the same database gave other bytes")
		}
	}
	if best > 10*time.Second {
		t.Errorf("it takes %v, want at most 10 s", best.Round(100*time.Millisecond))
	}
}
