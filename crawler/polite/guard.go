package polite

import (
	"context"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"framewatch/crawler/urlnorm"
)

// special are the address blocks that no public web server has (IANA's
// special-purpose registries, RFC 6890 and its updates). For IPv6 everything
// outside global unicast, 2000::/3, is refused before this list is asked.
var special = parsePrefixes(
	"0.0.0.0/8",       // this network; 0.0.0.0 reaches the own machine
	"10.0.0.0/8",      // private
	"100.64.0.0/10",   // carrier-grade NAT; cloud metadata lives there too
	"127.0.0.0/8",     // loopback
	"169.254.0.0/16",  // link-local; cloud metadata
	"172.16.0.0/12",   // private
	"192.0.0.0/24",    // protocol assignments
	"192.0.2.0/24",    // documentation
	"192.88.99.0/24",  // 6to4 relays
	"192.168.0.0/16",  // private
	"198.18.0.0/15",   // benchmarks
	"198.51.100.0/24", // documentation
	"203.0.113.0/24",  // documentation
	"224.0.0.0/4",     // multicast
	"240.0.0.0/4",     // reserved, and broadcast
	"2001::/23",       // protocol assignments: Teredo, ORCHID, benchmarks
	"2001:db8::/32",   // documentation
	"2002::/16",       // 6to4, which wraps any IPv4 address
	"3fff::/20",       // documentation
)

var globalUnicast = netip.MustParsePrefix("2000::/3")

func parsePrefixes(list ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(list))
	for i, s := range list {
		out[i] = netip.MustParsePrefix(s)
	}
	return out
}

// guard decides which servers may be contacted.
type guard struct {
	addresses []netip.Prefix // exceptions to the special blocks
	ports     []int
}

// listed reports whether an address is one of the exceptions.
func (g *guard) listed(a netip.Addr) bool {
	return slices.ContainsFunc(g.addresses, func(p netip.Prefix) bool { return p.Contains(a) })
}

// address refuses special addresses that are not listed. IPv4 addresses in
// IPv6 clothes are judged as what they are.
func (g *guard) address(a netip.Addr) *Error {
	a = a.Unmap()
	if g.listed(a) {
		return nil
	}
	refused := a.Is6() && !globalUnicast.Contains(a.WithZone(""))
	for _, p := range special {
		refused = refused || p.Contains(a)
	}
	if !refused {
		return nil
	}
	return &Error{Class: AddressRefused, Detail: fmt.Sprintf("%s is not a public address; fetch.allow_addresses can name it", a)}
}

// url refuses what no request may be made for, as far as the URL shows.
func (g *guard) url(u *url.URL) *Error {
	if u.Scheme != "http" && u.Scheme != "https" {
		return &Error{Class: URLRefused, Detail: fmt.Sprintf("scheme %q: only http and https are read", u.Scheme)}
	}
	if u.User != nil {
		return &Error{Class: URLRefused, Detail: "the URL carries a user name or password"}
	}
	if u.Hostname() == "" {
		return &Error{Class: URLRefused, Detail: "the URL names no host"}
	}
	if err := g.port(port(u)); err != nil {
		return err
	}
	return g.host(u)
}

// host judges a host that is an address in any of the spellings that some
// resolver understands: 2130706433 and 0x7f.1 are 127.0.0.1.
func (g *guard) host(u *url.URL) *Error {
	if a, err := netip.ParseAddr(u.Hostname()); err == nil {
		return g.address(a)
	}
	canonical, err := urlnorm.Canonical(u.String())
	if err != nil {
		return &Error{Class: URLRefused, Detail: err.Error(), Err: err}
	}
	name := urlnorm.Host(canonical)
	if a, err := netip.ParseAddr(strings.Trim(name, "[]")); err == nil {
		return g.address(a)
	}
	if name == "localhost" || strings.HasSuffix(name, ".localhost") {
		return g.address(netip.AddrFrom4([4]byte{127, 0, 0, 1})) // RFC 6761 section 6.3
	}
	return nil
}

func (g *guard) port(p string) *Error {
	n, err := strconv.Atoi(p)
	if err != nil || !slices.Contains(g.ports, n) {
		return &Error{Class: PortRefused, Detail: fmt.Sprintf("port %s is not in fetch.allow_ports", p)}
	}
	return nil
}

// port returns the port of a URL, the default one spelled out.
func port(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "https":
		return "443"
	default:
		return "80"
	}
}

// control runs for each connection after its name was resolved, so a name that
// resolves to something else the second time gains nothing. It tells the lane
// of the request what kind of address it talks to.
func (g *guard) control(ctx context.Context, _, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return &Error{Class: AddressRefused, Detail: fmt.Sprintf("%q is not an address", address)}
	}
	if err := g.port(strconv.Itoa(int(ap.Port()))); err != nil {
		return err
	}
	if err := g.address(ap.Addr()); err != nil {
		return err
	}
	if l, ok := ctx.Value(laneKey{}).(*lane); ok {
		l.connected(g.listed(ap.Addr().Unmap()))
	}
	return nil
}
