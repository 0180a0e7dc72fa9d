package stance

import (
	"strings"
	"testing"

	"framewatch/analysis/pattern"
	"framewatch/analysis/text"
)

// judge gives the stance towards the words RACE of a sentence.
func judge(t *testing.T, src string, ask func(*Question)) Finding {
	t.Helper()
	base := pattern.NewCompiler(nil)
	c := pattern.NewCompilerSharing(base, Classes())
	clauses, err := c.Clauses()
	if err != nil {
		t.Fatal(err)
	}
	rules, err := New(c, clauses)
	if err != nil {
		t.Fatal(err)
	}
	items := c.Items(text.Parse(src))
	for i, it := range items.List {
		if items.Doc.Text(it.Token) == "RACE" {
			q := &Question{Frame: "race"}
			q.Article, q.Items, q.From, q.To = &pattern.Article{Title: c.Items(text.Parse("")), Body: items}, items, i, i+1
			q.Asked = strings.HasSuffix(src, "?")
			if ask != nil {
				ask(q)
			}
			return rules.Judge(q)
		}
	}
	t.Fatalf("no RACE in %q", src)
	return Finding{}
}

func TestStances(t *testing.T) {
	tests := map[string]string{
		"It is a RACE.":                                      "asserts",
		"It is not a RACE.":                                  "contests",
		"It isn't a RACE.":                                   "contests",
		"There is no RACE.":                                  "contests",
		"It need not be a RACE.":                             "contests",
		"It is hardly a RACE.":                               "contests",
		"It is a walk, not a RACE.":                          "contests",
		"It is a walk rather than a RACE.":                   "contests",
		"They rejected the idea of a RACE.":                  "contests",
		"They pushed back on the word RACE.":                 "contests",
		"The RACE narrative is misleading.":                  "contests",
		"The RACE narrative spread.":                         "reports",
		"Calling it a RACE serves the vendors.":              "contests",
		"Stop calling it a RACE.":                            "contests",
		"To call it a RACE is to misread them.":              "contests",
		"The RACE is a myth.":                                "contests",
		"The supposed RACE is on.":                           "contests",
		"There is little evidence of a RACE.":                "contests",
		"Nobody has shown that it is a RACE.":                "contests",
		"Nobody doubts that it is a RACE.":                   "asserts",
		"I don't buy the idea that it is a RACE.":            "contests",
		"Talk of a RACE becomes a self-fulfilling prophecy.": "contests",
		"Is it really a RACE?":                               "contests",
		"What RACE?":                                         "contests",
		"The so-called RACE goes on.":                        "reports",
		"The so-called RACE is nothing of the kind.":         "contests",
		"They must not lose the RACE.":                       "asserts",
		"They cannot afford to lose the RACE.":               "asserts",
		"If we do not win the RACE, they will.":              "asserts",
		"It is not only a RACE.":                             "asserts",
		"It is not a RACE we can win.":                       "asserts",
		"The RACE is dangerous.":                             "asserts",
		"Without power plants we will lose the RACE.":        "asserts",
	}
	for src, want := range tests {
		if got := judge(t, src, nil); got.Stance != want {
			t.Errorf("%q: got %s by %s, want %s", src, got.Stance, got.Rule, want)
		}
	}
}

func TestWhatOthersThinkIsReported(t *testing.T) {
	told := func(from, to int, held bool) func(*Question) {
		return func(q *Question) { q.Told, q.TellFrom, q.TellTo, q.Held = true, from, to, held }
	}
	for _, tc := range []struct {
		src  string
		ask  func(*Question)
		want string
	}{
		{"Some call it a RACE.", told(1, 2, false), "reports"},
		{"Some say it is not a RACE.", told(1, 2, false), "reports"},
		{"It is wrong when some call it a RACE.", told(5, 6, false), "reports"},
		{"They reject the claim that it is a RACE.", told(3, 5, true), "contests"},
		{"The claim that it is a RACE does not survive.", told(1, 3, true), "contests"},
	} {
		if got := judge(t, tc.src, tc.ask); got.Stance != tc.want {
			t.Errorf("%q: got %s by %s, want %s", tc.src, got.Stance, got.Rule, tc.want)
		}
	}
}

func TestMarksOfDistance(t *testing.T) {
	marked := func(q *Question) { q.Marks = true }
	for src, want := range map[string]string{
		"The “RACE” goes on.":                    "reports",
		"The “RACE” is a convenient sales line.": "contests",
	} {
		if got := judge(t, src, marked); got.Stance != want {
			t.Errorf("%q: got %s by %s, want %s", src, got.Stance, got.Rule, want)
		}
	}
}

func TestScopeEndsWithTheSpeech(t *testing.T) {
	src := "They denied the claim. “It is a RACE now.”"
	got := judge(t, src, func(q *Question) {
		q.Sentence = 1
		q.First, q.Last = q.Items.Sentence(1)
	})
	if got.Stance != "asserts" {
		t.Errorf("got %s by %s, want asserts", got.Stance, got.Rule)
	}
}

func TestFindingShowsItsCue(t *testing.T) {
	got := judge(t, "They rejected the idea of a RACE.", nil)
	if got.Rule != "idea-rejected" || got.From != 1 || got.To <= got.From {
		t.Errorf("got %+v, want idea-rejected from item 1", got)
	}
}
