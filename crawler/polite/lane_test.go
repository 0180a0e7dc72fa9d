package polite

import (
	"testing"
	"time"
)

func TestLaneGap(t *testing.T) {
	for _, tt := range []struct {
		name           string
		listed, public bool
		asked, want    time.Duration
	}{
		{"a listed address gets what is asked", true, false, 50 * time.Millisecond, 50 * time.Millisecond},
		{"a public one at least a second", false, true, 50 * time.Millisecond, time.Second},
		{"a name that resolves to both at least a second", true, true, 0, time.Second},
		{"before an address is known what is asked", false, false, 50 * time.Millisecond, 50 * time.Millisecond},
		{"a longer gap is kept everywhere", false, true, 3 * time.Second, 3 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := newLane("x:80", time.Time{})
			if tt.listed {
				l.connected(true)
			}
			if tt.public {
				l.connected(false)
			}
			if got := l.gap(tt.asked); got != tt.want {
				t.Errorf("gap = %v, want %v", got, tt.want)
			}
		})
	}
}

func TestLanePenalty(t *testing.T) {
	l := newLane("x:80", time.Time{})
	l.connected(true)
	answer := func(status int) time.Duration {
		l.slot <- struct{}{}
		l.release(ending{status: status})
		return l.gap(0)
	}
	for i, want := range []time.Duration{1, 2, 4, 8, 16, 32, 60, 60} {
		if got := answer(429); got != want*time.Second {
			t.Errorf("after %d refusals the gap is %v, want %v", i+1, got, want*time.Second)
		}
	}
	if got := answer(500); got != time.Minute {
		t.Errorf("an error changed the gap to %v", got)
	}
	for range 7 {
		answer(200)
	}
	if got := l.gap(0); got != 0 {
		t.Errorf("after good answers the gap is %v, want 0", got)
	}
}

func TestLanesForgetIdleOnes(t *testing.T) {
	var ls lanes
	busy := ls.get("busy:80")
	busy.slot <- struct{}{}
	for i := range 3 * maxLanes {
		ls.get(string(rune('a'+i%26)) + time.Duration(i).String())
	}
	if n := len(ls.named); n > maxLanes+1 {
		t.Errorf("%d lanes are kept, want at most %d", n, maxLanes+1)
	}
	if ls.get("busy:80") != busy {
		t.Error("a lane in use was forgotten")
	}
}
