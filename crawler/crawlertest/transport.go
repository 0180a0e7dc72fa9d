package crawlertest

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"
)

// FeedIsHTML: the feed is sound, then (stage 1) a web page, then (stage 2) sound
// again with one item more.
func FeedIsHTML(s *Site) *Scenario {
	c := s.open("feed-is-html")
	items := c.publishMany("/a/kept", 3)
	page := "<!doctype html><html><head><title>Welcome</title></head><body><p>Our feeds have moved.</p><a href=\"/a/kept-1.html\">Read</a></body></html>"
	c.Host.Handle("/feed.xml", s.Stages(XML(RSS("Courier", items[:2]...)), HTML(page), XML(RSS("Courier", items...))))
	return c
}

// Unsteady: the feed and a page answer 500 twice each, then well.
func Unsteady(s *Site) *Scenario {
	c := s.open("unsteady")
	sick := Status(http.StatusInternalServerError)
	item := c.answer("/a/page.html", func(page string) Answer { return Sequence(sick, sick, HTML(page)) })
	c.Host.Handle("/feed.xml", Sequence(sick, sick, XML(RSS("Courier", item))))
	return c
}

// TooManyRequests: a page answers 429 with Retry-After in seconds, then well;
// another is well.
func TooManyRequests(s *Site, wait time.Duration) *Scenario {
	c := s.open("too-many-requests")
	item := c.answer("/a/page.html", func(page string) Answer {
		return Sequence(Status(http.StatusTooManyRequests, "Retry-After", fmt.Sprint(int(wait.Seconds()))), HTML(page))
	})
	c.Host.Feed("/feed.xml", item, c.publish("/a/other.html"))
	return c
}

// Unavailable: a page answers 503 with Retry-After as a date, then well; another
// is well.
func Unavailable(s *Site, wait time.Duration) *Scenario {
	c := s.open("unavailable")
	busy := func(w http.ResponseWriter, r *http.Request) {
		// The date has whole seconds: round up, so that no client comes too early by our clock.
		at := time.Now().Add(wait + time.Second).UTC().Format(http.TimeFormat)
		Status(http.StatusServiceUnavailable, "Retry-After", at)(w, r)
	}
	item := c.answer("/a/page.html", func(page string) Answer { return Sequence(busy, HTML(page)) })
	c.Host.Feed("/feed.xml", item, c.publish("/a/other.html"))
	return c
}

// AwayForAWeek: the feed answers 503 with a Retry-After of a week.
func AwayForAWeek(s *Site) *Scenario {
	c := s.open("away-for-a-week")
	item := c.publish("/a/page.html")
	c.Host.Handle("/feed.xml", s.Stages(Status(http.StatusServiceUnavailable, "Retry-After", "604800"), XML(RSS("Courier", item))))
	return c
}

// CutPages: pages that end before their end, each in another way, and whole from
// stage 1 on.
func CutPages(s *Site) *Scenario {
	c := s.open("cut-pages")
	var items []Item
	for name, cut := range map[string]func(string, string, int) Answer{
		"reset": Reset, "short": Short, "chunked": ShortChunked, "http10": ShortHTTP10,
	} {
		items = append(items, c.answer("/a/"+name+".html", func(page string) Answer {
			return s.Stages(cut("text/html; charset=utf-8", page, len(page)*2/3), HTML(page))
		}))
	}
	c.Host.Feed("/feed.xml", items...)
	return c
}

// CutFeed: the feed ends in the middle of its third item, with nothing but its
// own text to show it, and is whole from stage 1 on.
func CutFeed(s *Site) *Scenario {
	c := s.open("cut-feed")
	items := c.publishMany("/a/item", 4)
	whole := RSS("Courier", items...)
	cut := strings.Index(whole, items[2].Link) + 10
	c.Host.Handle("/feed.xml", s.Stages(ShortHTTP10("application/rss+xml", whole, cut), XML(whole)))
	return c
}

// The first and the last words of a page that is too large.
const (
	LargeBegins = "FWB: here begins a text that goes on for longer than anybody reads about artificial intelligence in China."
	LargeEnds   = "FWE: here ends the text about artificial intelligence in the United States."
)

// TooLarge: a page and a second source's feed of more than size bytes.
func TooLarge(s *Site, size int) *Scenario {
	c := s.open("too-large")
	story := NewStory(0)
	story.Paragraphs = append([]string{LargeBegins}, story.Paragraphs...)
	for n := 0; n < size; n += len(story.Paragraphs[1]) {
		story.Paragraphs = append(story.Paragraphs, story.Paragraphs[1+len(story.Paragraphs)%8])
	}
	story.Paragraphs = append(story.Paragraphs, LargeEnds)
	c.Host.Feed("/feed.xml", c.Host.Publish("/a/large.html", story), c.publish("/a/ordinary.html"))
	return c
}

// Bombs: pages that unpack to size bytes under every name that unpacking goes
// by, and an ordinary one.
func Bombs(s *Site, size int) *Scenario {
	c := s.open("bombs")
	bomb := Bomb("<!doctype html><html><head><title>Bomb</title></head><body><p>", size)
	c.Host.Handle("/a/gzip.html", Encoded("gzip", "text/html", bomb))
	c.Host.Handle("/a/x-gzip.html", Encoded("x-gzip", "text/html", bomb))
	c.Host.Handle("/a/typed.html", Body("application/gzip", string(bomb)))
	c.Host.Handle("/a/named.html.gz", Body("text/html", string(bomb)))
	c.Host.Feed("/feed.xml", c.link("/a/gzip.html", "one"), c.link("/a/x-gzip.html", "two"), c.link("/a/typed.html", "three"),
		c.link("/a/named.html.gz", "four"), c.publish("/a/ordinary.html"))
	return c
}

// FeedBomb: the feed and the sitemap unpack to size bytes.
func FeedBomb(s *Site, size int) *Scenario {
	c := s.open("feed-bomb")
	c.Host.Handle("/feed.xml", Encoded("gzip", "application/rss+xml", Bomb("<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Bomb</title>", size)))
	c.Host.Handle("/sitemap.xml.gz", Body("application/octet-stream", string(Bomb("<?xml version=\"1.0\"?><urlset>", size))))
	c.Sitemaps = []string{c.Host.URL("/sitemap.xml.gz")}
	return c
}

// Encodings: an unknown content encoding, one that is not what it says, one that
// is cut, and two that are sound.
func Encodings(s *Site) *Scenario {
	c := s.open("encodings")
	sick := func(path, encoding string, data []byte) Item {
		c.Host.Handle(path, Encoded(encoding, "text/html; charset=utf-8", data))
		return c.link(path, "Encoded as "+encoding)
	}
	page := s.Next().HTML()
	items := []Item{
		sick("/a/brotli.html", "br", []byte("\x1b\x2a\x01\x00\xf8\xff\x8d\x92 no reader for this \x00\x01\x02")),
		sick("/a/zstd.html", "zstd", []byte("\x28\xb5\x2f\xfd\x04\x00 nor for this \x00\x01")),
		sick("/a/unknown.html", "fw-imaginary", []byte(page)),
		sick("/a/false.html", "gzip", []byte(page)),
		sick("/a/cut.html", "gzip", Gzip(page)[:len(Gzip(page))/2]),
	}
	for path, encoding := range map[string]string{"/a/gzip.html": "gzip", "/a/x-gzip.html": "x-gzip"} {
		items = append(items, c.answer(path, func(page string) Answer { return Encoded(encoding, "text/html; charset=utf-8", Gzip(page)) }))
	}
	c.Host.Feed("/feed.xml", items...)
	return c
}

// Redirects: a page that leads to itself, two that lead to each other, a chain of
// 12 hops, and one of 4 hops whose end holds the story.
func Redirects(s *Site) *Scenario {
	c := s.open("redirects")
	h := c.Host
	h.Handle("/a/self.html", Redirect("/a/self.html"))
	h.Handle("/a/ping.html", Redirect("/a/pong.html"))
	h.Handle("/a/pong.html", Redirect("/a/ping.html"))
	long := s.Next()
	chain := func(name string, hops int, end string) {
		for i := range hops {
			to := fmt.Sprintf("/%s/%d", name, i+1)
			if i == hops-1 {
				to = end
			}
			h.Handle(fmt.Sprintf("/%s/%d", name, i), Redirect(to))
		}
	}
	chain("chain12", 12, "/a/end12.html")
	h.Publish("/a/end12.html", long)
	chain("chain4", 4, "/a/end4.html")
	c.publish("/a/end4.html")
	h.Feed("/feed.xml", c.link("/a/self.html", "Self"), c.link("/a/ping.html", "Ping"), c.link("/chain12/0", "Twelve"), c.link("/chain4/0", "Four"))
	return c
}

// RedirectToForbidden: links that lead to a path which robots.txt forbids, on the
// same host and on another one.
func RedirectToForbidden(s *Site) *Scenario {
	c := s.open("redirect-to-forbidden")
	there := c.other()
	there.Robots("User-agent: *\nDisallow: /\n")
	c.Forbidden[there.addr] = []string{"/a/"}
	c.Host.Publish("/private/story.html", s.Next())
	there.Publish("/a/story.html", s.Next())
	c.Host.Handle("/a/here.html", Redirect("/private/story.html"))
	c.Host.Handle("/a/there.html", Redirect(there.URL("/a/story.html")))
	c.Host.Feed("/feed.xml", c.link("/a/here.html", "Here"), c.link("/a/there.html", "There"), c.publish("/a/open.html"))
	return c
}

// Slow: a page after five seconds, one that dribbles, one that hangs, and one
// that answers at once on another host.
func Slow(s *Site, late time.Duration) *Scenario {
	c := s.open("slow")
	c.Host.Handle("/a/dribble.html", s.Dribble(50*time.Millisecond))
	c.Host.Handle("/a/hang.html", s.Hang())
	item := c.answer("/a/late.html", func(page string) Answer { return s.After(late, HTML(page)) })
	c.Host.Feed("/feed.xml", c.link("/a/dribble.html", "Dribble"), c.link("/a/hang.html", "Hang"), item)
	return c
}

// BrokenNetwork: feeds whose host has no name, no listener, a certificate that
// nobody knows; and pages that are no HTTP, broken in a chunk, or behind an
// endless header.
func BrokenNetwork(s *Site) *Scenario {
	c := s.open("broken-network")
	item := c.publish("/a/ordinary.html")
	c.Host.Handle("/a/garbage.html", Garbage())
	c.Host.Handle("/a/chunk.html", BadChunk())
	c.Host.Handle("/a/flood.html", HeaderFlood(4<<20, s.Next().HTML()))
	c.Host.Feed("/feed.xml", item, c.link("/a/garbage.html", "Garbage"), c.link("/a/chunk.html", "Chunk"), c.link("/a/flood.html", "Flood"))
	return c
}

// Unreachable are sources whose only feed cannot be reached, each named after
// what is wrong. Their hosts are there but are not meant.
func Unreachable(s *Site) []*Scenario {
	var out []*Scenario
	for _, u := range []struct{ id, url string }{
		{"no-name", "http://feeds.courier.invalid/feed.xml"},
		{"refused", "http://" + s.closedPort() + "/feed.xml"},
		{"bad-tls", s.badTLS() + "/feed.xml"},
		{"no-http", s.noHTTP() + "/feed.xml"},
	} {
		c := s.open(u.id)
		c.Feeds = []string{u.url}
		out = append(out, c)
	}
	return out
}

// allowPort adds a port to the sources file.
func (s *Site) allowPort(addr string) {
	_, port, _ := net.SplitHostPort(addr)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ports = append(s.ports, port)
}

func (s *Site) closedPort() string {
	l, err := net.Listen("tcp", "127.0.0.2:0")
	if err != nil {
		panic("crawlertest: " + err.Error())
	}
	defer l.Close()
	s.allowPort(l.Addr().String())
	return l.Addr().String()
}

func (s *Site) badTLS() string {
	t := httptest.NewUnstartedServer(http.NotFoundHandler())
	t.Listener.Close()
	l, err := net.Listen("tcp", "127.0.0.3:0")
	if err != nil {
		panic("crawlertest: " + err.Error())
	}
	t.Listener = l
	t.Config.ErrorLog = log.New(io.Discard, "", 0)
	t.StartTLS()
	s.allowPort(l.Addr().String())
	go func() { <-s.done; t.Close() }()
	return t.URL
}

// noHTTP is a listener that greets as a mail server does.
func (s *Site) noHTTP() string {
	l, err := net.Listen("tcp", "127.0.0.4:0")
	if err != nil {
		panic("crawlertest: " + err.Error())
	}
	s.allowPort(l.Addr().String())
	go func() { <-s.done; l.Close() }()
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			io.WriteString(conn, "220 mail.courier.invalid ready\r\n")
			conn.Close()
		}
	}()
	return "http://" + l.Addr().String()
}
