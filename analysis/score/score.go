// Package score compares the coding of an analyzer with coded passages: gold
// lines flow in, counts with their intervals flow out. What it prints is what
// docs/accuracy.md shows.
package score

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"unicode/utf8"

	"framewatch/analysis"
)

// Passage is one coded passage, one line of a JSONL file. Offsets count code
// points of Text.
type Passage struct {
	ID        string    `json:"id"`
	Title     string    `json:"title"`
	Text      string    `json:"text"`
	OnTopic   bool      `json:"on_topic"`
	Sentences []Range   `json:"sents"`
	Mentions  []Mention `json:"mentions"`
}

// Range is a half-open range of code points.
type Range [2]int

// Mention is one coded mention of a passage.
type Mention struct {
	Sentence int     `json:"s"` // index into Sentences
	Frame    string  `json:"frame"`
	Trigger  string  `json:"trigger"`
	Start    int     `json:"start"`
	End      int     `json:"end"`
	Stance   string  `json:"stance"`
	Voice    string  `json:"voice"`
	Speaker  *string `json:"speaker"`
	Sure     bool    `json:"sure"`
}

// maxLine bounds one line of a gold file, in bytes.
const maxLine = 16 << 20

// Read reads coded passages, one JSON object a line. Empty lines are skipped;
// an error names the line.
func Read(r io.Reader) ([]Passage, error) {
	var out []Passage
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	for n := 1; lines.Scan(); n++ {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		var p Passage
		if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
			return nil, fmt.Errorf("line %d: %w; want one coded passage, a JSON object, a line", n, err)
		}
		if err := p.check(); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		out = append(out, p)
	}
	return out, lines.Err()
}

func (p *Passage) check() error {
	n := utf8.RuneCountInString(p.Text)
	for i, s := range p.Sentences {
		if s[0] < 0 || s[1] < s[0] || s[1] > n {
			return fmt.Errorf("sents[%d]: [%d, %d) lies outside the text of %d code points", i, s[0], s[1], n)
		}
	}
	for i, m := range p.Mentions {
		if m.Sentence < 0 || m.Sentence >= len(p.Sentences) {
			return fmt.Errorf("mentions[%d].s: there is no sentence %d; sents holds %d", i, m.Sentence, len(p.Sentences))
		}
	}
	return nil
}

// Fold is the hash by which passages are parted into those that may be tuned on
// and those that may not: FNV-1a of the id, modulo 10.
func (p *Passage) Fold() int {
	h := fnv.New32a()
	io.WriteString(h, p.ID)
	return int(h.Sum32() % 10)
}

// document makes a passage a document whose topic is as coded.
func (p *Passage) document() analysis.Document {
	topic := analysis.Topic{AboutAI: p.OnTopic, NamesUS: p.OnTopic, NamesChina: p.OnTopic, Relevant: p.OnTopic}
	if !p.OnTopic {
		topic.Reason = "ai"
	}
	return analysis.Document{Title: p.Title, Text: p.Text, Topic: &topic}
}
