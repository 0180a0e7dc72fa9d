package crawler_test

import (
	"errors"
	"io/fs"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"framewatch/configs"
	"framewatch/crawler"
)

const soundSources = `
fetch:
  min_gap: 1500ms
  max_body: 8MiB
  timeout: 30s
  contact: crawler@meridian.example
  allow_addresses: [127.0.0.1, "10.1.0.0/16", "::ffff:192.168.7.9"]
  allow_ports: [80, 443, 8080]
  opt_outs: [noindex, tdm-reservation]
sources:
  - id: meridian
    name: The Meridian
    country: US
    type: news
    homepage: https://meridian.example/
    domains: [Meridian.example, "127.0.0.1:8080"]
    feeds: ["https://meridian.example/feed?utm_source=x", "https://meridian.example/feed?utm_source=x"]
    sitemaps: ["http://127.0.0.1:8080/news.xml"]
    language: en
    scope: all
    verified: no
    leaning: center
    leaning_source: a rating of 2025
    note: "written for a test"
  - id: plain
    name: Plain Daily
    type: newsletter
    feeds:
`

func TestParseSources(t *testing.T) {
	s, err := crawler.ParseSources("sources.yaml", []byte(soundSources))
	if err != nil {
		t.Fatal(err)
	}
	wantFetch := crawler.Fetch{
		MinGap: 1500 * time.Millisecond, MaxBody: 8 << 20, Timeout: 30 * time.Second, Contact: "crawler@meridian.example",
		AllowAddresses: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32"), netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("192.168.7.9/32")},
		AllowPorts:     []int{80, 443, 8080},
		OptOuts:        []string{"noindex", "tdm-reservation"},
	}
	if !reflect.DeepEqual(s.Fetch, wantFetch) {
		t.Errorf("Fetch = %+v\nwant %+v", s.Fetch, wantFetch)
	}
	want := []crawler.Source{{
		ID: "meridian", Name: "The Meridian", Country: "US", Type: "news", Homepage: "https://meridian.example/",
		Domains: []string{"meridian.example", "127.0.0.1:8080"}, Feeds: []string{"https://meridian.example/feed?utm_source=x"},
		Sitemaps: []string{"http://127.0.0.1:8080/news.xml"}, Language: "en", Scope: "all", Verified: "no",
		Leaning: "center", LeaningSource: "a rating of 2025", Note: "written for a test",
	}, {ID: "plain", Name: "Plain Daily", Type: "newsletter", Scope: "filter"}}
	if !reflect.DeepEqual(s.List, want) {
		t.Errorf("List = %+v\nwant %+v", s.List, want)
	}
}

func TestParseSourcesDefaults(t *testing.T) {
	s, err := crawler.ParseSources("s", []byte("sources: [{id: a, name: A, type: wire}]"))
	if err != nil {
		t.Fatal(err)
	}
	if f := s.Fetch; f.MinGap != 2*time.Second || f.MaxBody != 10e6 || f.Timeout != time.Minute || !slices.Equal(f.AllowPorts, []int{80, 443}) || !slices.Equal(f.OptOuts, []string{"tdm-reservation", "noai"}) {
		t.Errorf("Fetch = %+v, want the documented defaults", f)
	}
}

func TestShippedSourcesAreSound(t *testing.T) {
	data, err := fs.ReadFile(configs.FS, "sources.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := crawler.ParseSources("sources.yaml", data); err != nil {
		t.Error(err)
	}
}

func TestParseSourcesNamesLineKeyAndFix(t *testing.T) {
	source := func(extra string) string {
		return "sources:\n  - id: a\n    name: A\n    type: news\n    " + extra + "\n"
	}
	for _, tt := range []struct{ name, in, want string }{
		{"unknown key", source("feed: [https://a.example/]"), `s.yaml:5: sources[0].feed: unknown key, did you mean "feeds"?`},
		{"unknown key at the top", "fetsh: {}\nsources: [{id: a, name: A, type: news}]", `s.yaml:1: fetsh: unknown key, did you mean "fetch"?`},
		{"repeated key", source("name: B"), "s.yaml:5: sources[0].name: given twice; take one out"},
		{"repeated id", source("note: x") + "  - id: a\n    name: B\n    type: news\n", `s.yaml:6: sources[1].id: "a" is already the id of the source at line 2`},
		{"missing id", "sources:\n  - name: A\n    type: news\n", "s.yaml:2: sources[0].id: missing"},
		{"id in capitals", "sources: [{id: A B, name: A, type: news}]", `sources[0].id: "A B" is not valid; use lower-case`},
		{"unknown type", "sources: [{id: a, name: A, type: newz}]", `sources[0].type: "newz" is not known, did you mean "news"?`},
		{"unknown scope", source("scope: some"), `sources[0].scope: "some" is not known`},
		{"country", source("country: usa"), "sources[0].country: "},
		{"verified", source("verified: yes"), "sources[0].verified: "},
		{"a file", source("feeds: [file:///etc/hosts]"), `s.yaml:5: sources[0].feeds[0]: only http and https are read: "file:///etc/hosts"; give a complete address`},
		{"a relative URL", source("sitemaps: [/a.xml]"), "sources[0].sitemaps[0]: not a URL"},
		{"a password", source("homepage: https://u:p@a.example/"), "sources[0].homepage: the URL carries a user name or password"},
		{"an empty URL", source("feeds: ['']"), "sources[0].feeds[0]: empty"},
		{"one URL for a list", source("feeds: https://a.example/"), "sources[0].feeds: expected a list"},
		{"a list for one value", source("note: [a]"), "sources[0].note: expected a single value"},
		{"a domain with a scheme", source("domains: ['https://a.example']"), "sources[0].domains[0]: "},
		{"half a leaning", source("leaning: left"), "sources[0].leaning: a rating and its source belong together"},
		{"an alias", "a: &x 1\nsources: [{id: *x, name: A, type: news}]", "YAML aliases are not read"},
		{"a gap without unit", "fetch: {min_gap: 2}\nsources: [{id: a, name: A, type: news}]", `fetch.min_gap: "2" is not a duration; write a number with its unit`},
		{"a short gap for the open web", "fetch:\n  min_gap: 100ms\nsources: [{id: a, name: A, type: news}]", "s.yaml:2: fetch.min_gap: 100ms is less than 1s"},
		{"a size", "fetch: {max_body: big}\nsources: [{id: a, name: A, type: news}]", "fetch.max_body: "},
		{"a vast size", "fetch: {max_body: 999999999gb}\nsources: [{id: a, name: A, type: news}]", "fetch.max_body: "},
		{"a contact", "fetch: {contact: me}\nsources: [{id: a, name: A, type: news}]", "fetch.contact: "},
		{"a contact that breaks a header", "fetch: {contact: \"a@b.example\\r\\nX: y\"}\nsources: [{id: a, name: A, type: news}]", "fetch.contact: "},
		{"an address", "fetch: {allow_addresses: [localhost]}\nsources: [{id: a, name: A, type: news}]", `fetch.allow_addresses[0]: "localhost" is not an IP address or range`},
		{"all addresses", "fetch: {allow_addresses: [0.0.0.0/0]}\nsources: [{id: a, name: A, type: news}]", "would switch the address guard off"},
		{"a switch for addresses", "fetch: {allow_addresses: true}\nsources: [{id: a, name: A, type: news}]", "fetch.allow_addresses: expected a list"},
		{"a port", "fetch: {allow_ports: [70000]}\nsources: [{id: a, name: A, type: news}]", "fetch.allow_ports[0]: "},
		{"no ports", "fetch: {allow_ports: []}\nsources: [{id: a, name: A, type: news}]", "fetch.allow_ports: the list is empty"},
		{"an opt-out", "fetch: {opt_outs: [noia]}\nsources: [{id: a, name: A, type: news}]", `fetch.opt_outs[0]: "noia" is not known, did you mean "noai"?`},
		{"no sources", "fetch: {timeout: 5s}", "s.yaml:1: sources: missing"},
		{"an empty list", "sources: []", "sources: the list is empty"},
		{"an empty file", "", "s.yaml: the file is empty"},
		{"broken YAML", "sources:\n  - id: [a\n", "not valid YAML"},
		{"plain text", "hello", "file: expected keys with values"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := crawler.ParseSources("s.yaml", []byte(tt.in))
			var bad *crawler.SourcesError
			if !errors.As(err, &bad) || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("got error\n%v\nwant one with\n%s", err, tt.want)
			}
			for _, p := range bad.Problems {
				if strings.ContainsAny(p, "\n\r") || !strings.HasPrefix(p, "s.yaml:") {
					t.Errorf("problem %q is not one line that begins with the file", p)
				}
			}
		})
	}
}

func TestParseSourcesListsEveryProblem(t *testing.T) {
	var b strings.Builder
	b.WriteString("sources:\n")
	for range 1000 {
		b.WriteString("  - {id: a, name: A, type: news, feeds: ['file:///x'], colour: red}\n")
	}
	_, err := crawler.ParseSources("s.yaml", []byte(b.String()))
	var bad *crawler.SourcesError
	if !errors.As(err, &bad) || len(bad.Problems) != 2999 {
		t.Fatalf("got %d problems, want 1000 bad URLs, 1000 unknown keys and 999 repeated ids", len(bad.Problems))
	}
}

func FuzzParseSources(f *testing.F) {
	f.Add([]byte(soundSources))
	f.Add([]byte("a: &a [*a]\nsources: {<<: *a}"))
	f.Add([]byte("fetch: {min_gap: 1e9h}\nsources: [[]]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := crawler.ParseSources("s", data)
		if (s == nil) == (err == nil) {
			t.Fatalf("got %v and error %v, want one of them", s, err)
		}
	})
}
