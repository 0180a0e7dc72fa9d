package story

import (
	"cmp"
	"slices"
)

// Window is the number of days that may lie between the first appearances of two copies.
const Window = 30

const (
	// leastHits is the number of anchors that candidates share. One may be a phrase of the day.
	leastHits = 2
	// nearest is how many neighbors on either side an anchor names. A phrase that thousands use says nothing, and of a
	// text with more copies these are enough to join them all.
	nearest = 24
)

// Entry is an article in an [Index].
type Entry struct {
	Day     int // days since any fixed day
	Anchors []uint32
}

// Index finds candidates: articles that share anchors and whose days lie within [Window].
type Index struct {
	entries  []Entry
	postings []posting // by anchor, day and place
}

type posting struct {
	anchor uint32
	entry  int32
}

// NewIndex makes an index of articles. Their order is that of the answers.
func NewIndex(entries []Entry) *Index {
	n := 0
	for _, e := range entries {
		n += len(e.Anchors)
	}
	x := &Index{entries: entries, postings: make([]posting, 0, n)}
	for i, e := range entries {
		for _, a := range e.Anchors {
			x.postings = append(x.postings, posting{a, int32(i)})
		}
	}
	slices.SortFunc(x.postings, x.order)
	return x
}

func (x *Index) order(p, q posting) int {
	return cmp.Or(cmp.Compare(p.anchor, q.anchor), cmp.Compare(x.entries[p.entry].Day, x.entries[q.entry].Day), cmp.Compare(p.entry, q.entry))
}

// Near are the places of the candidates for entry i, ascending.
func (x *Index) Near(i int) []int {
	hits := map[int32]int{}
	for _, anchor := range x.entries[i].Anchors {
		at, _ := slices.BinarySearchFunc(x.postings, posting{anchor, int32(i)}, x.order)
		for _, step := range []int{-1, 1} {
			for n, j := 0, at+step; n < nearest && x.neighbors(at, j); n, j = n+1, j+step {
				hits[x.postings[j].entry]++
			}
		}
	}
	var near []int
	for entry, n := range hits {
		if n >= leastHits {
			near = append(near, int(entry))
		}
	}
	slices.Sort(near)
	return near
}

// neighbors tells whether posting j exists and belongs to the same anchor as i, within the window.
func (x *Index) neighbors(i, j int) bool {
	if j < 0 || j >= len(x.postings) || x.postings[j].anchor != x.postings[i].anchor {
		return false
	}
	return Within(x.entries[x.postings[i].entry].Day, x.entries[x.postings[j].entry].Day)
}

// Within tells whether two days lie within [Window] of each other.
func Within(a, b int) bool { return max(a, b)-min(a, b) <= Window }
