package score_test

import (
	"fmt"
	"os"
	"testing"

	"framewatch/analysis"
	"framewatch/analysis/codebook"
	"framewatch/analysis/score"
)

func TestGold(t *testing.T) {
	f, err := os.Open("../../../shared/data/gold/dev.jsonl")
	if err != nil {
		t.Skip("no gold data beside the repository")
	}
	defer f.Close()
	passages, err := score.Read(f)
	if err != nil {
		t.Fatal(err)
	}
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
	var low, high []score.Passage
	for _, p := range passages {
		if p.Fold() < 6 {
			low = append(low, p)
		} else {
			high = append(high, p)
		}
	}
	for _, part := range []struct {
		name string
		ps   []score.Passage
	}{{"low", low}, {"high", high}, {"all", passages}} {
		r := score.Compare(a, part.ps)
		all, rivalry := r.Total(), r.Total("race", "arms_race", "space_race", "sputnik", "zero_sum")
		fmt.Printf("%s: F1 %.3f P %v R %v | rivalry F1 %.3f %+v | stance %v F1 %.3f | voice %v speaker %v\n", part.name, all.F1(), all.Precision(), all.Recall(),
			rivalry.F1(), rivalry, r.StanceAccuracy(), r.StanceF1(), r.Voice, r.Speaker)
		if part.name == "low" && os.Getenv("DIFF") != "" {
			for _, d := range r.Differences {
				fmt.Printf("%-7s %-15s %q / %q [%s] %s\n    %s\n", d.Kind, d.Frame, d.Coded, d.Found, d.Rule, d.Passage, d.Sentence)
			}
		}
		if part.name != "all" {
			for _, f := range cb.Frames {
				fmt.Printf("   %s:%d/%d/%d", f.ID, r.Frames[f.ID].Both, r.Frames[f.ID].Extra, r.Frames[f.ID].Missed)
			}
			fmt.Println()
		}
	}
}
