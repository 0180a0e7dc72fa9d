package article

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// labeledPage is an invented page in the shape of a real kind, with what a
// reader would say it holds.
type labeledPage struct {
	name, html string
	want       map[string][]string // key → values in order
}

// runningText is what {{a}}, {{b}}, … stand for in the pages: paragraphs of
// the invented articles.
func runningText(letter string) []string {
	switch letter {
	case "a":
		return []string{
			"The harbor council of Elsby asked both ministries on Tuesday to publish the figures on imported accelerators, which until now have been kept in two separate ledgers.",
			"“The figures were never secret, they were merely unread,” said Marta Oyelaran, who keeps the older of the two ledgers and has asked for a common one since the spring.",
			"Officials on both shores say that a shared count would show how few of the machines are used for what the posters promise. Most of them plan the berths, and a few write letters.",
		}
	case "b":
		return []string{
			"In the yards the mood is calmer than in the speeches. Crane drivers, who were told two years ago that they would be replaced within months, now train the systems that were to replace them.",
			"A draft agreement seen by three people would let engineers from either coast inspect a model before it steers a ship, provided that the inspection is announced a week ahead.",
			"Critics call the draft toothless. Its authors answer that a rule which both sides keep is worth more than a threat which neither believes, and that the winter gales will not wait for a better one.",
		}
	case "c":
		return []string{
			"None of this settles the question of who pays. The grid operator wants the data halls to carry the cost of new lines, while the halls point to the taxes that they bring to the valley.",
			"An older proposal, to let the halls run at night and rest at noon, has come back into favor after a dry summer in which the reservoirs fell to a third of what they hold.",
			"Whatever is decided, the first ship to be guided by the new system is due on the last day of the month, with a pilot of flesh and blood standing beside the screen.",
		}
	case "g":
		return []string{
			"Der Hafen von Torrin bekommt im kommenden Jahr eine eigene Rechenhalle, in der die Liegeplätze für beide Ufer gemeinsam geplant werden sollen.",
			"Die Kosten teilen sich die Stadt und die Werften, wobei die Stadt den Strom bezahlt und die Werften die Geräte stellen, die sonst nachts stillstehen würden.",
			"Ob sich das rechnet, will der Rat erst nach dem zweiten Winter prüfen, denn vorher gebe es keine Zahlen, auf die man sich verlassen könne.",
		}
	case "f":
		return []string{
			"Le port de Torrin disposera l'an prochain de ses propres machines, avec lesquelles les deux rives pourront répartir ensemble les places à quai.",
			"La ville paiera l'électricité et les chantiers fourniront le matériel, qui resterait sinon inutilisé pendant la nuit, selon un accord signé mardi.",
			"Le conseil ne dira qu'après le deuxième hiver si la dépense en valait la peine, faute de chiffres auxquels on puisse se fier avant cette date.",
		}
	}
	return nil
}

const otherStories = `<ul class="story-list"><li><a href="/1">Why the North fears losing the machine race</a></li><li><a href="/2">Was the launch a Sputnik moment for the yards?</a></li><li><a href="/3">Ferries to sail by committee</a></li><li><a href="/4">The arms race nobody ordered</a></li></ul>`

// rxWrapped matches {{a|<div class="text">|</div>}}: paragraphs in an element
// of the page's own.
var rxWrapped = regexp.MustCompile(`\{\{([a-z])\|([^|}]*)\|([^|}]*)\}\}`)

// labeled reads the invented pages.
func labeled(t testing.TB) []labeledPage {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no labeled pages: %v", err)
	}
	var marks []string
	for _, letter := range []string{"a", "b", "c", "f", "g"} {
		text := runningText(letter)
		quoted, err := json.Marshal(strings.Join(text, "\n"))
		if err != nil {
			t.Fatal(err)
		}
		marks = append(marks,
			"{{"+letter+"}}", "<p>"+strings.Join(text, "</p>\n<p>")+"</p>",
			"{{"+letter+":br}}", strings.Join(text, "<br><br>"),
			"{{"+letter+":div}}", "<div>"+strings.Join(text, "</div><div>")+"</div>",
			"{{"+letter+":json}}", strings.Trim(string(quoted), `"`))
	}
	replace := strings.NewReplacer(append(marks, "{{links}}", otherStories)...)
	expand := func(s string) string {
		s = rxWrapped.ReplaceAllStringFunc(s, func(mark string) string {
			m := rxWrapped.FindStringSubmatch(mark)
			return m[2] + strings.Join(runningText(m[1]), m[3]+m[2]) + m[3]
		})
		return replace.Replace(s)
	}
	var pages []labeledPage
	for _, file := range files {
		ar, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i+1 < len(ar.Files); i += 2 {
			p := labeledPage{name: strings.TrimSuffix(ar.Files[i].Name, ".want"), html: expand(string(ar.Files[i+1].Data)), want: map[string][]string{}}
			for line := range strings.Lines(string(ar.Files[i].Data)) {
				key, value, ok := strings.Cut(strings.TrimSpace(line), ":")
				if !ok {
					t.Fatalf("%s: line %q is no key and value", p.name, line)
				}
				p.want[key] = append(p.want[key], strings.TrimSpace(value))
			}
			pages = append(pages, p)
		}
	}
	return pages
}

// check compares an article with what the label says and names the fields
// that differ.
func (p labeledPage) check(a Article, err error) (wrong []string) {
	reason := ""
	var r *Reject
	if errors.As(err, &r) {
		reason = r.Reason
	}
	got := map[string]string{
		"title": a.Title, "authors": strings.Join(a.Authors, "; "), "published": a.Published.String(), "updated": a.Updated.String(), "site": a.SiteName,
		"language": a.Language, "canonical": a.Canonical, "from": a.DateFrom, "paywalled": fmt.Sprint(a.Paywalled), "reject": reason,
	}
	for _, key := range []string{"title", "authors", "published", "updated", "site", "language", "canonical", "from", "paywalled", "reject"} {
		want, labeled := p.want[key]
		if key == "reject" && !labeled {
			want, labeled = []string{""}, true
		}
		if labeled && got[key] != want[0] {
			wrong = append(wrong, fmt.Sprintf("%s: got %q, want %q", key, got[key], want[0]))
		}
	}
	for _, w := range p.want["has"] {
		if !slices.Contains(strings.Split(a.Text, "\n\n"), w) {
			wrong = append(wrong, fmt.Sprintf("text lacks the paragraph %q", w))
		}
	}
	for _, w := range append(p.want["not"], "machine race", "Sputnik") {
		if strings.Contains(a.Text, w) {
			wrong = append(wrong, fmt.Sprintf("text has %q", w))
		}
	}
	return wrong
}

// body is the text that the label names.
func (p labeledPage) body() string {
	var out []string
	for _, letters := range p.want["body"] {
		for letter := range strings.FieldsSeq(letters) {
			out = append(out, runningText(letter)...)
		}
	}
	return strings.Join(append(out, p.want["has"]...), "\n\n")
}

func TestLabeledPages(t *testing.T) {
	for _, p := range labeled(t) {
		t.Run(p.name, func(t *testing.T) {
			page := Page{Body: []byte(p.html)}
			if u := p.want["url"]; u != nil {
				page.URL = u[0]
			}
			a, err := Extract(page)
			for _, w := range p.check(a, err) {
				t.Error(w)
			}
			if p.want["body"] == nil {
				return
			}
			for letter := range strings.FieldsSeq(p.want["body"][0]) {
				for _, paragraph := range runningText(letter) {
					if !slices.Contains(strings.Split(a.Text, "\n\n"), paragraph) {
						t.Errorf("text lacks the paragraph %q", clip(paragraph, 60))
					}
				}
			}
			if n := strings.Count(a.Text, "merely unread"); n > 1 {
				t.Errorf("a sentence is in the text %d times", n)
			}
			if pr, _ := overlap(p.body(), a.Text); pr < 0.85 {
				t.Errorf("precision of the text is %.2f: %q", pr, a.Text)
			}
		})
	}
}

// TestScoreLabeled prints the figures of TestLabeledPages by field.
func TestScoreLabeled(t *testing.T) {
	fields := []string{"title", "authors", "published", "updated", "site", "language", "paywalled", "reject"}
	right, total := map[string]int{}, map[string]int{}
	var ps, rs []float64
	pages := labeled(t)
	for _, p := range pages {
		page := Page{Body: []byte(p.html)}
		if u := p.want["url"]; u != nil {
			page.URL = u[0]
		}
		a, err := Extract(page)
		wrong := strings.Join(p.check(a, err), "\n")
		for _, f := range fields {
			if p.want[f] != nil {
				total[f]++
				if !strings.Contains("\n"+wrong, "\n"+f+": ") {
					right[f]++
				}
			}
		}
		if p.want["body"] != nil {
			pr, re := overlap(p.body(), a.Text)
			ps, rs = append(ps, pr), append(rs, re)
		}
	}
	t.Logf("%d invented pages: body F1 %.4f precision %.4f recall %.4f", len(pages), harmonic(mean(ps), mean(rs)), mean(ps), mean(rs))
	for _, f := range fields {
		t.Logf("%s %.3f (%d of %d)", f, float64(right[f])/float64(total[f]), right[f], total[f])
	}
}
