package article

import (
	"bytes"
	"net/url"
	"strings"
	"testing"

	"github.com/markusmobius/go-trafilatura"
	"golang.org/x/net/html"
)

// BenchmarkExtract compares Extract with go-trafilatura and its fallback on
// the same pages: as it is called on bytes, and on a tree parsed beforehand
// by the plain parser, which spares it its own detection of the charset.
func BenchmarkExtract(b *testing.B) {
	set := pages(b, "extraction")
	var truth map[string]struct{ URL string }
	readJSON(b, "extraction/ground-truth.json", &truth)
	b.Run("framewatch", func(b *testing.B) {
		for range b.N {
			for name, body := range set {
				_, _ = Extract(Page{URL: truth[name].URL, Body: body})
			}
		}
		b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*len(set)), "µs/page")
	})
	b.Run("go-trafilatura", func(b *testing.B) {
		for range b.N {
			for name, body := range set {
				u, _ := url.Parse(truth[name].URL)
				_, _ = trafilatura.Extract(bytes.NewReader(body), trafilatura.Options{EnableFallback: true, OriginalURL: u})
			}
		}
		b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*len(set)), "µs/page")
	})
	b.Run("go-trafilatura, parsed", func(b *testing.B) {
		for range b.N {
			for name, body := range set {
				u, _ := url.Parse(truth[name].URL)
				doc, err := html.Parse(strings.NewReader(string(body)))
				if err == nil {
					_, _ = trafilatura.ExtractDocument(doc, trafilatura.Options{EnableFallback: true, OriginalURL: u})
				}
			}
		}
		b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*len(set)), "µs/page")
	})
}
