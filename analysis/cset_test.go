package analysis_test

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"framewatch/analysis"
	"framewatch/analysis/codebook"
)

// compile compiles a codebook that ships.
func compile(t testing.TB, name string) *analysis.Analyzer {
	t.Helper()
	data, err := os.ReadFile("../configs/" + name)
	if err != nil {
		t.Fatal(err)
	}
	cb, err := codebook.Parse(name, data)
	if err != nil {
		t.Fatal(err)
	}
	a, err := analysis.New(cb)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// published is the search of CSET 2021 by its definition: words anywhere, or within 20 characters of AI on either side.
func published() map[string]*regexp.Regexp {
	near := func(words string) *regexp.Regexp {
		const ai = `\b(?:ai|artificial intelligence)\b`
		return regexp.MustCompile(ai + `.{0,20}\b(?:` + words + `)\b|\b(?:` + words + `)\b.{0,20}` + ai)
	}
	return map[string]*regexp.Regexp{
		"sputnik":             regexp.MustCompile(`\bsputnik\b`),
		"foreign_adversary":   regexp.MustCompile(`\bforeign adversar\w*`),
		"arms_race":           near(`arms race`),
		"conflict":            near(`battl\w*|compet\w*|conflict|rival\w*|war`),
		"dominance":           near(`dominance|domination|supremacy|superiority`),
		"strategic_advantage": near(`strategic advantage`),
		"outpace":             near(`outpac\w*|overtak\w*`),
	}
}

var namesAI = regexp.MustCompile(`\b(?:ai|artificial intelligence)\b`)

// documents reads documents from beside the repository.
func documents(t testing.TB, names ...string) []analysis.Document {
	t.Helper()
	var docs []analysis.Document
	for _, name := range names {
		file, err := os.Open("../../shared/data/corpus/" + name + ".jsonl.gz")
		if err != nil {
			t.Skip("the corpus is not beside the repository")
		}
		defer file.Close()
		unzipped, err := gzip.NewReader(file)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(unzipped)
		lines.Buffer(nil, 64<<20)
		for lines.Scan() {
			var d struct{ Title, Text string }
			if err := json.Unmarshal(lines.Bytes(), &d); err != nil {
				t.Fatal(err)
			}
			docs = append(docs, analysis.Document{ID: int64(len(docs)), Title: d.Title, Text: d.Text})
		}
	}
	return docs
}

// TestCSET2021FindsWhatThePublishedSearchFinds holds the codebook against the search that it stands for, article by
// article: gaps of words cannot be gaps of characters, but they must rarely tell.
func TestCSET2021FindsWhatThePublishedSearchFinds(t *testing.T) {
	a := compile(t, "cset-2021.yaml")
	search := published()
	type pair struct{ both, ours, theirs int }
	pairs := map[string]*pair{"competition": {}, "gate": {}}
	count := func(name string, ours, theirs bool) {
		if pairs[name] == nil {
			pairs[name] = &pair{}
		}
		switch p := pairs[name]; {
		case ours && theirs:
			p.both++
		case ours:
			p.ours++
		case theirs:
			p.theirs++
		}
	}
	for _, d := range documents(t, "us-gov-and-wire-ai-china", "us-gov-and-wire-background") {
		text := strings.ToLower(d.Title + "\n" + d.Text)
		found := map[string]bool{}
		for _, m := range a.Analyze(d) {
			found[m.Frame] = true
		}
		count("gate", a.Topic(d).Relevant, namesAI.MatchString(text))
		any := false
		for name, re := range search {
			theirs := namesAI.MatchString(text) && re.MatchString(text)
			any = any || theirs
			count(name, found[name], theirs)
		}
		count("competition", len(found) > 0, any)
	}
	for name, p := range pairs {
		t.Logf("%-20s both %d, codebook only %d, search only %d", name, p.both, p.ours, p.theirs)
	}
	for _, name := range []string{"competition", "gate"} {
		p := pairs[name]
		if f1 := float64(2*p.both) / float64(2*p.both+p.ours+p.theirs); f1 < .95 {
			t.Errorf("%s: F1 %.3f against the published search, want .95", name, f1)
		}
	}
}

// TestCSET2021KeepsTheTrapsOfTheSearch holds that the codebook finds what the search finds in any sense, and no race
// that is not an arms race.
func TestCSET2021KeepsTheTrapsOfTheSearch(t *testing.T) {
	a := compile(t, "cset-2021.yaml")
	search := published()
	for text, want := range map[string]string{
		"America must win the AI race, and AI decides it.":                              "",
		"Our AI tools come at competitive prices.":                                      "conflict",
		"The clinic uses AI and has ordered Sputnik V.":                                 "sputnik",
		"Ministers spoke of an arms race in missiles. Later a panel turned to AI.":      "",
		"AI\n\nThe war went on.":                                                        "",
		"Sputnik went up in 1957.":                                                      "",
		"The lab calls artificial intelligence a battleground.":                         "conflict",
		"Critics say that AI supremacy is a slogan.":                                    "dominance",
		"One side could be overtaken in AI by the other.":                               "outpace",
		"A strategic advantage in AI, he said, is no toy.":                              "strategic_advantage",
		"The law on AI names foreign adversaries.":                                      "foreign_adversary",
		"AI has been sold to farms, hospitals, schools, prisons and lately to the war.": "",
	} {
		found := map[string]bool{}
		for _, m := range a.Analyze(analysis.Document{Text: text}) {
			found[m.Frame] = true
		}
		for name, re := range search {
			lower := strings.ToLower(text)
			if theirs := namesAI.MatchString(lower) && re.MatchString(lower); theirs != (name == want) {
				t.Errorf("%q: the search says %t for %s; mend the test", text, theirs, name)
			}
			if found[name] != (name == want) {
				t.Errorf("%q: the codebook says %t for %s", text, found[name], name)
			}
		}
	}
}

// TestCompatibilityCodebooksCodeTheirExamples codes every example of the codebooks that stand for other studies.
func TestCompatibilityCodebooksCodeTheirExamples(t *testing.T) {
	for _, name := range []string{"cset-2020.yaml", "cset-2021.yaml"} {
		a := compile(t, name)
		n := 0
		for _, f := range a.Codebook().Frames {
			for _, ex := range f.Examples {
				n++
				for _, fault := range analysis.CheckExample(a, f.ID, ex) {
					t.Errorf("%s: frame %s: %q: %s", name, f.ID, ex.Text, fault)
				}
			}
		}
		if n < 20 {
			t.Errorf("%s holds %d examples, want 20 or more", name, n)
		}
	}
}

// TestGateThatAsksForTheFieldAlone holds that such a gate opens for one term anywhere and for no nation, and closes for
// other languages all the same.
func TestGateThatAsksForTheFieldAlone(t *testing.T) {
	a := compile(t, "cset-2021.yaml")
	long := strings.Repeat("The town mended its bridge in the spring. ", 100)
	for name, tc := range map[string]struct {
		doc  analysis.Document
		want analysis.Topic
	}{
		"once in a long text": {analysis.Document{Text: long + "It asked an AI."}, analysis.Topic{AboutAI: true, Relevant: true}},
		"names are kept":      {analysis.Document{Text: "An AI of Beijing."}, analysis.Topic{AboutAI: true, NamesChina: true, Relevant: true}},
		"no term":             {analysis.Document{Text: long}, analysis.Topic{Reason: "ai"}},
		"another language":    {analysis.Document{Text: "AI", Language: "fr"}, analysis.Topic{AboutAI: true, Reason: "language"}},
	} {
		if got := a.Topic(tc.doc); got != tc.want {
			t.Errorf("%s: got %+v, want %+v", name, got, tc.want)
		}
	}
}
