package polite_test

import (
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"testing"

	"framewatch/crawler/polite"
)

func TestGuardRefusesSpecialAddresses(t *testing.T) {
	trap := serve(t, "127.0.0.1", nil)
	c := config()
	c.AllowPorts = append(c.AllowPorts, trap.port)
	tr := newTransport(t, c)
	for _, host := range []string{
		"127.0.0.1", "127.9.9.9", "localhost", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
		"169.254.169.254", "100.64.0.1", "100.100.100.200", "192.0.0.192", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.19.255.255",
		"198.51.100.7", "203.0.113.7", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
		"[::]", "[::1]", "[::127.0.0.1]", "[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::1]", "[100::1]",
		"[2001::1]", "[2001:2::1]", "[2001:db8::1]", "[2002:7f00:1::]", "[3fff::1]", "[5f00::1]", "[fc00::1]", "[fd12:3456::1]",
		"[fe80::1]", "[fe80::1%25lo]", "[fec0::1]", "[ff02::1]",
		"2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001", "127.1", "127.0.1", "127.0.0.1.", "127.000.000.001", "0", "LOCALHOST.",
	} {
		t.Run(host, func(t *testing.T) {
			_, _, err := get(t.Context(), tr, fmt.Sprintf("http://%s:%d/a", host, trap.port))
			wantClass(t, err, polite.AddressRefused)
		})
	}
	if got := trap.asked(); got != "" {
		t.Errorf("the trap was asked for %q", got)
	}
}

func TestGuardLetsListedAddressesThrough(t *testing.T) {
	a, b := serve(t, "127.0.0.1", nil), serve(t, "127.0.0.2", nil)
	c := config(a)
	c.AllowPorts = append(c.AllowPorts, b.port)
	tr := newTransport(t, c)
	if _, _, err := get(t.Context(), tr, a.url+"/"); err != nil {
		t.Errorf("the listed address: %v", err)
	}
	u, _ := url.Parse(a.url)
	if _, _, err := get(t.Context(), tr, "http://[::ffff:127.0.0.1]:"+u.Port()+"/"); err != nil {
		t.Errorf("the listed address in IPv6 form: %v", err)
	}
	_, _, err := get(t.Context(), tr, b.url+"/")
	wantClass(t, err, polite.AddressRefused)

	c.AllowAddresses = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/30")}
	if _, _, err := get(t.Context(), newTransport(t, c), b.url+"/"); err != nil {
		t.Errorf("an address in a listed range: %v", err)
	}
}

func TestGuardChecksRedirects(t *testing.T) {
	trap := serve(t, "127.0.0.9", nil)
	h := serve(t, "127.0.0.1", map[string]http.HandlerFunc{
		"/address": redirect(trap.url + "/"), "/name": redirect(fmt.Sprintf("http://localhost:%d/", trap.port)),
		"/port": redirect("http://127.0.0.1:22/"), "/user": redirect("http://u:p@127.0.0.1:80/"), "/file": redirect("file:///etc/passwd"),
		"/gopher": redirect("gopher://127.0.0.1/"),
	})
	// localhost is 127.0.0.1, which is listed, so it is not part of this table.
	c := config(h)
	c.AllowPorts = append(c.AllowPorts, trap.port)
	tr := newTransport(t, c)
	for path, want := range map[string]polite.Class{
		"/address": polite.AddressRefused, "/port": polite.PortRefused, "/user": polite.URLRefused, "/file": polite.URLRefused, "/gopher": polite.URLRefused,
	} {
		_, _, err := get(t.Context(), tr, h.url+path)
		wantClass(t, err, want)
	}
	if got := trap.asked(); got != "" {
		t.Errorf("the trap was asked for %q", got)
	}
}

func TestGuardRefusesPorts(t *testing.T) {
	h := serve(t, "127.0.0.1", nil)
	c := config(h)
	c.AllowPorts = nil
	_, _, err := get(t.Context(), newTransport(t, c), h.url+"/")
	wantClass(t, err, polite.PortRefused)
	if h.asked() != "" {
		t.Errorf("asked for %q", h.asked())
	}
}

func TestProxyOfTheEnvironmentIsNotUsed(t *testing.T) {
	trap := serve(t, "127.0.0.9", nil)
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"} {
		t.Setenv(name, trap.url)
	}
	h := serve(t, "127.0.0.1", nil)
	if _, _, err := get(t.Context(), newTransport(t, config(h)), h.url+"/a"); err != nil || h.count("/a") != 1 {
		t.Errorf("error %v, the host was asked for %q", err, h.asked())
	}
	if got := trap.asked(); got != "" {
		t.Errorf("the proxy was asked for %q", got)
	}
}
