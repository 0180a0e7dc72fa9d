package analysis_test

import (
	"strings"
	"testing"

	"github.com/jdkato/prose/v2"

	"framewatch/analysis"
)

// articles makes n on-topic articles of about 800 words, of our own words, in
// which every tenth sentence or so uses a frame.
func articles(n int) []analysis.Document {
	plain := []string{
		"The ministry in Beijing published its figures for the second quarter on Thursday morning.",
		"A laboratory in California trained a language model on public court records and old newspapers.",
		"Most of the visitors to the fair had come to see the machines fold shirts and pour tea.",
		"Engineers say that the new data center will draw as much power as a town of forty thousand people.",
		"The company did not answer questions about its plans for the coming year.",
		"Schools in three American states are trying out a program that grades essays and explains its marks.",
		"The committee heard from nine witnesses, and it will hear from six more when it meets again in March.",
		"Two professors who study labor markets found that translators were busier than they had been a decade ago.",
		"Prices for memory chips rose again, which buyers blamed on a fire at a supplier's plant.",
		"The museum has put the first robot that the institute built in a glass case beside the stairs.",
	}
	framed := []string{
		"\"We are in a race with China, and we mean to win it,\" said Carla Reyes, who chairs the committee.",
		"Washington must not fall behind Beijing in artificial intelligence, the report warns.",
		"What some call an AI arms race is, in the words of one engineer, mostly shopping.",
		"Chinese and American researchers met in Geneva for a track-two dialogue on AI safety.",
	}
	docs := make([]analysis.Document, n)
	for i := range docs {
		var b strings.Builder
		for s := range 50 {
			if s%12 == 5 {
				b.WriteString(framed[(i+s/12)%len(framed)])
			} else {
				b.WriteString(plain[(i*7+s*3)%len(plain)])
			}
			if s%4 == 3 {
				b.WriteString("\n\n")
			} else {
				b.WriteByte(' ')
			}
		}
		docs[i] = analysis.Document{ID: int64(i), Title: "Machines and ministries in Beijing and Washington talk AI", Text: b.String()}
	}
	return docs
}

func BenchmarkAnalyze(b *testing.B) {
	a := builtin(b)
	docs := articles(50)
	for _, d := range docs {
		a.Analyze(d)
	}
	words, mentions := 0, 0
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		d := docs[i%len(docs)]
		words += len(strings.Fields(d.Text))
		mentions += len(a.Analyze(d))
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "docs/s")
	b.ReportMetric(float64(words)/float64(b.N), "words/doc")
	b.ReportMetric(float64(mentions)/float64(b.N), "mentions/doc")
}

// BenchmarkProse is the yardstick of BenchmarkAnalyze: what a general tagger
// costs that is handed the same articles whole. With its defaults it loads its
// model for each article; "loaded" spares it that.
func BenchmarkProse(b *testing.B) {
	docs := articles(50)
	empty, err := prose.NewDocument("")
	if err != nil {
		b.Fatal(err)
	}
	for _, run := range []struct {
		name    string
		options []prose.DocOpt
	}{
		{"defaults", nil},
		{"loaded", []prose.DocOpt{prose.UsingModel(empty.Model)}},
	} {
		b.Run(run.name, func(b *testing.B) {
			for i := range b.N {
				if _, err := prose.NewDocument(docs[i%len(docs)].Text, run.options...); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "docs/s")
		})
	}
}
