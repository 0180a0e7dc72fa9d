package article

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the fingerprint of this version's output")

// TestVersionRisesWithOutput fails when the labeled pages give other articles
// than they did and Version is still the same: stored articles would not be
// found stale.
func TestVersionRisesWithOutput(t *testing.T) {
	h := sha256.New()
	for _, p := range labeled(t) {
		a, err := Extract(Page{URL: strings.Join(p.want["url"], ""), Body: []byte(p.html)})
		fmt.Fprintf(h, "%s %+v %v\n", p.name, a, err)
	}
	const golden = "testdata/version.golden"
	got := fmt.Sprintf("%d %x\n", Version, h.Sum(nil)[:12])
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("output is %s, was %s: raise Version and its ledger (unless it was never released), then run with -update", strings.TrimSpace(got), strings.TrimSpace(string(want)))
	}
}
