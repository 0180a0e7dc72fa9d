package sense

import (
	"reflect"
	"testing"

	"framewatch/analysis/codebook"
	"framewatch/analysis/pattern"
	"framewatch/analysis/text"
)

const study = `name: study
topic:
  ai: [AI|robots]
  us: [America]
  china: [China]
frames:
  - id: race
    absorbs: [position]
    rules:
      - {id: named, match: [AI race, race]}
      - {id: near, match: [sprint], require: [{around: [China]}], reject: [{sentence: [stadium]}]}
    not: [horse race]
    attributes:
      - name: side
        values:
          - {value: east, when: [{clause: [China]}]}
          - {value: west, when: [{article: [America]}]}
  - id: arms_race
    parent: race
    rules: [{id: named, match: [arms race]}]
  - id: position
    rules: [{id: ahead, match: [ahead]}]
    reject: [{around: [schedule]}]
  - id: pairs
    rules: [{id: near, match: [tests], require: [{near: [skipped]}]}]
  - id: myth
    rules: [{id: named, match: [no dragons], stance: contests}]
`

func engine(t *testing.T) (*Engine, *pattern.Compiler) {
	t.Helper()
	cb, err := codebook.Parse("study.yaml", []byte(study))
	if err != nil {
		t.Fatal(err)
	}
	c := pattern.NewCompiler(cb.Classes)
	clauses, err := c.Clauses()
	if err != nil {
		t.Fatal(err)
	}
	e, err := New(cb, c, clauses)
	if err != nil {
		t.Fatal(err)
	}
	return e, c
}

func TestFind(t *testing.T) {
	e, c := engine(t)
	tests := []struct {
		name, src string
		want      []string
	}{
		{"a phrase", "An AI race is on.", []string{"race/named"}},
		{"the most specific wins its words", "An arms race is on.", []string{"arms_race/named"}},
		{"child and parent apart", "An arms race, then a race.", []string{"arms_race/named", "race/named"}},
		{"another sense", "A horse race is on.", nil},
		{"another sense elsewhere in the sentence", "A horse race is no AI race.", []string{"race/named"}},
		{"once a sentence", "A race is a race. A race.", []string{"race/named", "race/named"}},
		{"condition around", "China ran. It was a sprint.", []string{"race/near"}},
		{"condition missing", "It was a sprint.", nil},
		{"condition against", "China lost the sprint in the stadium.", nil},
		{"words in any order", "They skipped the tests. Tests were skipped.", []string{"pairs/near", "pairs/near"}},
		{"words too far apart", "Tests, as the report that the panel wrote for the two chairs says at length, were skipped.", nil},
		{"company that the frame rejects", "They are ahead. So says the schedule.", nil},
		{"absorbed in its clause", "They are ahead in the race.", []string{"race/named"}},
		{"not absorbed outside it", "The race is on, but they are ahead.", []string{"race/named", "position/ahead"}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			body := c.Items(text.Parse(tc.src))
			a := &pattern.Article{Title: c.Items(text.Parse("")), Body: body}
			var got []string
			for _, cand := range e.Find(a, body) {
				got = append(got, cand.Rule)
			}
			if !reflect.DeepEqual(got, tc.want) {
				t.Errorf("%q: got %v, want %v", tc.src, got, tc.want)
			}
		})
	}
}

func TestStanceAndAttributes(t *testing.T) {
	e, c := engine(t)
	body := c.Items(text.Parse("There are no dragons. The race in China, and the race in America. So a race."))
	a := &pattern.Article{Title: c.Items(text.Parse("")), Body: body}
	got := e.Find(a, body)
	if len(got) != 3 || got[0].Stance != "contests" || got[1].Attributes["side"] != "east" || got[2].Attributes["side"] != "west" {
		t.Errorf("got %+v, want a contested myth, an eastern and a western race", got)
	}
}

func TestTopic(t *testing.T) {
	e, c := engine(t)
	for src, want := range map[string][3]bool{
		"AI in China":       {true, false, true},
		"robots in America": {true, true, false},
		"ai in the museum":  {false, false, false},
		"":                  {false, false, false},
	} {
		a := &pattern.Article{Title: c.Items(text.Parse("")), Body: c.Items(text.Parse(src))}
		ai, us, china := e.Topic(a)
		if got := [3]bool{ai, us, china}; got != want {
			t.Errorf("%q: got %v, want %v", src, got, want)
		}
	}
}
