package article

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/atom"
)

// rxPromo matches lines that lead away from the article or speak of its
// making, in the languages most often met. It is asked of short blocks only.
var rxPromo = regexp.MustCompile(`(?i)^[^\pL\pN]*(?:` + strings.Join([]string{
	// to other stories
	`(?:related|recommended|suggested)(?: (?:articles?|posts?|stor(?:y|ies)|coverage|content|reading|topics?|links?|news|videos?))?\s*(?::|\||$)`,
	`(?:read|see|watch|listen|also|more|don['’]?t miss)(?: \pL+){0,3}\s*:`, `read (?:more|also|next|the full|our|it here)\b`, `(?:see|check out) (?:also|more|our)\b`,
	`more (?:on|from|about|stories|coverage|great|top) .{0,80}$`, `(?:you (?:may|might) (?:also )?(?:like|enjoy|be interested))`, `don['’]?t miss\b`,
	`most (?:read|popular|viewed)\b`, `popular (?:on [\pL ]{2,30}$|now$|stories)`, `trending\b.{0,30}$`, `editor['’]?s['’]? (?:picks?|choice)`, `continue reading`, `(?:story|article) continues`, `keep reading`,
	`(?:mehr zum thema|lesen sie (?:auch|mehr|dazu|hier)|siehe auch|auch interessant|das könnte sie|zum thema)`, `(?:à )?lire (?:aussi|également|la suite)`, `voir aussi`,
	`(?:lea|lee|leer|vea|ver) (?:también|más|además)`, `te puede interesar`, `(?:leia|veja|saiba|confira) (?:também|mais)`, `leggi (?:anche|tutto)`, `lees ook`, `читайте также`,
	// to the reader
	`(?:sign|signing) up\b`, `subscrib(?:e|ing)\b`, `get (?:the|our|your|unlimited|full) (?:(?:latest|best|top) (?:\pL+ ){0,3}(?:news|stor(?:y|ies)|updates?|headlines|stuff|in|from|delivered)|day['’]s|app|free|daily|morning|newsletters?|news|access|inbox)\b`, `click (?:here|on|below)`,
	`(?:follow|like|join|find|contact|email|e-mail|reach|write to) (?:us|me|him|her|them|the (?:author|reporter|writer)s?|\S+@\S+)\b`,
	`(?:follow|email|contact|write to) (?:[\pL.'’-]+ ){1,4}(?:on|at)\b`, `download (?:the|our|now|here|:)`, `(?:share|like) this\b`, `like what you`, `like this (?:story|article|post)`, `enjoy(?:ed)? (?:this|reading)`,
	`if you (?:enjoyed|liked|like|found) (?:this|what)`, `(?:have|got) (?:a|any) (?:news )?(?:tip|story|question)`, `(?:please )?(?:(?:support|donate to) (?:us|our|this|independent|quality)\b|donate (?:now|today|here)|consider (?:supporting|donating|subscribing|making|becoming)\b)`,
	`(?:already|not) a (?:subscriber|member)`, `log ?in\b`, `register (?:now|here|for free)`, `(?:leave|post|add) a (?:comment|reply)`, `(?:view|show|read|see) (?:all )?(?:\d+ )?comments?`, `comments?(?: \(?\d+\)?)?$`,
	`\d+ comments?$`, `advertis(?:e)?ments?\b.{0,30}$`, `sponsored\b.{0,40}$`, `newsletters?\b.{0,60}$`, `thank(?:s| you) for (?:reading|signing|subscribing|visiting)`, `(?:anzeige|werbung|publicité|publicidad|publicidade|pubblicità|reklama)$`,
	`(?:abonnez-vous|inscrivez-vous|suivez-nous|suscríbete|síguenos|assine|inscreva-se|siga|iscriviti|seguici|jetzt (?:abonnieren|anmelden)|newsletter abonnieren|folgen sie)\b`, `tempo d[ei] l(?:et|ei)tura`, `lesezeit`,
	`\d+ min(?:ute)?s? (?:read|lesen)`, `(?:print|email|share|tweet|pin|facebook|whatsapp|copy link|teilen|drucken|imprimer|compartir)(?:[ |,·]+(?:print|email|share|tweet|pin|facebook|twitter|whatsapp|linkedin|copy link|reddit))*$`,
	// of the making
	`filed under`, `(?:tags?|topics?|categor(?:y|ies)|keywords|posted in|schlagwörter|etiquetas)\s*:`, `(?:copyright (?:©|\(c\)|by |ⓒ|\d{4})|©|\(c\) ?\d{4}|all rights reserved|alle rechte vorbehalten)`,
	`(?:additional )?reporting by\b`, `(?:editing|writing|compiled|edited|translated|produced) by\b`, `(?:photo(?:graph)?s?|image|picture|video|illustration|credit|foto|bild|quelle|source)s?(?: (?:credit|source|by|courtesy))?s?\s*[:|]`,
	`(?:this|the) (?:article|story|post|piece|essay|column|report|op-ed)(?: has been| was| is| is also)? (?:originally |first |also |re|cross-?)*(?:appear|publish|post)(?:ed|s)?\b`, `a version of this (?:article|story)`,
	`(?:last |first )?(?:updated|published|posted|modified)(?:\s*:| (?:on |at )?(?:\d|\pL{3,9}\.? \d))`, `(?:for more information|to learn more),? (?:visit|contact|see|go to)\b`,
	`disclaimer\s*:`, `(?:about|über) (?:the author|den autor|us)\b.{0,40}$`, `©`,
}, `|`) + `)`)

// rxCredit matches the closing lines on who else took part.
var rxCredit = regexp.MustCompile(`(?i)(?:contributed (?:reporting|research|to this|to the)|assisted with this report|(?:also )?reported from [^.]{2,40}\.?$|^\(?[A-Z][^.]{3,80}; (?:editing|writing|reporting) by)`)

// rxContact matches a line that is nothing but an address.
var rxContact = regexp.MustCompile(`(?i)^(?:e-?mail|twitter|tel|phone|web)?\s*:?\s*(?:\S+@\S+\.\S+|@\w+|(?:https?://|www\.|(?:twitter|facebook|instagram)\.com/)\S+)(?:\s*[|,]\s*\S+)?$`)

// Lengths, in letters, up to which a block is short enough to be such a line.
const (
	promoSize   = 200
	bylineSize  = 90
	teaserSize  = 160
	repeatedMin = 40

	bookSize = 5000 // blocks of a page that is so long that only suspicious lines are looked at
)

// cleaner takes out of the kept blocks what extractors let through because it
// stands among the paragraphs.
type cleaner struct {
	*tree
	keep  []bool
	title []string // words of the headline
	cut   []bool   // blocks taken out
}

func (t *tree) clean(keep []bool, title string) {
	c := &cleaner{tree: t, keep: keep, title: titleWords(title), cut: make([]bool, len(keep))}
	before := t.size(keep)
	saved := append([]bool(nil), keep...)
	c.top()
	c.lines()
	c.lists()
	c.repeats()
	c.pullQuotes()
	c.headings()
	if t.size(keep)*3 < before { // what was left is not the article, and what was cut may be
		copy(keep, saved)
	}
}

func (t *tree) size(keep []bool) int {
	n := 0
	for i, b := range t.blocks {
		if keep[i] {
			n += b.size
		}
	}
	return n
}

func (c *cleaner) drop(i int) { c.keep[i], c.cut[i] = false, true }

// top drops what stands above the first paragraph: the headline again, lines
// on author and date, headings of the page's header.
func (c *cleaner) top() {
	seen := 0
	for i := range c.blocks {
		b := &c.blocks[i]
		if !c.keep[i] {
			continue
		}
		echo := c.isTitle(b.text)
		heading := b.place&inHeading != 0
		switch {
		case echo, heading && (b.node.DataAtom == atom.H1 || b.place&inHeader != 0):
			c.drop(i)
			continue
		case b.size <= bylineSize && isByline(b):
			c.drop(i)
			continue
		}
		if seen++; seen > 3 || b.size > 2*promoSize {
			return
		}
	}
}

// isTitle tells whether a block says the headline again.
func (c *cleaner) isTitle(text string) bool {
	if len(text) > 400 || len(c.title) == 0 {
		return false
	}
	words := titleWords(text)
	if len(words) == 0 || len(words) > len(c.title)+4 {
		return false
	}
	in := map[string]bool{}
	for _, w := range c.title {
		in[w] = true
	}
	both := 0
	for _, w := range words {
		if in[w] {
			both++
		}
	}
	return both*5 >= len(words)*4 && both*2 >= len(c.title)
}

var (
	rxByline   = regexp.MustCompile(`^(?:(?:[\pL-]+ ){0,2}(?:[Bb]y|BY)|Von|Par|Por|Di)\s+\p{Lu}`)
	rxLabel    = regexp.MustCompile(`^[^:.]{2,25}:\s`)
	rxDateLine = regexp.MustCompile(`(?i)^(?:\pL{2,12}[.,-]*\s+)?(?:\d{1,2}[./ ]|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\pL*\.?\s+\d)`)
)

// isByline tells whether a short block is a line on author or date.
func isByline(b *block) bool {
	if rxByline.MatchString(b.text) && !strings.HasSuffix(b.text, ".") {
		return true
	}
	if d, err := ParseDate(b.text); err == nil && !d.IsZero() && d.Precision != PrecisionYear {
		return true
	}
	return b.place&inByline != 0 && (rxDateLine.MatchString(b.text) || !endsSentence(b.text))
}

func endsSentence(s string) bool {
	s = strings.TrimRight(s, ` )]"”’'»`)
	return strings.HasSuffix(s, ".") || strings.HasSuffix(s, "。") || strings.HasSuffix(s, "…")
}

// lines drops promotions, credits, contacts, and lines that are one link to
// another story.
func (c *cleaner) lines() {
	for i := range c.blocks {
		b := &c.blocks[i]
		if !c.keep[i] || len(c.blocks) > bookSize && b.linked == 0 && endsSentence(b.text) {
			continue
		}
		switch {
		case b.size <= promoSize && b.place&inList == 0 && (rxPromo.MatchString(b.text) || rxCredit.MatchString(b.text) || rxContact.MatchString(b.text)):
			c.drop(i)
		case b.linked*10 >= b.size*6 && b.size <= teaserSize && b.place&(inTable|inList) == 0 && rxLabel.MatchString(b.text) && !endsSentence(b.text):
			c.drop(i)
		case b.linked*10 >= b.size*9 && b.size <= teaserSize && b.size >= 12 && b.place&(inTable|inList) == 0 && b.place&inHeading == 0 && !endsSentence(b.text):
			c.drop(i)
		}
	}
}

// lists drops lists whose entries are links to other stories.
func (c *cleaner) lists() {
	for i := 0; i < len(c.blocks); {
		b := &c.blocks[i]
		if !c.keep[i] || b.place&inList == 0 {
			i++
			continue
		}
		end, size, linked := i, 0, 0
		for end < len(c.blocks) && c.blocks[end].place&inList != 0 && listOf(&c.blocks[end]) == listOf(b) {
			if c.keep[end] {
				size += c.blocks[end].size
				linked += c.blocks[end].linked
			}
			end++
		}
		if linked*10 >= size*8 {
			for ; i < end; i++ {
				if c.keep[i] {
					c.drop(i)
				}
			}
		}
		i = end
	}
}

// listOf is the list element around a block.
func listOf(b *block) any {
	for n := b.node; n != nil; n = n.Parent {
		switch n.DataAtom {
		case atom.Ul, atom.Ol, atom.Dl:
			return n
		}
	}
	return nil
}

// repeats drops blocks that the page prints twice: pull quotes, copies for
// small screens. What comes back more often is the page's own pattern, such as
// the questions of a survey.
func (c *cleaner) repeats() {
	times := map[string]int{}
	for i := range c.blocks {
		if c.keep[i] && c.blocks[i].size >= repeatedMin {
			times[c.blocks[i].text]++
		}
	}
	seen := map[string]bool{}
	for i := range c.blocks {
		b := &c.blocks[i]
		if !c.keep[i] || times[b.text] != 2 {
			continue
		}
		if seen[b.text] {
			c.drop(i)
		}
		seen[b.text] = true
	}
}

// Bounds of pull quotes: letters of one, and blocks of a page in which they
// are looked for.
const (
	quoteMin  = 30
	quoteMax  = 250
	quotePage = 400
)

// pullQuotes drops blocks that only repeat, in larger print, words of a
// paragraph.
func (c *cleaner) pullQuotes() {
	if len(c.blocks) > 4*quotePage {
		return
	}
	var kept []int
	for i := range c.blocks {
		if c.keep[i] {
			kept = append(kept, i)
		}
	}
	if len(kept) > quotePage {
		return
	}
	for _, i := range kept {
		b := &c.blocks[i]
		if b.size < quoteMin || b.size > quoteMax || b.place&(inList|inTable) != 0 {
			continue
		}
		words := strings.Trim(b.text, " .,“”\"'‘’«»—–-")
		for _, j := range kept {
			if o := &c.blocks[j]; j != i && o.size > b.size && o.place&inHeading == 0 && holds(o.text, words) {
				c.drop(i)
				break
			}
		}
	}
}

// holds tells whether text has words in it, from the beginning of a word on.
func holds(text, words string) bool {
	i := strings.Index(text, words)
	r, _ := utf8.DecodeLastRuneInString(text[:max(i, 0)])
	return i >= 0 && !isWordRune(r)
}

// headings drops headings under which nothing is left: at the end of the
// article, or where all that stood below was cut.
func (c *cleaner) headings() {
	kept, cut, last := false, false, true // what stands between here and the next heading, and whether that is the end
	for i := len(c.blocks) - 1; i >= 0; i-- {
		b := &c.blocks[i]
		switch {
		case c.cut[i]:
			cut = true
		case !c.keep[i]:
		case b.place&inHeading == 0:
			kept = true
		case !kept && (cut || last):
			c.drop(i)
		default:
			kept, cut, last = false, false, false
		}
	}
}
