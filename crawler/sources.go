package crawler

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"framewatch/crawler/urlnorm"
)

// Sources is a sources file: how to fetch, and what.
type Sources struct {
	Fetch Fetch
	List  []Source // in the order of the file
}

// Fetch holds the rules of behavior for every request of a crawl.
type Fetch struct {
	MinGap         time.Duration  // shortest pause between two requests to one host and port
	MaxBody        int64          // bytes of a response after decoding; a larger one is refused
	Timeout        time.Duration  // for one request, waiting for its turn not counted
	Contact        string         // mail address or URL in the User-Agent; required for a live crawl
	AllowAddresses []netip.Prefix // loopback and private addresses that may be fetched all the same
	AllowPorts     []int          // the only ports contacted
	OptOuts        []string       // statements of publishers that are respected, of those that OptOuts names
}

// Source is one outlet, or one section of an outlet that is a kind of its own.
type Source struct {
	ID            string   `json:"id"`             // key in the database, lower case
	Name          string   `json:"name"`           // as shown in tables and charts
	Country       string   `json:"country"`        // ISO 3166-1 alpha-2, empty if unknown
	Type          string   `json:"type"`           // one of SourceTypes
	Homepage      string   `json:"homepage"`       // http(s) URL, or empty
	Domains       []string `json:"domains"`        // hosts on which its articles live, subdomains included; empty: any
	Feeds         []string `json:"feeds"`          // RSS, RDF, Atom or JSON feeds
	Sitemaps      []string `json:"sitemaps"`       // sitemaps and sitemap indexes
	Language      string   `json:"language"`       // ISO 639-1 code of its articles, or empty
	Scope         string   `json:"scope"`          // "all": keep every raw page; "filter": only those of articles on topic
	Verified      string   `json:"verified"`       // when the addresses were last seen in use, or "no"
	Leaning       string   `json:"leaning"`        // a rating, or empty
	LeaningSource string   `json:"leaning_source"` // who gave the rating
	Note          string   `json:"note"`
}

// SourceTypes returns the kinds of source, in the order in which they are shown.
func SourceTypes() []string {
	return []string{"news", "opinion", "wire", "press_release", "think_tank", "government", "newsletter", "state_media"}
}

// The values that hold where a sources file is silent.
const (
	defaultMinGap  = 2 * time.Second
	defaultMaxBody = 10_000_000
	defaultTimeout = time.Minute
)

// publicMinGap is the least gap towards hosts that allow_addresses does not name.
const publicMinGap = time.Second

// SourcesError lists everything that is wrong with a sources file.
type SourcesError struct {
	// Problems are complete lines: file, line, key, what is wrong and how to mend it.
	Problems []string
}

func (e *SourcesError) Error() string { return strings.Join(e.Problems, "\n") }

// ParseSources reads a sources file strictly. Name is what messages call the
// file. The error is a *[SourcesError] that lists every problem found.
func ParseSources(name string, data []byte) (*Sources, error) {
	d := decoder{name: name}
	s := d.sources(data)
	if len(d.problems) > 0 {
		return nil, &SourcesError{Problems: d.problems}
	}
	return s, nil
}

func (d *decoder) sources(data []byte) *Sources {
	s := &Sources{Fetch: Fetch{MinGap: defaultMinGap, MaxBody: defaultMaxBody, Timeout: defaultTimeout, AllowPorts: []int{80, 443}, OptOuts: defaultOptOuts()}}
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		d.problems = append(d.problems, yamlProblem(d.name, err))
		return s
	}
	if len(doc.Content) == 0 {
		d.problems = append(d.problems, fmt.Sprintf("%s: the file is empty; it needs a list under \"sources:\" (\"framewatch init\" writes one to start from)", d.name))
		return s
	}
	listed := false
	d.mapping(doc.Content[0], "", map[string]func(*yaml.Node, string){
		"fetch": func(n *yaml.Node, key string) { d.fetch(n, key, &s.Fetch) },
		"sources": func(n *yaml.Node, key string) {
			listed = true
			s.List = d.list(n, key)
		},
	})
	if len(s.List) == 0 && len(d.problems) == 0 {
		line, key := doc.Content[0], "sources"
		if listed {
			d.problem(line, key, "the list is empty", "add at least one source")
		} else {
			d.problem(line, key, "missing", "list the sources under it")
		}
	}
	if f := s.Fetch; f.MinGap < publicMinGap && len(f.AllowAddresses) == 0 && len(d.problems) == 0 {
		d.problem(d.gapNode, "fetch.min_gap", fmt.Sprintf("%v is less than %v", f.MinGap, publicMinGap),
			"a shorter pause is for hosts whose addresses fetch.allow_addresses names; use 1s or more")
	}
	return s
}

func (d *decoder) fetch(n *yaml.Node, key string, f *Fetch) {
	d.mapping(n, key, map[string]func(*yaml.Node, string){
		"min_gap": func(n *yaml.Node, key string) {
			d.gapNode = n
			f.MinGap = d.duration(n, key, 0, time.Hour, "2s")
		},
		"max_body": func(n *yaml.Node, key string) { f.MaxBody = d.size(n, key) },
		"timeout":  func(n *yaml.Node, key string) { f.Timeout = d.duration(n, key, time.Second, time.Hour, "60s") },
		"contact":  func(n *yaml.Node, key string) { f.Contact = d.contact(n, key) },
		"allow_addresses": func(n *yaml.Node, key string) {
			f.AllowAddresses = each(d, n, key, d.prefix)
		},
		"opt_outs": func(n *yaml.Node, key string) {
			f.OptOuts = each(d, n, key, func(n *yaml.Node, key string) (string, bool) {
				s := d.text(n, key)
				if !slices.Contains(OptOuts(), s) {
					d.problem(n, key, fmt.Sprintf("%q is not known%s", s, suggest(s, OptOuts())), "use some of "+strings.Join(OptOuts(), ", "))
					return "", false
				}
				return s, true
			})
		},
		"allow_ports": func(n *yaml.Node, key string) {
			f.AllowPorts = each(d, n, key, d.port)
			if n.Kind == yaml.SequenceNode && len(n.Content) == 0 {
				d.problem(n, key, "the list is empty, so nothing could be fetched", "leave the key out for [80, 443]")
			}
		},
	})
}

func (d *decoder) list(n *yaml.Node, key string) []Source {
	if !d.is(n, key, yaml.SequenceNode, "a list of sources") {
		return nil
	}
	out := make([]Source, 0, len(n.Content))
	first := map[string]int{}
	for i, item := range n.Content {
		s := d.source(item, fmt.Sprintf("%s[%d]", key, i))
		if line, ok := first[s.ID]; ok && s.ID != "" {
			d.problem(item, fmt.Sprintf("%s[%d].id", key, i), fmt.Sprintf("%q is already the id of the source at line %d", s.ID, line), "give each source an id of its own")
		} else {
			first[s.ID] = item.Line
		}
		out = append(out, s)
	}
	return out
}

func (d *decoder) source(n *yaml.Node, key string) Source {
	s := Source{Scope: "filter"}
	text := func(to *string) func(*yaml.Node, string) {
		return func(n *yaml.Node, key string) { *to = d.text(n, key) }
	}
	shaped := func(to *string, shape *regexp.Regexp, fix string) func(*yaml.Node, string) {
		return func(n *yaml.Node, key string) {
			if *to = d.text(n, key); *to != "" && !shape.MatchString(*to) {
				d.problem(n, key, fmt.Sprintf("%q is not valid", *to), fix)
			}
		}
	}
	one := func(to *string, of []string) func(*yaml.Node, string) {
		return func(n *yaml.Node, key string) {
			if *to = d.text(n, key); !slices.Contains(of, *to) {
				d.problem(n, key, fmt.Sprintf("%q is not known%s", *to, suggest(*to, of)), "use one of "+strings.Join(of, ", "))
			}
		}
	}
	urls := func(to *[]string) func(*yaml.Node, string) {
		return func(n *yaml.Node, key string) { *to = unique(each(d, n, key, d.url)) }
	}
	ok := d.mapping(n, key, map[string]func(*yaml.Node, string){
		"id":             shaped(&s.ID, idShape, "use lower-case letters, digits and single hyphens, at most 64"),
		"name":           text(&s.Name),
		"country":        shaped(&s.Country, countryShape, "use the two capital letters of ISO 3166-1, such as US, GB or CN"),
		"type":           one(&s.Type, SourceTypes()),
		"homepage":       func(n *yaml.Node, key string) { s.Homepage, _ = d.url(n, key) },
		"domains":        func(n *yaml.Node, key string) { s.Domains = unique(each(d, n, key, d.domain)) },
		"feeds":          urls(&s.Feeds),
		"sitemaps":       urls(&s.Sitemaps),
		"language":       shaped(&s.Language, languageShape, "use an ISO 639-1 code, such as en"),
		"scope":          one(&s.Scope, []string{"all", "filter"}),
		"verified":       shaped(&s.Verified, verifiedShape, "use a year, month or day such as \"2026-08\", or no"),
		"leaning":        text(&s.Leaning),
		"leaning_source": text(&s.LeaningSource),
		"note":           text(&s.Note),
	})
	if ok {
		d.complete(n, key, s)
	}
	return s
}

// complete names what a source must say.
func (d *decoder) complete(n *yaml.Node, key string, s Source) {
	for _, f := range []struct{ key, value, fix string }{
		{"id", s.ID, "give the source a short, stable key"},
		{"name", s.Name, "give the outlet's name as tables shall show it"},
		{"type", s.Type, "use one of " + strings.Join(SourceTypes(), ", ")},
	} {
		if f.value == "" && !d.seen(key+"."+f.key) {
			d.problem(n, key+"."+f.key, "missing", f.fix)
		}
	}
	if (s.Leaning == "") != (s.LeaningSource == "") {
		d.problem(n, key+".leaning", "a rating and its source belong together", "fill in both leaning and leaning_source, or neither")
	}
}

var (
	idShape       = regexp.MustCompile(`^[a-z0-9]([a-z0-9]|[-_.][a-z0-9]){0,63}$`)
	countryShape  = regexp.MustCompile(`^[A-Z]{2}$`)
	languageShape = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
	verifiedShape = regexp.MustCompile(`^(no|[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?)$`)
	contactShape  = regexp.MustCompile(`^(mailto:)?[^@\s()<>]+@[^@\s()<>]+\.[^@\s()<>]+$`)
)

func (d *decoder) contact(n *yaml.Node, key string) string {
	s := strings.TrimSpace(d.text(n, key))
	if s == "" || contactShape.MatchString(s) {
		return s
	}
	if _, err := urlnorm.Canonical(s); err != nil || strings.ContainsAny(s, " ()\r\n") {
		d.problem(n, key, fmt.Sprintf("%q is neither a mail address nor a web address", s), "give one where a webmaster can reach you, such as crawler@example.org")
	}
	return s
}

// url keeps the address as written: what a server answers may hang on its spelling.
func (d *decoder) url(n *yaml.Node, key string) (string, bool) {
	s := strings.TrimSpace(d.text(n, key))
	if s == "" {
		if strings.HasSuffix(key, "]") {
			d.problem(n, key, "empty", "give a URL, or take the line out")
		}
		return "", false
	}
	if _, err := urlnorm.Canonical(s); err != nil {
		d.problem(n, key, err.Error(), "give a complete address that begins with https:// or http://")
		return "", false
	}
	return s, true
}

func (d *decoder) domain(n *yaml.Node, key string) (string, bool) {
	s := strings.ToLower(strings.TrimSpace(d.text(n, key)))
	u, err := urlnorm.Canonical("http://" + s + "/")
	if s == "" || err != nil || strings.ContainsAny(s, "/?#@*") {
		d.problem(n, key, fmt.Sprintf("%q is not a host name", s), "give it without https:// and without a path, such as example.org; subdomains are included")
		return "", false
	}
	return strings.TrimSuffix(strings.TrimPrefix(u, "http://"), "/"), true
}

func (d *decoder) prefix(n *yaml.Node, key string) (netip.Prefix, bool) {
	const fix = "give an address such as 127.0.0.1 or a range such as 192.168.7.0/24"
	s := strings.TrimSpace(d.text(n, key))
	p, err := netip.ParsePrefix(s)
	if err != nil {
		a, aerr := netip.ParseAddr(s)
		if aerr != nil || a.Zone() != "" {
			d.problem(n, key, fmt.Sprintf("%q is not an IP address or range", s), fix)
			return p, false
		}
		a = a.Unmap()
		return netip.PrefixFrom(a, a.BitLen()), true
	}
	if p.Addr().Is4In6() && p.Bits() >= 96 {
		p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
	}
	if widest := map[bool]int{true: 8, false: 32}[p.Addr().Is4()]; p.Bits() < widest {
		d.problem(n, key, fmt.Sprintf("%s would switch the address guard off", s), "name the hosts you mean; "+fix)
		return p, false
	}
	return p.Masked(), true
}

func (d *decoder) port(n *yaml.Node, key string) (int, bool) {
	s := d.text(n, key)
	p, err := strconv.Atoi(s)
	if err != nil || p < 1 || p > 65535 {
		d.problem(n, key, fmt.Sprintf("%q is not a port", s), "give a number from 1 to 65535")
		return 0, false
	}
	return p, true
}

func unique(in []string) []string {
	out := in[:0]
	for _, s := range in {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
