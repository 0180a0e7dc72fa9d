package main

import (
	"encoding/json"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestImportGraph holds the one direction of imports: cmd → store, charts → crawler, analysis → nothing of ours;
// configs imports nothing of ours; and each heavy module is imported by one file's package alone.
func TestImportGraph(t *testing.T) {
	pkgs := listPackages(t)
	layers := []struct {
		name string
		may  []string // prefixes of ours that a package of this room may import
	}{
		{"framewatch/cmd", []string{"framewatch/store", "framewatch/charts", "framewatch/crawler", "framewatch/analysis", "framewatch/configs"}},
		{"framewatch/store", []string{"framewatch/store", "framewatch/crawler", "framewatch/analysis"}},
		{"framewatch/charts", []string{"framewatch/charts", "framewatch/analysis"}},
		{"framewatch/crawler", []string{"framewatch/crawler"}},
		{"framewatch/analysis", []string{"framewatch/analysis"}},
		{"framewatch/configs", []string{"framewatch/configs"}},
	}
	for _, p := range pkgs {
		i := slices.IndexFunc(layers, func(l struct {
			name string
			may  []string
		}) bool {
			return inRoom(p.ImportPath, l.name)
		})
		if i < 0 {
			t.Errorf("%s lies outside the agreed rooms", p.ImportPath)
			continue
		}
		for _, imp := range p.Imports {
			if inRoom(imp, "framewatch") && !slices.ContainsFunc(layers[i].may, func(m string) bool { return inRoom(imp, m) }) {
				t.Errorf("%s imports %s; %s may import only %s", p.ImportPath, imp, layers[i].name, strings.Join(layers[i].may, ", "))
			}
		}
	}
}

// TestHeavyModulesHaveOneImporter keeps a change of library a change of one package.
func TestHeavyModulesHaveOneImporter(t *testing.T) {
	owner := map[string]string{
		"github.com/gocolly/colly/v2":             "framewatch/crawler",
		"github.com/jdkato/prose/v2":              "framewatch/analysis/text",
		"modernc.org/sqlite":                      "framewatch/store",
		"github.com/parquet-go/parquet-go":        "framewatch/store",
		"github.com/go-echarts/go-echarts/v2":     "framewatch/charts",
		"github.com/mmcdole/gofeed":               "framewatch/crawler/feed",
		"github.com/markusmobius/go-trafilatura":  "framewatch/crawler/article",
		"codeberg.org/readeck/go-readability/v2":  "framewatch/crawler/article",
		"github.com/markusmobius/go-domdistiller": "framewatch/crawler/article",
		"github.com/nlnwa/whatwg-url":             "framewatch/crawler/urlnorm",
	}
	used := map[string]bool{}
	for _, p := range listPackages(t) {
		for _, imp := range p.Imports {
			for module, want := range owner {
				if !inRoom(imp, module) {
					continue
				}
				used[module] = true
				if p.ImportPath != want {
					t.Errorf("%s imports %s; only %s may", p.ImportPath, imp, want)
				}
			}
		}
	}
	for _, prescribed := range []string{"github.com/gocolly/colly/v2", "github.com/jdkato/prose/v2", "modernc.org/sqlite", "github.com/go-echarts/go-echarts/v2"} {
		if !used[prescribed] {
			t.Errorf("no package imports %s", prescribed)
		}
	}
}

type goPackage struct {
	ImportPath string
	Imports    []string // of the non-test files
}

func listPackages(t *testing.T) []goPackage {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "framewatch/...")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var pkgs []goPackage
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := dec.Decode(&p); err == io.EOF {
			return pkgs
		} else if err != nil {
			t.Fatal(err)
		}
		pkgs = append(pkgs, p)
	}
}

func inRoom(path, room string) bool { return path == room || strings.HasPrefix(path, room+"/") }
