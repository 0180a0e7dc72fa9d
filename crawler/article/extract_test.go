package article

import (
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

func encode(t *testing.T, enc encoding.Encoding, s string) []byte {
	t.Helper()
	b, err := enc.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return []byte(b)
}

func TestCharset(t *testing.T) {
	page := func(title, head string) string {
		return "<html><head>" + head + "<title>" + title + "</title></head><body><h1>" + title + "</h1><p>" + strings.Repeat(title+" and so the harbor slept. ", 10) + "</p></body></html>"
	}
	western, chinese := "Café “Zürich” pays €5", "人工智能 港口 合作"
	utf16 := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	utf16be := unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	for name, c := range map[string]struct {
		contentType, title string
		body               []byte
	}{
		"UTF-8 undeclared":                    {"", western, []byte(page(western, ""))},
		"UTF-8, header says latin1":           {"text/html; charset=iso-8859-1", western, []byte(page(western, ""))},
		"UTF-8, meta says latin1":             {"text/html", western, []byte(page(western, `<meta charset="iso-8859-1">`))},
		"UTF-8 with mark, header says gbk":    {"text/html; charset=gbk", chinese, []byte("\xEF\xBB\xBF" + page(chinese, ""))},
		"windows-1252 by header":              {"text/html; charset=windows-1252", western, encode(t, charmap.Windows1252, page(western, ""))},
		"windows-1252 named latin1":           {"text/html; charset=ISO-8859-1", western, encode(t, charmap.Windows1252, page(western, ""))},
		"windows-1252 by meta":                {"text/html", western, encode(t, charmap.Windows1252, page(western, `<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">`))},
		"windows-1252, header says UTF-8":     {"text/html; charset=utf-8", western, encode(t, charmap.Windows1252, page(western, `<meta charset=windows-1252>`))},
		"GBK by header":                       {"text/html; charset=GBK", chinese, encode(t, simplifiedchinese.GBK, page(chinese, ""))},
		"GBK by meta":                         {"", chinese, encode(t, simplifiedchinese.GBK, page(chinese, `<meta charset='gb2312'>`))},
		"UTF-16 with mark":                    {"", western, encode(t, utf16, page(western, ""))},
		"UTF-16 by header":                    {"text/html; charset=utf-16be", western, encode(t, utf16be, page(western, ""))},
		"UTF-8 in which a meta claims UTF-16": {"", western, []byte(page(western, `<meta charset="utf-16">`))},
		"UTF-8 cut in the middle of a letter": {"text/html; charset=utf-8", western, append([]byte(page(western, "")), 0xE2, 0x80)},
	} {
		a, err := Extract(Page{ContentType: c.contentType, Body: c.body})
		if err != nil || a.Title != c.title || !strings.HasPrefix(a.Text, c.title) {
			t.Errorf("%s: title %q, text %q, %v; want %q", name, a.Title, clip(a.Text, 40), err, c.title)
		}
	}
}

func TestRejects(t *testing.T) {
	text := strings.Repeat(sentence, 10)
	for name, c := range map[string]struct {
		page Page
		want string
	}{
		"empty":                          {Page{}, "no_text"},
		"too large":                      {Page{Body: make([]byte, maxBody+1)}, "too_large"},
		"PDF said to be HTML":            {Page{ContentType: "text/html", Body: []byte("%PDF-1.5\n%\xe2\xe3\xcf\xd3\n1 0 obj <</Type")}, "pdf"},
		"image":                          {Page{ContentType: "text/html", Body: []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x02\x03\x04")}, "not_html"},
		"JSON":                           {Page{ContentType: "application/json", Body: []byte(`{"title":"<p>no</p>"}`)}, "not_html"},
		"plain text":                     {Page{ContentType: "text/plain", Body: []byte(text)}, "not_html"},
		"HTML said to be a byte stream":  {Page{ContentType: "application/octet-stream", Body: []byte(samplePage(3))}, ""},
		"HTML without a type":            {Page{Body: []byte(samplePage(3))}, ""},
		"XHTML":                          {Page{ContentType: "application/xhtml+xml", Body: []byte("<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><body><p>" + text + "</p></body></html>")}, ""},
		"article about blocked visitors": {Page{Body: []byte("<title>Access denied at the gate</title><h1>Access denied at the gate</h1><article><p>" + text + text + text + "</p></article>")}, ""},
		"article with 404 in its title":  {Page{Body: []byte("<title>The 404 ships of Elsby</title><h1>The 404 ships of Elsby</h1><article><p>" + text + "</p></article>")}, ""},
	} {
		_, err := Extract(c.page)
		var r *Reject
		got := ""
		if errors.As(err, &r) {
			got = r.Reason
		}
		if got != c.want {
			t.Errorf("%s: got %q (%v), want %q", name, got, err, c.want)
		}
	}
}

func TestFetchTimeBoundsDates(t *testing.T) {
	page := Page{Body: []byte(`<html><head><title>x</title><meta property="article:published_time" content="2025-06-01T00:00:01Z"></head><body><h1>Sails</h1><time datetime="2024-05-01">May 1</time><p>` + strings.Repeat(sentence, 5) + `</p></body></html>`)}
	a, err := Extract(page)
	if err != nil || a.Published.String() != "2025-06-01T00:00:01Z" {
		t.Errorf("without a time of fetch: %s, %v", a.Published, err)
	}
	page.Fetched = time.Date(2024, 5, 2, 0, 0, 0, 0, time.UTC)
	a, err = Extract(page)
	if err != nil || a.Published.String() != "2024-05-01" || a.DateFrom != "time" {
		t.Errorf("fetched the day after: %s from %q, %v", a.Published, a.DateFrom, err)
	}
}

func TestCleanAuthors(t *testing.T) {
	site := []string{"bayherald"}
	for in, want := range map[string]string{
		"":                                       "",
		"By Ann Lee":                             "Ann Lee",
		"BY ANN LEE AND BO EK":                   "Ann Lee; Bo Ek",
		"Ann Lee, Bo Ek & Carla Dunn":            "Ann Lee; Bo Ek; Carla Dunn",
		"Ann Lee, Staff Writer":                  "Ann Lee",
		"Ann Lee for the Bay Herald":             "Ann Lee",
		"Ann Lee in Elsby and Bo Ek in Torrin":   "Ann Lee; Bo Ek",
		"Written by: Ann Lee | May 3, 2024":      "Ann Lee",
		"Story by Ann Lee; photographs by Bo Ek": "Ann Lee",
		"Ann Lee, Ph.D.":                         "Ann Lee",
		"Dr. Ann Lee":                            "Ann Lee",
		"Ann Lee (Wireline)":                     "Ann Lee",
		"Bay Herald":                             "",
		"Bay Herald Staff":                       "",
		"admin":                                  "",
		"webadmin":                               "",
		"The Associated Press":                   "The Associated Press",
		"Ann Lee and agencies":                   "Ann Lee",
		"Staff reports":                          "",
		"Zhao Min":                               "Zhao Min",
		"Lee, Ann":                               "Ann Lee",
		"Séamus O’Brien-Løvås":                   "Séamus O’Brien-Løvås",
		"SEÁN O'BRIEN":                           "Seán O'Brien",
		"王小明":                                    "王小明",
		"https://bay.example/ann":                "",
		"Ursula von der Leyen":                   "Ursula von der Leyen",
	} {
		if got := strings.Join(cleanAuthors([]string{in}, site), "; "); got != want {
			t.Errorf("cleanAuthors(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestBareTitle(t *testing.T) {
	names := []string{"bayherald", "bay"}
	for in, want := range map[string]string{
		"Cranes agree - Bay Herald":                 "Cranes agree",
		"Cranes agree | Trade | Bay Herald":         "Cranes agree",
		"Bay Herald: Cranes agree":                  "Bay Herald: Cranes agree",
		"Opinion | Cranes agree":                    "Cranes agree",
		"Cranes agree – and then some – Bay Herald": "Cranes agree – and then some",
		"Cranes agree – and then some":              "Cranes agree – and then some",
		"U.S.-style rules for cranes":               "U.S.-style rules for cranes",
		"Cranes: a history":                         "Cranes: a history",
		"Cranes agree |":                            "Cranes agree",
		"":                                          "",
	} {
		if got := bareTitle(in, names); got != want {
			t.Errorf("bareTitle(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCleaningLeavesSentencesAlone(t *testing.T) {
	for _, s := range []string{
		"Follow the money and the race for chips explains itself, said one of the clerks.",
		"Read in full, the treaty says nothing of the kind.",
		"Related species of crane were found on the other shore.",
		"More than forty ships wait in the roads.",
		"Watch the tide, the pilots say, not the clock.",
		"Listening posts were set up along the coast.",
		"Support for the pact has fallen since May.",
		"Copyright law was not made for machines, the court held in March.",
		"Source code for the model was never found.",
		"Published estimates differ by a factor of ten.",
		"Updated maps show three reefs where there was one.",
		"Join the two shores and the strait is a river, the poet wrote.",
		"Subscribers to the theory are few.",
		"Get the latest machine and you still need a clerk to read its output.",
		"Popular on both shores, the minister has nothing to fear.",
	} {
		if rxPromo.MatchString(s) || rxCredit.MatchString(s) || rxContact.MatchString(s) {
			t.Errorf("%q is taken for a line that is not the article's", s)
		}
	}
}

// TestHeavyModulesHaveOneDoor keeps each extractor behind one file, so that
// replacing it is a change of one file.
func TestHeavyModulesHaveOneDoor(t *testing.T) {
	doors := map[string]string{
		"go-trafilatura": "trafilatura.go", "go-readability": "readability.go", "go-domdistiller": "distiller.go",
		"go-dateparser": "htmldate.go", "whatlanggo": "language.go", "chardet": "charset.go",
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, imp := range f.Imports {
			for module, door := range doors {
				if strings.Contains(imp.Path.Value, module) && file != door {
					t.Errorf("%s imports %s, which only %s may", file, imp.Path.Value, door)
				}
			}
		}
	}
}

func TestConcurrentUseGivesTheSameArticles(t *testing.T) {
	set := labeled(t)
	want := make([]string, len(set))
	for i, p := range set {
		a, err := Extract(Page{Body: []byte(p.html)})
		want[i] = fmt.Sprint(a, err)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i, p := range set {
				a, err := Extract(Page{Body: []byte(p.html)})
				if got := fmt.Sprint(a, err); got != want[i] {
					t.Errorf("%s: got %s, alone %s", p.name, got, want[i])
				}
			}
		})
	}
	wg.Wait()
}

func TestPageIsNotChanged(t *testing.T) {
	body := []byte(samplePage(3))
	before := string(body)
	if _, err := Extract(Page{Body: body}); err != nil || string(body) != before {
		t.Errorf("the page's bytes changed, %v", err)
	}
}
