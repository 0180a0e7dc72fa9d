package story

import (
	"math/bits"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// word is a word of the text as shingles see it.
type word struct {
	hash   uint64
	quoted bool // stands in quotation marks
	name   bool // a number, or capitalized within a sentence
}

// New makes the sketch of a text whose paragraphs are parted by newlines. Case, punctuation and lines of page furniture
// do not matter, nor does the headline, which every outlet writes anew.
func New(text string) Sketch {
	words := read(text)
	if len(words) < MinWords {
		return Sketch{}
	}
	s := Sketch{Words: len(words), level: level(len(words), sketchSize, 0, maxLevel)}
	for i := range words[:len(words)-shingleWords+1] {
		h := uint32(sequence(words[i:i+shingleWords], 1)) >> 8
		if !sampled(h, s.level) {
			continue
		}
		set := &s.own
		if words[i].quoted && words[i+1].quoted && words[i+2].quoted {
			set = &s.quoted
		}
		*set = append(*set, h)
	}
	for _, w := range words {
		if w.name {
			s.names = append(s.names, uint32(mix(w.hash))>>8)
		}
	}
	every := level(len(words), anchorSize, minAnchorLg, maxAnchorLg)
	for i := range words[:len(words)-anchorWords+1] {
		if h := uint32(sequence(words[i:i+anchorWords], 2)); sampled(h, every) {
			s.anchors = append(s.anchors, h)
		}
	}
	for _, set := range []*[]uint32{&s.own, &s.quoted, &s.names, &s.anchors} {
		slices.Sort(*set)
		*set = slices.Clip(slices.Compact(*set))
	}
	s.quoted = slices.Clip(slices.DeleteFunc(s.quoted, func(h uint32) bool { // one set or the other
		_, both := slices.BinarySearch(s.own, h)
		return both
	}))
	if len(s.anchors) > maxAnchors {
		s.anchors = slices.Clip(s.anchors[:maxAnchors])
	}
	return s
}

// level is how often n must be halved to come down to size, within bounds.
func level(n, size, low, high int) uint8 {
	return uint8(max(low, min(high, bits.Len(uint((n-1)/size)))))
}

// sampled tells whether a hash is in the sample of a level. A sample lies within those of all lower levels.
func sampled(h uint32, level uint8) bool { return h&(1<<level-1) == 0 }

// sequence hashes words that follow each other; kind keeps sequences of different lengths apart.
func sequence(words []word, kind uint64) uint64 {
	h := kind
	for _, w := range words {
		h = mix(h ^ w.hash)
	}
	return h
}

// mix is the finalizer of SplitMix64 (Steele, Lea, Flood 2014) on a spread input.
func mix(h uint64) uint64 {
	h += 0x9e3779b97f4a7c15
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

// read parts the text into words and leaves page furniture out.
func read(text string) []word {
	words := make([]word, 0, len(text)/6+1)
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || furniture(line) {
			continue
		}
		words = readLine(words, line)
	}
	return words
}

// readLine reads a paragraph. Quotation marks that are open at its end are closed: a quotation that goes on opens again.
func readLine(words []word, line string) []word {
	fresh, quoted := true, false // at the start of a sentence; within quotation marks
	hash, in, capital := uint64(fnvOffset), false, false
	end := func() {
		if in {
			words = append(words, word{hash, quoted, capital && !fresh})
			hash, in, capital, fresh = fnvOffset, false, false, false
		}
	}
	for _, r := range line {
		if class := classify(r); class != other {
			if class == alone {
				end()
			}
			if !in {
				in, capital = true, class == upper || class == digit
				fresh = fresh && class != digit
			}
			hash = fold(hash, unicode.ToLower(r))
			if class == alone {
				end()
			}
			continue
		}
		if r == '\'' || r == '’' || r >= 0x300 && unicode.Is(unicode.Mn, r) {
			continue // within a word both forms of the apostrophe are none
		}
		end()
		switch r {
		case '“', '«', '„':
			quoted, fresh = true, true
		case '”', '»':
			quoted = false
		case '"':
			quoted = !quoted
			fresh = fresh || quoted
		case '.', '!', '?', ':':
			fresh = true
		}
	}
	end()
	return words
}

// Classes of code points.
const (
	other = iota // parts words
	lower
	upper
	digit
	alone // a word by itself: its script is written without blanks
)

func classify(r rune) int {
	switch {
	case 'a' <= r && r <= 'z':
		return lower
	case 'A' <= r && r <= 'Z':
		return upper
	case '0' <= r && r <= '9':
		return digit
	case r < 0x80:
		return other
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai):
		return alone
	case unicode.IsUpper(r):
		return upper
	case unicode.IsLetter(r):
		return lower
	case unicode.IsNumber(r):
		return digit
	}
	return other
}

const fnvOffset, fnvPrime = 14695981039346656037, 1099511628211

// fold adds a code point to an FNV-1a hash.
func fold(h uint64, r rune) uint64 {
	if r < utf8.RuneSelf {
		return (h ^ uint64(r)) * fnvPrime
	}
	var b [utf8.UTFMax]byte
	for _, c := range b[:utf8.EncodeRune(b[:], r)] {
		h = (h ^ uint64(c)) * fnvPrime
	}
	return h
}

// maxFurniture is the length in bytes above which a line is text whatever it says.
const maxFurniture = 600

// Lines of page furniture begin so, or hold such words anywhere. They are in lower case.
var (
	furnitureHeads = strings.Split("©|(c) 1|(c) 2|copyright |advertisement|sponsored |read more|see also|related:|more:|sign up|subscribe|follow us|"+
		"share this|click here|download |listen to|watch:|contact:|contacts:|media contact|press contact|investor contact|source: |source |"+
		"forward-looking statement|forward looking statement|cautionary |this press release contains|this release contains|certain statements in this|about ", "|")
	furnitureWords = strings.Split("may not be published|may not be reproduced|all rights reserved|contributed to this report|contributed to this story|"+
		"contributed to this article|terms of use|terms of service|privacy policy|first appeared on|first appeared in|"+
		"originally published|originally appeared|republished with|republished from|republished under", "|")
)

// furniture tells whether the line is no part of the article.
func furniture(line string) bool {
	if len(line) > maxFurniture {
		return false
	}
	line = strings.ToLower(line)
	for _, head := range furnitureHeads {
		if strings.HasPrefix(line, head) {
			return true
		}
	}
	for _, words := range furnitureWords {
		if strings.Contains(line, words) {
			return true
		}
	}
	return false
}
