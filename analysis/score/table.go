package score

import (
	"fmt"
	"io"
	"math"
	"sort"
	"text/tabwriter"
)

// Share is Hits of N, 0 where N is 0.
func (c Count) Share() float64 {
	if c.N == 0 {
		return 0
	}
	return float64(c.Hits) / float64(c.N)
}

// z95 is the two-sided 95 % quantile of the normal distribution.
const z95 = 1.959963984540054

// Wilson is the 95 % score interval of a share (Wilson 1927); 0 to 1 where N is 0.
func (c Count) Wilson() (low, high float64) {
	if c.N == 0 {
		return 0, 1
	}
	n, p := float64(c.N), c.Share()
	center := p + z95*z95/(2*n)
	spread := z95 * math.Sqrt(p*(1-p)/n+z95*z95/(4*n*n))
	scale := 1 + z95*z95/n
	return max(0, (center-spread)/scale), min(1, (center+spread)/scale)
}

// String gives the share, its interval and n: ".93 [.87, .96] n=118".
func (c Count) String() string {
	low, high := c.Wilson()
	return fmt.Sprintf("%s [%s, %s] n=%d", decimal(c.Share()), decimal(low), decimal(high), c.N)
}

// decimal prints a share without its leading zero.
func decimal(x float64) string {
	s := fmt.Sprintf("%.2f", x)
	if s[0] == '0' {
		return s[1:]
	}
	return s
}

// Group names frames that are also scored together.
type Group struct {
	Name   string
	Frames []string
}

// Write prints the comparison as tables: each frame in the given order, the
// groups, the total, then stance, voice and speaker on matched mentions.
func (r *Result) Write(w io.Writer, frames []string, groups ...Group) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "%d passages, %d sentences\n\n", r.Passages, r.Sentences)
	fmt.Fprintln(t, "frame\tcoded\tfound\tboth\tprecision\trecall\tF1")
	row := func(name string, m Match) {
		fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%v\t%v\t%s\n", name, m.Both+m.Missed, m.Both+m.Extra, m.Both, m.Precision(), m.Recall(), decimal(m.F1()))
	}
	for _, id := range frames {
		row(id, r.Total(id))
	}
	for _, g := range groups {
		row(g.Name, r.Total(g.Frames...))
	}
	row("all", r.Total())
	r.writeStance(t)
	fmt.Fprintf(t, "\nvoice\t%v\nspeaker\t%v\n", r.Voice, r.Speaker)
	return t.Flush()
}

func (r *Result) writeStance(w io.Writer) {
	stances := []string{"asserts", "contests", "reports"}
	fmt.Fprint(w, "\nstance, coded by found\t")
	for _, s := range stances {
		fmt.Fprintf(w, "%s\t", s)
	}
	fmt.Fprintln(w, "F1")
	for _, coded := range stances {
		fmt.Fprintf(w, "%s\t", coded)
		for _, found := range stances {
			fmt.Fprintf(w, "%d\t", r.Stance[coded][found])
		}
		fmt.Fprintln(w, decimal(r.StanceMatch(coded).F1()))
	}
	fmt.Fprintf(w, "accuracy\t%v\nmacro F1\t%s\n", r.StanceAccuracy(), decimal(r.StanceF1()))
}

// WriteDifferences prints every disagreement with its sentence.
func (r *Result) WriteDifferences(w io.Writer) error {
	for _, d := range r.Differences {
		by := ""
		if d.Rule != "" {
			by = " by " + d.Rule
		}
		if _, err := fmt.Fprintf(w, "%s %s: coded %q, found %q%s (%s)\n\t%s\n", d.Kind, d.Frame, d.Coded, d.Found, by, d.Passage, d.Sentence); err != nil {
			return err
		}
	}
	return nil
}

// FrameIDs lists the frames that were coded or found, sorted.
func (r *Result) FrameIDs() []string {
	var ids []string
	for id := range r.Frames {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	return ids
}
