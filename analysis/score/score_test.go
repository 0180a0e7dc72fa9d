package score_test

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"framewatch/analysis"
	"framewatch/analysis/codebook"
	"framewatch/analysis/score"
)

func builtin(t *testing.T) *analysis.Analyzer {
	t.Helper()
	data, err := os.ReadFile("../../configs/codebook.yaml")
	if err != nil {
		t.Fatal(err)
	}
	cb, err := codebook.Parse("codebook.yaml", data)
	if err != nil {
		t.Fatal(err)
	}
	a, err := analysis.New(cb)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestCodedPassages scores the built-in codebook on coded passages beside the
// repository, of which those of a low fold were used to write it. -v prints the
// tables; DIFFERENCES=1 the disagreements on that part.
func TestCodedPassages(t *testing.T) {
	f, err := os.Open("../../../shared/data/gold/dev.jsonl")
	if err != nil {
		t.Skip("no coded passages beside the repository")
	}
	defer f.Close()
	passages, err := score.Read(f)
	if err != nil {
		t.Fatal(err)
	}
	a := builtin(t)
	parts := map[string][]score.Passage{"all": passages}
	for _, p := range passages {
		name := "unseen (fold 6-9)"
		if p.Fold() < 6 {
			name = "tuned on (fold 0-5)"
		}
		parts[name] = append(parts[name], p)
	}
	rivalry := score.Group{Name: "race, sputnik, zero_sum", Frames: []string{"race", "arms_race", "space_race", "sputnik", "zero_sum"}}
	for _, name := range []string{"tuned on (fold 0-5)", "unseen (fold 6-9)", "all"} {
		r := score.Compare(a, parts[name])
		var table bytes.Buffer
		var ids []string
		for _, f := range a.Codebook().Frames {
			ids = append(ids, f.ID)
		}
		if err := r.Write(&table, ids, rivalry); err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %s", name, table.String())
		if strings.HasPrefix(name, "tuned") && os.Getenv("DIFFERENCES") != "" {
			r.WriteDifferences(&table)
			fmt.Println(table.String())
		}
		if name != "all" {
			continue
		}
		total := r.Total()
		if f1 := total.F1(); f1 < .80 {
			t.Errorf("F1 %.3f, want .80", f1)
		}
		if p := total.Precision().Share(); p < .85 {
			t.Errorf("precision %.3f, want .85", p)
		}
	}
}

func TestReadNamesTheBadLine(t *testing.T) {
	for name, tc := range map[string]struct{ in, want string }{
		"not JSON":               {"{\"id\":\"a\",\"text\":\"x\"}\n\nnonsense\n", "line 3"},
		"sentence outside":       {`{"id":"a","text":"ab","sents":[[0,3]]}`, "sents[0]"},
		"mention of no sentence": {`{"id":"a","text":"ab","sents":[[0,2]],"mentions":[{"s":1,"frame":"race"}]}`, "no sentence 1"},
	} {
		if _, err := score.Read(strings.NewReader(tc.in)); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v, want a message with %q", name, err, tc.want)
		}
	}
}

func TestCompareCountsByFrameAndSentence(t *testing.T) {
	text := "É. America is in an AI race with China. The ministry said so."
	speaker := "x"
	r := score.Compare(builtin(t), []score.Passage{{
		ID: "one", Text: text, OnTopic: true, Sentences: []score.Range{{0, 2}, {3, 39}, {40, 61}},
		Mentions: []score.Mention{
			{Sentence: 1, Frame: "race", Stance: "contests", Voice: "author"},
			{Sentence: 2, Frame: "cold_war", Stance: "asserts", Voice: "speaker", Speaker: &speaker},
		},
	}})
	if got, want := *r.Frames["race"], (score.Match{Both: 1}); got != want {
		t.Errorf("race: got %+v, want %+v", got, want)
	}
	if got, want := *r.Frames["cold_war"], (score.Match{Missed: 1}); got != want {
		t.Errorf("cold_war: got %+v, want %+v", got, want)
	}
	if got := r.StanceAccuracy(); got != (score.Count{Hits: 0, N: 1}) {
		t.Errorf("stance: got %+v, want 0 of 1", got)
	}
	if got := r.Voice; got != (score.Count{Hits: 1, N: 1}) {
		t.Errorf("voice: got %+v, want 1 of 1", got)
	}
}

func TestSentencesAreComparedAcrossFrames(t *testing.T) {
	text := "America is in an AI race with China. The ministry said so. The chip war goes on in Washington and Beijing."
	passages := []score.Passage{{ID: "one", Text: text, OnTopic: true, Sentences: []score.Range{{0, 36}, {37, 58}, {59, 106}},
		Mentions: []score.Mention{{Sentence: 0, Frame: "lead_lag"}, {Sentence: 0, Frame: "zero_sum"}, {Sentence: 1, Frame: "race"}, {Sentence: 2, Frame: "dependence"}}}}
	rivalry := []string{"race", "lead_lag", "zero_sum", "cold_war"}
	if got, want := score.CompareSentences(builtin(t), passages, rivalry, rivalry), (score.Match{Both: 1, Extra: 1, Missed: 1}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got, want := score.CompareSentences(builtin(t), passages, rivalry, []string{"race"}), (score.Match{Both: 1, Missed: 1}); got != want {
		t.Errorf("race alone: got %+v, want %+v", got, want)
	}
}

func TestWilson(t *testing.T) {
	// 3 of 435: .0023 to .0201, as computed by hand from Wilson's formula.
	low, high := score.Count{Hits: 3, N: 435}.Wilson()
	if math.Abs(low-.0023) > .0001 || math.Abs(high-.0201) > .0001 {
		t.Errorf("got [%.4f, %.4f], want [.0023, .0201]", low, high)
	}
	if low, high := (score.Count{}).Wilson(); low != 0 || high != 1 {
		t.Errorf("of nothing: got [%v, %v], want [0, 1]", low, high)
	}
}

func TestSameSpeaker(t *testing.T) {
	for _, tc := range []struct {
		a, b string
		want bool
	}{
		{"Eric Schmidt", "Schmidt", true},
		{"the Chinese government", "China’s government", true},
		{"Gregory Allen, director of a center", "Gregory Allen", true},
		{"Scholars in Singapore", "Scholars", true},
		{"Kai-Fu Lee", "Xi Jinping", false},
		{"", "", false},
	} {
		if got := score.SameSpeaker(tc.a, tc.b); got != tc.want {
			t.Errorf("%q and %q: got %t, want %t", tc.a, tc.b, got, tc.want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(`{"id":"a","text":"AI race","sents":[[0,7]],"mentions":[{"s":0,"frame":"race"}]}`)
	f.Fuzz(func(t *testing.T, in string) {
		ps, err := score.Read(strings.NewReader(in))
		if err == nil && len(ps) > strings.Count(in, "\n")+1 {
			t.Errorf("%d passages out of %d lines", len(ps), strings.Count(in, "\n")+1)
		}
	})
}
