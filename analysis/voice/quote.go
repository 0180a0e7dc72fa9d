package voice

import (
	"strings"

	"framewatch/analysis/text"
)

// attribution says who speaks a quotation.
type attribution struct {
	source      Source
	rule, verb  string
	first, last int // the cue, as tokens
	known       bool
	author      bool
}

// prepare attributes the quotations of the text, in order, and reads who speaks
// a text of remarks.
func (r *Reader) prepare() {
	if r.ready {
		return
	}
	r.ready = true
	r.whole = r.remarks()
	r.quotes = make([]attribution, len(r.doc.Quotes))
	last := -1
	for k, q := range r.doc.Quotes {
		if q.Depth > 0 || !r.speech(k) {
			continue
		}
		r.quotes[k] = r.attribute(k, last)
		last = k
	}
	// A quotation whose speaker is named only behind the next piece of it takes
	// that one: “A. B,” he said.
	for k := len(r.quotes) - 2; k >= 0; k-- {
		if next := k + 1; !r.quotes[k].known && r.doc.Quotes[k].Open && r.doc.Quotes[next].Continues && r.quotes[next].known {
			r.quotes[k] = r.quotes[next]
		}
	}
}

// attribute finds the speaker of quotation k; last is the speech before it.
func (r *Reader) attribute(k, last int) attribution {
	q := r.doc.Quotes[k]
	head := r.doc.Sentences[r.doc.SentenceAt(q.First)]
	tail := r.doc.Sentences[r.doc.SentenceAt(q.Last-1)]
	if a, ok := r.behind(q, tail); ok {
		return a
	}
	if a, ok := r.ahead(q, head); ok {
		return a
	}
	if a, ok := r.signed(q, tail); ok {
		return a
	}
	if last >= 0 {
		prev := r.doc.Quotes[last]
		same := r.doc.Sentences[r.doc.SentenceAt(prev.First)].Paragraph == head.Paragraph
		if q.Continues || same && r.quotes[last].known && !r.newSource(prev.Last, q.First) {
			a := r.quotes[last]
			a.rule = "continued"
			return a
		}
	}
	if src, ok := r.turn(q.First); ok && src.Name != "" {
		return attribution{source: src, rule: "turn", known: true}
	}
	if a, ok := r.before(q, head); ok {
		return a
	}
	return attribution{rule: "quote"}
}

// newSource says that a cue between two quotations names another speaker.
func (r *Reader) newSource(from, to int) bool {
	if from >= to {
		return false
	}
	for s := r.doc.SentenceAt(from); s <= r.doc.SentenceAt(to-1); s++ {
		for _, c := range r.sentenceCues(s) {
			if c.first >= from && c.first < to && c.srcFirst < c.srcLast && c.srcFirst >= from && !c.after {
				return true
			}
		}
	}
	return false
}

// behind reads a cue right behind the quotation: “…,” Liu said; “…,” said Liu.
func (r *Reader) behind(q text.Quote, sent text.Sentence) (attribution, bool) {
	for _, c := range r.sentenceCues(r.doc.SentenceAt(q.Last - 1)) {
		start := c.first
		if c.srcFirst < c.srcLast {
			start = min(start, c.srcFirst)
		}
		if c.phrase > 0 {
			start = min(start, c.phrase)
		}
		if c.first < q.Last || start < q.Last || start-q.Last > 3 || c.passive || c.indefinite {
			continue
		}
		clean := true
		for j := q.Last; j < start; j++ {
			clean = clean && (r.doc.Tokens[j].Kind == text.Comma || r.is(j, adverb) || r.doc.Tokens[j].Kind == text.Strong)
		}
		if clean {
			return r.attributed(&c), true
		}
	}
	return attribution{}, false
}

// ahead reads the last cue before the quotation in its sentence, or a name
// with a colon.
func (r *Reader) ahead(q text.Quote, sent text.Sentence) (attribution, bool) {
	var best *cue
	cues := r.sentenceCues(r.doc.SentenceAt(q.First))
	for i := range cues {
		c := &cues[i]
		if c.last > q.First || c.passive || c.srcFirst == c.srcLast || c.srcFirst > q.First {
			continue
		}
		if c.timed && r.commaBetween(c.last, q.First) {
			continue
		}
		best = c
	}
	if best != nil {
		a := r.attributed(best)
		a.author = best.indefinite
		return a, true
	}
	colon := q.First - 1
	if colon > sent.First && r.doc.Text(colon) == ":" {
		from := r.subjectStart(colon, sent)
		if from < colon && r.doc.Tokens[colon-1].Upper {
			c := cue{srcFirst: from, srcLast: colon, first: colon, last: colon + 1, rule: "colon"}
			return r.attributed(&c), true
		}
	}
	return attribution{}, false
}

func (r *Reader) commaBetween(from, to int) bool {
	// The comma right before a quotation belongs to it.
	for j := from; j < to-1; j++ {
		if r.doc.Tokens[j].Kind == text.Comma {
			return true
		}
	}
	return false
}

// signed reads a name behind a dash: “…” — Yi-Ling Liu.
func (r *Reader) signed(q text.Quote, sent text.Sentence) (attribution, bool) {
	dash := q.Last
	if dash+1 >= len(r.doc.Tokens) || r.doc.Tokens[dash].Kind != text.Strong {
		return attribution{}, false
	}
	end := dash + 1
	for end < len(r.doc.Tokens) && end < dash+7 && (r.doc.Tokens[end].Upper || r.doc.Tokens[end].Kind == text.Hyphen) && !r.newLine(end) {
		end++
	}
	if end == dash+1 {
		return attribution{}, false
	}
	c := cue{srcFirst: dash + 1, srcLast: end, first: dash, last: dash + 1, rule: "signed"}
	return r.attributed(&c), true
}

// before reads the sentence before a quotation that stands alone: its cue, or
// the person it is about.
func (r *Reader) before(q text.Quote, head text.Sentence) (attribution, bool) {
	s := r.doc.SentenceAt(q.First)
	if head.First != q.First || s == 0 {
		return attribution{}, false
	}
	if a, ok := r.underHeading(q, s); ok {
		return a, true
	}
	for back := 1; back <= 2 && s-back >= 0; back++ {
		prev := r.doc.Sentences[s-back]
		if head.Paragraph-prev.Paragraph > 1 {
			break
		}
		cues := r.sentenceCues(s - back)
		for i := len(cues) - 1; i >= 0; i-- {
			c := &cues[i]
			if c.srcFirst < c.srcLast && !c.indefinite && !c.passive {
				a := r.attributed(c)
				a.rule = "previous"
				return a, true
			}
		}
	}
	prev := r.doc.Sentences[s-1]
	if p, ok := r.lastPerson(prev.First, prev.Last); ok && head.Paragraph == prev.Paragraph {
		return attribution{source: r.source(p.name, p.at), rule: "previous-person", known: true}, true
	}
	return attribution{}, false
}

// underHeading reads a statement that stands under the name of whoever gave it:
// a line of capitals without an end, then a quotation that fills its paragraph.
func (r *Reader) underHeading(q text.Quote, s int) (attribution, bool) {
	head, prev := r.doc.Sentences[s], r.doc.Sentences[s-1]
	if prev.Paragraph == head.Paragraph || prev.Last-prev.First > 8 || s > 1 && r.doc.Sentences[s-2].Paragraph == prev.Paragraph || r.ended(prev.Paragraph) {
		return attribution{}, false
	}
	if end := r.doc.Paragraphs[head.Paragraph].End; !q.Open && r.doc.Tokens[q.Last-1].End < end {
		return attribution{}, false
	}
	for i := prev.First; i < prev.Last; i++ {
		if t := r.doc.Tokens[i]; t.Kind == text.Word && !t.Upper && !r.is(i, preposition|determiner) && r.word(i) != "and" || t.Kind == text.Strong {
			return attribution{}, false
		}
	}
	c := cue{srcFirst: prev.First, srcLast: prev.Last, first: prev.First, last: prev.Last, rule: "heading"}
	return r.attributed(&c), true
}

func (r *Reader) attributed(c *cue) attribution {
	return attribution{source: r.resolve(c), rule: "quote-" + c.rule, verb: c.verb, first: c.first, last: c.last, known: true}
}

// turn is a stretch of a transcript that one person speaks.
type turn struct {
	sentence, paragraph int
	source              Source // without a name: the interviewer
	// labeled says that capitals set the name apart, so that one turn is enough.
	labeled bool
}

// turn returns who has the floor at token i, in a transcript; a source without a
// name is the interviewer.
func (r *Reader) turn(i int) (Source, bool) {
	if r.turns == nil {
		r.turns = r.readTurns()
	}
	s := r.doc.SentenceAt(i)
	p := r.doc.Sentences[s].Paragraph
	var got Source
	found := false
	for _, t := range r.turns {
		if t.sentence > s {
			break
		}
		if t.paragraph == p && (t.labeled || len(r.turns) > 1 || r.firstPerson(p)) || len(r.turns) >= transcriptTurns {
			got, found = t.source, true
		}
	}
	return got, found
}

// firstPerson says that somebody speaks of himself in a paragraph.
func (r *Reader) firstPerson(paragraph int) bool {
	end := r.doc.Paragraphs[paragraph].End
	for i := range r.doc.Tokens {
		t := &r.doc.Tokens[i]
		if t.Start >= end {
			break
		}
		if w := r.doc.Text(i); r.doc.Sentences[r.doc.SentenceAt(i)].Paragraph == paragraph && (w == "I" || w == "my") {
			return true
		}
	}
	return false
}

// transcriptTurns is how many named turns make a text a transcript, in which a
// paragraph without a name carries the turn on.
const transcriptTurns = 4

func (r *Reader) readTurns() []turn {
	turns := []turn{}
	last := -1
	for s := range r.doc.Sentences {
		sent := r.doc.Sentences[s]
		name, at, labeled := r.label(sent)
		ok := labeled
		if !ok && sent.Paragraph != last {
			name, at, ok = r.turnName(sent)
		}
		last = sent.Paragraph
		if !ok {
			continue
		}
		turns = append(turns, turn{s, sent.Paragraph, Source{}, labeled})
		if name != "" {
			turns[len(turns)-1].source = r.holder(name, at)
		}
	}
	return turns
}

// holder is the source that a turn's label names. An office alone is that of
// whoever the title says speaks.
func (r *Reader) holder(name string, at int) Source {
	if rest, ok := strings.CutPrefix(name, "THE "); ok && r.is(at+1, title) && !strings.Contains(strings.TrimPrefix(rest, "VICE "), " ") {
		if src := r.remarks(); src.Name != "" {
			return src
		}
	}
	return r.source(r.fullName(name), at)
}

// label reads a name in capitals at the start of a sentence, as transcripts set
// it: "DR. LEUNG: Nobody." and, alone in its sentence, "Mr. CARDOSO."
func (r *Reader) label(sent text.Sentence) (name string, at int, ok bool) {
	i, capitals := sent.First, 0
	limit := min(sent.Last, i+9)
	for ; i < limit; i++ {
		t, w := r.doc.Tokens[i], r.doc.Text(i)
		if t.Kind == text.Hyphen || t.Kind == text.Stop && i > sent.First && i+1 < limit && r.is(i-1, title) {
			continue
		}
		if t.Kind != text.Word || !t.Upper {
			break
		}
		if len(w) > 2 && w == strings.ToUpper(w) {
			capitals++
		} else if !r.is(i, title) && w != "The" && w != strings.ToUpper(w) {
			break
		}
	}
	if capitals == 0 || i >= sent.Last || i == sent.First {
		return "", 0, false
	}
	mark := r.doc.Text(i)
	alone := mark == "." && i+1 == sent.Last && r.is(sent.First, title|determiner)
	if mark != ":" && !alone || mark == ":" && i+1 >= sent.Last || notices(r.word(i-1)) || notices(r.word(sent.First)) || r.isHeadline {
		return "", 0, false
	}
	if _, place := r.lex.countries[r.word(i-1)]; place {
		return "", 0, false
	}
	if interviewer(r.word(i - 1)) {
		return "", sent.First, true
	}
	if bare := r.person(sent.First, i); bare != "" && r.word(i-1) != "official" {
		return bare, sent.First, true
	}
	return r.doc.Slice(sent.First, i), sent.First, true
}

// interviewed is the one person that the article names, who answers under "A:".
func (r *Reader) interviewed() string {
	name := ""
	for _, p := range r.allPeople() {
		if name != "" && name != p.name {
			return ""
		}
		name = p.name
	}
	return name
}

// notices names words in capitals before a colon that name nobody.
func notices(w string) bool {
	switch w {
	case "note", "update", "updated", "breaking", "correction", "related", "photo", "photos", "source", "sources", "contact", "summary", "background",
		"read", "watch", "sheet", "warning", "exclusive", "opinion", "analysis", "caption", "credit", "date", "subject", "title", "topic", "topics", "tags",
		"more", "also", "key", "takeaways", "agenda", "location", "when", "where", "what", "who", "why", "how", "url", "link", "copyright", "disclaimer", "ai", "us", "eu", "uk",
		"important", "tip", "quote", "fact", "facts", "myth", "reality", "pros", "cons", "step", "part", "section", "chapter", "figure", "table", "ps", "tldr", "edit":
		return true
	}
	return false
}

// interviewer names labels of those who ask for the outlet.
func interviewer(w string) bool {
	switch w {
	case "q", "host", "interviewer", "moderator", "anchor", "reporter", "question", "presenter", "operator", "narrator":
		return true
	}
	return false
}

// turnName reads "Chris Benson:" or "MR. KIRBY:" at the start of a paragraph. A
// "Q" is the interviewer: a turn without a name.
func (r *Reader) turnName(sent text.Sentence) (name string, at int, ok bool) {
	i := sent.First
	if r.doc.Text(i) == "Q" && i+1 < sent.Last && r.doc.Tokens[i+1].Kind == text.Word {
		return "", i, true
	}
	words := 0
	limit := min(len(r.doc.Tokens), i+8)
	for ; i < limit; i++ {
		t := r.doc.Tokens[i]
		if t.Kind == text.Strong && r.doc.Text(i) == ":" {
			break
		}
		if t.Kind == text.Stop && r.is(i-1, title) && i > sent.First || t.Kind == text.Hyphen {
			continue
		}
		if t.Kind != text.Word || !t.Upper {
			return "", 0, false
		}
		words++
	}
	if i >= limit || i+1 >= len(r.doc.Tokens) || words == 0 {
		return "", 0, false
	}
	name = r.doc.Slice(sent.First, i)
	if words == 1 && interviewer(strings.ToLower(name)) {
		return "", i, true
	}
	if name == "A" {
		return r.interviewed(), i, true
	}
	titled := r.is(sent.First, title) || r.word(i-1) == "official" || name == "THE PRESIDENT"
	if name == "Q" {
		return "", i, true
	}
	if words == 1 && r.turnSurname(sent.First, i) && r.ended(sent.Paragraph) {
		return name, sent.First, true
	}
	if words < 2 || !titled && (words > 4 || name == strings.ToUpper(name) || r.person(sent.First, i) != name) ||
		!titled && r.is(sent.First, determiner|preposition|boundary|adverb) || !r.ended(sent.Paragraph) {
		return "", 0, false
	}
	if bare := r.person(sent.First, i); titled && bare != "" && r.word(i-1) != "official" {
		name = bare
	}
	return name, sent.First, true
}

// turnSurname says that the label before the colon at token colon is the surname
// of somebody whom the article names, or a word in capitals that labels more
// than one paragraph.
func (r *Reader) turnSurname(at, colon int) bool {
	label := r.doc.Text(at)
	if colon != at+1 || len(label) < 3 || r.is(at, determiner|preposition|boundary|adverb|writing) {
		return false
	}
	for _, p := range r.allPeople() {
		if strings.EqualFold(p.surname, label) {
			return true
		}
	}
	if label != strings.ToUpper(label) {
		return false
	}
	n := 0
	for s, sent := range r.doc.Sentences {
		first := s == 0 || r.doc.Sentences[s-1].Paragraph != sent.Paragraph
		if first && sent.First+1 < len(r.doc.Tokens) && r.doc.Text(sent.First) == label && r.doc.Text(sent.First+1) == ":" {
			n++
		}
	}
	return n > 1
}

// ended says that a paragraph ends as a sentence does, not as a heading.
func (r *Reader) ended(paragraph int) bool {
	p := r.doc.Paragraphs[paragraph]
	switch r.doc.Source[p.End-1] {
	case '.', '!', '?', '"', ')', ']':
		return true
	}
	return strings.HasSuffix(r.doc.Source[:p.End], "”") || strings.HasSuffix(r.doc.Source[:p.End], "—") || strings.HasSuffix(r.doc.Source[:p.End], "…")
}

// remarks reads from the title who speaks the whole text.
func (r *Reader) remarks() Source {
	for _, lead := range [...]string{"Remarks by ", "Remarks of ", "Statement by ", "Statement from ", "Speech by ", "Testimony of ", "Opening remarks by "} {
		if rest, ok := strings.CutPrefix(r.title, lead); ok {
			return r.nameIn(rest)
		}
	}
	if strings.HasPrefix(r.title, "Remarks ") || strings.HasPrefix(r.title, "Speech ") || strings.HasPrefix(r.title, "Address ") {
		for _, by := range [...]string{" By ", " by "} {
			if i := strings.LastIndex(r.title, by); i > 0 {
				return r.nameIn(r.title[i+len(by):])
			}
		}
	}
	return Source{}
}

// nameIn reads the name, behind its titles, with which the rest of a title starts.
func (r *Reader) nameIn(rest string) Source {
	d := text.Parse(rest)
	sub := Reader{lex: r.lex, doc: d, cues: map[int][]cue{}}
	first, end := 0, 0
	for end < len(d.Tokens) && (d.Tokens[end].Upper || d.Tokens[end].Kind == text.Hyphen || sub.is(end, preposition) && sub.is(end-1, title)) {
		if end > first && !sub.is(end-1, title) && (sub.is(end, preposition|boundary|timeWord) || strings.HasSuffix(d.Text(end), "ing")) {
			break
		}
		end++
		acronym := end < len(d.Tokens) && d.Text(end-1) == strings.ToUpper(d.Text(end-1)) && end-1 == first && d.Tokens[end-1].End-d.Tokens[end-1].Start > 2 &&
			d.Tokens[end].Kind == text.Word && d.Text(end) != strings.ToUpper(d.Text(end))
		if sub.is(end-1, title|body) || acronym {
			first = end
		}
	}
	// What the title goes on to say follows the name without a mark.
	words := 0
	for k := first; k < end; k++ {
		if d.Tokens[k].Kind == text.Word && (k == first || d.Tokens[k-1].Kind != text.Hyphen) {
			if words++; words > 2 {
				end = k
			}
		}
	}
	if name := d.Slice(first, end); name != "" {
		return r.source(r.fullName(name), -1)
	}
	return Source{}
}
