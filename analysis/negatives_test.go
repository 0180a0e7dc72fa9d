package analysis_test

import (
	"os"
	"strings"
	"testing"

	"framewatch/analysis"
)

// TestHardNegatives codes sentences that look like mentions, with the topic gate
// off. At most two in a hundred may be taken for one.
func TestHardNegatives(t *testing.T) {
	data, err := os.ReadFile("testdata/negatives.txt")
	if err != nil {
		t.Fatal(err)
	}
	a := builtin(t)
	n, wrong := 0, 0
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		n++
		mentions := a.Analyze(analysis.Document{Text: line, Topic: &analysis.Topic{Relevant: true}})
		if len(mentions) > 0 {
			wrong++
			t.Logf("%s %q by %s: %s", mentions[0].Frame, mentions[0].Trigger, mentions[0].Rule, line)
		}
	}
	t.Logf("%d of %d taken for a mention", wrong, n)
	if n < 300 {
		t.Errorf("%d sentences, want 300 or more", n)
	}
	if wrong*50 > n {
		t.Errorf("%d of %d sentences are taken for a mention, want at most 2 %%", wrong, n)
	}
}
