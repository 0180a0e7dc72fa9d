package article

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// tree is a page's DOM without the elements that are never read as text, its
// text cut into blocks.
//
// Every text node with a letter in it carries a mark: one rune of a private
// plane before its first character, numbered in document order. Extractors
// clone, rename and rebuild nodes but keep text, so the marks in what an
// extractor returns say exactly which text nodes of the page it chose, with
// no comparing of texts.
type tree struct {
	blocks []block
	hints  []hint
	owner  []int32 // mark → index of its block
	length []int32 // mark → letters and digits in its text node

	language string // as an extractor found it, "" if none was asked
	elements int    // in the tree
	siblings int    // most children of one element
	weight   int    // bytes of text, each counted once for every element around it
}

// hint is what the name of an element claims for the blocks from first up to,
// not including, end.
type hint struct {
	place      place
	first, end int
}

// block is a run of text that a browser shows on lines of its own.
type block struct {
	text   string     // white space folded, marks removed
	node   *html.Node // the block element around it
	size   int        // letters and digits
	linked int        // of these, inside links
	place  place      // from tags and roles, and from names once these are believed
	kin    kin
}

// kin is what paragraphs of one article have in common: their element and its
// class, and those of its parent.
type kin struct{ tag, class, parent, parentClass string }

func kinOf(n *html.Node) kin {
	k := kin{tag: n.Data, class: attr(n, "class")}
	if n.Parent != nil {
		k.parent, k.parentClass = n.Parent.Data, attr(n.Parent, "class")
	}
	return k
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// place says what the elements around a block claim to be.
type place uint16

const (
	inHeading place = 1 << iota
	inList
	inTable
	inQuote
	inCaption // figure, figcaption, a class of that meaning
	inHeader  // header element
	inSide    // nav, aside, footer, form, dialog, or a role of that meaning
	inPromo   // class or id of related stories, newsletters, sharing, advertising
	inComment // class or id of reader comments
	inByline  // class or id of author lines and dates
	inBody    // article element or a class of the article's body
	isHidden  // hidden attribute, display:none
)

// The marks: the private planes 15 and 16, without their last two code points,
// which are not characters.
const (
	markBase  = 0xF0000
	markEnd   = 0x10FFFD
	markBreak = 0xFFFE
	maxMarks  = markBreak + 0xFFFE
)

func markRune(i int) rune {
	if i >= markBreak {
		return rune(0x100000 + i - markBreak)
	}
	return rune(markBase + i)
}

func markIndex(r rune) int {
	if r >= 0x100000 {
		return int(r) - 0x100000 + markBreak
	}
	return int(r) - markBase
}

func isMark(r rune) bool { return r >= markBase && r <= markEnd }

// isSkipped tells whether an element is cut from the tree: it holds no text of
// the page, or text that is not shown.
func isSkipped(a atom.Atom) bool {
	switch a {
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Svg, atom.Iframe, atom.Object, atom.Embed,
		atom.Textarea, atom.Select, atom.Button, atom.Input, atom.Canvas, atom.Math, atom.Link, atom.Map:
		return true
	}
	return false
}

// newTree prunes doc in place, marks its text and cuts it into blocks. A page
// may have more text nodes than there are marks; then the marks tell nothing.
func newTree(doc *html.Node) *tree {
	b := &builder{tree: &tree{}}
	b.walk(doc, doc, 0, false)
	b.flush()
	return b.tree
}

type builder struct {
	*tree
	sb     strings.Builder
	size   int
	linked int
	node   *html.Node
	place  place
	depth  int
	brk    bool // a line break was met since the last text
}

func (b *builder) walk(n, around *html.Node, where place, link bool) {
	b.depth++
	children := 0
	for c := n.FirstChild; c != nil; children++ {
		next := c.NextSibling
		switch c.Type {
		case html.TextNode:
			b.weight += len(c.Data) * b.depth
			b.text(c, around, where, link)
		case html.ElementNode:
			a := c.DataAtom
			switch {
			case isSkipped(a):
				n.RemoveChild(c)
			case a == atom.Br:
				b.lineBreak()
			case a == atom.Head:
				pruneHead(c)
			case isBlock(a):
				b.flush()
				b.element(c, c, where, link)
				b.flush()
			default:
				b.element(c, around, where, link || a == atom.A)
			}
		case html.DocumentNode:
			b.walk(c, around, where, link)
		default:
			if c.Type != html.DoctypeNode {
				n.RemoveChild(c)
			}
		}
		c = next
	}
	b.siblings = max(b.siblings, children)
	b.depth--
}

// element walks into c and notes what its tag and its name claim.
func (b *builder) element(c, around *html.Node, where place, link bool) {
	b.elements++
	sure, named := placeOf(c)
	first := len(b.blocks)
	b.walk(c, around, where|sure, link)
	if named != 0 && isBlock(c.DataAtom) {
		if b.flush(); len(b.blocks) > first {
			b.hints = append(b.hints, hint{place: named, first: first, end: len(b.blocks)})
		}
	}
}

// pruneHead drops the scripts and styles of the head; meta and title stay, for
// the extractors that look at them.
func pruneHead(head *html.Node) {
	for c := head.FirstChild; c != nil; {
		next := c.NextSibling
		if c.Type != html.ElementNode || isSkipped(c.DataAtom) {
			head.RemoveChild(c)
		}
		c = next
	}
}

func (b *builder) text(n, around *html.Node, where place, link bool) {
	size, first := 0, -1
	for i, r := range n.Data {
		if first < 0 && !unicode.IsSpace(r) {
			first = i
		}
		if isWordRune(r) {
			size++
		}
	}
	if first < 0 {
		b.sb.WriteByte(' ')
		return
	}
	if b.brk {
		b.endLine(n.Data[first:])
	}
	if b.node == nil {
		b.node, b.place = around, where
	}
	b.place &= where | ^(inByline | isHidden) // an inline element speaks only for a block that is all inside it
	b.sb.WriteString(n.Data)
	if size == 0 {
		return
	}
	b.size += size
	if link {
		b.linked += size
	}
	if i := len(b.owner); i < maxMarks {
		b.owner = append(b.owner, int32(len(b.blocks)))
		b.length = append(b.length, int32(size))
		n.Data = n.Data[:first] + string(markRune(i)) + n.Data[first:]
	}
}

func isWordRune(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r >= 0x80 && (unicode.IsLetter(r) || unicode.IsNumber(r))
}

// lineBreak notes a br. Two in a row part paragraphs, and so does one after
// the end of a sentence or of a short line; one inside a sentence is layout.
func (b *builder) lineBreak() {
	if b.brk {
		b.flush()
	}
	b.brk = true
	b.sb.WriteByte(' ')
}

// shortLine is the length in bytes below which a line that is followed by one
// with a capital stands for itself: a name, a date, a heading.
const shortLine = 50

func (b *builder) endLine(next string) {
	b.brk = false
	s := strings.TrimRightFunc(b.sb.String(), unicode.IsSpace)
	last, _ := utf8.DecodeLastRuneInString(s)
	r, _ := utf8.DecodeRuneInString(next)
	if strings.ContainsRune(".!?:…。！？”\"", last) || len(s) < shortLine && (unicode.IsUpper(r) || unicode.IsDigit(r)) {
		b.flush()
	}
}

func (b *builder) flush() {
	b.brk = false
	text := fold(b.sb.String())
	b.sb.Reset()
	if b.size > 0 {
		b.blocks = append(b.blocks, block{text: text, node: b.node, size: b.size, linked: b.linked, place: b.place, kin: kinOf(b.node)})
	}
	b.size, b.linked, b.node, b.place = 0, 0, nil, 0
}

// choice is what an extractor took: for each block, the letters it kept.
type choice struct {
	kept []int32
	size int // sum of kept
}

// chosen reads the marks in an extractor's output.
func (t *tree) chosen(out *html.Node) choice {
	c := choice{kept: make([]int32, len(t.blocks))}
	if out == nil {
		return c
	}
	seen := make([]bool, len(t.owner))
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			for _, r := range n.Data {
				if !isMark(r) {
					continue
				}
				if i := markIndex(r); i < len(seen) && !seen[i] {
					seen[i] = true
					c.kept[t.owner[i]] += t.length[i]
					c.size += int(t.length[i])
				}
			}
			return
		}
		for k := n.FirstChild; k != nil; k = k.NextSibling {
			walk(k)
		}
	}
	walk(out)
	return c
}

// has tells whether the extractor kept most of block i.
func (c choice) has(t *tree, i int) bool { return 2*int(c.kept[i]) > t.blocks[i].size }

// agreement is the F1 measure of two choices over letters.
func agreement(a, b choice) float64 {
	if a.size+b.size == 0 {
		return 0
	}
	both := 0
	for i := range a.kept {
		both += int(min(a.kept[i], b.kept[i]))
	}
	return 2 * float64(both) / float64(a.size+b.size)
}
