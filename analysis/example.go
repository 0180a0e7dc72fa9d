package analysis

import (
	"fmt"

	"framewatch/analysis/codebook"
)

// CheckExample codes an example of a frame and returns what differs from the
// coding that it expects, nothing if all agrees. Each expected mention must be
// found with the fields that are given; a mention of the frame itself must be
// expected; mentions of other frames are let pass.
func CheckExample(a *Analyzer, frame string, ex codebook.Example) []string {
	mentions := a.Analyze(Document{Title: ex.Title, Text: ex.Text, Topic: &Topic{AboutAI: true, Relevant: true}})
	var faults []string
	expected := map[string]int{}
	for _, want := range ex.Mentions {
		expected[want.Frame]++
		if fault := checkExpected(mentions, want); fault != "" {
			faults = append(faults, fault)
		}
	}
	found := 0
	for _, m := range mentions {
		if m.Frame == frame {
			found++
		}
	}
	if found > expected[frame] {
		faults = append(faults, fmt.Sprintf("%d mentions of %s found, %d expected", found, frame, expected[frame]))
	}
	return faults
}

// checkExpected looks for a mention that fits.
func checkExpected(mentions []Mention, want codebook.Expected) string {
	fault := "no mention of " + want.Frame + " found"
	for i := range mentions {
		m := &mentions[i]
		if m.Frame != want.Frame {
			continue
		}
		switch {
		case want.Stance != "" && string(m.Stance) != want.Stance:
			fault = fmt.Sprintf("%s %s (by %s), expected %s", m.Frame, m.Stance, m.StanceRule, want.Stance)
		case want.Voice != "" && string(m.Voice) != want.Voice:
			fault = fmt.Sprintf("%s in the voice of the %s (by %s), expected the %s", m.Frame, m.Voice, m.VoiceRule, want.Voice)
		case want.Speaker != "" && m.Speaker.Name != want.Speaker:
			fault = fmt.Sprintf("%s spoken by %q (by %s), expected %q", m.Frame, m.Speaker.Name, m.VoiceRule, want.Speaker)
		case !holdsAttributes(m.Attributes, want.Attributes):
			fault = fmt.Sprintf("%s with attributes %v, expected %v", m.Frame, m.Attributes, want.Attributes)
		default:
			return ""
		}
	}
	return fault
}

func holdsAttributes(got, want map[string]string) bool {
	for k, v := range want {
		if got[k] != v {
			return false
		}
	}
	return true
}
