package crawler_test

import (
	"os"
	"reflect"
	"strings"
	"testing"

	"framewatch/crawler"
)

// added is a source whose values must be quoted to be read as they are.
var added = crawler.Source{
	ID: "no", Name: "The \"Pier\": news, [and] more # here", Country: "NO", Type: "think_tank", Homepage: "https://pier.example/?a=1,2",
	Domains: []string{"pier.example"}, Feeds: []string{"https://pier.example/feed?x={y}&z=[1,2]", "https://pier.example/b"},
	Language: "no", Scope: "all", Verified: "2026-11-25",
}

func TestAddSourceKeepsTheFile(t *testing.T) {
	entry := "  - {id: a, name: A, type: news, feeds: [https://a.example/feed]}\n"
	for name, file := range map[string]struct{ before, after string }{
		"list at the end":         {"fetch: {min_gap: 2s}\n# mine\nsources:\n" + entry, ""},
		"no newline at the end":   {"sources:\n" + strings.TrimSuffix(entry, "\n"), ""},
		"comments after the list": {"sources:\n" + entry, "\n  # the last one\n# good night\n"},
		"fetch after the list":    {"sources:\n" + entry, "\n# how to fetch\nfetch: {min_gap: 2s}\n"},
		"hyphens at the margin":   {"sources:\n- id: a\n  name: A\n  type: news\n", "# end\n"},
		"a note of several lines": {"sources:\n  - id: a\n    name: A\n    type: news\n    note: |\n      one\n      two\n", "\n\n"},
		"end of the document":     {"---\nsources:\n" + entry, "...\n"},
		"windows line ends":       {"sources:\r\n" + strings.ReplaceAll(entry, "\n", "\r\n"), "# end\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := crawler.AddSource("mine.yaml", []byte(file.before+file.after), added)
			if err != nil {
				t.Fatal(err)
			}
			if got := string(out); !strings.HasPrefix(got, file.before) || !strings.HasSuffix(got, file.after) {
				t.Errorf("what was there has changed:\n%s", got)
			}
			s, err := crawler.ParseSources("mine.yaml", out)
			if err != nil {
				t.Fatal(err)
			}
			if len(s.List) != 2 || s.List[0].ID != "a" || !reflect.DeepEqual(s.List[1], added) {
				t.Errorf("reads as %+v", s.List)
			}
			if strings.Contains(file.before, "\r\n") && strings.Count(string(out), "\n") != strings.Count(string(out), "\r\n") {
				t.Errorf("line ends are mixed: %q", out)
			}
		})
	}
}

func TestAddSourceToTheShippedFile(t *testing.T) {
	data, err := os.ReadFile("../configs/sources.yaml")
	if err != nil {
		t.Fatal(err)
	}
	out, err := crawler.AddSource("sources.yaml", data, added)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(out), string(data)+strings.ReplaceAll("  "+strings.TrimSuffix(added.Entry(), "\n"), "\n", "\n  ")+"\n"; got != want {
		t.Errorf("the entry is not what follows the file:\n%s", got[len(data)-200:])
	}
}

func TestAddSourceRefuses(t *testing.T) {
	file := "sources:\n  - {id: a, name: A, type: news, homepage: https://a.example/, feeds: [https://a.example/feed]}\n"
	for name, tc := range map[string]struct {
		file   string
		change func(*crawler.Source)
		want   string
	}{
		"an invalid file":  {"sources: 7\n", func(*crawler.Source) {}, "mine.yaml:1: sources: expected a list"},
		"an id twice":      {file, func(s *crawler.Source) { s.ID = "a" }, `the id "a" is taken by A`},
		"a feed twice":     {file, func(s *crawler.Source) { s.Feeds = []string{"https://a.example/feed#x"} }, `is listed already, by the source "a"`},
		"a homepage twice": {file, func(s *crawler.Source) { s.Homepage = "https://A.example" }, `is the homepage of the source "a" already`},
		"a bad country":    {file, func(s *crawler.Source) { s.Country = "England" }, `"England" is not valid; use the two capital letters`},
		"a bad type":       {file, func(s *crawler.Source) { s.Type = "new" }, `"new" is not known, did you mean "news"?`},
		"brackets":         {"sources: [{id: a, name: A, type: news}]\n", func(*crawler.Source) {}, "written in brackets; add this by hand:\n  - id: \"no\""},
	} {
		t.Run(name, func(t *testing.T) {
			s := added
			tc.change(&s)
			out, err := crawler.AddSource("mine.yaml", []byte(tc.file), s)
			if err == nil || !strings.Contains(err.Error(), tc.want) || out != nil {
				t.Errorf("AddSource = %q, %v; want an error with %q", out, err, tc.want)
			}
		})
	}
}

func FuzzAddSource(f *testing.F) {
	f.Add("sources:\n  - {id: a, name: A, type: news}\n", "N", "https://b.example/feed")
	f.Add("sources:\n- id: a\n  name: |\n    A\n  type: news\nfetch: {min_gap: 3s}\n# x\n", "a: b", "https://b.example/'\"{}")
	f.Fuzz(func(t *testing.T, file, name, feed string) {
		old, err := crawler.ParseSources("f", []byte(file))
		if err != nil {
			return
		}
		out, err := crawler.AddSource("f", []byte(file), crawler.Source{ID: "zz", Name: name, Type: "news", Feeds: []string{feed}, Scope: "all"})
		if err != nil {
			return
		}
		now, err := crawler.ParseSources("f", out)
		if err != nil || len(now.List) != len(old.List)+1 || now.List[len(old.List)].Name != name {
			t.Fatalf("%q became %q: %v", file, out, err)
		}
	})
}
