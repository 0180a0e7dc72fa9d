package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestSearchQueryReadsWhatUsersType(t *testing.T) {
	for words, want := range map[string]string{
		"arms race": `"arms race"`, "zero-sum": `"zero-sum"`, " sputnik mom* ": `"sputnik mom"*`, "it's": `"it's"`,
		`"arms race" OR chips`: `"arms race" OR chips`, "(a b) NOT c": "(a b) NOT c", "order": `"order"`,
	} {
		if got := searchQuery(words); got != want {
			t.Errorf("%q: got %s, want %s", words, got, want)
		}
	}
}

func TestMarksAreToldFromTheText(t *testing.T) {
	for _, tt := range []struct{ text, marked, want string }{
		{"a race", "a \uFDD0race\uFDD1", "[{2 6}]"},
		{"東京 race race", "東京 \uFDD0race\uFDD1 \uFDD0race\uFDD1", "[{3 7} {8 12}]"},
		{"race \uFDD1 \uFDD0x", "\uFDD0race\uFDD1 \uFDD1 \uFDD0x", "[{0 4}]"},
		{"none", "none", "[]"},
		{"", "", "[]"},
	} {
		if got := fmt.Sprint(marks(tt.text, tt.marked)); got != tt.want {
			t.Errorf("%q: got %s, want %s", tt.marked, got, tt.want)
		}
	}
}

func FuzzMarks(f *testing.F) {
	f.Add("a race \x02 on", 2, 6)
	f.Fuzz(func(t *testing.T, text string, from, to int) {
		runes := []rune(text)
		if !utf8.ValidString(text) || from < 0 || to <= from || to > len(runes) || strings.ContainsAny(text, markOpen+markClose) {
			t.Skip()
		}
		marked := string(runes[:from]) + markOpen + string(runes[from:to]) + markClose + string(runes[to:])
		if got := marks(text, marked); len(got) != 1 || got[0] != (span{from, to}) {
			t.Errorf("marks(%q) = %v, want %d to %d", marked, got, from, to)
		}
	})
}

// shownBy gives the lines as "article left[match]right".
func shownBy(t *testing.T, db *DB, c Concordance) []string {
	t.Helper()
	c.Limit, c.Width = 100, 9
	lines, total, err := db.Concordance(context.Background(), c)
	must(t, err)
	var out []string
	for _, l := range lines {
		out = append(out, fmt.Sprintf("%d %s[%s]%s", l.ArticleID, l.Left, l.Match, l.Right))
	}
	if total != len(out) {
		t.Errorf("%+v: %d of %d lines", c, len(out), total)
	}
	return out
}

func TestConcordanceFindsEveryPlace(t *testing.T) {
	db := studyDB(t)
	wantAnswer(t, shownBy(t, db, Concordance{Words: "arms race", Sort: ByDate}),
		"3 , and an [arms race] with Chi", "6 An [arms race] in AI?", "6 ng it an [arms race] with Chi")
	// To the left, by the word nearest to the match.
	wantAnswer(t, shownBy(t, db, Concordance{Words: "the race", Sort: ByLeft}),
		"12 [The race] with Chi", "7 To win [the race] with Chi", "3 l to win [the race], Senator")
	wantAnswer(t, shownBy(t, db, Concordance{Words: "zero-sum", Sort: ByRight}), "8 moment.  [Zero-sum] thinking", "6 t is not [zero-sum].")
	wantAnswer(t, shownBy(t, db, Concordance{Words: "chips", Outlet: "courier", From: "2024-12", To: "2024"}),
		"2 [Chips] and AI", "2 ina buys [chips].  “It is")
	wantAnswer(t, shownBy(t, db, Concordance{Words: "chips", From: "2025"}))
	// A frame's triggers, its child's among them; only where the frame is.
	all := shownBy(t, db, Concordance{Frame: "race"})
	want := 0
	for _, e := range study() {
		for _, u := range e.uses {
			if isRace(u.frame) {
				want++
			}
		}
	}
	if len(all) != want || !slices.Contains(all, "3 , and an [arms race] with Chi") {
		t.Errorf("%d triggers of race, want %d: %q", len(all), want, all)
	}
	wantAnswer(t, shownBy(t, db, Concordance{Words: "Mei Tan", Frame: "race"}), "2 o race,” [Mei Tan] said.", "6 s wrong, [Mei Tan] said.  I")
	wantAnswer(t, shownBy(t, db, Concordance{Words: "Mei Tan", Frame: "sputnik"}))
	if _, _, err := db.Concordance(context.Background(), Concordance{Words: `"open`, Width: 5, Limit: 5}); err == nil || !strings.Contains(err.Error(), "full-text query") {
		t.Errorf("a broken query: %v", err)
	}
}
