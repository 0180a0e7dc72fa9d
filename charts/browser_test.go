package charts

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// chromium finds the browser, or skips the test; with FRAMEWATCH_REQUIRE_BROWSER=1 a missing browser is a failure.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("FRAMEWATCH_REQUIRE_BROWSER") == "1" {
		t.Fatal("no Chromium on this machine, and FRAMEWATCH_REQUIRE_BROWSER is 1")
	}
	t.Skip("no Chromium on this machine")
	return ""
}

// tab is one browser tab with what went wrong in it.
type tab struct {
	t   *testing.T
	ctx context.Context

	mu       sync.Mutex
	problems []string
	requests []string
}

func newTab(t *testing.T) *tab {
	t.Helper()
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(chromium(t)), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.WindowSize(1400, 1000))
	alloc, stopAlloc := chromedp.NewExecAllocator(context.Background(), opts...)
	ctx, stop := chromedp.NewContext(alloc)
	t.Cleanup(func() { stop(); stopAlloc() })
	b := &tab{t: t, ctx: ctx}
	b.do()
	if err := chromedp.Listen(ctx, b.listen); err != nil {
		t.Fatal(err)
	}
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, network.Enable, network.EnableParams{})
		if err == nil {
			_, err = cdp.Call(ctx, t, log.Enable, cdp.Empty{})
		}
		return err
	}))
	return b
}

func (b *tab) listen(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		text := e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			text += " " + e.ExceptionDetails.Exception.Description
		}
		b.problems = append(b.problems, text)
	case *runtime.EventConsoleAPICalled:
		if e.Type == "error" || e.Type == "warning" {
			b.problems = append(b.problems, fmt.Sprintf("console %s: %s", e.Type, e.Args[0].Value))
		}
	case *log.EventEntryAdded:
		b.problems = append(b.problems, "log: "+e.Entry.Text+" "+e.Entry.URL)
	case *network.EventRequestWillBeSent:
		if !strings.HasPrefix(e.Request.URL, "blob:") && !strings.HasPrefix(e.Request.URL, "data:") {
			b.requests = append(b.requests, e.Request.URL)
		}
	}
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

func run[T any](b *tab, a chromedp.Action[T]) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, a)
	if err != nil {
		b.t.Fatal(err)
	}
	return v
}

// eval runs an expression in the page, waiting for a promise, and returns its value.
func eval[T any](b *tab, expression string) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// until waits for an expression of the page to hold.
func (b *tab) until(expression string) {
	b.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !eval[bool](b, "Boolean("+expression+")"); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			b.t.Fatalf("never true in the page: %s", expression)
		}
	}
}

// open loads a page from its file at a window size and waits until every chart is drawn and the passages are there.
func (b *tab) open(path, hash string, width int64) {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(width, 1000), chromedp.Navigate("about:blank"), chromedp.Navigate("file://"+path+hash))
	b.until(`document.documentElement.dataset.drawn === "all"`)
	b.until(`!document.querySelector("#rows") || document.querySelector("#rows tr")`)
}

// settled fails the test if anything went wrong in the page, or anything but the file itself was asked for.
func (b *tab) settled() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, p := range b.problems {
		b.t.Errorf("in the browser: %s", p)
	}
	for _, r := range b.requests {
		if !strings.HasPrefix(r, "file://") && r != "about:blank" {
			b.t.Errorf("the page asked for %s", r)
		}
	}
	b.problems, b.requests = nil, nil
}

// shoot writes a picture of the whole page into the folder named by FRAMEWATCH_SCREENSHOTS, if it is set.
func (b *tab) shoot(name string) {
	b.t.Helper()
	dir := os.Getenv("FRAMEWATCH_SCREENSHOTS")
	if dir == "" {
		return
	}
	b.do(chromedp.Sleep(400 * time.Millisecond))
	if err := os.WriteFile(filepath.Join(dir, name+".png"), run(b, chromedp.FullScreenshot(100)), 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// written writes the fixture's report to a file.
func written(t *testing.T, size int, o Options) string {
	t.Helper()
	db := openFixture(t)
	fill(t, db, size)
	text, _ := report(t, db, o)
	path := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// text is the text of the first element that a selector finds.
func (b *tab) text(selector string) string {
	b.t.Helper()
	return eval[string](b, fmt.Sprintf(`document.querySelector(%q).textContent`, selector))
}

func TestReportDrawsWithoutErrorsOrRequests(t *testing.T) {
	b := newTab(t)
	path := written(t, 2000, fixtureOptions())
	for _, width := range []int64{1400, 390} {
		b.open(path, "", width)
		if n := eval[int](b, `document.querySelectorAll(".canvas").length`); n < 20 {
			t.Errorf("%d px: %d charts, want 20 or more", width, n)
		}
		if blank := eval[[]string](b, `[...document.querySelectorAll(".canvas")].filter(c => c.querySelectorAll("svg path").length < 3).map(c => c.ariaLabel)`); len(blank) > 0 {
			t.Errorf("%d px: not painted: %q", width, blank)
		}
		if over := eval[int](b, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
			t.Errorf("%d px: the page is %d px too wide", width, over)
		}
		if n := eval[int](b, `document.querySelectorAll("figure table").length`); n != 10 {
			t.Errorf("%d tables, want one for each of 10 figures", n)
		}
		b.shoot(fmt.Sprintf("light-%d", width))
		b.settled()
	}
}

func TestReportFollowsTheTheme(t *testing.T) {
	b := newTab(t)
	b.open(written(t, 600, fixtureOptions()), "", 1400)
	background := `getComputedStyle(document.body).backgroundColor`
	stroke := `document.querySelector("#fig-coverage svg path[fill='#23408f']") !== null`
	if got := eval[string](b, background); got != "rgb(255, 255, 255)" {
		t.Errorf("light background %s", got)
	}
	if !eval[bool](b, stroke) {
		t.Error("light bars do not have the light color")
	}
	b.do(chromedp.Click(chromedp.ID("theme")))
	b.until(`document.querySelector("#fig-coverage svg path[fill='#6a8dfa']")`)
	if got := eval[string](b, background); got != "rgb(18, 22, 27)" {
		t.Errorf("dark background %s", got)
	}
	b.shoot("dark")
	b.settled()
}

// axe-core is no dependency of the module: CI installs it and names its folder.
func TestReportIsAccessible(t *testing.T) {
	dir := os.Getenv("FRAMEWATCH_AXE")
	if dir == "" {
		t.Skip("FRAMEWATCH_AXE does not name a folder with axe.min.js")
	}
	script, err := os.ReadFile(filepath.Join(dir, "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	b := newTab(t)
	path := written(t, 2000, fixtureOptions())
	violations := `axe.run({resultTypes: ["violations"]}).then(r => r.violations.map(v => v.id + ": " + v.help + " " + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join(" | ")))`
	for _, width := range []int64{1400, 390} {
		b.open(path, "", width)
		eval[any](b, string(script)+";0")
		for _, theme := range []string{"light", "dark"} {
			eval[any](b, fmt.Sprintf(`document.documentElement.dataset.theme = %q; 0`, theme))
			for _, tab := range []string{"table", "chart"} {
				eval[any](b, fmt.Sprintf(`document.querySelectorAll("[data-tab=%s]").forEach(x => x.click()); 0`, tab))
				for _, v := range eval[[]string](b, violations) {
					t.Errorf("%d px, %s, %s: %s", width, theme, tab, v)
				}
			}
		}
	}
}
