package analysis_test

import (
	"os"
	"strings"
	"testing"

	"framewatch/analysis"
	"framewatch/analysis/score"
)

// paraphrase puts a sentence into an article as neutral as can be.
func paraphrase(sentence string) (text string, from, to int) {
	before := "The committee spent Tuesday on artificial intelligence in the United States and China. Twelve witnesses came.\n\nThe room was full.\n\n"
	return before + sentence + "\n\nLunch was served at noon.", len(before), len(before) + len(sentence)
}

// TestParaphrases codes sentences that were written, some twenty a frame, before
// the rules were tried on them: what each frame sounds like in words of every
// register, and sentences that only look so. The floors may only rise.
func TestParaphrases(t *testing.T) {
	data, err := os.ReadFile("testdata/paraphrases.txt")
	if err != nil {
		t.Fatal(err)
	}
	a := builtin(t)
	var all score.Match
	n := 0
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		coding, sentence, ok := strings.Cut(line, " | ")
		if !ok {
			t.Fatalf("no coding: %s", line)
		}
		n++
		want := map[string]bool{}
		for _, f := range strings.Split(coding, ",") {
			if f != "-" {
				want[f] = true
			}
		}
		text, from, to := paraphrase(sentence)
		for _, m := range a.Analyze(analysis.Document{Title: "What the witnesses said", Text: text, Topic: &analysis.Topic{Relevant: true}}) {
			switch {
			case m.Start < from || m.Start >= to:
				t.Errorf("%s in the neutral part: %s", m.Rule, m.Sentence)
			case want[m.Frame]:
				all.Both++
				delete(want, m.Frame)
			default:
				all.Extra++
				t.Logf("extra %s %q by %s: %s", m.Frame, m.Trigger, m.Rule, sentence)
			}
		}
		all.Missed += len(want)
		for f := range want {
			t.Logf("missed %s: %s", f, sentence)
		}
	}
	t.Logf("%d sentences: F1 %.3f, precision %v, recall %v", n, all.F1(), all.Precision(), all.Recall())
	if got := all.Precision().Share(); got < .85 {
		t.Errorf("precision %.3f, want .85 or more", got)
	}
	if got := all.Recall().Share(); got < .85 {
		t.Errorf("recall %.3f, want .85 or more", got)
	}
}
