package article

import (
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// vote settles which blocks of a page are its article.
type vote struct {
	*tree
	names   []string // of the extractors, in the order asked
	choices []choice
}

// agreement is how far the first two extractors chose alike, 0 for one alone.
func (v *vote) agreement() float64 {
	if len(v.choices) < 2 {
		return 0
	}
	return agreement(v.choices[0], v.choices[1])
}

// largest is the size of the largest choice, in letters.
func (v *vote) largest() int {
	n := 0
	for _, c := range v.choices {
		n = max(n, c.size)
	}
	return n
}

// via names the extractor whose choice is nearest to the blocks kept.
func (v *vote) via(keep []bool) string {
	final := choice{kept: make([]int32, len(v.blocks))}
	for i, b := range v.blocks {
		if keep[i] {
			final.kept[i] = int32(b.size)
			final.size += b.size
		}
	}
	best, name := -1.0, ""
	for i, c := range v.choices {
		if a := agreement(c, final); a > best {
			best, name = a, v.names[i]
		}
	}
	return name
}

// votes counts the extractors that took block i.
func (v *vote) votes(i int) int {
	n := 0
	for _, c := range v.choices {
		if c.has(v.tree, i) {
			n++
		}
	}
	return n
}

// decide tells for each block whether it belongs to the article: two
// extractors took it, or one did and the block is of one kin with the
// paragraphs that two took.
func (v *vote) decide() []bool {
	keep := make([]bool, len(v.blocks))
	for i := range v.blocks {
		keep[i] = v.votes(i) >= min(2, len(v.choices))
	}
	if v.size(keep)*4 < v.largest() && len(v.choices) > 1 {
		v.medoid(keep)
	}
	v.believeHints(keep)
	v.extend(keep)
	return keep
}

// medoid falls back on the choice that is most like the others, where hardly
// any block found two votes.
func (v *vote) medoid(keep []bool) {
	best, like := 0, -1.0
	for i, c := range v.choices {
		sum := 0.0
		for j, o := range v.choices {
			if i != j {
				sum += agreement(c, o)
			}
		}
		if sum > like && c.size > 0 {
			best, like = i, sum
		}
	}
	for i := range keep {
		keep[i] = v.choices[best].has(v.tree, i)
	}
}

// believeHints gives blocks the places that the names around them claim. A
// name that covers much of the voted text says nothing: "has-sidebar" on the
// body is a setting, not a place. Comments may well be longer than the article
// but do not hold its beginning.
func (v *vote) believeHints(keep []bool) {
	total, start := v.size(keep), 0
	for start < len(keep) && (!keep[start] || v.blocks[start].place&inHeading != 0) {
		start++
	}
	for _, h := range v.hints {
		inside := 0
		for i := h.first; i < h.end; i++ {
			if keep[i] {
				inside += v.blocks[i].size
			}
		}
		p := h.place
		if inside*5 > total*2 {
			p &= inBody | inComment
		}
		if h.first <= start && start < h.end {
			p &^= inComment
		}
		for i := h.first; i < h.end; i++ {
			v.blocks[i].place |= p
		}
	}
	for i := range keep {
		keep[i] = keep[i] && v.blocks[i].place&inComment == 0
	}
}

// extend adds the paragraphs that one extractor took and that stand in the
// page as the paragraphs of the article do. Another article element is another
// article.
func (v *vote) extend(keep []bool) {
	kept := map[kin]int{}
	within := map[*html.Node]int{}
	total := 0
	for i, b := range v.blocks {
		if keep[i] && b.place&inHeading == 0 {
			kept[b.kin] += b.size
			within[articleOf(b.node)] += b.size
			total += b.size
		}
	}
	for i, b := range v.blocks {
		if keep[i] || v.votes(i) == 0 || b.linked*3 > b.size || b.size < 40 || b.place&notBody != 0 {
			continue
		}
		if kept[b.kin]*4 > total && within[articleOf(b.node)]*4 > total {
			keep[i] = true
		}
	}
	v.extendHeadings(keep)
}

// extendHeadings adds the headings that one extractor took between two blocks
// of the article.
func (v *vote) extendHeadings(keep []bool) {
	for i := 1; i+1 < len(keep); i++ {
		b := &v.blocks[i]
		if b.place&inHeading != 0 && b.place&notBody == inHeading && !keep[i] && v.votes(i) > 0 && b.linked == 0 && keep[i-1] && keep[i+1] && b.node.DataAtom != atom.H1 {
			keep[i] = true
		}
	}
}

// notBody are the places in which one extractor's word is not enough.
const notBody = inHeading | inCaption | inSide | inPromo | inComment | inByline | isHidden

// articleOf is the innermost article element around n, nil if there is none.
func articleOf(n *html.Node) *html.Node {
	for ; n != nil; n = n.Parent {
		if n.DataAtom == atom.Article {
			return n
		}
	}
	return nil
}
