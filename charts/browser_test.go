package charts

import (
	"context"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// chromium finds the browser, or skips the test; with FRAMEWATCH_REQUIRE_BROWSER=1 a missing browser is a failure.
func chromium(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("short: no browser")
	}
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
		chromedp.Flag("disable-sync", true), chromedp.Flag("force-prefers-reduced-motion", true), chromedp.WindowSize(1400, 1000))
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
	for deadline := time.Now().Add(60 * time.Second); !eval[bool](b, "Boolean("+expression+")"); time.Sleep(20 * time.Millisecond) {
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
	return writtenFrom(t, filled(t, size), o)
}

// writtenFrom writes a database's report to a file.
func writtenFrom(t *testing.T, db *sql.DB, o Options) string {
	t.Helper()
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

// clickText clicks in the middle of the nth SVG text of a figure that reads as given.
func (b *tab) clickText(figure, text string, nth int) {
	b.t.Helper()
	at := eval[[]float64](b, fmt.Sprintf(`(() => {
		const el = [...document.querySelectorAll("#fig-%s svg text")].filter(t => t.textContent === %q)[%d];
		el.scrollIntoView({block: "center", behavior: "instant"});
		const r = el.getBoundingClientRect();
		return [r.x + r.width / 2, r.y + r.height / 2];
	})()`, figure, text, nth))
	b.do(chromedp.MouseClickXY(at[0], at[1]))
}

// found is the number of passages that the page says it found.
func (b *tab) found() int {
	b.t.Helper()
	var n int
	if _, err := fmt.Sscan(strings.ReplaceAll(b.text("#found"), ",", ""), &n); err != nil {
		b.t.Fatal(err)
	}
	return n
}

const inChina = ` AND article_id IN (SELECT article_id FROM v_article WHERE relevant AND names_china)`

func TestMarksLeadToTheirPassages(t *testing.T) {
	chromium(t)
	db := filled(t, 2000)
	path := filepath.Join(t.TempDir(), "report.html")
	text, _ := report(t, db, fixtureOptions())
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	b := newTab(t)
	b.open(path, "", 1400)

	t.Run("a cell, by mouse", func(t *testing.T) {
		k := count(t, db, `SELECT count(DISTINCT article_id) FROM v_mention WHERE source = 'harbor' AND (frame = 'race' OR parent_frame = 'race')`+inChina)
		n := count(t, db, `SELECT count(*) FROM v_article WHERE source = 'harbor' AND relevant AND names_china`)
		b.clickText("outlets", fmt.Sprintf("%.0f", 100*float64(k)/float64(n)), 0)
		b.until(`location.hash === "#!frame=race&outlet=harbor"`)
		want := count(t, db, `SELECT count(*) FROM v_mention WHERE source = 'harbor' AND (frame = 'race' OR parent_frame = 'race')`+inChina)
		if got := b.found(); got != want {
			t.Errorf("found %d passages, want %d", got, want)
		}
		b.until(`document.querySelector("#passages").getBoundingClientRect().top < innerHeight / 2`)
	})
	t.Run("a panel, by mouse beside its dots", func(t *testing.T) {
		at := eval[[]float64](b, `(() => {
			const el = document.querySelectorAll("#fig-frames .canvas")[1];
			el.scrollIntoView({block: "center", behavior: "instant"});
			const r = el.getBoundingClientRect();
			return [r.x + r.width * 0.7, r.y + r.height * 0.3];
		})()`)
		b.do(chromedp.MouseClickXY(at[0], at[1]))
		b.until(`/^#!frame=lead_lag&period=20/.test(location.hash)`)
		month := eval[string](b, `location.hash.slice(-7)`)
		want := count(t, db, `SELECT count(*) FROM v_mention WHERE frame = 'lead_lag' AND month = ?`+inChina, month)
		if got := b.found(); got != want {
			t.Errorf("%s: found %d passages, want %d", month, got, want)
		}
	})
	t.Run("a bar, by keyboard", func(t *testing.T) {
		b.do(chromedp.Focus(chromedp.CSS("#fig-speakers .canvas")), chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.ArrowRight))
		own := count(t, db, `SELECT count(*) FROM v_mention WHERE speaker = 'Mara Oduya' AND stance = 'reports'`+inChina)
		if got, want := b.text("#live"), fmt.Sprintf("Mara Oduya. Reported: %d. Mentions ", own); !strings.HasPrefix(got, want) {
			t.Errorf("read out %q, want %q first", got, want)
		}
		b.do(chromedp.KeyEvent(kb.Enter))
		b.until(`location.hash === "#!stance=reports&speaker=speaker%3AMara+Oduya"`)
		if got := b.found(); got != own {
			t.Errorf("found %d passages, want %d", got, own)
		}
	})
	t.Run("the query behind a figure", func(t *testing.T) {
		b.do(chromedp.Click(chromedp.CSS("#fig-outlets .note a")))
		b.until(`document.querySelector("#sql-outlets").open`)
		sql := b.text("#sql-outlets code")
		rows, err := db.Query(sql)
		if err != nil {
			t.Fatalf("%v: %s", err, sql)
		}
		rows.Close()
	})
	t.Run("home and end of a time axis", func(t *testing.T) {
		b.do(chromedp.Focus(chromedp.CSS("#fig-coverage .canvas")), chromedp.KeyEvent(kb.Home))
		if got := b.text("#live"); !strings.HasPrefix(got, "2023-01. ") {
			t.Errorf("home reads %q", got)
		}
		b.do(chromedp.KeyEvent(kb.End))
		if got := b.text("#live"); !strings.HasPrefix(got, "2026-10 (incomplete). ") {
			t.Errorf("end reads %q", got)
		}
		b.do(chromedp.KeyEvent(kb.Escape))
	})
	b.settled()
}

func TestPassageFilters(t *testing.T) {
	chromium(t)
	db := filled(t, 2000)
	path := filepath.Join(t.TempDir(), "report.html")
	text, _ := report(t, db, fixtureOptions())
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	b := newTab(t)
	b.open(path, "#!frame=cooperation&stance=contests&period=2025-Q1", 1400)
	b.until(`document.querySelector("#f-frame").value === "cooperation"`)
	quarter := ` AND month BETWEEN '2025-01' AND '2025-03'` + inChina
	if got, want := b.found(), count(t, db, `SELECT count(*) FROM v_mention WHERE frame = 'cooperation' AND stance = 'contests'`+quarter); got != want {
		t.Errorf("address: found %d passages, want %d", got, want)
	}
	set := func(selector, value, event string) {
		eval[any](b, fmt.Sprintf(`(() => { const el = document.querySelector(%q); el.value = %q; el.dispatchEvent(new Event(%q, {bubbles: true})); })()`, selector, value, event))
	}
	b.open(path, "#!period=2025-W04", 1400)
	b.until(`document.querySelector("#set .chip")`)
	if got, want := b.found(), count(t, db, `SELECT count(*) FROM v_mention JOIN v_article a USING (article_id) WHERE date_precision IN ('day', 'time')
		AND strftime('%G-W%V', substr(a.published, 1, 10)) = '2025-W04' AND relevant AND names_china`); got != want || want == 0 {
		t.Errorf("a week: found %d passages, want %d", got, want)
	}
	b.open(path, "#!frame=cooperation&stance=contests&period=2025-Q1", 1400)
	b.until(`document.querySelector("#f-frame").value === "cooperation"`)
	set("#f-frame", "", "change")
	b.until(`!location.hash.includes("frame")`)
	if got, want := b.found(), count(t, db, `SELECT count(*) FROM v_mention WHERE stance = 'contests'`+quarter); got != want {
		t.Errorf("frame cleared: found %d passages, want %d", got, want)
	}
	b.do(chromedp.Click(chromedp.CSS("#set .chip:last-child")))
	b.until(`location.hash === ""`)
	set("#q", "FOOTNOTE zhou", "input")
	b.until(`location.hash.includes("q=FOOTNOTE+zhou")`)
	if got, want := b.found(), count(t, db, `SELECT count(*) FROM v_mention WHERE sentence LIKE '%footnote%' AND speaker = 'Zhou Wenli'`+inChina); got != want {
		t.Errorf("search: found %d passages, want %d", got, want)
	}
	set("#f-sort", "left", "change")
	b.until(`location.hash.includes("sort=left")`)
	set("#q", "", "input")
	b.until(`!location.hash.includes("q=")`)
	if n := eval[int](b, `document.querySelectorAll("#rows tr.one").length`); n != 50 {
		t.Errorf("%d rows are drawn, want 50", n)
	}
	lefts := eval[[]string](b, `[...document.querySelectorAll("#rows .left")].map(x => x.textContent.trim().split(/\s+/).reverse().join(" ").toLowerCase().slice(0, 12))`)
	if !slices.IsSorted(lefts) {
		t.Errorf("not sorted by left context: %q", lefts)
	}
	b.open(path, "#!sort=right", 1400)
	rights := eval[[]string](b, `[...document.querySelectorAll("#rows td.right")].map(x => x.textContent.replace(/^[\s,.;:]+/, "").toLowerCase().slice(0, 12))`)
	if len(rights) != 50 || !slices.IsSorted(rights) {
		t.Errorf("not sorted by right context: %q", rights)
	}
	b.do(chromedp.Click(chromedp.CSS("th.left button")))
	b.until(`location.hash === "#!sort=left"`)
	b.do(chromedp.Click(chromedp.ID("more")))
	if n := eval[int](b, `document.querySelectorAll("#rows tr.one").length`); n != 100 {
		t.Errorf("%d rows are drawn after one click, want 100", n)
	}
	b.settled()
}

func TestSwitchesRecountThePage(t *testing.T) {
	chromium(t)
	db := filled(t, 2000)
	mustExec(t, db, repeatSome)
	path := filepath.Join(t.TempDir(), "report.html")
	text, _ := report(t, db, fixtureOptions())
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	b := newTab(t)
	b.open(path, "", 1400)
	whole := `document.querySelector("main").innerText`
	before := eval[string](b, whole)
	choose := func(value string) {
		eval[any](b, fmt.Sprintf(`(() => { const el = document.querySelector("#denominator"); el.value = %q; el.dispatchEvent(new Event("change")); })()`, value))
	}
	choose(string(AIAndEither))
	b.until(`document.querySelector("[data-view=base]").textContent.includes("names the U.S. or China")||document.querySelector("[data-view=base]").textContent.includes("name the U.S. or China")`)
	n := number(count(t, db, `SELECT count(*) FROM v_article WHERE relevant`))
	if got := b.text(`[data-view=head] b`); got != n {
		t.Errorf("head says %s articles, want %s", got, n)
	}
	if got, want := b.found(), count(t, db, `SELECT count(*) FROM v_mention`); got != want {
		t.Errorf("found %d passages, want %d", got, want)
	}
	b.do(chromedp.Click(chromedp.ID("press")))
	b.until(`document.querySelector("[data-view=base]").textContent.includes("left out")`)
	n = number(count(t, db, `SELECT count(*) FROM v_article WHERE relevant AND source_type <> 'press_release'`))
	if got := b.text(`[data-view=head] b`); got != n {
		t.Errorf("without press releases head says %s articles, want %s", got, n)
	}
	if strings.Contains(eval[string](b, `document.querySelector("#fig-outlets table").textContent`), "Office of Machine Affairs") {
		t.Error("the press office is still in the outlets' table")
	}
	b.do(chromedp.Click(chromedp.ID("press")), chromedp.Click(chromedp.ID("once")))
	b.until(`document.querySelector("[data-view=base]").textContent.includes("Each story is counted once")`)
	n = number(count(t, db, `SELECT count(*) FROM v_article WHERE relevant AND story_id = article_id`))
	if got := b.text(`[data-view=head] b`); got != n {
		t.Errorf("with each story once head says %s articles, want %s", got, n)
	}
	if got := eval[string](b, `[...document.querySelectorAll("#fig-frames [data-unit]")].map(x => x.dataset.unit + " " + x.getAttribute("aria-pressed")).join(", ")`); got != "exposure false, story true" {
		t.Errorf("the switch at the frames says %s", got)
	}
	if got, want := b.found(), count(t, db, `SELECT count(*) FROM v_mention WHERE article_id IN (SELECT article_id FROM v_article WHERE story_id = article_id)`); got != want {
		t.Errorf("with each story once: found %d passages, want %d", got, want)
	}
	b.do(chromedp.Click(chromedp.CSS("#fig-frames [data-unit=exposure]")))
	choose(string(AIAndChina))
	b.until(`document.querySelector("[data-view=base]").textContent.includes("that name China")`)
	b.do(chromedp.Sleep(200 * time.Millisecond))
	if after := eval[string](b, whole); after != before {
		t.Error("switching there and back leaves another page")
	}
	b.settled()
}

func TestDownloads(t *testing.T) {
	chromium(t)
	db := filled(t, 600)
	mustExec(t, db, `UPDATE v_mention SET speaker = '=HYPERLINK("x")' WHERE speaker = 'Mara Oduya'`)
	path := filepath.Join(t.TempDir(), "report.html")
	text, _ := report(t, db, fixtureOptions())
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	b := newTab(t)
	b.open(path, "", 1400)
	// The page saves through an object URL: keep the blobs and do not save.
	eval[any](b, `window.saved = []; URL.createObjectURL = (blob) => { window.saved.push(blob); return "#"; }; 0`)
	get := func(selector string) string {
		t.Helper()
		eval[any](b, fmt.Sprintf(`window.saved = []; document.querySelector(%q).click(); 0`, selector))
		b.until(`window.saved.length === 1`)
		return eval[string](b, `window.saved[0].arrayBuffer().then(x => new TextDecoder("utf-8", {ignoreBOM: true}).decode(x))`)
	}
	frames := get("#fig-frames [data-get=csv]")
	if !strings.HasPrefix(frames, "\ufeffmonth,frame,label,articles_with_frame,articles,share,wilson_low,wilson_high,fixed_panel_articles_with_frame,fixed_panel_articles,complete\r\n") {
		t.Errorf("frames.csv begins with %.120q", frames)
	}
	if r, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(frames, "\ufeff"))).ReadAll(); err != nil || len(r) != 1+46*12 {
		t.Errorf("frames.csv: %d rows, %v", len(r), err)
	}
	passages := get("#all-passages")
	if !strings.Contains(passages, `"'=HYPERLINK(""x"")"`) {
		t.Error("a speaker's name that begins with = is not disarmed")
	}
	if r, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(passages, "\ufeff"))).ReadAll(); err != nil || len(r) != 1+count(t, db, `SELECT count(*) FROM v_mention`) {
		t.Errorf("passages.csv: %d rows, %v", len(r), err)
	}
	for _, id := range []string{"frames", "coverage", "outlets"} {
		svg := get("#fig-" + id + " [data-get=svg]")
		if err := xml.Unmarshal([]byte(svg), new(struct{})); err != nil || !strings.Contains(svg, "<path") {
			t.Errorf("%s.svg: %d bytes, %v", id, len(svg), err)
		}
	}
	var all struct{ Figures map[string]long }
	if err := json.Unmarshal([]byte(get("#all-data")), &all); err != nil || len(all.Figures) != 10 {
		t.Errorf("data.json: %d figures, %v", len(all.Figures), err)
	}
	b.settled()
}

func TestHostileTextIsInertInABrowser(t *testing.T) {
	chromium(t)
	db := filled(t, 600)
	mustExec(t, db, `UPDATE v_article SET outlet = ? WHERE source = 'harbor'`, hostile)
	mustExec(t, db, `UPDATE v_frame SET label = ? WHERE frame = 'race'`, hostile)
	mustExec(t, db, `UPDATE v_mention SET speaker = ? WHERE speaker = 'Mara Oduya'`, hostile)
	o := fixtureOptions()
	o.Title = hostile
	path := filepath.Join(t.TempDir(), "report.html")
	text, _ := report(t, db, o)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	b := newTab(t)
	b.open(path, "#!q=onerror", 1400)
	b.until(`document.querySelector("#q").value === "onerror"`)
	// Every tooltip is built once, through the keyboard.
	eval[any](b, `document.querySelectorAll(".canvas").forEach(c => { c.focus(); for (const key of ["ArrowRight", "ArrowDown", "End"]) c.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true})); }); 0`)
	choose := `(() => { const el = document.querySelector("#denominator"); el.value = "all"; el.dispatchEvent(new Event("change")); })()`
	eval[any](b, choose)
	b.until(`document.querySelector("[data-view=base]").textContent.includes("all articles collected")`)
	if eval[bool](b, `"pwned" in window || document.querySelector("img") !== null`) {
		t.Error("text from the database ran")
	}
	if got := b.text("h1"); got != hostile {
		t.Errorf("the title reads %q", got)
	}
	if n := eval[int](b, `[...document.querySelectorAll("a[href]")].filter(a => !/^(https?:|#|file:|blob:)/.test(a.getAttribute("href"))).length`); n != 0 {
		t.Errorf("%d links lead elsewhere than to the web", n)
	}
	if n := eval[int](b, `[...document.querySelectorAll("a[href^=http]")].filter(a => a.rel !== "noopener noreferrer nofollow").length`); n != 0 {
		t.Errorf("%d links have no rel", n)
	}
	b.settled()
}

func TestPrintView(t *testing.T) {
	b := newTab(t)
	b.open(written(t, 600, fixtureOptions()), "", 1400)
	b.do(chromedp.Click(chromedp.ID("theme")))
	pdf := run(b, chromedp.PrintToPDF(chromedp.PDFPrintBackground()))
	if len(pdf) < 50000 {
		t.Errorf("the print has %d bytes", len(pdf))
	}
	if dir := os.Getenv("FRAMEWATCH_SCREENSHOTS"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, "print.pdf"), pdf, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	// On paper of the narrower kind nothing is wider than the page, and every table is there.
	b.do(chromedp.EmulateViewport(703, 1000), chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
		return err
	}))
	eval[any](b, `dispatchEvent(new Event("beforeprint")); 0`)
	if wide := eval[[]string](b, `[...document.querySelectorAll("main *")].filter((e) => e.getBoundingClientRect().right > 704 && !e.closest("svg")).map((e) => e.tagName + " " + e.className)`); len(wide) > 0 {
		t.Errorf("wider than the paper: %q", wide)
	}
	if n := eval[int](b, `[...document.querySelectorAll("figure table")].filter((e) => e.getBoundingClientRect().height > 20).length`); n != 10 {
		t.Errorf("%d tables are printed, want 10", n)
	}
	if n := eval[int](b, `document.querySelectorAll("#rows tr.one").length`); n != 15 {
		t.Errorf("%d passages are printed, want 15", n)
	}
	eval[any](b, `dispatchEvent(new Event("afterprint")); 0`)
	if got := eval[string](b, `document.documentElement.dataset.theme`); got != "dark" {
		t.Errorf("after printing the theme is %q", got)
	}
	b.settled()
}
