package stat

import (
	"math"
	"slices"
	"testing"
)

func near(got, want, within float64) bool { return math.Abs(got-want) <= within }

// The figures are those printed by Newcombe (1998), Statistics in Medicine 17:857–872, table I, method 3.
func TestWilsonMatchesPublishedExamples(t *testing.T) {
	for _, c := range []struct {
		k, n      int
		low, high float64
	}{
		{81, 263, 0.2553, 0.3662},
		{15, 148, 0.0624, 0.1605},
		{0, 20, 0.0000, 0.1611},
		{1, 29, 0.0061, 0.1718},
	} {
		s := Wilson(c.k, c.n)
		if !near(s.Low, c.low, 5e-5) || !near(s.High, c.high, 5e-5) {
			t.Errorf("Wilson(%d, %d) = %.4f to %.4f, want %.4f to %.4f", c.k, c.n, s.Low, s.High, c.low, c.high)
		}
	}
}

// The figures are those printed by Newcombe (1998), Statistics in Medicine 17:873–890, table II, method 10.
func TestNewcombeMatchesPublishedExamples(t *testing.T) {
	for _, c := range []struct {
		ka, na, kb, nb int
		low, high      float64
	}{
		{56, 70, 48, 80, 0.0524, 0.3339},
		{9, 10, 3, 10, 0.1705, 0.8090},
		{6, 7, 2, 7, 0.0582, 0.8062},
		{5, 56, 0, 29, -0.0381, 0.1926},
		{0, 10, 0, 20, -0.1611, 0.2775},
		{10, 10, 0, 20, 0.6791, 1.0000},
	} {
		got := Newcombe(Wilson(c.kb, c.nb), Wilson(c.ka, c.na))
		if !near(got.Low, c.low, 6e-5) || !near(got.High, c.high, 6e-5) {
			t.Errorf("%d/%d − %d/%d = %.4f to %.4f, want %.4f to %.4f", c.ka, c.na, c.kb, c.nb, got.Low, got.High, c.low, c.high)
		}
	}
}

func TestIntervalsHoldTheirEstimate(t *testing.T) {
	for n := 1; n <= 60; n++ {
		for k := 0; k <= n; k++ {
			s := Wilson(k, n)
			if s.Low < 0 || s.High > 1 || s.Low > s.P || s.High < s.P {
				t.Fatalf("Wilson(%d, %d) = %+v", k, n, s)
			}
			c := Newcombe(s, Wilson(n-k, n))
			if c.Low < -1-1e-12 || c.High > 1+1e-12 || c.Low > c.D || c.High < c.D {
				t.Fatalf("Newcombe(%d/%d, %d/%d) = %+v", k, n, n-k, n, c)
			}
			if k*2 == n && c.Clear() {
				t.Fatalf("equal shares %d/%d are called a change", k, n)
			}
		}
	}
	if s := Wilson(0, 0); !math.IsNaN(s.P) || Newcombe(s, s).Clear() {
		t.Errorf("no articles: %+v", s)
	}
}

func TestPooledSharesWeighMonthsByArticles(t *testing.T) {
	k, n := Pooled([]int{1, 0, 50, 2}, []int{2, 0, 100, 8}, 3)
	if want := []int{1, 1, 51, 52}; !slices.Equal(k, want) {
		t.Errorf("k = %v, want %v", k, want)
	}
	if want := []int{2, 2, 102, 108}; !slices.Equal(n, want) {
		t.Errorf("n = %v, want %v", n, want)
	}
}
