package main

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
)

// logEvery is how often long work writes a line where no terminal shows a bar.
const logEvery = 10 * time.Second

// progress shows long work: a bar on a terminal, a line now and then elsewhere. It is safe for concurrent use.
type progress struct {
	mu    sync.Mutex
	label string
	out   io.Writer
	now   func() time.Time
	bar   *progressbar.ProgressBar // nil off a terminal
	last  time.Time
}

func (e *env) progress(label string) *progress {
	p := &progress{label: label, out: e.stderr, now: e.now, last: e.now()}
	if e.terminal {
		p.bar = progressbar.NewOptions(-1,
			progressbar.OptionSetWriter(e.stderr), progressbar.OptionSetDescription(label),
			progressbar.OptionShowCount(), progressbar.OptionSetWidth(24),
			progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish())
	}
	return p
}

// update tells how much is done; total is 0 where it is not known. Counts only grow within one label.
func (p *progress) update(done, total int, detail string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar != nil {
		if total > 0 && int(p.bar.GetMax()) != total {
			p.bar.ChangeMax(total)
		}
		p.bar.Describe(p.label + " " + clip(detail, 32))
		p.bar.Set(done) //nolint:errcheck // a bar that cannot be drawn stops nothing
		return
	}
	if now := p.now(); now.Sub(p.last) >= logEvery {
		p.last = now
		if total > 0 {
			fmt.Fprintf(p.out, "%s: %d of %d\n", p.label, done, total)
		} else {
			fmt.Fprintf(p.out, "%s: %d\n", p.label, done)
		}
	}
}

func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar != nil {
		p.bar.Finish() //nolint:errcheck // as above
	}
}

// clip shortens s to n code points and pads it, so that a bar behind it does not jump.
func clip(s string, n int) string {
	r := []rune(s)
	if len(r) > n {
		r = append(r[:n-1], '…')
	}
	return fmt.Sprintf("%-*s", n, string(r))
}
