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
