package story_test

import (
	"fmt"
	"strings"
	"testing"

	"framewatch/analysis/story"
	"framewatch/analysis/story/storytest"
	"framewatch/configs/demosite"
)

// texts are the demo's articles, all written for this project.
func texts(t testing.TB) []string {
	t.Helper()
	site, err := demosite.New()
	if err != nil {
		t.Fatal(err)
	}
	facts := site.Facts()
	var all []string
	for _, a := range site.Articles() {
		if (a.Kind == "" || a.Kind == demosite.Hostile) && (a.Outlet != facts.Syndicated[1].Outlet || a.Path != facts.Syndicated[1].Path) {
			all = append(all, a.Text)
		}
	}
	return all
}

// TestRecallByEdit copies every article with each kind of edit and counts the copies that are known. -v prints the table
// of docs/methods.md.
func TestRecallByEdit(t *testing.T) {
	base := texts(t)
	for _, tc := range []struct {
		name  string
		edit  storytest.Edit
		floor float64
	}{
		{"as it was, wrapped", storytest.Edit{Furnish: true}, 1},
		{"5 % of the words changed, wrapped", storytest.Edit{Words: .05, Furnish: true}, .99},
		{"10 % changed, wrapped", storytest.Edit{Words: .10, Furnish: true}, .95},
		{"10 % changed, reordered, a quotation written anew, wrapped", storytest.Edit{Words: .10, Reorder: true, Quote: true, Furnish: true}, .95},
		{"15 % changed, wrapped", storytest.Edit{Words: .15, Furnish: true}, .5},
		{"20 % changed, wrapped", storytest.Edit{Words: .20, Furnish: true}, 0},
		{"cut to half", storytest.Edit{Keep: .5}, .95},
		{"cut to half, 5 % changed, wrapped", storytest.Edit{Keep: .5, Words: .05, Furnish: true}, .85},
		{"cut to half, 10 % changed, wrapped", storytest.Edit{Keep: .5, Words: .10, Furnish: true}, .85},
		{"cut to a third, 5 % changed, wrapped", storytest.Edit{Keep: .34, Words: .05, Furnish: true}, 0},
		{"cut to a quarter", storytest.Edit{Keep: .25}, 0},
	} {
		found, n, close, short := 0, 0, 0, 0
		for seed := range uint64(4) {
			e := storytest.NewEditor(seed+1, base)
			for _, text := range base {
				a, b := story.New(text), story.New(e.Copy(text, tc.edit))
				n++
				if b.Empty() {
					short++
				}
				same := story.Compare(a, b).Same(false)
				near := candidates(a, b)
				if near {
					close++
				}
				if same && near {
					found++
				}
				if same && !story.Possible(a, b) {
					t.Errorf("%s: one story, and thought impossible", tc.name)
				}
			}
		}
		t.Logf("%-60s %4d copies, %.3f found, %.3f candidates, %d too short", tc.name, n, float64(found)/float64(n), float64(close)/float64(n), short)
		if float64(found)/float64(n) < tc.floor {
			t.Errorf("%s: %d of %d found, want a share of %.2f", tc.name, found, n, tc.floor)
		}
	}
}

// candidates tells whether an index of the two names one for the other.
func candidates(a, b story.Sketch) bool {
	return len(story.NewIndex([]story.Entry{{Anchors: a.Anchors()}, {Anchors: b.Anchors()}}).Near(0)) == 1
}

// TestNearMisses judges pairs that are alike and no copies.
func TestNearMisses(t *testing.T) {
	base := texts(t)
	e := storytest.NewEditor(9, base)
	footer := "This column appears twice a month. Its author has written on machines and the state since the first of them could add, teaches " +
		"at the evening college, and keeps a list of every promise made about both. The opinions are the author's own, and so are the mistakes, " +
		"which readers may report at the address in the masthead. Past columns are kept in the archive, where the early ones read best."
	speech := "“We gather at a time when machines begin to reason, and no nation, however strong, will write their rules alone. " + e.Words(110) +
		". History will ask what we built, and for whom, and whether we were wise. We intend to have an answer.”"
	background := base[len(base)-1][:560]
	kinds := []struct {
		name   string
		pair   func(i, j int) (string, string)
		same   bool // in one outlet
		allow  float64
		adjoin bool // pairs of neighbors only
	}{
		{"two articles of the press", func(i, j int) (string, string) { return base[i], base[j] }, false, 0, false},
		{"columns with one footer", func(i, j int) (string, string) { return base[i] + "\n\n" + footer, base[j] + "\n\n" + footer }, false, 0, false},
		{"articles that quote one speech at length", func(i, j int) (string, string) {
			return lead(base[i]) + "\n\n" + speech + "\n\n" + tail(base[i]), lead(base[j]) + "\n\n" + speech + "\n\n" + tail(base[j])
		}, false, 0, false},
		{"a speech and an article that quotes it", func(i, j int) (string, string) {
			return strings.Trim(speech, "“”") + "\n\n" + e.Words(900), lead(base[j]) + "\n\n" + speech
		}, false, 0, true},
		{"articles with the same background paragraphs", func(i, j int) (string, string) { return base[i] + "\n\n" + background, base[j] + "\n\n" + background }, false, 0, false},
		{"releases of two firms", func(i, j int) (string, string) {
			return storytest.Release(uint64(i), 1), storytest.Release(uint64(j), 2)
		}, false, 0, false},
		{"releases of one firm, one outlet", func(i, j int) (string, string) {
			return storytest.Release(uint64(i), 1), storytest.Release(uint64(j), 1)
		}, true, 0, false},
		{"releases of one firm, two outlets", func(i, j int) (string, string) {
			return storytest.Release(uint64(i), 1), storytest.Release(uint64(j), 1)
		}, false, 1, false},
	}
	for _, k := range kinds {
		wrong, n, most := 0, 0, story.Overlap{}
		for i := range base {
			for j := range i {
				if k.adjoin && j != i-1 {
					continue
				}
				a, b := k.pair(i, j)
				o := story.Compare(story.New(a), story.New(b))
				n++
				if o.Share > most.Share {
					most = o
				}
				if o.Same(k.same) {
					wrong++
				}
			}
			if i > 40 {
				break
			}
		}
		t.Logf("%-50s %4d pairs, %d taken for one story; the most alike: %s", k.name, n, wrong, show(most))
		if float64(wrong) > k.allow*float64(n) {
			t.Errorf("%s: %d of %d taken for one story", k.name, wrong, n)
		}
	}
}

func show(o story.Overlap) string {
	return fmt.Sprintf("share %.2f, narration %.2f, names %.2f, ratio %.2f", o.Share, o.Narration, o.Names, o.Ratio)
}

func lead(text string) string { return text[:strings.LastIndex(text[:len(text)/3], " ")] }
func tail(text string) string { return text[strings.LastIndex(text[:len(text)*2/3], " "):] }
