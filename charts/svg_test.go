package charts

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// wellFormed parses an SVG to its end and returns the names of its elements.
func wellFormed(t *testing.T, svg []byte) map[string]int {
	t.Helper()
	names := map[string]int{}
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return names
		}
		if err != nil {
			t.Fatalf("no well-formed SVG: %v", err)
		}
		if e, ok := token.(xml.StartElement); ok {
			names[e.Name.Local]++
		}
	}
}

func TestFiguresAreDrawnWithoutABrowser(t *testing.T) {
	db := filled(t, 900)
	mustExec(t, db, `UPDATE v_article SET outlet = ? WHERE source = 'harbor'`, hostile)
	// One figure of each kind of chart: loading ECharts anew for all ten takes long under the race detector.
	names := []string{"coverage", "frames", "speakers", "voices", "outlets", "change"}
	if testing.Short() {
		names = names[:1]
	}
	for _, name := range names {
		var one, two bytes.Buffer
		if err := Figure(t.Context(), &one, db, name, fixtureOptions()); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		elements := wellFormed(t, one.Bytes())
		if elements["path"] < 10 || elements["text"] < 8 {
			t.Errorf("%s: %d paths and %d texts", name, elements["path"], elements["text"])
		}
		if elements["script"] > 0 || elements["img"] > 0 || elements["foreignObject"] > 0 {
			t.Errorf("%s holds elements that can run: %v", name, elements)
		}
		if strings.Contains(one.String(), `"@`) {
			t.Errorf("%s holds a color or function that was not looked up", name)
		}
		if name == "coverage" {
			if err := Figure(t.Context(), &two, db, name, fixtureOptions()); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(one.Bytes(), two.Bytes()) {
				t.Errorf("%s: the same data gave other bytes", name)
			}
		}
		if dir := os.Getenv("FRAMEWATCH_SCREENSHOTS"); dir != "" {
			if err := os.WriteFile(filepath.Join(dir, "figure-"+name+".svg"), one.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestFigureSaysWhatIsWrong(t *testing.T) {
	db := openFixture(t)
	err := Figure(t.Context(), io.Discard, db, "pie", Options{})
	if err == nil || !strings.HasPrefix(err.Error(), `unknown figure "pie": use coverage, frames, `) {
		t.Errorf("got %v", err)
	}
	if err := Figure(t.Context(), io.Discard, db, "frames", Options{}); !errors.Is(err, ErrNoArticles) {
		t.Errorf("got %v, want ErrNoArticles", err)
	}
	fill(t, db, 200)
	mustExec(t, db, `DELETE FROM v_mention`)
	var b bytes.Buffer
	if err := Figure(t.Context(), &b, db, "frames", fixtureOptions()); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "None of these articles mentions a frame of the codebook.") {
		t.Errorf("an empty figure does not say why: %s", b.String())
	}
}

func TestLongLinesAreWrapped(t *testing.T) {
	got := wrap("one two three unbreakableword four", 9)
	if want := "one two|three|unbreakableword|four"; strings.Join(got, "|") != want {
		t.Errorf("got %q", got)
	}
}
