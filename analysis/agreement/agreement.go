// Package agreement compares two codebooks on the same articles: two analyzers and a stream of articles flow in; how far
// their codings agree, by frame, month and example, flows out. It is how a researcher sees what a change of codebook did.
package agreement

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"slices"

	"framewatch/analysis"
	"framewatch/analysis/text"
)

// Article is one article to compare on.
type Article struct {
	Document analysis.Document
	// Key names the article in examples: an id, an address.
	Key string
	// Month is YYYY-MM, "" if it is not known.
	Month string
}

// Pair is one article coded with both codebooks.
type Pair struct {
	Article   Article
	A, B      analysis.Analyzed
	Sentences int // of title and text
}

// Code codes an article with both codebooks. It is pure and safe for concurrent use.
func Code(a, b *analysis.Analyzer, article Article) Pair {
	p := Pair{Article: article, A: a.Code(article.Document), B: b.Code(article.Document)}
	if p.A.Topic.Relevant || p.B.Topic.Relevant {
		p.Sentences = len(text.ParseLine(article.Document.Title).Sentences) + len(text.Parse(article.Document.Text).Sentences)
	}
	return p
}

// Result is what a comparison found. Articles that neither topic gate lets in are only counted; in an article that one
// gate keeps out, its codebook is taken to say that there is no mention.
type Result struct {
	Articles int   // compared
	Gate     Table // articles that the topic gates let in
	Units    []UnitResult
	// Lost are sentences that A codes and B does not, Gained those that B codes and A does not: an even sample over the
	// corpus, the same for the same articles.
	Lost, Gained []Example
}

// UnitResult is the agreement on one unit.
type UnitResult struct {
	Unit      Unit
	Sentences Table // a mention is one use in one sentence, so these are mentions too
	Articles  Table
	Months    []Month // ascending
}

// Month is the agreement on one unit in the articles of one month.
type Month struct {
	Month    string
	Articles Table
	// NA and NB are the articles that A's and B's own gate lets in: the denominators of their own series.
	NA, NB int
}

// Example is a sentence on which the codings disagree.
type Example struct {
	Unit, Key, Month string
	Headline         bool
	Sentence         string
	Trigger          string
	At               int // of the trigger in the sentence, in bytes
	Frame, Rule      string
	hash             uint64
}

// Comparison collects pairs. It is not safe for concurrent use.
type Comparison struct {
	result   Result
	months   []map[string]*Month // by unit
	examples int
	sampled  []bool // by unit
}

// NewComparison compares on the given units and keeps up to n examples of either direction, of the units named in of, or
// where it is empty of the finest units that there are.
func NewComparison(units []Unit, n int, of []string) (*Comparison, error) {
	c := &Comparison{examples: n}
	for _, name := range of {
		if !slices.ContainsFunc(units, func(u Unit) bool { return u.Name == name }) {
			return nil, fmt.Errorf("nothing compared is named %q; known are %s", name, names(units))
		}
	}
	fine := func(u Unit) bool { return u.Kind == Mapped || u.Kind == Frame }
	coarse := !slices.ContainsFunc(units, fine)
	for _, u := range units {
		c.result.Units = append(c.result.Units, UnitResult{Unit: u})
		c.months = append(c.months, map[string]*Month{})
		c.sampled = append(c.sampled, slices.Contains(of, u.Name) || len(of) == 0 && (fine(u) || coarse && u.Kind == Any))
	}
	return c, nil
}

func names(units []Unit) string {
	out := ""
	for i, u := range units {
		if i > 0 {
			out += ", "
		}
		out += u.Name
	}
	return out
}

// place is a sentence of an article.
type place struct {
	headline bool
	start    int
}

// Add counts one pair.
func (c *Comparison) Add(p Pair) {
	c.result.Articles++
	c.result.Gate.add(p.A.Topic.Relevant, p.B.Topic.Relevant)
	if !p.A.Topic.Relevant && !p.B.Topic.Relevant {
		return
	}
	for i := range c.result.Units {
		r := &c.result.Units[i]
		a, b := places(p.A.Mentions, r.Unit.A), places(p.B.Mentions, r.Unit.B)
		both := 0
		for at := range a {
			if _, ok := b[at]; ok {
				both++
			}
		}
		r.Sentences.Both += both
		r.Sentences.OnlyA += len(a) - both
		r.Sentences.OnlyB += len(b) - both
		r.Sentences.Neither += max(0, p.Sentences-len(a)-len(b)+both)
		r.Articles.add(len(a) > 0, len(b) > 0)
		c.month(i, p, len(a) > 0, len(b) > 0)
		if c.sampled[i] {
			c.result.Lost = c.keep(c.result.Lost, p, r.Unit, a, b)
			c.result.Gained = c.keep(c.result.Gained, p, r.Unit, b, a)
		}
	}
}

// places are the sentences in which any of the frames is found, with the first mention of each.
func places(mentions []analysis.Mention, frames []string) map[place]*analysis.Mention {
	out := map[place]*analysis.Mention{}
	for i := range mentions {
		m := &mentions[i]
		if !slices.Contains(frames, m.Frame) {
			continue
		}
		at := place{m.Section == analysis.Headline, m.SentStart}
		if out[at] == nil {
			out[at] = m
		}
	}
	return out
}

func (c *Comparison) month(unit int, p Pair, a, b bool) {
	if p.Article.Month == "" {
		return
	}
	m := c.months[unit][p.Article.Month]
	if m == nil {
		m = &Month{Month: p.Article.Month}
		c.months[unit][p.Article.Month] = m
	}
	m.Articles.add(a, b)
	if p.A.Topic.Relevant {
		m.NA++
	}
	if p.B.Topic.Relevant {
		m.NB++
	}
}

// keep adds the sentences of has that lacks has not, and keeps those with the lowest hashes.
func (c *Comparison) keep(kept []Example, p Pair, u Unit, has, lacks map[place]*analysis.Mention) []Example {
	for at, m := range has {
		if lacks[at] != nil {
			continue
		}
		kept = append(kept, Example{
			Unit: u.Name, Key: p.Article.Key, Month: p.Article.Month, Headline: at.headline,
			Sentence: m.Sentence, Trigger: m.Trigger, At: m.Start - m.SentStart, Frame: m.Frame, Rule: m.Rule,
			hash: hash(p.Article.Key, u.Name, at),
		})
	}
	slices.SortFunc(kept, func(x, y Example) int {
		return cmp.Or(cmp.Compare(x.hash, y.hash), cmp.Compare(x.Key, y.Key), cmp.Compare(x.Unit, y.Unit), cmp.Compare(x.Sentence, y.Sentence))
	})
	return kept[:min(len(kept), c.examples)]
}

func hash(key, unit string, at place) uint64 {
	h := fnv.New64a()
	h.Write([]byte(key + "\x00" + unit))
	start := uint64(at.start) << 1
	if at.headline {
		start |= 1
	}
	h.Write(binary.LittleEndian.AppendUint64(nil, start))
	// FNV's high bits hardly move with the last bytes; a round of multiplication spreads them.
	return (h.Sum64() ^ h.Sum64()>>29) * 0x9e3779b97f4a7c15
}

// Result is what was found so far.
func (c *Comparison) Result() *Result {
	out := c.result
	for i := range out.Units {
		var months []Month
		for _, m := range c.months[i] {
			months = append(months, *m)
		}
		slices.SortFunc(months, func(a, b Month) int { return cmp.Compare(a.Month, b.Month) })
		out.Units[i].Months = months
	}
	return &out
}
