package analysis_test

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"framewatch/analysis"
	"framewatch/analysis/score"
)

// given counts stance, voice and speaker on words that are known to carry a frame.
type given struct {
	stance         map[string]map[string]int
	voice, speaker score.Count
}

func (g *given) add(m *analysis.Mention, stance, voice string, speaker *string) (wrong []string) {
	if g.stance == nil {
		g.stance = map[string]map[string]int{}
	}
	if g.stance[stance] == nil {
		g.stance[stance] = map[string]int{}
	}
	g.stance[stance][string(m.Stance)]++
	if string(m.Stance) != stance {
		wrong = append(wrong, fmt.Sprintf("stance: want %s, got %s by %s", stance, m.Stance, m.StanceRule))
	}
	count := func(c *score.Count, hit bool) bool {
		c.N++
		if hit {
			c.Hits++
		}
		return hit
	}
	if !count(&g.voice, voice == string(m.Voice)) {
		wrong = append(wrong, fmt.Sprintf("voice: want %s, got %s %q by %s", voice, m.Voice, m.Speaker.Name, m.VoiceRule))
	}
	if voice == "speaker" && speaker != nil && !count(&g.speaker, score.SameSpeaker(*speaker, m.Speaker.Name)) {
		wrong = append(wrong, fmt.Sprintf("speaker: want %q, got %q by %s", *speaker, m.Speaker.Name, m.VoiceRule))
	}
	return wrong
}

func (g *given) result() *score.Result {
	return &score.Result{Stance: g.stance, Voice: g.voice, Speaker: g.speaker}
}

func (g *given) String() string {
	r := g.result()
	var b strings.Builder
	fmt.Fprintf(&b, "stance %v macro F1 %.3f; voice %v; speaker %v", r.StanceAccuracy(), r.StanceF1(), g.voice, g.speaker)
	names := []string{"asserts", "contests", "reports"}
	for _, coded := range names {
		fmt.Fprintf(&b, "\n  %-9s", coded)
		for _, found := range names {
			fmt.Fprintf(&b, " %4d", g.stance[coded][found])
		}
	}
	return b.String()
}

// TestGivenTriggers scores stance, voice and speaker on all coded mentions of
// passages, with the words that carry the frame given. DIFFERENCES names the set
// whose disagreements are printed; sets that are kept out of tuning have none.
func TestGivenTriggers(t *testing.T) {
	a := builtin(t)
	for _, set := range []struct {
		name, file string
		keep       func(*score.Passage) bool
		shown      bool
	}{
		{"gold<6", "../../shared/data/gold/dev.jsonl", func(p *score.Passage) bool { return p.Fold() < 6 }, true},
		{"gold>=6", "../../shared/data/gold/dev.jsonl", func(p *score.Passage) bool { return p.Fold() >= 6 }, false},
		{"gold", "../../shared/data/gold/dev.jsonl", func(p *score.Passage) bool { return true }, false},
		{"stress-even", "score/testdata/stress.jsonl", func(p *score.Passage) bool { return number(p.ID)%2 == 0 }, true},
		{"stress-odd", "score/testdata/stress.jsonl", func(p *score.Passage) bool { return number(p.ID)%2 == 1 }, false},
		{"labels", os.Getenv("LABELS"), func(p *score.Passage) bool { return true }, true},
	} {
		files, _ := filepath.Glob(set.file)
		var g given
		for _, file := range files {
			f, err := os.Open(file)
			if err != nil {
				t.Fatal(err)
			}
			passages, err := score.Read(bufio.NewReader(f))
			f.Close()
			if err != nil {
				t.Fatal(err)
			}
			for i := range passages {
				if p := &passages[i]; set.keep(p) {
					scoreGiven(a, &g, p, set.shown && os.Getenv("DIFFERENCES") == set.name)
				}
			}
		}
		if g.voice.N > 0 {
			t.Logf("%s: %v", set.name, &g)
		}
	}
}

func number(id string) int {
	n, _ := strconv.Atoi(id[strings.LastIndexByte(id, ':')+1:])
	return n
}

// bare leaves out of coded words those before the last negation, which coders
// often take in and a codebook's phrases never do.
func bare(text string, from, to int) (int, int) {
	words := strings.ToLower(text[from:to])
	for _, no := range [...]string{"not ", "no ", "never ", "n't ", "n’t ", "rather than "} {
		if i := strings.LastIndex(words, no); i >= 0 && (i == 0 || no[0] == 'n' && no[1] != 'o' || words[i-1] == ' ') && i+len(no) < len(words) {
			return from + i + len(no), to
		}
	}
	return from, to
}

func scoreGiven(a *analysis.Analyzer, g *given, p *score.Passage, show bool) {
	runes := []rune(p.Text)
	doc := analysis.Document{Title: p.Title, Text: p.Text, Topic: &analysis.Topic{Relevant: true}}
	found := a.Analyze(doc)
	for _, m := range p.Mentions {
		start, end := m.Start, m.End
		if end > len(runes) || start >= end {
			continue
		}
		from, to := bare(p.Text, len(string(runes[:start])), len(string(runes[:end])))
		got, ok := a.CodeAt(doc, m.Frame, from, to)
		for _, f := range found {
			if f.Section != analysis.Headline && f.Frame == m.Frame && f.SentStart <= from && from < f.SentEnd {
				got = f
			}
		}
		if !ok {
			continue
		}
		wrong := g.add(&got, m.Stance, m.Voice, m.Speaker)
		if show && len(wrong) > 0 {
			fmt.Printf("%s %s [%s]\n   %s\n   %s\n", p.ID, m.Frame, m.Trigger, got.Sentence, strings.Join(wrong, "\n   "))
		}
	}
}

// marked is one line of a file of passages whose triggers are marked.
type marked struct {
	text     string
	mentions []markedMention
}

type markedMention struct {
	frame, stance, voice, speaker string
	start, end                    int
}

// readMarked reads passages in which {frame:words} marks the words that carry a
// frame, with what they are coded as behind " => ".
func readMarked(t *testing.T, file string) []marked {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out []marked
	for n, line := range strings.Split(string(data), "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		body, coding, ok := strings.Cut(line, " => ")
		if !ok {
			t.Fatalf("%s:%d: no coding", file, n+1)
		}
		codes := strings.Split(coding, ";")
		var p marked
		for body = strings.ReplaceAll(body, " ¶ ", "\n\n"); ; {
			plain, rest, found := strings.Cut(body, "{")
			p.text += plain
			if !found {
				break
			}
			words, after, _ := strings.Cut(rest, "}")
			frame, trigger, ok := strings.Cut(words, ":")
			if !ok || len(p.mentions) >= len(codes) {
				t.Fatalf("%s:%d: mark %q has no frame or no coding", file, n+1, words)
			}
			labels, speaker, _ := strings.Cut(codes[len(p.mentions)], ":")
			f := append(strings.Fields(labels), "author")
			p.mentions = append(p.mentions, markedMention{frame, f[0], f[1], strings.TrimSpace(speaker), len(p.text), len(p.text) + len(trigger)})
			p.text += trigger
			body = after
		}
		if len(p.mentions) != len(codes) {
			t.Fatalf("%s:%d: %d marks, %d codings", file, n+1, len(p.mentions), len(codes))
		}
		out = append(out, p)
	}
	return out
}

// TestMarkedPassages scores the passages with marked triggers. The floors are
// what the rules reach; they may only rise. When the sets were first tried, each
// before a rule was written for it, the shares of right stances, voices and
// speakers were .57, .93, .71 (stance1), .58, .86, .52 (stance2), .88, .72, .65
// (voice1), .43, .93, .79 (stance3), .64, .88, 1.00 (stance4) and .53, .87, 1.00
// (stance5): that is what to expect of sentences that are meant to be hard.
func TestMarkedPassages(t *testing.T) {
	a := builtin(t)
	for file, floors := range map[string]floor{
		"stance1.txt": {0, .92, .95, .90},
		"stance2.txt": {0, .93, .93, .80},
		"voice1.txt":  {0, .90, .95, .92},
		"stance3.txt": {0, .80, .93, .80},
		"stance4.txt": {0, .85, .93, .90},
		"stance5.txt": {0, .80, .90, .90},
	} {
		t.Run(file, func(t *testing.T) {
			var g given
			for _, p := range readMarked(t, "testdata/"+file) {
				for _, want := range p.mentions {
					m, ok := a.CodeAt(analysis.Document{Text: p.text}, want.frame, want.start, want.end)
					if !ok {
						t.Fatalf("no word in %q", p.text[want.start:want.end])
					}
					var speaker *string
					if want.speaker != "" {
						speaker = &want.speaker
					}
					if wrong := g.add(&m, want.stance, want.voice, speaker); len(wrong) > 0 {
						t.Logf("%s\n   %s", p.text, strings.Join(wrong, "\n   "))
					}
				}
			}
			r := g.result()
			t.Logf("%v", &g)
			for _, c := range []struct {
				name      string
				got, want float64
			}{
				{"stance", r.StanceAccuracy().Share(), floors.stance}, {"voice", g.voice.Share(), floors.voice}, {"speaker", g.speaker.Share(), floors.speaker},
			} {
				if c.got < c.want {
					t.Errorf("%s: %.3f, want %.3f or more", c.name, c.got, c.want)
				}
			}
		})
	}
}
