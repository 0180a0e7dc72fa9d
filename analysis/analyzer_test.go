package analysis_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"framewatch/analysis"
	"framewatch/analysis/codebook"
)

var update = flag.Bool("update", false, "rewrite golden files")

// checkSpans verifies what every mention promises about its offsets.
func checkSpans(t *testing.T, d analysis.Document, mentions []analysis.Mention) {
	t.Helper()
	for i, m := range mentions {
		src := d.Text
		if m.Section == analysis.Headline {
			src = d.Title
		}
		if (m.Paragraph == 0) != (m.Section == analysis.Headline) {
			t.Fatalf("section %s in paragraph %d", m.Section, m.Paragraph)
		}
		for _, span := range []struct {
			name       string
			start, end int
			text       string
		}{{"trigger", m.Start, m.End, m.Trigger}, {"sentence", m.SentStart, m.SentEnd, m.Sentence}} {
			if span.start < 0 || span.start >= span.end || span.end > len(src) {
				t.Fatalf("%s [%d, %d) outside a text of %d bytes", span.name, span.start, span.end, len(src))
			}
			if src[span.start:span.end] != span.text {
				t.Fatalf("%s %q is not text[%d:%d] %q", span.name, span.text, span.start, span.end, src[span.start:span.end])
			}
			if !boundary(src, span.start) || !boundary(src, span.end) {
				t.Fatalf("%s [%d, %d) cuts a rune", span.name, span.start, span.end)
			}
		}
		if m.Start < m.SentStart || m.End > m.SentEnd {
			t.Fatalf("trigger [%d, %d) outside its sentence [%d, %d)", m.Start, m.End, m.SentStart, m.SentEnd)
		}
		if m.CueStart != 0 || m.CueEnd != 0 {
			if m.CueStart < m.SentStart || m.CueEnd > m.SentEnd || m.CueStart >= m.CueEnd {
				t.Fatalf("cue [%d, %d) outside the sentence [%d, %d)", m.CueStart, m.CueEnd, m.SentStart, m.SentEnd)
			}
		}
		if m.Voice == analysis.Author && m.Speaker != (analysis.Speaker{}) {
			t.Fatalf("the author has the speaker %+v", m.Speaker)
		}
		if i > 0 && (mentions[i-1].Paragraph > m.Paragraph || mentions[i-1].Paragraph == m.Paragraph && mentions[i-1].Start > m.Start) {
			t.Fatalf("mention %d is out of order", i)
		}
	}
}

// boundary says that i does not lie inside an encoded rune; an invalid byte
// counts as a rune of its own, as in a range over the string.
func boundary(s string, i int) bool {
	for at := range s {
		if at >= i {
			return at == i
		}
	}
	return i == len(s)
}

func FuzzAnalyze(f *testing.F) {
	a := builtin(f)
	f.Add("AI race", "“We are in a race with China,” said Li. ‘Sputnik moment’, it isn't. U.S. China said…")
	f.Add("", "Pok\xe9mon\xae\xae's AI race with China. ȺȺȺ's \x00 \xff\xfe")
	f.Add("\n\n", strings.Repeat(")", 3000)+" China America AI race "+strings.Repeat("“", 300))
	f.Add("“", "Liu said: \"AI is not a race with China,\n\n\"but\u200b a mara\u00adthon,\" O’Reilly’s AI said")
	f.Add("Remarks by President X", "MR. A: AI race with China.\n\nQ What?\n\nMR. B: Yes, China said.\nMS. C: No.\nA B: AI race, she said.")
	for _, p := range readHard(f, "hard.txt") {
		f.Add("AI and China", p.text)
	}
	f.Fuzz(func(t *testing.T, title, text string) {
		d := analysis.Document{Title: title, Text: text, Topic: &analysis.Topic{Relevant: true}}
		mentions := a.Analyze(d)
		checkSpans(t, d, mentions)
		if again := a.Analyze(d); !reflect.DeepEqual(mentions, again) {
			t.Fatal("two runs differ")
		}
		d.Topic = nil
		a.Topic(d)
	})
}

func TestMentionsPointIntoTheText(t *testing.T) {
	a := builtin(t)
	for _, d := range vectors(t) {
		checkSpans(t, d, a.Analyze(d))
	}
}

// vectors are the texts over which the engine's output is fixed.
func vectors(t *testing.T) []analysis.Document {
	t.Helper()
	docs := articles(4)
	for i, p := range readHard(t, "hard.txt") {
		docs = append(docs, analysis.Document{ID: int64(100 + i), Text: p.text, Topic: &analysis.Topic{Relevant: true}})
	}
	return docs
}

// TestEngineOutputIsFixed fails when the engine codes the test vectors otherwise
// than the stored digest says: raise Engine, enter the reason in its ledger and
// run with -update.
func TestEngineOutputIsFixed(t *testing.T) {
	a := builtin(t)
	h := sha256.New()
	enc := json.NewEncoder(h)
	for _, d := range vectors(t) {
		if err := enc.Encode(a.Analyze(d)); err != nil {
			t.Fatal(err)
		}
	}
	got := fmt.Sprintf("engine %d codebook %s output %s\n", analysis.Engine, a.Codebook().Fingerprint(), hex.EncodeToString(h.Sum(nil))[:16])
	const golden = "testdata/engine.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("got  %swant %sIf the output moved under the same engine and codebook, raise Engine and its ledger; then run with -update.", got, want)
	}
}

func TestTopicGate(t *testing.T) {
	a := builtin(t)
	tests := map[string]struct {
		doc      analysis.Document
		relevant bool
		reason   string
	}{
		"about AI and China":          {analysis.Document{Title: "AI in China", Text: "A model was built in Hangzhou."}, true, ""},
		"about AI and the U.S.":       {analysis.Document{Title: "Chips", Text: "The U.S. wants rules for artificial intelligence."}, true, ""},
		"us is a pronoun":             {analysis.Document{Text: "They told us that AI matters."}, false, "nation"},
		"no AI":                       {analysis.Document{Title: "Trade", Text: "China sold more steel to America."}, false, "ai"},
		"no nation":                   {analysis.Document{Text: "Machine learning sorts mail, and machine learning reads meters."}, false, "nation"},
		"a passing mention is not it": {analysis.Document{Text: "AI was named once. " + strings.Repeat("China sold steel to America in the spring. ", 40)}, false, "ai"},
		"another language":            {analysis.Document{Title: "AI in China", Text: "KI in China.", Language: "de"}, false, "language"},
		"regional English":            {analysis.Document{Title: "AI in China", Text: "A model.", Language: "en-GB"}, true, ""},
		"the caller knows better":     {analysis.Document{Text: "Nothing.", Topic: &analysis.Topic{Relevant: true}}, true, ""},
		"an empty document":           {analysis.Document{}, false, "ai"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got := a.Topic(tc.doc)
			if got.Relevant != tc.relevant || got.Reason != tc.reason {
				t.Errorf("got %+v, want relevant %t for reason %q", got, tc.relevant, tc.reason)
			}
		})
	}
}

func TestIrrelevantDocumentsHaveNoMentions(t *testing.T) {
	a := builtin(t)
	text := "America is in an AI race with China."
	for name, d := range map[string]analysis.Document{
		"language": {Text: text, Language: "fr"},
		"topic":    {Text: text, Topic: &analysis.Topic{Reason: "ai"}},
	} {
		if got := a.Analyze(d); len(got) != 0 {
			t.Errorf("%s: got %d mentions, want none", name, len(got))
		}
	}
}

func TestSections(t *testing.T) {
	a := builtin(t)
	race := "America is in an AI race with China. "
	d := analysis.Document{Title: "The AI race with China", Text: strings.Repeat(race, 20)}
	got := map[analysis.Section]int{}
	for _, m := range a.Analyze(d) {
		got[m.Section]++
	}
	want := map[analysis.Section]int{analysis.Headline: 1, analysis.Lead: 4, analysis.Body: 16}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestAttributesTellWhoseMoment(t *testing.T) {
	a := builtin(t)
	for text, want := range map[string]string{
		"AlphaGo was China's Sputnik moment in AI.":                          "china",
		"DeepSeek is a Sputnik moment for American AI, the investor argued.": "us",
	} {
		found := ""
		for _, m := range a.Analyze(analysis.Document{Text: text}) {
			if m.Frame == "sputnik" {
				found = m.Attributes["holder"]
			}
		}
		if found != want {
			t.Errorf("%q: holder %q, want %q", text, found, want)
		}
	}
}

// corpus is a Corpus in memory.
type corpus struct {
	docs  []analysis.Document
	saved []analysis.Analyzed
	fail  error
}

func (c *corpus) UseCodebook(context.Context, *codebook.Codebook, int) error { return nil }

func (c *corpus) Stale(_ context.Context, _ string, _ int, after int64, n int) ([]analysis.Document, error) {
	var out []analysis.Document
	for _, d := range c.docs {
		if d.ID > after && len(out) < n {
			out = append(out, d)
		}
	}
	return out, nil
}

func (c *corpus) SaveAnalysis(_ context.Context, _ string, _ int, batch []analysis.Analyzed) error {
	if c.fail != nil {
		return c.fail
	}
	c.saved = append(c.saved, batch...)
	return nil
}

func TestSyncIsTheSameForAnyNumberOfWorkers(t *testing.T) {
	a := builtin(t)
	docs := articles(250)
	docs[7].Language = "de"
	var want []analysis.Analyzed
	for _, workers := range []int{1, 2, 8} {
		c := &corpus{docs: docs}
		steps := 0
		sum, err := analysis.Sync(context.Background(), a, c, workers, func(int) { steps++ })
		if err != nil {
			t.Fatal(err)
		}
		if sum.Documents != 250 || sum.Relevant != 249 || sum.Mentions == 0 || steps != 2 {
			t.Errorf("%d workers: %+v in %d steps", workers, sum, steps)
		}
		if want == nil {
			want = c.saved
		}
		if !reflect.DeepEqual(c.saved, want) {
			t.Errorf("%d workers give another result than one", workers)
		}
	}
}

func TestSyncStopsWhenCanceledAndWhenSavingFails(t *testing.T) {
	a := builtin(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := analysis.Sync(ctx, a, &corpus{docs: articles(3)}, 2, nil); err == nil {
		t.Error("a canceled Sync returned no error")
	}
	full := fmt.Errorf("disk full")
	if _, err := analysis.Sync(context.Background(), a, &corpus{docs: articles(3), fail: full}, 2, nil); err == nil || !strings.Contains(err.Error(), "disk full") {
		t.Errorf("got %v, want the failure of saving", err)
	}
}
