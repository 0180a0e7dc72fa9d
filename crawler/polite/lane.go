package polite

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// publicGap is the least gap towards hosts whose addresses are not listed.
const publicGap = time.Second

// maxPenalty bounds how much a host that says "too many" is slowed down.
const maxPenalty = time.Minute

// A lane is one host and port. At most one request of a lane is under way, from
// the connection to the last byte of the answer.
type lane struct {
	name string
	slot chan struct{} // holds an element while a request is under way

	mu      sync.Mutex
	ended   time.Time     // when the last request of the lane ended
	until   time.Time     // nothing is sent before: the host asked for a pause
	penalty time.Duration // added to the gap after "too many requests"
	public  bool          // an address was connected to that is not listed
	known   bool          // what is kept of the lane's pauses has been read
}

// laneKey is the context key under which the dialer finds the lane.
type laneKey struct{}

// newLane opens a lane as if its last request had ended then: a transport made
// right after another one keeps the gap that the other would have kept.
func newLane(name string, ended time.Time) *lane {
	return &lane{name: name, slot: make(chan struct{}, 1), ended: ended}
}

// connected notes the kind of an address that the lane's name resolved to.
func (l *lane) connected(listed bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.public = l.public || !listed
}

// gap returns the pause that the lane keeps: no less than a second once an
// address was met that is not a listed one.
func (l *lane) gap(asked time.Duration) time.Duration {
	if asked < publicGap && l.public {
		asked = publicGap
	}
	return asked + l.penalty
}

// recall takes up a pause that the host asked an earlier process for. One that was
// asked for in the future comes from a clock that was wrong.
func (l *lane) recall(ctx context.Context, kept Pauses, now time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.known {
		return nil
	}
	p, ok, err := kept.LoadPause(ctx, l.name)
	if err != nil {
		if ctx.Err() != nil {
			return classify(ctx, "", err)
		}
		return &Error{Class: Internal, Detail: fmt.Sprintf("read the pause of %s: %v", l.name, err), Err: err}
	}
	l.known = true
	if left := p.Until.Sub(now); ok && left > 0 && !p.Asked.After(now) {
		l.until = time.Now().Add(min(left, MaxRetryAfter))
	}
	return nil
}

// acquire waits for the lane to be free and for its gap to pass. Waiting is
// measured on the monotonic clock, so that a clock set back cannot stall it.
func (l *lane) acquire(ctx context.Context, asked time.Duration) error {
	select {
	case l.slot <- struct{}{}:
	case <-ctx.Done():
		return &Error{Class: class(ctx, ctx.Err()), Detail: "while waiting for " + l.name, Err: ctx.Err()}
	}
	l.mu.Lock()
	until, wait := l.until, time.Until(l.ended.Add(l.gap(asked)))
	l.mu.Unlock()
	if time.Now().Before(until) {
		<-l.slot
		return &Error{Class: Parked, Detail: l.name + " asked for a pause until " + until.UTC().Format(time.RFC3339), Until: until}
	}
	if wait <= 0 {
		return nil
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		<-l.slot
		return &Error{Class: class(ctx, ctx.Err()), Detail: "while waiting for " + l.name, Err: ctx.Err()}
	}
}

// ending is how a request ended.
type ending struct {
	status    int           // zero if no answer came
	pause     time.Duration // what the answer's Retry-After asks for
	abandoned bool          // the answer was not read to its end
}

// notice is how long a server may take to see that its answer was abandoned.
const notice = 100 * time.Millisecond

// release ends a request.
func (l *lane) release(e ending) {
	l.mu.Lock()
	l.ended = time.Now()
	if e.pause > 0 {
		l.until = l.ended.Add(e.pause)
	}
	if e.abandoned {
		l.ended = l.ended.Add(notice)
	}
	switch {
	case e.status == 429 || e.status == 503:
		l.penalty = min(max(2*l.penalty, publicGap), maxPenalty)
	case e.status > 0 && e.status < 400:
		if l.penalty /= 2; l.penalty < publicGap/2 {
			l.penalty = 0
		}
	}
	l.mu.Unlock()
	<-l.slot
}

// idle reports whether the lane can be forgotten without anybody noticing.
func (l *lane) idle() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.slot) == 0 && time.Since(l.ended) > time.Hour && time.Now().After(l.until)
}

// lanes hands out the lane of a name.
type lanes struct {
	began time.Time // when the transport was made
	mu    sync.Mutex
	named map[string]*lane
}

// maxLanes is how many lanes are kept before idle ones are dropped.
const maxLanes = 4096

func (ls *lanes) get(name string) *lane {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	if l := ls.named[name]; l != nil {
		return l
	}
	if len(ls.named) >= maxLanes {
		for k, l := range ls.named {
			if l.idle() {
				delete(ls.named, k)
			}
		}
	}
	if ls.named == nil {
		ls.named = map[string]*lane{}
	}
	l := newLane(name, ls.began)
	ls.named[name] = l
	return l
}
