package polite_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"framewatch/crawler/polite"
)

// host is a server on a loopback address of its own that remembers what it was
// asked for.
type host struct {
	url  string // without a slash at the end
	port int

	mu     sync.Mutex
	visits []visit
	open   int // requests under way
	most   int // the most at once
}

type visit struct {
	path     string
	from, to time.Time
	header   http.Header
}

// serve starts a host. Paths without a handler answer with their own name, and
// robots.txt with 404.
func serve(t testing.TB, ip string, pages map[string]http.HandlerFunc) *host {
	t.Helper()
	l, err := net.Listen("tcp", ip+":0")
	if err != nil {
		t.Skipf("this machine has no loopback address %s: %v", ip, err)
	}
	h := &host{url: "http://" + l.Addr().String(), port: l.Addr().(*net.TCPAddr).Port}
	s := &httptest.Server{Listener: l, Config: &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		done := h.enter(r)
		defer done()
		switch page := pages[r.URL.Path]; {
		case page != nil:
			page(w, r)
		case r.URL.Path == "/robots.txt":
			http.NotFound(w, r)
		default:
			fmt.Fprint(w, r.URL.Path)
		}
	})}}
	s.Start()
	t.Cleanup(s.Close)
	return h
}

func (h *host) enter(r *http.Request) (done func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	i := len(h.visits)
	h.visits = append(h.visits, visit{path: r.URL.RequestURI(), from: time.Now(), header: r.Header.Clone()})
	h.open++
	h.most = max(h.most, h.open)
	return func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.open--
		h.visits[i].to = time.Now()
	}
}

// asked returns the paths in the order in which they were asked for.
func (h *host) asked() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []string
	for _, v := range h.visits {
		out = append(out, v.path)
	}
	return strings.Join(out, " ")
}

func (h *host) count(path string) int {
	n := 0
	for _, p := range strings.Fields(h.asked()) {
		if p == path {
			n++
		}
	}
	return n
}

// gaps returns the shortest pause between the end of one request and the start
// of the next.
func (h *host) shortestGap() time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	shortest := time.Hour
	for i := 1; i < len(h.visits); i++ {
		shortest = min(shortest, h.visits[i].from.Sub(h.visits[i-1].to))
	}
	return shortest
}

func text(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func redirect(to string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusFound) }
}

// reset drops the connection without an answer.
func reset(w http.ResponseWriter, _ *http.Request) {
	c, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	_ = c.(*net.TCPConn).SetLinger(0)
	c.Close()
}

// raw answers with bytes of any kind and closes.
func raw(answer string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		c, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			return
		}
		_, _ = io.WriteString(c, answer)
		c.Close()
	}
}

// config lets tests reach the hosts without a gap.
func config(hosts ...*host) polite.Config {
	c := polite.Config{UserAgent: "framewatch/0.1 (+mailto:crawler@meridian.example)", AllowPorts: []int{80, 443}}
	for _, h := range hosts {
		u, _ := url.Parse(h.url)
		a := netip.MustParseAddr(u.Hostname())
		c.AllowAddresses = append(c.AllowAddresses, netip.PrefixFrom(a, a.BitLen()))
		c.AllowPorts = append(c.AllowPorts, h.port)
	}
	return c
}

func newTransport(t testing.TB, c polite.Config) *polite.Transport {
	t.Helper()
	tr, err := polite.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// get fetches through a client, redirects included.
func get(ctx context.Context, tr http.RoundTripper, url string) (status int, body string, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, "", err
	}
	resp, err := (&http.Client{Transport: tr}).Do(req)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(b), err
}

func wantClass(t testing.TB, err error, want ...polite.Class) *polite.Error {
	t.Helper()
	var e *polite.Error
	if !errors.As(err, &e) {
		t.Fatalf("error = %v, want a polite.Error of class %v", err, want)
	}
	if !slices.Contains(want, e.Class) {
		t.Fatalf("class = %q (%v), want %v", e.Class, err, want)
	}
	return e
}

func TestRequestsSayWhoAsks(t *testing.T) {
	h := serve(t, "127.0.0.1", nil)
	tr := newTransport(t, config(h))
	if _, body, err := get(t.Context(), tr, h.url+"/a?b=c"); err != nil || body != "/a" {
		t.Fatalf("got %q, %v", body, err)
	}
	for _, v := range h.visits {
		if got := v.header.Get("User-Agent"); got != "framewatch/0.1 (+mailto:crawler@meridian.example)" {
			t.Errorf("User-Agent of %s = %q", v.path, got)
		}
		if got := v.header.Get("Accept-Encoding"); got != "gzip" {
			t.Errorf("Accept-Encoding of %s = %q, want gzip alone", v.path, got)
		}
	}
}

func TestNewRefusesBadConfigurations(t *testing.T) {
	for _, c := range []polite.Config{
		{}, {UserAgent: "Mozilla/5.0 framewatch/1"[8:]}, {UserAgent: "frame watch/1"}, {UserAgent: "framewatch/1\r\nX: y"},
		{UserAgent: "framewatch/1", MinGap: -1}, {UserAgent: "framewatch/1", MaxBody: -1},
	} {
		if _, err := polite.New(c); err == nil {
			t.Errorf("New(%+v) took it", c)
		}
	}
}

func TestOnlyGetIsSent(t *testing.T) {
	h := serve(t, "127.0.0.1", nil)
	req, _ := http.NewRequest(http.MethodPost, h.url+"/a", strings.NewReader("x"))
	_, err := newTransport(t, config(h)).RoundTrip(req)
	wantClass(t, err, polite.URLRefused)
	if got := h.asked(); got != "" {
		t.Errorf("asked for %q, want nothing", got)
	}
}

func TestLaneKeepsOneConnectionAndTheGap(t *testing.T) {
	slow := func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(20 * time.Millisecond)
		fmt.Fprint(w, "ok")
	}
	pages := map[string]http.HandlerFunc{}
	for i := range 5 {
		pages["/"+strconv.Itoa(i)] = slow
	}
	a, b := serve(t, "127.0.0.1", pages), serve(t, "127.0.0.2", pages)
	same := serve(t, "127.0.0.1", pages) // the same address, another port: another lane
	c := config(a, b, same)
	c.MinGap = 60 * time.Millisecond
	tr := newTransport(t, c)
	var wg sync.WaitGroup
	for _, h := range []*host{a, b, same} {
		for i := range 5 {
			wg.Go(func() {
				if _, _, err := get(t.Context(), tr, h.url+"/"+strconv.Itoa(i)); err != nil {
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	for _, h := range []*host{a, b, same} {
		for _, other := range []*host{a, b, same} {
			if last := len(other.visits) - 1; h.visits[0].from.After(other.visits[last].from) {
				t.Errorf("%s was not asked before %s was done; lanes waited for each other", h.url, other.url)
			}
		}
	}
	for _, h := range []*host{a, b, same} {
		if h.most != 1 {
			t.Errorf("%s saw %d requests at once, want 1", h.url, h.most)
		}
		if gap := h.shortestGap(); gap < 60*time.Millisecond {
			t.Errorf("%s saw a gap of %v, want at least 60 ms", h.url, gap)
		}
	}
}

func TestGapHoldsAcrossTransports(t *testing.T) {
	h := serve(t, "127.0.0.1", nil)
	c := config(h)
	c.MinGap, c.Robots = 100*time.Millisecond, fresh{}
	for range 2 {
		if _, _, err := get(t.Context(), newTransport(t, c), h.url+"/a"); err != nil {
			t.Fatal(err)
		}
	}
	if gap := h.shortestGap(); gap < 100*time.Millisecond {
		t.Errorf("a second transport asked after %v, want 100 ms or more", gap)
	}
}

func TestCrawlDelaySlowsItsHostAlone(t *testing.T) {
	robots := map[string]http.HandlerFunc{"/robots.txt": text(200, "User-agent: *\nCrawl-delay: 0.3\n")}
	slow, fast := serve(t, "127.0.0.1", robots), serve(t, "127.0.0.2", nil)
	tr := newTransport(t, config(slow, fast))
	for i := range 3 {
		for _, h := range []*host{slow, fast} {
			if _, _, err := get(t.Context(), tr, h.url+"/"+strconv.Itoa(i)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if gap := slow.shortestGap(); gap < 300*time.Millisecond {
		t.Errorf("gap = %v, want the crawl delay of 300 ms", gap)
	}

	long := serve(t, "127.0.0.3", map[string]http.HandlerFunc{"/robots.txt": text(200, "User-agent: *\nCrawl-delay: 60\n")})
	c := config(long)
	c.MaxCrawlDelay = 50 * time.Millisecond
	tr = newTransport(t, c)
	start := time.Now()
	for i := range 2 {
		if _, _, err := get(t.Context(), tr, long.url+"/"+strconv.Itoa(i)); err != nil {
			t.Fatal(err)
		}
	}
	if took := time.Since(start); took > 30*time.Second {
		t.Errorf("two pages took %v under a cap of 50 ms", took)
	}
}

func TestRetryAfterParksTheHost(t *testing.T) {
	week := time.Now().Add(7 * 24 * time.Hour).UTC().Format(http.TimeFormat)
	for _, tt := range []struct {
		name, header string
		status       int
		want         time.Duration // 0: not parked
	}{
		{"seconds", "120", 429, 2 * time.Minute},
		{"a date", time.Now().Add(10 * time.Minute).UTC().Format(http.TimeFormat), 503, 10 * time.Minute},
		{"a week", week, 503, 24 * time.Hour},
		{"in the past", "Mon, 06 May 2024 09:30:00 GMT", 503, 0},
		{"nonsense", "soon", 429, 0},
		{"with another status", "120", 404, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := serve(t, "127.0.0.1", map[string]http.HandlerFunc{"/busy": func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", tt.header)
				w.WriteHeader(tt.status)
			}})
			other := serve(t, "127.0.0.2", nil)
			tr := newTransport(t, config(h, other))
			if status, _, err := get(t.Context(), tr, h.url+"/busy"); err != nil || status != tt.status {
				t.Fatalf("status %d, %v; the answer itself must come through", status, err)
			}
			if tt.want == 0 {
				if _, _, err := get(t.Context(), tr, h.url+"/next"); err != nil {
					t.Fatal(err)
				}
				return
			}
			_, _, err := get(t.Context(), tr, h.url+"/next")
			e := wantClass(t, err, polite.Parked)
			if until := time.Until(e.Until); until > tt.want || until < tt.want-5*time.Second {
				t.Errorf("parked for %v, want %v", until, tt.want)
			}
			if h.count("/next") != 0 {
				t.Error("the host was asked before the pause was over")
			}
			if _, _, err := get(t.Context(), tr, other.url+"/next"); err != nil {
				t.Errorf("another host was parked too: %v", err)
			}
		})
	}
}

func TestParkingEnds(t *testing.T) {
	busy := true
	h := serve(t, "127.0.0.1", map[string]http.HandlerFunc{"/a": func(w http.ResponseWriter, _ *http.Request) {
		if busy {
			busy = false
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(503)
		}
	}})
	tr := newTransport(t, config(h))
	if status, _, err := get(t.Context(), tr, h.url+"/a"); err != nil || status != 503 {
		t.Fatalf("status %d, %v", status, err)
	}
	time.Sleep(1050 * time.Millisecond)
	if status, _, err := get(t.Context(), tr, h.url+"/a"); err != nil || status != 200 {
		t.Fatalf("status %d, %v; want 200 after the pause", status, err)
	}
}

func TestWaitingIsNotCountedAgainstTheTimeout(t *testing.T) {
	h := serve(t, "127.0.0.1", nil)
	c := config(h)
	c.MinGap, c.Timeout = 1200*time.Millisecond, time.Second
	tr := newTransport(t, c)
	for _, p := range []string{"/a", "/b"} {
		if _, _, err := get(t.Context(), tr, h.url+p); err != nil {
			t.Fatal(err)
		}
	}
}

func TestCancellationEndsWaitingAndFetching(t *testing.T) {
	h := serve(t, "127.0.0.1", map[string]http.HandlerFunc{"/hang": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }})
	c := config(h)
	for _, path := range []string{"/hang", "/waits"} {
		t.Run(path, func(t *testing.T) {
			cache := polite.RobotsCache(fresh{})
			c.Robots = cache
			if path == "/waits" {
				c.MinGap = time.Hour
			}
			tr := newTransport(t, c)
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(50*time.Millisecond, cancel)
			start := time.Now()
			_, _, err := get(ctx, tr, h.url+path)
			wantClass(t, err, polite.Canceled)
			if took := time.Since(start); took > time.Second {
				t.Errorf("took %v to notice", took)
			}
		})
	}
}

// fresh is a cache that says of every origin that it has no robots.txt.
type fresh struct{}

func (fresh) LoadRobots(_ context.Context, origin string) (polite.RobotsFile, bool, error) {
	return polite.RobotsFile{Origin: origin, Fetched: time.Now().Add(-time.Minute), Status: 404}, true, nil
}

func (fresh) SaveRobots(context.Context, polite.RobotsFile) error { return nil }

func TestTraceRecordsHops(t *testing.T) {
	b := serve(t, "127.0.0.2", map[string]http.HandlerFunc{"/end": raw("HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<p>no length")})
	a := serve(t, "127.0.0.1", map[string]http.HandlerFunc{"/start": redirect("/mid"), "/mid": redirect(b.url + "/end")})
	var trace polite.Trace
	_, body, err := get(polite.WithTrace(t.Context(), &trace), newTransport(t, config(a, b)), a.url+"/start")
	if err != nil || body != "<p>no length" {
		t.Fatalf("got %q, %v", body, err)
	}
	want := []polite.Hop{
		{URL: a.url + "/start", Status: 302}, {URL: a.url + "/mid", Status: 302}, {URL: b.url + "/end", Status: 200, OpenEnded: true},
	}
	if !slices.Equal(trace.Hops, want) {
		t.Errorf("hops = %+v\nwant %+v", trace.Hops, want)
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2024, 5, 6, 9, 30, 0, 0, time.UTC)
	for _, tt := range []struct {
		in   string
		want time.Duration
		ok   bool
	}{
		{"", 0, false}, {"0", 0, false}, {"-5", -0, false}, {"5", 5 * time.Second, true}, {" 5 ", 5 * time.Second, true},
		{"1.5", 0, false}, {"99999999999999999999", 0, false}, {"604800", 24 * time.Hour, true},
		{"Mon, 06 May 2024 09:31:00 GMT", time.Minute, true}, {"Mon, 06 May 2024 09:29:00 GMT", -time.Minute, false},
	} {
		got, ok := polite.RetryAfter(http.Header{"Retry-After": {tt.in}}, now)
		if ok != tt.ok || ok && got != tt.want {
			t.Errorf("RetryAfter(%q) = %v, %v; want %v, %v", tt.in, got, ok, tt.want, tt.ok)
		}
	}
}

// kept is a Pauses in memory.
type kept struct {
	mu     sync.Mutex
	pauses map[string]polite.Pause
	err    error
}

func (k *kept) LoadPause(_ context.Context, lane string) (polite.Pause, bool, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	p, ok := k.pauses[lane]
	return p, ok, k.err
}

func (k *kept) SavePause(_ context.Context, p polite.Pause) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.pauses[p.Lane] = p
	return k.err
}

func TestParkingOutlivesTheTransport(t *testing.T) {
	k := &kept{pauses: map[string]polite.Pause{}}
	h := serve(t, "127.0.0.1", map[string]http.HandlerFunc{"/busy": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(429)
	}})
	now := time.Now()
	c := config(h)
	c.Pauses, c.Now = k, func() time.Time { return now }
	if _, _, err := get(t.Context(), newTransport(t, c), h.url+"/busy"); err != nil {
		t.Fatal(err)
	}
	lane := strings.TrimPrefix(h.url, "http://")
	if p := k.pauses[lane]; !p.Asked.Equal(now) || !p.Until.Equal(now.Add(time.Hour)) || p.Status != 429 {
		t.Errorf("kept %+v", k.pauses)
	}
	for _, tt := range []struct {
		name    string
		elapsed time.Duration
		parked  bool
	}{
		{"soon after", time.Minute, true},
		{"when it is over", time.Hour, false},
		{"with a clock set back", -2 * time.Hour, false},
	} {
		c.Now = func() time.Time { return now.Add(tt.elapsed) }
		before := h.count("/next")
		_, _, err := get(t.Context(), newTransport(t, c), h.url+"/next")
		if tt.parked {
			e := wantClass(t, err, polite.Parked)
			if left := time.Until(e.Until); left > 59*time.Minute || left < 58*time.Minute || h.count("/next") != before {
				t.Errorf("%s: parked for %v, asked %d times", tt.name, left, h.count("/next")-before)
			}
		} else if err != nil || h.count("/next") != before+1 {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	k.err = errors.New("no more disk")
	_, _, err := get(t.Context(), newTransport(t, c), h.url+"/next")
	wantClass(t, err, polite.Internal)
}
