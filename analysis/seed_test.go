package analysis_test

import (
	"os"
	"strings"
	"testing"

	"framewatch/analysis"
)

// TestSeedArticle codes the article that the product began with, once with its
// headline and once as raw text whose first line stands in for one.
func TestSeedArticle(t *testing.T) {
	data, err := os.ReadFile("../../shared/seed/article.txt")
	if err != nil {
		t.Skip("no seed article beside the repository")
	}
	a := builtin(t)
	lines := strings.SplitN(string(data), "\n", 3)
	for name, d := range map[string]analysis.Document{
		"with its headline": {Title: lines[1], Text: lines[0] + "\n" + lines[2]},
		"as raw text":       {Title: lines[0], Text: lines[1] + "\n" + lines[2]},
	} {
		t.Run(name, func(t *testing.T) {
			found := map[string]int{}
			rivalry, contested, speakers := 0, 0, map[string]int{}
			for _, m := range a.Analyze(d) {
				t.Logf("%d %s %s (%s) %s %s %q: %s", m.Paragraph, m.Frame, m.Stance, m.StanceRule, m.Voice, m.VoiceRule, m.Speaker.Name, m.Trigger)
				found[m.Frame]++
				if a.Codebook().Family(m.Frame, "race") || m.Frame == "sputnik" || m.Frame == "zero_sum" {
					rivalry++
					if m.Stance == analysis.Contests {
						contested++
					}
				}
				if m.Voice == analysis.Quoted {
					speakers[m.Speaker.Name]++
				}
			}
			found["race"] += found["arms_race"] + found["space_race"]
			for _, frame := range []string{"race", "sputnik", "zero_sum", "deregulation", "ip_pressure", "cooperation", "china_envy", "dependence", "platform_control", "monolith"} {
				if found[frame] == 0 {
					t.Errorf("no mention of %s", frame)
				}
			}
			if contested*2 <= rivalry {
				t.Errorf("%d of %d mentions of race, sputnik and zero_sum contest, want most", contested, rivalry)
			}
			if len(speakers) != 1 || speakers["Yi-Ling Liu"] < 8 {
				t.Errorf("speakers are %v, want Yi-Ling Liu alone, 8 times or more", speakers)
			}
		})
	}
}
