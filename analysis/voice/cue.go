package voice

import (
	"strings"

	"framewatch/analysis/text"
)

// cue is one place where a sentence says whose words or thoughts follow or go
// before: a verb with its subject, or an attribution phrase.
type cue struct {
	rule        string
	verb        string // base form
	class       class
	first, last int // the verb or phrase, as tokens
	// The source noun phrase; srcFirst == srcLast if there is none.
	srcFirst, srcLast int
	phrase            int // where the noun phrase around the source starts, 0: at srcFirst
	indefinite        bool
	passive           bool
	after             bool // the words go before the cue
	timed             bool // the cue stands in a clause of time, which a comma ends
}

// sentenceCues returns the cues of sentence s in order.
func (r *Reader) sentenceCues(s int) []cue {
	if got, ok := r.cues[s]; ok {
		return got
	}
	sent := r.doc.Sentences[s]
	var out []cue
	for i := sent.First; i < sent.Last; i++ {
		for _, read := range r.readers(i) {
			if got, ok := read(i, sent); ok {
				out = append(out, got)
				break
			}
		}
	}
	for i := range out {
		// "Some see it as what they call": those are still nobody.
		for k := 0; k < i && r.word(out[i].srcFirst) == "they" && out[i].srcLast-out[i].srcFirst == 1; k++ {
			out[i].indefinite = out[i].indefinite || out[k].indefinite && out[k].srcFirst < out[k].srcLast
		}
	}
	r.cues[s] = out
	return out
}

// readers returns the ways in which token i can start a cue, in order.
func (r *Reader) readers(i int) []func(int, text.Sentence) (cue, bool) {
	c := r.class(i)
	if (c&thought != 0 || r.isAnswer(i)) && r.doc.Tokens[i].Kind == text.Word {
		if _, ok := r.holdingCue(i, r.doc.Sentences[r.doc.SentenceAt(i)]); ok {
			return []func(int, text.Sentence) (cue, bool){r.holdingCue}
		}
	}
	switch {
	case c&verbs != 0 && c&attitude != 0:
		return []func(int, text.Sentence) (cue, bool){r.attitudeCue, r.verbCue}
	case c&verbs != 0 && c&thought != 0:
		return []func(int, text.Sentence) (cue, bool){r.verbCue, r.thoughtCue, r.phraseCue}
	case c&verbs != 0:
		return []func(int, text.Sentence) (cue, bool){r.verbCue, r.phraseCue}
	case c&attitude != 0:
		return []func(int, text.Sentence) (cue, bool){r.attitudeCue}
	case c&thought != 0:
		return []func(int, text.Sentence) (cue, bool){r.thoughtCue, r.phraseCue}
	case r.doc.Tokens[i].Kind == text.Word:
		return []func(int, text.Sentence) (cue, bool){r.idiomCue, r.phraseCue}
	}
	return nil
}

// governs says that the words at token i are told under the cue.
func (r *Reader) governs(c *cue, i int) bool {
	if i >= c.srcFirst && i < c.srcLast {
		return false
	}
	if i >= c.first && i < c.last {
		// To reject something is said by whoever rejects it.
		return c.class == reject && c.rule != "passive"
	}
	if c.class == 0 {
		return true // according to X covers its sentence
	}
	if i < c.first {
		return c.after || c.class == urge && r.aim(c)
	}
	if c.after && r.separated(c.last, i) && !r.parenthetical(c) {
		return false
	}
	for j := c.last; j < i; j++ {
		t := r.doc.Tokens[j]
		switch {
		case t.Kind == text.Strong && r.doc.Text(j) == ";":
			return false
		case t.Kind == text.Comma && c.timed:
			return false
		case t.Kind == text.Comma && (c.rule == "relative" || c.after) && r.resumes(c, j+1):
			return false
		}
	}
	switch {
	case c.class&(say|think|urge|reject) != 0:
		return true
	case c.class == weak:
		return c.after || r.tells(c) || c.srcFirst < c.srcLast && r.is(c.srcLast-1, writing)
	}
	return r.called(c, i)
}

// resumes says that the author goes on behind the comma that ends a cue's
// clause: "Lee, who warned of it, is", "said Lee, and went back to".
func (r *Reader) resumes(c *cue, i int) bool {
	if w := r.word(i); c.after && (w == "and" || w == "but" || w == "before" || w == "then") {
		i++
	} else if c.after {
		return false
	}
	if r.is(i, adverb) {
		i++
	}
	switch r.wordTag(i) {
	case "VBZ", "VBD":
		return true
	case "MD":
		return !c.after
	}
	return r.is(i, passive) || r.is(i, auxiliary) && !c.after
}

// aim says that the sentence of an urging starts with what it is for: "To keep
// the lead, the board called on Oslo".
func (r *Reader) aim(c *cue) bool {
	first := r.doc.Sentences[r.doc.SentenceAt(c.first)].First
	return r.word(first) == "to" && c.srcFirst > first+1 && r.doc.Tokens[c.srcFirst-1].Kind == text.Comma
}

// parenthetical says that the cue, between commas, parts a subject from its own
// verb: "The Moon, says Tan, had no".
func (r *Reader) parenthetical(c *cue) bool {
	start, end := min(c.first, c.srcFirst), max(c.last, c.srcLast)
	sent := r.doc.Sentences[r.doc.SentenceAt(c.first)]
	if start <= sent.First+1 || end >= sent.Last || r.doc.Tokens[start-1].Kind != text.Comma || r.doc.Tokens[end].Kind != text.Comma {
		return false
	}
	for k := sent.First; k < start-1; k++ {
		if r.doc.Tokens[k].Kind == text.Close || r.is(k, auxiliary) {
			return false
		}
		switch r.tag(k) {
		case "VBZ", "VBD", "VBP", "MD":
			return false
		}
	}
	return true
}

// tells says that a clause or a quotation follows the verb.
func (r *Reader) tells(c *cue) bool {
	last := r.doc.Sentences[r.doc.SentenceAt(c.first)].Last
	for j := c.last; j < min(last, c.last+4); j++ {
		if r.word(j) == "that" || r.doc.Tokens[j].Kind == text.Open && !r.opensTitle(j) {
			return true
		}
	}
	for j := c.last; j < min(last, c.last+12); j++ {
		if k := r.doc.Tokens[j].Kind; k == text.Comma || k == text.Strong || k == text.Stop || r.is(j, boundary) {
			return false
		}
		switch r.tag(j) {
		case "VBZ", "VBP", "VBD", "MD":
			return j > c.last
		}
	}
	return false
}

// opensTitle says that the mark at token i opens the title of a work.
func (r *Reader) opensTitle(i int) bool {
	k := r.quoteAt(i)
	return k >= 0 && r.doc.Quotes[k].First == i && r.titleQuote(k)
}

// separated says that a sentence of the author's own may stand between: a cue
// that follows its quotation governs nothing after its source.
func (r *Reader) separated(from, i int) bool {
	for j := from; j < i; j++ {
		if k := r.doc.Tokens[j].Kind; k == text.Comma || k == text.Strong {
			return false
		}
	}
	return true
}

// called says that token i is what a verb of naming names: behind "as", or its
// second object. What stands between the verb and "as" is the author's.
func (r *Reader) called(c *cue, i int) bool {
	for j := c.last; j < i; j++ {
		if r.word(j) == "as" {
			return true
		}
	}
	for j := i; j < r.doc.Sentences[r.doc.SentenceAt(i)].Last; j++ {
		if r.word(j) == "as" && c.verb != "call" && c.verb != "dub" {
			return false
		}
		if r.doc.Tokens[j].Kind == text.Comma || r.doc.Tokens[j].Kind == text.Strong {
			break
		}
	}
	switch c.verb {
	case "see", "view", "regard", "treat", "cast", "point", "refer", "cite", "read":
		return c.verb == "cite" || c.verb == "see" && (c.indefinite || i-c.last < 3 && (r.word(c.last) == "a" || r.word(c.last) == "an"))
	case "applaud", "praise", "commend", "laud", "celebrate", "herald":
		return false
	}
	return true
}

// verbCue reads verb i with its subject.
func (r *Reader) verbCue(i int, sent text.Sentence) (cue, bool) {
	c := cue{rule: "verb", verb: r.lex.base[r.word(i)], class: r.class(i) & verbs, first: i, last: i + 1}
	if r.noun(i, sent) {
		return c, false
	}
	next := ""
	if i+1 < sent.Last {
		next = r.word(i + 1)
	}
	switch {
	case c.verb == "call" && next == "for", c.verb == "call" && next == "on":
		c.class, c.last = urge, i+2
	case c.verb == "push" && next == "back":
		c.class, c.last = reject, i+2
	case c.verb == "push", atVerb(c.verb) && next != "at":
		return c, false
	case (c.verb == "respond" || c.verb == "reply") && next == "to":
		c.class = weak
	case (c.verb == "continue" || c.verb == "ask") && next == "to":
		return c, false
	case c.verb == "feel" && next != "that":
		return c, false
	case c.verb == "disagree" && (next == "on" || next == "about" || next == "over"), c.verb == "consider" && (r.is(i+1, thought) || r.is(i+2, thought)):
		return c, false // they take no one side
	case c.verb == "point" && next == "out":
		c.class, c.last = say, i+2
	case c.verb == "point" && next != "to", c.verb == "refer" && next != "to":
		return c, false
	case (c.verb == "hold" || c.verb == "accept") && next != "that":
		return c, false
	case c.verb == "press" && next != "for", c.verb == "state" && i > sent.First && r.doc.Tokens[i].Upper:
		return c, false
	}
	if r.nounForm(&c, sent) || r.orders(&c, sent) {
		return c, false
	}
	if r.inverted(i, sent) {
		if to, ok := r.nounPhraseAfter(c.last, sent.Last); ok && r.closes(to, sent) && !r.clausal(c.last, to) {
			c.after, c.srcFirst, c.srcLast, c.rule = true, c.last, to, "inverted"
			if from, end, ok := r.nameBehind(c.last, to, sent); ok {
				c.phrase, c.srcFirst, c.srcLast = c.last, from, end
			}
			r.judge(&c)
			return c, true
		}
	}
	if r.isHeadline {
		if got, ok := r.headlineCue(c, i, sent); ok {
			return got, true
		}
	}
	c, ok := r.withSubject(c, i, sent)
	if ok && c.verb == "agree" && c.srcFirst < c.srcLast && r.personal(c.srcFirst, c.srcLast) == "" && !r.human(c.srcFirst, c.srcLast) && !r.is(c.srcFirst, pronoun) {
		return c, false // what sides agree on is an act, told by the author
	}
	if ok && r.isHeadline && r.transitive(i, sent) {
		return c, true
	}
	if !ok && c.class == call && c.verb != "compare" && c.verb != "see" && r.participle(i) && r.bare(i, sent) {
		c.passive, c.rule = true, "passive"
		return c, true
	}
	if ok && !c.after && !c.indefinite && r.is(i, ambiguous) && !r.surelyVerb(&c, next, sent) && !r.known(r.personal(c.srcFirst, c.srcLast)) && !(c.srcFirst < c.srcLast && r.is(c.srcLast-1, writing)) && strings.HasPrefix(r.tag(i), "NN") {
		return c, false
	}
	return c, ok
}

// surelyVerb says that a form which is as often a noun, and which the tagger
// takes for one, is a verb: behind its subject and before its clause.
func (r *Reader) surelyVerb(c *cue, next string, sent text.Sentence) bool {
	if c.verb == "call" && c.class == urge {
		return true
	}
	i := c.first
	if next != "that" && next != "whether" || i == sent.First || r.word(c.srcFirst) == "there" {
		return false
	}
	return r.doc.Tokens[i-1].Upper || r.plural(i-1) || r.plural(r.headBefore(i-1, sent))
}

// transitive says that verb i, in the third person, goes before its object.
func (r *Reader) transitive(i int, sent text.Sentence) bool {
	return strings.HasSuffix(r.word(i), "s") && i+1 < sent.Last && r.doc.Tokens[i+1].Kind == text.Word && !r.is(i+1, preposition|boundary|auxiliary)
}

// headlineCue reads what only headlines leave out: the auxiliary of "Charges
// called groundless by Lund", and the subject of "Lund Council Welcomes Plan,
// Calls It a Race".
func (r *Reader) headlineCue(c cue, i int, sent text.Sentence) (cue, bool) {
	if i == sent.First {
		return c, false
	}
	if c.class&call != 0 && r.participle(i) && !r.is(i-1, auxiliary) {
		for k := c.last; k+1 < sent.Last && k < c.last+12 && r.doc.Tokens[k].Kind == text.Word; k++ {
			if r.word(k) != "by" {
				continue
			}
			if to, ok := r.nounPhraseAfter(k+1, sent.Last); ok {
				c.srcFirst, c.srcLast, c.rule = k+1, to, "passive-by"
				r.judge(&c)
				return c, true
			}
		}
	}
	if r.doc.Tokens[i-1].Kind != text.Comma || !r.transitive(i, sent) {
		return c, false
	}
	if got, ok := r.inherit(c, i, sent); ok {
		return got, true
	}
	for to := sent.First + 1; to < i-1; to++ {
		if r.doc.Tokens[to].Kind != text.Word {
			continue
		}
		verb := strings.HasSuffix(r.word(to), "s") || strings.HasSuffix(r.word(to), "ed")
		if verb && !r.is(to, body) && (r.is(to-1, body) || r.known(r.personal(sent.First, to))) {
			c.srcFirst, c.srcLast, c.rule = sent.First, to, "headline"
			return c, true
		}
	}
	return c, false
}

// orders says that the verb gives an order, "told its ministries to buy": what a
// body has others do is news, told by the author.
func (r *Reader) orders(c *cue, sent text.Sentence) bool {
	if c.verb != "tell" && c.verb != "ask" {
		return false
	}
	i := c.last
	for i < sent.Last && i < c.last+8 && (r.doc.Tokens[i].Kind == text.Word || r.doc.Tokens[i].Kind == text.Clitic) && r.word(i) != "to" && r.word(i) != "that" {
		i++
	}
	if i == c.last || i+1 >= sent.Last || r.word(i) != "to" || r.doc.Tokens[i+1].Upper || r.is(i+1, determiner|pronoun|preposition) {
		return false
	}
	end := c.first
	for end > sent.First && r.is(end-1, auxiliary|adverb) {
		end--
	}
	from := r.subjectStart(end, sent)
	return from < end && r.personal(from, end) == "" && !r.human(from, end) && !r.is(end-1, pronoun)
}

// noun says that a form that is noun and verb is a noun here: behind a
// determiner, an adjective's "the", or a preposition.
func (r *Reader) noun(i int, sent text.Sentence) bool {
	if i == sent.First {
		return !strings.HasSuffix(r.word(i), "ing") && !r.participle(i)
	}
	if r.doc.Tokens[i].Upper && r.doc.Tokens[i-1].Upper && r.doc.Tokens[i-1].Kind == text.Word && r.lex.words[r.word(i-1)]&(pronoun) == 0 {
		return true
	}
	prev := i - 1
	if r.doc.Tokens[prev].Kind == text.Hyphen {
		return true // "AI-related"
	}
	if r.doc.Tokens[prev].Kind == text.Clitic {
		return strings.HasSuffix(r.word(prev), "s") && !r.is(prev-1, pronoun)
	}
	switch r.word(prev) {
	case "another", "one", "two", "three", "four", "five", "six", "both":
		if !r.is(i, ambiguous) || r.word(i) == "call" && (r.word(i+1) == "for" || r.word(i+1) == "on") {
			return false // "Another said": the number stands for people
		}
	}
	if r.is(prev, determiner) && !r.is(prev, pronoun|indefinite) && r.word(prev) != "all" && r.word(prev) != "both" && r.word(prev) != "that" {
		return true
	}
	if r.is(prev, preposition) && !strings.HasSuffix(r.word(i), "ing") && r.word(prev) != "to" {
		return true
	}
	return false
}

// nounForm says that a form which could be a verb is a noun after all: a bare
// form behind no plural or auxiliary, or an -s form before a verb.
func (r *Reader) nounForm(c *cue, sent text.Sentence) bool {
	i := c.first
	if i+1 < sent.Last && r.is(i+1, auxiliary) && r.word(i+1) != "to" && strings.HasSuffix(r.word(i), "s") && !r.is(i-1, pronoun) && (r.is(i, ambiguous) || r.word(i-1) != "that" && !r.doc.Tokens[i-1].Upper) {
		return true
	}
	if !r.is(i, ambiguous) || r.word(i) != c.verb {
		return false
	}
	prev := i - 1
	for prev > sent.First && (r.is(prev, adverb) || strings.HasSuffix(r.word(prev), "ly")) {
		prev--
	}
	if r.is(prev, auxiliary|pronoun|first|indefinite) || r.word(prev) == "not" || strings.HasSuffix(r.word(prev), "n't") || strings.HasSuffix(r.word(prev), "n’t") {
		return false
	}
	switch r.word(prev) {
	case "people", "men", "women", "police", "media", "we", "they", "you", "i", "who", "and", "two", "three", "four", "five", "six", "both":
		return false
	default:
		return !r.plural(prev) && !r.plural(r.headBefore(prev, sent))
	}
}

func (r *Reader) plural(i int) bool {
	w := r.word(i)
	return r.doc.Tokens[i].Kind == text.Word && strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss")
}

// headBefore returns the head of the noun phrase that ends at token i: what
// stands before its first preposition.
func (r *Reader) headBefore(i int, sent text.Sentence) int {
	from := r.subjectStart(i+1, sent)
	for k := from + 1; k <= i; k++ {
		if r.is(k, preposition) {
			return k - 1
		}
	}
	return i
}

// atVerb names verbs that reject something only with "at".
func atVerb(verb string) bool {
	switch verb {
	case "laugh", "sneer", "balk", "chafe", "shrug", "wince", "groan":
		return true
	}
	return false
}

// bare says that participle i has no subject or auxiliary of its own: it opens
// the sentence or follows a comma, "widely dubbed China's Sputnik moment".
func (r *Reader) bare(i int, sent text.Sentence) bool {
	for i > sent.First && (r.is(i-1, adverb|indefinite) || strings.HasSuffix(r.word(i-1), "ly")) {
		i--
	}
	return i == sent.First || r.doc.Tokens[i-1].Kind == text.Comma
}

// inverted says that verb i follows its quotation and goes before its subject:
// "…,” said Liu", "…, says the report".
func (r *Reader) inverted(i int, sent text.Sentence) bool {
	if i == sent.First || i+1 >= sent.Last || r.lex.words[r.word(i)]&(say|think) == 0 {
		return false
	}
	k := r.doc.Tokens[i-1].Kind
	if k != text.Close && k != text.Comma && k != text.Strong && k != text.Stop {
		return false
	}
	w := r.word(i)
	if strings.HasSuffix(w, "ing") {
		return false
	}
	next := i + 1
	if r.doc.Tokens[i].Upper || addresses(r.lex.base[w]) && k != text.Close {
		return false
	}
	if (r.doc.Tokens[next].Upper || r.is(next, title)) && r.word(next) != "i" {
		return true
	}
	for j := next + 1; j < min(sent.Last, next+3) && k == text.Comma; j++ {
		if r.is(j, title) && j+1 < sent.Last && r.doc.Tokens[j+1].Upper {
			return true // "says budget analyst Mei Tan"
		}
	}
	return r.is(next, determiner|pronoun) && r.word(next) != "that"
}

// nameBehind returns the name that a comma parts from a description among tokens
// [from, to): "said the minister, Mei Tan".
func (r *Reader) nameBehind(from, to int, sent text.Sentence) (first, end int, ok bool) {
	if !r.is(from, determiner) && !r.plausibleRole(from, to) || r.personal(from, to) != "" || to+1 >= sent.Last || r.doc.Tokens[to].Kind != text.Comma {
		return 0, 0, false
	}
	first = to + 1
	for end = first; end < sent.Last && r.capital(end); end++ {
	}
	if end < sent.Last && r.doc.Tokens[end].Kind == text.Word && !r.is(end, preposition|timeWord) {
		return 0, 0, false
	}
	name := r.personal(first, end)
	return first, end, strings.Contains(name, " ")
}

// plausibleRole says that tokens [from, to) end in a title.
func (r *Reader) plausibleRole(from, to int) bool { return from < to && r.is(to-1, title) }

// clausal says that a finite verb stands among tokens [from, to): "says the
// country holds a lead" has no inverted subject.
func (r *Reader) clausal(from, to int) bool {
	for i := from + 1; i < to; i++ {
		if r.doc.Tokens[i].Upper {
			continue
		}
		switch r.tag(i) {
		case "VBZ", "VBD", "VBP", "MD":
			return true
		}
	}
	return false
}

// closes says that what ends before token i can be an inverted subject: no
// clause of its own goes on from it.
func (r *Reader) closes(i int, sent text.Sentence) bool {
	if i >= sent.Last || r.doc.Tokens[i].Kind != text.Word {
		return true
	}
	return r.is(i, preposition|timeWord) || r.word(i) == "who"
}

// nounPhraseAfter returns the end of the noun phrase that starts at token from.
func (r *Reader) nounPhraseAfter(from, last int) (int, bool) {
	i := from
	for i < last {
		t := r.doc.Tokens[i]
		if r.abbreviated(i) {
			i++
			continue
		}
		if t.Kind == text.Stop || t.Kind == text.Comma || t.Kind == text.Strong || t.Kind == text.Open || t.Kind == text.Close {
			break
		}
		if i > from && (r.is(i, boundary) && r.word(i) != "and" || r.is(i, verbs|auxiliary) && !t.Upper && !r.is(i-1, determiner) && !r.is(i, writing)) {
			break
		}
		if r.is(i, preposition) && !r.linking(i) && !r.officeUnder(i, last) {
			break
		}
		i++
	}
	return i, i > from
}

// abbreviated says that token i is the period of an abbreviated title or of an
// initial, behind which the name goes on: "Rep. Ada Wright", "Ada M. Wright".
func (r *Reader) abbreviated(i int) bool {
	return i > 0 && i+1 < len(r.doc.Tokens) && r.doc.Tokens[i].Kind == text.Stop && r.capital(i) &&
		r.doc.Tokens[i+1].Kind == text.Word && r.doc.Tokens[i+1].Upper && r.doc.SentenceAt(i) == r.doc.SentenceAt(i+1)
}

// officeUnder says that the preposition at token i belongs to an office: "Under
// Secretary".
func (r *Reader) officeUnder(i, last int) bool {
	return r.word(i) == "under" && r.doc.Tokens[i].Upper && i+1 < last && r.word(i+1) == "secretary"
}

// linking prepositions may stand inside the name of a source.
func (r *Reader) linking(i int) bool {
	switch r.word(i) {
	case "of", "at", "for", "from", "with", "by":
		return true
	}
	return false
}

// withSubject reads the subject on the left of the verb.
func (r *Reader) withSubject(c cue, i int, sent text.Sentence) (cue, bool) {
	if i == sent.First && strings.HasSuffix(r.word(i), "ing") {
		return r.participleCue(c, i, sent)
	}
	j := r.beforeAdjunct(sent.First, i) - 1
	if j > sent.First && r.doc.Tokens[j].Kind == text.Clitic && r.participle(i) {
		switch w := r.word(j); w[len(w)-1:] {
		case "m", "e": // "I’m told", "we’re told"
			c.passive = w[len(w)-1:] == "m" || strings.HasSuffix(w, "re")
		}
	}
	for j >= sent.First && !(j > sent.First && (r.word(j) == "second" || r.word(j) == "first") && r.is(j-1, determiner)) && (r.is(j, auxiliary|adverb) && !r.is(j, pronoun) || strings.HasSuffix(r.word(j), "ly") || r.word(j) == "n't" || r.word(j) == "n’t" || r.word(j) == "going") {
		if w := r.word(j); j == sent.First && (w == "both" || w == "each" || w == "all") {
			break // those are who speaks
		}
		if r.is(j, passive) && r.participle(i) {
			c.passive = true
		}
		switch r.word(j) {
		case "to":
			return r.infinitive(c, j, sent)
		case "should", "must", "can", "could", "may", "might", "shall":
			return c, false // what somebody ought to say is not said
		}
		j--
	}
	if j >= sent.First && r.doc.Tokens[j].Kind == text.Clitic {
		j--
	}
	if j < sent.First {
		return c, false
	}
	if c.passive {
		return r.passiveCue(c, j, sent)
	}
	if r.participle(i) && j == i-1 && r.doc.Tokens[j].Kind == text.Word && i+1 < sent.Last && (r.is(i+1, preposition|adverb) || strings.HasSuffix(r.word(i+1), "ly")) && r.word(i+1) != "that" && r.tag(i) == "VBN" &&
		!(j > sent.First && r.word(j-1) == "that" && r.plural(j)) {
		return c, false // "the work described in the memo"
	}
	if strings.HasSuffix(r.word(i), "ing") && j == i-1 {
		return r.participleCue(c, i, sent)
	}
	end := j + 1
	switch {
	case r.doc.Tokens[j].Kind == text.Comma:
		return r.afterAppositive(c, j, sent)
	case r.is(j, pronoun) && r.word(j) == "who":
		return r.relative(c, j, sent)
	}
	from := r.subjectStart(end, sent)
	if from < end && from > sent.First+1 && (r.word(from-1) == "that" || r.word(from-1) == "which") && r.class(from)&(determiner|pronoun|indefinite) != 0 {
		// "The letter that both of them signed warns"
		if start := r.subjectStart(from-1, sent); start < from-1 && r.is(from-2, writing) && r.nominal(start, from-1) {
			from, end = start, from-1
		}
	}
	if from >= end {
		if j > sent.First && (r.word(j) == "that" || r.word(j) == "which") && c.class&(say|urge) != 0 {
			return r.tellingThing(c, j, sent)
		}
		if j > sent.First && r.word(j) == "and" {
			return r.coordinate(c, j, sent)
		}
		return c, false
	}
	if from > sent.First && r.participle(i) && r.word(from-1) == "by" && (i+1 >= sent.Last || r.doc.Tokens[i+1].Kind != text.Word) {
		return c, false // "by the people accused."
	}
	c.srcFirst, c.srcLast = from, end
	c.after = from > sent.First && (r.afterQuote(from-1, sent) || r.inserted(from, &c, sent)) && r.ends(&c, sent)
	if from > sent.First {
		c.timed = r.is(from-1, timeWord)
		switch r.word(from - 1) {
		case "whatever", "whichever", "however", "no", "whoever", "like":
			return c, false
		case "what":
			c.timed = true // "what Lee called a race, is"
			if w := r.word(end - 1); c.class == call && (w == "press" || w == "media" || r.plural(end-1)) && r.personal(from, end) == "" {
				c.indefinite = true // "what the press calls a race"
			}
		case "how":
			if next := r.word(c.last); c.class&(say|call) != 0 && (next == "it" || next == "them" || next == "this" || next == "that") {
				c.class, c.after, c.timed, c.rule = say, true, false, "how-said"
			}
		case "as":
			if c.verb == "see" && r.word(c.last) == "it" {
				c.class, c.timed, c.rule = 0, false, "as-said"
			}
			if c.class&(say|weak) != 0 && (c.last >= sent.Last || r.doc.Tokens[c.last].Kind != text.Word || r.word(c.last) == "it") {
				c.class, c.timed, c.rule = 0, false, "as-said"
			}
		}
	}
	r.judge(&c)
	if end-from == 1 && r.word(from) == "it" && (r.mutePronoun(from) || c.class == urge && !r.spoke(from)) {
		return c, false // of a metaphor; or a plan's ambition, as told by the author
	}
	switch c.verb {
	case "regard", "treat", "see", "view":
		if _, place := r.lex.countries[strings.ToLower(r.doc.Slice(from, end))]; place {
			return c, false // a state's view of things, told by the author
		}
	}
	return c, !(r.is(end-1, first) && r.word(end-1) != "one") && !(r.is(from, first) && r.word(from) != "one") && r.plausible(from, end)
}

// tellingThing reads "a letter that warns of", "the plan, which called for": a
// writing or a body tells, or those who signed it.
func (r *Reader) tellingThing(c cue, j int, sent text.Sentence) (cue, bool) {
	end := j
	if end > sent.First && r.doc.Tokens[end-1].Kind == text.Comma {
		end--
	}
	end = r.beforeAdjunct(sent.First, end)
	from := r.subjectStart(end, sent)
	if from >= end {
		return c, false
	}
	if r.is(end-1, writing) {
		if got, ok := r.document(c, end, sent); ok && got.srcLast < end-1 {
			return got, true
		}
		c.srcFirst, c.srcLast, c.rule = r.trailing(from, end), end, "relative"
		return c, true
	}
	head := from
	for head+1 < end && !r.is(head+1, preposition) && !(strings.HasSuffix(r.word(head+1), "ed") && head > from) {
		head++
	}
	if !r.is(head, writing|body) && r.word(head) != "plan" || r.is(head, mute) {
		return c, false
	}
	c.srcFirst, c.srcLast, c.rule = from, head+1, "relative"
	r.judge(&c)
	return c, true
}

// inserted says that the cue stands between commas behind an opening phrase:
// "Instead of a race, Lee said, they should".
func (r *Reader) inserted(from int, c *cue, sent text.Sentence) bool {
	return r.doc.Tokens[from-1].Kind == text.Comma && from-1 > sent.First+1 && c.last < sent.Last && r.doc.Tokens[c.last].Kind == text.Comma && c.class&(say|think) != 0
}

// spoke says that "it" at token i takes up a writing, or whoever spoke in the
// sentence before.
func (r *Reader) spoke(i int) bool {
	s := r.doc.SentenceAt(i)
	if s == 0 || r.doc.Sentences[s-1].Paragraph != r.doc.Sentences[s].Paragraph {
		return false
	}
	for _, c := range r.sentenceCues(s - 1) {
		if c.class&(say|reject) != 0 && !c.passive && !c.indefinite && c.srcFirst < c.srcLast {
			return true
		}
	}
	from, to := r.subjectOf(r.doc.Sentences[s-1])
	return from < to && (r.is(to-1, writing) || r.word(to-1) == "document")
}

// mutePronoun says that "it" at token i takes up what says nothing.
func (r *Reader) mutePronoun(i int) bool {
	s := r.doc.SentenceAt(i)
	if s == 0 || r.doc.Sentences[s-1].Paragraph != r.doc.Sentences[s].Paragraph {
		return false
	}
	from, to := r.subjectOf(r.doc.Sentences[s-1])
	return from < to && r.speechless(from, to)
}

// plausible refuses a bare singular noun as a source: what stands there is
// rarely a subject.
func (r *Reader) plausible(from, end int) bool {
	switch r.word(from) {
	case "nothing", "none", "nobody", "no":
		return false
	}
	if r.speechless(from, end) {
		return false
	}
	if end-from > 1 || r.doc.Tokens[from].Upper || r.is(from, pronoun|indefinite|determiner|writing|first) {
		return true
	}
	return strings.HasSuffix(r.word(from), "s") || r.word(from) == "people"
}

// speechless says that a noun phrase is one of those that say nothing, or holds
// nothing but adverbs.
func (r *Reader) speechless(from, end int) bool {
	head, only := from, true
	for i := from; i < end && !(i > from && r.is(i, preposition)); i++ {
		head = i
		only = only && r.is(i, adverb) && !r.is(i, determiner|pronoun|indefinite)
	}
	return only || r.is(head, mute) && !r.doc.Tokens[head].Upper
}

// participle says that verb i is a past participle.
func (r *Reader) participle(i int) bool {
	w := r.word(i)
	return strings.HasSuffix(w, "ed") || w == "seen" || w == "cast" || w == "said" || w == "told" || w == "written" || w == "thought" || w == "taken"
}

// passiveCue keeps "has been called" as the report of nobody in particular, or
// of whoever stands behind "by".
func (r *Reader) passiveCue(c cue, j int, sent text.Sentence) (cue, bool) {
	for k := c.last; k < min(sent.Last, c.last+12); k++ {
		if r.word(k) == "by" && k+1 < sent.Last && (r.doc.Tokens[k+1].Upper || r.is(k+1, determiner)) {
			if to, ok := r.nounPhraseAfter(k+1, sent.Last); ok {
				c.passive, c.srcFirst, c.srcLast, c.rule = false, k+1, to, "passive-by"
				r.judge(&c)
				return c, true
			}
		}
		if r.doc.Tokens[k].Kind == text.Comma || r.is(k, auxiliary) || strings.HasSuffix(r.word(k), "ed") || strings.HasSuffix(r.word(k), "ing") {
			break
		}
	}
	switch {
	case (c.verb == "see" || c.verb == "view" || c.verb == "regard") && !r.followedByAs(c.last, sent):
		return c, false
	case c.class&call != 0:
	case c.verb == "tell" || c.verb == "say" || c.verb == "believe" || c.verb == "think" || c.verb == "fear" || c.verb == "consider" || c.verb == "accuse":
	default:
		return c, false
	}
	c.rule = "passive"
	return c, j >= sent.First
}

// followedByAs says that "as" follows token i soon.
func (r *Reader) followedByAs(i int, sent text.Sentence) bool {
	for k := i; k < min(sent.Last, i+8); k++ {
		if r.word(k) == "as" {
			return true
		}
	}
	return false
}

// participleCue attaches "…, citing X" to the subject of the cue before it.
func (r *Reader) participleCue(c cue, i int, sent text.Sentence) (cue, bool) {
	if i == sent.First {
		return r.opening(c, sent)
	}
	if r.is(i-1, writing) && c.class&(say|weak) != 0 {
		return r.document(c, i, sent)
	}
	for from := i - 1; from > sent.First && from > i-8 && c.class&say != 0 && r.doc.Tokens[from].Kind == text.Word; from-- {
		switch r.word(from - 1) {
		case "quoted", "quotes", "quoting", "cited", "cites", "citing":
			c.srcFirst, c.srcLast, c.rule = from, i, "quoted"
			r.judge(&c)
			return c, true
		}
	}
	if c.class&(say|call|urge|reject) == 0 || r.doc.Tokens[i-1].Kind != text.Comma {
		return c, false
	}
	return r.ofSentence(c, i, sent)
}

// opening reads "Rejecting talk of X, Ruiz called": the subject of the main
// clause speaks up to the comma.
func (r *Reader) opening(c cue, sent text.Sentence) (cue, bool) {
	comma := c.last
	for comma < sent.Last && r.doc.Tokens[comma].Kind != text.Comma {
		comma++
	}
	if c.class&(say|urge|reject) == 0 || comma+1 >= sent.Last || !r.doc.Tokens[comma+1].Upper && !r.is(comma+1, determiner|pronoun) {
		return c, false
	}
	for to := comma + 1; to < sent.Last; to++ {
		if k := r.doc.Tokens[to].Kind; k != text.Word && k != text.Hyphen && k != text.Clitic {
			break
		}
		tag := r.tag(to)
		if to > comma+1 && (tag == "VBD" || tag == "VBZ" || tag == "VBP" || tag == "MD" || r.is(to, verbs) && !r.doc.Tokens[to].Upper) {
			c.srcFirst, c.srcLast, c.timed, c.rule = comma+1, to, true, "opening"
			r.judge(&c)
			return c, !c.indefinite
		}
	}
	return c, false
}

// ofSentence takes the source of the cue on the left or, if there is none, the
// subject of the sentence: "The commission lists reasons, noting that".
func (r *Reader) ofSentence(c cue, i int, sent text.Sentence) (cue, bool) {
	if got, ok := r.inherit(c, i, sent); ok {
		return got, true
	}
	from := r.afterDateline(sent)
	for from < i && (r.is(from, boundary|adverb) && !r.is(from, determiner) || r.doc.Tokens[from].Kind == text.Open) {
		from++
	}
	if r.is(from, preposition) {
		return c, false
	}
	for to := from; to < i; to++ {
		tag := r.tag(to)
		if !strings.HasPrefix(tag, "VB") && tag != "MD" && !r.is(to, adverb) || r.is(to, title) && !r.is(to, verbs) {
			if k := r.doc.Tokens[to].Kind; k == text.Comma || k == text.Strong {
				return c, false
			}
			continue
		}
		if to == from || r.is(to-1, first) || r.is(to-1, pronoun) && r.word(to-1) == "it" {
			return c, false
		}
		for to > from+1 && r.is(to-1, preposition) {
			to-- // "the board on" Friday
		}
		c.srcFirst, c.srcLast, c.rule = from, to, "subject"
		r.judge(&c)
		return c, !c.indefinite && !r.speechless(from, to)
	}
	return c, false
}

// afterDateline returns where the sentence starts behind "OSLO, July 4 (AP) -".
func (r *Reader) afterDateline(sent text.Sentence) int {
	if w := r.doc.Text(sent.First); len(w) < 3 || w != strings.ToUpper(w) {
		return sent.First
	}
	for k := sent.First + 1; k < min(sent.Last, sent.First+14); k++ {
		switch r.doc.Text(k) {
		case "-", "--", "–", "—":
			if r.doc.Tokens[k].Start > r.doc.Tokens[k-1].End {
				return min(k+1, sent.Last-1)
			}
		}
	}
	return sent.First
}

// document reads "signed a declaration warning that": those who signed speak,
// or else the document.
func (r *Reader) document(c cue, i int, sent text.Sentence) (cue, bool) {
	c.class, c.rule = say, "document"
	for k := i - 1; k > sent.First; k-- {
		switch r.word(k) {
		case "signed", "issued", "published", "released", "wrote", "sent", "adopted", "endorsed", "signatories", "backed":
			from := r.subjectStart(k, sent)
			if r.word(k) == "signatories" {
				c.srcFirst, c.srcLast = max(from, k-1), k+1
				return c, true
			}
			if comma := r.commaBefore(k, sent); from < k || comma > 0 {
				if from >= k || !r.nominal(from, k) || from > sent.First && r.word(from-1) == "and" {
					from = r.listStart(k, sent)
				}
				c.srcFirst, c.srcLast = from, k
				return c, true
			}
		}
	}
	from := r.subjectStart(i, sent)
	c.srcFirst, c.srcLast = r.trailing(from, i), i
	return c, c.srcFirst < c.srcLast
}

// listStart returns where an enumeration before token k starts.
func (r *Reader) listStart(k int, sent text.Sentence) int {
	start := sent.First
	for from := k; from > sent.First; from-- {
		if t := r.doc.Tokens[from-1]; t.Kind == text.Stop || t.Kind == text.Strong || t.Kind == text.Close {
			start = from
			break
		}
	}
	for i := start; i < k; i++ {
		if r.doc.Tokens[i].Kind == text.Number || r.is(i, determiner) && r.word(i) != "the" {
			return i
		}
	}
	return start
}

// coordinate attaches "said X and warned Y" to the subject of the cue before, or
// "laughed and said" to that of the sentence.
func (r *Reader) coordinate(c cue, j int, sent text.Sentence) (cue, bool) {
	got, ok := r.ofSentence(c, j, sent)
	if ok && got.rule == "subject" {
		got.rule = "coordinate"
	}
	return got, ok
}

// infinitive attaches "went on to say" and the like to the subject before.
func (r *Reader) infinitive(c cue, j int, sent text.Sentence) (cue, bool) {
	if j == sent.First {
		return c, false
	}
	switch r.word(j - 1) {
	case "as":
		if j > sent.First+2 && r.word(j-2) == "far" {
			return r.ofSentence(c, j, sent)
		}
	case "used":
		if from := r.subjectStart(j-1, sent); from < j-1 {
			c.srcFirst, c.srcLast = from, j-1
			c.after = from > sent.First && (r.afterQuote(from-1, sent) || r.inserted(from, &c, sent)) && r.ends(&c, sent)
			r.judge(&c)
			return c, r.plausible(from, j-1)
		}
	case "on", "seemed", "appeared", "continued", "continues":
		return r.inherit(c, j, sent)
	case "trying", "seeking", "attempting":
		return r.ofSentence(c, j, sent)
	}
	return c, false
}

// inherit takes the source of the nearest cue on the left in the sentence.
func (r *Reader) inherit(c cue, before int, sent text.Sentence) (cue, bool) {
	for k := before - 1; k >= sent.First; k-- {
		if r.class(k)&verbs == 0 {
			continue
		}
		if prev, ok := r.verbCue(k, sent); ok && prev.srcFirst < prev.srcLast {
			c.srcFirst, c.srcLast, c.indefinite, c.passive = prev.srcFirst, prev.srcLast, prev.indefinite, prev.passive
			c.rule = "coordinate"
			return c, true
		}
	}
	return c, false
}

// afterAppositive reads the subject across "…, director of the center, said".
func (r *Reader) afterAppositive(c cue, j int, sent text.Sentence) (cue, bool) {
	if first, ok := r.openingSubject(j, sent); ok {
		c.srcFirst, c.srcLast, c.rule = sent.First, first, "appositive"
		r.judge(&c)
		return c, true
	}
	open := r.commaBefore(j, sent)
	if open > sent.First && (!r.doc.Tokens[open-1].Upper || r.is(r.subjectStart(open, sent), determiner)) && j-open <= 6 && r.doc.Tokens[open+1].Upper && r.personal(open+1, j) == r.doc.Slice(open+1, j) {
		if from := r.subjectStart(open, sent); from < open && r.personal(from, open) == "" {
			c.srcFirst, c.srcLast, c.rule, c.phrase = open+1, j, "appositive", from
			c.after = from > sent.First && r.afterQuote(from-1, sent) && r.ends(&c, sent)
			return c, true
		}
	}
	for open > sent.First {
		from := r.subjectStart(open, sent)
		if from+1 < open && r.word(from+1) == "who" {
			break
		}
		if from < open && r.nominal(from, open) && !r.speechless(from, open) {
			c.srcFirst, c.srcLast, c.rule = from, open, "appositive"
			c.after = from > sent.First && r.afterQuote(from-1, sent) && r.ends(&c, sent)
			r.judge(&c)
			return c, true
		}
		open = r.commaBefore(open, sent)
	}
	return r.apposedName(c, j, sent)
}

// apposedName takes the name between commas where what it explains is a clause:
// "One who did, Mei Tan of Lund, said".
func (r *Reader) apposedName(c cue, j int, sent text.Sentence) (cue, bool) {
	open := r.commaBefore(j, sent)
	if open <= sent.First || j-open < 3 || !r.doc.Tokens[open+1].Upper || r.is(open+1, preposition|timeWord|boundary|adverb) ||
		!r.doc.Tokens[open+2].Upper || !r.is(sent.First, determiner|indefinite) {
		return c, false
	}
	c.srcFirst, c.srcLast, c.rule, c.phrase = open+1, j, "appositive", sent.First
	r.judge(&c)
	return c, true
}

// addresses says that a verb of saying takes those spoken to as its object.
func addresses(verb string) bool {
	switch verb {
	case "tell", "warn", "remind", "assure", "ask", "convince", "persuade":
		return true
	}
	return false
}

// openingSubject returns the end of a short subject that opens the sentence and
// is parted from its verb, behind the comma at j, by a participle or an
// appositive: "The declaration, announced at the summit, warns".
func (r *Reader) openingSubject(j int, sent text.Sentence) (int, bool) {
	comma := sent.First
	for comma < j && r.doc.Tokens[comma].Kind == text.Word {
		comma++
	}
	if comma >= j || comma-sent.First > 5 || comma == sent.First || r.doc.Tokens[comma].Kind != text.Comma {
		return 0, false
	}
	next := comma + 1
	apposed := !r.doc.Tokens[next].Upper && (strings.HasSuffix(r.word(next), "ed") || r.is(next, determiner)) || r.word(next) == "which"
	if !apposed || r.is(sent.First, preposition|timeWord|boundary|opener) || !r.nominal(sent.First, comma) {
		return 0, false
	}
	return comma, true
}

// commaBefore returns the nearest comma on the left, or -1 where something else
// parts the words.
func (r *Reader) commaBefore(j int, sent text.Sentence) int {
	for k := j - 1; k >= sent.First && k > j-30; k-- {
		switch t := r.doc.Tokens[k]; t.Kind {
		case text.Comma:
			return k
		case text.Close:
			return -1
		case text.Stop:
			if !r.abbreviated(k) {
				return -1
			}
		case text.Strong:
			if r.doc.Text(k) != ":" {
				return -1
			}
		}
	}
	return -1
}

// ends says that nothing told follows the verb: the sentence ends, or goes on
// with when and where it was said.
func (r *Reader) ends(c *cue, sent text.Sentence) bool {
	i := c.last
	if i >= sent.Last {
		return true
	}
	switch r.doc.Tokens[i].Kind {
	case text.Stop, text.Comma, text.Strong, text.Close:
		return true
	case text.Word:
	default:
		return false
	}
	if addresses(c.verb) {
		// "warned the Americans.": whom it was told.
		if to, ok := r.nounPhraseAfter(i, sent.Last); ok && (to >= sent.Last || r.doc.Tokens[to].Kind != text.Word || r.is(to, preposition)) {
			return true
		}
	}
	if r.class(i)&(preposition|adverb|timeWord) == 0 && !r.doc.Tokens[i].Upper {
		return false
	}
	if r.word(i) == "that" {
		return false
	}
	for j := i; j < min(sent.Last, i+10); j++ {
		if r.word(j) == "that" || r.doc.Tokens[j].Kind == text.Open {
			return false
		}
		if k := r.doc.Tokens[j].Kind; k == text.Comma || k == text.Stop {
			break
		}
	}
	return r.is(i, preposition|adverb|timeWord)
}

// nominal says that tokens [from, to) look like a source: a name, or a
// determiner with a noun.
func (r *Reader) nominal(from, to int) bool {
	if (r.doc.Tokens[to-1].Upper || r.capital(to-1)) && r.class(to-1)&(boundary|timeWord|adverb) == 0 || r.is(from, determiner) {
		return true
	}
	head := from
	for head+1 < to && !r.is(head+1, preposition) {
		head++
	}
	return r.plural(head)
}

// relative reads "Lee, who warned that".
func (r *Reader) relative(c cue, j int, sent text.Sentence) (cue, bool) {
	end := j
	for end > sent.First && r.doc.Tokens[end-1].Kind == text.Comma {
		end--
	}
	from := r.subjectStart(end, sent)
	if from >= end {
		return c, false
	}
	if from > sent.First+1 && r.doc.Tokens[from-1].Kind == text.Comma && r.is(from, determiner|title) {
		// "said Tan, a professor who"
		if name := r.subjectStart(from-1, sent); name < from-1 && r.personal(name, from-1) != "" {
			from, end = name, from-1
		}
	}
	c.srcFirst, c.srcLast, c.rule = from, end, "relative"
	r.judge(&c)
	if end == j && c.class&(say|urge|think|reject|call) != 0 {
		// "those who say", "somebody who fears": whoever it may be.
		switch r.word(j - 1) {
		case "those", "anyone", "anybody", "someone", "somebody", "people", "everyone", "everybody":
			c.indefinite = true
		default:
			c.indefinite = c.indefinite || r.plural(j-1) && (!r.doc.Tokens[j-1].Upper || j-1 == sent.First) && !r.is(from, determiner)
		}
	}
	return c, true
}

// afterQuote says that token k closes what the cue behind it attributes.
func (r *Reader) afterQuote(k int, sent text.Sentence) bool {
	t := r.doc.Tokens[k]
	if t.Kind == text.Close {
		return true
	}
	return t.Kind == text.Comma && k > sent.First+1 && !r.opensClause(k, sent)
}

// opensClause says that the comma at k only ends an opening phrase of time or
// place: "On Monday, Liu said".
func (r *Reader) opensClause(k int, sent text.Sentence) bool {
	for j := k - 1; j > sent.First; j-- {
		if t := r.doc.Tokens[j]; t.Kind == text.Comma || t.Kind == text.Close || t.Kind == text.Strong {
			return false
		}
	}
	if k-sent.First == 1 {
		return true
	}
	for j := sent.First + 1; j < k; j++ {
		if r.finite(j) {
			return false
		}
	}
	return r.is(sent.First, preposition|timeWord|opener|boundary) || strings.HasSuffix(r.word(sent.First), "ly") ||
		strings.HasSuffix(r.word(sent.First), "ing") && r.word(sent.First) != "beijing"
}

// finite says that token i is surely the verb of a clause.
func (r *Reader) finite(i int) bool {
	if r.doc.Tokens[i].Kind == text.Clitic {
		return strings.HasSuffix(r.word(i), "t") || strings.HasSuffix(r.word(i), "re") || strings.HasSuffix(r.word(i), "ll")
	}
	switch r.word(i) {
	case "is", "are", "was", "were", "has", "have", "had", "will", "would", "can", "could", "may", "might", "must", "should", "does", "did", "do", "wo", "ca":
		return !r.doc.Tokens[i].Upper
	}
	return false
}

// wordTag is the part of speech of token i, "" for what is no word.
func (r *Reader) wordTag(i int) string {
	if i >= len(r.doc.Tokens) || r.doc.Tokens[i].Kind != text.Word {
		return ""
	}
	return r.tag(i)
}

// subjectStart returns where the noun phrase that ends before token end starts.
func (r *Reader) subjectStart(end int, sent text.Sentence) int {
	from := end
	for from > sent.First && end-from < 14 {
		k := from - 1
		t := r.doc.Tokens[k]
		if r.abbreviated(k) {
			from = k
			continue
		}
		if t.Kind == text.Comma || t.Kind == text.Strong || t.Kind == text.Stop || t.Kind == text.Open || t.Kind == text.Close {
			break
		}
		if (r.is(k, boundary) || r.word(k) == "like") && !t.Upper && !(r.word(k) == "and" && r.joins(k, sent)) {
			break
		}
		if w := r.word(k); w == "whatever" || w == "whichever" || w == "however" || w == "whoever" {
			break
		} else if w == "think" && k+1 < end && strings.HasPrefix(r.word(k+1), "tank") {
			from = k
			continue
		}
		if r.reduced(k, sent) {
			from = k
			continue
		}
		if from < end && r.article(from) && t.Kind == text.Word && !t.Upper && !r.is(k, preposition|boundary|determiner|indefinite|verbs|auxiliary|adverb) && strings.HasPrefix(r.tag(k), "NN") {
			break // "the future my city": a clause without its "that"
		}
		if w := r.word(from); from < end && from == end-1 && (w == "they" || w == "he" || w == "she" || w == "we" || w == "i") {
			break
		}
		if r.is(k, auxiliary) && !t.Upper && !r.is(k, title) || r.is(k, verbs) && !t.Upper && !r.noun(k, sent) && !r.is(k, writing|thought) && !(r.is(k, ambiguous) && strings.HasPrefix(r.tag(k), "NN")) {
			break
		}
		from = k
	}
	for from < end && r.is(from, adverb|boundary|timeWord) && !r.is(from, indefinite|determiner) {
		from++
	}
	if from+1 < end && r.is(from, auxiliary) && !r.is(from, title) && r.is(from+1, pronoun) {
		return end // "Would it believe"
	}
	from = r.afterAdjunct(from, end)
	if from < end && (r.is(from, preposition) && !r.officeUnder(from, end) || !r.doc.Tokens[from].Upper && strings.HasSuffix(r.word(from), "ing")) {
		from = r.trailing(from, end)
	}
	return from
}

// reduced says that token k is a participle that describes the noun before it:
// "A document released in Lund".
func (r *Reader) reduced(k int, sent text.Sentence) bool {
	return r.is(k, verbs) && !r.doc.Tokens[k].Upper && strings.HasSuffix(r.word(k), "ed") && k+1 < sent.Last && r.is(k+1, preposition) &&
		k > sent.First+1 && r.doc.Tokens[k-1].Kind == text.Word && r.is(k-1, writing) && r.is(k-2, determiner)
}

// article says that token i opens a noun phrase: an article or a possessive.
func (r *Reader) article(i int) bool {
	switch w := r.word(i); w {
	case "the", "a", "an", "my", "our", "your":
		return true
	default:
		return possessive(w)
	}
}

// afterAdjunct returns where the subject among tokens [from, end) starts behind
// a time or a count that no comma parts from it: "A year ago the panel".
func (r *Reader) afterAdjunct(from, end int) int {
	for k := end - 1; k > from; k-- {
		switch r.word(k - 1) {
		case "ago", "later", "earlier", "today", "yesterday", "week", "month", "year", "weeks", "months", "years",
			"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "spring", "summer", "autumn", "fall", "winter":
			if r.is(k, determiner) || r.doc.Tokens[k].Upper && (r.word(k-1) == "ago" || r.word(k-1) == "later") {
				return k
			}
		}
		if r.doc.Tokens[k-1].Kind == text.Number && r.is(k, determiner) {
			return k
		}
	}
	return from
}

// beforeAdjunct returns where the words before token end stop being a time:
// "last Thursday", "this week", "on Monday". What it returns is at least from.
func (r *Reader) beforeAdjunct(from, end int) int {
	k := end - 1
	if k < from {
		return end
	}
	day := false
	switch r.word(k) {
	case "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday":
		day = true
	case "week", "month", "year", "spring", "summer", "autumn", "fall", "winter", "weekend":
	default:
		return end
	}
	prev := ""
	if k > from {
		prev = r.word(k - 1)
	}
	switch {
	case prev == "last", prev == "this", prev == "next", prev == "earlier", prev == "late", prev == "early":
		if k-1 > from && (r.word(k-2) == "earlier" || r.word(k-2) == "late" || r.word(k-2) == "early") {
			return k - 2
		}
		return k - 1
	case day && prev == "on":
		return k - 1
	case day:
		return k
	}
	return end
}

// joins says that "and" at k joins two names.
func (r *Reader) joins(k int, sent text.Sentence) bool {
	if k > sent.First+1 && k+1 < sent.Last && r.plural(k-1) && r.plural(k+1) && r.is(k-2, preposition|determiner) || k > sent.First+1 && r.doc.Tokens[k-2].Kind == text.Number && k+1 < sent.Last && r.plural(k+1) {
		return true // "400 musicians and actors"
	}
	return k > sent.First && k+1 < sent.Last && r.doc.Tokens[k-1].Upper && r.doc.Tokens[k+1].Upper
}

// trailing returns where the last simple noun phrase of [from, end) starts, for
// a subject that an opening phrase runs into: "In a speech the minister".
func (r *Reader) trailing(from, end int) int {
	start := end
	for start > from+1 {
		k := start - 1
		if r.is(k, preposition) {
			break
		}
		start = k
		if r.is(k, determiner) {
			break
		}
	}
	return start
}

// judge marks a source that names nobody.
func (r *Reader) judge(c *cue) {
	for i := c.srcFirst; i < c.srcLast; i++ {
		if r.is(i, preposition) {
			break
		}
		if r.is(i, indefinite) && !(c.class&(say|weak) != 0 && c.srcLast-i > 1 && !r.is(i+1, preposition)) {
			// "Some experts say" are speakers; "some say" and "many experts
			// believe" leave it to the author.
			c.indefinite = true
		}
	}
	if c.srcLast-c.srcFirst > 2 && r.word(c.srcLast-1) == "people" && r.is(c.srcLast-2, preposition) {
		c.indefinite = true // "a lot of people"
	}
	if w := r.word(c.srcFirst + 1); c.srcFirst+1 < c.srcLast && r.word(c.srcFirst) == "one" && (w == "side" || w == "school" || w == "camp" || w == "view" || w == "line" || w == "strand") {
		c.indefinite = true
	}
	if r.word(c.srcFirst) == "everyone" || r.word(c.srcFirst) == "everybody" {
		switch r.word(c.srcFirst + 1) {
		case "on", "at", "in": // "everyone on the panel"
			c.indefinite = false
		}
	}
	for i := c.srcLast; i < c.first; i++ {
		switch r.word(i) {
		case "often", "commonly", "widely":
			c.indefinite = c.indefinite || c.passive
		}
	}
}

// idiomCue reads verbs that tell only with their object: "raised concerns that",
// "spoke of", "made the case", "put it".
func (r *Reader) idiomCue(i int, sent text.Sentence) (cue, bool) {
	c := cue{rule: "idiom", verb: r.word(i), class: say, first: i, last: i + 1}
	next := func(k int) string {
		if i+k < sent.Last {
			return r.word(i + k)
		}
		return ""
	}
	switch r.word(i) {
	case "spoke", "speaks", "speak", "speaking", "talked", "talks", "talking":
		if next(1) != "of" && next(1) != "about" || i > sent.First && r.word(i-1) == "to" {
			return c, false
		}
		c.last = i + 2
	case "raised", "raises", "raise", "voiced", "voices", "voice", "expressed", "expresses", "express", "sounded", "sounds", "sound":
		k := 1
		for k < 4 && !(r.is(i+k, thought) || next(k) == "alarm" || next(k) == "doubt" || next(k) == "doubts" || next(k) == "alarms") {
			k++
		}
		if k == 4 {
			return c, false
		}
		c.last = i + k + 1
	case "made", "makes", "make", "laid", "lays":
		if !(next(1) == "the" && next(2) == "case" || next(1) == "out" && next(2) != "of" || next(1) == "clear") {
			return c, false
		}
		c.last = i + 3
	case "used", "uses", "put", "puts":
		switch {
		case next(1) == "the" && (next(2) == "term" || next(2) == "phrase" || next(2) == "word" || next(2) == "words"):
			c.last = i + 3
		case strings.HasPrefix(r.word(i), "put") && r.figure(i+1, sent):
		case next(1) == "it" && strings.HasPrefix(r.word(i), "put"):
			c.last, c.class = i+2, 0
		case i+1 < sent.Last && r.doc.Tokens[i+1].Upper && !r.is(i-1, auxiliary):
		default:
			return c, false
		}
	case "played", "plays", "waved", "waves", "brushed", "brushes", "shot", "shoots":
		switch next(1) {
		case "down", "off", "away", "aside":
		default:
			return c, false
		}
		c.last, c.class = i+2, reject
	case "has", "have", "had":
		// "has no patience with"
		k := 1
		for k < 3 && (next(k) == "no" || next(k) == "little" || next(k) == "less" || next(k) == "scant") {
			k++
		}
		switch next(k) {
		case "patience", "use", "time", "sympathy", "appetite", "truck", "doubt", "illusions":
		default:
			return c, false
		}
		if k == 1 || next(k+1) == "to" {
			return c, false
		}
		c.last, c.class = i+k+2, reject
		if next(k) == "doubt" {
			c.class = think
		}
	case "takes", "took", "taken", "taking", "pokes", "poked", "pours", "poured", "casts", "casting", "rolls", "rolled", "throws", "threw", "objects", "objected", "object":
		last, ok := r.scornAfter(i, sent)
		if !ok {
			return c, false
		}
		c.last, c.class = last, reject
	case "wants", "want", "wanted":
		// What a person wants is that person's; what a state does is told of it.
		c.class = urge
		from := r.subjectStart(i, sent)
		if from >= i || r.is(i-1, first|pronoun|indefinite) || !r.wanting(from, i) || next(1) == "to" {
			return c, false
		}
		c.srcFirst, c.srcLast = from, i
		return c, true
	case "ranks", "ranked", "rates", "rated", "places", "pegs", "pegged":
		if i+1 >= sent.Last || !r.doc.Tokens[i+1].Upper {
			return c, false
		}
	default:
		return c, false
	}
	j := i
	for j > sent.First && (r.is(j-1, auxiliary|adverb) && !r.is(j-1, pronoun) || strings.HasSuffix(r.word(j-1), "ly")) {
		j--
	}
	if j == sent.First {
		return c, false
	}
	if j == i && strings.HasSuffix(r.word(i), "ing") && c.class == say && r.doc.Tokens[i-1].Kind == text.Word {
		return r.ofSentence(c, i, sent)
	}
	if r.doc.Tokens[j-1].Kind == text.Comma {
		got, ok := r.afterAppositive(c, j-1, sent)
		got.after = false
		return got, ok
	}
	from := r.subjectStart(j, sent)
	if from >= j || r.is(j-1, first) || !r.plausible(from, j) {
		return c, false
	}
	c.srcFirst, c.srcLast = from, j
	r.judge(&c)
	return c, true
}

// wanting says that tokens [from, to) are one person by name or office, or people
// of one.
func (r *Reader) wanting(from, to int) bool {
	if name := r.personal(from, to); name != "" {
		_, place := r.lex.countries[strings.ToLower(name)]
		return !place && (strings.Contains(name, " ") || r.known(name) || r.is(from, title))
	}
	if r.human(from, to) {
		return true
	}
	head := r.word(to - 1)
	for _, suffix := range [...]string{"ators", "ists", "icials", "makers", "ecutives", "critics", "ians", "ernors", "awyers", "isers", "enerals"} {
		if strings.HasSuffix(head, suffix) {
			return true
		}
	}
	return false
}

// scornAfter returns the end of an idiom of rejection that starts with the verb
// at token i: "took issue with", "poured cold water on".
func (r *Reader) scornAfter(i int, sent text.Sentence) (int, bool) {
	if strings.HasPrefix(r.word(i), "object") {
		return i + 2, r.word(i+1) == "to" && i+2 < sent.Last
	}
	for k := i + 1; k < min(sent.Last-1, i+4); k++ {
		switch r.word(k) {
		case "issue", "aim", "exception", "holes", "water", "scorn", "doubt", "eyes", "shade", "ridicule":
			switch r.word(k + 1) {
			case "with", "at", "to", "in", "on", "over":
				return k + 2, true
			}
		}
	}
	return 0, false
}

// figure says that tokens from i are a quantity that somebody puts "at" a number.
func (r *Reader) figure(i int, sent text.Sentence) bool {
	for k := i; k+1 < min(sent.Last, i+7) && r.doc.Tokens[k].Kind == text.Word; k++ {
		if r.word(k) == "at" {
			switch r.word(k - 1) {
			case "figure", "number", "gap", "lead", "share", "odds", "total", "lag":
				return true
			}
			return r.doc.Tokens[k+1].Kind == text.Number || r.is(k+1, adverb|determiner) && !r.article(k+1) || strings.HasSuffix(r.word(k+1), "teen") || strings.HasSuffix(r.word(k+1), "ty")
		}
	}
	return false
}

// attitudeCue reads "officials are worried that".
func (r *Reader) attitudeCue(i int, sent text.Sentence) (cue, bool) {
	c := cue{rule: "attitude", verb: r.word(i), class: think, first: i, last: i + 1}
	j := i - 1
	for j > sent.First && (r.is(j, adverb) || strings.HasSuffix(r.word(j), "ly") || r.word(j) == "not") {
		j--
	}
	if j <= sent.First || !r.is(j, passive) && r.doc.Tokens[j].Kind != text.Clitic || i+1 >= sent.Last {
		return c, false
	}
	switch r.word(i + 1) {
	case "that", "about", "of", "by", "with", "on":
	default:
		return c, false
	}
	from := r.subjectStart(j, sent)
	if from >= j || r.is(j-1, first) {
		return c, false
	}
	c.srcFirst, c.srcLast = from, j
	r.judge(&c)
	return c, r.plausible(from, j)
}

// thoughtCue reads "concern among lawmakers that", "fears that".
func (r *Reader) thoughtCue(i int, sent text.Sentence) (cue, bool) {
	c := cue{rule: "holder", verb: r.word(i), class: think, first: i, last: i + 1}
	if i+1 >= sent.Last {
		return c, false
	}
	switch r.word(i + 1) {
	case "among", "from", "by", "in", "of":
		to, ok := r.nounPhraseAfter(i+2, sent.Last)
		if !ok || to >= sent.Last || r.word(to) != "that" {
			return c, false
		}
		c.srcFirst, c.srcLast, c.last = i+2, to, to
		r.judge(&c)
		return c, true
	case "that":
		if i > sent.First && r.doc.Tokens[i-1].Kind == text.Clitic && i-1 > sent.First {
			from := r.subjectStart(i-1, sent)
			c.srcFirst, c.srcLast = from, i-1
			r.judge(&c)
			return c, from < i-1
		}
		if i > sent.First && possessive(r.word(i-1)) && i > sent.First+1 {
			c.srcFirst, c.srcLast = i-1, i
			return c, true
		}
		if r.word(i-1) == "the" && r.word(i-2) == "of" {
			return c, false // "is of the view that": the subject's own
		}
		c.indefinite, c.last = true, i+2
		return c, i+2 < sent.Last && !r.is(i+2, auxiliary)
	}
	return c, false
}

// holdingCue reads "her answer is that", "the envoy's argument, made twice, was
// that".
func (r *Reader) holdingCue(i int, sent text.Sentence) (cue, bool) {
	c := cue{rule: "holder", verb: r.word(i), class: think, first: i}
	if !r.is(i, thought) && !r.isAnswer(i) || i == sent.First {
		return c, false
	}
	at := i + 1
	if r.is(at, preposition) {
		// "its message to members was that"
		for k := at; k < min(sent.Last, at+5); k++ {
			if w := r.word(k); r.doc.Tokens[k].Kind == text.Comma || w == "is" || w == "was" {
				at = k
				break
			}
		}
	}
	if at < sent.Last && r.doc.Tokens[at].Kind == text.Comma {
		for at++; at < sent.Last && at < i+20 && r.doc.Tokens[at].Kind != text.Comma; at++ {
		}
		at++
	}
	for at < sent.Last && r.is(at, adverb) {
		at++
	}
	switch {
	case at+1 >= sent.Last:
		return c, false
	case at == i+1 && r.doc.Text(at) == ":":
		c.last = at + 1
	case (r.word(at) == "is" || r.word(at) == "was" || r.word(at) == "remains") && r.word(at+1) == "that":
		c.last = at + 2
	default:
		return c, false
	}
	owner := i - 1
	for owner > sent.First && r.doc.Tokens[owner].Kind == text.Word && !possessive(r.word(owner)) {
		owner--
	}
	switch {
	case possessive(r.word(owner)):
		c.srcFirst, c.srcLast = owner, owner+1
	case owner > sent.First && r.doc.Tokens[owner].Kind == text.Clitic:
		c.srcFirst, c.srcLast = r.subjectStart(owner, sent), owner
		r.judge(&c)
	}
	return c, c.srcFirst < c.srcLast && i-owner < 4
}

// isAnswer says that token i is a noun for what somebody holds that is no verb
// or thought elsewhere.
func (r *Reader) isAnswer(i int) bool {
	switch r.word(i) {
	case "answer", "reply", "point", "message", "position", "thesis", "contention", "complaint", "verdict", "case", "objection", "assessment", "conclusion":
		return true
	}
	return false
}

// viewpoint names nouns of "in the view of X".
func viewpoint(w string) bool {
	switch w {
	case "words", "view", "eyes", "opinion", "telling", "judgment", "estimation", "account", "mind", "reading", "formulation", "phrase", "assessment":
		return true
	}
	return false
}

// nameThenComma says that the name of a person, and nothing else, stands between
// token i and a comma.
func (r *Reader) nameThenComma(i int, sent text.Sentence) bool {
	end := i
	for end < sent.Last && r.capital(end) {
		end++
	}
	if end == i || end >= sent.Last || r.doc.Tokens[end].Kind != text.Comma {
		return false
	}
	_, place := r.lex.countries[strings.ToLower(r.doc.Slice(i, end))]
	name := r.personal(i, end)
	return !place && name != "" && (r.known(name) || end-i == 1 && r.doc.Text(i) != strings.ToUpper(r.doc.Text(i)))
}

// phraseCue reads "according to X", "in the words of X", "as X put it".
func (r *Reader) phraseCue(i int, sent text.Sentence) (cue, bool) {
	c := cue{rule: "according", first: i}
	switch w := r.word(i); {
	case w == "according" && i+1 < sent.Last && r.word(i+1) == "to":
		c.last = i + 2
	case w == "per" && i+1 < sent.Last && (i == sent.First || r.doc.Tokens[i-1].Kind == text.Comma) && (r.doc.Tokens[i+1].Upper || r.word(i+1) == "the"):
		c.last = i + 1
	case w == "for" && i == sent.First && r.nameThenComma(i+1, sent):
		c.last = i + 1
	case w == "as" && i+3 < sent.Last && r.participle(i+1) && r.is(i+1, verbs) && (r.word(i+2) == "in" || r.word(i+2) == "by"):
		c.last = i + 3
	case viewpoint(w) && i > sent.First+1 && possessive(r.word(i-1)) && (r.word(i-2) == "in" || r.word(i-2) == "to"):
		// "in her telling"
		c.first, c.last, c.srcFirst, c.srcLast = i, i+1, i-1, i
		return c, true
	case viewpoint(w) && i > sent.First+1 && i+1 < sent.Last && r.word(i+1) == "of" && (r.word(i-2) == "in" || r.word(i-2) == "to"):
		c.last = i + 2
	case viewpoint(w) && i > sent.First+2 && r.doc.Tokens[i-1].Kind == text.Clitic:
		// "in the lobby's telling"
		from := r.subjectStart(i-1, sent)
		if from <= sent.First || r.is(from-1, preposition) && r.word(from-1) != "in" && r.word(from-1) != "to" {
			if r.word(from) != "in" {
				return c, false
			}
		}
		for from < i-1 && r.is(from, preposition) {
			from++
		}
		if from == sent.First || r.word(from-1) != "in" && r.word(from-1) != "to" {
			return c, false
		}
		c.first, c.last, c.srcFirst, c.srcLast = i, i+1, from, i-1
		r.judge(&c)
		return c, from < i-1
	default:
		return c, false
	}
	to, ok := r.nounPhraseAfter(c.last, sent.Last)
	c.srcFirst, c.srcLast = c.last, to
	r.judge(&c)
	return c, ok && !r.speechless(c.last, to)
}
