// Package voice finds who speaks at a place of an article: its author, or
// somebody whom the article quotes or paraphrases. A structured text and a
// token flow in, a [Reading] flows out.
//
// The reading is a sieve of rules in the manner of Muzny et al. (2017), from
// the surest to the weakest: the quotation that holds the token and its
// attribution; the reporting verb, attribution phrase or holder of a belief
// that governs it in its sentence; the turn of a transcript; else the author.
package voice

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"framewatch/analysis/pattern"
	"framewatch/analysis/text"
)

//go:embed lexicon.txt
var lexiconFile string

//go:embed gazetteer.txt
var gazetteerFile string

type class uint32

const (
	say class = 1 << iota
	think
	call
	urge
	reject
	indefinite
	pronoun
	first
	determiner
	preposition
	boundary
	timeWord
	adverb
	auxiliary
	passive
	writing
	title
	body
	thought
	weak
	opener
	ambiguous
	attitude
	mute
	verbs = say | think | call | urge | reject | weak
)

// Lexicon holds the word classes. It is immutable and safe for concurrent use.
type Lexicon struct {
	words     map[string]class
	base      map[string]string // verb form → base form
	countries map[string]string // name → ISO 3166 code
}

// NewLexicon reads the built-in word lists.
func NewLexicon() (*Lexicon, error) {
	l := &Lexicon{words: map[string]class{}, base: map[string]string{}, countries: map[string]string{}}
	names := map[string]class{
		"say": say, "think": think, "call": call, "urge": urge, "reject": reject, "indefinite": indefinite,
		"pronoun": pronoun, "first": first, "determiner": determiner, "preposition": preposition, "boundary": boundary,
		"time": timeWord, "adverb": adverb, "auxiliary": auxiliary, "passive": passive, "writing": writing,
		"title": title, "body": body, "thought": thought, "weak": weak, "opener": opener, "ambiguous": ambiguous, "attitude": attitude, "mute": mute,
	}
	for n, line := range strings.Split(lexiconFile, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		name, list, ok := strings.Cut(line, ":")
		c, known := names[name]
		if !ok || !known {
			return nil, fmt.Errorf("lexicon.txt:%d: unknown class %q", n+1, name)
		}
		for _, w := range strings.Fields(list) {
			lemma, inflected := strings.CutPrefix(w, "~")
			l.words[lemma] |= c
			if !inflected {
				continue
			}
			for _, form := range pattern.Inflect(lemma) {
				l.words[form] |= c
				l.base[form] = lemma
			}
		}
	}
	for n, line := range strings.Split(gazetteerFile, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		country, list, ok := strings.Cut(line, ":")
		if !ok {
			return nil, fmt.Errorf("gazetteer.txt:%d: want a country code, a colon and names", n+1)
		}
		for _, name := range strings.Split(list, ",") {
			l.countries[strings.ToLower(strings.TrimSpace(name))] = country
		}
	}
	return l, nil
}

// Source is who speaks.
type Source struct {
	Name, Affiliation, Role, Country string
}

// Reading is the voice at one token.
type Reading struct {
	// Speaker is false for the author.
	Speaker bool
	Source  Source
	// Rule names the rule that decided.
	Rule string
	// Verb is the base form of the governing verb, "" if there is none; its
	// tokens are [CueFirst, CueLast).
	Verb              string
	CueFirst, CueLast int
	// Told says that the words are put into the mouth of somebody unnamed or of
	// people in general, so that the voice only reports them; TellFirst and
	// TellLast are the tokens that say so.
	Told                bool
	TellFirst, TellLast int
	// Held says that a noun tells so, as in "the claim that"; what the sentence
	// goes on to say of it is the voice's own.
	Held bool
	// Scare says that the token stands in quotation marks that are no speech.
	Scare bool
	// Quote is the speech that holds the token, as tokens; both 0 if none.
	QuoteFirst, QuoteLast int
}

// Reader reads the voices of one text. It is not safe for concurrent use.
type Reader struct {
	lex    *Lexicon
	doc    *text.Doc
	title  string
	other  *text.Doc
	tagger *text.Tagger
	// isHeadline says that the text is a headline, which has ways of its own.
	isHeadline bool
	tagged     map[int][]string
	people     []person
	named      bool
	turns      []turn
	quotes     []attribution // by index of doc.Quotes; see attribute
	ready      bool
	whole      Source // who speaks unless told otherwise, as in a transcript of remarks
	cues       map[int][]cue
}

// NewReader returns a reader of d, the body of an article under the given title
// or that title itself. In other, the one that d is not, fuller names may stand.
// tagger decides between verb and noun where nothing else does; nil leaves them
// verbs.
func NewReader(lex *Lexicon, tagger *text.Tagger, d, title, other *text.Doc) *Reader {
	r := &Reader{
		lex: lex, tagger: tagger, doc: d, title: title.Source, other: other, isHeadline: d == title,
		cues: map[int][]cue{}, tagged: map[int][]string{},
	}
	if r.isHeadline {
		r.foldHeadline()
	}
	return r
}

// foldHeadline undoes the capitals of a headline In Title Case, as far as words
// are known not to be names. It works on a copy of the tokens.
func (r *Reader) foldHeadline() {
	words, upper := 0, 0
	for i := range r.doc.Tokens {
		if t := &r.doc.Tokens[i]; t.Kind == text.Word && t.End-t.Start > 3 {
			words++
			if t.Upper {
				upper++
			}
		}
	}
	if upper*4 < words*3 {
		return
	}
	folded := *r.doc
	folded.Tokens = slices.Clone(r.doc.Tokens)
	for i := range folded.Tokens {
		if t := &folded.Tokens[i]; t.Upper && r.is(i, verbs|auxiliary|preposition|boundary|determiner|adverb|pronoun|thought|attitude) && i > 0 {
			t.Upper = false
		}
	}
	r.doc = &folded
}

// tag returns the part of speech of token i, "" if it is not known.
func (r *Reader) tag(i int) string {
	if r.tagger == nil {
		return ""
	}
	s := r.doc.SentenceAt(i)
	tags, ok := r.tagged[s]
	if !ok {
		tags = r.tagger.Tag(r.doc, s)
		r.tagged[s] = tags
	}
	if tags == nil {
		return ""
	}
	return tags[i-r.doc.Sentences[s].First]
}

// word returns token i in lower case, "" beyond the text.
func (r *Reader) word(i int) string {
	if i < 0 || i >= len(r.doc.Tokens) {
		return ""
	}
	return strings.ToLower(r.doc.Text(i))
}

func (r *Reader) class(i int) class {
	if i < 0 || i >= len(r.doc.Tokens) || r.doc.Tokens[i].Kind != text.Word {
		return 0
	}
	w := r.doc.Text(i)
	if c, ok := r.lex.words[w]; ok {
		return c
	}
	return r.lex.words[strings.ToLower(w)]
}

func (r *Reader) is(i int, c class) bool { return r.class(i)&c != 0 }

// At reads the voice at token i of the text.
func (r *Reader) At(i int) Reading {
	if q := r.quoteAt(i); q >= 0 {
		if r.speech(q) {
			if reading, ok := r.inSpeech(q, i); ok {
				return reading
			}
			return r.outside(i)
		}
		reading := r.outside(i)
		reading.Scare = !reading.Speaker && !r.titleQuote(q)
		return reading
	}
	return r.outside(i)
}

// outside reads the voice of a token that is in no speech quotation.
func (r *Reader) outside(i int) Reading {
	if reading, ok := r.governed(i); ok {
		return reading
	}
	if t, ok := r.turn(i); ok {
		return Reading{Speaker: t.Name != "", Source: t, Rule: "turn"}
	}
	if src, ok := r.labeled(i); ok {
		return Reading{Speaker: true, Source: src, Rule: "headline"}
	}
	if src, ok := r.carried(i); ok {
		return Reading{Speaker: true, Source: src, Rule: "carried"}
	}
	if r.prepare(); r.whole.Name != "" {
		return Reading{Speaker: true, Source: r.whole, Rule: "remarks"}
	}
	return Reading{Rule: "author"}
}

// labeled reads a headline that names its speaker in front of a colon: "Chip
// chief: the race is over".
func (r *Reader) labeled(i int) (Source, bool) {
	if !r.isHeadline {
		return Source{}, false
	}
	colon := 0
	for colon < min(len(r.doc.Tokens), 7) && r.doc.Text(colon) != ":" {
		colon++
	}
	if colon == 0 || colon >= min(len(r.doc.Tokens), 7) || i < colon {
		return Source{}, false
	}
	c := cue{srcFirst: 0, srcLast: colon, first: colon, last: colon + 1}
	if !r.is(colon-1, title) && !r.known(r.personal(0, colon)) {
		return Source{}, false
	}
	return r.resolve(&c), true
}

// carried reads a proposal that goes on without its verb: "The report urges a
// forum. That body could also". The sentence takes up the one before it and says
// what would be, so that it is still the same source's.
func (r *Reader) carried(i int) (Source, bool) {
	s := r.doc.SentenceAt(i)
	sent := r.doc.Sentences[s]
	if s == 0 || r.doc.Sentences[s-1].Paragraph != sent.Paragraph {
		return Source{}, false
	}
	switch r.word(sent.First) {
	case "that", "this", "these", "those", "it", "they", "such":
	default:
		return Source{}, false
	}
	modal := false
	for k := sent.First; k < i; k++ {
		switch r.word(k) {
		case "could", "would", "should":
			modal = true
		}
	}
	if !modal {
		return Source{}, false
	}
	cues := r.sentenceCues(s - 1)
	for k := len(cues) - 1; k >= 0; k-- {
		if c := &cues[k]; c.class&(urge|say) != 0 && !c.indefinite && !c.passive && c.srcFirst < c.srcLast {
			return r.resolve(c), true
		}
	}
	return Source{}, false
}

// quoteAt returns the outermost quotation that holds token i, or -1.
func (r *Reader) quoteAt(i int) int {
	best := -1
	for k, q := range r.doc.Quotes {
		if q.First > i {
			break
		}
		if i < q.Last && q.Depth == 0 {
			best = k
		}
	}
	return best
}

// scareWords is the most words that marks of distance or of a partial quotation
// enclose.
const scareWords = 6

// speech tells a quotation that is somebody's utterance from a few words in marks.
func (r *Reader) speech(k int) bool {
	q := r.doc.Quotes[k]
	n, last := 0, -1
	for i := q.First; i < q.Last; i++ {
		switch r.doc.Tokens[i].Kind {
		case text.Word, text.Number:
			n++
			last = i
		}
	}
	if r.titleQuote(k) {
		return false
	}
	if n > scareWords || q.Headless || q.Continues {
		return true
	}
	if last < 0 || q.Open {
		return false
	}
	if r.isHeadline && n > 2 && q.First == 0 && q.Last < len(r.doc.Tokens) && r.doc.Tokens[q.Last].Kind == text.Strong {
		return true
	}
	ended := last+1 < q.Last && (r.doc.Tokens[last+1].Kind == text.Stop || r.doc.Tokens[last+1].Kind == text.Comma)
	// American usage puts the comma inside the marks of a mere phrase too; an
	// utterance is also opened by a capital.
	opens := q.First+1 < q.Last && r.doc.Tokens[q.First+1].Upper
	whole := q.First == r.doc.Sentences[r.doc.SentenceAt(q.First)].First
	return ended && (whole && n > 2 || opens && n > 3 || r.toldBefore(q.First))
}

// titleQuote says that the marks of quotation k enclose the title of a work,
// whose long words all have capitals.
func (r *Reader) titleQuote(k int) bool {
	q := r.doc.Quotes[k]
	if r.isHeadline || q.Open || q.Headless || q.Continues {
		return false
	}
	words, upper, long := 0, 0, 0
	for i := q.First; i < q.Last; i++ {
		t := r.doc.Tokens[i]
		if t.Kind != text.Word {
			continue
		}
		words++
		if t.Upper {
			upper++
		}
		if t.End-t.Start > 3 {
			long++
			if !t.Upper && !r.is(i, preposition) {
				return false
			}
		}
	}
	return words > 2 && long > 1 && upper*2 > words
}

// toldBefore says that the mark at token i follows a verb of saying and comma.
func (r *Reader) toldBefore(i int) bool {
	return i > 1 && r.doc.Tokens[i-1].Kind == text.Comma && r.is(i-2, say)
}

// inSpeech reads a token inside speech q: the speaker of the quotation, or
// somebody whom that speaker tells about. A quotation inside a clause to which
// nobody is found is no utterance of its own.
func (r *Reader) inSpeech(k, i int) (Reading, bool) {
	r.prepare()
	a := r.quotes[k]
	q := r.doc.Quotes[k]
	if !a.known && q.First > 0 && !q.Headless && r.doc.Tokens[q.First-1].Kind == text.Word &&
		r.doc.SentenceAt(q.First-1) == r.doc.SentenceAt(q.First) {
		return Reading{}, false
	}
	reading := Reading{
		Speaker: true, Source: a.source, Rule: a.rule, Verb: a.verb, CueFirst: a.first, CueLast: a.last,
		QuoteFirst: q.First, QuoteLast: q.Last,
	}
	if a.author {
		reading.Speaker, reading.Source = false, Source{}
	}
	for _, c := range r.sentenceCues(r.doc.SentenceAt(i)) {
		if c.first < q.First || c.last > q.Last || !r.governs(&c, i) {
			continue
		}
		if c.indefinite || c.passive {
			reading.Told, reading.TellFirst, reading.TellLast = true, c.first, c.last
		}
	}
	return reading, true
}

// governed reads the reporting verbs and attribution phrases of the sentence.
// The innermost definite source in front of the words speaks: in "Liu said that
// investors called it a race", the investors. Without one it is a source behind
// them. An indefinite source between the speaker and the words makes the
// speaker, or else the author, report.
func (r *Reader) governed(i int) (Reading, bool) {
	var out Reading
	found, ahead := false, false
	for _, c := range r.sentenceCues(r.doc.SentenceAt(i)) {
		if !r.governs(&c, i) {
			continue
		}
		switch {
		case c.indefinite || c.passive:
			if !out.Told {
				out.Told, out.TellFirst, out.TellLast, out.Held = true, c.first, c.last, c.rule == "holder"
			}
		case !found || c.first < i && c.class != 0 || out.Source.Name == "" && c.after:
			if found && ahead && c.class&(say|reject|call|think|weak) == 0 {
				continue
			}
			found, ahead = true, c.first < i
			out.Speaker, out.Source, out.Rule, out.Verb = true, r.resolve(&c), c.rule, c.verb
			out.CueFirst, out.CueLast = c.first, c.last
			if out.Told && out.TellFirst < c.first && c.first < i && !out.Held {
				out.Told, out.TellFirst, out.TellLast = false, 0, 0
			}
		}
	}
	if found || !out.Told {
		return out, found
	}
	out.Rule = "indefinite"
	if t, ok := r.turn(i); ok {
		out.Speaker, out.Source = t.Name != "", t
	} else if r.prepare(); r.whole.Name != "" {
		out.Speaker, out.Source = true, r.whole
	}
	return out, true
}
