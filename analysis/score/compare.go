package score

import (
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"framewatch/analysis"
)

// Count is hits among n.
type Count struct{ Hits, N int }

func (c *Count) add(hit bool) {
	c.N++
	if hit {
		c.Hits++
	}
}

// Match counts mentions: both found and coded, only found, only coded.
type Match struct{ Both, Extra, Missed int }

// Precision is Both of all found.
func (m Match) Precision() Count { return Count{m.Both, m.Both + m.Extra} }

// Recall is Both of all coded.
func (m Match) Recall() Count { return Count{m.Both, m.Both + m.Missed} }

// F1 is the harmonic mean of precision and recall, 0 where there is nothing.
func (m Match) F1() float64 {
	if m.Both == 0 {
		return 0
	}
	return 2 * float64(m.Both) / float64(2*m.Both+m.Extra+m.Missed)
}

func (m *Match) add(o Match) {
	m.Both += o.Both
	m.Extra += o.Extra
	m.Missed += o.Missed
}

// Result is a comparison over a number of passages.
type Result struct {
	Passages, Sentences int
	Frames              map[string]*Match
	// Stance counts matched mentions by coded and found stance.
	Stance map[string]map[string]int
	// Voice counts matched mentions with the same voice; Speaker those that are
	// coded with a named speaker and found with the same surname or head.
	Voice, Speaker Count
	// Differences lists what does not agree, in order of passages.
	Differences []Difference
}

// Difference is one disagreement.
type Difference struct {
	Passage, Sentence, Kind, Frame string
	Coded, Found                   string
	Rule                           string
}

// Compare codes the passages and counts. A found mention matches a coded one if
// it has the same frame and its trigger starts in the same sentence; headline
// mentions do not count, as titles are not coded.
func Compare(a *analysis.Analyzer, passages []Passage) *Result {
	r := &Result{Frames: map[string]*Match{}, Stance: map[string]map[string]int{}}
	for _, f := range a.Codebook().Frames {
		r.Frames[f.ID] = &Match{}
	}
	for i := range passages {
		r.passage(a, &passages[i])
	}
	return r
}

// Total sums the counts of the named frames, or of all if none is named.
func (r *Result) Total(frames ...string) Match {
	var sum Match
	for id, m := range r.Frames {
		named := len(frames) == 0
		for _, f := range frames {
			named = named || f == id
		}
		if named {
			sum.add(*m)
		}
	}
	return sum
}

// CompareSentences asks of every sentence whether it uses any of the coded frames, and whether a is found to say any of
// the found ones there: it compares coders whose frames are not the same. An empty found stands for all frames of a.
func CompareSentences(a *analysis.Analyzer, passages []Passage, coded, found []string) Match {
	var m Match
	for i := range passages {
		p := &passages[i]
		said, meant := map[int]bool{}, map[int]bool{}
		for _, x := range a.Analyze(p.document()) {
			if x.Section != analysis.Headline && (len(found) == 0 || slices.Contains(found, x.Frame)) {
				said[p.sentenceAt(utf8.RuneCountInString(p.Text[:x.Start]))] = true
			}
		}
		for _, g := range p.Mentions {
			if slices.Contains(coded, g.Frame) {
				meant[g.Sentence] = true
			}
		}
		for s := range meant {
			if said[s] {
				m.Both++
			} else {
				m.Missed++
			}
		}
		for s := range said {
			if !meant[s] {
				m.Extra++
			}
		}
	}
	return m
}

type key struct {
	sentence int
	frame    string
}

func (r *Result) passage(a *analysis.Analyzer, p *Passage) {
	r.Passages++
	r.Sentences += len(p.Sentences)
	found := map[key]analysis.Mention{}
	for _, m := range a.Analyze(p.document()) {
		if m.Section == analysis.Headline {
			continue
		}
		k := key{p.sentenceAt(utf8.RuneCountInString(p.Text[:m.Start])), m.Frame}
		if _, known := found[k]; !known {
			found[k] = m
		}
	}
	coded := map[key]bool{}
	for _, g := range p.Mentions {
		k := key{g.Sentence, g.Frame}
		if coded[k] {
			continue
		}
		coded[k] = true
		m, ok := found[k]
		if !ok {
			r.frame(g.Frame).Missed++
			r.differ(p, g.Sentence, "missed", g.Frame, g.Trigger, "", "")
			continue
		}
		r.frame(g.Frame).Both++
		r.qualities(p, &g, &m)
	}
	var extra []key
	for k := range found {
		if !coded[k] {
			extra = append(extra, k)
		}
	}
	sort.Slice(extra, func(i, j int) bool {
		return extra[i].sentence < extra[j].sentence || extra[i].sentence == extra[j].sentence && extra[i].frame < extra[j].frame
	})
	for _, k := range extra {
		r.frame(k.frame).Extra++
		r.differ(p, k.sentence, "extra", k.frame, "", found[k].Trigger, found[k].Rule)
	}
}

func (r *Result) frame(id string) *Match {
	if r.Frames[id] == nil {
		r.Frames[id] = &Match{}
	}
	return r.Frames[id]
}

// qualities compares stance, voice and speaker of a matched mention.
func (r *Result) qualities(p *Passage, g *Mention, m *analysis.Mention) {
	if r.Stance[g.Stance] == nil {
		r.Stance[g.Stance] = map[string]int{}
	}
	r.Stance[g.Stance][string(m.Stance)]++
	if string(m.Stance) != g.Stance {
		r.differ(p, g.Sentence, "stance", g.Frame, g.Stance, string(m.Stance), m.StanceRule)
	}
	same := string(m.Voice) == g.Voice
	r.Voice.add(same)
	if !same {
		r.differ(p, g.Sentence, "voice", g.Frame, g.Voice, string(m.Voice)+" "+m.Speaker.Name, m.VoiceRule)
	}
	if g.Voice == "speaker" && g.Speaker != nil {
		hit := SameSpeaker(*g.Speaker, m.Speaker.Name)
		r.Speaker.add(hit)
		if !hit {
			r.differ(p, g.Sentence, "speaker", g.Frame, *g.Speaker, m.Speaker.Name, m.VoiceRule)
		}
	}
}

func (r *Result) differ(p *Passage, sentence int, kind, frame, coded, found, rule string) {
	text := ""
	if sentence >= 0 {
		runes := []rune(p.Text)
		text = string(runes[p.Sentences[sentence][0]:p.Sentences[sentence][1]])
	}
	r.Differences = append(r.Differences, Difference{p.ID, text, kind, frame, coded, found, rule})
}

// sentenceAt returns the sentence that holds a code point, -1 for none.
func (p *Passage) sentenceAt(point int) int {
	for i, s := range p.Sentences {
		if point >= s[0] && point < s[1] {
			return i
		}
	}
	return -1
}

// StanceAccuracy is the share of matched mentions with the coded stance.
func (r *Result) StanceAccuracy() Count {
	var c Count
	for coded, row := range r.Stance {
		for found, n := range row {
			c.N += n
			if coded == found {
				c.Hits += n
			}
		}
	}
	return c
}

// StanceF1 is the mean F1 of the three stances, over those coded or found.
func (r *Result) StanceF1() float64 {
	sum, classes := 0.0, 0
	for _, s := range [...]string{"asserts", "contests", "reports"} {
		m := r.StanceMatch(s)
		if m.Both+m.Extra+m.Missed > 0 {
			sum += m.F1()
			classes++
		}
	}
	if classes == 0 {
		return 0
	}
	return sum / float64(classes)
}

// StanceMatch counts one stance among the matched mentions.
func (r *Result) StanceMatch(stance string) Match {
	var m Match
	for coded, row := range r.Stance {
		for found, n := range row {
			switch {
			case coded == stance && found == stance:
				m.Both += n
			case coded == stance:
				m.Missed += n
			case found == stance:
				m.Extra += n
			}
		}
	}
	return m
}

// SameSpeaker says that two names or descriptions mean the same source: they
// share the last word of either's head, which is what stands before "of", "at",
// a comma and the like.
func SameSpeaker(a, b string) bool {
	ha, hb := head(a), head(b)
	return ha != "" && ha == hb
}

// head returns the last word of the head of a noun phrase, folded.
func head(s string) string {
	last := ""
	for _, w := range strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return r == ' ' || r == '\u00a0' }) {
		bare := strings.Trim(w, ".,;:()[]'\"’“”")
		bare = strings.TrimSuffix(strings.TrimSuffix(bare, "'s"), "’s")
		switch bare {
		case "of", "at", "for", "from", "in", "on", "with", "who", "including", "among":
			if last != "" {
				return last
			}
			continue
		}
		if bare != "" {
			last = bare
		}
		if strings.HasSuffix(w, ",") {
			return last
		}
	}
	return last
}
