package crawlertest

import (
	"fmt"
	"strings"
	"time"
)

// Source is what a crawler is told about a scenario; see [Site.SourcesYAML].
type Source struct {
	ID       string
	Domains  []string
	Feeds    []string
	Sitemaps []string
}

// Scenario is one fault, laid out on hosts of its own. Its stories are those
// that a sound crawler ends up with unless the fault is that it may not or
// cannot; Paths says where each lies on the first host, or its whole address.
// Where a scenario changes with [Site.Advance], its function says how.
type Scenario struct {
	Source
	Host      *Host
	Others    []*Host
	Stories   []Story
	Paths     []string
	Forbidden map[string][]string      // for Rules
	Delays    map[string]time.Duration // for Rules
	Robots    map[string][]string      // for Rules

	site *Site
}

// open starts a scenario with one host and a source whose only feed is /feed.xml.
func (s *Site) open(id string) *Scenario {
	h := s.NewHost()
	return &Scenario{
		site: s, Host: h,
		Source:    Source{ID: id, Domains: []string{h.addr}, Feeds: []string{h.URL("/feed.xml")}},
		Forbidden: map[string][]string{h.addr: {"/private/"}},
		Delays:    map[string]time.Duration{}, Robots: map[string][]string{},
	}
}

// other opens a further host; the source's articles may lie on it.
func (c *Scenario) other() *Host {
	h := c.site.NewHost()
	c.Others = append(c.Others, h)
	c.Domains = append(c.Domains, h.addr)
	c.Forbidden[h.addr] = []string{"/private/"}
	return h
}

// Next makes a story that no scenario of the site has used.
func (s *Site) Next() Story {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stories++
	return NewStory(s.stories)
}

// want records a story as one that a sound crawler ends up with.
func (c *Scenario) want(path string, s Story) {
	c.Stories = append(c.Stories, s)
	c.Paths = append(c.Paths, path)
}

// publish lays a new story out and records it.
func (c *Scenario) publish(path string) Item {
	s := c.site.Next()
	c.want(path, s)
	return c.Host.Publish(path, s)
}

// publishMany lays out n stories under prefix-1.html, prefix-2.html, …
func (c *Scenario) publishMany(prefix string, n int) []Item {
	items := make([]Item, n)
	for i := range items {
		items[i] = c.publish(fmt.Sprintf("%s-%d.html", prefix, i+1))
	}
	return items
}

// answer records a story but lets the host answer its path with something else.
func (c *Scenario) answer(path string, make func(page string) Answer) Item {
	s := c.site.Next()
	c.want(path, s)
	c.Host.Handle(path, make(s.HTML()))
	return c.Host.Item(path, s)
}

// link is a feed item for a path that holds no story.
func (c *Scenario) link(path, title string) Item {
	return Item{Title: title, Link: c.Host.URL(path), GUID: c.Host.URL(path)}
}

// Fetch is the block of that name in a sources file.
type Fetch struct {
	MinGap  time.Duration
	Timeout time.Duration
	MaxBody string // "1MB"; empty for the crawler's default
	Guarded bool   // allow no address: all of the site is loopback and must not be asked
}

// SourcesYAML writes a sources file for the sources. Every host's port is
// allowed, and every host's address but the trap's unless f.Guarded.
func (s *Site) SourcesYAML(f Fetch, sources ...Source) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "fetch:\n  min_gap: %s\n  timeout: %s\n  contact: crawl@test.example\n", f.MinGap, f.Timeout)
	if f.MaxBody != "" {
		fmt.Fprintf(&b, "  max_body: %s\n", f.MaxBody)
	}
	if !f.Guarded {
		b.WriteString("  allow_addresses: [")
		for i := firstHost; i <= lastHost; i++ {
			fmt.Fprintf(&b, "127.0.0.%d, ", i)
		}
		b.WriteString("]\n")
	}
	b.WriteString("  allow_ports: [80, 443, " + s.trap.Port())
	s.mu.Lock()
	for _, p := range s.ports {
		b.WriteString(", " + p)
	}
	for _, h := range s.hosts {
		b.WriteString(", " + h.Port())
	}
	s.mu.Unlock()
	b.WriteString("]\nsources:\n")
	for _, src := range sources {
		fmt.Fprintf(&b, "  - id: %s\n    name: Courier %s\n    country: US\n    type: news\n    language: en\n    scope: all\n", src.ID, src.ID)
		for _, l := range []struct {
			key    string
			values []string
		}{{"domains", src.Domains}, {"feeds", src.Feeds}, {"sitemaps", src.Sitemaps}} {
			if len(l.values) > 0 {
				fmt.Fprintf(&b, "    %s:\n", l.key)
			}
			for _, v := range l.values {
				fmt.Fprintf(&b, "      - %q\n", v)
			}
		}
	}
	return []byte(b.String())
}
