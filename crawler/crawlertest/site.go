// Package crawlertest serves a faulty web site on loopback, for tests of a
// crawler. A [Site] has as many hosts as its scenarios ask for, each a listener
// of its own on one of 127.0.0.2 to 127.0.0.8, and a trap on 127.0.0.9 that
// nobody may ever contact. A [Scenario] lays pages, feeds and robots.txt files
// on hosts and says what source a crawler is given; every request is logged,
// and [Politeness] reads the log for what a well-behaved crawler does not do.
package crawlertest

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// The last byte of the addresses 127.0.0.x.
const (
	firstHost = 2
	lastHost  = 8
	trapHost  = 9
)

// Site is a set of hosts with one log of requests. Its methods are safe for
// concurrent use.
type Site struct {
	done chan struct{} // closed when the site closes, so that hanging answers end
	trap *Host

	mu      sync.Mutex
	hosts   []*Host
	log     []Request
	stage   int
	stories int      // used so far
	ports   []string // of listeners that are no hosts
}

// New opens a site with no hosts but the trap. Close it after use.
func New() (*Site, error) {
	s := &Site{done: make(chan struct{})}
	trap, err := s.listen(trapHost)
	if err != nil {
		return nil, fmt.Errorf("opening the trap: %w", err)
	}
	s.trap = trap
	return s, nil
}

// Close stops all hosts and ends the answers that are still being given.
func (s *Site) Close() {
	s.mu.Lock()
	hosts := slices.Clone(s.hosts)
	s.mu.Unlock()
	close(s.done)
	for _, h := range append(hosts, s.trap) {
		h.server.Close()
	}
}

// NewHost opens a host on the next of the addresses. Its robots.txt forbids
// /private/ to everybody. It panics if the machine has no port left.
func (s *Site) NewHost() *Host {
	s.mu.Lock()
	defer s.mu.Unlock()
	h, err := s.listen(firstHost + len(s.hosts)%(lastHost-firstHost+1))
	if err != nil {
		panic("crawlertest: " + err.Error())
	}
	h.Robots("User-agent: *\nDisallow: /private/\n")
	s.hosts = append(s.hosts, h)
	return h
}

// Trap is the host that must never be contacted.
func (s *Site) Trap() *Host { return s.trap }

// Advance moves the site to its next stage: what [Site.Stages] answers changes.
func (s *Site) Advance() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stage++
}

// Stage is the number of times that the site was advanced.
func (s *Site) Stage() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stage
}

// Requests returns the log so far, in the order in which the requests began.
func (s *Site) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.log)
}

func (s *Site) begin(r Request) (index int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r.Start = time.Now()
	s.log = append(s.log, r)
	return len(s.log) - 1
}

func (s *Site) end(index int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log[index].End = time.Now()
}

func (s *Site) listen(last int) (*Host, error) {
	l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.%d:0", last))
	if err != nil {
		return nil, err
	}
	h := &Host{site: s, addr: l.Addr().String(), answers: map[string]Answer{}}
	if last == trapHost {
		l = trapListener{l, h}
	}
	h.server = &http.Server{Handler: h, ErrorLog: log.New(io.Discard, "", 0)}
	go h.server.Serve(l)
	return h, nil
}

// trapListener logs every connection, whatever is asked through it.
type trapListener struct {
	net.Listener
	host *Host
}

func (t trapListener) Accept() (net.Conn, error) {
	c, err := t.Listener.Accept()
	if err == nil {
		t.host.site.end(t.host.site.begin(Request{Host: t.host.addr, Path: "(connection)"}))
	}
	return c, err
}

// Host is one web server of a site. Its methods are safe for concurrent use.
type Host struct {
	site   *Site
	addr   string
	server *http.Server

	mu      sync.Mutex
	answers map[string]Answer
}

// Addr is the host's address and port.
func (h *Host) Addr() string { return h.addr }

// Port is the host's port.
func (h *Host) Port() string {
	_, port, _ := net.SplitHostPort(h.addr)
	return port
}

// URL is the address of a path on the host.
func (h *Host) URL(path string) string { return "http://" + h.addr + path }

// Handle sets what the host answers to a path. A path with a query answers that
// query alone and goes before the plain path; a path that ends in "*" answers
// everything that begins so, the longest first. A later call for the same path
// replaces the answer.
func (h *Host) Handle(path string, answer Answer) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.answers[path] = answer
}

// Robots sets the text of robots.txt.
func (h *Host) Robots(text string) { h.Handle("/robots.txt", Body("text/plain; charset=utf-8", text)) }

// ServeHTTP logs the request and gives the answer set for its path, or 404.
func (h *Host) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	i := h.site.begin(Request{Host: h.addr, Method: r.Method, Path: r.RequestURI, UserAgent: r.UserAgent()})
	defer h.site.end(i)
	h.answer(r)(w, r)
}

func (h *Host) answer(r *http.Request) Answer {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, key := range []string{r.RequestURI, r.URL.Path} {
		if a := h.answers[key]; a != nil {
			return a
		}
	}
	best, found := "", Answer(http.NotFound)
	for key, a := range h.answers {
		if prefix, ok := strings.CutSuffix(key, "*"); ok && strings.HasPrefix(r.RequestURI, prefix) && len(key) > len(best) {
			best, found = key, a
		}
	}
	return found
}
