package crawler

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"

	"framewatch/crawler/polite"
)

// trip is an http.RoundTripper made of a function.
type trip func(*http.Request) (*http.Response, error)

func (f trip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func respond(req *http.Request, status int, contentType, body string) *http.Response {
	return &http.Response{StatusCode: status, ProtoMajor: 1, Header: http.Header{"Content-Type": {contentType}}, Body: io.NopCloser(strings.NewReader(body)), Request: req}
}

func TestFetchIgnoresTheEnvironmentOfColly(t *testing.T) {
	for name, value := range map[string]string{
		"COLLY_ALLOWED_DOMAINS": "nowhere.example", "COLLY_IGNORE_ROBOTSTXT": "n", "COLLY_USER_AGENT": "other/1", "COLLY_MAX_BODY_SIZE": "3",
		"COLLY_CACHE_DIR": t.TempDir(), "COLLY_DETECT_CHARSET": "y", "COLLY_PARSE_HTTP_ERROR_RESPONSE": "n", "COLLY_MAX_DEPTH": "1",
	} {
		t.Setenv(name, value)
	}
	asked := 0
	c := collector{transport: trip(func(r *http.Request) (*http.Response, error) {
		asked++
		return respond(r, 404, "text/html; charset=utf-8", "hello there"), nil
	})}
	for range 2 {
		resp, err := c.fetch(t.Context(), "https://meridian.example/a", nil)
		if err != nil || resp.status != 404 || string(resp.body) != "hello there" {
			t.Fatalf("got %+v, %v", resp, err)
		}
	}
	if asked != 2 {
		t.Errorf("%d requests for two visits, none of them for robots.txt; want 2", asked)
	}
}

func TestFetchGivesBytesAsServed(t *testing.T) {
	latin, err := charmap.ISO8859_1.NewEncoder().String("<p>Économie</p>")
	if err != nil {
		t.Fatal(err)
	}
	for _, contentType := range []string{"text/html; charset=iso-8859-1", "text/html", "text/html; charset=\"", "application/xml; charset=GBK", "application/gzip", ""} {
		c := collector{transport: trip(func(r *http.Request) (*http.Response, error) {
			resp := respond(r, 200, contentType, latin)
			resp.Uncompressed = true
			if contentType == "" {
				resp.Header.Del("Content-Type")
			}
			return resp, nil
		})}
		resp, err := c.fetch(t.Context(), "https://meridian.example/a", nil)
		if err != nil || string(resp.body) != latin || resp.header.Get("Content-Type") != contentType {
			t.Errorf("%q: got body %q, type %q, %v", contentType, resp.body, resp.header.Get("Content-Type"), err)
		}
	}
}

func TestFetchFollowsRedirectsWithoutCookies(t *testing.T) {
	var cookies []string
	c := collector{transport: trip(func(r *http.Request) (*http.Response, error) {
		cookies = append(cookies, r.Header.Get("Cookie"))
		n := len(cookies)
		if n == 4 {
			return respond(r, 200, "text/html", "end"), nil
		}
		resp := respond(r, 302, "text/html", "")
		resp.Header.Set("Set-Cookie", "id=1")
		resp.Header.Set("Location", fmt.Sprint("/", n%2)) // a, b, a: a page met before is no reason to stop
		return resp, nil
	})}
	resp, err := c.fetch(t.Context(), "https://meridian.example/0", http.Header{"Accept": {"text/html"}})
	if err != nil || resp.final != "https://meridian.example/1" || resp.hops != 4 {
		t.Errorf("got %+v, %v", resp, err)
	}
	if strings.Join(cookies, "") != "" {
		t.Errorf("cookies were sent: %q", cookies)
	}
}

func TestFetchKeepsTheTransportsError(t *testing.T) {
	want := &polite.Error{Class: polite.TooLarge, Detail: "too much"}
	c := collector{transport: trip(func(*http.Request) (*http.Response, error) { return nil, want })}
	_, err := c.fetch(t.Context(), "https://meridian.example/", nil)
	var got *polite.Error
	if !errors.As(err, &got) || got.Class != polite.TooLarge {
		t.Errorf("error = %v, want the transport's", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c.transport = trip(func(r *http.Request) (*http.Response, error) { return nil, r.Context().Err() })
	if _, err := c.fetch(ctx, "https://meridian.example/", nil); !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v, want the context's", err)
	}
}

func TestRetriesDoubleUpToADay(t *testing.T) {
	last := time.Duration(0)
	for attempt := 1; attempt <= 40; attempt++ {
		full := min(15*time.Minute<<min(attempt-1, 20), 24*time.Hour)
		for range 20 {
			if got := retryIn(attempt); got > full || got < full*9/10 {
				t.Fatalf("after attempt %d: %v, want %v less up to a tenth", attempt, got, full)
			}
		}
		if full < last {
			t.Errorf("attempt %d waits less than the one before", attempt)
		}
		last = full
	}
	if got := retryIn(0); got > 15*time.Minute {
		t.Errorf("attempt 0 waits %v", got)
	}
}

func TestJudgeStatus(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		status, hops int
		after        string
		state        State
		reason       string
		wait         time.Duration
	}{
		{404, 1, "", Retry, "http_404", 0}, {410, 1, "", Failed, "http_410", 0}, {451, 1, "", Failed, "http_451", 0}, {402, 1, "", Failed, "http_402", 0},
		{401, 1, "", Retry, "http_401", 0}, {403, 1, "", Retry, "http_403", 0}, {408, 1, "", Retry, "http_408", 0}, {418, 1, "", Failed, "http_418", 0},
		{429, 1, "30", Retry, "http_429", 30 * time.Second}, {503, 1, "Mon, 02 Mar 2026 10:00:00 GMT", Retry, "http_503", time.Hour},
		{503, 1, "604800", Retry, "http_503", 24 * time.Hour}, {500, 1, "30", Retry, "http_500", 0}, {599, 1, "", Retry, "http_599", 0},
		{302, 10, "", Failed, "redirect_limit", 0}, {302, 1, "", Failed, "http_302", 0}, {206, 1, "", Failed, "http_206", 0},
	} {
		v := judgeStatus(&response{status: tt.status, hops: tt.hops, header: http.Header{"Retry-After": {tt.after}}}, now)
		if v.state != tt.state || v.reason != tt.reason || v.wait != tt.wait || v.detail == "" {
			t.Errorf("%d: %+v, want %s %s %v", tt.status, v, tt.state, tt.reason, tt.wait)
		}
	}
}

func TestJudgeCoversEveryClass(t *testing.T) {
	for class, want := range map[polite.Class]State{
		polite.URLRefused: Denied, polite.PortRefused: Denied, polite.AddressRefused: Denied, polite.RobotsDenied: Denied,
		polite.TooLarge: Failed, polite.UnknownEncoding: Failed, polite.BadRedirect: Failed,
		polite.RobotsUnreachable: Retry, polite.Parked: Retry, polite.BadEncoding: Retry, polite.Truncated: Retry, polite.Timeout: Retry,
		polite.DNSTemporary: Retry, polite.DNSUnknown: Retry, polite.TLSFailed: Retry, polite.Refused: Retry, polite.Reset: Retry,
		polite.Unreachable: Retry, polite.Protocol: Retry,
	} {
		v := judge(fmt.Errorf("fetch: %w", &polite.Error{Class: class, Detail: "x"}))
		if v.state != want || v.reason != string(class) || v.detail == "" {
			t.Errorf("%s: %+v, want %s", class, v, want)
		}
	}
}

func TestPollIntervalFollowsTheNews(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	var p Poll
	step := func(items, fresh int) time.Duration {
		p.succeed(now, items, fresh)
		got := p.Next.Sub(now)
		now = p.Next
		return got
	}
	near := func(got, want time.Duration) bool { return got <= want && got > want*9/10 }
	if got := step(10, 10); !near(got, time.Hour) {
		t.Errorf("after the first poll %v, want an hour", got)
	}
	for range 20 {
		step(10, 0)
	}
	if got := p.Next.Sub(p.Last); !near(got, 12*time.Hour) {
		t.Errorf("after much of nothing %v, want 12 hours", got)
	}
	for range 20 {
		step(10, 9)
	}
	if got := p.Next.Sub(p.Last); !near(got, 15*time.Minute) {
		t.Errorf("after much news %v, want a quarter of an hour", got)
	}
}

func TestFailingFeedIsAskedEverLessButNeverGivenUp(t *testing.T) {
	start := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	p := Poll{ETag: "x", LastModified: "y", BodyHash: "z"}
	last := time.Duration(0)
	for i := range 100 {
		p.fail(start, verdict{reason: "http_404", detail: "d", weight: 0.5})
		pause := p.Next.Sub(start)
		if pause < last*9/10 || pause > 7*24*time.Hour {
			t.Fatalf("failure %d: a pause of %v after one of %v", i+1, pause, last)
		}
		if p.Failures < longFailing && pause > 24*time.Hour {
			t.Fatalf("failure %d: a pause of %v, want at most a day before %d points", i+1, pause, longFailing)
		}
		last = pause
	}
	if p.ETag+p.LastModified+p.BodyHash != "" {
		t.Error("a failed feed is asked for changes since a state that was not read")
	}
	p.succeed(start, 5, 1)
	if p.Failures != 0 || p.Reason != "" || p.Next.Sub(start) > time.Hour {
		t.Errorf("after a success: %+v, want a clean state and an hour", p)
	}
	p.fail(start, verdict{reason: "http_503", wait: 24 * time.Hour, weight: 0.5})
	if got := p.Next.Sub(start); got != 24*time.Hour {
		t.Errorf("a pause of %v, want the day that the server asks for", got)
	}
}

func TestSettleUpdates(t *testing.T) {
	stamp := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	list := func(n, same int) []Entry {
		out := make([]Entry, n)
		for i := range out {
			out[i].Updated = stamp
			if i >= same {
				out[i].Updated = stamp.Add(time.Duration(-i) * time.Hour)
			}
		}
		return out
	}
	kept := func(entries []Entry) int {
		settleUpdates(len(entries), func(i int) *time.Time { return &entries[i].Updated })
		return len(slices.DeleteFunc(entries, func(e Entry) bool { return e.Updated.IsZero() }))
	}
	for _, tt := range []struct{ n, same, want int }{{20, 20, 0}, {20, 12, 8}, {20, 3, 20}, {5, 5, 5}, {0, 0, 0}} {
		if got := kept(list(tt.n, tt.same)); got != tt.want {
			t.Errorf("of %d entries, %d with one time, %d keep theirs; want %d", tt.n, tt.same, got, tt.want)
		}
	}
}

func TestTrustedCanonical(t *testing.T) {
	const final = "https://www.meridian.example/a/1.html"
	for claim, want := range map[string]string{
		"https://meridian.example/a/1?utm_source=x": "https://meridian.example/a/1",
		"https://other.example/a/1":                 "",
		"https://www.meridian.example/":             "",
		"https://www.meridian.example/index.html":   "",
		"file:///etc/passwd":                        "",
		"":                                          "",
	} {
		if got := trusted(claim, final); got != want {
			t.Errorf("trusted(%q) = %q, want %q", claim, got, want)
		}
	}
}

func TestLooksCut(t *testing.T) {
	page := func(contentType, body string) *Page {
		return &Page{Header: http.Header{"Content-Type": {contentType}}, Body: []byte(body)}
	}
	for _, tt := range []struct {
		p    *Page
		want bool
	}{
		{page("text/html", "<html><p>x</p></HTML>\n<!-- served -->"), false},
		{page("text/html", "<html><p>x"), true},
		{page("text/plain", "x"), false},
		{page("text/html", ""), true},
	} {
		if got := looksCut(tt.p); got != tt.want {
			t.Errorf("looksCut(%q) = %v, want %v", tt.p.Body, got, tt.want)
		}
	}
}

func TestUserAgent(t *testing.T) {
	for _, tt := range []struct{ version, contact, want string }{
		{"1.2", "me@meridian.example", "framewatch/1.2 (+mailto:me@meridian.example)"},
		{"", "https://meridian.example/bot", "framewatch/0 (+https://meridian.example/bot)"},
		{"1 (x)\r\n", "a)b\r\nX: y", "framewatch/1x (+abX:y)"},
		{"1", "", "framewatch/1"},
	} {
		if got := userAgent(tt.version, tt.contact); got != tt.want {
			t.Errorf("userAgent(%q, %q) = %q, want %q", tt.version, tt.contact, got, tt.want)
		}
	}
}

func TestStatedOptOuts(t *testing.T) {
	for _, tt := range []struct {
		name   string
		header http.Header
		body   string
		want   string
	}{
		{"none", http.Header{}, "<head></head>", ""},
		{"the protocol's header", http.Header{"Tdm-Reservation": {"1"}}, "", "tdm-reservation"},
		{"the header withdrawn", http.Header{"Tdm-Reservation": {"0"}}, "", ""},
		{"a list", http.Header{"X-Robots-Tag": {"noarchive, NoIndex"}}, "", "noindex noarchive"},
		{"for another crawler", http.Header{"X-Robots-Tag": {"otherbot: noai, noindex"}}, "", ""},
		{"for us", http.Header{"X-Robots-Tag": {"otherbot: noindex, framewatch: noai"}}, "", "noai"},
		{"a date among them", http.Header{"X-Robots-Tag": {"unavailable_after: 25 Jun 2030 15:00:00 PST, noai"}}, "", "noai"},
		{"none of all", http.Header{}, "<META NAME=Robots CONTENT='none'>", "noindex"},
		{"a meta element for us", http.Header{}, "<meta name='framewatch' content='noai'>", "noai"},
		{"a meta element for another", http.Header{}, "<meta name='otherbot' content='noai'>", ""},
		{"the protocol's element", http.Header{}, "<meta name='tdm-reservation' content='1'>", "tdm-reservation"},
		{"in the body", http.Header{}, "<body><meta name='robots' content='noai'>", ""},
		{"in a script", http.Header{}, "<script>'<meta name=robots content=noai>'</script>", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.header.Set("Content-Type", "text/html")
			if got := strings.Join(stated(tt.header, []byte(tt.body)), " "); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func FuzzReserveRules(f *testing.F) {
	f.Add([]byte(`[{"location": "/a/*.html$", "tdm-reservation": 1}, {"location": "/", "tdm-reservation": "0"}]`), "/a/b.html")
	f.Add([]byte(`[{"location": "/\nAllow: /", "tdm-reservation": 1.0}, {"location": 7}]`), "/")
	f.Fuzz(func(t *testing.T, body []byte, target string) {
		file := polite.RobotsFile{Status: 200, Body: body}
		got := reserveRules(file).Allowed(target)
		if again := reserveRules(file).Allowed(target); again != got {
			t.Fatalf("%q is allowed: %v, then %v", target, got, again)
		}
		if !got && !bytes.Contains(body, []byte("location")) && !bytes.Contains(bytes.ToLower(body), []byte("location")) && !bytes.Contains(body, []byte(`\u`)) {
			t.Fatalf("%q reserves %q and names no location", body, target)
		}
	})
}
