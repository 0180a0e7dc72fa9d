// Package robots reads robots.txt files and answers whether a crawler may
// fetch a URL, by RFC 9309. Bytes of a file go in, a [File] comes out; the
// [Rules] for one product token are cut from it and asked URL by URL. The
// package does no I/O: fetching and caching are the caller's.
//
// Nothing in a robots.txt file is an error. Lines that cannot be understood
// are passed over one by one, so a damaged file still protects what its sound
// lines name.
package robots

import (
	"bytes"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// MaxSize is the number of bytes of a file that [Parse] reads; what follows is
// not looked at. RFC 9309 section 2.5 asks for at least 500 KiB.
const MaxSize = 500 << 10

// maxLine bounds the bytes kept of one line. Longer lines are cut, which keeps
// the cost of matching one URL within reason.
const maxLine = 16 << 10

// maxDelay bounds what a Crawl-delay line can say.
const maxDelay = 7 * 24 * time.Hour

// A File is a parsed robots.txt. The zero value holds no rules and allows
// everything. It is immutable and safe for concurrent use.
type File struct {
	groups   []group
	sitemaps []string
}

// group is a run of user-agent lines and the rules that follow them.
type group struct {
	agents []string // lower case; "*" for everybody
	rules  []rule
	delays []delay
}

// delay is a Crawl-delay line. It speaks to the agents named above it, which
// are not the whole group when further user-agent lines follow: RFC 9309 does
// not know the line, so it cannot close a group.
type delay struct {
	agents int
	gap    time.Duration
}

// Parse reads a robots.txt file. It takes at most [MaxSize] bytes and leaves
// out a line that this limit cuts in two: half a rule says something else.
func Parse(data []byte) *File {
	if len(data) > MaxSize {
		data = data[:MaxSize]
		data = data[:bytes.LastIndexAny(data, "\r\n")+1]
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	p := parser{file: &File{}}
	for len(data) > 0 {
		line := data
		if i := bytes.IndexAny(data, "\r\n"); i >= 0 {
			line, data = data[:i], data[i+1:]
		} else {
			data = nil
		}
		p.line(string(line[:min(len(line), maxLine)]))
	}
	return p.file
}

// parser holds the state between lines.
type parser struct {
	file   *File
	closed bool // the current group has rules: the next user-agent line opens a new one
}

func (p *parser) line(s string) {
	key, value, ok := split(s)
	if !ok {
		return
	}
	switch key {
	case "user-agent", "useragent", "user agent":
		p.agent(value)
	case "allow":
		p.rule(value, true)
	case "disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw":
		p.rule(value, false)
	case "crawl-delay", "crawldelay":
		p.delay(value)
	case "sitemap", "site-map":
		if value != "" {
			p.file.sitemaps = append(p.file.sitemaps, value)
		}
	}
}

func (p *parser) agent(value string) {
	name := token(value)
	if n := len(p.file.groups); n == 0 || p.closed {
		p.file.groups = append(p.file.groups, group{})
		p.closed = false
	}
	g := &p.file.groups[len(p.file.groups)-1]
	g.agents = append(g.agents, name)
}

func (p *parser) rule(value string, allow bool) {
	n := len(p.file.groups)
	if n == 0 {
		return
	}
	p.closed = true
	if value == "" {
		return
	}
	g := &p.file.groups[n-1]
	g.rules = append(g.rules, compile(value, allow))
	if dir, ok := directory(value); ok && allow {
		g.rules = append(g.rules, compile(dir, allow))
	}
}

func (p *parser) delay(value string) {
	n := len(p.file.groups)
	if n == 0 {
		return
	}
	seconds, err := strconv.ParseFloat(value, 64)
	if err != nil || math.IsNaN(seconds) || seconds <= 0 {
		return
	}
	gap := maxDelay
	if seconds < maxDelay.Seconds() {
		gap = time.Duration(seconds * float64(time.Second))
	}
	g := &p.file.groups[n-1]
	g.delays = append(g.delays, delay{agents: len(g.agents), gap: gap})
}

// split cuts a line into its lower-case key and its value. A line without a
// colon is read as "key value" when it holds exactly these two words.
func split(s string) (key, value string, ok bool) {
	s, _, _ = strings.Cut(s, "#")
	key, value, ok = strings.Cut(s, ":")
	if !ok {
		words := strings.Fields(s)
		if len(words) != 2 {
			return "", "", false
		}
		key, value = words[0], words[1]
	}
	return strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(value), true
}

// token returns the product token that a user-agent value begins with, in
// lower case, or "*". Versions and comments after it do not count.
func token(value string) string {
	if value == "*" || strings.HasPrefix(value, "* ") || strings.HasPrefix(value, "*\t") {
		return "*"
	}
	end := strings.IndexFunc(value, func(r rune) bool {
		return r != '-' && r != '_' && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
	if end < 0 {
		end = len(value)
	}
	return strings.ToLower(value[:end])
}

// Sitemaps returns the values of the Sitemap lines in the order of the file.
// They belong to no group and may be relative or malformed.
func (f *File) Sitemaps() []string { return slices.Clone(f.sitemaps) }

// Rules returns what the file says to the crawler with this product token,
// compared without regard to case. All groups that name it count together; the
// groups for "*" count only when none does (RFC 9309 section 2.2.1).
func (f *File) Rules(product string) Rules {
	product = strings.ToLower(product)
	if r, ok := f.collect(product); ok && product != "" {
		return r
	}
	r, _ := f.collect("*")
	return r
}

func (f *File) collect(name string) (r Rules, found bool) {
	for i := range f.groups {
		g := &f.groups[i]
		at := slices.Index(g.agents, name)
		if at < 0 {
			continue
		}
		found = true
		r.rules = append(r.rules, g.rules...)
		for _, d := range g.delays {
			if at < d.agents {
				r.delay = max(r.delay, d.gap)
			}
		}
	}
	return r, found
}

// Rules are the lines of a robots.txt that speak to one crawler. The zero
// value allows everything. Rules are immutable and safe for concurrent use.
type Rules struct {
	rules []rule
	delay time.Duration
}

// CrawlDelay returns the longest gap that a Crawl-delay line asks for, or zero.
// It is at most a week, whatever the file says.
func (r Rules) CrawlDelay() time.Duration { return r.delay }

// Allowed reports whether the target may be fetched: the path and query of a
// URL as in a request line, percent-encoded or not; "" stands for "/".
//
// The rule with the longest pattern decides, an allow rule wins a tie, and
// what no rule matches is allowed. /robots.txt itself always is (RFC 9309
// section 2.2.2).
func (r Rules) Allowed(target string) bool {
	target, _, _ = strings.Cut(target, "#")
	if !strings.HasPrefix(target, "/") {
		target = "/" + target
	}
	if target == "/robots.txt" {
		return true
	}
	target = normalize(target)
	best, allowed := 0, true
	for i := range r.rules {
		p := &r.rules[i]
		if p.length < best || p.length == best && (allowed || !p.allow) {
			continue
		}
		if p.matches(target) {
			best, allowed = p.length, p.allow
		}
	}
	return allowed
}
