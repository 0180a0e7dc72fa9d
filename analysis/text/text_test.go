package text

import (
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/jdkato/prose/v2"
)

func sentences(src string) []string {
	d := Parse(src)
	var out []string
	for _, s := range d.Sentences {
		out = append(out, src[s.Start:s.End])
	}
	return out
}

func TestSentences(t *testing.T) {
	tests := map[string][]string{
		"two plain ones":                {"The fair opened.", "It rained."},
		"U.S. before a name":            {"The U.S. Congress met."},
		"U.S. ends before a starter":    {"He lives in the U.S.", "The law changed."},
		"U.S. ends before a subject":    {"It was built in the U.S.", "China said no."},
		"U.S. before a hyphen":          {"The U.S.-China talks began."},
		"titles":                        {"Dr. Mei Tan and Sen. Bill Harker met Mr. Li."},
		"secretary and section":         {"Sec. Ada Wright read it.", "It is in Sec. 4 of the bill.", "It took a sec.", "Ada left."},
		"an initial":                    {"J. D. Stone spoke."},
		"a month":                       {"It came on Jan. 20 and sold out."},
		"a company":                     {"Huawei Corp. said so.", "Nobody answered."},
		"a decimal number":              {"Version 3.5 beat version 2.1 by 4.7 points."},
		"quotation with attribution":    {"“Is it a race?” Liu asked.", "Nobody knew."},
		"exclamation, then attribution": {"“Run!” the senator said."},
		"quotation that ends":           {"“It is over.”", "The hall emptied."},
		"ellipsis inside":               {"He paused... and went on."},
		"ellipsis at the end":           {"He paused…", "Then he left."},
		"lower case after a question":   {"Is it yours? asked the guard."},
		"joined by extraction":          {"It launched on Tuesday.It can read."},
		"a domain is no sentence":       {"See tasq.ai for more."},
		"brackets close":                {"It failed (again.)", "They tried once more."},
		"e.g.":                          {"Use a tool, e.g. Hammer, for it."},
		"lines part":                    {"A heading", "A sentence below it."},
	}
	for name, want := range tests {
		t.Run(name, func(t *testing.T) {
			sep := " "
			switch name {
			case "joined by extraction":
				sep = ""
				want = []string{"It launched on Tuesday.", "It can read."}
			case "lines part":
				sep = "\n"
			}
			if got := sentences(strings.Join(want, sep)); !reflect.DeepEqual(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func TestTokens(t *testing.T) {
	for src, want := range map[string]string{
		"it isn't.":                 "it is n't .",
		"‘Sputnik moment’":          "‘ Sputnik moment ’",
		"O'Reilly's firm":           "O'Reilly 's firm",
		"the companies' race":       "the companies ' race",
		"U.S.-China":                "U.S. - China",
		"DeepSeek-R1, $1,200.50!":   "DeepSeek - R1 , $ 1,200.50 !",
		"We'll see; they’ve left —": "We 'll see ; they ’ve left —",
		"the '90s":                  "the ' 90s",
		"so\u00adlu\u200btion":      "so\u00adlu\u200btion",
	} {
		d := Parse(src)
		var got []string
		for i := range d.Tokens {
			got = append(got, d.Text(i))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: got %q, want %q", src, strings.Join(got, " "), want)
		}
	}
}

func TestQuotes(t *testing.T) {
	type q struct {
		text                      string
		depth                     int
		open, headless, continues bool
	}
	tests := map[string]struct {
		src  string
		want []q
	}{
		"curly":                 {"He said “no” twice.", []q{{text: "“no”"}}},
		"straight":              {`He said "no" twice.`, []q{{text: `"no"`}}},
		"single":                {"He said ‘no’ twice.", []q{{text: "‘no’"}}},
		"nested":                {"“They say ‘race’ too often,” she said.", []q{{text: "“They say ‘race’ too often,”"}, {text: "‘race’", depth: 1}}},
		"apostrophe is no mark": {"The firms’ plans don’t match.", nil},
		"possessive inside":     {"‘The firms’ plans’ failed.", []q{{text: "‘The firms’ plans’"}}},
		"carried over a paragraph": {"“It began.\n\n“It ended,” he said.", []q{
			{text: "“It began.", open: true}, {text: "“It ended,”", continues: true}}},
		"opening mark missing":          {"it is over,” he said.", []q{{text: "it is over,”", headless: true}}},
		"opening straight mark missing": {"it is over,\" he said.", []q{{text: "it is over,\"", headless: true}}},
		"odd straight mark spoils one paragraph": {"He said \"no.\n\nShe said \"yes\" twice.", []q{
			{text: "\"no.", open: true}, {text: `"yes"`}}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			d := Parse(tc.src)
			var got []q
			for _, k := range d.Quotes {
				got = append(got, q{d.Slice(k.First, k.Last), k.Depth, k.Open, k.Headless, k.Continues})
			}
			if !reflect.DeepEqual(got, tc.want) {
				t.Errorf("got %+v, want %+v", got, tc.want)
			}
		})
	}
}

// checkDoc verifies that nothing is lost: every byte that is neither white space
// nor ignorable lies in exactly one token, and every token in one sentence.
func checkDoc(t *testing.T, src string) {
	t.Helper()
	d := Parse(src)
	at := 0
	for i, tok := range d.Tokens {
		if tok.Start < at || tok.End <= tok.Start || tok.End > len(src) {
			t.Fatalf("token %d is [%d, %d) after %d", i, tok.Start, tok.End, at)
		}
		if rest := lost(src[at:tok.Start]); rest != "" {
			t.Fatalf("%q is in no token", rest)
		}
		at = tok.End
	}
	if rest := lost(src[at:]); rest != "" {
		t.Fatalf("%q is in no token", rest)
	}
	next := 0
	for i, s := range d.Sentences {
		if s.First != next || s.Last <= s.First {
			t.Fatalf("sentence %d holds tokens [%d, %d) after %d", i, s.First, s.Last, next)
		}
		next = s.Last
	}
	if next != len(d.Tokens) {
		t.Fatalf("%d of %d tokens are in sentences", next, len(d.Tokens))
	}
	for i, q := range d.Quotes {
		if q.First < 0 || q.Last > len(d.Tokens) || q.First >= q.Last {
			t.Fatalf("quotation %d holds tokens [%d, %d) of %d", i, q.First, q.Last, len(d.Tokens))
		}
	}
}

func lost(gap string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r <= ' ' || r == 0x7f || ignorable(r) {
			return -1
		}
		return r
	}, gap))
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "U.S. China said “it isn't.”", "\xff\xfe's ȺȺȺ's", "a.b.c.D. \"x\n\n\"y\" 'z'", strings.Repeat(")", 999)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		if len(src) < 1<<16 {
			checkDoc(t, src)
		}
	})
}

// TestTaggerKeepsCount hands the tagger what prose alone loses or fails on.
func TestTaggerKeepsCount(t *testing.T) {
	tagger := &Tagger{}
	for _, src := range []string{
		"‘Sputnik moment’, they said.", "it isn't.", "O'Reilly and D'Souza met Macy's, Inc.", "Pok\xe9mon\xae\xae's ȺȺȺ's end.",
		strings.Repeat(")", 100), "\"Yi-Ling Liu\" wrote; U.S.-China — e.g. AI's 'race'...", "中国 and 美国", "cannot can't won't we'll",
	} {
		d := Parse(src)
		for s := range d.Sentences {
			tags := tagger.Tag(d, s)
			if want := d.Sentences[s].Last - d.Sentences[s].First; len(tags) != want {
				t.Errorf("%q: %d tags for %d tokens", src, len(tags), want)
			}
		}
	}
}

func TestTaggerTellsVerbFromNoun(t *testing.T) {
	tagger := &Tagger{}
	for src, want := range map[string]string{"The report claims success.": "VBZ", "His claims were false.": "NNS"} {
		d := Parse(src)
		got := ""
		for i, tag := range tagger.Tag(d, 0) {
			if d.Text(i) == "claims" {
				got = tag
			}
		}
		if got != want {
			t.Errorf("%q: claims is %s, want %s", src, got, want)
		}
	}
}

func FuzzTag(f *testing.F) {
	tagger := &Tagger{}
	f.Add("“We're in a race,” said O'Reilly.")
	f.Fuzz(func(t *testing.T, src string) {
		if len(src) > 2000 || !utf8.ValidString(src) && len(src) > 200 {
			return
		}
		d := Parse(src)
		for s := range d.Sentences {
			n := d.Sentences[s].Last - d.Sentences[s].First
			if tags := tagger.Tag(d, s); tags == nil && n <= maxTagged || tags != nil && len(tags) != n {
				t.Fatalf("%d tags for %d tokens of %q", len(tags), n, src)
			}
		}
	})
}

const benchText = "The committee heard from nine witnesses on Thursday, and it will hear from six more when it meets again in March. " +
	"“We are in a race with China,” said Carla Reyes, who chairs it. Prices for memory chips rose again. "

func BenchmarkParse(b *testing.B) {
	src := strings.Repeat(benchText, 20)
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		Parse(src)
	}
}

// BenchmarkProseDefault is the yardstick of BenchmarkAnalyze: what the tagger
// costs when it is handed an article whole, with its defaults.
func BenchmarkProseDefault(b *testing.B) {
	src := strings.Repeat(benchText, 20)
	for b.Loop() {
		if _, err := prose.NewDocument(src); err != nil {
			b.Fatal(err)
		}
	}
}
