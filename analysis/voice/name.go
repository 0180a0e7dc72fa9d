package voice

import (
	"strings"

	"framewatch/analysis/text"
)

// person is one full name in the text.
type person struct {
	name    string
	surname string
	at      int // first token of the name; -1 for a name in the title
	last    int
}

// resolve turns the source of a cue into who speaks: the fullest name of a
// person, the body, or the description.
func (r *Reader) resolve(c *cue) Source {
	if c.srcFirst >= c.srcLast {
		return Source{}
	}
	last := c.srcLast - 1
	if c.srcLast-c.srcFirst == 1 && (r.is(last, pronoun) || possessive(r.word(last))) {
		return r.antecedent(c)
	}
	if src, ok := r.share(c.srcFirst, c.srcLast); ok {
		return src
	}
	if src, ok := r.anaphor(c); ok {
		return src
	}
	if c.rule == "document" && c.srcLast-c.srcFirst > 4 {
		return r.describe(c.srcFirst, c.srcLast)
	}
	if name := r.writer(c.srcFirst, c.srcLast); name != "" {
		return r.source(r.fullName(name), c.srcFirst)
	}
	if name := r.personal(c.srcFirst, c.srcLast); name != "" {
		full := r.fullName(name)
		return r.source(full, c.srcFirst)
	}
	return r.describe(c.srcFirst, c.srcLast)
}

func possessive(w string) bool { return w == "his" || w == "her" || w == "their" || w == "its" }

// share reads a part of those who were asked, "61 percent of adults", which is
// no source of its own: the adults are, who may have been named before.
func (r *Reader) share(from, to int) (Source, bool) {
	at := -1
	for i := from; i < to; i++ {
		if percent(r.word(i)) {
			at = i
		}
	}
	if at < 0 {
		return Source{}, false
	}
	for i, end := at, to; i >= 0; i-- {
		if !percent(r.word(i)) || r.word(i+1) != "of" {
			continue
		}
		if i < from {
			end, _ = r.nounPhraseAfter(i+2, r.doc.Sentences[r.doc.SentenceAt(i)].Last)
			for k := i + 3; k < end; k++ {
				if strings.HasPrefix(r.tag(k), "VB") || r.tag(k) == "MD" {
					end = k
				}
			}
		}
		if i+2 < end {
			return r.describe(i+2, end), true
		}
	}
	return Source{}, true
}

func percent(w string) bool { return w == "percent" || w == "%" || w == "pct" }

// anaphor resolves "the group" and the like to the body named last before it,
// and "the general" to the person of that office.
func (r *Reader) anaphor(c *cue) (Source, bool) {
	if c.srcLast-c.srcFirst < 2 || c.srcLast-c.srcFirst > 3 || r.word(c.srcFirst) != "the" {
		return Source{}, false
	}
	if src, ok := r.officer(c); ok || c.srcLast-c.srcFirst > 2 {
		return src, ok
	}
	noun := r.word(c.srcFirst + 1)
	firm := false
	switch noun {
	case "firm", "company", "startup", "chipmaker", "developer":
		noun, firm = "", true
	case "group", "organization", "organisation", "body", "nonprofit", "panel":
		noun = ""
	case "coalition", "alliance", "association", "council", "commission", "committee", "institute", "foundation", "union", "university", "bank",
		"agency", "consortium", "federation", "network", "bureau":
	default:
		return Source{}, false
	}
	for i := c.srcFirst - 1; i >= 0; i-- {
		if !r.doc.Tokens[i].Upper || !firm && !r.is(i, body) || firm && !commercial(r.doc.Text(i)) || noun != "" && r.word(i) != noun {
			continue
		}
		if _, place := r.lex.countries[r.word(i)]; place {
			continue
		}
		from, to := i, i+1
		for from > 0 && !r.newLine(from) && (r.capital(from-1) || from > 1 && r.doc.Tokens[from-2].Upper && (r.word(from-1) == "on" || r.word(from-1) == "of" || r.word(from-1) == "for")) {
			from--
		}
		for to < c.srcFirst && !r.newLine(to) && (r.capital(to) || to+1 < c.srcFirst && r.doc.Tokens[to+1].Upper && (r.word(to) == "on" || r.word(to) == "of" || r.word(to) == "for")) {
			to++
		}
		if to-from > 1 {
			return r.describe(from, to), true
		}
	}
	return Source{}, false
}

// commercial names words with which names of firms end.
func commercial(w string) bool {
	switch w {
	case "Inc", "Corp", "Ltd", "Co", "LLC", "Company", "Corporation", "Group", "Systems", "Technologies", "Technology", "Labs", "Networks",
		"Capital", "Ventures", "Partners", "Holdings", "Semiconductor", "Semiconductors", "Electronics", "Robotics", "Dynamics", "AI":
		return true
	}
	return false
}

// officer resolves "the general", "the chief executive" to the person last
// named in that office.
func (r *Reader) officer(c *cue) (Source, bool) {
	for i := c.srcFirst + 1; i < c.srcLast; i++ {
		if !r.is(i, title) || r.doc.Tokens[i].Upper || r.plural(i) {
			return Source{}, false
		}
	}
	office := " " + strings.ToLower(r.doc.Slice(c.srcFirst+1, c.srcLast)) + " "
	people := r.allPeople()
	for i := len(people) - 1; i >= 0; i-- {
		p := people[i]
		if p.at < 0 || p.at >= c.srcFirst {
			continue
		}
		if role, _ := r.standing(p); strings.Contains(inFull(role), office) {
			return r.source(p.name, p.at), true
		}
	}
	return Source{}, false
}

// inFull writes a role in lower case, its abbreviations in full, between spaces.
func inFull(role string) string {
	words := strings.Fields(strings.ToLower(role))
	for i, w := range words {
		switch strings.TrimRight(w, ".,") {
		case "gen":
			words[i] = "general"
		case "sen":
			words[i] = "senator"
		case "rep":
			words[i] = "representative congressman congresswoman lawmaker"
		case "gov":
			words[i] = "governor"
		case "adm":
			words[i] = "admiral"
		case "col":
			words[i] = "colonel"
		case "prof":
			words[i] = "professor"
		case "sec":
			words[i] = "secretary"
		case "amb":
			words[i] = "ambassador"
		case "capt":
			words[i] = "captain"
		case "ceo":
			words[i] = "chief executive"
		}
	}
	return " " + strings.Join(words, " ") + " "
}

// describe gives an unnamed source or a body in the text's own words.
func (r *Reader) describe(from, to int) Source {
	for from < to && r.is(from, adverb|boundary) && !r.is(from, determiner|indefinite) {
		from++
	}
	for k := from + 2; k < to; k++ {
		w := r.word(k)
		participle := !r.doc.Tokens[k].Upper && (strings.HasSuffix(w, "ed") || w == "seen" || w == "written") && k+1 < to && r.is(k+1, preposition)
		gerund := k > from+1 && strings.HasSuffix(w, "ing") && !r.doc.Tokens[k].Upper && r.plural(k-1) && k+1 < to && r.is(k+1, preposition)
		if w == "whose" || w == "who" || w == "which" || participle || gerund {
			to = k
		}
	}
	s := Source{Name: r.doc.Slice(from, to)}
	s.Country = r.country(from, to)
	return s
}

// writer returns whose writing speaks: "Meeker's report", "a book by Kania".
func (r *Reader) writer(from, to int) string {
	if !r.is(to-1, writing) {
		return ""
	}
	for i := to - 1; i > from; i-- {
		if r.doc.Tokens[i].Kind == text.Clitic {
			start := i
			for start > from && r.capital(start-1) {
				start--
			}
			if start < i {
				return r.person(start, i)
			}
		}
	}
	return ""
}

// personal returns the personal name at the end of a noun phrase, without
// titles, or "".
func (r *Reader) personal(from, to int) string {
	if name := r.titled(from, to); name != "" {
		return name
	}
	end := to
	for i := from; i < to; i++ {
		if r.is(i, preposition) && i > from && !r.doc.Tokens[i].Upper || r.doc.Tokens[i].Kind == text.Comma {
			end = i
			break
		}
	}
	start := end
	for start > from && r.capital(start-1) {
		start--
	}
	switch {
	case start == end:
		return ""
	case start > 0 && start > from && r.word(start-1) == "the":
		return "" // a body
	case end < to && end-start == 1 && r.plural(start):
		return "" // "Critics in Berlin"
	}
	return r.person(start, end)
}

// titled returns the name behind a long title in capitals: "Secretary of Energy
// Ada Wright".
func (r *Reader) titled(from, to int) string {
	if to-from < 4 || !r.doc.Tokens[from].Upper || r.is(from, determiner) || r.is(to-1, body|writing|title) {
		return ""
	}
	office := false
	for i := from; i < to-2; i++ {
		if r.doc.Tokens[i].Kind == text.Comma {
			return ""
		}
		office = office || r.is(i, title)
	}
	if !office || !r.capital(to-2) || !r.doc.Tokens[to-1].Upper || r.doc.Tokens[to-1].Kind != text.Word {
		return ""
	}
	start := to - 2
	for start-1 > from && !r.titlePeriod(start-1) && (r.doc.Tokens[start].Kind != text.Word || r.doc.Tokens[start].End-r.doc.Tokens[start].Start == 1 ||
		r.doc.Tokens[start-1].Kind == text.Hyphen || r.doc.Tokens[start-1].Kind == text.Stop) {
		start--
	}
	if r.is(start, title|body|preposition) {
		return ""
	}
	return r.doc.Slice(start, to)
}

// titlePeriod says that token i is the period of an abbreviated title.
func (r *Reader) titlePeriod(i int) bool {
	return i > 0 && r.doc.Tokens[i].Kind == text.Stop && r.is(i-1, title)
}

// capital says that token i may belong to a name, behind or before others.
func (r *Reader) capital(i int) bool {
	t := r.doc.Tokens[i]
	if t.Kind == text.Hyphen {
		return i > 0 && r.doc.Tokens[i-1].Upper
	}
	if t.Kind == text.Word && !t.Upper {
		switch r.doc.Text(i) {
		case "de", "van", "von", "der", "al", "bin", "el", "la", "del":
			return i > 0 && r.doc.Tokens[i-1].Upper
		}
		// Kai-fu, Feng-hsiung
		return i > 1 && r.doc.Tokens[i-1].Kind == text.Hyphen && r.doc.Tokens[i-2].Upper
	}
	if t.Kind == text.Stop {
		// The period of an initial or a title.
		return i > 0 && t.End-t.Start == 1 && r.doc.Tokens[i-1].Upper && r.doc.Tokens[i-1].End == t.Start &&
			(r.doc.Tokens[i-1].End-r.doc.Tokens[i-1].Start == 1 || r.is(i-1, title))
	}
	return t.Kind == text.Word && t.Upper
}

// person strips titles off the run of capitals [from, to) and returns what is
// left if it can be a person's name.
func (r *Reader) person(from, to int) string {
	start := to
	words := 0
	for start > from && words < 4 {
		k := start - 1
		if r.doc.Tokens[k].Kind == text.Stop && k > from && r.is(k-1, title) {
			break
		}
		if r.doc.Tokens[k].Kind == text.Word {
			if r.is(k, title|determiner) || words > 0 && r.is(k, body) {
				break
			}
			if joined := k > from && r.doc.Tokens[k-1].Kind == text.Hyphen; !joined {
				words++
			}
			// A word all in capitals is an acronym: "NSC Coordinator", unless the
			// whole name is written so.
			if w := r.doc.Text(k); words > 1 && len(w) > 1 && w == strings.ToUpper(w) && r.doc.Text(to-1) != strings.ToUpper(r.doc.Text(to-1)) && !strings.Contains(w, ".") {
				break
			}
		}
		start = k
	}
	for start < to && r.doc.Tokens[start].Kind != text.Word {
		start++
	}
	if start >= to || r.is(to-1, body|writing|title|verbs) && words > 1 && r.is(to-1, body|writing) {
		return ""
	}
	if r.is(to-1, body) || r.doc.Text(to-1) == "AI" || words > 1 && (r.is(start, adverb|preposition|boundary) || r.is(to-1, adverb|first|pronoun) || place(r.word(start))) {
		return ""
	}
	return r.doc.Slice(start, to)
}

// place names words with which names of places of several words start.
func place(w string) bool {
	switch w {
	case "san", "santa", "los", "las", "new", "fort", "saint", "north", "south", "east", "west", "port", "mount", "lake", "old":
		return true
	}
	return false
}

// fullName returns the fullest name in the article that ends, or in surname
// first names begins, with the given one.
func (r *Reader) fullName(name string) string {
	if strings.ContainsAny(strings.TrimRight(name, "."), " ") && name != strings.ToUpper(name) {
		return name
	}
	surname := lastWord(name)
	for _, p := range r.allPeople() {
		if strings.EqualFold(p.surname, surname) {
			return p.name
		}
	}
	if len(name) > 3 && name == strings.ToUpper(name) {
		name = strings.ToUpper(name[:1]) + strings.ToLower(name[1:])
	}
	for _, p := range r.allPeople() {
		if first, _, _ := strings.Cut(p.name, " "); strings.EqualFold(first, surname) && (surnameFirst(first) || !strings.HasSuffix(first, "s") && r.lex.words[strings.ToLower(first)] == 0) {
			return p.name
		}
	}
	return name
}

// surnameFirst names frequent Chinese and Korean surnames, which stand first.
func surnameFirst(w string) bool {
	switch w {
	case "Xi", "Li", "Wang", "Zhang", "Liu", "Chen", "Yang", "Zhao", "Huang", "Zhou", "Wu", "Xu", "Sun", "Hu", "Zhu", "Gao",
		"Lin", "He", "Guo", "Ma", "Luo", "Liang", "Song", "Zheng", "Xie", "Han", "Tang", "Feng", "Yu", "Dong", "Xiao",
		"Cheng", "Cao", "Yuan", "Deng", "Fu", "Shen", "Zeng", "Peng", "Lu", "Su", "Jiang", "Cai", "Jia", "Ding", "Wei",
		"Xue", "Ye", "Yan", "Pan", "Du", "Dai", "Xia", "Zhong", "Tian", "Ren", "Fan", "Fang", "Shi", "Yao", "Tan", "Liao",
		"Zou", "Xiong", "Jin", "Hao", "Kong", "Bai", "Cui", "Kang", "Mao", "Qiu", "Qin", "Gu", "Hou", "Shao", "Meng", "Long",
		"Wan", "Duan", "Qian", "Yin", "Kim", "Lee", "Park":
		return true
	}
	return false
}

func lastWord(s string) string {
	if i := strings.LastIndexAny(s, " .\u00a0"); i >= 0 && i+1 < len(s) {
		return s[i+1:]
	}
	return s
}

// allPeople lists the full personal names of the text, then of the rest of the
// article.
func (r *Reader) allPeople() []person {
	if r.named {
		return r.people
	}
	r.named = true
	r.people = r.scanPeople(0, len(r.doc.Tokens))
	if r.other != nil {
		sub := Reader{lex: r.lex, doc: r.other}
		for _, p := range sub.scanPeople(0, len(r.other.Tokens)) {
			p.at = -1
			r.people = append(r.people, p)
		}
	}
	return r.people
}

// newLine says that a line ends before token i.
func (r *Reader) newLine(i int) bool {
	return i > 0 && strings.IndexByte(r.doc.Source[r.doc.Tokens[i-1].End:r.doc.Tokens[i].Start], '\n') >= 0
}

func (r *Reader) scanPeople(from, to int) []person {
	var out []person
	for i := from; i < to; {
		if r.doc.Tokens[i].Kind != text.Word || !r.doc.Tokens[i].Upper {
			i++
			continue
		}
		end := i + 1
		for end < to && r.capital(end) && !r.newLine(end) {
			end++
		}
		for end > i+1 && r.doc.Tokens[end-1].Kind != text.Word {
			end--
		}
		if name := r.person(i, end); strings.Contains(name, " ") {
			out = append(out, person{name: name, surname: lastWord(name), at: i, last: end})
		}
		i = end
	}
	return out
}

// lastPerson returns the last person named, fully or by surname, in tokens
// [from, to).
func (r *Reader) lastPerson(from, to int) (person, bool) {
	people := r.allPeople()
	for i := to - 1; i >= from; i-- {
		if r.doc.Tokens[i].Kind != text.Word || !r.doc.Tokens[i].Upper {
			continue
		}
		w := r.doc.Text(i)
		for _, p := range people {
			if p.surname == w || strings.HasPrefix(p.surname, w+"-") || surnameFirst(w) && strings.HasPrefix(p.name, w+" ") ||
				strings.HasPrefix(r.doc.Source[r.doc.Tokens[i].Start:], p.name) {
				return p, true
			}
		}
	}
	return person{}, false
}

// antecedent resolves a pronoun: the subject of the nearest cue before it, the
// last person named in this sentence or the three before it, or the subject of
// one of these.
func (r *Reader) antecedent(c *cue) Source {
	s := r.doc.SentenceAt(c.srcFirst)
	w := r.word(c.srcFirst)
	plural := w == "they" || w == "it" || w == "their" || w == "its"
	for back := 0; back <= 3 && s-back >= 0; back++ {
		if src, ok := r.antecedentIn(c, s-back, plural); ok {
			return src
		}
	}
	if plural {
		return r.subjectBefore(s, w == "they" || w == "their")
	}
	if p, ok := r.lastPerson(0, c.srcFirst); ok {
		return r.source(p.name, p.at)
	}
	if people := r.allPeople(); len(people) > 0 && people[0].at < 0 {
		return r.source(people[0].name, -1)
	}
	return Source{}
}

// antecedentIn looks for whom the pronoun of c means in sentence s.
func (r *Reader) antecedentIn(c *cue, s int, plural bool) (Source, bool) {
	sent := r.doc.Sentences[s]
	cues := r.sentenceCues(s)
	for i := len(cues) - 1; i >= 0; i-- {
		p := &cues[i]
		if c.verb == "reply" && p.verb == "ask" || p.first >= c.first || p.srcFirst >= p.srcLast || p.indefinite || r.is(p.srcLast-1, pronoun) || p.srcFirst == c.srcFirst ||
			p.srcLast-p.srcFirst == 1 && possessive(r.word(p.srcFirst)) {
			continue
		}
		if src := r.resolve(p); plural || r.known(src.Name) || r.personal(p.srcFirst, p.srcLast) != "" || r.human(p.srcFirst, p.srcLast) {
			return src, true
		}
	}
	if plural {
		return Source{}, false
	}
	if p, ok := r.lastPerson(sent.First, min(sent.Last, c.srcFirst)); ok {
		return r.source(p.name, p.at), true
	}
	if from, to := r.subjectOf(sent); to <= c.srcFirst && r.human(from, to) {
		return r.resolve(&cue{srcFirst: from, srcLast: to}), true
	}
	return Source{}, false
}

// subjectBefore describes the subject of the sentence before s, in the same
// paragraph, as what "it" or "they" means.
func (r *Reader) subjectBefore(s int, plural bool) Source {
	if s == 0 || r.doc.Sentences[s-1].Paragraph != r.doc.Sentences[s].Paragraph {
		return Source{}
	}
	from, to := r.subjectOf(r.doc.Sentences[s-1])
	if from >= to || !r.nominal(from, to) || r.is(to-1, pronoun|first|indefinite) {
		return Source{}
	}
	head := from
	for head+1 < to && !r.is(head+1, preposition) {
		head++
	}
	if r.plural(head) != plural {
		return Source{}
	}
	return r.resolve(&cue{srcFirst: from, srcLast: to})
}

// subjectOf returns the noun phrase with which a sentence starts before its
// verb; from == to if there is none.
func (r *Reader) subjectOf(sent text.Sentence) (from, to int) {
	from = sent.First
	for from < sent.Last && r.doc.Tokens[from].Kind == text.Open {
		from++
	}
	if r.is(from, preposition|timeWord|boundary|opener) && !r.is(from, determiner) {
		for from < sent.Last && r.doc.Tokens[from].Kind != text.Comma {
			from++
		}
		if from++; from >= sent.Last {
			return sent.First, sent.First
		}
	}
	if r.is(from, pronoun) && !r.is(from, determiner) {
		return from, from
	}
	for to = from; to < sent.Last; to++ {
		switch r.doc.Tokens[to].Kind {
		case text.Comma:
			return from, to
		case text.Word, text.Hyphen, text.Number, text.Clitic:
		default:
			if !r.abbreviated(to) {
				return from, from
			}
		}
		if to > from && (r.is(to, auxiliary|boundary) || r.word(to) == "who") {
			return from, to
		}
		switch r.tag(to) {
		case "VBZ", "VBD", "VBP", "MD":
			if to > from && !r.doc.Tokens[to].Upper {
				return from, to
			}
		}
	}
	return from, from
}

// human says that tokens [from, to) describe one person: "a student in Lund".
func (r *Reader) human(from, to int) bool {
	if from >= to || !r.is(from, determiner) {
		return false
	}
	head := from
	for head+1 < to && !r.is(head+1, preposition) && (r.doc.Tokens[head+1].Kind == text.Word || r.doc.Tokens[head+1].Kind == text.Clitic) && r.word(head+1) != "who" {
		head++
	}
	if r.plural(head) || r.is(head, body|writing) || r.doc.Tokens[head].Upper || r.is(head, determiner|pronoun) {
		return false
	}
	w := r.word(head)
	if r.is(head, title) {
		return true
	}
	switch w {
	case "student", "guest", "host", "witness", "official", "aide", "diplomat", "expert", "resident", "mother", "father", "daughter", "son",
		"friend", "colleague", "envoy", "delegate", "parent", "widow", "nurse", "chef", "president", "participant":
		return true
	}
	for _, suffix := range [...]string{"man", "woman", "ist", "ian", "eer", "maker", "owner", "worker", "driver", "trader", "farmer", "dealer",
		"teacher", "leader", "keeper", "writer", "buyer", "seller", "grammer", "signer", "veloper", "visor", "tutor", "octor"} {
		if strings.HasSuffix(w, suffix) {
			return true
		}
	}
	return false
}

func (r *Reader) known(name string) bool {
	for _, p := range r.allPeople() {
		if p.name == name || p.surname == name {
			return true
		}
	}
	return false
}

// source completes a person by what the text says around the full name.
func (r *Reader) source(name string, at int) Source {
	s := Source{Name: name, Country: r.lex.countries[strings.ToLower(name)]}
	if s.Country == "" {
		s.Country = r.lex.countries[strings.ToLower(lastWord(name))]
	}
	for _, p := range r.allPeople() {
		if p.name == name && p.at >= 0 {
			s.Role, s.Affiliation = r.standing(p)
			if s.Role != "" {
				break
			}
		}
	}
	return s
}

// standing reads role and affiliation from an appositive behind a name, or the
// titles in front of it.
func (r *Reader) standing(p person) (role, affiliation string) {
	i := p.last
	if i+1 < len(r.doc.Tokens) && r.doc.Text(i) == "," && (r.is(i+1, determiner|title) || !r.doc.Tokens[i+1].Upper && r.doc.Tokens[i+1].Kind == text.Word && !r.is(i+1, boundary|verbs|auxiliary|pronoun|preposition)) {
		end := i + 1
		for end < len(r.doc.Tokens) && end < i+20 {
			if k := r.doc.Tokens[end].Kind; k == text.Comma || k == text.Stop || k == text.Strong || k == text.Open || k == text.Close {
				break
			}
			if r.is(end, auxiliary) && r.word(end) != "to" {
				break
			}
			end++
		}
		return r.split(i+1, end)
	}
	start := p.last
	for start > p.at && r.doc.Tokens[start-1].Kind == text.Word && strings.HasSuffix(p.name, r.doc.Slice(start-1, p.last)) {
		start--
	}
	name := strings.Index(r.doc.Slice(p.at, p.last), p.name)
	if name > 0 {
		role = strings.TrimSpace(r.doc.Slice(p.at, p.last)[:name])
		return strings.TrimSuffix(role, "."), ""
	}
	return r.standingBefore(p.at)
}

// standingBefore reads the office in lower case in front of the name at token
// at, "budget analyst Fay Odum", or the description that a comma parts from it.
func (r *Reader) standingBefore(at int) (role, affiliation string) {
	start := at
	for start > 0 && r.is(start-1, title) && !r.doc.Tokens[start-1].Upper && !r.newLine(start) {
		start--
	}
	if start < at {
		return r.doc.Slice(start, at), ""
	}
	if at < 3 || r.doc.Tokens[at-1].Kind != text.Comma || r.newLine(at) {
		return "", ""
	}
	sent := r.doc.Sentences[r.doc.SentenceAt(at)]
	from := r.subjectStart(at-1, sent)
	if from < at-1 && r.is(from, determiner) && r.human(from, at-1) {
		return r.split(from, at-1)
	}
	return "", ""
}

// split parts "director of policy at the Center" into role and affiliation.
func (r *Reader) split(from, to int) (role, affiliation string) {
	for i := to - 1; i > from; i-- {
		switch r.word(i) {
		case "at", "for", "with":
			if i+1 < to {
				return r.doc.Slice(from, i), r.doc.Slice(i+1, to)
			}
		}
	}
	for i := from + 1; i+1 < to; i++ {
		if r.word(i) == "of" {
			return r.doc.Slice(from, i), r.doc.Slice(i+1, to)
		}
	}
	return r.doc.Slice(from, to), ""
}

// country reads the country off a body or description.
func (r *Reader) country(from, to int) string {
	if c := r.lex.countries[strings.ToLower(r.doc.Slice(from, to))]; c != "" {
		return c
	}
	for i := from; i < to; i++ {
		if !r.doc.Tokens[i].Upper {
			continue
		}
		for end := min(to, i+4); end > i; end-- {
			if c := r.lex.countries[strings.ToLower(r.doc.Slice(i, end))]; c != "" {
				return c
			}
		}
	}
	return ""
}
