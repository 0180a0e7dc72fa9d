// Package text finds the structure of an article: paragraphs, sentences, tokens
// and quotations, each as a span of bytes into the text it was given. Nothing is
// copied and nothing is lost: every byte that is not white space lies in exactly
// one token.
package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Span is a half-open range of bytes on rune boundaries.
type Span struct{ Start, End int }

// Kind is the kind of a token.
type Kind uint8

// The kinds of tokens.
const (
	Word   Kind = iota
	Number      // starts with a digit
	Clitic      // 's n't 're 'll 've 'd 'm after a word
	Open        // an opening quotation mark
	Close       // a closing quotation mark
	Hyphen      // a hyphen inside a compound
	Comma       // , and brackets
	Strong      // ; : and dashes
	Stop        // . ! ? and ellipses
	Symbol      // anything else
)

// Token is one token. Sentence ends, clause ends and quotations are told by kind.
type Token struct {
	Start, End int
	Kind       Kind
	// Upper says that the first letter is upper case.
	Upper bool
}

// scanner splits text into tokens.
type scanner struct {
	src  string
	toks []Token
}

// tokenize appends the tokens of src[from:to].
func tokenize(toks []Token, src string, from, to int) []Token {
	s := scanner{src: src[:to], toks: toks}
	for i := from; i < to; {
		i = s.next(i)
	}
	return s.toks
}

func (s *scanner) emit(start, end int, k Kind) int {
	s.toks = append(s.toks, Token{Start: start, End: end, Kind: k})
	return end
}

func (s *scanner) next(i int) int {
	c := s.src[i]
	if c < utf8.RuneSelf {
		switch {
		case c <= ' ' || c == 0x7f:
			return i + 1
		case isLetter(c):
			return s.word(i)
		case isDigit(c):
			return s.number(i)
		}
		return s.punctuation(i, rune(c), 1)
	}
	r, n := utf8.DecodeRuneInString(s.src[i:])
	switch {
	case unicode.IsSpace(r) || ignorable(r):
		return i + n
	case unicode.IsLetter(r):
		return s.word(i)
	case unicode.IsDigit(r):
		return s.number(i)
	}
	return s.punctuation(i, r, n)
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
func isDigit(c byte) bool  { return c >= '0' && c <= '9' }

// ignorable runes may stand inside a word without being part of it: zero-width
// characters, soft hyphens, byte order marks.
func ignorable(r rune) bool {
	switch r {
	case 0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF:
		return true
	}
	return false
}

// wordRune returns the width of a rune that may stand inside a word, or 0.
func (s *scanner) wordRune(i int) int {
	if i >= len(s.src) {
		return 0
	}
	c := s.src[i]
	if c < utf8.RuneSelf {
		if isLetter(c) || isDigit(c) {
			return 1
		}
		return 0
	}
	r, n := utf8.DecodeRuneInString(s.src[i:])
	if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || ignorable(r) {
		return n
	}
	return 0
}

// apostrophe returns the width of an apostrophe at i, or 0.
func (s *scanner) apostrophe(i int) int {
	switch {
	case i >= len(s.src):
		return 0
	case s.src[i] == '\'':
		return 1
	case strings.HasPrefix(s.src[i:], "’"), strings.HasPrefix(s.src[i:], "ʼ"):
		_, n := utf8.DecodeRuneInString(s.src[i:])
		return n
	}
	return 0
}

// word scans letters with inner apostrophes, or an abbreviation with inner
// periods such as U.S., and splits a clitic off.
func (s *scanner) word(start int) int {
	i := start
	first := s.wordRune(i)
	i += first
	if i < len(s.src) && s.src[i] == '.' && s.wordRune(i+1) == 1 && isLetter(s.src[i+1]) && !s.longAfter(i+1) {
		return s.abbreviation(start, i)
	}
	apostropheAt := -1
	for {
		if n := s.wordRune(i); n > 0 {
			i += n
			continue
		}
		if n := s.apostrophe(i); n > 0 && s.wordRune(i+n) > 0 {
			apostropheAt = i
			i += n
			continue
		}
		break
	}
	end := i
	split := end
	if apostropheAt > 0 {
		split = cliticStart(s.src, start, apostropheAt, end)
	}
	s.emit(start, split, Word)
	r, _ := utf8.DecodeRuneInString(s.src[start:])
	s.toks[len(s.toks)-1].Upper = unicode.IsUpper(r)
	if split < end {
		s.emit(split, end, Clitic)
	}
	return end
}

// longAfter says that a word of more than one letter starts at i, so that the
// period before it is no inner period.
func (s *scanner) longAfter(i int) bool {
	n := s.wordRune(i)
	return n > 0 && s.wordRune(i+n) > 0
}

// abbreviation scans letter-period pairs; the last period belongs to it.
func (s *scanner) abbreviation(start, i int) int {
	for i < len(s.src) && s.src[i] == '.' {
		if i+1 < len(s.src) && isLetter(s.src[i+1]) && !s.longAfter(i+1) {
			i += 2
			continue
		}
		i++
		break
	}
	s.emit(start, i, Word)
	c := s.src[start]
	s.toks[len(s.toks)-1].Upper = c >= 'A' && c <= 'Z'
	return i
}

// cliticStart returns where the clitic of src[start:end] starts, or end.
func cliticStart(src string, start, apostrophe, end int) int {
	_, n := utf8.DecodeRuneInString(src[apostrophe:])
	switch lower(src[apostrophe+n : end]) {
	case "s", "re", "ll", "ve", "d", "m":
		return apostrophe
	case "t":
		if apostrophe-1 > start && src[apostrophe-1]|0x20 == 'n' {
			return apostrophe - 1
		}
	}
	return end
}

// lower folds ASCII without allocating where nothing is to be folded.
func lower(s string) string { return strings.ToLower(s) }

func (s *scanner) number(start int) int {
	i := start
	for {
		if n := s.wordRune(i); n > 0 {
			i += n
			continue
		}
		if i+1 < len(s.src) && (s.src[i] == '.' || s.src[i] == ',') && isDigit(s.src[i+1]) {
			i++
			continue
		}
		return s.emit(start, i, Number)
	}
}

func (s *scanner) punctuation(i int, r rune, n int) int {
	switch r {
	case '.', '!', '?', '…', '。', '！', '？':
		end := i + n
		for end < len(s.src) && (s.src[end] == '.' || s.src[end] == '!' || s.src[end] == '?') {
			end++
		}
		return s.emit(i, end, Stop)
	case '"', '\'', '“', '”', '„', '«', '»', '‘', '’', '‚', '`', '\u201f', '\u201b':
		if (r == '\'' || r == '`') && i+1 < len(s.src) && rune(s.src[i+1]) == r {
			n = 2 // LaTeX style ``…''
		}
		return s.emit(i, i+n, s.markKind(i, i+n, r))
	case '-', '‐', '‑':
		if r == '-' && i+1 < len(s.src) && s.src[i+1] == '-' {
			end := i + 1
			for end < len(s.src) && s.src[end] == '-' {
				end++
			}
			return s.emit(i, end, Strong)
		}
		if i > 0 && s.src[i-1] > ' ' && i+n < len(s.src) && s.src[i+n] > ' ' {
			return s.emit(i, i+n, Hyphen)
		}
		return s.emit(i, i+n, Strong)
	case '–':
		if i > 0 && s.src[i-1] > ' ' && i+n < len(s.src) && s.src[i+n] > ' ' {
			return s.emit(i, i+n, Hyphen)
		}
		return s.emit(i, i+n, Strong)
	case '—', '―', ';', ':', '•', '|', '●':
		return s.emit(i, i+n, Strong)
	case ',', '(', ')', '[', ']':
		return s.emit(i, i+n, Comma)
	}
	return s.emit(i, i+n, Symbol)
}

// markKind tells an opening from a closing quotation mark by its shape and, for
// the shapeless, by its neighbors. An apostrophe that hangs off a word (the
// companies') is a Symbol.
func (s *scanner) markKind(i, end int, r rune) Kind {
	switch r {
	case '“', '„', '«', '‘', '‚', '\u201f', '\u201b', '`':
		if r == '‘' && s.elision(end) {
			return Symbol
		}
		return Open
	case '”', '»':
		return Close
	}
	before, _ := utf8.DecodeLastRuneInString(s.src[:i])
	after, _ := utf8.DecodeRuneInString(s.src[end:])
	opens := (i == 0 || unicode.IsSpace(before) || strings.ContainsRune("([{—–-/“‘\"'", before)) &&
		end < len(s.src) && !unicode.IsSpace(after)
	switch {
	case opens && r != '"' && s.elision(end):
		return Symbol
	case opens && r != '’':
		return Open
	case i == 0 || unicode.IsSpace(before):
		if r == '"' {
			return Open
		}
		return Symbol
	}
	return Close
}

// elision says that an apostrophe before i stands for letters left out: '90s, 'em.
func (s *scanner) elision(i int) bool {
	if i < len(s.src) && isDigit(s.src[i]) {
		j := i
		for j < len(s.src) && isDigit(s.src[j]) {
			j++
		}
		return j-i == 2 && j < len(s.src) && s.src[j] == 's'
	}
	for _, w := range [...]string{"em", "til", "cause", "tis", "twas"} {
		if strings.HasPrefix(lower(s.src[i:min(len(s.src), i+len(w))]), w) && s.wordRune(i+len(w)) == 0 {
			return true
		}
	}
	return false
}
