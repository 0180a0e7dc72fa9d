// Package storytest makes copies of articles as outlets make them, cut, edited and wrapped, and articles that look alike
// and are not copies, to measure package story on. Texts flow in, other texts come out; the same seed gives the same.
// It is for tests alone.
package storytest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// Edit is how a copy differs from its original. The zero value changes nothing.
type Edit struct {
	Words   float64 // share of words that are replaced, dropped or joined by another
	Keep    float64 // share of the text that is kept; 0 keeps all
	Furnish bool    // a credit above, and lines of the outlet's own below
	Reorder bool    // paragraphs change places
	Quote   bool    // one paragraph with a quotation is written anew
}

// Editor makes copies. It draws the words that it puts in from the texts it was made with.
type Editor struct {
	rng   *rand.Rand
	words []string
}

// NewEditor makes an editor whose edits depend on the seed alone.
func NewEditor(seed uint64, texts []string) *Editor {
	e := &Editor{rng: rand.New(rand.NewPCG(seed, 1))}
	for _, t := range texts {
		e.words = append(e.words, strings.Fields(t)...)
	}
	return e
}

func (e *Editor) word() string { return e.words[e.rng.IntN(len(e.words))] }

// Copy makes a copy of a text whose paragraphs are parted by blank lines.
func (e *Editor) Copy(text string, by Edit) string {
	paragraphs := strings.Split(text, "\n\n")
	if by.Keep > 0 {
		paragraphs = e.cut(paragraphs, by.Keep)
	}
	if by.Quote {
		e.requote(paragraphs)
	}
	if by.Reorder {
		for range 1 + len(paragraphs)/3 {
			i, j := e.rng.IntN(len(paragraphs)), e.rng.IntN(len(paragraphs))
			paragraphs[i], paragraphs[j] = paragraphs[j], paragraphs[i]
		}
	}
	for i := range paragraphs {
		paragraphs[i] = e.edit(paragraphs[i], by.Words)
	}
	if by.Furnish {
		paragraphs = e.furnish(paragraphs)
	}
	return strings.Join(paragraphs, "\n\n")
}

// cut keeps a share of the words: every other time the beginning, as editors cut for space, else any sentences.
func (e *Editor) cut(paragraphs []string, keep float64) []string {
	total := len(strings.Fields(strings.Join(paragraphs, " ")))
	least := int(keep * float64(total))
	if e.rng.IntN(2) == 0 {
		var kept []string
		for _, p := range paragraphs {
			words := strings.Fields(p)
			if len(words) >= least {
				return append(kept, strings.Join(words[:least], " "))
			}
			kept, least = append(kept, p), least-len(words)
		}
		return kept
	}
	sentences := make([][]string, len(paragraphs))
	for i, p := range paragraphs {
		sentences[i] = strings.SplitAfter(p, ". ")
	}
	for total > least {
		i := e.rng.IntN(len(sentences))
		if len(sentences[i]) == 0 {
			continue
		}
		j := e.rng.IntN(len(sentences[i]))
		total -= len(strings.Fields(sentences[i][j]))
		sentences[i] = slices.Delete(sentences[i], j, j+1)
	}
	var kept []string
	for _, s := range sentences {
		if len(s) > 0 {
			kept = append(kept, strings.TrimSpace(strings.Join(s, "")))
		}
	}
	return kept
}

func (e *Editor) edit(paragraph string, share float64) string {
	if share == 0 {
		return paragraph
	}
	var out []string
	for _, w := range strings.Fields(paragraph) {
		if e.rng.Float64() >= share {
			out = append(out, w)
			continue
		}
		switch e.rng.IntN(4) {
		case 0: // dropped
		case 1:
			out = append(out, w, e.word())
		default:
			out = append(out, e.word())
		}
	}
	return strings.Join(out, " ")
}

// requote writes one paragraph that holds a quotation with other words.
func (e *Editor) requote(paragraphs []string) {
	for _, i := range e.rng.Perm(len(paragraphs)) {
		if strings.ContainsAny(paragraphs[i], "“\"") {
			paragraphs[i] = "“" + e.Words(25) + ",” the office said later."
			return
		}
	}
}

// Words are n words in no order.
func (e *Editor) Words(n int) string {
	words := make([]string, n)
	for i := range words {
		words[i] = strings.Trim(e.word(), "“”\".,;:")
	}
	return strings.Join(words, " ")
}

// furnish wraps a copy in what its outlet puts around every text, of which package story knows some by sight.
func (e *Editor) furnish(paragraphs []string) []string {
	town := []string{"HARROW", "LINDEN BAY", "PORT AMBER", "WESTMERE"}[e.rng.IntN(4)]
	above := fmt.Sprintf("%s — From our partners. Edited for length by the %s desk.", town, strings.ToLower(town))
	below := []string{
		"The morning letter brings the five stories that the town will talk about, every weekday before seven, with weather and the ferry times.",
		"Sign up for our newsletter to read more stories like this one.",
		"Readers can reach the newsroom at the number below; letters of up to two hundred words are welcome and may be shortened.",
		"© The " + town + " Mirror. All rights reserved.",
	}
	return append(append([]string{above}, paragraphs...), below[:1+e.rng.IntN(len(below))]...)
}
