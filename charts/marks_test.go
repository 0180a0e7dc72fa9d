package charts

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// filterSQL is a filter of the page's address as a condition on v_mention m and v_article a, written apart from the
// code under test.
func filterSQL(t testing.TB, filter url.Values) string {
	t.Helper()
	conditions := []string{"a.relevant AND a.names_china"}
	for key, values := range filter {
		v := "'" + strings.ReplaceAll(values[0], "'", "''") + "'"
		under := "(SELECT frame FROM v_frame WHERE frame = " + v + " OR parent_frame = " + v + ")"
		c := ""
		switch key {
		case "frame":
			c = "m.frame IN " + under
		case "with":
			c = "m.article_id IN (SELECT article_id FROM v_mention WHERE frame IN " + under + ")"
		case "outlet":
			c = "a.source = " + v
			if rest, others := strings.CutPrefix(values[0], "!"); others {
				c = "instr('," + rest + ",', ',' || a.source || ',') = 0"
			}
		case "stance":
			c = "m.stance = " + v
		case "section":
			c = map[string]string{"'text'": "m.section <> 'headline'"}[v]
			if c == "" {
				c = "m.section = " + v
			}
		case "speaker":
			c = "m.voice = 'author'"
			if values[0] != "author:" {
				c = "m.voice = 'speaker' AND m.speaker = substr(" + v + ", 9)"
			}
		case "voice":
			c = map[string]string{"own": "m.voice = 'author'", "us": "m.voice = 'speaker' AND m.speaker_country = 'US'",
				"china": "m.voice = 'speaker' AND m.speaker_country = 'CN'", "unstated": "m.voice = 'speaker' AND m.speaker_country = ''",
				"other": "m.voice = 'speaker' AND m.speaker_country NOT IN ('', 'US', 'CN')"}[values[0]]
		case "period":
			c = periodSQL(values[0])
		default:
			t.Fatalf("unknown filter %q", key)
		}
		conditions = append(conditions, c)
	}
	return strings.Join(conditions, " AND ")
}

func periodSQL(p string) string {
	first, last, span := strings.Cut(p, "..")
	switch {
	case span && len(first) == len("2025-01-20"):
		return "a.date_precision IN ('day', 'time') AND substr(a.published, 1, 10) BETWEEN '" + first + "' AND '" + last + "'"
	case span:
		return "a.month BETWEEN '" + first + "' AND '" + last + "'"
	case strings.Contains(p, "-Q"):
		return "substr(a.month, 1, 4) || '-Q' || ((substr(a.month, 6) + 2) / 3) = '" + p + "'"
	}
	return "a.month LIKE '" + p + "%'"
}

// lastNumber is the count that a table's cell ends with.
var lastNumber = regexp.MustCompile(`(\d[\d,]*)\)?$`)

// counted is the number of articles or mentions that a cell of a table names, −1 where it names none.
func counted(cell string) int {
	cell, _, _ = strings.Cut(cell, ", ×")
	m := lastNumber.FindStringSubmatch(cell)
	if m == nil || strings.Contains(cell, " to ") {
		return -1
	}
	n, err := strconv.Atoi(strings.ReplaceAll(m[1], ",", ""))
	if err != nil {
		return -1
	}
	return n
}

// figureFilters are the filters that the marks of each figure set.
func figureFilters() map[string][]string {
	return map[string][]string{
		"coverage": {"outlet", "period"}, "frames": {"frame", "period"}, "published": {"frame", "period"}, "stance": {"period", "stance"}, "frame-stance": {"frame", "stance"},
		"speakers": {"speaker", "stance"}, "voices": {"period", "voice"}, "outlets": {"frame", "outlet"}, "together": {"frame", "with"},
		"headlines": {"frame", "section"}, "change": {"frame", "period"},
	}
}

// arrived checks that the page shows exactly the passages that its address asks for, and that these are the filters that
// marks of the figure set. It returns the filters.
func (b *tab) arrived(db *sql.DB, figure string) url.Values {
	b.t.Helper()
	b.until(`location.hash.startsWith("#!") && document.activeElement.id === "h-passages"`)
	filter, err := url.ParseQuery(strings.TrimPrefix(eval[string](b, `location.hash`), "#!"))
	if err != nil {
		b.t.Fatal(err)
	}
	var keys []string
	for k := range filter {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	if want := figureFilters()[figure]; !slices.Equal(keys, want) {
		b.t.Errorf("%s: the filters are %v, want %v", figure, filter, want)
	}
	want := count(b.t, db, `SELECT count(*) FROM v_mention m JOIN v_article a USING (article_id) WHERE `+filterSQL(b.t, filter))
	if got := b.found(); got != want {
		b.t.Errorf("%s, %v: found %d passages, want %d", figure, filter, got, want)
	}
	return filter
}

// leave clears the filters, so that the next arrival is a new one.
func (b *tab) leave() {
	b.t.Helper()
	eval[any](b, `(() => { location.hash = "#!"; document.activeElement.blur(); })()`)
	b.until(`document.querySelectorAll("#set .chip").length === 0 && document.activeElement === document.body`)
}

func marksPage(t *testing.T) (*sql.DB, string) {
	t.Helper()
	chromium(t)
	db := filled(t, 2000)
	path := filepath.Join(t.TempDir(), "report.html")
	text, _ := report(t, db, publishedOptions())
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return db, path
}

// Every figure is walked by keyboard; what is read out is what stands in the table, and its number is that of the
// passages or of their articles.
func TestEveryFigureLeadsToItsPassagesByKeyboard(t *testing.T) {
	db, path := marksPage(t)
	b := newTab(t)
	b.open(path, "", 1400)
	for _, name := range FigureNames() {
		for _, keys := range [][]string{{"ArrowRight", "ArrowRight"}, {"End", "ArrowDown", "ArrowDown"}, {"Home", "ArrowRight", "ArrowDown", "ArrowRight"}} {
			eval[any](b, fmt.Sprintf(`(() => {
				const el = document.querySelector("#fig-%s .canvas");
				el.focus();
				for (const key of %s) el.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
			})()`, name, "["+`"`+strings.Join(keys, `","`)+`"]`))
			read := b.text("#live")
			eval[any](b, fmt.Sprintf(`document.querySelector("#fig-%s .canvas").dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", bubbles: true})); 0`, name))
			if strings.Contains(read, ": –. ") || strings.HasSuffix(read, ": –") {
				continue // a frame with itself
			}
			filter := b.arrived(db, name)
			_, cell, _ := strings.Cut(read, ": ")
			cell, _, _ = strings.Cut(cell, ". ")
			k := counted(cell)
			where := ` FROM v_mention m JOIN v_article a USING (article_id) WHERE ` + filterSQL(t, filter)
			mentions, articles := count(t, db, `SELECT count(*)`+where), count(t, db, `SELECT count(DISTINCT article_id)`+where)
			switch name {
			case "change": // a difference
			case "coverage": // articles, also those without a mention
				if k < articles {
					t.Errorf("%s reads %q, and %d articles have passages", name, read, articles)
				}
			case "stance", "frame-stance", "speakers", "voices":
				if k != mentions {
					t.Errorf("%s reads %q, want %d mentions", name, read, mentions)
				}
			default:
				if k != articles {
					t.Errorf("%s reads %q, want %d articles", name, read, articles)
				}
			}
			b.leave()
		}
	}
	b.settled()
}

// markAt is the middle of a mark of a figure, scrolled to the middle of the window: the largest shape in the main color,
// or in a matrix the first number.
const markAt = `((name) => {
	const fig = document.querySelector("#fig-" + name);
	const area = (el) => { const r = el.getBoundingClientRect(); return r.width * r.height; };
	const shapes = [...fig.querySelectorAll("svg path")].filter((p) => p.getAttribute(name === "change" ? "stroke" : "fill") === "#23408f" && area(p) > 20);
	shapes.sort((a, b) => area(b) - area(a));
	const numbers = [...fig.querySelectorAll("svg text")].filter((x) => /^\d+$/.test(x.textContent) && !x.closest("g[clip-path]"));
	const el = name === "outlets" || name === "together" ? numbers[0] : name === "frames" ? fig.querySelector(".canvas") : shapes[({headlines: 1, voices: 1, published: 2})[name] ?? 0];
	el.scrollIntoView({block: "center", inline: "center", behavior: "instant"});
	const r = el.getBoundingClientRect();
	return [r.x + r.width * (name === "frames" ? 0.7 : 0.5), r.y + r.height / 2];
})`

func TestEveryFigureLeadsToItsPassagesByMouseAndTouch(t *testing.T) {
	db, path := marksPage(t)
	b := newTab(t)
	for _, touch := range []bool{false, true} {
		width := int64(1400)
		if touch {
			width = 390
		}
		b.open(path, "", width)
		if touch {
			b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
				_, err := cdp.Call(ctx, t, emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: true})
				return err
			}))
		}
		for _, name := range FigureNames() {
			at := eval[[]float64](b, fmt.Sprintf("%s(%q)", markAt, name))
			if touch {
				b.tap(at[0], at[1])
			} else {
				b.do(chromedp.MouseClickXY(at[0], at[1]))
			}
			b.arrived(db, name)
			if top := eval[float64](b, `document.querySelector("#passages").getBoundingClientRect().top`); top > 600 {
				t.Errorf("%s: the passages begin %0.f px below the top of the window", name, top)
			}
			b.leave()
		}
		b.settled()
	}
}

// tap touches the screen as a finger does.
func (b *tab) tap(x, y float64) {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		touch := input.DispatchTouchEventParams{Type: "touchStart", TouchPoints: []*input.TouchPoint{{X: x, Y: y}}}
		if _, err := cdp.Call(ctx, t, input.DispatchTouchEvent, touch); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, t, input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: "touchEnd", TouchPoints: []*input.TouchPoint{}})
		return err
	}))
}

// The numbers of the findings lead to their sentences as well.
func TestFindingsLeadToTheirPassages(t *testing.T) {
	db, path := marksPage(t)
	b := newTab(t)
	b.open(path, "", 1400)
	links := eval[[]string](b, `[...document.querySelectorAll(".findings a")].map(a => a.getAttribute("href")).filter(h => h.startsWith("#!"))`)
	if len(links) < 4 {
		t.Fatalf("%d findings lead to passages: %q", len(links), links)
	}
	for _, link := range links {
		eval[any](b, fmt.Sprintf(`[...document.querySelectorAll(".findings a")].find(a => a.getAttribute("href") === %q).click()`, link))
		b.until(fmt.Sprintf(`location.hash === %q && document.querySelector("#set .chip")`, link))
		filter, err := url.ParseQuery(strings.TrimPrefix(link, "#!"))
		if err != nil {
			t.Fatal(err)
		}
		want := count(t, db, `SELECT count(*) FROM v_mention m JOIN v_article a USING (article_id) WHERE `+filterSQL(t, filter))
		b.until(fmt.Sprintf(`document.querySelector("#found").textContent.startsWith("%s of ")`, number(want)))
		b.leave()
	}
	b.settled()
}
