package analysis

import (
	"errors"
	"fmt"
	"strings"

	"framewatch/analysis/codebook"
	"framewatch/analysis/pattern"
	"framewatch/analysis/sense"
	"framewatch/analysis/stance"
	"framewatch/analysis/text"
	"framewatch/analysis/voice"
)

// Analyzer codes documents with one codebook. It is immutable and safe for
// concurrent use.
type Analyzer struct {
	codebook *codebook.Codebook
	compiler *pattern.Compiler
	senses   *sense.Engine
	stances  *stance.Rules
	lexicon  *voice.Lexicon
	tagger   *text.Tagger
}

// New compiles a codebook.
func New(cb *codebook.Codebook) (*Analyzer, error) {
	if cb == nil {
		return nil, errors.New("analysis: no codebook")
	}
	a := &Analyzer{codebook: cb, compiler: pattern.NewCompiler(nil), tagger: &text.Tagger{}}
	clauses, err := a.compiler.Clauses()
	if err != nil {
		return nil, fmt.Errorf("analysis: %w", err)
	}
	if a.stances, err = stance.New(pattern.NewCompilerSharing(a.compiler, stance.Classes()), clauses); err != nil {
		return nil, fmt.Errorf("analysis: %w", err)
	}
	if a.senses, err = sense.New(cb, pattern.NewCompilerSharing(a.compiler, cb.Classes), clauses); err != nil {
		return nil, fmt.Errorf("codebook %s: %w", cb.Name, err)
	}
	if a.lexicon, err = voice.NewLexicon(); err != nil {
		return nil, fmt.Errorf("analysis: %w", err)
	}
	return a, nil
}

// Codebook returns the codebook the analyzer was made from.
func (a *Analyzer) Codebook() *codebook.Codebook { return a.codebook }

// read finds the structure of a document.
func (a *Analyzer) read(d Document) *pattern.Article {
	return &pattern.Article{
		Title: a.compiler.Items(text.ParseLine(d.Title)),
		Body:  a.compiler.Items(text.Parse(d.Text)),
	}
}

// Topic applies the codebook's topic gate, or returns d.Topic if it is set.
func (a *Analyzer) Topic(d Document) Topic {
	if d.Topic != nil {
		return *d.Topic
	}
	return a.topic(d, a.read(d))
}

func (a *Analyzer) topic(d Document, article *pattern.Article) Topic {
	var t Topic
	t.AboutAI, t.NamesUS, t.NamesChina = a.senses.Topic(article)
	switch {
	case !english(d.Language):
		t.Reason = "language"
	case a.senses.Off():
	case !t.AboutAI:
		t.Reason = "ai"
	case !t.NamesUS && !t.NamesChina && !a.senses.Anywhere():
		t.Reason = "nation"
	}
	t.Relevant = t.Reason == ""
	return t
}

// english takes en, en-US, EN_us and, for the unknown, "".
func english(language string) bool {
	base, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(language), "_", "-"), "-")
	return base == "" || base == "en" || base == "eng"
}

// Analyze returns the mentions of a document, in order of paragraph, start and
// frame; none if the document is not relevant.
func (a *Analyzer) Analyze(d Document) []Mention {
	_, mentions := a.code(d)
	return mentions
}

// Code is [Analyzer.Topic] and [Analyzer.Analyze] in one reading.
func (a *Analyzer) Code(d Document) Analyzed {
	topic, mentions := a.code(d)
	return Analyzed{Document: d, Topic: topic, Mentions: mentions}
}

// code is Topic and Analyze in one reading.
func (a *Analyzer) code(d Document) (Topic, []Mention) {
	if d.Topic != nil && !(d.Topic.Relevant && english(d.Language)) {
		return *d.Topic, nil
	}
	article := a.read(d)
	var topic Topic
	if d.Topic != nil {
		topic = *d.Topic
	} else if topic = a.topic(d, article); !topic.Relevant {
		return topic, nil
	}
	// What is said of a passage from outside licenses its words only if it names something of the subject itself.
	if article.Short() && a.senses.Fits(article) {
		article.Subject = pattern.Subject{AI: topic.AboutAI, US: topic.NamesUS, China: topic.NamesChina}
	}
	out := a.part(nil, article, article.Title)
	return topic, a.part(out, article, article.Body)
}

// part codes the headline or the body.
func (a *Analyzer) part(out []Mention, article *pattern.Article, items *pattern.Items) []Mention {
	candidates := a.senses.Find(article, items)
	if len(candidates) == 0 {
		return out
	}
	headline := items == article.Title
	other := article.Title
	if headline {
		other = article.Body
	}
	reader := voice.NewReader(a.lexicon, a.tagger, items.Doc, article.Title.Doc, other.Doc)
	lead := leadSentences(len(items.Doc.Sentences))
	first := len(out)
	for i := range candidates {
		m := a.mention(&candidates[i], reader)
		switch {
		case headline:
			m.Section, m.Paragraph = Headline, 0
		case candidates[i].Sentence < lead:
			m.Section = Lead
		default:
			m.Section = Body
		}
		out = append(out, m)
		a.carry(out[first:], candidates)
	}
	return out
}

// carriedSentences is how far a contest is carried on.
const carriedSentences = 2

// carry takes the last of the mentions, if no words of its own decided its
// stance, for a contest where its voice contested the same frame just before:
// whoever has said that it is no race goes on to say why. A sentence that starts
// with "but" turns round: what was only told before it is contested. The
// mentions are those of the candidates, in order.
func (a *Analyzer) carry(mentions []Mention, candidates []sense.Candidate) {
	last := len(mentions) - 1
	m, c := &mentions[last], &candidates[last]
	if m.StanceRule != "default" {
		return
	}
	turns := stance.Turns(c.Items, c.Sentence)
	for i := last - 1; i >= 0 && c.Sentence-candidates[i].Sentence <= carriedSentences; i-- {
		before := &mentions[i]
		if candidates[i].Sentence == c.Sentence || a.root(before.Frame) != a.root(m.Frame) || before.Voice != m.Voice || before.Speaker.Name != m.Speaker.Name {
			continue
		}
		if before.Stance == Contests && !turns || before.Stance == Reports && turns && m.Voice == Author {
			m.Stance, m.StanceRule = Contests, "carried"
		}
		return
	}
}

// root returns the frame under which a frame counts.
func (a *Analyzer) root(frame string) string {
	for range a.codebook.Frames {
		f, ok := a.codebook.Frame(frame)
		if !ok || f.Parent == "" {
			break
		}
		frame = f.Parent
	}
	return frame
}

// leadSentences is the number of sentences in the lead of a body of n.
func leadSentences(n int) int { return max(2, (n+4)/5) }

// mention voices one candidate and finds its stance.
func (a *Analyzer) mention(c *sense.Candidate, reader *voice.Reader) Mention {
	doc := c.Items.Doc
	sent := doc.Sentences[c.Sentence]
	firstToken, lastToken := c.Items.List[c.From].Token, c.Items.List[c.To-1].Token+1
	reading := reader.At(firstToken)
	if !reading.Speaker && lastToken-firstToken > 1 {
		// The words may hold the verb that says whose they are: "fear being lapped".
		if inner := reader.At(lastToken - 1); inner.Speaker && inner.CueFirst >= firstToken && inner.CueLast <= lastToken && inner.CueLast > 0 {
			reading = inner
		}
	}
	finding := a.stance(c, &reading, lastToken)
	m := Mention{
		Frame: c.Frame, Rule: c.Rule, Attributes: c.Attributes,
		Paragraph: sent.Paragraph + 1,
		Start:     doc.Tokens[firstToken].Start, End: doc.Tokens[lastToken-1].End,
		SentStart: sent.Start, SentEnd: sent.End,
		Stance: Stance(finding.Stance), StanceRule: finding.Rule,
		Voice: Author, VoiceRule: reading.Rule,
	}
	m.Trigger, m.Sentence = doc.Source[m.Start:m.End], doc.Source[m.SentStart:m.SentEnd]
	if reading.Speaker {
		m.Voice = Quoted
		m.Speaker = Speaker(reading.Source)
	}
	if finding.From < finding.To {
		m.CueStart = doc.Tokens[c.Items.List[finding.From].Token].Start
		m.CueEnd = doc.Tokens[c.Items.List[finding.To-1].Token].End
	}
	return m
}

// stance asks for the stance within the words of the voice: a speech is judged
// by what the speaker says, not by what stands around it.
func (a *Analyzer) stance(c *sense.Candidate, reading *voice.Reading, last int) stance.Finding {
	if c.Stance != "" {
		return stance.Finding{Stance: c.Stance, Rule: "codebook"}
	}
	doc := c.Items.Doc
	sent := doc.Sentences[c.Sentence]
	q := stance.Question{Place: c.Place, Frame: c.Frame, Marks: reading.Scare, Told: reading.Told, Held: reading.Held}
	if reading.QuoteFirst < reading.QuoteLast {
		first, last := reading.QuoteFirst, reading.QuoteLast
		for _, other := range doc.Quotes {
			if other.Depth == 0 && other.First < sent.Last && sent.First < other.Last {
				first, last = min(first, other.First), max(last, other.Last)
			}
		}
		q.First, q.Last = int(c.Items.ByToken[max(sent.First, first)]), int(c.Items.ByToken[min(sent.Last, last)])
	}
	for i := last; i < sent.Last; i++ {
		q.Asked = q.Asked || strings.HasPrefix(doc.Text(i), "?")
	}
	if reading.Told {
		q.TellFrom, q.TellTo = int(c.Items.ByToken[reading.TellFirst]), int(c.Items.ByToken[reading.TellLast])
	}
	q.GoesOn = sameVoice(doc, reading, c.Sentence, c.Sentence+1)
	q.CameFrom = sameVoice(doc, reading, c.Sentence, c.Sentence-1)
	return a.stances.Judge(&q)
}

// sameVoice says that the sentence beside that of a mention surely has its
// voice: both are in one speech, or both are the author's and outside speech.
func sameVoice(doc *text.Doc, reading *voice.Reading, sentence, beside int) bool {
	if beside < 0 || beside >= len(doc.Sentences) || doc.Sentences[beside].Paragraph != doc.Sentences[sentence].Paragraph {
		return false
	}
	first := doc.Sentences[beside].First
	if reading.Speaker {
		return reading.QuoteFirst < reading.QuoteLast && first >= reading.QuoteFirst && first < reading.QuoteLast
	}
	for _, q := range doc.Quotes {
		if q.First <= first && first < q.Last {
			return false
		}
	}
	return true
}
