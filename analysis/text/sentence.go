package text

import (
	"strings"
	"unicode/utf8"
)

// Sentence is one sentence: its bytes, its paragraph and its tokens.
type Sentence struct {
	Span
	Paragraph   int // index into Doc.Paragraphs
	First, Last int // tokens Doc.Tokens[First:Last]
}

// Doc is the structure of one text. It holds no copy of it but Source.
type Doc struct {
	Source     string
	Paragraphs []Span
	Sentences  []Sentence
	Tokens     []Token
	Quotes     []Quote
}

// Parse finds the structure of src. Newlines part paragraphs; a paragraph of
// white space alone is none. Any bytes are allowed.
func Parse(src string) *Doc {
	d := &Doc{Source: src, Tokens: make([]Token, 0, len(src)/5+8)}
	for start := 0; start < len(src); {
		end := len(src)
		if i := strings.IndexByte(src[start:], '\n'); i >= 0 {
			end = start + i
		}
		d.paragraph(start, end)
		start = end + 1
	}
	d.Quotes = pairQuotes(d)
	return d
}

// Slice returns the source of tokens [first, last).
func (d *Doc) Slice(first, last int) string {
	if first >= last {
		return ""
	}
	return d.Source[d.Tokens[first].Start:d.Tokens[last-1].End]
}

// Text returns the source of one token.
func (d *Doc) Text(i int) string { return d.Source[d.Tokens[i].Start:d.Tokens[i].End] }

// SentenceAt returns the index of the sentence that holds token i.
func (d *Doc) SentenceAt(i int) int {
	lo, hi := 0, len(d.Sentences)-1
	for lo < hi {
		mid := (lo + hi + 1) / 2
		if d.Sentences[mid].First <= i {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	return lo
}

func (d *Doc) paragraph(start, end int) {
	first := len(d.Tokens)
	d.Tokens = tokenize(d.Tokens, d.Source, start, end)
	last := len(d.Tokens)
	if last == first {
		return
	}
	p := len(d.Paragraphs)
	d.Paragraphs = append(d.Paragraphs, Span{d.Tokens[first].Start, d.Tokens[last-1].End})
	from := first
	for i := first; i < last; i++ {
		if !d.mayEnd(i) {
			continue
		}
		next := d.afterClosers(i+1, last)
		if next >= last || d.ends(i, next, first, last) {
			d.addSentence(p, from, next)
			from = next
			i = next - 1
		}
	}
	if from < last {
		d.addSentence(p, from, last)
	}
}

func (d *Doc) addSentence(p, first, last int) {
	if first >= last {
		return
	}
	span := Span{d.Tokens[first].Start, d.Tokens[last-1].End}
	d.Sentences = append(d.Sentences, Sentence{Span: span, Paragraph: p, First: first, Last: last})
}

func (d *Doc) mayEnd(i int) bool {
	t := d.Tokens[i]
	return t.Kind == Stop || t.Kind == Word && d.Source[t.End-1] == '.'
}

// afterClosers skips the closing marks that belong to the sentence just ended.
func (d *Doc) afterClosers(i, last int) int {
	for i < last {
		t := d.Tokens[i]
		glued := t.Start == d.Tokens[i-1].End
		if !(t.Kind == Close && glued || t.Kind == Comma && glued && closesBracket(d.Source[t.Start]) || t.Kind == Stop) {
			break
		}
		i++
	}
	return i
}

func closesBracket(c byte) bool { return c == ')' || c == ']' }

// ends decides whether the possible end at token i ends a sentence, next being
// the first token after it in the paragraph's tokens [first, last).
func (d *Doc) ends(i, next, first, last int) bool {
	word := next
	for word < last && (d.Tokens[word].Kind == Open || d.Tokens[word].Kind == Comma || d.Tokens[word].Kind == Symbol) {
		word++
	}
	if word >= last {
		return d.Tokens[next].Start > d.Tokens[next-1].End
	}
	w := d.Tokens[word]
	if d.Tokens[next].Start == d.Tokens[next-1].End {
		return d.joined(i, word)
	}
	quoted := next > i+1 && d.Tokens[i+1].Kind == Close
	switch {
	case w.Kind == Strong:
		return d.Source[w.Start] != ':' && d.Source[w.Start] != ';' && !quoted
	case quoted && d.attributionFollows(word, last):
		return false
	case w.Kind == Word && !w.Upper && word == next:
		return false
	case d.Text(i) == "." && i > first:
		return d.periodEnds(i, word, first)
	case d.Tokens[i].Kind == Word:
		return d.abbreviationEnds(i, word, last)
	case strings.HasPrefix(d.Text(i), "..") || d.Text(i) == "…":
		return w.Upper
	}
	return true
}

// joined decides on an end without white space after it, as left by extraction:
// "on Tuesday.It can".
func (d *Doc) joined(i, word int) bool {
	w := d.Tokens[word]
	if i == 0 || !w.Upper || w.End-w.Start < 2 && d.Text(word) != "A" && d.Text(word) != "I" || d.Tokens[i].Kind != Stop {
		return false
	}
	before := d.Tokens[i-1]
	if d.Tokens[i].Start != before.End || before.Kind == Word && before.End-before.Start < 2 {
		return before.Kind == Close
	}
	c := d.Source[before.End-1]
	return c >= 'a' && c <= 'z' || isDigit(c) || c >= utf8.RuneSelf || before.Kind == Close || closesBracket(c)
}

// periodEnds decides on a period after a word.
func (d *Doc) periodEnds(i, word, first int) bool {
	before := d.Tokens[i-1]
	if before.End != d.Tokens[i].Start || before.Kind != Word {
		return true
	}
	prev := d.Text(i - 1)
	if len(prev) == 1 && before.Upper {
		// An initial, as in "J. Smith", but not "Plan B".
		return i-2 >= first && !d.Tokens[i-2].Upper && !d.Tokens[word].Upper
	}
	switch abbreviation(strings.ToLower(prev)) {
	case beforeName:
		return !before.Upper
	case beforeNumber:
		return d.Tokens[word].Kind != Number
	case beforeEither:
		return !before.Upper && d.Tokens[word].Kind != Number
	case beforeAnything:
		return d.Tokens[word].Upper && starter(strings.ToLower(d.Text(word)))
	}
	return true
}

// abbreviationEnds decides on an abbreviation with inner periods, such as U.S.
func (d *Doc) abbreviationEnds(i, word, last int) bool {
	w := strings.ToLower(d.Text(word))
	switch {
	case neverEnds(strings.ToLower(d.Text(i))):
		return false
	case !d.Tokens[word].Upper:
		return false
	case starter(w):
		return true
	}
	if !mayEndSentence(strings.ToLower(d.Text(i))) {
		return false // the initials of a name: J.D. Vance has
	}
	for j := word + 1; j < min(last, word+3); j++ {
		if d.Tokens[j].Kind == Word && !d.Tokens[j].Upper {
			return finite(strings.ToLower(d.Text(j)))
		}
		if d.Tokens[j].Kind != Word {
			return false
		}
	}
	return false
}

// attributionFollows says that words from token i on attribute the quotation
// before them: "Liu asked", "the senator said", "he added".
func (d *Doc) attributionFollows(i, last int) bool {
	limit := min(last, i+6)
	for j := i; j < limit; j++ {
		t := d.Tokens[j]
		if t.Kind == Stop || t.Kind == Strong || t.Kind == Open {
			return false
		}
		if t.Kind == Word && !t.Upper && saying(strings.ToLower(d.Text(j))) {
			return j > i || !d.Tokens[i].Upper
		}
		if t.Kind == Word && !t.Upper && j > i+3 {
			return false
		}
	}
	return false
}

// following says what an abbreviation is followed by within a sentence.
type following uint8

const (
	notAbbreviated following = iota
	beforeName
	beforeNumber
	beforeEither // a number or, itself in a capital, a name
	beforeAnything
)

// abbreviation classifies the word before a period.
func abbreviation(w string) following {
	switch w {
	case "mr", "mrs", "ms", "dr", "prof", "sen", "rep", "reps", "sens", "gov", "gen", "lt", "col", "capt", "sgt",
		"st", "rev", "hon", "pres", "adm", "maj", "amb", "mt", "ft", "govs", "cmdr", "messrs":
		return beforeName
	case "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "no", "nos", "pp",
		"fig", "vol", "art":
		return beforeNumber
	case "sec":
		return beforeEither
	case "inc", "corp", "ltd", "co", "llc", "jr", "sr", "vs", "etc", "al", "dept", "est", "approx", "calif", "mass",
		"conn", "va", "fla", "wash", "bros", "assn", "univ", "ed", "eds":
		return beforeAnything
	}
	return notAbbreviated
}

// mayEndSentence names the abbreviations with inner periods behind which a name
// can start another sentence.
func mayEndSentence(w string) bool {
	switch w {
	case "u.s.", "u.k.", "u.n.", "e.u.", "u.s.a.", "d.c.", "a.m.", "p.m.", "a.i.", "b.c.", "a.d.", "l.a.", "n.y.", "u.s.s.r.", "u.a.e.", "p.r.c.", "r.o.c.":
		return true
	}
	return false
}

func neverEnds(w string) bool { return w == "e.g." || w == "i.e." }

// starter says that a word, with a capital, starts a sentence rather than
// carries on a name.
func starter(w string) bool {
	switch w {
	case "the", "a", "an", "it", "its", "in", "on", "at", "by", "for", "from", "with", "to", "this", "that", "these",
		"those", "he", "she", "they", "we", "i", "you", "but", "and", "or", "so", "yet", "if", "as", "when", "while",
		"although", "though", "because", "since", "after", "before", "however", "moreover", "meanwhile", "there",
		"here", "what", "why", "how", "who", "where", "which", "one", "some", "many", "most", "both", "all", "each",
		"every", "his", "her", "their", "our", "my", "now", "then", "today", "yesterday", "tomorrow", "instead",
		"still", "also", "even":
		return true
	}
	return false
}

// finite names frequent finite verbs, before which a run of capitals is the
// subject of a sentence of its own: "in the U.S. China said".
func finite(w string) bool {
	switch w {
	case "is", "are", "was", "were", "has", "have", "had", "will", "would", "can", "could", "may", "might", "must",
		"should", "does", "did", "do", "said", "says", "told", "warned", "argues", "argued", "wants", "wanted",
		"needs", "leads", "remains", "became":
		return true
	}
	return false
}

// saying names verbs that attribute the quotation before them.
func saying(w string) bool {
	switch w {
	case "said", "says", "say", "asked", "asks", "added", "adds", "told", "tells", "wrote", "writes", "noted",
		"notes", "argued", "argues", "warned", "warns", "replied", "replies", "explained", "explains", "continued",
		"continues", "insisted", "insists", "declared", "declares", "claimed", "claims", "concluded", "concludes",
		"tweeted", "posted", "stated", "states", "observed", "observes", "joked", "remarked", "recalled", "recalls",
		"acknowledged", "conceded", "cautioned", "predicted", "responded", "answered", "according":
		return true
	}
	return false
}

// ParseLine is [Parse] for a headline: newlines part no paragraphs in it.
func ParseLine(src string) *Doc {
	d := &Doc{Source: src}
	d.paragraph(0, len(src))
	d.Quotes = pairQuotes(d)
	return d
}
