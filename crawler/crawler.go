package crawler

import (
	"log/slog"
	"net/http"
	"time"

	"framewatch/crawler/polite"
)

// Config is what a crawl needs beside its sources and its archive. The zero
// value of a field is its default.
type Config struct {
	Version   string             // of the program, for the User-Agent
	Transport http.RoundTripper  // default: a polite.Transport made from the sources' fetch rules
	Robots    polite.RobotsCache // where robots.txt files are kept; default: in memory
	Log       *slog.Logger       // default: discards
	Now       func() time.Time   // default: time.Now
	Progress  func(Progress)     // called after every attempt, never concurrently; may be nil
	Force     bool               // poll feeds and sitemaps that are not due yet
	MaxPages  int                // pages fetched per source and run, the rest stays queued; default 2,000
	Only      []string           // ids of the sources to crawl; default: all
}

// Progress is the state of a running crawl.
type Progress struct {
	Done   int    // pages dealt with in this run
	Queued int    // pages known to be waiting
	Source string // of the last attempt
	URL    string // of the last attempt
	State  string // how it ended
}

// Summary counts what a run did.
type Summary struct {
	Sources       int // in this run
	SourcesFailed int // of them, those with a feed or sitemap that could not be read
	Polled        int // feeds and sitemaps asked
	Queued        int // pages newly queued
	Attempted     int // pages tried
	Fetched       int // pages that came, unchanged ones included
	New           int // articles saved for the first time
	Changed       int // articles whose text changed
	Relevant      int // of the new and changed ones, those on topic
	Skipped       int // pages that hold no article
	Denied        int // pages that robots.txt, the address guard or an opt-out forbids
	Failed        int // pages given up
	Pending       int // pages still queued
	Problems      []Problem
}

// Problem is one failure worth a line in the summary.
type Problem struct {
	Source string
	URL    string
	Reason string // class, as in Outcome.Reason
	Detail string
}
