// Package stance decides what position a voice takes towards a frame: it looks
// for cues of rejection, doubt and distance around the words that carry the
// frame, in the manner of NegEx (Chapman et al. 2001), each with the scope in
// which it counts. The place of a mention and its voice flow in, a [Finding]
// flows out.
package stance

import (
	_ "embed"
	"fmt"
	"strings"

	"framewatch/analysis/pattern"
)

//go:embed cues.txt
var cuesFile string

// Rules is the compiled list of cues. It is safe for concurrent use.
type Rules struct{ rules []rule }

type rule struct {
	stance, id      string
	require, reject []scoped
	either          []scoped        // one of them must hold, if there are any
	frames, spared  map[string]bool // only these; not these
	marks, question bool
	evenTold        bool // holds though somebody unnamed is said to think so
	// What the tests are made of, by scope.
	requireScopes, eitherScopes, rejectScopes map[string]*pattern.Condition
}

// scoped is a test with the scope it is made in.
type scoped struct {
	*pattern.Test
	scope string
}

// Classes returns the word classes that the rules use, by name.
func Classes() map[string][]string {
	out := map[string][]string{}
	for _, line := range strings.Split(cuesFile, "\n") {
		if strings.HasPrefix(line, "{") {
			name, words, _ := strings.Cut(line[1:], "} ")
			out[name] = strings.Fields(words)
		}
	}
	return out
}

// New compiles the rules with c, which must know [Classes].
func New(c *pattern.Compiler, clauses *pattern.Clauses) (*Rules, error) {
	out := &Rules{}
	for n, line := range strings.Split(cuesFile, "\n") {
		if line == "" || line[0] == '#' || line[0] == '{' {
			continue
		}
		var err error
		if line[0] == ' ' {
			err = out.condition(strings.TrimSpace(line))
		} else {
			err = out.open(line)
		}
		if err != nil {
			return nil, fmt.Errorf("cues.txt:%d: %w", n+1, err)
		}
	}
	for i := range out.rules {
		if err := out.rules[i].compile(c, clauses); err != nil {
			return nil, fmt.Errorf("cues.txt: rule %s: %w", out.rules[i].id, err)
		}
	}
	return out, nil
}

func (r *Rules) open(line string) error {
	stance, id, ok := strings.Cut(line, " ")
	if !ok {
		return fmt.Errorf("want a stance and a rule id, got %q", line)
	}
	r.rules = append(r.rules, rule{
		stance: stance, id: id,
		requireScopes: map[string]*pattern.Condition{}, eitherScopes: map[string]*pattern.Condition{}, rejectScopes: map[string]*pattern.Condition{},
	})
	return nil
}

func (r *Rules) condition(line string) error {
	scope, arg, ok := strings.Cut(line, ":")
	if !ok || len(r.rules) == 0 {
		return fmt.Errorf("want a scope and a colon under a rule, got %q", line)
	}
	last := &r.rules[len(r.rules)-1]
	arg = strings.TrimSpace(arg)
	switch scope {
	case "marks":
		last.marks = true
		return nil
	case "question":
		last.question = true
		return nil
	case "even-told":
		last.evenTold = true
		return nil
	case "frames":
		last.frames = frameSet(arg)
		return nil
	case "unless-frames":
		last.spared = frameSet(arg)
		return nil
	}
	into := last.requireScopes
	if rest, ok := strings.CutPrefix(scope, "unless-"); ok {
		into, scope = last.rejectScopes, rest
	} else if rest, ok := strings.CutPrefix(scope, "any-"); ok {
		into, scope = last.eitherScopes, rest
	}
	cond := into[scope]
	if cond == nil {
		cond = &pattern.Condition{}
		into[scope] = cond
	}
	switch scope {
	case "before":
		cond.Before = append(cond.Before, arg)
	case "after":
		cond.After = append(cond.After, arg)
	case "clause":
		cond.Clause = append(cond.Clause, arg)
	case "sentence", "within", "next", "previous":
		cond.Sentence = append(cond.Sentence, arg)
	default:
		return fmt.Errorf("unknown scope %q", scope)
	}
	return nil
}

// frameSet reads names of frames; a class stands for those it lists.
func frameSet(arg string) map[string]bool {
	out, classes := map[string]bool{}, Classes()
	for _, f := range strings.Fields(arg) {
		if name, ok := strings.CutPrefix(f, "{"); ok {
			for _, g := range classes[strings.TrimSuffix(name, "}")] {
				out[g] = true
			}
			continue
		}
		out[f] = true
	}
	return out
}

func (r *rule) compile(c *pattern.Compiler, clauses *pattern.Clauses) error {
	for _, scope := range [...]string{"before", "after", "clause", "sentence", "within", "next", "previous"} {
		for _, list := range []struct {
			from map[string]*pattern.Condition
			to   *[]scoped
		}{{r.requireScopes, &r.require}, {r.eitherScopes, &r.either}, {r.rejectScopes, &r.reject}} {
			cond, ok := list.from[scope]
			if !ok {
				continue
			}
			t, err := c.Test(*cond, clauses)
			if err != nil {
				return err
			}
			*list.to = append(*list.to, scoped{t, scope})
		}
	}
	r.requireScopes, r.eitherScopes, r.rejectScopes = nil, nil, nil
	return nil
}

// Question is what is known of a mention when its stance is asked for.
type Question struct {
	pattern.Place
	Frame string
	// Marks says that the words stand in quotation marks that are no speech.
	Marks bool
	// Asked says that the sentence is a question.
	Asked bool
	// Told says that somebody unnamed is said to think so; the words that say it
	// are items [TellFrom, TellTo).
	Told             bool
	TellFrom, TellTo int
	// GoesOn says that the next sentence is the same voice's, CameFrom that the
	// sentence before is.
	GoesOn, CameFrom bool
	// Held says that a noun says it, so that what follows the words is the voice's.
	Held bool
}

// Finding is a stance and why.
type Finding struct {
	Stance string // asserts, contests or reports
	Rule   string
	// Items [From, To) are the cue; both 0 if there is none.
	From, To int
}

// Judge decides the stance. Words that put the frame into the mouths of people
// in general make the voice report it, unless the voice rejects it before it
// comes to them.
func (r *Rules) Judge(q *Question) Finding {
	q = bare(q)
	for i := range r.rules {
		rl := &r.rules[i]
		from, to, ok := rl.holds(q)
		if !ok {
			continue
		}
		if q.Told && !rl.evenTold && (rl.stance == "asserts" || from >= q.TellTo && !(q.Held && from >= q.To)) {
			continue
		}
		return Finding{rl.stance, rl.id, from, to}
	}
	if q.Told {
		return Finding{"reports", "told", q.TellFrom, q.TellTo}
	}
	return Finding{Stance: "asserts", Rule: "default"}
}

// bare leaves out the articles with which the words in question start, so that
// "a race" is found behind what "race" is found behind.
func bare(q *Question) *Question {
	from := q.From
	for from+1 < q.To {
		switch strings.ToLower(q.Items.Doc.Text(q.Items.List[from].Token)) {
		case "a", "an", "the":
			from++
		default:
			return q.startingAt(from)
		}
	}
	return q.startingAt(from)
}

func (q *Question) startingAt(from int) *Question {
	if from == q.From {
		return q
	}
	out := *q
	out.From = from
	return &out
}

func (r *rule) holds(q *Question) (from, to int, ok bool) {
	if r.marks && !q.Marks || r.question && !q.Asked || r.frames != nil && !r.frames[q.Frame] || r.spared[q.Frame] {
		return 0, 0, false
	}
	for i, t := range r.require {
		f, l, ok := t.find(q)
		if !ok {
			return 0, 0, false
		}
		if i == 0 || to == 0 {
			from, to = f, l
		}
	}
	if len(r.either) > 0 {
		held := false
		for i := 0; i < len(r.either) && !held; i++ {
			var f, l int
			if f, l, held = r.either[i].find(q); held && to == 0 {
				from, to = f, l
			}
		}
		if !held {
			return 0, 0, false
		}
	}
	for _, t := range r.reject {
		if _, _, ok := t.find(q); ok {
			return 0, 0, false
		}
	}
	return from, to, true
}

// find tests the words around a mention, those of the mention itself or those of
// the sentence beside it, as far as it is of the same voice.
func (t *scoped) find(q *Question) (from, to int, ok bool) {
	switch t.scope {
	case "within":
		p := q.Place
		p.First, p.Last = p.From, p.To
		return t.Find(&p)
	case "next":
		return t.beside(q, q.Sentence+1, q.GoesOn)
	case "previous":
		return t.beside(q, q.Sentence-1, q.CameFrom)
	}
	return t.Find(&q.Place)
}

func (t *scoped) beside(q *Question, sentence int, same bool) (from, to int, ok bool) {
	if !same {
		return 0, 0, false
	}
	p := pattern.Place{Article: q.Article, Items: q.Items, Sentence: sentence}
	p.First, p.Last = p.Items.Sentence(sentence)
	p.From, p.To = p.First, p.First
	return t.Find(&p)
}

// Turns says that a sentence starts with a word that turns against the one
// before it.
func Turns(items *pattern.Items, sentence int) bool {
	from, to := items.Sentence(sentence)
	if from >= to {
		return false
	}
	switch strings.ToLower(items.Doc.Text(items.List[from].Token)) {
	case "but", "yet", "still", "however", "nonetheless", "nevertheless", "except":
		return true
	}
	return false
}
