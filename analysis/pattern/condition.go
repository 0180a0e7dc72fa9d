package pattern

import (
	"fmt"
	"iter"

	"framewatch/analysis/text"
)

// Condition asks for patterns in some scope around a match. Where several
// scopes are given any one of them is enough.
type Condition struct {
	Before    []string `yaml:"before"`                    // ends where the match starts
	After     []string `yaml:"after"`                     // starts where the match ends
	Near      []string `yaml:"near" json:",omitempty"`    // in the same sentence, up to twelve words off
	Clause    []string `yaml:"clause"`                    // in the same clause
	Sentence  []string `yaml:"sentence"`                  // in the same sentence
	Around    []string `yaml:"around"`                    // in the sentence, the one before or after; see Allows for rules that look further
	Paragraph []string `yaml:"paragraph"`                 // in the same paragraph
	Title     []string `yaml:"title"`                     // in the headline
	Article   []string `yaml:"article"`                   // anywhere in the article or its title
	Subject   []string `yaml:"subject" json:",omitempty"` // what a short article is about: ai, us, china
}

// Subject is what an article as a whole is about, as far as that is known.
type Subject struct{ AI, US, China bool }

// ParseSubject reads the names in [Condition].Subject.
func ParseSubject(names []string) (Subject, error) {
	var s Subject
	for _, n := range names {
		switch n {
		case "ai":
			s.AI = true
		case "us":
			s.US = true
		case "china":
			s.China = true
		default:
			return s, fmt.Errorf("unknown subject %q; want ai, us or china", n)
		}
	}
	return s, nil
}

func (s Subject) meets(o Subject) bool { return s.AI && o.AI || s.US && o.US || s.China && o.China }

// Scopes returns the patterns by scope, in order of the fields.
func (c Condition) Scopes() iter.Seq2[string, []string] {
	return func(yield func(string, []string) bool) {
		_ = yield("before", c.Before) && yield("after", c.After) && yield("near", c.Near) && yield("clause", c.Clause) &&
			yield("sentence", c.Sentence) && yield("around", c.Around) && yield("paragraph", c.Paragraph) &&
			yield("title", c.Title) && yield("article", c.Article)
	}
}

// Empty says that the condition asks for nothing.
func (c Condition) Empty() bool {
	for _, patterns := range c.Scopes() {
		if len(patterns) > 0 {
			return false
		}
	}
	return len(c.Subject) == 0
}

// Article is the text of one document as patterns see it.
type Article struct {
	Title, Body *Items
	// Subject is what a short article is about; nothing for a longer one, of
	// which each part may have a subject of its own.
	Subject Subject
}

// short is how many words an article may have for its subject to be that of
// every sentence.
const short = 250

// Short says that the article is so short that its subject is that of every
// sentence.
func (a *Article) Short() bool { return len(a.Body.List) <= short }

// Place is where something stands in an article.
type Place struct {
	Article *Article
	// Items is Article.Title or Article.Body.
	Items    *Items
	Sentence int // index into Items.Doc.Sentences
	// Items [From, To) are the words in question.
	From, To int
	// Items [First, Last) are the part of the sentence to look in; all of it if
	// both are 0.
	First, Last int
}

// reach is how many words to either side count as the same sentence: menus and
// link lists run whole pages together.
const reach = 45

// vicinity is how many words to either side count as near.
const vicinity = 12

// Bounds returns the items to look in: the sentence, as far as it is near.
func (p *Place) Bounds() (from, to int) {
	from, to = p.First, p.Last
	if to == 0 {
		from, to = p.Items.Sentence(p.Sentence)
	}
	return max(from, p.From-reach), min(to, p.To+reach)
}

// Sentence returns the items of sentence i.
func (s *Items) Sentence(i int) (from, to int) {
	sent := &s.Doc.Sentences[i]
	return int(s.ByToken[sent.First]), int(s.ByToken[sent.Last])
}

// Paragraph returns the items of the paragraph that holds sentence i.
func (s *Items) Paragraph(i int) (from, to int) {
	first, last := i, i
	all := s.Doc.Sentences
	for first > 0 && all[first-1].Paragraph == all[i].Paragraph {
		first--
	}
	for last+1 < len(all) && all[last+1].Paragraph == all[i].Paragraph {
		last++
	}
	from, _ = s.Sentence(first)
	_, to = s.Sentence(last)
	return from, to
}

// Test is a compiled [Condition].
type Test struct {
	before, after, near, clause, sentence, around, paragraph, title, article *Set

	subject Subject
	clauses *Clauses
}

// Test compiles a condition.
func (c *Compiler) Test(cond Condition, clauses *Clauses) (*Test, error) {
	subject, err := ParseSubject(cond.Subject)
	if err != nil {
		return nil, err
	}
	t := &Test{clauses: clauses, subject: subject}
	n := len(cond.Subject)
	for _, scope := range []struct {
		patterns []string
		set      **Set
	}{
		{cond.Before, &t.before}, {cond.After, &t.after}, {cond.Near, &t.near}, {cond.Clause, &t.clause}, {cond.Sentence, &t.sentence},
		{cond.Around, &t.around}, {cond.Paragraph, &t.paragraph}, {cond.Title, &t.title},
		{cond.Article, &t.article},
	} {
		set, err := c.Set(scope.patterns)
		if err != nil {
			return nil, err
		}
		*scope.set = set
		n += len(scope.patterns)
	}
	if n == 0 {
		return nil, fmt.Errorf("the condition asks for nothing; give it a scope such as sentence: [\"word\"]")
	}
	return t, nil
}

// Set compiles patterns into one set; the value of each is its index.
func (c *Compiler) Set(sources []string) (*Set, error) {
	s := &Set{}
	for i, source := range sources {
		p, err := c.Compile(source)
		if err != nil {
			return nil, err
		}
		s.Add(p, i)
	}
	return s, nil
}

// Holds says that the condition holds at a place, and which items fulfil it:
// the items are [from, to) of in, or none if they lie in no one sentence.
func (t *Test) Holds(p *Place) bool {
	_, _, ok := t.Find(p)
	return ok
}

// Find is [Test.Holds] that also gives the items found, both 0 where they are
// not in the place's own sentence.
func (t *Test) Find(p *Place) (from, to int, ok bool) {
	if from, to, ok := t.inSentence(p); ok {
		return from, to, true
	}
	return 0, 0, t.beyond(p) || !t.article.Empty() && (t.article.Found(p.Article.Title, 0, len(p.Article.Title.List)) ||
		t.article.Found(p.Article.Body, 0, len(p.Article.Body.List)))
}

// inSentence tests the scopes within the sentence.
func (t *Test) inSentence(p *Place) (from, to int, ok bool) {
	first, last := p.Bounds()
	if from, ok := t.before.endsAt(p.Items, first, p.From); ok {
		return from, p.From, true
	}
	if to := t.after.StartsAt(p.Items, p.To, last); to >= 0 {
		return p.To, to, true
	}
	if !t.near.Empty() {
		if from, to, ok := t.near.first(p.Items, max(first, p.From-vicinity), min(last, p.To+vicinity)); ok {
			return from, to, true
		}
	}
	if !t.clause.Empty() {
		f, l := t.clauses.Around(p.Items, first, last, p.From, p.To)
		if from, to, ok := t.clause.first(p.Items, f, l); ok {
			return from, to, true
		}
	}
	return t.sentence.first(p.Items, first, last)
}

// What a rule with a wide view requires may be met by the context that a reader has in mind: some sentences to either
// side, the headline, the article's first sentences. In a long text of many subjects, such as a press briefing, what
// stands pages away is no context.
const (
	nearby = 1  // sentences to either side
	inMind = 4  // for what is required around a match
	topic  = 10 // for what is required in its article
	lead   = 3  // sentences that set an article's subject
)

// Allows is [Test.Holds] for what a rule with a wide view requires.
func (t *Test) Allows(p *Place) bool {
	if _, _, ok := t.inSentence(p); ok || t.beyond(p) {
		return true
	}
	return near(t.around, p, inMind) || inSubject(t.around, p) || near(t.article, p, topic) || inSubject(t.article, p)
}

// beyond tests the scopes beyond the sentence but for the article's.
func (t *Test) beyond(p *Place) bool {
	if t.subject.meets(p.Article.Subject) {
		return true
	}
	if near(t.around, p, nearby) {
		return true
	}
	if p.Sentence == 0 && p.Items == p.Article.Body && t.around.Found(p.Article.Title, 0, len(p.Article.Title.List)) {
		return true
	}
	if !t.paragraph.Empty() {
		if f, l := p.Items.Paragraph(p.Sentence); t.paragraph.Found(p.Items, f, l) {
			return true
		}
	}
	return t.title.Found(p.Article.Title, 0, len(p.Article.Title.List))
}

// near looks for a set up to n sentences off the place.
func near(s *Set, p *Place, n int) bool {
	if s.Empty() {
		return false
	}
	for i := max(0, p.Sentence-n); i <= min(p.Sentence+n, len(p.Items.Doc.Sentences)-1); i++ {
		f, l := p.Items.Sentence(i)
		if f, l = max(f, p.From-2*n*reach), min(l, p.To+2*n*reach); s.Found(p.Items, f, l) {
			return true
		}
	}
	return false
}

// inSubject looks for a set in the title and the lead.
func inSubject(s *Set, p *Place) bool {
	if s.Empty() {
		return false
	}
	if s.Found(p.Article.Title, 0, len(p.Article.Title.List)) {
		return true
	}
	body := p.Article.Body
	if len(body.Doc.Sentences) == 0 {
		return false
	}
	_, to := body.Sentence(min(lead, len(body.Doc.Sentences)) - 1)
	return s.Found(body, 0, to)
}

func (s *Set) first(items *Items, from, to int) (int, int, bool) {
	var got Match
	found := !s.Scan(items, from, to, func(m Match) bool { got = m; return false })
	return got.Start, got.End, found
}

func (s *Set) endsAt(items *Items, from, at int) (int, bool) {
	if s.Empty() || !s.openEnd && (at <= from || !s.ends.has(&items.List[at-1])) {
		return 0, false
	}
	for n, p := range s.patterns {
		if at > from && items.List[at-1].isNot(s.tails[n]) {
			continue
		}
		if e := &p.elements[len(p.elements)-1]; e.needed() && (at <= from || !e.last.has(&items.List[at-1])) {
			continue
		}
		m := matcher{items: items.List, from: from, to: at, p: p}
		if begin := m.backward(len(p.elements)-1, at); begin >= 0 {
			return begin, true
		}
	}
	return 0, false
}

// Clauses finds clause bounds.
type Clauses struct{ connective, relative *Set }

// Clauses compiles what clause bounds are found by.
func (c *Compiler) Clauses() (*Clauses, error) {
	connective, err := c.Set([]string{"but|while|whereas|although|though|because|unless|whether|if|when|that_is"})
	if err != nil {
		return nil, err
	}
	relative, err := c.Set([]string{"and|or|so|yet|which|who|whose|where|in_which|with|as|not|rather|instead|nor|then"})
	if err != nil {
		return nil, err
	}
	return &Clauses{connective, relative}, nil
}

// Around returns the items of the clause around items [from, to) in a sentence
// [first, last): bounds are dashes, colons, semicolons, connectives, and commas
// before a coordinator or a relative.
func (c *Clauses) Around(items *Items, first, last, from, to int) (int, int) {
	f, l := from, to
	for f > first && !c.boundary(items, f-1, last) {
		f--
	}
	for l < last && !c.boundary(items, l, last) {
		l++
	}
	return f, l
}

func (c *Clauses) boundary(items *Items, i, last int) bool {
	switch it := &items.List[i]; it.brk {
	case strong:
		return true
	case weak:
		return items.Doc.Tokens[it.Token].Kind == text.Comma && c.relative.StartsAt(items, i+1, last) >= 0
	}
	return c.connective.StartsAt(items, i, last) >= 0
}
