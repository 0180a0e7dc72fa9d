package text

import "strings"

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
	return c >= 'a' && c <= 'z' || isDigit(c) || c >= utf8RuneSelf || before.Kind == Close || closesBracket(c)
}

const utf8RuneSelf = 0x80

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
	switch abbreviations[strings.ToLower(prev)] {
	case beforeName:
		return !before.Upper
	case beforeNumber:
		return d.Tokens[word].Kind != Number
	case beforeAnything:
		return d.Tokens[word].Upper && starters[strings.ToLower(d.Text(word))]
	}
	return true
}

// abbreviationEnds decides on an abbreviation with inner periods, such as U.S.
func (d *Doc) abbreviationEnds(i, word, last int) bool {
	w := strings.ToLower(d.Text(word))
	switch {
	case strings.ToLower(d.Text(i)) == "e.g." || strings.ToLower(d.Text(i)) == "i.e.":
		return false
	case !d.Tokens[word].Upper:
		return d.Tokens[word].Kind == Number && false
	case starters[w]:
		return true
	}
	for j := word + 1; j < min(last, word+3); j++ {
		if d.Tokens[j].Kind == Word && !d.Tokens[j].Upper {
			return finite[strings.ToLower(d.Text(j))]
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
		if t.Kind == Word && !t.Upper && saying[strings.ToLower(d.Text(j))] {
			return j > i || !d.Tokens[i].Upper
		}
		if t.Kind == Word && !t.Upper && j > i+3 {
			return false
		}
	}
	return false
}

// Classes of abbreviations, by what follows them within a sentence.
const (
	beforeName = iota + 1
	beforeNumber
	beforeAnything
)

var abbreviations = map[string]int{
	"mr": beforeName, "mrs": beforeName, "ms": beforeName, "dr": beforeName, "prof": beforeName,
	"sen": beforeName, "rep": beforeName, "reps": beforeName, "sens": beforeName, "gov": beforeName,
	"gen": beforeName, "lt": beforeName, "col": beforeName, "capt": beforeName, "sgt": beforeName,
	"st": beforeName, "rev": beforeName, "hon": beforeName, "pres": beforeName, "adm": beforeName,
	"maj": beforeName, "amb": beforeName, "mt": beforeName, "ft": beforeName,
	"jan": beforeNumber, "feb": beforeNumber, "mar": beforeNumber, "apr": beforeNumber, "jun": beforeNumber,
	"jul": beforeNumber, "aug": beforeNumber, "sep": beforeNumber, "sept": beforeNumber, "oct": beforeNumber,
	"nov": beforeNumber, "dec": beforeNumber, "no": beforeNumber, "nos": beforeNumber, "pp": beforeNumber,
	"fig": beforeNumber, "sec": beforeNumber, "vol": beforeNumber, "art": beforeNumber,
	"inc": beforeAnything, "corp": beforeAnything, "ltd": beforeAnything, "co": beforeAnything, "llc": beforeAnything,
	"jr": beforeAnything, "sr": beforeAnything, "vs": beforeAnything, "etc": beforeAnything, "al": beforeAnything,
	"dept": beforeAnything, "est": beforeAnything, "approx": beforeAnything, "calif": beforeAnything,
	"mass": beforeAnything, "conn": beforeAnything, "va": beforeAnything, "fla": beforeAnything, "wash": beforeAnything,
	"bros": beforeAnything, "assn": beforeAnything, "univ": beforeAnything, "ed": beforeAnything, "eds": beforeAnything,
}

var starters = set(`the a an it its in on at by for from with to this that these those he she they we i you
	but and or so yet if as when while although though because since after before however moreover meanwhile
	there here what why how who where which one some many most both all each every his her their our my
	now then today yesterday instead still also even`)

var finite = set(`is are was were has have had will would could can may might must should does did do said says
	told warned argues argued wants wanted needs leads remains became`)

var saying = set(`said says say asked asks added adds told tells wrote writes noted notes argued argues warned warns
	replied replies explained explains continued continues insisted insists declared declares claimed claims
	concluded concludes tweeted posted stated states observed observes joked remarked recalled recalls
	acknowledged conceded cautioned predicted responded answered according`)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// ParseLine is [Parse] for a headline: newlines part no paragraphs in it.
func ParseLine(src string) *Doc {
	d := &Doc{Source: src}
	d.paragraph(0, len(src))
	d.Quotes = pairQuotes(d)
	return d
}
