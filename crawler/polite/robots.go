package polite

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"sync"
	"time"

	"framewatch/crawler/robots"
)

const (
	// robotsAge is how long a robots.txt is relied on (RFC 9309 section 2.4).
	robotsAge = 24 * time.Hour
	// robotsHops is how many redirects of a robots.txt are followed (section 2.3.1.2).
	robotsHops = 5
)

// origin is the state of one scheme, host and port.
type origin struct {
	turn chan struct{} // holds an element while somebody looks after the state

	rules    robots.Rules
	sitemaps []string
	expires  time.Time
	failure  *Error // why the file could not be read, until expires
}

// origins hands out the state of an origin.
type origins struct {
	mu    sync.Mutex
	named map[string]*origin
}

func (os *origins) get(name string) *origin {
	os.mu.Lock()
	defer os.mu.Unlock()
	if os.named == nil || len(os.named) >= maxLanes {
		// Forgetting costs a look into the cache.
		os.named = map[string]*origin{}
	}
	o := os.named[name]
	if o == nil {
		o = &origin{turn: make(chan struct{}, 1)}
		os.named[name] = o
	}
	return o
}

func originName(u *url.URL) string { return u.Scheme + "://" + laneName(u) }

// consult returns what robots.txt says about a URL's origin. Concurrent callers
// wait for one fetch; a caller whose context ends leaves without spoiling it for
// the others.
func (t *Transport) consult(ctx context.Context, u *url.URL) (robots.Rules, []string, error) {
	name := originName(u)
	o := t.origins.get(name)
	select {
	case o.turn <- struct{}{}:
	case <-ctx.Done():
		return robots.Rules{}, nil, classify(ctx, u.String(), ctx.Err())
	}
	defer func() { <-o.turn }()
	if !t.now().Before(o.expires) {
		if err := t.refresh(ctx, o, name); err != nil {
			return robots.Rules{}, nil, err
		}
	}
	if o.failure != nil {
		return robots.Rules{}, nil, o.failure
	}
	return o.rules, o.sitemaps, nil
}

// refresh renews the state of an origin from the cache or, when that is too old,
// from its server. It must be called by the one who has the turn.
func (t *Transport) refresh(ctx context.Context, o *origin, name string) error {
	now := t.now()
	f, ok, err := t.cache.LoadRobots(ctx, name)
	if err != nil {
		return &Error{Class: Internal, Detail: fmt.Sprintf("load robots.txt of %s: %v", name, err), Err: err}
	}
	// A date in the future comes from a clock that was wrong.
	if ok && !f.Fetched.After(now) && now.Before(f.Fetched.Add(robotsAge)) {
		t.adopt(o, f)
		return nil
	}
	before := t.rules(f)
	f, err = t.fetchRobots(ctx, name)
	if err != nil {
		return t.unreachable(ctx, o, err)
	}
	t.adopt(o, f)
	f.Changed = !ok || !reflect.DeepEqual(o.rules, before)
	if err := t.cache.SaveRobots(context.WithoutCancel(ctx), f); err != nil {
		return &Error{Class: Internal, Detail: fmt.Sprintf("keep robots.txt of %s: %v", name, err), Err: err}
	}
	return nil
}

// adopt makes a file the state of its origin. A 4xx answer, or a redirect that
// leads nowhere, means that there are no rules (RFC 9309 section 2.3.1.3).
func (t *Transport) adopt(o *origin, f RobotsFile) {
	file := parse(f)
	o.rules, o.sitemaps = file.Rules(t.product), file.Sitemaps()
	o.expires, o.failure = f.Fetched.Add(robotsAge), nil
}

func (t *Transport) rules(f RobotsFile) robots.Rules { return parse(f).Rules(t.product) }

func parse(f RobotsFile) *robots.File {
	if f.Status >= 200 && f.Status < 300 {
		return robots.Parse(f.Body)
	}
	return &robots.File{}
}

// unreachable turns a failed fetch into the error that forbids the origin for
// now. A refused address, a parked host and the caller's own end keep their
// names and are not remembered.
func (t *Transport) unreachable(ctx context.Context, o *origin, err error) error {
	var e *Error
	if errors.As(err, &e) {
		switch {
		case ctx.Err() != nil, e.Class == Parked, e.Class == Internal, e.Class == AddressRefused, e.Class == PortRefused, e.Class == URLRefused:
			return e
		}
	}
	o.failure = &Error{Class: RobotsUnreachable, Detail: fmt.Sprintf("robots.txt cannot be read (%v), so nothing may be fetched", err), Err: err}
	if e != nil {
		switch e.Class {
		case DNSTemporary, DNSUnknown, TLSFailed, Refused, Unreachable, Protocol:
			// Nothing of this host could be fetched anyway; say what ails it.
			o.failure.Class = e.Class
		}
	}
	o.expires = t.now().Add(t.robotsRetry)
	return o.failure
}

// fetchRobots asks an origin for its robots.txt, following redirects to
// wherever they lead; robots.txt itself is under nobody's rules.
func (t *Transport) fetchRobots(ctx context.Context, name string) (RobotsFile, error) {
	f := RobotsFile{Origin: name}
	at := name + "/robots.txt"
	for range robotsHops + 1 {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
		if err != nil {
			return f, &Error{Class: URLRefused, URL: at, Err: err}
		}
		req.Header.Set("Accept", "text/plain, */*;q=0.1")
		if refused := t.guard.url(req.URL); refused != nil {
			return f, refused
		}
		resp, body, err := t.exchange(req, t.minGap, func(r *http.Response) ([]byte, error) { return readHead(r, robots.MaxSize+1) })
		if err != nil {
			return f, err
		}
		f.Status, f.Fetched = resp.StatusCode, t.now()
		switch {
		case resp.StatusCode >= 500:
			return f, fmt.Errorf("status %d", resp.StatusCode)
		case resp.StatusCode >= 200 && resp.StatusCode < 300:
			f.Body = body
			return f, nil
		}
		next, err := resp.Location()
		if resp.StatusCode >= 400 || err != nil {
			return f, nil
		}
		at = next.String()
	}
	return f, nil
}

// Sitemaps returns the values of the Sitemap lines in the robots.txt of a URL's
// origin, which is fetched if need be.
func (t *Transport) Sitemaps(ctx context.Context, rawURL string) ([]string, error) {
	u, err := url.Parse(rawURL)
	if err != nil {
		return nil, &Error{Class: URLRefused, URL: rawURL, Err: err}
	}
	if refused := t.guard.url(u); refused != nil {
		return nil, refused
	}
	_, sitemaps, err := t.consult(ctx, u)
	return sitemaps, err
}
