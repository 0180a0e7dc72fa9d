package stat

import (
	"bytes"
	"math"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// reference are the lines of testdata/reference.tsv of one kind, each split into its fields. R computed them; the script
// is beside it.
func reference(t *testing.T, kind string) [][]string {
	t.Helper()
	raw, err := os.ReadFile("testdata/reference.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var lines [][]string
	for line := range strings.Lines(string(raw)) {
		if fields := strings.Split(strings.TrimSpace(line), "\t"); fields[0] == kind {
			lines = append(lines, fields[1:])
		}
	}
	if len(lines) == 0 {
		t.Fatalf("no reference of %s", kind)
	}
	return lines
}

func floats(t *testing.T, list string) []float64 {
	t.Helper()
	var all []float64
	for _, s := range strings.Split(list, ",") {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, v)
	}
	return all
}

func ints(t *testing.T, list string) []int {
	t.Helper()
	var all []int
	for _, v := range floats(t, list) {
		all = append(all, int(v))
	}
	return all
}

// agree allows for the twelve digits of the reference.
func agree(t *testing.T, what string, got []float64, want ...float64) {
	t.Helper()
	for i := range want {
		if math.Abs(got[i]-want[i]) > 1e-11+1e-10*math.Abs(want[i]) {
			t.Errorf("%s: got %.12g, R gives %.12g", what, got, want)
			return
		}
	}
}

func TestStatisticsAgreeWithR(t *testing.T) {
	for _, f := range reference(t, "wilson") {
		k, n := ints(t, f[0])[0], ints(t, f[1])[0]
		s := Wilson(k, n)
		agree(t, "Wilson "+f[0]+" of "+f[1], []float64{s.Low, s.High}, floats(t, f[2])[0], floats(t, f[3])[0])
	}
	for _, f := range reference(t, "change") {
		p := ints(t, f[0])
		c := Newcombe(Wilson(p[0], p[1]), Wilson(p[2], p[3]))
		agree(t, "change "+f[0], []float64{c.D, c.Low, c.High, c.P()}, floats(t, strings.Join(f[1:], ","))...)
	}
	for _, f := range reference(t, "holm") {
		agree(t, "Holm of "+f[0], Holm(floats(t, f[0])), floats(t, f[1])...)
	}
	for _, f := range reference(t, "pooled") {
		k, n := Pooled(ints(t, f[0]), ints(t, f[1]), ints(t, f[2])[0])
		for i := range k {
			if k[i] != ints(t, f[3])[i] || n[i] != ints(t, f[4])[i] {
				t.Errorf("pooled over %s: got %v of %v, R gives %s of %s", f[2], k, n, f[3], f[4])
				break
			}
		}
	}
}

// R tries every division of each series, and weighs every place of a change.
func TestChangePointsAgreeWithR(t *testing.T) {
	found := 0
	for _, f := range reference(t, "changepoints") {
		var got []string
		for _, p := range ChangePoints(ints(t, f[0]), ints(t, f[1])) {
			got = append(got, strconv.Itoa(p.At)+":"+strconv.Itoa(p.First)+":"+strconv.Itoa(p.Last))
			found++
		}
		if len(got) == 0 {
			got = []string{"none"}
		}
		if text := strings.Join(got, ","); text != f[2] {
			t.Errorf("%s of %s: got %s, R gives %s", f[0], f[1], text, f[2])
		}
	}
	if found < 6 {
		t.Errorf("the reference holds %d change points", found)
	}
}

// Where R is installed the reference is made again.
func TestReferenceIsWhatRGives(t *testing.T) {
	r, err := exec.LookPath("Rscript")
	if err != nil {
		t.Skip("no Rscript on this machine")
	}
	if testing.Short() {
		t.Skip("short: no R")
	}
	cmd := exec.CommandContext(t.Context(), r, "--vanilla", "testdata/reference.R")
	var problems bytes.Buffer
	cmd.Stderr = &problems
	got, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, problems.String())
	}
	want, err := os.ReadFile("testdata/reference.tsv")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("testdata/reference.R gives another reference.tsv")
	}
}
