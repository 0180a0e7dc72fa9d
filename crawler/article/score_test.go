package article

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
)

// shared is where page sets that others labelled are kept, beside the
// repository and never in it.
const shared = "../../../shared/data"

// pages reads a folder of compressed pages by name.
func pages(t testing.TB, dir string) map[string][]byte {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join(shared, dir, "html", "*.html.gz"))
	if len(files) == 0 {
		t.Skipf("no pages in %s: the labelled page sets are not part of the repository", filepath.Join(shared, dir))
	}
	out := map[string][]byte{}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		zr, err := gzip.NewReader(strings.NewReader(string(b)))
		if err != nil {
			t.Fatal(err)
		}
		if b, err = io.ReadAll(zr); err != nil {
			t.Fatal(err)
		}
		out[strings.TrimSuffix(filepath.Base(f), ".html.gz")] = b
	}
	return out
}

func readJSON(t testing.TB, path string, v any) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(shared, path))
	if err != nil {
		t.Skip(err)
	}
	if err := json.Unmarshal(b, v); err != nil {
		t.Fatal(err)
	}
}

// grams counts the 4-word sequences of a text; a shorter text is one.
func grams(s string) map[string]int {
	words := strings.FieldsFunc(s, func(r rune) bool {
		return r != '_' && !unicode.IsLetter(r) && !unicode.IsNumber(r)
	})
	out := map[string]int{}
	for i := 0; i == 0 || i+4 <= len(words); i++ {
		if g := strings.Join(words[i:min(i+4, len(words))], " "); g != "" {
			out[g]++
		}
	}
	return out
}

// overlap gives the precision and recall of got against want over their
// 4-word sequences; NaN where there is nothing to divide by.
func overlap(want, got string) (p, r float64) {
	a, b := grams(want), grams(got)
	hit, na, nb := 0, 0, 0
	for g, n := range a {
		hit += min(n, b[g])
		na += n
	}
	for _, n := range b {
		nb += n
	}
	return float64(hit) / float64(nb), float64(hit) / float64(na)
}

// mean skips NaN.
func mean(v []float64) float64 {
	sum, n := 0.0, 0
	for _, x := range v {
		if !math.IsNaN(x) {
			sum, n = sum+x, n+1
		}
	}
	return sum / float64(n)
}

func harmonic(p, r float64) float64 {
	if p+r == 0 {
		return 0
	}
	return 2 * p * r / (p + r)
}

func TestScoreBody(t *testing.T) {
	html := pages(t, "extraction")
	var truth map[string]struct{ ArticleBody, URL string }
	readJSON(t, "extraction/ground-truth.json", &truth)
	var ps, rs []float64
	for name, want := range truth {
		a, _ := Extract(Page{URL: want.URL, Body: html[name]})
		p, r := overlap(want.ArticleBody, a.Text)
		ps, rs = append(ps, p), append(rs, r)
		if f := harmonic(p, r); f < 0.85 || math.IsNaN(f) {
			t.Logf("%.3f P %.3f R %.3f %s %s %s", f, p, r, name[:8], a.Via, clip(want.URL, 80))
		}
	}
	p, r := mean(ps), mean(rs)
	t.Logf("body, %d pages: F1 %.4f precision %.4f recall %.4f", len(truth), harmonic(p, r), p, r)
	if harmonic(p, r) < 0.970 || p < 0.965 || r < 0.975 {
		t.Error("below the floor of F1 0.970, precision 0.965, recall 0.975")
	}
}

func TestScoreMetadata(t *testing.T) {
	html := pages(t, "extraction-meta")
	var want map[string]struct{ Title, Byline, SiteName, PublishedTime, Lang string }
	readJSON(t, "extraction-meta/expected.json", &want)
	var title, author, day, lang tally
	for _, name := range slices.Sorted(maps.Keys(want)) {
		w := want[name]
		a, err := Extract(Page{URL: "http://fakehost/test/page.html", Body: html[name]})
		if err != nil {
			t.Logf("%s: %v", name, err)
		}
		title.add(t, name+" title", w.Title, a.Title)
		author.add(t, name+" authors", strings.Join(cleanAuthors([]string{w.Byline}, nil), "; "), strings.Join(a.Authors, "; "))
		if d, err := ParseDate(w.PublishedTime); err == nil && !d.IsZero() {
			day.add(t, name+" day", d.Time.Format(time.DateOnly), a.Published.Time.Format(time.DateOnly))
		}
		lang.add(t, name+" language", langCode(w.Lang), a.Language)
	}
	t.Logf("agreement with another tool's metadata, %d pages: title %s, authors %s, day %s, language %s", len(want), &title, &author, &day, &lang)
	if title.rate() < 0.68 || author.rate() < 0.85 || day.rate() < 0.95 || lang.rate() < 0.98 {
		t.Error("below the floor of titles 0.68, authors 0.85, days 0.95, languages 0.98")
	}
}

// tally counts equal answers among those that are known.
type tally struct{ right, total int }

func (c *tally) add(t *testing.T, what, want, got string) {
	if want == "" {
		return
	}
	c.total++
	if want == got {
		c.right++
	} else {
		t.Logf("%s: got %q, want %q", what, clip(got, 90), clip(want, 90))
	}
}

func (c *tally) rate() float64 { return float64(c.right) / float64(max(c.total, 1)) }

func (c *tally) String() string {
	return fmt.Sprintf("%.3f (%d of %d)", c.rate(), c.right, c.total)
}
