package crawler

import (
	"context"
	"net/http"
	"time"

	"framewatch/crawler/article"
)

// Entry is one URL that a feed, a sitemap or a command named as a possible article.
type Entry struct {
	URL       string    // canonical form, the identity of the page
	Found     string    // as found, before canonicalization
	Source    string    // id of the source that named it
	Lane      string    // host:port; requests of one lane never overlap
	Via       string    // URL of the feed or sitemap, empty when named by hand
	GUID      string    // the feed's own identifier, empty if none
	Title     string    // the feed's title, a hint only
	Published time.Time // zero if the feed does not say
	Updated   time.Time // zero if the feed does not say; a later value re-queues a page already fetched
}

// Job is an Entry leased to one worker.
type Job struct {
	Entry
	ID           int64
	Attempt      int    // 1 for the first try
	ETag         string // validators of the page stored last under this URL, for a conditional request
	LastModified string
}

// Page is one HTTP response exactly as served, its content encoding removed.
type Page struct {
	URL       string // the URL that was asked for
	Final     string // the URL that answered, after redirects
	FetchedAt time.Time
	Status    int
	Header    http.Header
	Body      []byte
}

// State says how an attempt ended.
type State string

// The ends of an attempt. Only Retry leaves the job in the frontier; with the reason "parked" it was not tried, because
// its host had asked for a pause, and counts as no attempt. A page denied by robots.txt is queued again when that changes.
const (
	Stored      State = "stored"       // an article was extracted and saved
	NotModified State = "not_modified" // the server says that the stored page is current
	Rejected    State = "rejected"     // a page came, but it holds no article; Reason says why
	Denied      State = "denied"       // robots.txt, the address guard or a publisher's opt-out forbids it
	Retry       State = "retry"        // failed for now; due again at Outcome.Next
	Failed      State = "failed"       // given up; Reason says why
)

// Outcome is what came of one Job, recorded in one transaction: the page, the article, the job's state and the
// day's coverage counters.
type Outcome struct {
	Job     Job
	State   State
	Reason  string           // class for SQL, such as "http_404", "timeout", "robots", "consent_wall"; empty when Stored
	Detail  string           // message for people
	At      time.Time        // when the attempt ended
	Next    time.Time        // when the job is due again; only for Retry
	Page    *Page            // nil if no response came
	KeepRaw bool             // keep the page's body even if the article turns out to be off topic
	Article *article.Article // nil unless Stored
}

// Saved tells what Finish did with an Outcome's article.
type Saved struct {
	ArticleID int64
	New       bool // the article was not known
	Changed   bool // it was known and its text or title changed: a revision was kept
	Relevant  bool // it passes the active codebook's topic gate
}

// Frontier is the queue of URLs, kept in the database so that a crash loses nothing.
// Its methods are safe for concurrent use.
type Frontier interface {
	// Add queues the entries not known yet and re-queues those whose Updated is later than the stored page.
	// It returns how many became due.
	Add(ctx context.Context, entries []Entry, at time.Time) (added int, err error)
	// Lanes names the lanes that hold a job of one of the sources due at now, sorted.
	Lanes(ctx context.Context, sources []string, now time.Time) ([]string, error)
	// Lease hands out up to n due jobs of a lane until the given time; a lease that ran out is due again.
	Lease(ctx context.Context, lane string, sources []string, now, until time.Time, n int) ([]Job, error)
	// Release gives leased jobs back untried, for a clean stop.
	Release(ctx context.Context, jobs []Job) error
	// Finish records the outcome of a leased job.
	Finish(ctx context.Context, o Outcome) (Saved, error)
	// Pending counts the jobs of the sources that wait to be fetched, due or not.
	Pending(ctx context.Context, sources []string) (int, error)
}

// Poll is the state of one feed or sitemap between runs.
type Poll struct {
	Source, URL        string
	Kind               string // "feed" or "sitemap"
	ETag, LastModified string
	BodyHash           string    // of the body parsed last; tells a server that says 200 for an unchanged feed
	Count              int       // polls so far
	Failures           float64   // weighted failures in a row: hard 1, soft 0.5, temporary DNS 0.25; 0 after a success
	Last, Next         time.Time // when it was polled, when it is due; zero if never
	Items, New         int       // of the last successful poll
	Reason, Detail     string    // class and message of the last failure, empty after a success
}

// Polls keeps the state of feeds and sitemaps. Its methods are safe for concurrent use.
type Polls interface {
	// Poll returns the stored state; a feed never polled gives its Source, URL and zero values.
	Poll(ctx context.Context, source, url string) (Poll, error)
	// SavePoll stores the state and counts the request in the source's coverage of that day.
	SavePoll(ctx context.Context, p Poll) error
}

// Runs is the record of crawls.
type Runs interface {
	// BeginRun registers the sources as outlets, frees leases left by a run that died and opens a run.
	BeginRun(ctx context.Context, command string, sources []Source, at time.Time) (id int64, err error)
	// EndRun closes it with its summary; status is "done", "partial", "stopped" or "failed".
	EndRun(ctx context.Context, id int64, status string, s Summary, at time.Time) error
}

// Archive is everything a crawl keeps. *store.DB is one; robots.txt files are kept through polite.RobotsCache.
type Archive interface {
	Frontier
	Polls
	Runs
}
