package polite

import (
	"context"
	"sync"
	"time"
)

// RobotsFile is the answer of one origin to a request for /robots.txt.
type RobotsFile struct {
	Origin  string    // scheme://host:port, the port always spelled out
	Fetched time.Time // when the answer came
	Status  int       // of the last response, after redirects; only 2xx and 4xx are kept
	Body    []byte    // the file, decoded and cut at robots.MaxSize; empty for 4xx
	Changed bool      // its rules for us are not those of the file kept before, so that what was denied may be allowed; not kept
}

// RobotsCache keeps robots.txt files between runs. Its methods are safe for
// concurrent use. Freshness is judged by the caller, so an implementation
// stores the last file of each origin and nothing else.
type RobotsCache interface {
	// LoadRobots returns the file kept for an origin; ok is false if there is none.
	LoadRobots(ctx context.Context, origin string) (f RobotsFile, ok bool, err error)
	// SaveRobots replaces the file kept for f.Origin.
	SaveRobots(ctx context.Context, f RobotsFile) error
}

// Pause is a time for which a host wants to be left alone.
type Pause struct {
	Lane   string    // host:port
	Asked  time.Time // when the host asked for it
	Until  time.Time // nothing is sent before
	Status int       // of the answer, 429 or 503
}

// Pauses keeps the pauses that hosts have asked for, so that they outlive the
// process. Its methods are safe for concurrent use.
type Pauses interface {
	// LoadPause returns the last pause kept for a lane; ok is false if there is none.
	LoadPause(ctx context.Context, lane string) (p Pause, ok bool, err error)
	// SavePause replaces the pause kept for p.Lane.
	SavePause(ctx context.Context, p Pause) error
}

// noPauses is the Pauses of a transport that is given none: each lane remembers
// its own as long as the transport lives.
type noPauses struct{}

func (noPauses) LoadPause(context.Context, string) (Pause, bool, error) { return Pause{}, false, nil }
func (noPauses) SavePause(context.Context, Pause) error                 { return nil }

// memoryCache is the RobotsCache of a transport that is given none.
type memoryCache struct {
	mu    sync.Mutex
	files map[string]RobotsFile
}

func (c *memoryCache) LoadRobots(_ context.Context, origin string) (RobotsFile, bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f, ok := c.files[origin]
	return f, ok, nil
}

func (c *memoryCache) SaveRobots(_ context.Context, f RobotsFile) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.files == nil {
		c.files = map[string]RobotsFile{}
	}
	c.files[f.Origin] = f
	return nil
}
