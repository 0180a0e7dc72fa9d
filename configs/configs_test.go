package configs_test

import (
	"bufio"
	"encoding/csv"
	"io/fs"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"framewatch/configs"
)

type source struct {
	ID            string   `yaml:"id"`
	Name          string   `yaml:"name"`
	Country       string   `yaml:"country"`
	Type          string   `yaml:"type"`
	Homepage      string   `yaml:"homepage"`
	Domains       []string `yaml:"domains"`
	Feeds         []string `yaml:"feeds"`
	Sitemaps      []string `yaml:"sitemaps"`
	Language      string   `yaml:"language"`
	Scope         string   `yaml:"scope"`
	Verified      string   `yaml:"verified"`
	Leaning       string   `yaml:"leaning"`
	LeaningSource string   `yaml:"leaning_source"`
	Note          string   `yaml:"note"`
}

type sourcesFile struct {
	Fetch struct {
		MinGap         string   `yaml:"min_gap"`
		MaxBody        string   `yaml:"max_body"`
		Timeout        string   `yaml:"timeout"`
		Contact        string   `yaml:"contact"`
		AllowAddresses []string `yaml:"allow_addresses"`
		AllowPorts     []int    `yaml:"allow_ports"`
	} `yaml:"fetch"`
	Sources []source `yaml:"sources"`
}

func readSources(t *testing.T) sourcesFile {
	t.Helper()
	data, err := fs.ReadFile(configs.FS, "sources.yaml")
	if err != nil {
		t.Fatal(err)
	}
	dec := yaml.NewDecoder(strings.NewReader(string(data)))
	dec.KnownFields(true)
	var f sourcesFile
	if err := dec.Decode(&f); err != nil {
		t.Fatal(err)
	}
	return f
}

func TestSourcesAreWellFormed(t *testing.T) {
	f := readSources(t)
	if gap, err := time.ParseDuration(f.Fetch.MinGap); err != nil || gap < time.Second {
		t.Errorf("min_gap = %q, want a duration of at least 1s", f.Fetch.MinGap)
	}
	if f.Fetch.Contact != "" || len(f.Fetch.AllowAddresses) > 0 {
		t.Error("the shipped file must leave contact and allow_addresses to the user")
	}
	if !slices.Equal(f.Fetch.AllowPorts, []int{80, 443}) {
		t.Errorf("allow_ports = %v, want [80 443]", f.Fetch.AllowPorts)
	}
	if len(f.Sources) < 45 {
		t.Errorf("%d sources, want at least 45", len(f.Sources))
	}
	types := map[string]int{"news": 0, "opinion": 0, "wire": 0, "press_release": 0,
		"think_tank": 0, "government": 0, "newsletter": 0, "state_media": 0}
	idShape := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	countryShape := regexp.MustCompile(`^[A-Z]{2}$`)
	verifiedShape := regexp.MustCompile(`^(no|20\d\d(-\d\d(-\d\d)?)?)$`)
	seen := map[string]string{}
	for _, s := range f.Sources {
		if !idShape.MatchString(s.ID) {
			t.Errorf("id %q is not lower case with hyphens", s.ID)
		}
		for _, key := range append([]string{"id " + s.ID, "name " + s.Name}, s.Feeds...) {
			if other, dup := seen[key]; dup {
				t.Errorf("%s: %q is also in %s", s.ID, key, other)
			}
			seen[key] = s.ID
		}
		if _, ok := types[s.Type]; !ok {
			t.Errorf("%s: type %q", s.ID, s.Type)
		}
		types[s.Type]++
		if !countryShape.MatchString(s.Country) {
			t.Errorf("%s: country %q", s.ID, s.Country)
		}
		if s.Scope != "all" && s.Scope != "filter" {
			t.Errorf("%s: scope %q", s.ID, s.Scope)
		}
		if !verifiedShape.MatchString(s.Verified) {
			t.Errorf("%s: verified %q", s.ID, s.Verified)
		}
		if (s.Leaning == "") != (s.LeaningSource == "") {
			t.Errorf("%s: a leaning needs its source and the reverse", s.ID)
		}
		if s.Language != "en" {
			t.Errorf("%s: language %q", s.ID, s.Language)
		}
		if len(s.Domains) == 0 {
			t.Errorf("%s: no domains", s.ID)
		}
		home, err := url.Parse(s.Homepage)
		if err != nil || home.Host == "" {
			t.Errorf("%s: homepage %q", s.ID, s.Homepage)
			continue
		}
		if !slices.ContainsFunc(s.Domains, func(d string) bool {
			return home.Host == d || strings.HasSuffix(home.Host, "."+d)
		}) {
			t.Errorf("%s: homepage %s is on none of its domains %v", s.ID, home.Host, s.Domains)
		}
		for _, raw := range append(slices.Clone(s.Feeds), s.Sitemaps...) {
			if u, err := url.Parse(raw); err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
				t.Errorf("%s: address %q", s.ID, raw)
			}
		}
	}
	for typ, n := range types {
		if n == 0 {
			t.Errorf("no source of type %s", typ)
		}
	}
}

// A date of verification is a claim about evidence, so it is held against the
// list of addresses that other projects were seen to read.
func TestVerifiedSourcesAreEvidenced(t *testing.T) {
	const list = "../../shared/data/feeds-seen.tsv"
	file, err := os.Open(list)
	if err != nil {
		t.Skipf("the evidence list is not here: %v", err)
	}
	defer file.Close()
	asOf := map[string]string{}
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		col := strings.Split(lines.Text(), "\t")
		if len(col) == 5 {
			asOf[col[0]] = col[4]
		}
	}
	if len(asOf) < 100 {
		t.Fatalf("read %d addresses from %s", len(asOf), list)
	}
	for _, s := range readSources(t).Sources {
		addresses := append(slices.Clone(s.Feeds), s.Sitemaps...)
		if s.Verified == "no" {
			for _, a := range addresses {
				if date, ok := asOf[a]; ok {
					t.Errorf("%s: %s was seen in %s", s.ID, a, date)
				}
			}
			continue
		}
		if len(addresses) == 0 {
			t.Errorf("%s: verified %s without an address", s.ID, s.Verified)
		}
		oldest := ""
		for _, a := range addresses {
			date, ok := asOf[a]
			if !ok {
				t.Errorf("%s: %s is not in the evidence list", s.ID, a)
				continue
			}
			if oldest == "" || date < oldest {
				oldest = date
			}
		}
		if oldest != s.Verified {
			t.Errorf("%s: verified %s, evidence says %s", s.ID, s.Verified, oldest)
		}
	}
}

func TestEventsAreDatedAndOrdered(t *testing.T) {
	file, err := configs.FS.Open("events.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(rows[0], ","), "date,end_date,label,kind,frames_expected,source,url"; got != want {
		t.Fatalf("header %s, want %s", got, want)
	}
	frames := strings.Fields("race arms_race space_race sputnik zero_sum lead_lag cold_war deregulation ip_pressure " +
		"ai_risk cooperation china_envy state_masterplan monolith dependence platform_control")
	kinds := strings.Fields("release policy export_control diplomacy market platform")
	last := ""
	for _, r := range rows[1:] {
		date, end, label, kind := r[0], r[1], r[2], r[3]
		if _, err := time.Parse(time.DateOnly, date); err != nil {
			t.Errorf("%s: %v", label, err)
		}
		if _, err := time.Parse(time.DateOnly, end); end != "" && (err != nil || end <= date) {
			t.Errorf("%s: end date %q", label, end)
		}
		if date < last {
			t.Errorf("%s: %s stands after %s", label, date, last)
		}
		last = date
		if label == "" || r[5] == "" || !slices.Contains(kinds, kind) {
			t.Errorf("row %v lacks a label, a source or a known kind", r)
		}
		for _, f := range strings.Split(r[4], ";") {
			if !slices.Contains(frames, f) {
				t.Errorf("%s: frame %q", label, f)
			}
		}
		if u, err := url.Parse(r[6]); r[6] != "" && (err != nil || u.Host == "") {
			t.Errorf("%s: url %q", label, r[6])
		}
	}
	if n := len(rows) - 1; n < 35 {
		t.Errorf("%d events, want at least 35", n)
	}
}
