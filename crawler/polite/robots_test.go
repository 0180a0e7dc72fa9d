package polite_test

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"framewatch/crawler/polite"
)

const closed = "User-agent: *\nDisallow: /private\n"

func TestRobotsAnswers(t *testing.T) {
	const denied, allowed, down = polite.RobotsDenied, "", polite.RobotsUnreachable
	gz := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = io.WriteString(z, closed)
		z.Close()
	}
	huge := func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, closed)
		for range 40 << 10 {
			if _, err := fmt.Fprintf(w, "# %01021d\n", 0); err != nil {
				return
			}
		}
	}
	for _, tt := range []struct {
		name    string
		robots  http.HandlerFunc
		private polite.Class // for a path that the file forbids
		open    polite.Class // for any other
	}{
		{"a file", text(200, closed), denied, allowed},
		{"a file for us", text(200, "User-agent: *\nDisallow: /\nUser-agent: framewatch\nDisallow: /private"), denied, allowed},
		{"a file with a byte order mark and Windows lines", text(200, "\ufeffUser-agent: *\r\nDisallow: /private\r\n"), denied, allowed},
		{"a file with bad lines", text(200, "<<>>\nCrawl-delay: ten\n"+closed+"Disallow"), denied, allowed},
		{"a compressed file", gz, denied, allowed},
		{"a file of 40 MB", huge, denied, allowed},
		{"an HTML page", text(200, "<html>welcome, user-agent: *</html>"), allowed, allowed},
		{"an empty file", text(200, ""), allowed, allowed},
		{"not found", text(404, ""), allowed, allowed},
		{"unauthorized", text(401, ""), allowed, allowed},
		{"forbidden", text(403, closed), allowed, allowed},
		{"gone", text(410, ""), allowed, allowed},
		{"server error", text(500, ""), down, down},
		{"unavailable", text(503, ""), down, down},
		{"reset", reset, down, down},
		{"garbage", raw("What?\r\n\r\n"), polite.Protocol, polite.Protocol},
		{"an unknown encoding", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "br")
			_, _ = io.WriteString(w, "xxxx")
		}, down, down},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := serve(t, "127.0.0.1", map[string]http.HandlerFunc{"/robots.txt": tt.robots})
			tr := newTransport(t, config(h))
			for path, want := range map[string]polite.Class{"/private/a": tt.private, "/open": tt.open} {
				_, _, err := get(t.Context(), tr, h.url+path)
				if want == allowed {
					if err != nil {
						t.Errorf("%s: %v, want it allowed", path, err)
					}
					continue
				}
				wantClass(t, err, want)
				if h.count(path) != 0 {
					t.Errorf("%s was asked for", path)
				}
			}
			if n := h.count("/robots.txt"); n != 1 {
				t.Errorf("robots.txt was asked for %d times, want once", n)
			}
		})
	}
}

func TestRobotsRedirects(t *testing.T) {
	chain := func(n int, end string) map[string]http.HandlerFunc {
		pages := map[string]http.HandlerFunc{"/robots.txt": redirect("/1")}
		for i := 1; i < n; i++ {
			pages[fmt.Sprint("/", i)] = redirect(fmt.Sprint("/", i+1))
		}
		pages[fmt.Sprint("/", n)] = text(200, end)
		return pages
	}
	for _, tt := range []struct {
		hops int
		want bool // the rules at the end are obeyed
	}{{1, true}, {4, true}, {5, true}, {6, false}} {
		t.Run(fmt.Sprint(tt.hops), func(t *testing.T) {
			h := serve(t, "127.0.0.1", chain(tt.hops, "User-agent: *\nDisallow: /private"))
			_, _, err := get(t.Context(), newTransport(t, config(h)), h.url+"/private")
			if got := err != nil; got != tt.want {
				t.Errorf("error = %v, want the rules obeyed: %v", err, tt.want)
			}
		})
	}
	t.Run("loop", func(t *testing.T) {
		h := serve(t, "127.0.0.1", map[string]http.HandlerFunc{"/robots.txt": redirect("/robots.txt")})
		if _, _, err := get(t.Context(), newTransport(t, config(h)), h.url+"/a"); err != nil {
			t.Error(err)
		}
		if n := h.count("/robots.txt"); n > 6 {
			t.Errorf("asked %d times, want at most 6", n)
		}
	})
	t.Run("to another host", func(t *testing.T) {
		other := serve(t, "127.0.0.2", map[string]http.HandlerFunc{"/rules": text(200, closed)})
		h := serve(t, "127.0.0.1", map[string]http.HandlerFunc{"/robots.txt": redirect(other.url + "/rules")})
		_, _, err := get(t.Context(), newTransport(t, config(h, other)), h.url+"/private")
		wantClass(t, err, polite.RobotsDenied)
	})
	t.Run("to a forbidden address", func(t *testing.T) {
		trap := serve(t, "127.0.0.9", nil)
		h := serve(t, "127.0.0.1", map[string]http.HandlerFunc{"/robots.txt": redirect(trap.url + "/")})
		c := config(h)
		c.AllowPorts = append(c.AllowPorts, trap.port)
		_, _, err := get(t.Context(), newTransport(t, c), h.url+"/a")
		wantClass(t, err, polite.AddressRefused)
		if trap.asked() != "" || h.count("/a") != 0 {
			t.Errorf("the trap was asked for %q, the host for %q", trap.asked(), h.asked())
		}
	})
}

func TestRobotsIsFetchedOnceForMany(t *testing.T) {
	h := serve(t, "127.0.0.1", map[string]http.HandlerFunc{"/robots.txt": func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(50 * time.Millisecond)
		_, _ = io.WriteString(w, closed)
	}})
	tr := newTransport(t, config(h))
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			if _, _, err := get(t.Context(), tr, fmt.Sprint(h.url, "/", i)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := h.count("/robots.txt"); n != 1 {
		t.Errorf("robots.txt was asked for %d times, want once", n)
	}
}

func TestRobotsSurvivesACallerThatGivesUp(t *testing.T) {
	h := serve(t, "127.0.0.1", map[string]http.HandlerFunc{"/robots.txt": func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(100 * time.Millisecond)
		_, _ = io.WriteString(w, closed)
	}})
	tr := newTransport(t, config(h))
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, _, err := get(ctx, tr, h.url+"/a"); err == nil {
		t.Fatal("no error although the caller gave up")
	}
	if _, _, err := get(t.Context(), tr, h.url+"/a"); err != nil {
		t.Errorf("the next caller suffers: %v", err)
	}
}

func TestRobotsHeals(t *testing.T) {
	var broken atomic.Bool
	broken.Store(true)
	h := serve(t, "127.0.0.1", map[string]http.HandlerFunc{"/robots.txt": func(w http.ResponseWriter, _ *http.Request) {
		if broken.Load() {
			w.WriteHeader(503)
		}
	}})
	now := time.Now()
	c := config(h)
	c.Now = func() time.Time { return now }
	tr := newTransport(t, c)
	for range 5 {
		_, _, err := get(t.Context(), tr, h.url+"/a")
		wantClass(t, err, polite.RobotsUnreachable)
	}
	if got := h.asked(); got != "/robots.txt" {
		t.Errorf("asked for %q, want robots.txt once", got)
	}
	broken.Store(false)
	now = now.Add(61 * time.Second)
	if _, _, err := get(t.Context(), tr, h.url+"/a"); err != nil {
		t.Errorf("after healing: %v", err)
	}
}

func TestRobotsAppliesToEveryHop(t *testing.T) {
	other := serve(t, "127.0.0.2", map[string]http.HandlerFunc{"/robots.txt": text(200, "User-agent: *\nDisallow: /")})
	h := serve(t, "127.0.0.1", map[string]http.HandlerFunc{
		"/robots.txt": text(200, closed), "/here": redirect("/private/x"), "/there": redirect(other.url + "/y"),
	})
	tr := newTransport(t, config(h, other))
	for _, path := range []string{"/here", "/there"} {
		_, _, err := get(t.Context(), tr, h.url+path)
		wantClass(t, err, polite.RobotsDenied)
	}
	if got, want := h.asked(), "/robots.txt /here /there"; got != want {
		t.Errorf("asked for %q, want %q", got, want)
	}
	if got := other.asked(); got != "/robots.txt" {
		t.Errorf("the other host was asked for %q, want robots.txt alone", got)
	}
}

func TestRobotsMatchesTheQueryAsSent(t *testing.T) {
	h := serve(t, "127.0.0.1", map[string]http.HandlerFunc{"/robots.txt": text(200, "User-agent: *\nDisallow: /*?b=2&a=1$\n")})
	tr := newTransport(t, config(h))
	_, _, err := get(t.Context(), tr, h.url+"/x?b=2&a=1")
	wantClass(t, err, polite.RobotsDenied)
	if _, _, err := get(t.Context(), tr, h.url+"/x?a=1&b=2"); err != nil {
		t.Error(err)
	}
}

func TestRobotsCacheOutlivesTheTransport(t *testing.T) {
	body := closed
	h := serve(t, "127.0.0.1", map[string]http.HandlerFunc{"/robots.txt": func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, body)
	}})
	now := time.Date(2024, 5, 6, 9, 0, 0, 0, time.UTC)
	c := config(h)
	c.Robots = &mapCache{}
	c.Now = func() time.Time { return now }
	for _, step := range []struct {
		name   string
		at     time.Duration
		body   string
		denied bool
		asked  int
	}{
		{"first", 0, closed, true, 1},
		{"an hour later", time.Hour, "", true, 1},
		{"a day later the change is seen", 24 * time.Hour, "", false, 2},
		{"a clock set back does not trust the future", 2 * time.Hour, closed, true, 3},
	} {
		now = time.Date(2024, 5, 6, 9, 0, 0, 0, time.UTC).Add(step.at)
		body = step.body
		_, _, err := get(t.Context(), newTransport(t, c), h.url+"/private")
		if got := err != nil; got != step.denied {
			t.Errorf("%s: error = %v, want denied %v", step.name, err, step.denied)
		}
		if n := h.count("/robots.txt"); n != step.asked {
			t.Errorf("%s: robots.txt was asked for %d times, want %d", step.name, n, step.asked)
		}
	}
}

func TestRobotsCacheFailureIsNotTheServersFault(t *testing.T) {
	h := serve(t, "127.0.0.1", nil)
	c := config(h)
	c.Robots = &mapCache{err: errors.New("disk full")}
	_, _, err := get(t.Context(), newTransport(t, c), h.url+"/a")
	wantClass(t, err, polite.Internal)
	if !strings.Contains(err.Error(), "disk full") {
		t.Errorf("error = %v, want the cause named", err)
	}
}

// mapCache is a RobotsCache that can fail.
type mapCache struct {
	mu    sync.Mutex
	files map[string]polite.RobotsFile
	err   error
}

func (c *mapCache) LoadRobots(_ context.Context, origin string) (polite.RobotsFile, bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f, ok := c.files[origin]
	return f, ok, c.err
}

func (c *mapCache) SaveRobots(_ context.Context, f polite.RobotsFile) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.files == nil {
		c.files = map[string]polite.RobotsFile{}
	}
	c.files[f.Origin] = f
	return c.err
}

func TestSitemapsOfARobotsFile(t *testing.T) {
	h := serve(t, "127.0.0.1", map[string]http.HandlerFunc{"/robots.txt": text(200, "Sitemap: /news.xml\n"+closed+"Sitemap: https://x.example/m.xml")})
	tr := newTransport(t, config(h))
	got, err := tr.Sitemaps(t.Context(), h.url+"/any")
	if err != nil || strings.Join(got, " ") != "/news.xml https://x.example/m.xml" {
		t.Errorf("Sitemaps() = %q, %v", got, err)
	}
}

// spyCache keeps one file and remembers what it was told of it.
type spyCache struct {
	file    polite.RobotsFile
	changed []bool
}

func (c *spyCache) LoadRobots(context.Context, string) (polite.RobotsFile, bool, error) {
	return c.file, !c.file.Fetched.IsZero(), nil
}

func (c *spyCache) SaveRobots(_ context.Context, f polite.RobotsFile) error {
	c.file, c.changed = f, append(c.changed, f.Changed)
	return nil
}

func TestRobotsSayWhenTheirRulesChange(t *testing.T) {
	text := ""
	h := serve(t, "127.0.0.1", map[string]http.HandlerFunc{"/robots.txt": func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, text) }})
	cache, now := &spyCache{}, time.Now()
	c := config(h)
	c.Robots, c.Now = cache, func() time.Time { return now }
	for i, tt := range []struct {
		text string
		want bool
	}{
		{"User-agent: *\nDisallow: /a\n", true}, // nothing was known
		{"# of today\nUser-agent: *\nDisallow: /a\n", false},
		{"User-agent: *\nDisallow: /a\n\nUser-agent: otherbot\nDisallow: /\n", false},
		{"User-agent: *\nDisallow: /b\n", true},
		{"User-agent: *\nDisallow: /b\nCrawl-delay: 3\n", true},
	} {
		text, now = tt.text, now.Add(25*time.Hour)
		if _, err := newTransport(t, c).Sitemaps(t.Context(), h.url+"/"); err != nil {
			t.Fatal(err)
		}
		if len(cache.changed) != i+1 || cache.changed[i] != tt.want {
			t.Errorf("%q: changed %v, want %v at the end", tt.text, cache.changed, tt.want)
		}
	}
}
