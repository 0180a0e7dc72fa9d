package analysis_test

import (
	"testing"

	"framewatch/analysis"
)

func TestHeadlines(t *testing.T) {
	a := builtin(t)
	body := "Paula Dean spoke in Washington on AI and China."
	tests := []struct{ title, frame, stance, speaker string }{
		{"China Is Winning the AI Race, Chip Chief Says", "race", "asserts", "Chip Chief"},
		{"Chip Chief: China Is Winning the AI Race", "race", "asserts", "Chip Chief"},
		{"‘This Is Our Sputnik Moment’: Senators Sound the Alarm on Chinese AI", "sputnik", "asserts", "Senators"},
		{"Dean Says U.S. Must Win AI Race Against China", "race", "asserts", "Paula Dean"},
		{"Why the AI Race With China Is a Myth", "race", "contests", ""},
		{"There Is No AI Race With China", "race", "contests", ""},
		{"The U.S. and China Aren't in an AI Arms Race", "arms_race", "contests", ""},
		{"Don't Call It an AI Arms Race With China", "arms_race", "contests", ""},
		{"This AI model is not China's Sputnik moment", "sputnik", "contests", ""},
		{"What the 'AI race' with China gets wrong", "race", "contests", ""},
		{"U.S. falls behind China in AI, report warns", "lead_lag", "asserts", "report"},
		{"Officials fear China will overtake US in AI", "lead_lag", "asserts", "Officials"},
		{"\"We are losing the AI race to China,\" says former chip chief", "race", "asserts", "former chip chief"},
		{"AI cold war: why Washington and Beijing cannot talk", "cold_war", "asserts", ""},
		{"America's AI supremacy is at stake", "zero_sum", "asserts", ""},
		{"White House accuses Chinese labs of distilling US models", "ip_pressure", "asserts", "White House"},
	}
	for _, tc := range tests {
		found := false
		for _, m := range a.Analyze(analysis.Document{Title: tc.title, Text: body}) {
			if m.Section != analysis.Headline || m.Frame != tc.frame {
				continue
			}
			found = true
			if string(m.Stance) != tc.stance || m.Speaker.Name != tc.speaker || m.Paragraph != 0 {
				t.Errorf("%s: got %s by %s, speaker %q by %s, want %s, %q", tc.title, m.Stance, m.StanceRule, m.Speaker.Name, m.VoiceRule, tc.stance, tc.speaker)
			}
		}
		if !found {
			t.Errorf("%s: no %s", tc.title, tc.frame)
		}
	}
}
