package story

import "slices"

// Thresholds of [Overlap.Same]. docs/methods.md has what they were measured on.
const (
	sameText      = 0.42 // of the shorter text, in another outlet
	sameNarration = 0.36 // of what the shorter text says outside quotation marks
	sameNames     = 0.55 // of the shorter text's names and numbers
	leastRatio    = 0.20 // of the longer text; a shorter piece of it is an excerpt

	// In one outlet the releases of a series and later reports are no copies: only what is printed again as it was is.
	sameOwnText  = 0.96
	sameOwnNames = 0.93
	leastOwnPart = 0.60

	leastCommon = 12 // sampled shingles in common
	leastOwn    = 6  // sampled shingles outside quotation marks from which their share says something
	leastNames  = 8  // names and numbers likewise
)

// Overlap is how much of the shorter of two texts the longer one contains. Shares lie between 0 and 1 and are estimated
// from samples.
type Overlap struct {
	Share     float64 // of its shingles
	Narration float64 // of its shingles outside quotation marks; 1 if it has few
	Names     float64 // of its names and numbers; 1 if it has few
	Ratio     float64 // its length over that of the longer text
	Common    int     // sampled shingles in common
}

// Compare measures how far one text contains the other. Neither order matters, nor do the texts' whole lengths.
func Compare(a, b Sketch) Overlap {
	level := max(a.level, b.level)
	x, y := a.at(level), b.at(level)
	if x.size() > y.size() {
		x, y = y, x
	}
	if x.size() == 0 {
		return Overlap{}
	}
	all := merge(y.own, y.quoted)
	own, quoted := common(x.own, all), common(x.quoted, all)
	o := Overlap{
		Share: float64(own+quoted) / float64(x.size()), Narration: 1, Names: 1,
		Ratio: float64(x.size()) / float64(y.size()), Common: own + quoted,
	}
	if len(x.own) >= leastOwn {
		o.Narration = float64(own) / float64(len(x.own))
	}
	if len(x.names) >= leastNames {
		o.Names = float64(common(x.names, y.names)) / float64(len(x.names))
	}
	return o
}

// Same tells whether the two are one story. The shares of words alone would take an article that quotes a speech at
// length for the speech, and one release of a series for another: so the narration must be shared, and the names.
func (o Overlap) Same(sameOutlet bool) bool {
	text, names, ratio := sameText, sameNames, leastRatio
	if sameOutlet {
		text, names, ratio = sameOwnText, sameOwnNames, leastOwnPart
	}
	return o.Common >= leastCommon && o.Share >= text && o.Narration >= sameNarration && o.Names >= names && o.Ratio >= ratio
}

// Possible tells whether [Overlap.Same] could hold for the two, also after [Sketch.Without]. It is quick, and false for
// most candidates.
func Possible(a, b Sketch) bool {
	if n := min(len(a.names), len(b.names)); n >= leastNames && float64(common(a.names, b.names)) < sameNames*float64(n) {
		return false
	}
	level := max(a.level, b.level)
	a, b = a.at(level), b.at(level)
	return common(a.own, b.own)+common(a.own, b.quoted)+common(a.quoted, b.own)+common(a.quoted, b.quoted) >= leastCommon
}

// Common are the sampled shingles that both have, ascending.
func Common(a, b Sketch) []uint32 {
	level := max(a.level, b.level)
	x, y := a.at(level), b.at(level)
	all, other := merge(x.own, x.quoted), merge(y.own, y.quoted)
	var both []uint32
	for i, j := 0, 0; i < len(all) && j < len(other); {
		switch {
		case all[i] < other[j]:
			i++
		case all[i] > other[j]:
			j++
		default:
			both, i, j = append(both, all[i]), i+1, j+1
		}
	}
	return both
}

// Without is the sketch without the shingles for which recycled holds: what an outlet prints again and again says
// nothing about this text.
func (s Sketch) Without(recycled func(shingle uint32) bool) Sketch {
	s.own = slices.DeleteFunc(slices.Clone(s.own), recycled)
	s.quoted = slices.DeleteFunc(slices.Clone(s.quoted), recycled)
	return s
}

func (s Sketch) size() int { return len(s.own) + len(s.quoted) }

// at is the sketch with the sample of a higher level.
func (s Sketch) at(level uint8) Sketch {
	if level == s.level {
		return s
	}
	out := func(h uint32) bool { return !sampled(h, level) }
	s.own = slices.DeleteFunc(slices.Clone(s.own), out)
	s.quoted = slices.DeleteFunc(slices.Clone(s.quoted), out)
	s.level = level
	return s
}

// common counts what two ascending sets share.
func common(a, b []uint32) int {
	n := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			n, i, j = n+1, i+1, j+1
		}
	}
	return n
}

// merge joins two ascending sets.
func merge(a, b []uint32) []uint32 {
	if len(b) == 0 {
		return a
	}
	all := make([]uint32, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] < b[0]:
			all, a = append(all, a[0]), a[1:]
		case a[0] > b[0]:
			all, b = append(all, b[0]), b[1:]
		default:
			all, a, b = append(all, a[0]), a[1:], b[1:]
		}
	}
	return append(append(all, a...), b...)
}
