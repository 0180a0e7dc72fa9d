package agreement

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"framewatch/analysis"
	"framewatch/analysis/codebook"
)

func near(a, b float64) bool { return math.Abs(a-b) < 5e-5 || math.IsNaN(a) && math.IsNaN(b) }

func TestCoefficientsAreThePublishedOnes(t *testing.T) {
	nan := math.NaN()
	for _, tc := range []struct {
		name                      string
		table                     Table
		kappa, alpha, jaccard, f1 float64
	}{
		// Krippendorff's example of two observers of ten binary units gives alpha .095.
		{"two observers, ten units", Table{Both: 1, OnlyA: 1, OnlyB: 3, Neither: 5}, 0.0909, 0.0952, 0.2, 0.3333},
		// By hand: observed .7, expected .5; and 15 disagreements among 55 yes and 45 no.
		{"fifty units", Table{Both: 20, OnlyA: 5, OnlyB: 10, Neither: 15}, 0.4, 0.4, 20. / 35, 40. / 55},
		{"full agreement", Table{Both: 3, Neither: 7}, 1, 1, 1, 1},
		{"nobody says yes", Table{Neither: 7}, nan, nan, nan, nan},
		{"nothing asked", Table{}, nan, nan, nan, nan},
	} {
		got := [4]float64{tc.table.Kappa(), tc.table.Alpha(), tc.table.Jaccard(), tc.table.F1()}
		for i, want := range [4]float64{tc.kappa, tc.alpha, tc.jaccard, tc.f1} {
			if !near(got[i], want) {
				t.Errorf("%s: got %.4f, want %.4f for kappa, alpha, Jaccard or F1 (%d)", tc.name, got[i], want, i)
			}
		}
	}
}

// The limits were computed apart from this code, from the formulas of Newcombe (1998), method 10.
func TestPairedDifferenceHasNewcombesInterval(t *testing.T) {
	for _, tc := range []struct {
		table        Table
		d, low, high float64
	}{
		{Table{20, 2, 12, 16}, .2, .0562, .3292}, {Table{36, 2, 12, 0}, .2, .0569, .3404},
		{Table{53, 8, 16, 9}, .0930, -.0201, .2039}, {Table{2, 0, 14, 0}, .875, .5703, .9650}, {Table{43, 1, 0, 0}, -.0227, -.1181, .0597},
	} {
		d, low, high := tc.table.Difference()
		if !near(d, tc.d) && math.Abs(d-tc.d) > 5e-5 || math.Abs(low-tc.low) > 5e-5 || math.Abs(high-tc.high) > 5e-5 {
			t.Errorf("%+v: got %.4f [%.4f, %.4f], want %.4f [%.4f, %.4f]", tc.table, d, low, high, tc.d, tc.low, tc.high)
		}
		swapped := Table{tc.table.Both, tc.table.OnlyB, tc.table.OnlyA, tc.table.Neither}
		if sd, slow, shigh := swapped.Difference(); !near(sd, -d) || !near(slow, -high) || !near(shigh, -low) {
			t.Errorf("%+v: swapping the codings does not turn the sign", tc.table)
		}
	}
	if d, _, _ := (Table{}).Difference(); !math.IsNaN(d) {
		t.Errorf("of nothing: got %v, want NaN", d)
	}
}

func parse(t *testing.T, yaml string) *analysis.Analyzer {
	t.Helper()
	cb, err := codebook.Parse("test.yaml", []byte(yaml))
	if err != nil {
		t.Fatal(err)
	}
	a, err := analysis.New(cb)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

const first = `
name: first
topic: {ai: [AI], us: [America], china: [China]}
frames:
  - {id: race, group: rivalry, rules: [{id: r, match: [race]}]}
  - {id: arms_race, parent: race, group: rivalry, rules: [{id: r, match: [arms race]}]}
  - {id: talks, group: peace, rules: [{id: r, match: [talks]}]}
`

const second = `
name: second
topic: {anywhere: true, ai: [AI]}
frames:
  - {id: race, group: rivalry, rules: [{id: r, match: [race|contest]}]}
  - {id: sprint, parent: race, group: rivalry, rules: [{id: r, match: [sprint]}]}
  - {id: summit, group: other, rules: [{id: r, match: [talks]}]}
`

func TestUnitsPairFramesByIDGroupAndMapping(t *testing.T) {
	a, b := parse(t, first).Codebook(), parse(t, second).Codebook()
	got, err := Units(a, b, []string{"talks=summit", "arms_race+talks=race"})
	if err != nil {
		t.Fatal(err)
	}
	want := []Unit{
		{"talks=summit", Mapped, []string{"talks"}, []string{"summit"}},
		{"arms_race+talks=race", Mapped, []string{"arms_race", "talks"}, []string{"race", "sprint"}},
		{"race", Frame, []string{"race", "arms_race"}, []string{"race", "sprint"}},
		{"rivalry", Group, []string{"race", "arms_race"}, []string{"race", "sprint"}},
		{"any frame", Any, []string{"race", "arms_race", "talks"}, []string{"race", "sprint", "summit"}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	if alone := Unmatched(a, got[2:], func(u Unit) []string { return u.A }); !slices.Equal(alone, []string{"talks"}) {
		t.Errorf("unmatched %v, want talks", alone)
	}
	for mapping, want := range map[string]string{"race": "has no =", "walk=race": `first has no frame "walk"`, "race=walk": `second has no frame "walk"`} {
		if _, err := Units(a, b, []string{mapping}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", mapping, err, want)
		}
	}
}

// texts are articles with known differences between the two codebooks.
func texts() []Article {
	var all []Article
	for i, body := range []string{
		"AI in China is a race. America and China hold talks on AI.", // both: race; talks lost
		"AI in China is a contest. AI is a sprint for America.",      // gained twice
		"AI is a race.", // the first gate keeps it out
		"China ran a race in the rain, said the miller", // off topic in both
	} {
		all = append(all, Article{Document: analysis.Document{ID: int64(i), Title: "A day", Text: body}, Key: fmt.Sprint(i), Month: fmt.Sprintf("2025-0%d", 1+i/2)})
	}
	return all
}

func compare(t *testing.T, a, b *analysis.Analyzer, articles []Article, n int, of ...string) *Result {
	t.Helper()
	units, err := Units(a.Codebook(), b.Codebook(), nil)
	if err != nil {
		t.Fatal(err)
	}
	c, err := NewComparison(units, n, of)
	if err != nil {
		t.Fatal(err)
	}
	for _, article := range articles {
		c.Add(Code(a, b, article))
	}
	return c.Result()
}

func TestComparisonCountsSentencesArticlesAndMonths(t *testing.T) {
	r := compare(t, parse(t, first), parse(t, second), texts(), 10)
	if want := (Table{Both: 2, OnlyB: 1, Neither: 1}); r.Gate != want || r.Articles != 4 {
		t.Errorf("gate %+v of %d, want %+v of 4", r.Gate, r.Articles, want)
	}
	race := r.Units[0]
	if want := (Table{Both: 1, OnlyB: 3, Neither: 4}); race.Sentences != want {
		t.Errorf("sentences %+v, want %+v", race.Sentences, want)
	}
	if want := (Table{Both: 1, OnlyB: 2}); race.Articles != want {
		t.Errorf("articles %+v, want %+v", race.Articles, want)
	}
	months := []Month{{"2025-01", Table{Both: 1, OnlyB: 1}, 2, 2}, {"2025-02", Table{OnlyB: 1}, 0, 1}}
	if !reflect.DeepEqual(race.Months, months) {
		t.Errorf("months %+v, want %+v", race.Months, months)
	}
	if any := r.Units[len(r.Units)-1]; any.Sentences.Both != 2 || any.Sentences.OnlyA != 0 {
		t.Errorf("any frame: %+v, want both to code the sentence on talks", any.Sentences)
	}
	if len(r.Lost) != 0 || len(r.Gained) != 3 {
		t.Errorf("%d lost and %d gained, want 0 and 3", len(r.Lost), len(r.Gained))
	}
	for _, x := range r.Gained {
		if got := x.Sentence[x.At : x.At+len(x.Trigger)]; got != x.Trigger {
			t.Errorf("the trigger %q stands at %q", x.Trigger, got)
		}
	}
}

func TestSwappingTheCodebooksSwapsTheResult(t *testing.T) {
	a, b := parse(t, first), parse(t, second)
	one, two := compare(t, a, b, texts(), 10), compare(t, b, a, texts(), 10)
	for i, u := range one.Units {
		s, w := u.Sentences, two.Units[i].Sentences
		if s.Both != w.Both || s.OnlyA != w.OnlyB || s.OnlyB != w.OnlyA || s.Neither != w.Neither {
			t.Errorf("%s: %+v and %+v", u.Unit.Name, s, w)
		}
	}
	if !reflect.DeepEqual(one.Gained, two.Lost) {
		t.Error("what one gains the other does not lose")
	}
	for _, u := range compare(t, a, a, texts(), 10).Units {
		if u.Sentences.OnlyA+u.Sentences.OnlyB > 0 {
			t.Errorf("a codebook differs from itself on %s", u.Unit.Name)
		}
	}
}

func TestExamplesDoNotDependOnTheOrderOfArticles(t *testing.T) {
	a, b := parse(t, first), parse(t, second)
	var many []Article
	for i := range 200 {
		many = append(many, Article{Document: analysis.Document{Text: "AI in China is a contest. Nothing else."}, Key: fmt.Sprint(i)})
	}
	want := compare(t, a, b, many, 5).Gained
	slices.Reverse(many)
	if got := compare(t, a, b, many, 5).Gained; !reflect.DeepEqual(got, want) {
		t.Error("another order gives other examples")
	}
	if len(want) != 5 {
		t.Fatalf("%d examples, want 5", len(want))
	}
	if _, err := NewComparison(nil, 1, []string{"race"}); err == nil {
		t.Error("a unit that there is not was taken")
	}
}
