package codebook

import (
	"errors"
	"os"
	"strings"
	"testing"
)

const small = `name: study
topic:
  ai: [AI]
frames:
  - id: race
    rules:
      - id: named
        match: [AI race]
        require:
          - sentence: ["{nation}"]
  - id: arms_race
    parent: race
    rules:
      - id: named
        match: arms race
classes:
  nation: [China, America]
`

func TestParseReadsASmallCodebook(t *testing.T) {
	cb, err := Parse("small.yaml", []byte(small))
	if err != nil {
		t.Fatal(err)
	}
	if f, ok := cb.Frame("arms_race"); !ok || f.Parent != "race" || f.Label != "arms_race" || f.Rules[0].Match[0] != "arms race" {
		t.Errorf("got %+v, want the frame arms_race with its defaults", f)
	}
	if !cb.Family("arms_race", "race") || cb.Family("race", "arms_race") {
		t.Error("arms_race must belong to race, not the other way round")
	}
	if string(cb.Source) != small {
		t.Error("Source is not what was parsed")
	}
}

func TestParseNamesFileLineKeyAndFix(t *testing.T) {
	tests := map[string]struct{ old, new, want string }{
		"unknown key":                {"match: [AI race]", "patern: [AI race]", `c.yaml:8: frames[0].rules[0].patern: unknown key; known are id, match`},
		"near key":                   {"match: [AI race]", "macth: [AI race]", `did you mean "match"?`},
		"empty":                      {small, "", "c.yaml: the file is empty"},
		"no YAML":                    {"topic:", "topic: [", "fix the YAML syntax"},
		"bad name":                   {"name: study", "name: My Study", `c.yaml:1: name: want lower-case`},
		"duplicate frame":            {"id: arms_race", "id: race", `c.yaml:11: frames[1].id: frame "race" is given twice`},
		"unknown parent":             {"parent: race", "parent: rac", `c.yaml:12: frames[1].parent: unknown frame "rac"; did you mean "race"?`},
		"own ancestor":               {"id: race\n", "id: race\n    parent: arms_race\n", "is its own ancestor"},
		"rule without match":         {"match: arms race", "stance: asserts", "frames[1].rules[0].match: the rule matches nothing"},
		"unknown class":              {"{nation}", "{nations}", `c.yaml:10: frames[0].rules[0].require[0].sentence[0]: pattern "{nations}": unknown class {nations}`},
		"bad gap":                    {"match: [AI race]", "match: [AI ..x race]", "wants a number of words"},
		"nothing that must be there": {"match: [AI race]", "match: [\"AI? ..3\"]", "holds no word that must be there"},
		"condition of nothing":       {`- sentence: ["{nation}"]`, "- sentence: []", "the condition asks for nothing"},
		"unknown subject":            {`- sentence: ["{nation}"]`, "- subject: [africa]", `frames[0].rules[0].require[0].subject: unknown subject "africa"; want ai, us or china`},
		"text for a list":            {"frames:", "frames: x\nold:", "frames: want a list"},
		"list for text":              {"name: study", "name: [study]", "name: want text"},
		"bad stance":                 {"match: arms race", "match: arms race\n        stance: denies", `want asserts, contests or reports; got "denies"`},
		"key twice":                  {"name: study", "name: study\nname: two", "key given twice; keep one"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			src := strings.Replace(small, tc.old, tc.new, 1)
			_, err := Parse("c.yaml", []byte(src))
			if err == nil {
				t.Fatal("got no error")
			}
			var fault *Error
			if !errors.As(err, &fault) {
				t.Errorf("got a %T, want an *Error", err)
			}
			if !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got  %s\nwant a message with %s", err, tc.want)
			}
		})
	}
}

func TestFingerprintIsOfTheMeaning(t *testing.T) {
	print := func(src string) string {
		cb, err := Parse("c.yaml", []byte(src))
		if err != nil {
			t.Fatal(err)
		}
		return cb.Fingerprint()
	}
	base := print(small)
	if len(base) != 12 {
		t.Errorf("got %q, want 12 hex digits", base)
	}
	for name, same := range map[string]string{
		"a comment":     "# comment\n" + small,
		"a label":       strings.Replace(small, "  - id: race\n", "  - id: race\n    label: The race\n    group: rivalry\n    description: x\n", 1),
		"a title":       "title: Study\nversion: \"7\"\n" + small,
		"order of keys": strings.Replace(small, "    parent: race\n", "", 1) + "\n",
	} {
		if name == "order of keys" {
			same = strings.Replace(same, "        match: arms race\n", "        match: arms race\n    parent: race\n", 1)
		}
		if got := print(same); got != base {
			t.Errorf("%s changed the fingerprint from %s to %s", name, base, got)
		}
	}
	for name, other := range map[string]string{
		"a pattern": strings.Replace(small, "[AI race]", "[AI races]", 1),
		"a class":   strings.Replace(small, "America]", "Europe]", 1),
		"a parent":  strings.Replace(small, "    parent: race\n", "", 1),
		"the gate":  strings.Replace(small, "ai: [AI]", "ai: [AI]\n  off: true", 1),
	} {
		if print(other) == base {
			t.Errorf("%s did not change the fingerprint", name)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(small))
	if shipped, err := os.ReadFile("../../configs/codebook.yaml"); err == nil {
		f.Add(shipped)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		cb, err := Parse("f.yaml", data)
		if (cb == nil) == (err == nil) {
			t.Errorf("got %v and %v", cb, err)
		}
		if cb != nil {
			cb.Fingerprint()
		}
	})
}
