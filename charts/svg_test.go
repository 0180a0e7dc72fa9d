package charts

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
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
	if os.Getenv("FRAMEWATCH_SCREENSHOTS") != "" {
		names = FigureNames() // to look at
	}
	for _, name := range names {
		var one, two bytes.Buffer
		if err := Figure(t.Context(), &one, db, name, publishedOptions()); err != nil {
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
			if err := Figure(t.Context(), &two, db, name, publishedOptions()); err != nil {
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

// A picture stands alone: it says what it shows, of how many, with which interval, and where it comes from.
func TestFiguresStandAlone(t *testing.T) {
	db := filled(t, 900)
	n := number(count(t, db, `SELECT count(*) FROM v_article WHERE relevant AND names_china`))
	o := fixtureOptions()
	o.Title, o.Codebook = "A title of our own", "us-china-ai 1"
	var b bytes.Buffer
	if err := Figure(t.Context(), &b, db, "change", o); err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(textOf(t, b.Bytes())), " ")
	for _, want := range []string{"A title of our own", "with 95% interval", "three months before (n = ", "Source: framewatch, codebook us-china-ai 1 (framewatch-1), as of October 20, 2026.",
		"Counted: articles about AI that name China (n = " + n + ")", o.Notice} {
		if !strings.Contains(text, want) {
			t.Errorf("the picture does not say %q: %s", want, text)
		}
	}
	fonts := fontFamily.FindAllStringSubmatch(b.String(), -1)
	for _, f := range fonts {
		if f[1] != "sans-serif" {
			t.Errorf("the picture asks for the font %s; only the reader's sans-serif is everywhere", f[1])
		}
	}
	if len(fonts) == 0 {
		t.Error("the picture names no font")
	}
}

var fontFamily = regexp.MustCompile(`font-family[=:]"?([^";]*)`)

// textOf is the text in an SVG.
func textOf(t *testing.T, svg []byte) string {
	t.Helper()
	var text strings.Builder
	for d := xml.NewDecoder(bytes.NewReader(svg)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return text.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		if chars, ok := token.(xml.CharData); ok {
			text.Write(chars)
			text.WriteByte(' ')
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
