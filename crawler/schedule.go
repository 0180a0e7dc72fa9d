package crawler

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"framewatch/crawler/polite"
)

// The times after which a page is tried again: they double from attempt to
// attempt and are spread a little, so that pages that failed together do not
// come back together.
const (
	firstRetry = 15 * time.Minute
	maxRetry   = 24 * time.Hour
)

// retryIn is how long to wait after the attempt of that number, from 1.
func retryIn(attempt int) time.Duration {
	wait := maxRetry
	if attempt < 8 {
		wait = min(firstRetry<<(max(attempt, 1)-1), maxRetry)
	}
	return wait - rand.N(wait/10)
}

// verdict is what a failed attempt means.
type verdict struct {
	state  State
	reason string
	detail string
	tries  int           // Retry becomes Failed after so many attempts; 0: never
	wait   time.Duration // for Retry: at least so long
	weight float64       // points towards the source's backoff
	until  time.Time     // the host is parked until then, zero if not
}

// judge tells what an error of the transport means.
func judge(err error) verdict {
	var e *polite.Error
	if !errors.As(err, &e) {
		return verdict{state: Retry, reason: "protocol", detail: err.Error(), tries: 5, weight: 0.5}
	}
	v := verdict{state: Retry, reason: string(e.Class), detail: e.Error(), tries: 8, weight: 0.5}
	switch e.Class {
	case polite.URLRefused, polite.PortRefused, polite.AddressRefused, polite.RobotsDenied:
		v.state, v.weight = Denied, 1
	case polite.TooLarge, polite.UnknownEncoding, polite.BadRedirect:
		v.state, v.weight = Failed, 1
	case polite.BadEncoding, polite.Protocol, polite.DNSUnknown:
		v.tries, v.weight = 4, 1
	case polite.DNSTemporary:
		v.weight = 0.25
	case polite.RobotsUnreachable:
		v.tries = 30
	case polite.Parked:
		v.tries, v.weight, v.until = 0, 0, e.Until
	}
	return v
}

// judgeStatus tells what an answer other than a page means.
func judgeStatus(r *response, now time.Time) verdict {
	v := verdict{state: Failed, reason: fmt.Sprintf("http_%d", r.status), detail: "the server answered " + statusText(r.status), weight: 1}
	switch s := r.status; {
	case s >= 300 && s < 400 && r.hops >= maxHops:
		v.reason, v.detail = "redirect_limit", fmt.Sprintf("redirected more than %d times", maxHops-1)
	case s == http.StatusNotFound:
		v.state, v.tries, v.weight = Retry, 2, 0.5
	case s == http.StatusUnauthorized, s == http.StatusForbidden:
		v.state, v.tries = Retry, 3
	case s == http.StatusRequestTimeout, s == http.StatusTooEarly, s == http.StatusTooManyRequests, s >= 500, s == http.StatusAccepted, s < 200:
		v.state, v.tries, v.weight = Retry, 8, 0.5
	}
	if wait, ok := polite.RetryAfter(r.header, now); ok && (r.status == http.StatusTooManyRequests || r.status == http.StatusServiceUnavailable) {
		v.wait = wait
	}
	return v
}

func statusText(status int) string {
	if text := http.StatusText(status); text != "" {
		return fmt.Sprintf("%d %s", status, text)
	}
	return fmt.Sprint(status)
}

// The bounds of the interval at which a feed is polled, and the one to begin with.
const (
	leastInterval = 15 * time.Minute
	firstInterval = time.Hour
	mostInterval  = 12 * time.Hour
)

// The longest pauses of a failing feed. It is never given up: feeds come back.
const (
	maxPause     = 24 * time.Hour
	longFailing  = 30 // points of failure from which it is asked once a week
	maxLongPause = 7 * 24 * time.Hour
)

// succeed records a good poll that brought so many items, some of them new, and
// plans the next: sooner where much was new, later where nothing was.
func (p *Poll) succeed(now time.Time, items, fresh int) {
	interval := firstInterval
	if p.Failures == 0 && p.Reason == "" && !p.Last.IsZero() && p.Next.After(p.Last) {
		interval = p.Next.Sub(p.Last)
	}
	switch {
	case p.Count == 0:
		interval = firstInterval
	case fresh == 0:
		interval = interval * 3 / 2
	case 2*fresh >= items:
		interval /= 2
	}
	interval = min(max(interval, leastInterval), mostInterval)
	p.Count++
	p.Failures, p.Reason = 0, ""
	p.Items, p.New = items, fresh
	p.Last, p.Next = now, now.Add(interval-rand.N(interval/20))
}

// fail records a failed poll and plans the next: the pause grows with the points
// of failure in a row, which is slow enough to notice a feed that comes back.
func (p *Poll) fail(now time.Time, v verdict) {
	p.Count++
	p.Failures += v.weight
	p.Reason, p.Detail = v.reason, v.detail
	// A condition would hide what was not read.
	p.ETag, p.LastModified, p.BodyHash = "", "", ""
	pause, most := time.Duration(float64(firstInterval)*max(p.Failures, 1)), maxPause
	if p.Failures >= longFailing {
		pause, most = maxLongPause, maxLongPause
	}
	pause = min(pause, most)
	pause -= rand.N(pause / 20)
	p.Last, p.Next = now, now.Add(max(pause, v.wait))
	if v.until.After(p.Next) {
		p.Next = v.until
	}
}

// putOff plans the next poll for when the pause is over that the host has asked
// for. Nothing was asked, so that nothing else is known.
func (p *Poll) putOff(v verdict) {
	p.Reason, p.Detail, p.Next = v.reason, v.detail, v.until
}

// everyNth is how often a feed is asked for without a condition: some servers
// answer "not modified" for ever.
const everyNth = 6

// conditional returns the header that asks for changes only, if it may be asked.
func (p *Poll) conditional() http.Header {
	h := http.Header{}
	if p.Count%everyNth == everyNth-1 {
		return h
	}
	return validators(h, p.ETag, p.LastModified)
}

func validators(h http.Header, etag, modified string) http.Header {
	if etag != "" {
		h.Set("If-None-Match", etag)
	}
	if modified != "" {
		h.Set("If-Modified-Since", modified)
	}
	return h
}
