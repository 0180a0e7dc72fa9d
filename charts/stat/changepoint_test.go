package stat

import (
	"math"
	"math/rand/v2"
	"testing"
)

// draws gives binomial counts of n with the shares p.
func draws(rnd *rand.Rand, n int, p []float64) (k, ns []int) {
	for _, share := range p {
		hits := 0
		for range n {
			if rnd.Float64() < share {
				hits++
			}
		}
		k, ns = append(k, hits), append(ns, n)
	}
	return k, ns
}

func levels(lengths []int, shares ...float64) []float64 {
	var p []float64
	for i, n := range lengths {
		for range n {
			p = append(p, shares[i])
		}
	}
	return p
}

func TestChangePointsAreFoundWhereTheyAre(t *testing.T) {
	for _, c := range []struct {
		name string
		p    []float64
		want []int
	}{
		{"none", levels([]int{48}, 0.2), nil},
		{"one", levels([]int{24, 24}, 0.1, 0.3), []int{24}},
		{"a passing rise", levels([]int{24, 4, 20}, 0.01, 0.15, 0.02), []int{24, 28}},
	} {
		k, n := draws(rand.New(rand.NewPCG(3, 5)), 100, c.p)
		got := ChangePoints(k, n)
		if len(got) != len(c.want) {
			t.Errorf("%s: %+v, want changes at %v", c.name, got, c.want)
			continue
		}
		for i, p := range got {
			if p.First > c.want[i] || p.Last < c.want[i] {
				t.Errorf("%s: the interval %d to %d does not hold %d", c.name, p.First, p.Last, c.want[i])
			}
		}
	}
}

// With no change in the truth, few series may show one.
func TestChangePointsAreRareInConstantSeries(t *testing.T) {
	rnd, found := rand.New(rand.NewPCG(1, 2)), 0
	for range 400 {
		if len(ChangePoints(draws(rnd, 40, levels([]int{46}, 0.15)))) > 0 {
			found++
		}
	}
	if share := float64(found) / 400; share > 0.05 {
		t.Errorf("%.1f%% of constant series show a change point", 100*share)
	}
}

func TestIntervalsHoldThePlaceOfTheChange(t *testing.T) {
	rnd, held, found := rand.New(rand.NewPCG(8, 9)), 0, 0
	for range 300 {
		points := ChangePoints(draws(rnd, 50, levels([]int{20, 20}, 0.15, 0.35)))
		if len(points) != 1 {
			continue
		}
		found++
		if points[0].First <= 20 && points[0].Last >= 20 {
			held++
		}
	}
	if found < 250 || float64(held)/float64(found) < 0.92 {
		t.Errorf("%d of 300 changes found, %d intervals hold the place", found, held)
	}
}

// The dynamic program finds what trying every division finds.
func TestChangePointsAreTheBestDivision(t *testing.T) {
	rnd := rand.New(rand.NewPCG(4, 4))
	for range 30 {
		k, n := draws(rnd, 40, levels([]int{5, 5, 4}, rnd.Float64(), rnd.Float64(), rnd.Float64()))
		s, best := newSegments(k, n), math.Inf(1)
		penalty := 3 * math.Log(float64(len(n)))
		for set := range 1 << (len(n) - 1) {
			cost, from, short := 0.0, 0, false
			for at := 1; at <= len(n); at++ {
				if at == len(n) || set&(1<<(at-1)) != 0 {
					short = short || at-from < minStretch
					cost += s.cost(from, at) + penalty
					from = at
				}
			}
			if !short {
				best = math.Min(best, cost)
			}
		}
		got, from := 0.0, 0
		for _, p := range append(ChangePoints(k, n), ChangePoint{At: len(n)}) {
			got += s.cost(from, p.At) + penalty
			from = p.At
		}
		if math.Abs(got-best) > 1e-9 {
			t.Errorf("cost %.6f, the best is %.6f", got, best)
		}
	}
}

func TestThinSeriesHaveNoChangePoints(t *testing.T) {
	for _, c := range [][2][]int{{nil, nil}, {{1, 9}, {2, 10}}, {{0, 0, 0, 5, 5, 5}, {5, 5, 5, 5, 5, 5}}, {{0, 0, 0}, {0, 0, 0}}} {
		if got := ChangePoints(c[0], c[1]); len(got) != 0 {
			t.Errorf("%v of %v: %+v", c[0], c[1], got)
		}
	}
}
