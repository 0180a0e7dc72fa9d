package analysis_test

import (
	"os"
	"testing"

	"framewatch/analysis"
	"framewatch/analysis/codebook"
)

// builtin compiles the codebook that ships.
func builtin(t testing.TB) *analysis.Analyzer {
	t.Helper()
	data, err := os.ReadFile("../configs/codebook.yaml")
	if err != nil {
		t.Fatal(err)
	}
	cb, err := codebook.Parse("codebook.yaml", data)
	if err != nil {
		t.Fatal(err)
	}
	a, err := analysis.New(cb)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestCodebookExamplesAreCodedAsTheySay codes every example of the built-in
// codebook: the mentions that it lists must be found, and no others of its frame.
func TestCodebookExamplesAreCodedAsTheySay(t *testing.T) {
	a := builtin(t)
	for _, f := range a.Codebook().Frames {
		if len(f.Examples) < 3 {
			t.Errorf("frame %s has %d examples, want 3 or more", f.ID, len(f.Examples))
		}
		for _, ex := range f.Examples {
			for _, fault := range analysis.CheckExample(a, f.ID, ex) {
				t.Errorf("frame %s: %q: %s", f.ID, ex.Text, fault)
			}
		}
	}
}
