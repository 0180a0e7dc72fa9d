// Package pattern compiles the phrase patterns of a codebook and finds them in
// tokenized text. Patterns flow in once; then, for each text, its words flow in
// as [Items] and matches flow out.
//
// A pattern is a row of elements, parted by spaces, that must follow each other
// within a sentence. Hyphens, quotation marks and the possessive 's count as
// nothing between words; commas, brackets, dashes and colons part them.
//
//	word        the word in any case; a word with a capital is matched as
//	            written or all in capitals, so that US is not us
//	=word       the word as written, for one that must not be capitalized
//	~win        the word and its inflections: win, wins, won, winning
//	semi*       any word that starts so
//	a|b|c_d     alternatives; an underscore or hyphen joins words of one
//	{class}     any entry of that word class
//	the?        optional
//	..4         a gap of up to four words that crosses no ; : or dash
//	,           a comma, bracket or dash
//	^           the start of the sentence
//	< … >       the part that is the trigger, if not all
package pattern

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Compiler turns sources into patterns over one shared vocabulary. It is not
// safe for concurrent use; what it made is, once compiling is over.
type Compiler struct {
	classes map[string][]string
	expand  map[string][]string // classes with their nested classes resolved
	vocab   *vocabulary
}

// NewCompiler returns a compiler that knows the given word classes.
func NewCompiler(classes map[string][]string) *Compiler {
	return &Compiler{classes: classes, expand: map[string][]string{}, vocab: newVocabulary()}
}

// Pattern is a compiled pattern.
type Pattern struct {
	source   string
	elements []element
	anchor   int
	needs    []signature // of the elements that must be there besides the anchor, the most telling first
	// before and after are the words asked for right beside the anchor, nil if
	// that is not known.
	before, after *idSet
	// Elements [from, to) are the trigger.
	from, to int
}

// String returns the pattern's source.
func (p *Pattern) String() string { return p.source }

type elementKind uint8

const (
	words elementKind = iota
	gap
	comma
	start
)

type element struct {
	kind     elementKind
	optional bool
	gap      int
	one      *idSet    // alternatives of one word
	many     [][]idSet // alternatives of several words
	first    idSet     // words at which any alternative can begin
	last     idSet     // words at which any alternative can end
	rowFirst idSet     // the same for those of several words
	rowLast  idSet
	heads1   []uint16 // the one word at which each of those begins, 0 for several
	tails1   []uint16 // the one word at which it ends
	keys     []key    // one for each way to match the element
	weight   int
}

// key is a word that is there when an alternative is, and how many words after
// its beginning: the least common word, so that it is seldom looked at in vain.
type key struct{ id, offset uint16 }

// needed says that the element is a word that must be there.
func (e *element) needed() bool { return e.kind == words && !e.optional }

// maxElements bounds a pattern, so that a match fits a fixed array.
const maxElements = 24

// Compile compiles one pattern. The error says what is wrong and what to write.
func (c *Compiler) Compile(source string) (*Pattern, error) {
	p := &Pattern{source: source, from: -1, to: -1, anchor: -1}
	for _, field := range strings.Fields(source) {
		switch field {
		case "<":
			p.from = len(p.elements)
			continue
		case ">":
			p.to = len(p.elements)
			continue
		}
		e, err := c.element(field)
		if err != nil {
			return nil, fmt.Errorf("pattern %q: %w", source, err)
		}
		p.elements = append(p.elements, e)
	}
	if gaps := p.gaps(); gaps > maxGaps {
		return nil, fmt.Errorf("pattern %q leaves gaps of %d words; write at most %d words in all", source, gaps, maxGaps)
	}
	if len(p.elements) > maxElements {
		return nil, fmt.Errorf("pattern %q has %d elements; write at most %d", source, len(p.elements), maxElements)
	}
	if p.from < 0 {
		p.from = 0
	}
	if p.to < 0 {
		p.to = len(p.elements)
	}
	if p.from >= p.to {
		return nil, fmt.Errorf("pattern %q has an empty trigger; put words between < and >", source)
	}
	for i, e := range p.elements {
		if e.kind == words && !e.optional && (p.anchor < 0 || e.weight < p.elements[p.anchor].weight) {
			p.anchor = i
		}
	}
	for i := range p.elements {
		if e := &p.elements[i]; e.kind == words && !e.optional && i != p.anchor {
			p.needs = append(p.needs, signatureOf(e.keys))
			e.keys = nil // only the anchor's are looked up
		}
	}
	slices.SortFunc(p.needs, func(a, b signature) int { return cmp.Compare(a.size(), b.size()) })
	if p.anchor < 0 {
		return nil, fmt.Errorf("pattern %q holds no word that must be there; add one", source)
	}
	if i := p.anchor - 1; i >= 0 && p.elements[i].needed() {
		p.before = &p.elements[i].last
	}
	if i := p.anchor + 1; i < len(p.elements) && p.elements[i].needed() && len(p.elements[p.anchor].many) == 0 {
		p.after = &p.elements[i].first
	}
	return p, nil
}

// maxGaps bounds the words that all gaps of a pattern may leave out, and so the
// ways in which it can be tried.
const maxGaps = 60

func (p *Pattern) gaps() int {
	n := 0
	for i := range p.elements {
		n += p.elements[i].gap
	}
	return n
}

func (c *Compiler) element(field string) (element, error) {
	var e element
	if field == "^" {
		e.kind = start
		return e, nil
	}
	if rest, ok := strings.CutPrefix(field, ".."); ok {
		e.kind = gap
		e.gap = 5
		if rest != "" && rest != "." {
			if _, err := fmt.Sscanf(rest, "%d", &e.gap); err != nil || e.gap < 0 || e.gap > 40 {
				return e, fmt.Errorf("gap %q wants a number of words from 1 to 40, such as ..3", field)
			}
		}
		return e, nil
	}
	if rest, ok := strings.CutSuffix(field, "?"); ok {
		e.optional = true
		field = rest
	}
	if field == "," {
		e.kind = comma
		return e, nil
	}
	alternatives, err := c.alternatives(field, nil)
	if err != nil {
		return e, err
	}
	e.one = &idSet{}
	for _, a := range alternatives {
		if err := c.addAlternative(&e, a); err != nil {
			return e, err
		}
	}
	for _, set := range []*idSet{e.one, &e.first, &e.last, &e.rowFirst, &e.rowLast} {
		set.bits = c.vocab.share(set.bits)
	}
	slices.SortFunc(e.keys, func(a, b key) int { return cmp.Or(cmp.Compare(a.id, b.id), cmp.Compare(a.offset, b.offset)) })
	return e, nil
}

// alternatives splits an element and resolves its classes.
func (c *Compiler) alternatives(field string, open []string) ([]string, error) {
	var out []string
	for _, a := range strings.Split(field, "|") {
		if a == "" {
			return nil, fmt.Errorf("element %q has an empty alternative; remove a |", field)
		}
		if !strings.HasPrefix(a, "{") {
			out = append(out, a)
			continue
		}
		name, ok := strings.CutSuffix(a[1:], "}")
		if !ok {
			return nil, fmt.Errorf("element %q lacks a closing }", a)
		}
		entries, err := c.class(name, open)
		if err != nil {
			return nil, err
		}
		out = append(out, entries...)
	}
	return out, nil
}

func (c *Compiler) class(name string, open []string) ([]string, error) {
	if got, ok := c.expand[name]; ok {
		return got, nil
	}
	for _, o := range open {
		if o == name {
			return nil, fmt.Errorf("class {%s} contains itself", name)
		}
	}
	entries, ok := c.classes[name]
	if !ok {
		return nil, fmt.Errorf("unknown class {%s}; define it under classes", name)
	}
	var out []string
	for _, entry := range entries {
		alts, err := c.alternatives(strings.Join(strings.Fields(entry), "_"), append(open, name))
		if err != nil {
			return nil, err
		}
		out = append(out, alts...)
	}
	c.expand[name] = out
	return out, nil
}

// addAlternative adds one word or row of words to an element.
func (c *Compiler) addAlternative(e *element, a string) error {
	parts := strings.FieldsFunc(a, func(r rune) bool { return r == '_' || r == '-' || r == '–' })
	if len(parts) == 0 {
		return fmt.Errorf("%q holds no word", a)
	}
	row := make([]idSet, len(parts))
	at := max(0, slices.IndexFunc(parts, func(w string) bool { return !common(w) }))
	for i, w := range parts {
		ids, err := c.vocab.ids(w)
		if err != nil {
			return err
		}
		for _, id := range ids {
			row[i].add(id)
			if i == at {
				e.keys = append(e.keys, key{id, uint16(i)})
				e.weight++
			}
		}
	}
	if common(parts[at]) {
		e.weight += 60
	}
	e.first.merge(&row[0])
	e.last.merge(&row[len(row)-1])
	if len(parts) == 1 {
		e.one.merge(&row[0])
	} else {
		e.many = append(e.many, row)
		e.heads1 = append(e.heads1, row[0].single())
		e.tails1 = append(e.tails1, row[len(row)-1].single())
		e.rowFirst.merge(&row[0])
		e.rowLast.merge(&row[len(row)-1])
	}
	return nil
}

// common words make poor anchors.
func common(word string) bool {
	switch strings.TrimPrefix(word, "~") {
	case "a", "an", "the", "of", "to", "in", "on", "and", "or", "for", "is", "are", "was", "be", "not", "it", "that",
		"with", "by", "as", "at", "from", "this", "its", "has", "have", "will", "would", "can", "could", "who", "we",
		"they", "their", "our", "than", "more", "over", "into", "between", "no", "but", "if", "what", "us", "i", "he",
		"which", "were", "been", "out", "up", "one", "all", "new", "first", "two", "about", "so", "do", "there", "you":
		return true
	}
	return false
}

// idSet is a set of word ids: most hold one or two, and those stay out of the
// way of the processor's cache.
type idSet struct {
	few  [4]uint16
	n    uint8
	bits []uint64 // all ids, once there are more than few holds
}

func (s *idSet) add(id uint16) {
	if s.bits == nil {
		if s.bit(id) {
			return
		}
		if int(s.n) < len(s.few) {
			s.few[s.n] = id
			s.n++
			return
		}
		s.spill()
	}
	for int(id>>6) >= len(s.bits) {
		s.bits = append(s.bits, 0)
	}
	s.bits[id>>6] |= 1 << (id & 63)
}

// single is the only id of the set, 0 if it holds none or several.
func (s *idSet) single() uint16 {
	if s.bits == nil && s.n == 1 {
		return s.few[0]
	}
	return 0
}

// spill turns few into bits.
func (s *idSet) spill() {
	few, n := s.few, s.n
	s.bits, s.n = []uint64{0}, 0
	for _, id := range few[:n] {
		s.add(id)
	}
}

func (s *idSet) merge(o *idSet) {
	if o.bits == nil {
		for _, id := range o.few[:o.n] {
			s.add(id)
		}
		return
	}
	if s.bits == nil {
		s.spill()
	}
	for len(s.bits) < len(o.bits) {
		s.bits = append(s.bits, 0)
	}
	for i, b := range o.bits {
		s.bits[i] |= b
	}
}

func (s *idSet) bit(id uint16) bool {
	if s.bits == nil {
		for _, own := range s.few[:s.n] {
			if own == id {
				return true
			}
		}
		return false
	}
	i := int(id >> 6)
	return i < len(s.bits) && s.bits[i]&(1<<(id&63)) != 0
}

func (s *idSet) has(it *Item) bool {
	if s.bits == nil && it.prefixed == nil {
		for _, own := range s.few[:s.n] {
			if own == it.fold || own == it.exact {
				return true
			}
		}
		return false
	}
	return it.fold != 0 && s.bit(it.fold) || it.exact != 0 && s.bit(it.exact) || it.prefixed != nil && s.prefixed(it)
}

// prefixed looks up every registered prefix of the word, longest first.
func (s *idSet) prefixed(it *Item) bool {
	for _, id := range it.prefixed.ids {
		if s.bit(id) {
			return true
		}
	}
	return false
}

func hasUpper(s string) bool {
	for _, r := range s {
		if unicode.IsUpper(r) {
			return true
		}
	}
	return false
}

// NewCompilerSharing returns a compiler with classes of its own whose patterns
// match the same [Items] as those of c.
func NewCompilerSharing(c *Compiler, classes map[string][]string) *Compiler {
	return &Compiler{classes: classes, expand: map[string][]string{}, vocab: c.vocab}
}
