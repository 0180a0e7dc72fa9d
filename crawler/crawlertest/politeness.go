package crawlertest

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Request is one request as the serving side saw it.
type Request struct {
	Host       string // address and port
	Method     string
	Path       string // as asked for, with its query; "(connection)" for a connection to the trap
	UserAgent  string
	Start, End time.Time // End is when the answer was written or the client left; zero while it is being given
}

// Rules say what [Politeness] looks for.
type Rules struct {
	Gap       time.Duration            // least time between the end of a request and the start of the next at one host
	Slack     time.Duration            // shortfall of a gap that is forgiven: the two sides' clocks do not agree to the microsecond
	Delays    map[string]time.Duration // longer gaps of single hosts, as their robots.txt asks
	Forbidden map[string][]string      // by host: beginnings of paths that must not be asked for
	Robots    map[string][]string      // by host: further paths at which its robots.txt, or another host's, was redirected to
	Trap      []string                 // hosts that must not be contacted
	Agent     string                   // how every User-Agent must begin; empty for any
}

// The rules that a Violation can name.
const (
	RuleGap       = "gap"       // asked again too soon
	RuleDelay     = "delay"     // asked again sooner than the host's crawl delay
	RuleParallel  = "parallel"  // two requests at a time to one host
	RuleRobots    = "robots"    // asked before the host's robots.txt was read
	RuleForbidden = "forbidden" // a path that robots.txt forbids
	RuleTrap      = "trap"      // contact with a host that must not be contacted
	RuleAgent     = "agent"     // another User-Agent
)

// Violation is a breach of one rule.
type Violation struct {
	Rule    string
	Request Request // the request that broke it
	Detail  string
}

func (v Violation) String() string {
	return fmt.Sprintf("%s: %s%s: %s", v.Rule, v.Request.Host, v.Request.Path, v.Detail)
}

// Politeness returns the breaches of the rules in a log, by the start of the
// offending request. The log may be in any order.
func Politeness(log []Request, rules Rules) []Violation {
	log = slices.Clone(log)
	slices.SortStableFunc(log, func(a, b Request) int { return a.Start.Compare(b.Start) })
	var found []Violation
	hosts := map[string]*hostState{}
	for _, r := range log {
		if slices.Contains(rules.Trap, r.Host) {
			found = append(found, Violation{RuleTrap, r, "must never be contacted"})
			continue
		}
		if !strings.HasPrefix(r.UserAgent, rules.Agent) {
			found = append(found, Violation{RuleAgent, r, fmt.Sprintf("User-Agent %q", r.UserAgent)})
		}
		h := hosts[r.Host]
		if h == nil {
			h = &hostState{}
			hosts[r.Host] = h
		}
		found = append(found, h.next(r, rules)...)
	}
	return found
}

// hostState is what one host has been asked so far.
type hostState struct {
	asked  bool
	last   time.Time // latest end of a request
	open   bool      // a request has no end
	robots time.Time // end of the first request for robots.txt
	begun  bool      // robots.txt was asked for
}

func (h *hostState) next(r Request, rules Rules) (found []Violation) {
	report := func(rule, detail string) { found = append(found, Violation{rule, r, detail}) }
	if h.asked {
		rule, want := RuleGap, rules.Gap
		if d := rules.Delays[r.Host]; d > want {
			rule, want = RuleDelay, d
		}
		gap := r.Start.Sub(h.last)
		switch {
		case h.open || gap < -rules.Slack:
			report(RuleParallel, "another request is still being answered")
		case gap < want-rules.Slack:
			report(rule, fmt.Sprintf("%s after the last, want %s", gap.Round(time.Microsecond), want))
		}
	}
	switch isRobots := r.Path == "/robots.txt"; {
	case isRobots && !h.begun:
		h.begun, h.robots = true, r.End
	case isRobots || slices.Contains(rules.Robots[r.Host], r.Path):
	case !h.begun:
		report(RuleRobots, "robots.txt was not asked for")
	case h.robots.IsZero() || r.Start.Before(h.robots.Add(-rules.Slack)):
		report(RuleRobots, "robots.txt was not read to its end")
	}
	for _, p := range rules.Forbidden[r.Host] {
		if strings.HasPrefix(r.Path, p) {
			report(RuleForbidden, "robots.txt forbids "+p)
		}
	}
	h.asked = true
	h.open = h.open || r.End.IsZero()
	if r.End.After(h.last) {
		h.last = r.End
	}
	return found
}
