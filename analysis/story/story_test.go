package story_test

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"framewatch/analysis/story"
	"framewatch/analysis/story/storytest"
)

func sketchBytes(t testing.TB, s story.Sketch) []byte {
	t.Helper()
	b, err := s.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestWhatDoesNotMatter(t *testing.T) {
	text := strings.Join(texts(t)[:2], "\n\n")
	want := sketchBytes(t, story.New(text))
	for name, other := range map[string]string{
		"apostrophes":      strings.ReplaceAll(text, "’", "'"),
		"blank lines":      strings.ReplaceAll(text, "\n\n", "\n \n\n"),
		"furniture":        "Advertisement\n" + text + "\n\nSign up for our newsletter and read more like this.\n© The Mirror. All rights reserved.",
		"ends of sections": strings.ReplaceAll(text, ". ", ".  "),
	} {
		if !bytes.Equal(sketchBytes(t, story.New(other)), want) {
			t.Errorf("%s: another sketch", name)
		}
	}
	if loud := story.Compare(story.New(strings.ToUpper(text)), story.New(text)); loud.Share != 1 {
		t.Errorf("in capitals: %+v", loud)
	}
}

func TestShortTextsHaveNoSketch(t *testing.T) {
	long := strings.Repeat("word ", story.MinWords)
	for _, tc := range []struct {
		text string
		want bool
	}{{"", true}, {"A race for AI.", true}, {strings.Repeat("one two three ", 10), true}, {"About the firm: " + long, true}, {texts(t)[0], false}} {
		if got := story.New(tc.text).Empty(); got != tc.want {
			t.Errorf("%.30q: empty %v, want %v", tc.text, got, tc.want)
		}
	}
	if o := story.Compare(story.Sketch{}, story.New(texts(t)[0])); o.Same(false) || story.Possible(story.Sketch{}, story.Sketch{}) {
		t.Errorf("a text without sketch is one story with another: %+v", o)
	}
}

func TestTextsWithoutBlanks(t *testing.T) {
	var runes []rune
	for i := range 400 {
		runes = append(runes, rune(0x4e00+i*37%9000))
	}
	a, b := story.New(string(runes)+"。"), story.New(string(runes[:200])+"。")
	if o := story.Compare(a, b); a.Empty() || !o.Same(false) {
		t.Errorf("half of a Chinese text: %+v", o)
	}
}

// TestPairsAreJudgedAlikeFromEitherSide compares texts of many lengths, whole and without some of their shingles.
func TestPairsAreJudgedAlikeFromEitherSide(t *testing.T) {
	base := texts(t)
	w, e := storytest.NewWriter(base), storytest.NewEditor(4, base)
	rng := rand.New(rand.NewPCG(8, 9))
	for i := range uint64(60) {
		text := w.Article(i, 80+rng.IntN(4000))
		a, b := story.New(text), story.New(e.Copy(text, storytest.Edit{Words: rng.Float64() / 3, Keep: .2 + .8*rng.Float64(), Furnish: true}))
		x, y := story.Compare(a, b), story.Compare(b, a)
		if x != y {
			t.Errorf("text %d: %+v and %+v", i, x, y)
		}
		for _, v := range []float64{x.Share, x.Narration, x.Names, x.Ratio} {
			if v < 0 || v > 1 {
				t.Errorf("text %d: %+v", i, x)
			}
		}
		if whole := story.Compare(a, a); !a.Empty() && (whole.Share != 1 || !whole.Same(true) || whole.Ratio != 1) {
			t.Errorf("text %d with itself: %+v", i, whole)
		}
		common := story.Common(a, b)
		if x.Common != len(common) || !slices.IsSorted(common) {
			t.Errorf("text %d: %d shingles in common, %d listed", i, x.Common, len(common))
		}
		rest := a.Without(func(h uint32) bool { _, ok := slices.BinarySearch(common, h); return ok })
		if left := story.Common(rest, b); len(left) != 0 || len(rest.Shingles())+len(common) > len(a.Shingles())+len(common) {
			t.Errorf("text %d: %d shingles left", i, len(left))
		}
	}
}

func TestCandidatesAreNearInTime(t *testing.T) {
	a := story.New(texts(t)[0]).Anchors()
	other := story.New(texts(t)[1]).Anchors()
	x := story.NewIndex([]story.Entry{{0, a}, {story.Window, a}, {story.Window + 1, a}, {5, other}, {2, a[:1]}})
	for i, want := range [][]int{{1}, {0, 2}, {1}, nil, nil} {
		if got := x.Near(i); !slices.Equal(got, want) {
			t.Errorf("entry %d: near %v, want %v", i, got, want)
		}
	}
}

// TestManyCopiesStayInReach has more copies than an index names, each of which must lead to the next.
func TestManyCopiesStayInReach(t *testing.T) {
	entries := make([]story.Entry, 300)
	for i := range entries {
		entries[i] = story.Entry{Day: i % 3, Anchors: story.New(texts(t)[0]).Anchors()}
	}
	x := story.NewIndex(entries)
	reached, queue := map[int]bool{0: true}, []int{0}
	for len(queue) > 0 {
		near := x.Near(queue[0])
		queue = queue[1:]
		if len(near) > 60 {
			t.Fatalf("%d candidates", len(near))
		}
		for _, j := range near {
			if !reached[j] {
				reached[j] = true
				queue = append(queue, j)
			}
		}
	}
	if len(reached) != len(entries) {
		t.Errorf("%d of %d reached", len(reached), len(entries))
	}
}

func FuzzSketch(f *testing.F) {
	for _, text := range texts(f)[:3] {
		f.Add(text)
	}
	f.Add("“Open " + strings.Repeat("word, ’ ", 80))
	f.Add(strings.Repeat("人工智能\u0301", 40) + "\xff\n\"")
	f.Fuzz(func(t *testing.T, text string) {
		s := story.New(text)
		back, err := story.Parse(sketchBytes(t, s))
		if err != nil {
			t.Fatalf("its own form: %v", err)
		}
		if !bytes.Equal(sketchBytes(t, back), sketchBytes(t, s)) || back.Words != s.Words {
			t.Error("another sketch comes back")
		}
		if o := story.Compare(s, s); !s.Empty() && (o.Share > 1 || o.Narration > 1 || o.Names > 1) {
			t.Errorf("%+v", o)
		}
	})
}

func FuzzParse(f *testing.F) {
	b := sketchBytes(f, story.New(texts(f)[0]))
	f.Add(b)
	f.Add(b[:len(b)/2])
	f.Add([]byte{1, 3, 255, 255, 255, 255, 7, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := story.Parse(b)
		if err != nil {
			return
		}
		if o := story.Compare(s, s); o.Share < 0 || o.Share > 1 {
			t.Errorf("%+v", o)
		}
		story.Possible(s, s)
	})
}
