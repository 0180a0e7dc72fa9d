package crawler

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"framewatch/crawler/polite"
	"framewatch/crawler/robots"
	"framewatch/crawler/urlnorm"
)

// The file in which an origin states which of its paths may not be mined without
// a license (TDM Reservation Protocol, W3C community group report).
const (
	reservePath    = "/.well-known/tdmrep.json"
	reserveAge     = 24 * time.Hour
	maxReserve     = 256 << 10
	maxReservation = 1000 // entries that are read
)

// reservations are the statements of each origin that a run has met.
type reservations struct {
	mu      sync.Mutex
	origins map[string]*reservation
}

// reservation is what one origin states; known is false until it has been asked.
type reservation struct {
	mu    sync.Mutex
	known bool
	rules robots.Rules // allowed is what is not reserved
}

func (rs *reservations) of(origin string) *reservation {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if rs.origins == nil {
		rs.origins = map[string]*reservation{}
	}
	if rs.origins[origin] == nil {
		rs.origins[origin] = &reservation{}
	}
	return rs.origins[origin]
}

// reserved reports whether the file of a URL's origin reserves the URL. An origin
// is asked once a day, and only where such statements are respected. The error
// is that of a host that cannot be asked for anything now.
func (r *run) reserved(ctx context.Context, url string) (bool, error) {
	if !slices.Contains(r.fetch.OptOuts, "tdm-reservation") {
		return false, nil
	}
	scheme, _, _ := strings.Cut(url, "://")
	origin := scheme + "://" + urlnorm.Lane(url)
	o := r.reserving.of(origin)
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.known {
		f, err := r.reservations(ctx, origin)
		if err != nil {
			return false, err
		}
		o.known, o.rules = true, reserveRules(f)
	}
	return !o.rules.Allowed(strings.TrimPrefix(url, strings.TrimSuffix(root(url), "/"))), nil
}

// reservations returns the file of an origin, from what is kept of it if that is
// fresh. A file that cannot be read states nothing.
func (r *run) reservations(ctx context.Context, origin string) (polite.RobotsFile, error) {
	now, f := r.now(), polite.RobotsFile{Origin: origin + reservePath}
	if r.conf.Robots != nil {
		kept, ok, err := r.conf.Robots.LoadRobots(ctx, f.Origin)
		if err != nil {
			return f, &polite.Error{Class: polite.Internal, URL: f.Origin, Err: err}
		}
		if ok && !kept.Fetched.After(now) && now.Before(kept.Fetched.Add(reserveAge)) {
			return kept, nil
		}
	}
	resp, err := r.collect.fetch(ctx, f.Origin, http.Header{"Accept": {"application/json"}})
	f.Fetched = now
	var e *polite.Error
	switch {
	case err == nil:
		f.Status = resp.status
		if len(resp.body) <= maxReserve {
			f.Body = resp.body
		}
	case ctx.Err() != nil || unreached(err) || broken(err) != nil || errors.As(err, &e) && e.Class == polite.Parked:
		return f, err
	}
	if f.Status >= 500 || f.Status < 200 || r.conf.Robots == nil {
		return f, nil // for this run; the next one asks again
	}
	if f.Status != http.StatusOK {
		f.Body = nil
	}
	if err := r.conf.Robots.SaveRobots(context.WithoutCancel(ctx), f); err != nil {
		return f, &polite.Error{Class: polite.Internal, URL: f.Origin, Err: err}
	}
	return f, nil
}

// reserveRules reads the statements as rules of a robots.txt, whose patterns they
// share: the longest location decides, and what none names is not reserved.
func reserveRules(f polite.RobotsFile) robots.Rules {
	if f.Status != http.StatusOK {
		return robots.Rules{}
	}
	var list []struct {
		Location    string          `json:"location"`
		Reservation json.RawMessage `json:"tdm-reservation"`
	}
	if json.Unmarshal(f.Body, &list) != nil {
		return robots.Rules{}
	}
	lines := []string{"User-agent: *"}
	for _, s := range list[:min(len(list), maxReservation)] {
		if !strings.HasPrefix(s.Location, "/") || strings.ContainsAny(s.Location, "\r\n#") {
			continue
		}
		switch strings.Trim(string(s.Reservation), `" `) {
		case "1":
			lines = append(lines, "Disallow: "+s.Location)
		case "0":
			lines = append(lines, "Allow: "+s.Location)
		}
	}
	return robots.Parse([]byte(strings.Join(lines, "\n") + "\n")).Rules("")
}
