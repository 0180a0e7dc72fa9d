package pattern

import "slices"

// Match is one place where a pattern was found.
type Match struct {
	// Value is what the pattern was added to its [Set] with.
	Value int
	// Items [From, To) are the whole match, items [Start, End) its trigger.
	From, To, Start, End int
}

// Set is a number of patterns that are looked for together. It must not change
// once in use; then it is safe for concurrent use.
type Set struct {
	patterns []*Pattern
	values   []int
	index    map[uint16][]entry
	table    [][]entry // index as a table, for large sets
	// anchors are the words of the index; begins and ends those at which a match
	// can begin and end, unless open says that some pattern does so at any.
	anchors, begins, ends idSet
	openBegin, openEnd    bool
	// tails holds for each pattern the one word that it ends with, 0 if there
	// are several.
	tails []uint16
}

// entry says of a word that it is the offset-th of a pattern's anchor. need is
// the pattern's most telling need, kept here since most tries end with it.
type entry struct {
	pattern, offset int32
	need            signature
}

// Add adds a pattern; its matches carry value.
func (s *Set) Add(p *Pattern, value int) {
	if s.index == nil {
		s.index = map[uint16][]entry{}
	}
	n := int32(len(s.patterns))
	s.patterns = append(s.patterns, p)
	s.values = append(s.values, value)
	need := anything()
	if len(p.needs) > 0 {
		need = p.needs[0]
	}
	for i, k := range p.elements[p.anchor].keys {
		if i == 0 || k != p.elements[p.anchor].keys[i-1] {
			s.index[k.id] = append(s.index[k.id], entry{n, int32(k.offset), need})
			s.anchors.add(k.id)
		}
	}
	if e := &p.elements[0]; e.needed() {
		s.begins.merge(&e.first)
	} else {
		s.openBegin = true
	}
	s.tails = append(s.tails, 0)
	if e := &p.elements[len(p.elements)-1]; e.needed() {
		s.ends.merge(&e.last)
		s.tails[n] = e.last.single()
	} else {
		s.openEnd = true
	}
}

// Empty says that the set holds no pattern.
func (s *Set) Empty() bool { return s == nil || len(s.patterns) == 0 }

// Freeze speeds up a large set that is complete: nothing may be added to it.
func (s *Set) Freeze() {
	top := 0
	for id := range s.index {
		top = max(top, int(id))
	}
	s.table = make([][]entry, top+1)
	for id, list := range s.index {
		s.table[id] = slices.Clone(list) // without the room to grow
	}
	s.index = nil
}

func (s *Set) at(id uint16) []entry {
	if s.table != nil {
		if int(id) < len(s.table) {
			return s.table[id]
		}
		return nil
	}
	if !s.anchors.bit(id) {
		return nil
	}
	return s.index[id]
}

// Scan calls yield for every match within items [from, to), in order of the
// anchor word, until yield returns false. It reports whether it went through.
func (s *Set) Scan(items *Items, from, to int, yield func(Match) bool) bool {
	if s.Empty() {
		return true
	}
	var there *signature
	if s.table != nil {
		there = &signature{}
		there.addAll(items.List[from:to])
	}
	for i := from; i < to; i++ {
		it := &items.List[i]
		if it.fold|it.exact == 0 && it.prefixed == nil {
			continue
		}
		if !s.try(s.at(it.fold), there, items, from, to, i, yield) || !s.try(s.at(it.exact), there, items, from, to, i, yield) {
			return false
		}
		if it.prefixed == nil {
			continue
		}
		for _, id := range it.prefixed.ids {
			if !s.try(s.at(id), there, items, from, to, i, yield) {
				return false
			}
		}
	}
	return true
}

// try tries the patterns whose anchor item i can be part of. What is there in
// items [from, to), if known, spares those of which a word is missing.
func (s *Set) try(list []entry, there *signature, items *Items, from, to, i int, yield func(Match) bool) bool {
	for n := range list {
		e := &list[n]
		if there != nil && !e.need.meets(there) {
			continue
		}
		p, at := s.patterns[e.pattern], i-int(e.offset)
		if at < from || !p.neighbors(items.List, from, to, at) || there != nil && !p.possible(there) {
			continue
		}
		m := matcher{items: items.List, from: from, to: to, p: p}
		if m.around(at) {
			first, last := m.bounds()
			start, end := m.trigger(first, last)
			if !yield(Match{Value: s.values[e.pattern], From: first, To: last, Start: start, End: end}) {
				return false
			}
		}
	}
	return true
}

// neighbors says that the words beside an anchor at item i may be those that the
// pattern asks for there; most anchors stand in other company.
func (p *Pattern) neighbors(items []Item, from, to, i int) bool {
	if p.before != nil && (i <= from || !p.before.has(&items[i-1])) {
		return false
	}
	return p.after == nil || i+1 < to && p.after.has(&items[i+1])
}

// Found says that the set matches somewhere within items [from, to).
func (s *Set) Found(items *Items, from, to int) bool {
	return !s.Scan(items, from, to, func(Match) bool { return false })
}

// StartsAt returns the end of a match within [at, to) that starts exactly at
// item at, or -1.
func (s *Set) StartsAt(items *Items, at, to int) int {
	if s.Empty() || !s.openBegin && (at >= to || !s.begins.has(&items.List[at])) {
		return -1
	}
	for _, p := range s.patterns {
		if e := &p.elements[0]; e.needed() && (at >= to || !e.first.has(&items.List[at])) {
			continue
		}
		m := matcher{items: items.List, from: at, to: to, p: p}
		if end := m.forward(0, at); end >= 0 {
			return end
		}
	}
	return -1
}

// matcher matches one pattern around one item, within [from, to).
type matcher struct {
	items    []Item
	from, to int
	p        *Pattern
	// begin and end of each element's match; begin -1: left out.
	begin, end [maxElements]int32
}

// around matches the pattern with its anchor beginning at item i.
func (m *matcher) around(i int) bool {
	return m.forward(m.p.anchor, i) >= 0 && m.backward(m.p.anchor-1, i) >= 0
}

// bounds returns the items of the whole match.
func (m *matcher) bounds() (int, int) {
	first, last := int32(m.to), int32(m.from)
	for k := range m.p.elements {
		if m.begin[k] >= 0 && m.begin[k] < m.end[k] {
			first, last = min(first, m.begin[k]), max(last, m.end[k])
		}
	}
	return int(first), int(last)
}

// trigger returns the items of the trigger, the whole match if the elements
// marked as trigger were all left out.
func (m *matcher) trigger(first, last int) (int, int) {
	start, end := int32(last), int32(first)
	for k := m.p.from; k < m.p.to; k++ {
		if m.begin[k] >= 0 && m.begin[k] < m.end[k] && m.p.elements[k].kind == words {
			start, end = min(start, m.begin[k]), max(end, m.end[k])
		}
	}
	if start >= end {
		return first, last
	}
	return int(start), int(end)
}

func (m *matcher) set(k, begin, end int) { m.begin[k], m.end[k] = int32(begin), int32(end) }

// forward matches elements k, k+1, … from item i and returns where they end,
// or -1.
func (m *matcher) forward(k, i int) int {
	if k == len(m.p.elements) {
		return i
	}
	e := &m.p.elements[k]
	switch e.kind {
	case gap:
		n := 0
		for j := i; ; j++ {
			m.set(k, i, j)
			if end := m.forward(k+1, j); end >= 0 {
				return end
			}
			if j >= m.to || m.items[j].brk == strong {
				return -1
			}
			if m.items[j].brk == noBreak {
				if n++; n > e.gap {
					return -1
				}
			}
		}
	case start:
		if i != m.from {
			return -1
		}
		m.set(k, i, i)
		return m.forward(k+1, i)
	case comma:
		if i < m.to && m.items[i].brk != noBreak {
			m.set(k, i, i+1)
			if end := m.forward(k+1, i+1); end >= 0 {
				return end
			}
		}
	default:
		if i >= m.to || !e.first.has(&m.items[i]) {
			break
		}
		if e.one.has(&m.items[i]) {
			m.set(k, i, i+1)
			if end := m.forward(k+1, i+1); end >= 0 {
				return end
			}
		}
		if !e.rowFirst.has(&m.items[i]) {
			break
		}
		it := &m.items[i]
		for r, row := range e.many {
			if it.isNot(e.heads1[r]) {
				continue
			}
			if m.row(row, i) {
				m.set(k, i, i+len(row))
				if end := m.forward(k+1, i+len(row)); end >= 0 {
					return end
				}
			}
		}
	}
	if e.optional {
		m.set(k, -1, -1)
		return m.forward(k+1, i)
	}
	return -1
}

// backward matches elements …, k-1, k so that they end at item i and returns
// where they begin, or -1.
func (m *matcher) backward(k, i int) int {
	if k < 0 {
		return i
	}
	e := &m.p.elements[k]
	switch e.kind {
	case gap:
		n := 0
		for j := i; ; j-- {
			m.set(k, j, i)
			if begin := m.backward(k-1, j); begin >= 0 {
				return begin
			}
			if j <= m.from || m.items[j-1].brk == strong {
				return -1
			}
			if m.items[j-1].brk == noBreak {
				if n++; n > e.gap {
					return -1
				}
			}
		}
	case start:
		if i != m.from {
			return -1
		}
		m.set(k, i, i)
		return m.backward(k-1, i)
	case comma:
		if i > m.from && m.items[i-1].brk != noBreak {
			m.set(k, i-1, i)
			if begin := m.backward(k-1, i-1); begin >= 0 {
				return begin
			}
		}
	default:
		if i <= m.from || !e.last.has(&m.items[i-1]) {
			break
		}
		if e.one.has(&m.items[i-1]) {
			m.set(k, i-1, i)
			if begin := m.backward(k-1, i-1); begin >= 0 {
				return begin
			}
		}
		if !e.rowLast.has(&m.items[i-1]) {
			break
		}
		it := &m.items[i-1]
		for r, row := range e.many {
			if it.isNot(e.tails1[r]) {
				continue
			}
			if i-len(row) >= m.from && m.row(row, i-len(row)) {
				m.set(k, i-len(row), i)
				if begin := m.backward(k-1, i-len(row)); begin >= 0 {
					return begin
				}
			}
		}
	}
	if e.optional {
		m.set(k, -1, -1)
		return m.backward(k-1, i)
	}
	return -1
}

func (m *matcher) row(row []idSet, i int) bool {
	if i+len(row) > m.to {
		return false
	}
	for j := range row {
		if m.items[i+j].brk != noBreak || !row[j].has(&m.items[i+j]) {
			return false
		}
	}
	return true
}
