package score_test

import (
	"bytes"
	"os"
	"testing"

	"framewatch/analysis/score"
)

// TestCodedFile scores the built-in codebook on the coded passages of the file
// that FRAMEWATCH_CODED names; -v prints the table, DIFFERENCES=1 the
// disagreements too.
func TestCodedFile(t *testing.T) {
	name := os.Getenv("FRAMEWATCH_CODED")
	if name == "" {
		t.Skip("FRAMEWATCH_CODED names no file")
	}
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	passages, err := score.Read(f)
	if err != nil {
		t.Fatal(err)
	}
	a := builtin(t)
	var ids []string
	for _, f := range a.Codebook().Frames {
		ids = append(ids, f.ID)
	}
	r := score.Compare(a, passages)
	var out bytes.Buffer
	if err := r.Write(&out, ids); err != nil {
		t.Fatal(err)
	}
	if os.Getenv("DIFFERENCES") != "" {
		r.WriteDifferences(&out)
	}
	t.Log(out.String())
}
