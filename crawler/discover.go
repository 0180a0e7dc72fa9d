package crawler

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"unicode"

	"framewatch/crawler/urlnorm"
)

// Discovery is what [Discover] makes of an address.
type Discovery struct {
	Source Source  `json:"source"` // what a sources file would say; Name, Domains and addresses as found
	Found  []Found `json:"found"`  // everything that was looked at, with what is taken and why the rest is not
}

const (
	// maxTaken and maxMapsTaken are how many feeds and sitemaps are taken of a page
	// that announces more.
	maxTaken     = 5
	maxMapsTaken = 2
	// maxDomains is how many hosts of a site are named.
	maxDomains = 5
)

// Discover looks at a homepage, feed or sitemap as [Probe] does and makes a source of it: the feeds that can be read,
// the news sitemaps, and a plain sitemap, which names the whole archive, only where there is nothing else. Addresses
// that a source of s lists already are not taken again. It fails if nothing is left to be crawled.
func Discover(ctx context.Context, s *Sources, url string, c Config) (Discovery, error) {
	if slices.ContainsFunc(s.List, func(src Source) bool { return src.ID == url }) {
		return Discovery{}, fmt.Errorf("%q is a source already", url)
	}
	found, err := Probe(ctx, s, url, c)
	if err != nil {
		return Discovery{}, err
	}
	d := Discovery{Found: found}
	choose := chooser{start: canonicalOr(url), listed: listedBy(s.List), found: d.Found}
	choose.take()
	for _, f := range d.Found {
		if !f.Taken {
			continue
		}
		if f.Kind == "feed" {
			d.Source.Feeds = append(d.Source.Feeds, f.URL)
		} else {
			d.Source.Sitemaps = append(d.Source.Sitemaps, f.URL)
		}
	}
	if len(d.Source.Feeds)+len(d.Source.Sitemaps) == 0 {
		return d, fmt.Errorf("%s: %s", url, choose.nothing())
	}
	choose.describe(&d.Source)
	return d, nil
}

// listedBy tells which source lists an address.
func listedBy(list []Source) map[string]string {
	by := map[string]string{}
	for _, s := range list {
		for _, u := range slices.Concat(s.Feeds, s.Sitemaps) {
			by[canonicalOr(u)] = s.ID
		}
	}
	return by
}

// chooser decides what of the found is worth crawling.
type chooser struct {
	start  string
	listed map[string]string
	found  []Found
}

// take marks what is to be crawled, and says why of the rest.
func (c *chooser) take() {
	feeds, news := 0, 0
	for i := range c.found {
		f := &c.found[i]
		switch {
		case f.Problem != "":
		case c.unfit(f):
		case f.URL == c.start:
			f.Taken = true
		case f.Kind == "feed" && f.Entries > 0:
			feeds++
			f.decide(feeds <= maxTaken, fmt.Sprintf("more than %d feeds are announced; add it by hand if it brings other pages", maxTaken))
		case f.isNews():
			news++
			f.decide(news <= maxMapsTaken, fmt.Sprintf("more than %d news sitemaps are announced", maxMapsTaken))
		}
	}
	any, spare := slices.ContainsFunc(c.found, func(f Found) bool { return f.Taken }), 0
	for i := range c.found {
		f := &c.found[i]
		switch {
		case f.Problem != "" || f.Taken || f.LeftOut != "":
		case f.Kind == "feed":
			f.decide(!any && spare == 0, "the feed is empty")
			spare++
		default:
			f.decide(!any && spare < maxMapsTaken, "names the whole archive; add it under sitemaps by hand to crawl that too")
			spare++
		}
	}
}

func (f *Found) decide(take bool, otherwise string) {
	if f.Taken = take; !take {
		f.LeftOut = otherwise
	}
}

// isNews tells a sitemap of fresh articles by its entries or its name.
func (f *Found) isNews() bool {
	path := strings.TrimPrefix(f.URL, root(f.URL))
	return f.Kind != "feed" && (f.news || strings.Contains(strings.ToLower(path), "news"))
}

// unfit reports whether a found one is not to be taken whatever else there is, and says why.
func (c *chooser) unfit(f *Found) bool {
	switch {
	case c.listed[f.URL] != "":
		f.LeftOut = "the source " + c.listed[f.URL] + " has it already"
	case f.URL == c.start:
	case isComments(f):
		f.LeftOut = "a feed of comments"
	case c.copyOf(f) != "":
		f.LeftOut = "names the same pages as " + c.copyOf(f)
	}
	return f.LeftOut != ""
}

// isComments tells a feed of readers' comments, which blogs announce beside that of their articles.
func isComments(f *Found) bool {
	return f.Kind == "feed" && (strings.Contains(strings.ToLower(f.Title), "comments") || strings.Contains(strings.ToLower(f.URL), "/comments"))
}

// copyOf names a taken one with the same pages: the same feed in another format.
func (c *chooser) copyOf(f *Found) string {
	for _, t := range c.found {
		if t.Taken && len(f.urls) > 0 && slices.Equal(t.urls, f.urls) {
			return t.URL
		}
	}
	return ""
}

// nothing says why there is nothing to crawl.
func (c *chooser) nothing() string {
	var reasons []string
	for _, f := range c.found {
		if why := cmp.Or(f.Problem, f.LeftOut); why != "" {
			reasons = append(reasons, fmt.Sprintf("%s: %s", f.URL, why))
		}
	}
	switch len(reasons) {
	case 0:
		return "no feed or sitemap was found; give the address of one"
	case 1:
		_, why, _ := strings.Cut(reasons[0], ": ")
		return why
	}
	return "nothing that can be crawled:\n  " + strings.Join(reasons, "\n  ")
}

// describe fills in what can be told of the outlet.
func (c *chooser) describe(s *Source) {
	hosts := map[string]int{}
	total := 0
	for _, f := range c.found {
		if !f.Taken {
			continue
		}
		if s.Name == "" {
			s.Name = outletName(f.Title)
		}
		if s.Language == "" {
			s.Language = primary(f.language)
		}
		for h, n := range f.hosts {
			hosts[h] += n
			total += n
		}
	}
	most := mostNamed(hosts)
	s.Homepage = c.start
	if slices.ContainsFunc(c.found, func(f Found) bool { return f.URL == c.start }) {
		// The address is that of a feed or sitemap.
		s.Homepage = root(c.start)
		if len(most) > 0 && 2*hosts[most[0]] > total {
			s.Homepage = "https://" + most[0] + "/"
			if strings.HasPrefix(c.start, "http://") {
				s.Homepage = "http://" + most[0] + "/"
			}
		}
	}
	for _, h := range most {
		// What others publish is linked to by many; only the site's own hosts, or the one where most of its articles lie,
		// are the outlet's.
		if len(s.Domains) < maxDomains && (urlnorm.SameSite("https://"+h+"/", s.Homepage) || 2*hosts[h] > total) {
			s.Domains = addDomain(s.Domains, strings.TrimPrefix(h, "www."))
		}
	}
	if len(s.Domains) == 0 {
		s.Domains = []string{strings.TrimPrefix(authority(s.Homepage), "www.")}
	}
	s.ID = idFor(s.Homepage)
	s.Name = cmp.Or(s.Name, strings.TrimPrefix(authority(s.Homepage), "www."))
}

// addDomain adds a domain that none of the list includes.
func addDomain(list []string, d string) []string {
	for _, have := range list {
		if d == have || strings.HasSuffix(d, "."+have) {
			return list
		}
	}
	return append(slices.DeleteFunc(list, func(have string) bool { return strings.HasSuffix(have, "."+d) }), d)
}

func mostNamed(hosts map[string]int) []string {
	return slices.SortedFunc(maps.Keys(hosts), func(a, b string) int { return cmp.Or(hosts[b]-hosts[a], cmp.Compare(a, b)) })
}

// authority is host and port of a canonical URL.
func authority(canonical string) string {
	_, rest, _ := strings.Cut(canonical, "://")
	host, _, _ := strings.Cut(rest, "/")
	return host
}

func root(canonical string) string {
	scheme, _, _ := strings.Cut(canonical, "://")
	return scheme + "://" + authority(canonical) + "/"
}

// outletName takes the outlet's name from the title of its feed: what stands before the first mark of parting.
func outletName(title string) string {
	for _, mark := range []string{" » ", " | ", " – ", " — ", " - ", " :: "} {
		title, _, _ = strings.Cut(title, mark)
	}
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, title))
}

// primary is the first part of a language tag, in lower case.
func primary(tag string) string {
	tag, _, _ = strings.Cut(strings.ToLower(strings.ReplaceAll(tag, "_", "-")), "-")
	if !languageShape.MatchString(tag) {
		return ""
	}
	return tag
}

// idFor makes an id of a homepage: the label before the public suffix, or the address with hyphens.
func idFor(homepage string) string {
	host := urlnorm.Host(homepage)
	if _, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return strings.Trim(strings.NewReplacer(":", "-", "[", "", "]", "").Replace(authority(homepage)), "-")
	}
	label, _, _ := strings.Cut(urlnorm.Site(homepage), ".")
	label, _, _ = strings.Cut(label, ":")
	return label
}
