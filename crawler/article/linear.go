package article

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A page beyond these measures is not given to extractors whose cost grows
// faster than the page: go-trafilatura and domdistiller compare siblings with
// each other, and every extractor reads a text once for each element around it.
const (
	maxTree     = 4 << 20 // bytes of source, and
	maxTags     = 100_000 // "<" in it, of which a tree is built
	maxElements = 25_000
	maxSiblings = 3_000
	maxWeight   = 24 << 20 // bytes of text times their depth
	maxRead     = 40 << 20 // the same, for readability
)

// streamPage cuts a page into blocks without building a tree of it, in one
// pass and with memory for its text only: for pages that are too large or too
// deeply nested for a tree.
func streamPage(src string) *tree {
	s := streamer{b: builder{tree: &tree{}}}
	z := html.NewTokenizer(strings.NewReader(src))
	for {
		switch tt := z.Next(); tt {
		case html.ErrorToken:
			s.b.flush()
			return s.b.tree
		case html.TextToken:
			if s.skip == 0 {
				s.text(string(z.Text()))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			s.start(z, tt == html.SelfClosingTagToken)
		case html.EndTagToken:
			name, _ := z.TagName()
			s.end(atom.Lookup(name))
		}
	}
}

// streamer follows the open elements only as far as they matter to a block.
type streamer struct {
	b     builder
	skip  atom.Atom // the open element whose content is passed over
	depth int       // of elements of that name inside it
	link  bool
	open  []opened
}

type opened struct {
	tag   atom.Atom
	place place
}

// maxOpened bounds the elements that are followed; what is nested deeper takes
// the place of the last one.
const maxOpened = 256

func (s *streamer) start(z *html.Tokenizer, closed bool) {
	name, more := z.TagName()
	a := atom.Lookup(name)
	if s.skip != 0 {
		if a == s.skip && !closed {
			s.depth++
		}
		return
	}
	if (isSkipped(a) || a == atom.Head || a == atom.Title) && !isVoid(a) {
		if !closed {
			s.skip, s.depth = a, 1
		}
		return
	}
	switch {
	case a == atom.Br:
		s.b.lineBreak()
	case a == atom.A:
		s.link = true
	case isBlock(a):
		s.b.flush()
		n := &html.Node{Type: html.ElementNode, Data: string(name), DataAtom: a}
		for more {
			var k, v []byte
			k, v, more = z.TagAttr()
			n.Attr = append(n.Attr, html.Attribute{Key: string(k), Val: clip(string(v), 300)})
		}
		sure, named := placeOf(n)
		if len(s.open) < maxOpened && !closed {
			s.open = append(s.open, opened{a, sure | named&(inPromo|inComment|inByline)})
		}
	}
}

func isVoid(a atom.Atom) bool {
	return a == atom.Input || a == atom.Embed || a == atom.Link
}

func (s *streamer) end(a atom.Atom) {
	switch {
	case s.skip != 0:
		if a == s.skip {
			if s.depth--; s.depth == 0 {
				s.skip = 0
			}
		}
	case a == atom.A:
		s.link = false
	case isBlock(a):
		s.b.flush()
		for i := len(s.open) - 1; i >= 0; i-- {
			if s.open[i].tag == a {
				s.open = s.open[:i]
				return
			}
		}
	}
}

func (s *streamer) text(t string) {
	var where place
	tag := atom.Div
	for _, o := range s.open {
		where |= o.place
		tag = o.tag
	}
	around := &html.Node{Type: html.ElementNode, Data: tag.String(), DataAtom: tag}
	s.b.text(&html.Node{Type: html.TextNode, Data: t}, around, where, s.link)
}

// Sizes of blocks, in letters, for the linear choice.
const (
	paragraphSize = 80
	lineSize      = 25
	gapSize       = 600 // letters of other blocks that end an article
)

// linearChoice picks the article's blocks by their looks alone: paragraphs are
// long and hold few links, and those of one article stand together.
func (t *tree) linearChoice() choice {
	c := choice{kept: make([]int32, len(t.blocks))}
	good := make([]bool, len(t.blocks))
	for i := range t.blocks {
		b := &t.blocks[i]
		good[i] = b.size >= paragraphSize && b.linked*3 < b.size && b.place&(inSide|inComment|inPromo|isHidden|inCaption) == 0
	}
	best, bestSize := [2]int{}, 0
	for i := 0; i < len(good); i++ {
		if !good[i] {
			continue
		}
		size, gap, last := 0, 0, i
		for j := i; j < len(good) && gap < gapSize; j++ {
			if good[j] {
				size, gap, last = size+t.blocks[j].size, 0, j
			} else {
				gap += t.blocks[j].size
			}
		}
		if size > bestSize {
			best, bestSize = [2]int{i, last + 1}, size
		}
		i = last
	}
	for i := best[0]; i < best[1]; i++ {
		b := &t.blocks[i]
		near := b.size >= lineSize && b.linked*2 < b.size || b.place&inHeading != 0
		if good[i] || near && b.place&(inSide|inComment|inPromo|isHidden|inCaption) == 0 {
			c.kept[i] = int32(b.size)
			c.size += b.size
		}
	}
	return c
}
