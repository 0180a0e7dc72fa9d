// Package stat computes the few statistics that a report of shares needs: counts go in, shares with 95% intervals
// come out. All functions are pure and treat the counted articles as independent draws.
package stat

import (
	"cmp"
	"math"
	"slices"
)

// z is the 97.5th percentile of the standard normal distribution, for two-sided 95% intervals.
const z = 1.959963984540054

// Share is k of n with its 95% Wilson interval. P, Low and High are fractions from 0 to 1; they are NaN when N is 0.
type Share struct {
	K, N         int
	P, Low, High float64
}

// Wilson returns the share k/n with the score interval of Wilson (1927), without continuity correction.
func Wilson(k, n int) Share {
	if n <= 0 {
		return Share{K: k, N: n, P: math.NaN(), Low: math.NaN(), High: math.NaN()}
	}
	p, m := float64(k)/float64(n), float64(n)
	center := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	s := Share{K: k, N: n, P: p, Low: math.Max(0, center-half), High: math.Min(1, center+half)}
	// Rounding would otherwise leave 1e-17 where the interval touches the end of the scale.
	if k == 0 {
		s.Low = 0
	}
	if k == n {
		s.High = 1
	}
	return s
}

// Change is the difference of two shares, After − Before, with its 95% interval. D, Low and High are fractions
// from −1 to 1; they are NaN when either N is 0.
type Change struct {
	Before, After Share
	D, Low, High  float64
}

// Newcombe compares two independent shares by method 10 of Newcombe (1998, Statistics in Medicine 17:873–890), which
// combines their Wilson intervals.
func Newcombe(before, after Share) Change {
	d := after.P - before.P
	down := math.Hypot(after.P-after.Low, before.High-before.P)
	up := math.Hypot(after.High-after.P, before.P-before.Low)
	return Change{Before: before, After: after, D: d, Low: d - down, High: d + up}
}

// Clear reports whether the interval excludes zero: only then may a text speak of a rise or a fall.
func (c Change) Clear() bool { return c.Low > 0 || c.High < 0 }

// P is the two-sided p value of the score test of equal shares (Pearson's chi-squared, without continuity correction),
// from 0 to 1. It is 1 where both shares are 0 or both are 1, and NaN when either N is 0.
func (c Change) P() float64 {
	a, b := float64(c.Before.N), float64(c.After.N)
	if a <= 0 || b <= 0 {
		return math.NaN()
	}
	pooled := float64(c.Before.K+c.After.K) / (a + b)
	if pooled <= 0 || pooled >= 1 {
		return 1
	}
	return math.Erfc(math.Abs(c.D) / math.Sqrt(2*pooled*(1-pooled)*(1/a+1/b)))
}

// Holm adjusts p values for their number by Holm (1979, Scandinavian Journal of Statistics 6:65–70); the result keeps
// their order. A NaN stays one and counts as no comparison.
func Holm(p []float64) []float64 {
	adjusted, order := make([]float64, len(p)), make([]int, 0, len(p))
	for i, v := range p {
		adjusted[i] = v
		if !math.IsNaN(v) {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p[a], p[b]) })
	least := 0.0
	for rank, i := range order {
		least = math.Max(least, math.Min(1, p[i]*float64(len(order)-rank)))
		adjusted[i] = least
	}
	return adjusted
}

// Pooled returns for each place i the sums of k and n over the window places that end at i (fewer at the start).
// The pooled share is the ratio of the two sums, so that a thin month weighs little; it is not a mean of shares.
func Pooled(k, n []int, window int) (ks, ns []int) {
	ks, ns = make([]int, len(k)), make([]int, len(n))
	for i := range k {
		for j := max(0, i-window+1); j <= i; j++ {
			ks[i] += k[j]
			ns[i] += n[j]
		}
	}
	return ks, ns
}
