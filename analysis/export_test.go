package analysis

import (
	"framewatch/analysis/pattern"
	"framewatch/analysis/sense"
	"framewatch/analysis/text"
	"framewatch/analysis/voice"
)

// CodeAt gives voice and stance to words of d's body that are known to carry a
// frame, so that tests can judge these without the search for frames. Bytes
// [start, end) of the text are the words; ok is false where there is no word.
func (a *Analyzer) CodeAt(d Document, frame string, start, end int) (m Mention, ok bool) {
	article := &pattern.Article{Title: a.compiler.Items(text.ParseLine(d.Title)), Body: a.compiler.Items(text.Parse(d.Text))}
	doc := article.Body.Doc
	first, last := -1, -1
	for i, t := range doc.Tokens {
		if t.End > start && t.Start < end && (t.Kind == text.Word || t.Kind == text.Number) {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	if first < 0 {
		return m, false
	}
	s := doc.SentenceAt(first)
	last = min(last, doc.Sentences[s].Last-1)
	c := sense.Candidate{Frame: frame, Rule: "given", Place: pattern.Place{
		Article: article, Items: article.Body, Sentence: s,
		From: int(article.Body.ByToken[first]), To: int(article.Body.ByToken[last]) + 1,
	}}
	c.To = max(c.To, c.From+1)
	return a.mention(&c, voice.NewReader(a.lexicon, a.tagger, doc, article.Title.Doc, article.Title.Doc)), true
}
