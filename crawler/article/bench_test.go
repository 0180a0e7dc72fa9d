//go:build unix

package article

import (
	"bytes"
	"maps"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/markusmobius/go-trafilatura"
	"golang.org/x/net/html"
)

// BenchmarkExtract compares the processor time of Extract with that of
// go-trafilatura and its fallback, page by page in turn so that both meet the
// same load: as go-trafilatura is called on bytes, and on a tree that the
// plain parser has made, which spares it its own detection of the charset.
func BenchmarkExtract(b *testing.B) {
	set := pages(b, "extraction")
	var truth map[string]struct{ URL string }
	readJSON(b, "extraction/ground-truth.json", &truth)
	options := func(name string) trafilatura.Options {
		u, _ := url.Parse(truth[name].URL)
		return trafilatura.Options{EnableFallback: true, OriginalURL: u}
	}
	runs := []func(name string){
		func(name string) { _, _ = Extract(Page{URL: truth[name].URL, Body: set[name]}) },
		func(name string) { _, _ = trafilatura.Extract(bytes.NewReader(set[name]), options(name)) },
		func(name string) {
			if doc, err := html.Parse(strings.NewReader(string(set[name]))); err == nil {
				_, _ = trafilatura.ExtractDocument(doc, options(name))
			}
		},
	}
	spent := make([]int64, len(runs))
	n := int64(0)
	for b.Loop() {
		for _, name := range slices.Sorted(maps.Keys(set)) {
			for i, run := range runs {
				start := processorTime(b)
				run(name)
				spent[i] += processorTime(b) - start
			}
			n++
		}
	}
	for i, name := range []string{"framewatch", "trafilatura", "trafilatura-parsed"} {
		b.ReportMetric(float64(spent[i]/n), name+"-µs/page")
	}
	b.ReportMetric(float64(spent[0])/float64(spent[1]), "ratio")
	b.ReportMetric(float64(spent[0])/float64(spent[2]), "ratio-parsed")
}

// processorTime is what this process has used so far, in microseconds.
func processorTime(b *testing.B) int64 {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		b.Fatal(err)
	}
	return (r.Utime.Sec+r.Stime.Sec)*1e6 + int64(r.Utime.Usec+r.Stime.Usec)
}
