// Package sense decides which words of an article use a frame: it finds the
// phrases of a codebook and keeps those whose company gives them the frame's
// sense. A tokenized article flows in, [Candidate]s flow out.
package sense

import (
	"fmt"
	"sort"

	"framewatch/analysis/codebook"
	"framewatch/analysis/pattern"
)

// Engine is a compiled codebook. It is safe for concurrent use.
type Engine struct {
	frames []frame
	rules  []rule
	// phrases finds rules, others finds frames' other senses.
	phrases, others *pattern.Set
	ai, us, china   *pattern.Set
	also            *pattern.Set
	off, anywhere   bool
	clauses         *pattern.Clauses
}

type frame struct {
	id         string
	depth      int // number of ancestors
	family     int // index of the root
	absorbs    []bool
	reject     []*pattern.Test
	attributes []attribute
}

type rule struct {
	frame           int
	id              string
	order           int
	stance          string
	wide            bool
	require, reject []*pattern.Test
}

type attribute struct {
	name   string
	values []attributeValue
}

type attributeValue struct {
	value string
	when  []*pattern.Test
}

// Candidate is one use of one frame in one sentence.
type Candidate struct {
	pattern.Place
	Frame string
	Rule  string // frame/rule
	// Stance is the stance that the rule fixes, "" if none.
	Stance     string
	Attributes map[string]string
	frame      int
	rule       int
}

// New compiles a codebook with c, whose classes must be the codebook's.
func New(cb *codebook.Codebook, c *pattern.Compiler, clauses *pattern.Clauses) (*Engine, error) {
	e := &Engine{phrases: &pattern.Set{}, others: &pattern.Set{}, off: cb.Topic.Off, anywhere: cb.Topic.Anywhere, clauses: clauses}
	index := map[string]int{}
	for i, f := range cb.Frames {
		index[f.ID] = i
	}
	var err error
	for i, f := range cb.Frames {
		if err = e.addFrame(cb, f, i, index, c, clauses); err != nil {
			return nil, fmt.Errorf("frame %s: %w", f.ID, err)
		}
	}
	e.phrases.Freeze()
	e.others.Freeze()
	for _, list := range []struct {
		terms []string
		set   **pattern.Set
	}{{cb.Topic.AI, &e.ai}, {cb.Topic.US, &e.us}, {cb.Topic.China, &e.china}, {cb.Topic.Also, &e.also}} {
		if *list.set, err = c.Set(list.terms); err != nil {
			return nil, fmt.Errorf("topic: %w", err)
		}
		(*list.set).Freeze()
	}
	return e, nil
}

func (e *Engine) addFrame(cb *codebook.Codebook, f codebook.Frame, i int, index map[string]int, c *pattern.Compiler, clauses *pattern.Clauses) error {
	fr := frame{id: f.ID, family: i, absorbs: make([]bool, len(cb.Frames))}
	for p := f.Parent; p != ""; fr.depth++ {
		fr.family = index[p]
		p = cb.Frames[fr.family].Parent
	}
	for j, g := range cb.Frames {
		for _, a := range f.Absorbs {
			fr.absorbs[j] = fr.absorbs[j] || cb.Family(g.ID, a)
		}
	}
	for _, source := range f.Not {
		p, err := c.Compile(source)
		if err != nil {
			return err
		}
		e.others.Add(p, i)
	}
	var err error
	if fr.reject, err = compileTests(f.Reject, c, clauses); err != nil {
		return err
	}
	for order, r := range f.Rules {
		if err := e.addRule(r, i, order, f.ID, c, clauses); err != nil {
			return fmt.Errorf("rule %s: %w", r.ID, err)
		}
	}
	for _, a := range f.Attributes {
		attr := attribute{name: a.Name}
		for _, v := range a.Values {
			tests, err := compileTests(v.When, c, clauses)
			if err != nil {
				return fmt.Errorf("attribute %s: %w", a.Name, err)
			}
			attr.values = append(attr.values, attributeValue{v.Value, tests})
		}
		fr.attributes = append(fr.attributes, attr)
	}
	e.frames = append(e.frames, fr)
	return nil
}

func (e *Engine) addRule(r codebook.Rule, frame, order int, frameID string, c *pattern.Compiler, clauses *pattern.Clauses) error {
	compiled := rule{frame: frame, id: frameID + "/" + r.ID, order: order, stance: r.Stance, wide: r.Wide}
	var err error
	if compiled.require, err = compileTests(r.Require, c, clauses); err != nil {
		return err
	}
	if compiled.reject, err = compileTests(r.Reject, c, clauses); err != nil {
		return err
	}
	for _, source := range r.Match {
		p, err := c.Compile(source)
		if err != nil {
			return err
		}
		e.phrases.Add(p, len(e.rules))
	}
	e.rules = append(e.rules, compiled)
	return nil
}

func compileTests(conds []codebook.Condition, c *pattern.Compiler, clauses *pattern.Clauses) ([]*pattern.Test, error) {
	var out []*pattern.Test
	for _, cond := range conds {
		t, err := c.Test(cond, clauses)
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}

// Topic says what the gate finds in an article.
func (e *Engine) Topic(a *pattern.Article) (ai, us, china bool) {
	return e.aboutAI(a), anywhere(e.us, a), anywhere(e.china, a)
}

// Fits says that some word of an article bears out that it is on topic.
func (e *Engine) Fits(a *pattern.Article) bool {
	return anywhere(e.ai, a) || anywhere(e.us, a) || anywhere(e.china, a) || anywhere(e.also, a)
}

// Off says that the gate is switched off.
func (e *Engine) Off() bool { return e.off }

// Anywhere says that the gate asks for the field alone, named once.
func (e *Engine) Anywhere() bool { return e.anywhere }

func anywhere(s *pattern.Set, a *pattern.Article) bool {
	return s.Found(a.Title, 0, len(a.Title.List)) || s.Found(a.Body, 0, len(a.Body.List))
}

// passingWords is the length of text in which one use of a term of the field
// makes the text about it; in a longer one it takes two, or one in the title.
const passingWords = 250

func (e *Engine) aboutAI(a *pattern.Article) bool {
	if e.ai.Found(a.Title, 0, len(a.Title.List)) {
		return true
	}
	need, last := 2, -1
	if e.anywhere || len(a.Body.List) < passingWords {
		need = 1
	}
	e.ai.Scan(a.Body, 0, len(a.Body.List), func(m pattern.Match) bool {
		if m.From >= last {
			need--
		}
		last = max(last, m.To)
		return need > 0
	})
	return need <= 0
}

// Find returns the uses of frames in one part of an article, in order of
// position, then of the codebook.
func (e *Engine) Find(a *pattern.Article, items *pattern.Items) []Candidate {
	var out []Candidate
	var hits []pattern.Match
	for s := range items.Doc.Sentences {
		from, to := items.Sentence(s)
		hits = hits[:0]
		e.phrases.Scan(items, from, to, func(m pattern.Match) bool {
			hits = append(hits, m)
			return true
		})
		if len(hits) > 0 {
			out = append(out, e.sentence(a, items, s, hits)...)
		}
	}
	return out
}

// sentence judges the hits of one sentence.
func (e *Engine) sentence(a *pattern.Article, items *pattern.Items, s int, hits []pattern.Match) []Candidate {
	e.order(hits)
	other := e.otherSenses(items, s)
	var kept []Candidate
	for _, h := range hits {
		r := &e.rules[h.Value]
		c := Candidate{
			Place: pattern.Place{Article: a, Items: items, Sentence: s, From: h.From, To: h.To},
			Frame: e.frames[r.frame].id, Rule: r.id, Stance: r.stance, frame: r.frame, rule: h.Value,
		}
		if e.outranked(kept, &c, h) || otherSense(other, r.frame, h) || !holds(r, &c.Place) || fulfilled(e.frames[r.frame].reject, &c.Place) {
			continue
		}
		c.From, c.To = h.Start, h.End
		kept = append(kept, c)
	}
	return e.finish(kept)
}

// order puts the most specific frame first, then the earlier rule, then the
// earlier and longer match: what comes first wins its words.
func (e *Engine) order(hits []pattern.Match) {
	sort.SliceStable(hits, func(i, j int) bool {
		a, b := &e.rules[hits[i].Value], &e.rules[hits[j].Value]
		switch {
		case e.frames[a.frame].depth != e.frames[b.frame].depth:
			return e.frames[a.frame].depth > e.frames[b.frame].depth
		case a.frame != b.frame:
			return a.frame < b.frame
		case a.order != b.order:
			return a.order < b.order
		case hits[i].Start != hits[j].Start:
			return hits[i].Start < hits[j].Start
		}
		return hits[i].End > hits[j].End
	})
}

func (e *Engine) otherSenses(items *pattern.Items, s int) []pattern.Match {
	var out []pattern.Match
	from, to := items.Sentence(s)
	e.others.Scan(items, from, to, func(m pattern.Match) bool {
		out = append(out, m)
		return true
	})
	return out
}

func otherSense(other []pattern.Match, frame int, h pattern.Match) bool {
	for _, o := range other {
		if o.Value == frame && o.Start < h.End && h.Start < o.End {
			return true
		}
	}
	return false
}

// outranked says that the words already carry a frame of the same family, or
// the sentence the same frame.
func (e *Engine) outranked(kept []Candidate, c *Candidate, h pattern.Match) bool {
	for _, k := range kept {
		if k.frame == c.frame {
			return true
		}
		if e.frames[k.frame].family == e.frames[c.frame].family && k.From < h.End && h.Start < k.To {
			return true
		}
	}
	return false
}

func holds(r *rule, p *pattern.Place) bool {
	for _, t := range r.require {
		if r.wide && !t.Allows(p) || !r.wide && !t.Holds(p) {
			return false
		}
	}
	for _, t := range r.reject {
		if t.Holds(p) {
			return false
		}
	}
	return true
}

// finish drops what another frame absorbs, records attributes and puts the
// candidates in order of position.
func (e *Engine) finish(kept []Candidate) []Candidate {
	out := kept[:0:0]
	for i := range kept {
		if !e.absorbed(kept, i) {
			kept[i].Attributes = e.attributes(&kept[i])
			out = append(out, kept[i])
		}
	}
	sort.SliceStable(out, func(i, j int) bool {
		if out[i].From != out[j].From {
			return out[i].From < out[j].From
		}
		return out[i].frame < out[j].frame
	})
	return out
}

// absorbReach is how many words may part a frame from what it absorbs.
const absorbReach = 8

func (e *Engine) absorbed(kept []Candidate, i int) bool {
	c := &kept[i]
	for j := range kept {
		k := &kept[j]
		if j == i || !e.frames[k.frame].absorbs[c.frame] {
			continue
		}
		if c.From-k.To > absorbReach || k.From-c.To > absorbReach {
			continue
		}
		first, last := c.Bounds()
		from, to := e.clauses.Around(c.Items, first, last, k.From, k.To)
		if c.From < to && from < c.To {
			return true
		}
	}
	return false
}

func (e *Engine) attributes(c *Candidate) map[string]string {
	var out map[string]string
	for _, a := range e.frames[c.frame].attributes {
		for _, v := range a.values {
			if fulfilled(v.when, &c.Place) {
				if out == nil {
					out = map[string]string{}
				}
				out[a.name] = v.value
				break
			}
		}
	}
	return out
}

// fulfilled says that any of the tests holds.
func fulfilled(tests []*pattern.Test, p *pattern.Place) bool {
	for _, t := range tests {
		if t.Holds(p) {
			return true
		}
	}
	return false
}
