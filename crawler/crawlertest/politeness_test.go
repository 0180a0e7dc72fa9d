package crawlertest

import (
	"slices"
	"testing"
	"time"
)

// visit is a request in a made-up log: from and to are milliseconds.
func visit(host, path string, from, to int) Request {
	t0 := time.Date(2025, 6, 1, 12, 0, 0, 0, time.UTC)
	r := Request{Host: host, Method: "GET", Path: path, UserAgent: "framewatch/1", Start: t0.Add(time.Duration(from) * time.Millisecond)}
	if to >= 0 {
		r.End = t0.Add(time.Duration(to) * time.Millisecond)
	}
	return r
}

func TestPoliteness(t *testing.T) {
	rules := Rules{
		Gap: 100 * time.Millisecond, Slack: time.Millisecond,
		Delays:    map[string]time.Duration{"slow:1": 500 * time.Millisecond},
		Forbidden: map[string][]string{"a:1": {"/private/"}},
		Robots:    map[string][]string{"a:1": {"/moved-robots"}},
		Trap:      []string{"trap:1"},
		Agent:     "framewatch/",
	}
	stranger := visit("a:1", "/robots.txt", 0, 10)
	stranger.UserAgent = "Mozilla/5.0"
	tests := []struct {
		name string
		log  []Request
		want []string
	}{
		{"nothing asked", nil, nil},
		{"polite", []Request{visit("a:1", "/robots.txt", 0, 10), visit("a:1", "/x", 110, 120), visit("a:1", "/y", 220, 230)}, nil},
		{"hosts do not wait for each other", []Request{visit("a:1", "/robots.txt", 0, 10), visit("b:1", "/robots.txt", 1, 9), visit("b:2", "/robots.txt", 1, 9)}, nil},
		{"order of the log does not matter", []Request{visit("a:1", "/x", 110, 120), visit("a:1", "/robots.txt", 0, 10)}, nil},
		{"within the slack", []Request{visit("a:1", "/robots.txt", 0, 10), visit("a:1", "/x", 109, 120)}, nil},
		{"too soon", []Request{visit("a:1", "/robots.txt", 0, 10), visit("a:1", "/x", 108, 120)}, []string{RuleGap}},
		{"gap counts from the end of the slowest", []Request{visit("a:1", "/robots.txt", 0, 10), visit("a:1", "/x", 110, 400), visit("a:1", "/y", 450, 460)}, []string{RuleGap}},
		{"crawl delay kept", []Request{visit("slow:1", "/robots.txt", 0, 10), visit("slow:1", "/x", 510, 520)}, nil},
		{"crawl delay broken", []Request{visit("slow:1", "/robots.txt", 0, 10), visit("slow:1", "/x", 300, 320)}, []string{RuleDelay}},
		{"two at a time", []Request{visit("a:1", "/robots.txt", 0, 10), visit("a:1", "/x", 200, 300), visit("a:1", "/y", 250, 260)}, []string{RuleParallel}},
		{"while one is unanswered", []Request{visit("a:1", "/robots.txt", 0, 10), visit("a:1", "/x", 200, -1), visit("a:1", "/y", 900, 910)}, []string{RuleParallel}},
		{"no robots.txt", []Request{visit("a:1", "/x", 0, 10)}, []string{RuleRobots}},
		{"robots.txt after the page", []Request{visit("a:1", "/x", 0, 10), visit("a:1", "/robots.txt", 200, 210)}, []string{RuleRobots}},
		{"robots.txt of another port", []Request{visit("a:2", "/robots.txt", 0, 10), visit("a:1", "/x", 200, 210)}, []string{RuleRobots}},
		{"robots.txt not read to its end", []Request{visit("a:1", "/robots.txt", 0, 300), visit("a:1", "/x", 200, 210)}, []string{RuleParallel, RuleRobots}},
		{"robots.txt moved on the host", []Request{visit("a:1", "/moved-robots", 0, 10)}, nil},
		{"forbidden path", []Request{visit("a:1", "/robots.txt", 0, 10), visit("a:1", "/private/x", 200, 210)}, []string{RuleForbidden}},
		{"the same path elsewhere", []Request{visit("b:1", "/robots.txt", 0, 10), visit("b:1", "/private/x", 200, 210)}, nil},
		{"trap", []Request{visit("trap:1", "/robots.txt", 0, 10)}, []string{RuleTrap}},
		{"another agent", []Request{stranger}, []string{RuleAgent}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, v := range Politeness(tt.log, rules) {
				got = append(got, v.Rule)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("Politeness found %v, want %v", got, tt.want)
			}
		})
	}
}
