package agreement

import (
	"math"

	"framewatch/analysis/score"
)

// Table is the agreement of two codings on one yes-or-no question, asked of a number of sentences or articles.
type Table struct {
	Both, OnlyA, OnlyB, Neither int
}

func (t *Table) add(a, b bool) {
	switch {
	case a && b:
		t.Both++
	case a:
		t.OnlyA++
	case b:
		t.OnlyB++
	default:
		t.Neither++
	}
}

// N is how many sentences or articles were asked.
func (t Table) N() int { return t.Both + t.OnlyA + t.OnlyB + t.Neither }

// Jaccard is Both of all that either says yes to; NaN where neither says yes to anything.
func (t Table) Jaccard() float64 {
	return ratio(float64(t.Both), float64(t.Both+t.OnlyA+t.OnlyB))
}

// F1 is the harmonic mean of the share of A's that B has and of B's that A has (Dice 1945); NaN as Jaccard.
func (t Table) F1() float64 {
	return ratio(float64(2*t.Both), float64(2*t.Both+t.OnlyA+t.OnlyB))
}

// Kappa is Cohen's (1960): agreement beyond what the two codings' own rates would give by chance. NaN where both give
// one and the same answer throughout.
func (t Table) Kappa() float64 {
	n := float64(t.N())
	if n == 0 {
		return math.NaN()
	}
	observed := float64(t.Both+t.Neither) / n
	a, b := float64(t.Both+t.OnlyA)/n, float64(t.Both+t.OnlyB)/n
	chance := a*b + (1-a)*(1-b)
	return ratio(observed-chance, 1-chance)
}

// Alpha is Krippendorff's (2004, section 11.3) for two coders, nominal data and none missing: agreement beyond what the
// pooled rate would give by chance. NaN where all answers are one and the same.
func (t Table) Alpha() float64 {
	yes, no := float64(2*t.Both+t.OnlyA+t.OnlyB), float64(2*t.Neither+t.OnlyA+t.OnlyB)
	if yes == 0 || no == 0 {
		return math.NaN()
	}
	return 1 - float64(t.OnlyA+t.OnlyB)*(yes+no-1)/(yes*no)
}

// Difference is B's share of yes less A's, with its 95 % interval for paired proportions (Newcombe 1998, Statistics in
// Medicine 17:2635, method 10). All are NaN where nothing was asked.
func (t Table) Difference() (d, low, high float64) {
	if t.N() == 0 {
		return math.NaN(), math.NaN(), math.NaN()
	}
	n := t.N()
	a, b := score.Count{Hits: t.Both + t.OnlyA, N: n}, score.Count{Hits: t.Both + t.OnlyB, N: n}
	lowA, highA := a.Wilson()
	lowB, highB := b.Wilson()
	pa, pb, phi := a.Share(), b.Share(), t.phi()
	root := func(x, y float64) float64 { return math.Sqrt(max(0, x*x-2*phi*x*y+y*y)) }
	d = pb - pa
	return d, d - root(pb-lowB, highA-pa), d + root(highB-pb, pa-lowA)
}

// phi is the correlation of the two answers, with the continuity correction that Newcombe's method 10 takes.
func (t Table) phi() float64 {
	a, b, c, d := float64(t.Both), float64(t.OnlyA), float64(t.OnlyB), float64(t.Neither)
	margins := (a + b) * (c + d) * (a + c) * (b + d)
	if margins == 0 {
		return 0
	}
	product, half := a*d-b*c, (a+b+c+d)/2
	switch {
	case product > half:
		product -= half
	case product >= 0:
		product = 0
	}
	return product / math.Sqrt(margins)
}

func ratio(part, whole float64) float64 {
	if whole == 0 {
		return math.NaN()
	}
	return part / whole
}
