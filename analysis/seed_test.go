package analysis_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"framewatch/analysis"
)

func TestSeedDump(t *testing.T) {
	data, err := os.ReadFile("../../shared/seed/article.txt")
	if err != nil {
		t.Skip("no seed article beside the repository")
	}
	a := builtin(t)
	lines := strings.SplitN(string(data), "\n", 3)
	for _, d := range []analysis.Document{{Title: lines[1], Text: lines[0] + "\n" + lines[2]}, {Title: lines[0], Text: lines[1] + "\n" + lines[2]}} {
		for _, m := range a.Analyze(d) {
			fmt.Printf("%d %-16s %-9s %-16s %-8s %-10s %-14s | %s | %s\n", m.Paragraph, m.Frame, m.Stance, m.StanceRule, m.Voice, m.VoiceRule, m.Speaker.Name, m.Trigger, m.Sentence)
		}
		fmt.Println()
	}
}
