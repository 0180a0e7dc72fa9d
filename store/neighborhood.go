package store

import (
	"context"
	"slices"

	"framewatch/analysis/story"
)

// siblingsMost is how many articles of the same outlet, at most, are looked at for what the outlet prints again and again.
const siblingsMost = 16

// neighbor is an article in a neighborhood.
type neighbor struct {
	id, outlet int64
	day        int
	body       []byte
}

// neighborhood holds the articles that are due and all others that could be their copies.
type neighborhood struct {
	all      []neighbor
	index    *story.Index
	due      []int // places in all
	near     map[int][]int
	recycled map[int64][]uint32 // by outlet, ascending
}

// loadNeighborhood reads the sketches around the articles that are due: twice the window, because what is found to be
// recycled makes others due again.
func loadNeighborhood(ctx context.Context, t *txn, due []dueArticle) (*neighborhood, error) {
	n := &neighborhood{near: map[int][]int{}, recycled: map[int64][]uint32{}}
	isDue := map[int64]bool{}
	var days []int
	for _, a := range due {
		if a.known {
			isDue[a.id] = true
			days = append(days, a.day)
		}
	}
	if len(days) == 0 {
		n.index = story.NewIndex(nil)
		return n, nil
	}
	var entries []story.Entry
	err := t.rows(ctx, func(r scanner) error {
		var a neighbor
		if err := r.Scan(&a.id, &a.outlet, &a.day, &a.body); err != nil {
			return err
		}
		s, err := story.Parse(a.body)
		if err != nil {
			return nil // of an earlier form, and its text was dropped: it cannot be compared any more
		}
		if isDue[a.id] {
			n.due = append(n.due, len(n.all))
		}
		n.all = append(n.all, a)
		entries = append(entries, story.Entry{Day: a.day, Anchors: s.Anchors()})
		return nil
	}, `SELECT article_id, outlet_id, day, body FROM sketch WHERE day BETWEEN ? AND ? ORDER BY day, article_id`,
		slices.Min(days)-2*story.Window, slices.Max(days)+2*story.Window)
	if err == nil {
		n.index = story.NewIndex(entries)
	}
	return n, err
}

func (n *neighborhood) candidates(i int) []int {
	near, ok := n.near[i]
	if !ok {
		near = n.index.Near(i)
		n.near[i] = near
	}
	return near
}

func (n *neighborhood) sketch(i int) (story.Sketch, error) { return story.Parse(n.all[i].body) }

// recycle finds what outlets print again and again. Articles in which that was not known before are due again.
func (n *neighborhood) recycle(ctx context.Context, t *txn) error {
	again := map[int]bool{}
	for _, i := range n.due {
		again[i] = true
	}
	for _, i := range slices.Clone(n.due) {
		near := n.siblings(i)
		if len(near) == 0 {
			continue
		}
		found, with, err := n.repeated(i, near)
		if err != nil {
			return err
		}
		fresh, err := n.add(ctx, t, n.all[i].outlet, found)
		if err != nil {
			return err
		}
		for _, j := range with {
			if fresh && !again[j] {
				again[j] = true
				n.due = append(n.due, j)
			}
		}
	}
	return nil
}

// siblings are the candidates of the same outlet, the nearest by day.
func (n *neighborhood) siblings(i int) []int {
	own := n.all[i]
	near := slices.DeleteFunc(slices.Clone(n.candidates(i)), func(j int) bool { return n.all[j].outlet != own.outlet })
	if len(near) > siblingsMost {
		slices.SortStableFunc(near, func(a, b int) int { return abs(n.all[a].day-own.day) - abs(n.all[b].day-own.day) })
		near = near[:siblingsMost]
	}
	return near
}

func abs(n int) int { return max(n, -n) }

// repeated is what article i has in common with articles of its outlet that are otherwise different, or on other days and no
// copies, and what several articles share even if they are copies; with names the articles.
func (n *neighborhood) repeated(i int, near []int) (found []uint32, with []int, err error) {
	own, err := n.sketch(i)
	if err != nil {
		return nil, nil, err
	}
	holders := map[uint32]int{}
	first, last := n.all[i].day, n.all[i].day
	for _, j := range near {
		other, err := n.sketch(j)
		if err != nil {
			return nil, nil, err
		}
		first, last = min(first, n.all[j].day), max(last, n.all[j].day)
		shared := story.Common(own, other)
		for _, h := range shared {
			holders[h]++
		}
		o := story.Compare(own, other)
		if o.Share < recycledShare || abs(n.all[i].day-n.all[j].day) > recycledGap && !o.Same(true) {
			found, with = append(found, shared...), append(with, j)
		}
	}
	least := recycledMany
	if last-first > recycledGap {
		least = recycledIn
	}
	for h, k := range holders {
		if k+1 >= least {
			found, with = append(found, h), near
		}
	}
	slices.Sort(found)
	return slices.Compact(found), with, nil
}

// known are the recycled shingles of an outlet.
func (n *neighborhood) known(ctx context.Context, t *txn, outlet int64) ([]uint32, error) {
	if set, ok := n.recycled[outlet]; ok {
		return set, nil
	}
	set := []uint32{}
	err := t.rows(ctx, func(r scanner) error {
		var h uint32
		if err := r.Scan(&h); err != nil {
			return err
		}
		set = append(set, h)
		return nil
	}, `SELECT shingle FROM story_recycled WHERE outlet_id = ? ORDER BY shingle`, outlet)
	n.recycled[outlet] = set
	return set, err
}

// add adds to the recycled shingles of an outlet and tells whether any is new.
func (n *neighborhood) add(ctx context.Context, t *txn, outlet int64, found []uint32) (fresh bool, err error) {
	known, err := n.known(ctx, t, outlet)
	if err != nil {
		return false, err
	}
	before := len(known)
	for _, h := range found {
		if _, ok := slices.BinarySearch(known[:before], h); ok {
			continue
		}
		known = append(known, h)
		if _, err := t.exec(ctx, `INSERT INTO story_recycled (outlet_id, shingle) VALUES (?, ?)`, outlet, h); err != nil {
			return false, err
		}
	}
	if len(known) == before {
		return false, nil
	}
	slices.Sort(known)
	n.recycled[outlet] = known
	return true, nil
}

// compare judges two articles by what neither of their outlets recycles.
func (n *neighborhood) compare(ctx context.Context, t *txn, i, j int) (o story.Overlap, same bool, err error) {
	a, err := n.sketch(i)
	if err != nil {
		return o, false, err
	}
	b, err := n.sketch(j)
	if err != nil {
		return o, false, err
	}
	if !story.Possible(a, b) {
		return o, false, nil
	}
	own := n.all[i].outlet == n.all[j].outlet
	for _, outlet := range []int64{n.all[i].outlet, n.all[j].outlet} {
		known, err := n.known(ctx, t, outlet)
		if err != nil {
			return o, false, err
		}
		if len(known) == 0 {
			continue
		}
		recycled := func(h uint32) bool {
			_, ok := slices.BinarySearch(known, h)
			return ok
		}
		a, b = a.Without(recycled), b.Without(recycled)
		if own {
			break
		}
	}
	o = story.Compare(a, b)
	return o, o.Same(own), nil
}

// link makes the links of the articles that are due anew. It names the articles whose stories may have changed.
func (n *neighborhood) link(ctx context.Context, t *txn) (touched []int64, err error) {
	for _, i := range n.due {
		partners, err := unlink(ctx, t, n.all[i].id)
		if err != nil {
			return nil, err
		}
		touched = append(append(touched, n.all[i].id), partners...)
	}
	for _, i := range n.due {
		for _, j := range n.candidates(i) {
			o, same, err := n.compare(ctx, t, i, j)
			if err != nil {
				return nil, err
			}
			if !same {
				continue
			}
			_, err = t.exec(ctx, `INSERT INTO story_link (article_id, other_id, share) VALUES (?1, ?2, ?3), (?2, ?1, ?3)
				ON CONFLICT (article_id, other_id) DO NOTHING`, n.all[i].id, n.all[j].id, o.Share)
			if err != nil {
				return nil, err
			}
		}
	}
	return touched, nil
}
