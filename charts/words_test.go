package charts

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"framewatch/charts/stat"
)

func TestNumbersInWords(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{number(0), "0"}, {number(999), "999"}, {number(1000), "1,000"}, {number(11570), "11,570"}, {number(-1234567), "-1,234,567"},
		{percent(0), "0%"}, {percent(0.004), "under 1%"}, {percent(0.005), "1%"}, {percent(0.314), "31%"}, {percent(0.996), "over 99%"}, {percent(1), "100%"},
		{points(-0.041), "−4"}, {points(0.004), "0"}, {points(0.13), "+13"}, {pointWord(0.01), "point"}, {pointWord(-0.02), "points"},
		{signed1(-0.0049), "−0.5"}, {signed1(0), "0.0"}, {signed1(0.078), "+7.8"},
		{changeInterval(stat.Change{Low: 0.002, High: 0.08}), "+0.2 to +8.0"}, {changeInterval(stat.Change{Low: -0.06, High: 0.04}), "−6 to +4"},
		{cell(3, 8), "3 of 8"}, {cell(0, 0), "–"}, {cell(13, 92), "14.1% (8.4–22.7), 13"},
		{plural(1, "article", "articles"), "1 article"}, {plural(1200, "article", "articles"), "1,200 articles"},
		{list([]string{"a"}), "a"}, {list([]string{"a", "b", "c"}), "a, b and c"},
		{longDate("2025-01-20"), "Jan 20, 2025"}, {longDate("soon"), "soon"}, {monthName("2025-01"), "January 2025"},
		{monthRange("2026-08", "2026-10"), "Aug–Oct 2026"}, {monthRange("2025-12", "2026-02"), "Dec 2025–Feb 2026"}, {monthRange("2025-12", "2025-12"), "Dec 2025"},
		{shorten("a long name", 6), "a lon…"}, {shorten("short", 6), "short"},
		{ranges([]int{1, 2}), "1,2"}, {ranges([]int{3, 4, 5, 9}), "3–5,9"}, {ranges(nil), ""},
		{chance(4), "0.2"}, {chance(20), "1"}, {chance(50), "3"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestOnlyWebAddressesBecomeLinks(t *testing.T) {
	for in, want := range map[string]string{
		"https://a.example/x?y=1": "https://a.example/x?y=1", " http://a.example ": "http://a.example",
		"javascript:alert(1)": "", "JaVaScRiPt:alert(1)": "", "data:text/html,x": "", "//a.example/x": "", "/x": "", "": "", "http://": "", "file:///etc/passwd": "", "ht\ttp://a.example": "",
	} {
		if got := webAddress(in); got != want {
			t.Errorf("webAddress(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestSentencesAreCutAtTheirPhrase(t *testing.T) {
	for _, c := range []struct {
		name, sentence, trigger string
		at                      int
		left, phrase, right     string
	}{
		{"in code points", "Für „Ära“ sagt sie AI race heute.", "AI race", 19, "Für „Ära“ sagt sie ", "AI race", " heute."},
		{"at the start", "AI race it is", "AI race", 0, "", "AI race", " it is"},
		{"at the end", "it is an AI race", "AI race", 9, "it is an ", "AI race", ""},
		{"wrong offset", "it is an AI race", "AI race", 2, "it is an ", "AI race", ""},
		{"offset outside", "it is an AI race", "AI race", 900, "it is an ", "AI race", ""},
		{"negative offset", "it is an AI race", "AI race", -4, "it is an ", "AI race", ""},
		{"phrase not there", "something else", "AI race", 0, "", "AI race", "something else"},
	} {
		left, phrase, right := cut(c.sentence, c.trigger, c.at)
		if left != c.left || phrase != c.phrase || right != c.right {
			t.Errorf("%s: got %q %q %q", c.name, left, phrase, right)
		}
	}
}

func FuzzCut(f *testing.F) {
	f.Add("Für „Ära“ sagt sie AI race heute.", "AI race", 19)
	f.Add("", "", 0)
	f.Fuzz(func(t *testing.T, sentence, trigger string, at int) {
		if !utf8.ValidString(sentence) || !utf8.ValidString(trigger) {
			t.Skip("the database holds valid text")
		}
		left, phrase, right := cut(sentence, trigger, at)
		if phrase != trigger {
			t.Fatalf("phrase %q, want %q", phrase, trigger)
		}
		if whole := left + phrase + right; whole != sentence && right != sentence {
			t.Fatalf("%q became %q", sentence, whole)
		}
	})
}

// coverageOf makes data with the given articles per month, all of scope 2.
func coverageOf(months map[string]int) *data {
	d := &data{}
	for m, n := range months {
		d.coverage = append(d.coverage, group{month: m, scope: 2, articles: n})
	}
	return d
}

func TestTimeAxis(t *testing.T) {
	asOf := time.Date(2026, 3, 15, 0, 0, 0, 0, time.UTC)
	many := map[string]int{}
	for _, m := range monthsBetween("2025-01", "2026-03") {
		many[m] = 40
	}
	with := func(extra map[string]int) map[string]int {
		all := map[string]int{}
		for _, m := range []map[string]int{many, extra} {
			for k, v := range m {
				all[k] = v
			}
		}
		return all
	}
	for _, c := range []struct {
		name          string
		months        map[string]int
		by            Period
		first, last   string
		left, undated int
		complete      int
	}{
		{"months where they hold enough", many, ByMonth, "2025-01", "2026-03", 0, 0, 14},
		{"a stray early date", with(map[string]int{"1970-01": 1}), ByMonth, "2025-01", "2026-03", 1, 0, 14},
		{"a date after the report", with(map[string]int{"2031-05": 2}), ByMonth, "2025-01", "2026-03", 2, 0, 14},
		{"coarse dates", with(map[string]int{"": 7}), ByMonth, "2025-01", "2026-03", 0, 7, 14},
		{"quarters for thin months", map[string]int{"2025-01": 5, "2025-02": 5, "2025-03": 5, "2025-05": 9, "2025-06": 9}, ByQuarter, "2025-Q1", "2025-Q2", 0, 0, 2},
		{"years for thin quarters", map[string]int{"2024-01": 3, "2024-09": 4, "2025-06": 6, "2026-02": 5}, ByYear, "2024", "2026", 0, 0, 2},
		{"early articles that are many", map[string]int{"2012-01": 30, "2025-01": 30}, ByQuarter, "2012-Q1", "2025-Q1", 0, 0, 53},
	} {
		tl := newTimeline(coverageOf(c.months), variants()[0], asOf, Options{})
		first, last := tl.steps[0].key, tl.steps[len(tl.steps)-1].key
		if tl.by != c.by || first != c.first || last != c.last || tl.left != c.left || tl.undated != c.undated || tl.complete != c.complete {
			t.Errorf("%s: by %s from %s to %s, left %d, undated %d, complete %d", c.name, tl.by, first, last, tl.left, tl.undated, tl.complete)
		}
	}
	if empty := newTimeline(coverageOf(nil), variants()[0], asOf, Options{}); len(empty.steps) != 0 {
		t.Errorf("no articles, and the axis has %d steps", len(empty.steps))
	}
}

// The weeks are those that ISO 8601 and its literature give as hard cases.
func TestWeeksAreThoseOfISO8601(t *testing.T) {
	for day, want := range map[string]string{
		"2004-12-31": "2004-W53", "2005-01-01": "2004-W53", "2005-01-03": "2005-W01", "2008-12-29": "2009-W01", "2010-01-03": "2009-W53",
		"2024-12-30": "2025-W01", "2026-12-31": "2026-W53", "2025-01": "", "": "", "2025-02-30": "",
	} {
		if got := weekOf(day); got != want {
			t.Errorf("%s is in %q, want %q", day, got, want)
		}
	}
	for week, want := range map[string][2]string{"2004-W53": {"2004-12-27", "2005-01-02"}, "2009-W01": {"2008-12-29", "2009-01-04"}, "2025-W04": {"2025-01-20", "2025-01-26"}} {
		if monday, sunday := weekDays(week); [2]string{monday, sunday} != want {
			t.Errorf("%s is %s to %s, want %v", week, monday, sunday, want)
		}
	}
}

func TestPeriodsCutShortAreMarked(t *testing.T) {
	many := map[string]int{}
	for _, m := range monthsBetween("2025-01", "2025-12") {
		many[m] = 40
	}
	for _, c := range []struct {
		o               Options
		asOf            string
		first, last     bool
		complete, steps int
		lastMonth       string
	}{
		{Options{}, "2025-12-31", false, false, 12, 12, "2025-12"},
		{Options{}, "2025-12-30", false, true, 11, 12, "2025-11"},
		{Options{From: "2025-01-02"}, "2026-02-01", true, false, 12, 12, "2025-12"},
		{Options{By: ByQuarter, To: "2025-12-30"}, "2026-02-01", false, true, 3, 4, "2025-11"},
		{Options{By: ByQuarter, From: "2025-02-01"}, "2026-02-01", true, false, 4, 4, "2025-12"},
		{Options{By: ByYear}, "2025-12-30", false, true, 0, 1, "2025-11"},
	} {
		asOf, err := time.Parse(time.DateOnly, c.asOf)
		if err != nil {
			t.Fatal(err)
		}
		tl := newTimeline(coverageOf(many), variants()[0], asOf, c.o)
		n := len(tl.steps)
		if n != c.steps || tl.steps[0].partial != (c.first || n == 1 && c.last) || tl.steps[n-1].partial != c.last || tl.complete != c.complete || tl.lastMonth != c.lastMonth {
			t.Errorf("%+v as of %s: %d steps, first %v, last %v, complete %d, last month %s", c.o, c.asOf, n, tl.steps[0].partial, tl.steps[n-1].partial, tl.complete, tl.lastMonth)
		}
	}
}

func TestEventsCloseTogetherShareALabel(t *testing.T) {
	months := map[string]int{}
	for _, m := range monthsBetween("2025-01", "2025-12") {
		months[m] = 40
	}
	tl := newTimeline(coverageOf(months), variants()[0], time.Date(2026, 3, 15, 0, 0, 0, 0, time.UTC), Options{})
	var events []event
	for _, day := range []string{"2019-01-01", "2025-01-20", "2025-01-27", "2025-02-10", "2025-07-23", "bad", "2031-01-01"} {
		events = append(events, event{date: day})
	}
	numbered := tl.onAxis(events)
	if len(numbered) != 4 || numbered[0].number != 1 || numbered[3].number != 4 {
		t.Fatalf("%+v", numbered)
	}
	want := []eventMark{{0, "1–3"}, {1, ""}, {6, "4"}}
	if got := tl.eventMarks(numbered); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestPackedTextIsSafeInAScriptElement(t *testing.T) {
	text, err := pack(map[string]string{"a": strings.Repeat("</script>", 50)})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
		t.Errorf("not plain base64: %s", text)
	}
}
