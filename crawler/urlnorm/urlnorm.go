// Package urlnorm gives each web address one spelling. A URL as found in a
// feed, a sitemap or a page goes in; the canonical URL, which is the identity
// of a page in the database, comes out. Everything is a pure function; nothing
// is resolved or fetched.
package urlnorm

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"

	whatwg "github.com/nlnwa/whatwg-url/url"
	"golang.org/x/net/publicsuffix"
)

// MaxLength is the longest URL in bytes that is taken, before and after
// canonicalization.
const MaxLength = 8192

// maxHost is the longest name that DNS can resolve (RFC 1035 section 2.3.4).
const maxHost = 253

// The reasons for which a URL is not taken; errors wrap one of them.
var (
	ErrSyntax   = errors.New("not a URL")
	ErrScheme   = errors.New("only http and https are read")
	ErrUserinfo = errors.New("the URL carries a user name or password")
	ErrTooLong  = fmt.Errorf("the URL is longer than %d bytes", MaxLength)
)

// Canonical returns the one spelling of an absolute http or https URL.
//
// The URL is parsed as browsers do (WHATWG URL standard: spaces around it and
// line breaks inside go, "\" is "/", dot segments are resolved, host names are
// lower case and in Punycode, 2130706433 is 127.0.0.1). Then the fragment, a
// default port, dots at the end of the host, parameters that only track the
// reader or a session, and an empty query are dropped, and percent-encoding is
// brought to one form without changing what is encoded. Order and content of
// the remaining query, a trailing slash and double slashes stay: they can
// matter. Canonical is idempotent.
func Canonical(raw string) (string, error) { return resolve("", raw) }

// Resolve returns the canonical form of ref as a page at base would mean it.
func Resolve(base, ref string) (string, error) { return resolve(base, ref) }

func resolve(base, ref string) (string, error) {
	if len(ref) > MaxLength {
		return "", ErrTooLong
	}
	if misread(ref) {
		return "", fmt.Errorf("%w: %q", ErrScheme, clip(ref))
	}
	u, err := parse(base, ref)
	if err != nil {
		return "", fmt.Errorf("%w: %q", ErrSyntax, clip(ref))
	}
	if s := u.Scheme(); s != "http" && s != "https" {
		return "", fmt.Errorf("%w: %q", ErrScheme, clip(ref))
	}
	if u.Username() != "" || u.Password() != "" {
		return "", ErrUserinfo
	}
	host := strings.TrimRight(u.Hostname(), ".")
	if host == "" || len(host) > maxHost {
		return "", fmt.Errorf("%w: no usable host in %q", ErrSyntax, clip(ref))
	}
	var b strings.Builder
	b.WriteString(u.Protocol())
	b.WriteString("//")
	b.WriteString(host)
	if p := u.Port(); p != "" {
		b.WriteByte(':')
		b.WriteString(p)
	}
	path := dropSession(u.Pathname())
	b.WriteString(normalize(path))
	if q := cleanQuery(u.Query()); q != "" {
		b.WriteByte('?')
		b.WriteString(normalize(q))
	}
	out := b.String()
	if len(out) > MaxLength {
		return "", ErrTooLong
	}
	if host != u.Hostname() || path != u.Pathname() {
		// What was dropped may have kept the rest from being read as what it is
		// ("0x7f.1." is an address, "..;jsessionid=1" a dot segment).
		return resolve("", out)
	}
	return out, nil
}

// misread reports whether browsers take a reference for something its author
// cannot have meant: another scheme than ours, a host and port whose scheme was
// forgotten ("host:80/x"), or a scheme without slashes ("http:host/x"). The last
// two would become paths below the page that they stand on.
func misread(ref string) bool {
	ref = strings.NewReplacer("\t", "", "\n", "", "\r", "", "\\", "/").Replace(ref)
	ref = strings.TrimLeftFunc(ref, func(r rune) bool { return r <= ' ' })
	i := strings.IndexAny(ref, ":/?#")
	if i < 0 || ref[i] != ':' {
		return false
	}
	scheme := strings.ToLower(ref[:i])
	return scheme != "http" && scheme != "https" || !strings.HasPrefix(ref[i+1:], "//")
}

// parse guards the library, which indexes freely, against input of any kind.
func parse(base, ref string) (u *whatwg.Url, err error) {
	defer func() {
		if x := recover(); x != nil {
			err = fmt.Errorf("%w: %v", ErrSyntax, x)
		}
	}()
	p := whatwg.NewParser(whatwg.WithPercentEncodeSinglePercentSign(), whatwg.WithSkipWindowsDriveLetterNormalization())
	ref = strings.ToValidUTF8(ref, "\uFFFD")
	if base == "" {
		return p.Parse(ref)
	}
	return p.ParseRef(strings.ToValidUTF8(base, "\uFFFD"), ref)
}

// Lane returns the key under which requests to a canonical URL wait for each
// other: host and port, the default port spelled out. It is empty for anything
// that is not a canonical URL.
func Lane(canonical string) string {
	scheme, authority := cut(canonical)
	if authority == "" {
		return ""
	}
	if hasPort(authority) {
		return authority
	}
	if scheme == "https" {
		return authority + ":443"
	}
	return authority + ":80"
}

// Host returns the host of a canonical URL without its port, as written.
func Host(canonical string) string {
	_, authority := cut(canonical)
	if hasPort(authority) {
		authority = authority[:strings.LastIndexByte(authority, ':')]
	}
	return authority
}

// SameSite reports whether two canonical URLs belong to one site: the same
// registrable domain by the public suffix list ("news.example.co.uk" and
// "example.co.uk"). Addresses and single-label hosts have no such domain and
// are the same site only when host and port agree.
func SameSite(a, b string) bool {
	x, y := Site(a), Site(b)
	return x != "" && x == y
}

// Site names the site to which a canonical URL belongs, as SameSite tells sites
// apart: its registrable domain, or host and port where there is none.
func Site(canonical string) string {
	host := Host(canonical)
	if _, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return Lane(canonical)
	}
	domain, err := publicsuffix.EffectiveTLDPlusOne(host)
	if err != nil {
		return Lane(canonical)
	}
	return domain
}

// InDomain reports whether the host of a canonical URL is one of the domains or
// a subdomain of one. A domain with a port matches that port alone.
func InDomain(canonical string, domains []string) bool {
	_, authority := cut(canonical)
	host := Host(canonical)
	for _, d := range domains {
		d = strings.ToLower(strings.TrimSuffix(d, "."))
		if d == "" || host == "" {
			continue
		}
		if authority == d || Lane(canonical) == d || host == d || strings.HasSuffix(host, "."+d) {
			return true
		}
	}
	return false
}

// cut splits a canonical URL into scheme and authority.
func cut(canonical string) (scheme, authority string) {
	scheme, rest, ok := strings.Cut(canonical, "://")
	if !ok || scheme != "http" && scheme != "https" {
		return "", ""
	}
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		rest = rest[:i]
	}
	return scheme, rest
}

// hasPort tells a port from the colons inside an IPv6 address.
func hasPort(authority string) bool {
	return strings.LastIndexByte(authority, ':') > strings.LastIndexByte(authority, ']')
}

// clip keeps an offending URL short enough for a message.
func clip(s string) string {
	const most = 120
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
