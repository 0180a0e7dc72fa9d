package polite_test

import (
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"framewatch/crawler/polite"
)

func squeeze(t testing.TB, s string, repeat int) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	for range repeat {
		if _, err := io.WriteString(z, s); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func encoded(encoding string, body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", encoding)
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body)
	}
}

func TestBodies(t *testing.T) {
	const limit = 1 << 20
	fits := strings.Repeat("x", limit)
	zipped := squeeze(t, "hello ", 1000)
	hello := strings.Repeat("hello ", 1000)
	chunked := func(n int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			for range n {
				_, _ = io.WriteString(w, strings.Repeat("x", 1024))
				w.(http.Flusher).Flush()
			}
		}
	}
	for _, tt := range []struct {
		name string
		page http.HandlerFunc
		want string // body, if class is empty
		fail polite.Class
	}{
		{"plain", text(200, "hello"), "hello", ""},
		{"empty", text(200, ""), "", ""},
		{"exactly the limit", text(200, fits), fits, ""},
		{"one byte more", text(200, fits+"x"), "", polite.TooLarge},
		{"more without a length", chunked(1025), "", polite.TooLarge},
		{"gzip", encoded("gzip", zipped), hello, ""},
		{"x-gzip", encoded("x-gzip", zipped), hello, ""},
		{"GZIP in capitals", encoded(" GZip ", zipped), hello, ""},
		{"identity", encoded("identity", []byte("hello")), "hello", ""},
		{"gzip of nothing", encoded("gzip", nil), "", ""},
		{"gzip bomb", encoded("gzip", squeeze(t, strings.Repeat("\x00", 1<<20), 200)), "", polite.TooLarge},
		{"x-gzip bomb", encoded("x-gzip", squeeze(t, strings.Repeat("\x00", 1<<20), 200)), "", polite.TooLarge},
		{"gzip in name only", encoded("gzip", []byte("<html>hello</html>")), "", polite.BadEncoding},
		{"gzip damaged", encoded("gzip", append(bytes.Clone(zipped[:len(zipped)-8]), "damaged!"...)), "", polite.BadEncoding},
		{"gzip cut", encoded("gzip", zipped[:len(zipped)/2]), "", polite.Truncated},
		{"brotli", encoded("br", []byte("\x0b\x02\x80hello\x03")), "", polite.UnknownEncoding},
		{"deflate", encoded("deflate", []byte("x")), "", polite.UnknownEncoding},
		{"zstd", encoded("zstd", []byte("x")), "", polite.UnknownEncoding},
		{"gzip twice", encoded("gzip, gzip", []byte("x")), "", polite.UnknownEncoding},
		{"a gzip file stays one", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/gzip")
			_, _ = w.Write(zipped)
		}, string(zipped), ""},
		{"cut short of its length", raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello"), "", polite.Truncated},
		{"cut between chunks", raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"), "", polite.Truncated},
		{"a chunk size that is none", raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n"), "", polite.Protocol},
		{"garbage", raw("220 mail.example ESMTP\r\n"), "", polite.Protocol},
		{"nothing at all", raw(""), "", polite.Reset},
		{"a reset", reset, "", polite.Reset},
		{"a flood of headers", raw("HTTP/1.1 200 OK\r\n" + strings.Repeat("X-A: "+strings.Repeat("b", 1000)+"\r\n", 300) + "\r\nhello"), "", polite.Protocol},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := serve(t, "127.0.0.1", map[string]http.HandlerFunc{"/a": tt.page})
			c := config(h)
			c.MaxBody = limit
			c.Robots = fresh{}
			_, body, err := get(t.Context(), newTransport(t, c), h.url+"/a")
			if tt.fail != "" {
				wantClass(t, err, tt.fail)
			} else if err != nil || body != tt.want {
				t.Errorf("got %.60q, %v; want %.60q", body, err, tt.want)
			}
			if n := h.count("/a"); n != 1 {
				t.Errorf("asked %d times, want once", n)
			}
		})
	}
}

func TestBombsStayBounded(t *testing.T) {
	bomb := squeeze(t, strings.Repeat("\x00", 1<<20), 256)
	h := serve(t, "127.0.0.1", map[string]http.HandlerFunc{"/a": encoded("gzip", bomb)})
	tr := newTransport(t, config(h)) // default limit
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	_, _, err := get(t.Context(), tr, h.url+"/a")
	wantClass(t, err, polite.TooLarge)
	runtime.ReadMemStats(&after)
	if mb := (after.TotalAlloc - before.TotalAlloc) >> 20; mb > 100 || time.Since(start) > 20*time.Second {
		t.Errorf("a bomb of 256 MB took %v and %d MB in passing", time.Since(start), mb)
	}
}

func TestOtherStatusesComeThrough(t *testing.T) {
	h := serve(t, "127.0.0.1", map[string]http.HandlerFunc{
		"/304": func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("If-None-Match") == `"v1"` {
				w.Header().Set("ETag", `"v1"`)
				w.WriteHeader(304)
			}
		},
		"/404": text(404, strings.Repeat("no", 100_000)),
		"/500": encodedStatus(500, "br"),
		"/204": text(204, ""),
	})
	tr := newTransport(t, config(h))
	req, _ := http.NewRequest(http.MethodGet, h.url+"/304", nil)
	req.Header.Set("If-None-Match", `"v1"`)
	resp, err := tr.RoundTrip(req)
	if err != nil || resp.StatusCode != 304 || resp.Header.Get("ETag") != `"v1"` {
		t.Errorf("304: got %v, %v", resp, err)
	}
	for path, want := range map[string]int{"/404": 404, "/500": 500, "/204": 204} {
		status, body, err := get(t.Context(), tr, h.url+path)
		if err != nil || status != want || len(body) > 64<<10 {
			t.Errorf("%s: status %d, %d bytes, %v", path, status, len(body), err)
		}
	}
}

func encodedStatus(status int, encoding string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", encoding)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, "xxxx")
	}
}

func TestSlowServers(t *testing.T) {
	h := serve(t, "127.0.0.1", map[string]http.HandlerFunc{
		"/hang": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"/dribble": func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				_, _ = io.WriteString(w, "x")
				w.(http.Flusher).Flush()
				time.Sleep(20 * time.Millisecond)
			}
		},
		"/slow": func(w http.ResponseWriter, _ *http.Request) {
			time.Sleep(50 * time.Millisecond)
			_, _ = io.WriteString(w, "late")
		},
	})
	c := config(h)
	c.Timeout = time.Second
	tr := newTransport(t, c)
	for _, path := range []string{"/hang", "/dribble"} {
		start := time.Now()
		_, _, err := get(t.Context(), tr, h.url+path)
		wantClass(t, err, polite.Timeout)
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%s took %v", path, took)
		}
	}
	if _, body, err := get(t.Context(), tr, h.url+"/slow"); err != nil || body != "late" {
		t.Errorf("/slow: %q, %v", body, err)
	}
}

func TestConnectionFaults(t *testing.T) {
	plain := serve(t, "127.0.0.1", nil)
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
	secure.StartTLS()
	t.Cleanup(secure.Close)
	u, err := url.Parse(secure.URL)
	if err != nil {
		t.Fatal(err)
	}
	securePort, _ := strconv.Atoi(u.Port())
	gone := httptest.NewServer(nil)
	g, _ := url.Parse(gone.URL)
	gonePort, _ := strconv.Atoi(g.Port())
	gone.Close()

	c := config(plain)
	c.AllowPorts = append(c.AllowPorts, securePort, gonePort)
	c.Robots = fresh{}
	tr := newTransport(t, c)
	for _, tt := range []struct {
		name, url string
		want      []polite.Class
	}{
		{"a certificate that nobody vouches for", secure.URL, []polite.Class{polite.TLSFailed}},
		{"no TLS where it is expected", strings.Replace(plain.url, "http:", "https:", 1), []polite.Class{polite.TLSFailed}},
		{"nobody listens", gone.URL, []polite.Class{polite.Refused}},
		{"a name that does not exist", fmt.Sprintf("http://no-such-host.invalid:%d/", plain.port), []polite.Class{polite.DNSUnknown, polite.DNSTemporary}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := get(t.Context(), tr, tt.url)
			e := wantClass(t, err, tt.want...)
			if e.URL == "" {
				t.Error("the error does not name its URL")
			}
		})
	}
}
