// Package polite is the HTTP transport of a crawler that no publisher has to
// complain about and no attacker can steer. Requests go in as to any
// [http.RoundTripper]; whole, decoded, bounded answers or an [*Error] with a
// class come out.
//
// A client calls RoundTrip once for each hop of a redirect chain, so each hop
// passes all of it: robots.txt (RFC 9309), the lane of its host and port (one
// connection, a gap between requests, crawl delays, pauses that the host asks
// for), the address guard after name resolution, and the limits on headers,
// body and time.
package polite

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Config tells a [Transport] how to behave. The zero value of a field is its
// default.
type Config struct {
	UserAgent      string         // must begin with the product token, such as "framewatch/1.0 (+mailto:x@example.org)"
	MinGap         time.Duration  // between the end of an answer, or New, and the next request of the lane; under 1 s only towards AllowAddresses
	MaxBody        int64          // bytes of a decoded body; default 10 MB
	Timeout        time.Duration  // of one request, waiting for its turn not counted; default 60 s
	AllowAddresses []netip.Prefix // special addresses that may be contacted all the same
	AllowPorts     []int          // default 80 and 443
	MaxCrawlDelay  time.Duration  // the longest Crawl-delay honored; default 60 s
	RobotsRetry    time.Duration  // before an unreadable robots.txt is asked for again; default 60 s
	Robots         RobotsCache    // default: in memory
	Pauses         Pauses         // default: in memory
	Log            *slog.Logger   // default: discards
	Now            func() time.Time
}

const (
	dialTimeout    = 10 * time.Second
	tlsTimeout     = 10 * time.Second
	headerTimeout  = 20 * time.Second
	maxHeaderBytes = 256 << 10
)

// MaxRetryAfter is the longest pause that a host can ask for.
const MaxRetryAfter = 24 * time.Hour

// A Transport is an http.RoundTripper; see the package comment. It is safe for
// concurrent use. A client that uses it must not set a timeout of its own,
// because waiting for one's turn would count against it.
type Transport struct {
	userAgent   string
	product     string
	minGap      time.Duration
	maxBody     int64
	timeout     time.Duration
	maxDelay    time.Duration
	robotsRetry time.Duration
	guard       guard
	cache       RobotsCache
	pauses      Pauses
	log         *slog.Logger
	now         func() time.Time
	base        *http.Transport
	lanes       lanes
	origins     origins
}

// New returns a transport. The error tells which field of c cannot be.
func New(c Config) (*Transport, error) {
	product, _, _ := strings.Cut(c.UserAgent, "/")
	if product == "" || strings.ContainsFunc(product, notToken) {
		return nil, fmt.Errorf("user agent %q does not begin with a product token and a slash", c.UserAgent)
	}
	if strings.ContainsFunc(c.UserAgent, func(r rune) bool { return r < ' ' || r > '~' }) {
		return nil, fmt.Errorf("user agent %q holds characters that no header can", c.UserAgent)
	}
	if c.MinGap < 0 || c.MaxBody < 0 || c.Timeout < 0 {
		return nil, errors.New("gap, body limit and timeout cannot be negative")
	}
	t := &Transport{
		userAgent: c.UserAgent, product: product, minGap: c.MinGap,
		maxBody: cmp.Or(c.MaxBody, 10_000_000), timeout: cmp.Or(c.Timeout, time.Minute),
		maxDelay: cmp.Or(c.MaxCrawlDelay, time.Minute), robotsRetry: cmp.Or(c.RobotsRetry, time.Minute),
		guard: guard{addresses: c.AllowAddresses, ports: c.AllowPorts}, cache: c.Robots, pauses: c.Pauses, log: c.Log, now: c.Now,
		lanes: lanes{began: time.Now()},
	}
	if len(t.guard.ports) == 0 {
		t.guard.ports = []int{80, 443}
	}
	if t.cache == nil {
		t.cache = &memoryCache{}
	}
	if t.pauses == nil {
		t.pauses = noPauses{}
	}
	if t.log == nil {
		t.log = slog.New(slog.DiscardHandler)
	}
	if t.now == nil {
		t.now = time.Now
	}
	dialer := &net.Dialer{Timeout: dialTimeout, ControlContext: t.guard.control}
	t.base = &http.Transport{
		Proxy:                  nil, // behind one, the guard would see nothing but the proxy
		DialContext:            dialer.DialContext,
		ForceAttemptHTTP2:      true,
		TLSHandshakeTimeout:    tlsTimeout,
		ResponseHeaderTimeout:  headerTimeout,
		MaxResponseHeaderBytes: maxHeaderBytes,
		MaxConnsPerHost:        1,
		// On a connection used before, net/http repeats a request that was reset,
		// at once and unseen by the lane.
		DisableKeepAlives:  true,
		DisableCompression: true, // encodings are undone here, where they are bounded
	}
	return t, nil
}

func notToken(r rune) bool {
	return r != '-' && r != '_' && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
}

// RoundTrip makes one request when robots.txt, the lane and the guard let it,
// and reads the answer whole: the body of a 2xx answer is complete, decoded and
// within the limit; of another answer it is what its first 64 kB tell. The
// error is an *[Error].
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		req.Body.Close()
	}
	if req.Method != http.MethodGet {
		return nil, &Error{Class: URLRefused, URL: req.URL.String(), Detail: "method " + req.Method + ": a crawler only reads"}
	}
	resp, err := t.roundTrip(req)
	if err != nil {
		e := *classify(req.Context(), req.URL.String(), err)
		e.URL = req.URL.String()
		t.log.Debug("request failed", "url", e.URL, "class", e.Class, "err", err)
		return nil, &e
	}
	t.log.Debug("request", "url", req.URL.String(), "status", resp.StatusCode, "n", resp.ContentLength)
	return resp, nil
}

func (t *Transport) roundTrip(req *http.Request) (*http.Response, error) {
	if refused := t.guard.url(req.URL); refused != nil {
		return nil, refused
	}
	rules, _, err := t.consult(req.Context(), req.URL)
	if err != nil {
		return nil, err
	}
	if !rules.Allowed(target(req.URL)) {
		return nil, &Error{Class: RobotsDenied, Detail: "robots.txt of " + laneName(req.URL) + " forbids it"}
	}
	gap := max(t.minGap, min(rules.CrawlDelay(), t.maxDelay))
	resp, body, err := t.exchange(req, gap, func(r *http.Response) ([]byte, error) { return readBody(r, t.maxBody) })
	if err != nil {
		return nil, err
	}
	note(req, resp)
	resp.Header.Del("Content-Encoding")
	resp.Header.Del("Content-Length")
	resp.Body, resp.ContentLength, resp.Uncompressed = io.NopCloser(bytes.NewReader(body)), int64(len(body)), true
	return resp, nil
}

// exchange sends a request in its lane and reads the answer while it holds the
// lane. The body of the returned response is closed.
func (t *Transport) exchange(req *http.Request, gap time.Duration, read func(*http.Response) ([]byte, error)) (resp *http.Response, body []byte, err error) {
	l := t.lanes.get(laneName(req.URL))
	if err := l.recall(req.Context(), t.pauses, t.now()); err != nil {
		return nil, nil, err
	}
	if err := l.acquire(req.Context(), gap); err != nil {
		return nil, nil, err
	}
	var end ending
	defer func() { l.release(end) }()
	ctx, cancel := context.WithTimeout(context.WithValue(req.Context(), laneKey{}, l), t.timeout)
	defer cancel()
	out := req.Clone(ctx)
	out.Body = nil
	out.Header.Set("User-Agent", t.userAgent)
	out.Header.Set("Accept-Encoding", "gzip")
	out.Header.Del("Cookie")
	resp, err = t.base.RoundTrip(out)
	if err != nil {
		end.abandoned = true
		return nil, nil, classify(req.Context(), req.URL.String(), err)
	}
	defer resp.Body.Close()
	end.status = resp.StatusCode
	if end.status == http.StatusTooManyRequests || end.status == http.StatusServiceUnavailable {
		if err := t.pause(req.Context(), l, &end, resp.Header); err != nil {
			return nil, nil, err
		}
	}
	whole := &toEnd{ReadCloser: resp.Body}
	resp.Body = whole
	body, err = read(resp)
	end.abandoned = !whole.reached
	if err != nil {
		return nil, nil, classify(req.Context(), req.URL.String(), err)
	}
	resp.Request = req
	return resp, body, nil
}

// pause notes for how long the host of an answer wants to be left alone. What a
// crawl forgets when it is killed would be rude to ask again.
func (t *Transport) pause(ctx context.Context, l *lane, end *ending, h http.Header) error {
	now := t.now()
	wait, ok := RetryAfter(h, now)
	if !ok {
		return nil
	}
	end.pause = wait
	err := t.pauses.SavePause(context.WithoutCancel(ctx), Pause{Lane: l.name, Asked: now, Until: now.Add(wait), Status: end.status})
	if err != nil {
		return &Error{Class: Internal, Detail: fmt.Sprintf("keep the pause of %s: %v", l.name, err), Err: err}
	}
	return nil
}

// toEnd notes whether a body was read to its end.
type toEnd struct {
	io.ReadCloser
	reached bool
}

func (b *toEnd) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.reached = b.reached || err != nil
	return n, err
}

// target is what robots.txt rules are matched against.
func target(u *url.URL) string {
	path := u.EscapedPath()
	if u.RawQuery != "" || u.ForceQuery {
		path += "?" + u.RawQuery
	}
	return path
}

// laneName is host:port of a URL, the default port spelled out.
func laneName(u *url.URL) string {
	return net.JoinHostPort(strings.ToLower(u.Hostname()), port(u))
}

// RetryAfter reads the header of that name, given in seconds or as a date: how
// long to wait from now on, at most [MaxRetryAfter]. It is false if the header
// is missing, unreadable or past.
func RetryAfter(h http.Header, now time.Time) (time.Duration, bool) {
	v := strings.TrimSpace(h.Get("Retry-After"))
	var d time.Duration
	if at, err := http.ParseTime(v); err == nil {
		d = at.Sub(now)
	} else if seconds, err := strconv.ParseUint(v, 10, 31); err == nil {
		d = time.Duration(seconds) * time.Second
	}
	return min(d, MaxRetryAfter), d > 0
}
