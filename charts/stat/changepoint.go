package stat

import (
	"math"
	"slices"
)

// ChangePoint is a place in a series of shares where its level changes. At is the first place of the new level; First
// and Last bound a 95% credible interval for it. Before and After are the pooled shares of the stretches on both sides,
// to the next change points or the ends.
type ChangePoint struct {
	At, First, Last int
	Before, After   Share
}

// Limits of a stretch between change points: shorter or thinner ones are taken for noise.
const (
	minStretch  = 3
	minArticles = 30
)

// ChangePoints divides the series k of n into stretches of constant share by the binomial likelihood. It finds the best
// division exactly, by the dynamic program of Jackson et al. (2005, IEEE Signal Processing Letters 12:105–108), with a
// penalty of 3 ln(length) on twice the log-likelihood for each change, the leading term of the criterion of Zhang and
// Siegmund (2007, Biometrics 63:22–32). The interval for a place weighs the places between its neighbors by their
// likelihood. It takes the counts as independent: months that resemble their neighbors give change points too easily.
func ChangePoints(k, n []int) []ChangePoint {
	s := newSegments(k, n)
	penalty := 3 * math.Log(float64(len(n)))
	// best[j] is the least cost of the first j places; from[j] is where its last stretch begins.
	best, from := make([]float64, len(n)+1), make([]int, len(n)+1)
	for j := 1; j <= len(n); j++ {
		best[j] = math.Inf(1)
		for i := 0; i <= j-minStretch; i++ {
			if s.n[j]-s.n[i] < minArticles || math.IsInf(best[i], 1) {
				continue
			}
			if cost := best[i] + s.cost(i, j) + penalty; cost < best[j] {
				best[j], from[j] = cost, i
			}
		}
	}
	if len(n) == 0 || math.IsInf(best[len(n)], 1) {
		return nil
	}
	bounds := []int{len(n)}
	for j := len(n); j > 0; j = from[j] {
		bounds = append(bounds, from[j])
	}
	slices.Reverse(bounds)
	var points []ChangePoint
	for i := 1; i+1 < len(bounds); i++ {
		points = append(points, s.point(bounds[i-1], bounds[i], bounds[i+1]))
	}
	return points
}

// segments holds running sums, so that any stretch is pooled at once.
type segments struct{ k, n []int }

func newSegments(k, n []int) segments {
	s := segments{make([]int, len(k)+1), make([]int, len(n)+1)}
	for i := range n {
		s.k[i+1], s.n[i+1] = s.k[i]+k[i], s.n[i]+n[i]
	}
	return s
}

func (s segments) share(i, j int) Share { return Wilson(s.k[j]-s.k[i], s.n[j]-s.n[i]) }

// cost is −2 times the greatest log-likelihood of places i to j−1 under one share.
func (s segments) cost(i, j int) float64 {
	k, n := float64(s.k[j]-s.k[i]), float64(s.n[j]-s.n[i])
	return -2 * (xlogy(k, k/n) + xlogy(n-k, 1-k/n))
}

func xlogy(x, y float64) float64 {
	if x == 0 {
		return 0
	}
	return x * math.Log(y)
}

// point describes the change at c between the bounds a and b.
func (s segments) point(a, c, b int) ChangePoint {
	p := ChangePoint{At: c, First: c, Last: c, Before: s.share(a, c), After: s.share(c, b)}
	least := s.cost(a, c) + s.cost(c, b)
	weights, total := map[int]float64{}, 0.0
	for at := a + 1; at < b; at++ {
		if s.n[at] == s.n[a] || s.n[b] == s.n[at] {
			continue
		}
		w := math.Exp((least - s.cost(a, at) - s.cost(at, b)) / 2)
		weights[at] = w
		total += w
	}
	// The places grow outward from the best one, always to the likelier side, until they hold 95% of the weight.
	for held := weights[c]; held < 0.95*total; {
		if weights[p.First-1] >= weights[p.Last+1] && p.First-1 > a || p.Last+1 >= b {
			p.First--
			held += weights[p.First]
		} else {
			p.Last++
			held += weights[p.Last]
		}
		if p.First <= a+1 && p.Last >= b-1 {
			break
		}
	}
	return p
}
