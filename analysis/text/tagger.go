package text

import (
	"runtime/debug"
	"strings"
	"sync"

	"github.com/jdkato/prose/v2"
)

// Tagger gives words their part of speech, as Penn Treebank tags. It loads its
// model, some 40 MB, when it is first asked, and is safe for concurrent use.
//
// The tagger is prose v2, of which nothing else is used: given running text it
// drops words, so it is handed our own tokens, one sentence at a time, in a form
// that it cannot split or lose.
type Tagger struct {
	once  sync.Once
	model *prose.Model
}

// Bounds on what is tagged: prose takes quadratic time over long tokens, and
// longer sentences are menus and tables.
const (
	maxTagged    = 120
	maxTaggedLen = 40
)

// Tag returns the tag of each token of sentence s, "" for marks that are left
// out; nil if the sentence cannot be tagged.
func (t *Tagger) Tag(d *Doc, s int) []string {
	sent := d.Sentences[s]
	if sent.Last-sent.First > maxTagged {
		return nil
	}
	var feed strings.Builder
	fed := make([]int, 0, sent.Last-sent.First)
	for i := sent.First; i < sent.Last; i++ {
		form := feedForm(d, i)
		if form == "" {
			continue
		}
		if feed.Len() > 0 {
			feed.WriteByte(' ')
		}
		feed.WriteString(form)
		fed = append(fed, i)
	}
	t.once.Do(t.load)
	doc, err := prose.NewDocument(feed.String(), prose.UsingModel(t.model), prose.WithSegmentation(false), prose.WithExtraction(false))
	if err != nil {
		return nil
	}
	tokens := doc.Tokens()
	if len(tokens) != len(fed) {
		return nil
	}
	tags := make([]string, sent.Last-sent.First)
	for k, i := range fed {
		tags[i-sent.First] = tokens[k].Tag
	}
	return tags
}

// load reads the model. Decoding it leaves more garbage behind than the model is large, and a program that then codes for
// an hour would hold on to it all that time: it goes back to the system at once.
func (t *Tagger) load() {
	t.model = prose.ModelFromData("default")
	debug.FreeOSMemory()
}

// feedForm is the form in which token i is tagged: letters and digits, a
// clitic, or one mark, so that one token goes in and one comes out.
func feedForm(d *Doc, i int) string {
	switch d.Tokens[i].Kind {
	case Open, Close, Hyphen, Symbol:
		return ""
	case Comma:
		return ","
	case Strong:
		return ":"
	case Stop:
		return "."
	case Clitic:
		return strings.ToLower(strings.ReplaceAll(d.Text(i), "’", "'"))
	}
	w := strings.Map(func(r rune) rune {
		if r < 0x80 && (isLetter(byte(r)) || isDigit(byte(r))) {
			return r
		}
		return -1
	}, d.Text(i))
	if w == "" {
		return "x"
	}
	return w[:min(len(w), maxTaggedLen)]
}
