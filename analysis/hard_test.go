package analysis_test

import (
	"os"
	"strings"
	"testing"

	"framewatch/analysis"
	"framewatch/analysis/score"
)

// hardMention is one mention that a line of testdata/hard.txt asks for.
type hardMention struct{ frame, stance, voice, speaker string }

type hardPassage struct {
	text     string
	mentions []hardMention
}

func readHard(t testing.TB, file string) []hardPassage {
	t.Helper()
	data, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var out []hardPassage
	for n, line := range strings.Split(string(data), "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		text, coding, ok := strings.Cut(line, " => ")
		if !ok {
			t.Fatalf("%s:%d: no coding", file, n+1)
		}
		p := hardPassage{text: strings.ReplaceAll(text, " ¶ ", "\n\n")}
		for _, part := range strings.Split(coding, ";") {
			if strings.TrimSpace(part) == "-" {
				continue
			}
			labels, speaker, _ := strings.Cut(part, ":")
			f := append(strings.Fields(labels), "", "", "")
			p.mentions = append(p.mentions, hardMention{f[0], f[1], f[2], strings.TrimSpace(speaker)})
		}
		out = append(out, p)
	}
	return out
}

// TestHardPassages scores the passages whose stance and voice are hard to read.
// The floors are what the rules reach; they may only rise.
func TestHardPassages(t *testing.T) {
	for file, floors := range map[string]floor{
		"hard.txt":  {.95, .95, .95, .95},
		"hard2.txt": {.93, .93, .95, .95},
		"hard3.txt": {.90, .95, .90, .90},
		"hard4.txt": {.95, .90, .90, .90},
	} {
		t.Run(file, func(t *testing.T) { scoreHard(t, readHard(t, file), floors) })
	}
}

// floor is the least that is wanted of a set: F1 of frames, shares of stances,
// voices and speakers.
type floor struct{ frames, stance, voice, speaker float64 }

func scoreHard(t *testing.T, passages []hardPassage, floors floor) {
	a := builtin(t)
	var frames score.Match
	var stance, voice, speaker score.Count
	confusion := map[string]int{}
	for _, p := range passages {
		found := a.Analyze(analysis.Document{Text: p.text, Topic: &analysis.Topic{Relevant: true}})
		used := make([]bool, len(found))
		for _, want := range p.mentions {
			hit := -1
			for i, m := range found {
				if !used[i] && m.Frame == want.frame {
					hit = i
					break
				}
			}
			if hit < 0 {
				frames.Missed++
				t.Logf("missed %s: %s", want.frame, p.text)
				continue
			}
			used[hit] = true
			m := found[hit]
			frames.Both++
			if want.stance != "" {
				stance.N++
				confusion[want.stance+"→"+string(m.Stance)]++
				if string(m.Stance) == want.stance {
					stance.Hits++
				} else {
					t.Logf("%s is %s by %s, want %s: %s", m.Frame, m.Stance, m.StanceRule, want.stance, p.text)
				}
			}
			if want.voice != "" {
				voice.N++
				if string(m.Voice) == want.voice {
					voice.Hits++
				} else {
					t.Logf("%s voiced by %s %q by %s, want %s: %s", m.Frame, m.Voice, m.Speaker.Name, m.VoiceRule, want.voice, p.text)
				}
			}
			if want.speaker != "" {
				speaker.N++
				if m.Speaker.Name == want.speaker {
					speaker.Hits++
				} else {
					t.Logf("%s spoken by %q by %s, want %q: %s", m.Frame, m.Speaker.Name, m.VoiceRule, want.speaker, p.text)
				}
			}
		}
		for i, m := range found {
			if !used[i] {
				frames.Extra++
				t.Logf("extra %s %q by %s: %s", m.Frame, m.Trigger, m.Rule, p.text)
			}
		}
	}
	t.Logf("frames F1 %.3f (P %v R %v), stance %v %v, voice %v, speaker %v", frames.F1(), frames.Precision(), frames.Recall(), stance, confusion, voice, speaker)
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"frames", frames.F1(), floors.frames}, {"stance", stance.Share(), floors.stance},
		{"voice", voice.Share(), floors.voice}, {"speaker", speaker.Share(), floors.speaker},
	} {
		if c.got < c.want {
			t.Errorf("%s: %.3f, want %.3f or more", c.name, c.got, c.want)
		}
	}
}
