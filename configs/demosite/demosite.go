// Package demosite serves a small invented press: six outlets whose articles
// frame U.S.–China AI in every way that the codebook knows, written for this
// project. Articles flow in from embedded Markdown files; out come one
// [http.Handler] an outlet, with pages of a different shape each, feeds,
// sitemaps and a robots.txt, the sources file that points a crawler at them,
// and what a crawler should make of them.
//
// All outlets, companies and people are made up. Events that are public
// history (a model's release, a summit, a rule) are named as the background.
package demosite

import (
	"cmp"
	"embed"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"go.yaml.in/yaml/v3"
)

//go:embed articles
var articleFiles embed.FS

//go:embed templates
var templateFiles embed.FS

// Site is the invented press in one of its two states: before and after a
// correction. It is safe for concurrent use.
type Site struct {
	outlets  []*outlet
	advanced atomic.Bool

	mu   sync.Mutex
	hits map[string]int
}

// Outlet is one publication of the site.
type Outlet struct {
	ID, Name string
	Country  string // ISO 3166-1 alpha-2
	Type     string // as in a sources file
	Handler  http.Handler
}

// New reads the embedded articles. An error means that an embedded file is
// broken, which the tests of this package exclude.
func New() (*Site, error) {
	s := &Site{hits: map[string]int{}}
	for _, o := range outlets() {
		if err := o.load(); err != nil {
			return nil, fmt.Errorf("demo outlet %s: %w", o.id, err)
		}
		s.outlets = append(s.outlets, o)
	}
	return s, nil
}

// Outlets returns the six outlets in a fixed order.
func (s *Site) Outlets() []Outlet {
	list := make([]Outlet, len(s.outlets))
	for i, o := range s.outlets {
		list[i] = Outlet{ID: o.id, Name: o.name, Country: o.country, Type: o.kind, Handler: s.handler(o)}
	}
	return list
}

// Advance publishes the correction: one article changes, and with it its
// validators, its date in the sitemap and its entry in the feed. A second call
// changes nothing.
func (s *Site) Advance() { s.advanced.Store(true) }

// Articles returns every page that is written as an article, in the state that
// the site is in, by outlet and then newest first.
func (s *Site) Articles() []Article {
	var all []Article
	for _, o := range s.outlets {
		all = append(all, o.current(s.advanced.Load())...)
	}
	return all
}

// Article finds an article by outlet and slug.
func (s *Site) Article(outletID, slug string) (Article, error) {
	for _, a := range s.Articles() {
		if a.Outlet == outletID && a.Slug == slug {
			return a, nil
		}
	}
	return Article{}, errors.New("demosite: no article " + outletID + "/" + slug)
}

// Served says how often an outlet was asked for a path (without its query),
// whatever it answered.
func (s *Site) Served(outletID, path string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.hits[outletID+" "+path]
}

// Ref names a page of the site.
type Ref struct{ Outlet, Path string }

// Facts are what a polite and correct crawl of the whole site should find.
type Facts struct {
	// Articles counts the pages that hold a whole article and may be fetched, by outlet.
	Articles map[string]int
	// OffTopic are those of them that are not about AI.
	OffTopic []Ref
	// Disallowed pages are listed in a sitemap and forbidden by robots.txt.
	Disallowed []Ref
	// Paywalled pages show their first paragraphs only.
	Paywalled []Ref
	// Soft404 pages say "not found" with status 200.
	Soft404 []Ref
	// PDFs are linked and listed, and hold no HTML.
	PDFs []Ref
	// Redirects are addresses in a feed that lead to an article.
	Redirects []Ref
	// Updated is the article that [Site.Advance] changes.
	Updated Ref
	// Hostile is the article whose title is a script.
	Hostile Ref
	// Syndicated are an article and its shortened copy in another outlet.
	Syndicated [2]Ref
}

// Facts gives the same answer before and after [Site.Advance].
func (s *Site) Facts() Facts {
	f := Facts{Articles: map[string]int{}}
	for _, o := range s.outlets {
		for _, a := range o.current(false) {
			ref := Ref{o.id, a.Path}
			switch a.Kind {
			case Disallowed:
				f.Disallowed = append(f.Disallowed, ref)
				continue
			case Paywalled:
				f.Paywalled = append(f.Paywalled, ref)
				continue
			case Soft404:
				f.Soft404 = append(f.Soft404, ref)
				continue
			case Hostile:
				f.Hostile = ref
			}
			f.Articles[o.id]++
			if a.OffTopic {
				f.OffTopic = append(f.OffTopic, ref)
			}
			if a.pdf {
				f.PDFs = append(f.PDFs, Ref{o.id, o.pdfPath(a)})
			}
			if a.redirect {
				f.Redirects = append(f.Redirects, Ref{o.id, o.redirectPath(a)})
			}
			if o.revised[a.Slug] != nil {
				f.Updated = ref
			}
			if a.reprint != "" {
				f.Syndicated[1] = ref
			}
		}
	}
	f.Syndicated[0] = s.original(f.Syndicated[1])
	return f
}

func (s *Site) original(copied Ref) Ref {
	all := s.Articles()
	i := slices.IndexFunc(all, func(a Article) bool { return a.Outlet == copied.Outlet && a.Path == copied.Path })
	if i < 0 {
		return Ref{}
	}
	for _, a := range all {
		if a.Outlet+"/"+a.Slug == all[i].reprint {
			return Ref{a.Outlet, a.Path}
		}
	}
	return Ref{}
}

type sourcesFile struct {
	Fetch struct {
		MinGap         string   `yaml:"min_gap"`
		MaxBody        string   `yaml:"max_body"`
		Timeout        string   `yaml:"timeout"`
		Contact        string   `yaml:"contact"`
		AllowAddresses []string `yaml:"allow_addresses,flow"`
		AllowPorts     []int    `yaml:"allow_ports,flow"`
	} `yaml:"fetch"`
	Sources []sourceEntry `yaml:"sources"`
}

type sourceEntry struct {
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

// SourcesYAML gives a complete sources file for the outlets that are served at
// addrs (outlet id → host:port, the host being an IP address). Politeness is
// lowered to a gap of 20 ms and the address guard opened, both for those
// addresses alone. Outlets without an address are left out.
func (s *Site) SourcesYAML(addrs map[string]string) []byte {
	var f sourcesFile
	f.Fetch.MinGap, f.Fetch.MaxBody, f.Fetch.Timeout = "20ms", "10MB", "10s"
	f.Fetch.Contact = "demo@framewatch.example"
	hosts, ports := map[string]bool{}, map[int]bool{}
	for _, o := range s.outlets {
		addr, ok := addrs[o.id]
		if !ok {
			continue
		}
		if host, port, err := net.SplitHostPort(addr); err == nil {
			hosts[host] = true
			if n, err := strconv.Atoi(port); err == nil {
				ports[n] = true
			}
		}
		f.Sources = append(f.Sources, o.entry("http://"+addr))
	}
	f.Fetch.AllowAddresses = slices.Sorted(maps.Keys(hosts))
	f.Fetch.AllowPorts = slices.Sorted(maps.Keys(ports))
	data, err := yaml.Marshal(f)
	if err != nil {
		panic(err) // strings and integers always marshal
	}
	return data
}

func (o *outlet) entry(base string) sourceEntry {
	e := sourceEntry{
		ID: o.id, Name: o.name, Country: o.country, Type: o.kind,
		Homepage: base + "/", Domains: []string{base[len("http://"):]},
		Language: "en", Scope: "filter", Verified: "no",
		Note: "An invented outlet of the demo.",
	}
	for _, p := range o.feeds {
		e.Feeds = append(e.Feeds, base+p)
	}
	for _, p := range o.sitemaps {
		e.Sitemaps = append(e.Sitemaps, base+p)
	}
	return e
}

// newestFirst orders by date and then by slug, so that equal dates keep one order.
func newestFirst(a, b Article) int {
	return cmp.Or(b.Published.Compare(a.Published), cmp.Compare(a.Slug, b.Slug))
}

// chinaTime is the zone of the outlet that prints local times without one.
func chinaTime() *time.Location { return time.FixedZone("CST", 8*60*60) }
