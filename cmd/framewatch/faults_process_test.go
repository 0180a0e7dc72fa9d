package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"framewatch/crawler"
	"framewatch/crawler/crawlertest"
)

// process is framewatch in a process of its own: this test binary under the command's name.
func process(t testing.TB, args ...string) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, args...)
	cmd.Args[0] = "framewatch"
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	return cmd, &out
}

// await waits until the site has been asked n times.
func (w *faultWorld) await(n int) {
	w.Helper()
	for deadline := time.Now().Add(30 * time.Second); len(w.site.Requests()) < n; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			w.Fatalf("%d requests after 30 s, want %d", len(w.site.Requests()), n)
		}
	}
}

// TestTwoCrawlsAtOnce starts a second crawl on a database that is being crawled: it leaves and asks nobody.
func TestTwoCrawlsAtOnce(t *testing.T) {
	w := newFaultWorld(t)
	c := w.add(crawlertest.Ordinary(w.site, "ordinary", 8))
	c.Host.Handle("/robots.txt", w.site.After(500*time.Millisecond, crawlertest.Body("text/plain", "User-agent: *\nAllow: /\n")))
	args := []string{"crawl", "--db", w.db, "--sources", w.sourcesFile()}
	first, out := process(t, args...)
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	w.await(1)
	code, _, errs := w.command(args...)
	if code != exitBusy || !strings.Contains(errs, "framewatch crawl: ") {
		t.Errorf("the second crawl: exit %d, %q; want %d and a message", code, errs, exitBusy)
	}
	if n := len(w.site.Requests()); n != 1 {
		t.Errorf("%d requests, want the one of the first crawl", n)
	}
	if err := first.Wait(); err != nil {
		t.Errorf("the first crawl: %v\n%s", err, out)
	}
	whole(w, c)
	if n := len(w.asked(c.Host, "/a/*")); n != len(c.Stories) {
		t.Errorf("%d pages were asked for, want %d", n, len(c.Stories))
	}
	w.sound()
	w.polite()
}

// TestStopSignals stops crawls in the middle: they end soon, say so, and the next one completes the work.
func TestStopSignals(t *testing.T) {
	for name, signal := range map[string]os.Signal{"terminate": syscall.SIGTERM, "interrupt": os.Interrupt} {
		t.Run(name, func(t *testing.T) {
			w := newFaultWorld(t)
			w.fetch.Timeout = time.Minute
			c := w.add(crawlertest.Ordinary(w.site, "ordinary", 30))
			stuck := w.add(crawlertest.Slow(w.site, time.Millisecond))
			args := []string{"crawl", "--db", w.db, "--sources", w.sourcesFile()}
			cmd, out := process(t, args...)
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			w.await(12)
			began := time.Now()
			cmd.Process.Signal(signal)
			cmd.Wait()
			if d := time.Since(began); d > 10*time.Second {
				t.Errorf("ended after %v, want 10 s at most", d)
			}
			if code := cmd.ProcessState.ExitCode(); code <= 0 {
				t.Errorf("exit %d, want an ordinary one that is not 0\n%s", code, out)
			}
			if got := w.one(`SELECT status FROM v_run`); got != "stopped" {
				t.Errorf("run status %q, want stopped\n%s", got, out)
			}
			w.sound()
			stuck.Host.Handle("/a/hang.html", crawlertest.Status(404))
			stuck.Host.Handle("/a/dribble.html", crawlertest.Status(404))
			if code, _, errs := w.command(args...); code != exitDone && code != exitPartial {
				t.Errorf("the next crawl: exit %d, %s", code, errs)
			}
			whole(w, c)
			w.sound()
		})
	}
}

// benchmarks reports whether the long runs are asked for: FRAMEWATCH_BENCH=1.
func benchmarks() bool { return os.Getenv("FRAMEWATCH_BENCH") != "" }

// TestKilled kills crawls at random moments and lets one finish: every article is there once, the database is whole
// and no lease is left. FRAMEWATCH_BENCH=1 makes it 50 kills.
func TestKilled(t *testing.T) {
	kills, stories := 3, 30
	if benchmarks() {
		kills, stories = 50, 800
	} else if testing.Short() {
		t.Skip("starts processes for seconds")
	}
	w := newFaultWorld(t)
	var sources []*crawlertest.Scenario
	for i := range 4 {
		sources = append(sources, w.add(crawlertest.Ordinary(w.site, fmt.Sprintf("killed-%d", i), stories)))
	}
	args := []string{"crawl", "--db", w.db, "--sources", w.sourcesFile()}
	rnd := rand.New(rand.NewPCG(1, 2))
	killed := 0
	for range kills {
		asked := len(w.site.Requests())
		cmd, out := process(t, args...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		exited := make(chan error, 1)
		go func() { exited <- cmd.Wait() }()
		pause := time.Duration(rnd.IntN(500)) * time.Millisecond
		if rnd.IntN(8) > 0 { // else kill it while it starts
			waitFor(func() bool { return len(w.site.Requests()) > asked || len(exited) > 0 })
		}
		time.Sleep(pause)
		cmd.Process.Kill()
		if err := <-exited; err == nil {
			t.Logf("a crawl was done before it was killed: %s", out)
			break
		}
		killed++
	}
	t.Logf("%d crawls killed, %d requests so far, %s articles", killed, len(w.site.Requests()), w.one(`SELECT count(*) FROM v_article`))
	if killed < kills {
		t.Errorf("only %d of %d kills hit a crawl; give the site more stories", killed, kills)
	}
	w.crawl(func(c *crawler.Config) { c.Force = true }) // leases of the dead must be freed now, not when they run out
	for _, c := range sources {
		whole(w, c)
	}
	if got := w.one(`SELECT count(*) FROM v_run WHERE status = 'died'`); got == "0" {
		t.Error("no run is recorded as died")
	}
	w.sound()
}

func waitFor(done func() bool) {
	for deadline := time.Now().Add(30 * time.Second); !done() && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
	}
}

// TestDiskFull crawls onto a file system of three megabytes. It needs the right to mount one.
func TestDiskFull(t *testing.T) {
	if !benchmarks() {
		t.Skip("mounts a file system; FRAMEWATCH_BENCH=1 runs it")
	}
	dir := t.TempDir()
	if err := exec.Command("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", dir).Run(); err != nil {
		t.Skipf("mount: %v", err)
	}
	t.Cleanup(func() { exec.Command("umount", dir).Run() })
	w := newFaultWorld(t)
	w.db = dir + "/faults.db"
	w.fetch.MinGap = time.Millisecond
	c := w.add(crawlertest.Ordinary(w.site, "ordinary", 300))
	sources := t.TempDir() + "/sources.yaml"
	if err := os.WriteFile(sources, w.yaml(), 0o600); err != nil {
		t.Fatal(err)
	}
	code, _, errs := w.command("crawl", "--db", w.db, "--sources", sources)
	if code != exitFailed || !strings.Contains(errs, "full") {
		t.Errorf("exit %d, %q; want a failure that says that the disk is full", code, errs)
	}
	kept := w.one(`SELECT count(*) FROM v_article`)
	t.Logf("%s articles before the disk was full: %s", kept, errs)
	if kept == "0" || kept == "300" {
		t.Errorf("%s articles are kept, want some", kept)
	}
	if err := exec.Command("mount", "-o", "remount,size=64m", dir).Run(); err != nil {
		t.Fatal(err)
	}
	w.forward(48 * time.Hour)
	if _, err := w.crawlContext(context.Background()); err != nil {
		t.Errorf("with room again: %v", err)
	}
	whole(w, c)
	w.sound()
}

// bounded skips a test of time and memory under the race detector, which multiplies both.
func bounded(t *testing.T) {
	t.Helper()
	info, ok := debug.ReadBuildInfo()
	if ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"}) {
		t.Skip("the race detector multiplies time and memory")
	}
}

// runMeasured runs a command and returns how long it took and its largest resident set in megabytes; 0 where the system
// does not tell. The figure that wait4 returns is of no use: it begins with that of this process.
func runMeasured(t *testing.T, cmd *exec.Cmd) (took time.Duration, megabytes int, err error) {
	t.Helper()
	began := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	peak := regexp.MustCompile(`VmHWM:\s+(\d+) kB`)
	for tick := time.NewTicker(2 * time.Millisecond); ; {
		select {
		case err := <-ended:
			tick.Stop()
			return time.Since(began), megabytes, err
		case <-tick.C:
			status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid))
			if m := peak.FindSubmatch(status); m != nil {
				kilobytes, _ := strconv.Atoi(string(m[1]))
				megabytes = max(megabytes, kilobytes/1024)
			}
		}
	}
}

// TestManyURLs measures a feed of 10,000 items and a sitemap of 50,000 addresses in a process of its own.
func TestManyURLs(t *testing.T) {
	bounded(t)
	items, urls := 10_000, 50_000
	if !benchmarks() {
		items, urls = 1000, 2000
	}
	for name, build := range map[string]func(w *faultWorld) (*crawlertest.Scenario, int){
		"feed":    func(w *faultWorld) (*crawlertest.Scenario, int) { return crawlertest.ManyItems(w.site, items), items },
		"sitemap": func(w *faultWorld) (*crawlertest.Scenario, int) { return crawlertest.ManyURLs(w.site, urls), urls },
	} {
		t.Run(name, func(t *testing.T) {
			w := newFaultWorld(t)
			w.fetch.MaxBody = "20MB"
			c, n := build(w)
			w.add(c)
			args := []string{"crawl", "--db", w.db, "--sources", w.sourcesFile(), "--max-pages", "5"}
			for round := range 2 {
				cmd, out := process(t, append(args, "--force")...)
				took, rss, err := runMeasured(t, cmd)
				if err != nil {
					t.Fatalf("%v\n%s", err, out)
				}
				t.Logf("round %d: %d addresses, %v, %d MB: %s", round+1, n, took.Round(time.Millisecond), rss, out)
				if took > time.Minute || rss > 300 {
					t.Errorf("round %d took %v and %d MB, want 1 min and 300 MB at most", round+1, took, rss)
				}
				if got := w.one(`SELECT count(*) FROM frontier`); got != itoa(n) {
					t.Errorf("round %d: %s addresses in the frontier, want %d", round+1, got, n)
				}
			}
			w.sound()
		})
	}
}

// TestBombsAreBounded measures what bombs cost a process of its own.
func TestBombsAreBounded(t *testing.T) {
	bounded(t)
	size := 256 * megabyte
	if benchmarks() {
		size = 1024 * megabyte
	}
	for name, build := range map[string]func(s *crawlertest.Site) *crawlertest.Scenario{
		"pages":  func(s *crawlertest.Site) *crawlertest.Scenario { return crawlertest.Bombs(s, size) },
		"feed":   func(s *crawlertest.Site) *crawlertest.Scenario { return crawlertest.FeedBomb(s, size) },
		"robots": func(s *crawlertest.Site) *crawlertest.Scenario { return crawlertest.RobotsHuge(s, 40*megabyte) },
		"XML":    func(s *crawlertest.Site) *crawlertest.Scenario { return crawlertest.XMLBombs(s, 2_000_000) },
		"HTML":   func(s *crawlertest.Site) *crawlertest.Scenario { return crawlertest.Nested(s, 1_000_000) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newFaultWorld(t)
			w.fetch.MaxBody = "10MB"
			w.add(build(w.site))
			cmd, out := process(t, "crawl", "--db", w.db, "--sources", w.sourcesFile())
			took, rss, _ := runMeasured(t, cmd)
			if code := cmd.ProcessState.ExitCode(); code != exitDone && code != exitPartial {
				t.Fatalf("exit %d\n%s", code, out)
			}
			t.Logf("%v, %d MB, CPU %v", took.Round(time.Millisecond), rss, cmd.ProcessState.UserTime().Round(time.Millisecond))
			if took > 10*time.Second || rss > 300 {
				t.Errorf("took %v and %d MB, want 10 s and 300 MB at most", took, rss)
			}
			w.sound()
			w.polite()
		})
	}
}

// TestBackupDuringACrawl copies the database again and again while it is being crawled: every copy is whole, private and
// no older than the one before, and the crawl takes no harm.
func TestBackupDuringACrawl(t *testing.T) {
	w := newFaultWorld(t)
	w.fetch.MinGap = 5 * time.Millisecond
	var sources []*crawlertest.Scenario
	for i := range 4 {
		sources = append(sources, w.add(crawlertest.Ordinary(w.site, fmt.Sprintf("kept-%d", i), 40)))
	}
	cmd, out := process(t, "crawl", "--db", w.db, "--sources", w.sourcesFile())
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w.await(10)
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	file := filepath.Join(t.TempDir(), "copy.db")
	live := w.within(t) // the same, but of the copy
	copies, before := 0, 0
	for running := true; running; {
		select {
		case err := <-ended:
			if running = false; err != nil {
				t.Errorf("crawl: %v\n%s", err, out)
			}
		default:
		}
		if code, _, errs := w.command("backup", "--db", w.db, "--force", file); code != exitDone {
			t.Fatalf("backup: exit %d, %s", code, errs)
		}
		copies++
		live.db = file
		n, err := strconv.Atoi(live.one(`SELECT count(*) FROM v_article`))
		if err != nil || n < before {
			t.Errorf("copy %d holds %d articles, the one before %d", copies, n, before)
		}
		before = n
		if got := live.one(`PRAGMA integrity_check`); got != "ok" {
			t.Errorf("copy %d: %s", copies, got)
		}
	}
	t.Logf("%d copies", copies)
	if copies < 3 {
		t.Errorf("%d copies while the crawl ran; give the site more stories", copies)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, want 0600", info.Mode())
	}
	for _, c := range sources {
		whole(w, c)
		whole(live, c) // the last copy was made after the crawl: restored, nothing lacks
	}
	w.sound()
	live.sound()
}

// TestCrawlListensNowhere looks at a crawl from outside: it opens no port and starts no program.
func TestCrawlListensNowhere(t *testing.T) {
	if _, err := os.Stat("/proc/self/net/tcp"); err != nil {
		t.Skip("needs /proc")
	}
	w := newFaultWorld(t)
	w.add(crawlertest.Ordinary(w.site, "ordinary", 20))
	cmd, out := process(t, "crawl", "--db", w.db, "--sources", w.sourcesFile())
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w.await(8)
	proc := fmt.Sprintf("/proc/%d", cmd.Process.Pid)
	own := map[string]bool{}
	fds, err := os.ReadDir(proc + "/fd")
	if err != nil {
		t.Fatal(err)
	}
	for _, fd := range fds {
		if to, err := os.Readlink(proc + "/fd/" + fd.Name()); err == nil {
			own[strings.TrimSuffix(strings.TrimPrefix(to, "socket:["), "]")] = true
		}
	}
	for _, table := range []string{"tcp", "tcp6"} {
		data, err := os.ReadFile(proc + "/net/" + table)
		if err != nil {
			continue // no IPv6 here
		}
		for line := range strings.Lines(string(data)) {
			const listening = "0A"
			if f := strings.Fields(line); len(f) > 9 && f[3] == listening && own[f[9]] {
				t.Errorf("it listens at %s", f[1])
			}
		}
	}
	if children, err := filepath.Glob(proc + "/task/*/children"); err == nil {
		for _, c := range children {
			if data, err := os.ReadFile(c); err == nil && len(bytes.TrimSpace(data)) > 0 {
				t.Errorf("it has started %s", data)
			}
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("crawl: %v\n%s", err, out)
	}
}
