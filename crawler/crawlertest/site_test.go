package crawlertest

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

func open(t *testing.T) *Site {
	t.Helper()
	s, err := New()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// get asks without following redirects and returns what came before the error.
func get(t *testing.T, url string) (status int, body string, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := (&http.Transport{DisableKeepAlives: true, DisableCompression: true, MaxResponseHeaderBytes: 64 << 10}).RoundTrip(req)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	return res.StatusCode, string(b), err
}

func TestFaultsReachTheClient(t *testing.T) {
	s := open(t)
	h := s.NewHost()
	page := NewStory(1).HTML()
	tests := []struct {
		name   string
		answer Answer
		fails  bool // an error comes instead of, or after, the body
		length int  // of the body
	}{
		{"whole", HTML(page), false, len(page)},
		{"reset", Reset("text/html", page, 500), true, -1}, // the system may drop what was sent
		{"short", Short("text/html", page, 500), true, 500},
		{"short in chunks", ShortChunked("text/html", page, 500), true, 500},
		{"short without a length", ShortHTTP10("text/html", page, 500), false, 500},
		{"garbage", Garbage(), true, 0},
		{"bad chunk", BadChunk(), true, 0},
		{"header flood", HeaderFlood(1<<20, page), true, 0},
		{"hang", s.Hang(), true, 0},
		{"dribble", s.Dribble(20 * time.Millisecond), true, -1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h.Handle("/x", tt.answer)
			_, body, err := get(t, h.URL("/x"))
			if (err != nil) != tt.fails || tt.length >= 0 && len(body) != tt.length {
				t.Errorf("error %v, %d bytes; want an error %v, %d bytes", err, len(body), tt.fails, tt.length)
			}
		})
	}
}

func TestBombUnpacks(t *testing.T) {
	const size = 5 << 20
	data := Bomb("<p>head", size)
	r, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	if len(text) < size || !strings.HasPrefix(string(text), "<p>head  ") || len(data) > size/500 {
		t.Errorf("%d bytes unpack to %d, want at least %d of at most %d", len(data), len(text), size, size/500)
	}
}

func TestAnswersFollowRequestAndStage(t *testing.T) {
	s := open(t)
	h := s.NewHost()
	h.Handle("/x", s.Stages(Sequence(Status(500), Status(502)), HTML("later")))
	h.Handle("/x?q=1", HTML("by query"))
	h.Handle("/deep/*", HTML("by prefix"))
	h.Handle("/deep/er/*", HTML("by longer prefix"))
	for _, step := range []struct {
		path   string
		status int
		body   string
	}{
		{"/x", 500, ""}, {"/x", 502, ""}, {"/x", 502, ""}, {"/x?q=1", 200, "by query"}, {"/x?q=2", 502, ""},
		{"/deep/a", 200, "by prefix"}, {"/deep/er/a", 200, "by longer prefix"}, {"/none", 404, ""},
	} {
		status, body, err := get(t, h.URL(step.path))
		if err != nil || status != step.status || step.body != "" && body != step.body {
			t.Errorf("%s: %d %q %v, want %d %q", step.path, status, body, err, step.status, step.body)
		}
	}
	s.Advance()
	if _, body, _ := get(t, h.URL("/x")); body != "later" {
		t.Errorf("after Advance: %q, want %q", body, "later")
	}
}

func TestEveryRequestIsLogged(t *testing.T) {
	s := open(t)
	a, b := s.NewHost(), s.NewHost()
	for _, u := range []string{a.URL("/robots.txt"), b.URL("/p?q=1"), s.Trap().URL("/secret")} {
		get(t, u)
	}
	var got []string
	for _, r := range s.Requests() {
		if r.Start.IsZero() || r.End.Before(r.Start) {
			t.Errorf("%s%s lasted from %v to %v", r.Host, r.Path, r.Start, r.End)
		}
		got = append(got, r.Host+r.Path)
	}
	want := []string{a.Addr() + "/robots.txt", b.Addr() + "/p?q=1", s.Trap().Addr() + "(connection)", s.Trap().Addr() + "/secret"}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("log %v, want %v", got, want)
	}
}

func TestHangingAnswersEndWithTheSite(t *testing.T) {
	s, err := New()
	if err != nil {
		t.Fatal(err)
	}
	h := s.NewHost()
	h.Handle("/x", s.Hang())
	ended := make(chan error)
	go func() {
		_, err := http.Get(h.URL("/x"))
		ended <- err
	}()
	for len(s.Requests()) == 0 {
		time.Sleep(time.Millisecond)
	}
	s.Close()
	select {
	case <-ended:
	case <-time.After(5 * time.Second):
		t.Error("the request still hangs")
	}
}

func TestStoriesDiffer(t *testing.T) {
	titles, texts := map[string]int{}, map[string]int{}
	for n := range 2000 {
		s := NewStory(n)
		if m, ok := titles[s.Title]; ok {
			t.Fatalf("stories %d and %d are both called %q", m, n, s.Title)
		}
		if m, ok := texts[s.Text()]; ok {
			t.Fatalf("stories %d and %d have one text", m, n)
		}
		titles[s.Title], texts[s.Text()] = n, n
		if len(strings.Fields(s.Text())) < 300 || strings.ContainsAny(s.Text(), "{}") {
			t.Fatalf("story %d: %q", n, s.Text())
		}
	}
	if a, b := NewStory(7), NewStory(7); a.HTML() != b.HTML() {
		t.Error("story 7 is not always the same")
	}
}

func TestUnreachable(t *testing.T) {
	for _, c := range Unreachable(open(t)) {
		_, _, err := get(t, c.Feeds[0])
		if err == nil || errors.Is(err, context.DeadlineExceeded) && c.ID != "no-name" {
			t.Errorf("%s: %v, want an error at once", c.ID, err)
		}
	}
}
