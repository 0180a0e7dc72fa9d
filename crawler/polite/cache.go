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
