package pattern

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"framewatch/analysis/text"
)

// vocabulary numbers the words that patterns name. All numbers share one space:
// folded words, words matched as written, and prefixes.
type vocabulary struct {
	fold, exact, prefix map[string]uint16
	chains              map[uint16]*chain // prefix id → itself and the registered prefixes of it
	prefixHeads         [1 << 6]uint64    // a filter: bits of the first prefixHead bytes of the prefixes
	n                   int
	lower               bool                  // some word is to be matched in lower case only
	shared              map[uint64][][]uint64 // the bits of sets by a hash of them
}

// share returns bits, or equal ones returned before: many elements name the same class. Nobody may change them then.
func (v *vocabulary) share(bits []uint64) []uint64 {
	if len(bits) == 0 {
		return nil
	}
	hash := uint64(len(bits))
	for _, b := range bits {
		hash = (hash ^ b) * 0x9e3779b97f4a7c15
		hash ^= hash >> 29
	}
	for _, known := range v.shared[hash] {
		if slices.Equal(known, bits) {
			return known
		}
	}
	bits = slices.Clone(bits) // without the room to grow
	v.shared[hash] = append(v.shared[hash], bits)
	return bits
}

// prefixHead is the shortest prefix allowed, in bytes.
const prefixHead = 3

func newVocabulary() *vocabulary {
	return &vocabulary{
		fold: map[string]uint16{}, exact: map[string]uint16{}, prefix: map[string]uint16{},
		chains: map[uint16]*chain{}, shared: map[uint64][][]uint64{},
	}
}

func (v *vocabulary) id(m map[string]uint16, w string) (uint16, error) {
	if id, ok := m[w]; ok {
		return id, nil
	}
	if v.n == 1<<16-1 {
		return 0, fmt.Errorf("the codebook names more than %d different words", v.n)
	}
	v.n++
	m[w] = uint16(v.n)
	return m[w], nil
}

// ids numbers the forms of one word of a pattern.
func (v *vocabulary) ids(w string) ([]uint16, error) {
	if rest, ok := strings.CutSuffix(w, "*"); ok {
		return v.prefixID(strings.ToLower(rest))
	}
	if lemma, ok := strings.CutPrefix(w, "~"); ok {
		var out []uint16
		for _, form := range Inflect(strings.ToLower(lemma)) {
			id, err := v.id(v.fold, form)
			if err != nil {
				return nil, err
			}
			out = append(out, id)
		}
		return out, nil
	}
	if rest, ok := strings.CutPrefix(w, "="); ok && rest != "" {
		v.lower = true
		id, err := v.id(v.exact, rest)
		return []uint16{id}, err
	}
	if strings.ContainsAny(w, "{}<>?~*,;:()[]\"") {
		return nil, fmt.Errorf("%q holds a mark that has no meaning there", w)
	}
	w = strings.ReplaceAll(w, ".", "")
	if w == "" {
		return nil, fmt.Errorf("a word is missing")
	}
	if !hasUpper(w) {
		id, err := v.id(v.fold, w)
		return []uint16{id}, err
	}
	id, err := v.id(v.exact, w)
	if err != nil {
		return nil, err
	}
	out := []uint16{id}
	if upper := strings.ToUpper(w); upper != w {
		id, err = v.id(v.exact, upper)
		out = append(out, id)
	}
	return out, err
}

func (v *vocabulary) prefixID(p string) ([]uint16, error) {
	if len(p) < prefixHead {
		return nil, fmt.Errorf("%q* is too short; write at least %d letters before the *", p, prefixHead)
	}
	_, known := v.prefix[p]
	id, err := v.id(v.prefix, p)
	if err != nil {
		return nil, err
	}
	if !known {
		at := headBit(p[0], p[1], p[2])
		v.prefixHeads[at>>6] |= 1 << (at & 63)
		for q, other := range v.prefix {
			switch {
			case strings.HasPrefix(p, q):
				v.chain(id, other)
			case strings.HasPrefix(q, p):
				v.chain(other, id)
			}
		}
		for _, c := range v.chains {
			sort.Slice(c.ids, func(i, j int) bool { return c.ids[i] < c.ids[j] })
		}
	}
	return []uint16{id}, nil
}

// chain is the ids of prefixes that a word has, ascending.
type chain struct{ ids []uint16 }

func (v *vocabulary) chain(of, id uint16) {
	if v.chains[of] == nil {
		v.chains[of] = &chain{}
	}
	v.chains[of].ids = append(v.chains[of].ids, id)
}

// Item is one word or break of a text as patterns see it.
type Item struct {
	fold, exact uint16
	brk         breakKind
	// prefixed is nil for a word without a registered prefix: a pointer, as a
	// text has a thousand items and few of them have one.
	prefixed *chain
	// Token is the index of the word in the text's tokens.
	Token int
}

// isNot says that the item is surely not the word of this id; 0 stands for no
// word in particular.
func (it *Item) isNot(id uint16) bool {
	return id != 0 && id != it.fold && id != it.exact && it.prefixed == nil
}

type breakKind uint8

const (
	noBreak breakKind = iota
	weak              // comma, bracket, stop inside a sentence
	strong            // dash, colon, semicolon
)

// Items is a text as patterns see it.
type Items struct {
	Doc  *text.Doc
	List []Item
	// ByToken gives, for each token, the first item at or after it;
	// it has one entry more than there are tokens.
	ByToken []int32
}

// Items reduces a text to words and breaks.
func (c *Compiler) Items(d *text.Doc) *Items {
	v := c.vocab
	out := &Items{Doc: d, List: make([]Item, 0, len(d.Tokens)), ByToken: make([]int32, len(d.Tokens)+1)}
	for i := range d.Tokens {
		t := &d.Tokens[i]
		out.ByToken[i] = int32(len(out.List))
		switch t.Kind {
		case text.Open, text.Close, text.Hyphen, text.Symbol:
		case text.Comma, text.Stop:
			out.List = append(out.List, Item{brk: weak, Token: i})
		case text.Strong:
			out.List = append(out.List, Item{brk: strong, Token: i})
		case text.Clitic:
			out.clitic(v, i)
		default:
			out.word(v, i)
		}
	}
	out.ByToken[len(d.Tokens)] = int32(len(out.List))
	return out
}

// clitic adds the word that a clitic stands for; the possessive is nothing.
func (s *Items) clitic(v *vocabulary, i int) {
	t := s.Doc.Text(i)
	full := ""
	switch strings.ToLower(t[len(t)-1:]) {
	case "t":
		full = "not"
		if n := len(s.List); n > 0 && i > 0 && s.List[n-1].Token == i-1 {
			switch strings.ToLower(s.Doc.Text(i - 1)) {
			case "ca":
				s.List[n-1].fold = v.fold["can"]
			case "wo":
				s.List[n-1].fold = v.fold["will"]
			}
		}
	case "e":
		full = "have"
		if strings.ContainsAny(t, "rR") {
			full = "are"
		}
	case "l":
		full = "will"
	case "d":
		full = "would"
	case "m":
		full = "am"
	default:
		if !s.isVerb(i) {
			return
		}
		full = "is"
	}
	s.List = append(s.List, Item{fold: v.fold[full], Token: i})
}

// isVerb tells the 's that stands for "is" from the possessive: behind a
// pronoun, or before what no possessor is followed by.
func (s *Items) isVerb(i int) bool {
	if i > 0 {
		switch strings.ToLower(s.Doc.Text(i - 1)) {
		case "it", "that", "there", "he", "she", "what", "who", "here", "this", "where", "how":
			return true
		}
	}
	if i+1 < len(s.Doc.Tokens) {
		switch strings.ToLower(s.Doc.Text(i + 1)) {
		case "not", "a", "an", "the", "no", "never", "still", "already", "just":
			return true
		}
	}
	return false
}

// word looks a word up; "cannot" is two words.
func (s *Items) word(v *vocabulary, i int) {
	var buf [64]byte
	raw := s.Doc.Text(i)
	folded, upper, plain := foldInto(buf[:0], raw)
	it := Item{Token: i}
	if string(folded) == "cannot" {
		it.fold = v.fold["can"]
		s.List = append(s.List, it, Item{fold: v.fold["not"], Token: i})
		return
	}
	it.fold = v.fold[string(folded)]
	if upper {
		if plain {
			it.exact = v.exact[raw]
		} else {
			it.exact = v.exact[asWritten(raw)]
		}
	} else if v.lower {
		it.exact = v.exact[string(folded)]
	}
	if v.mayBePrefixed(folded) {
		for n := len(folded); n >= prefixHead; n-- {
			if id := v.prefix[string(folded[:n])]; id != 0 {
				it.prefixed = v.chains[id]
				break
			}
		}
	}
	s.List = append(s.List, it)
}

// headBit is the place of a prefix's first bytes in the filter.
func headBit(a, b, c byte) uint32 {
	return (uint32(a)<<10 ^ uint32(b)<<5 ^ uint32(c)) * 2654435761 >> 20
}

// mayBePrefixed says that some prefix may begin as the word does.
func (v *vocabulary) mayBePrefixed(folded []byte) bool {
	if len(folded) < prefixHead {
		return false
	}
	at := headBit(folded[0], folded[1], folded[2])
	return v.prefixHeads[at>>6]&(1<<(at&63)) != 0
}

// foldInto appends the folded form of a word: lower case, without the periods of
// an abbreviation and without zero-width characters, apostrophes straight. upper
// says that it has a capital, plain that folding changed nothing but case.
func foldInto(dst []byte, w string) (out []byte, upper, plain bool) {
	plain = true
	for i := 0; i < len(w); {
		c := w[i]
		if c < utf8.RuneSelf {
			i++
			switch {
			case c >= 'A' && c <= 'Z':
				upper = true
				c |= 0x20
			case c == '.' && (len(w) < 2 || w[0] > '9'):
				plain = false
				continue
			}
			dst = append(dst, c)
			continue
		}
		r, n := utf8.DecodeRuneInString(w[i:])
		i += n
		switch {
		case r == '’' || r == 'ʼ':
			r, plain = '\'', false
		case unicode.Is(unicode.Cf, r):
			plain = false
			continue
		case unicode.IsUpper(r):
			upper = true
			r = unicode.ToLower(r)
		}
		dst = utf8.AppendRune(dst, r)
	}
	return dst, upper, plain
}

// asWritten drops what foldInto drops but keeps case.
func asWritten(w string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '.' || unicode.Is(unicode.Cf, r):
			return -1
		case r == '’' || r == 'ʼ':
			return '\''
		}
		return r
	}, w)
}
