// Package feed reads RSS, RDF, Atom and JSON feeds as the web serves them. The
// bytes of a response go in; entries with absolute http(s) links, plain-text
// titles and dates come out, together with a note on what was wrong with the
// feed. Nothing is fetched.
//
// The parser proper is gofeed. In front of it stands a repair layer, because
// one bad byte or a connection cut short must not cost the entries that came
// whole: the bytes are brought to UTF-8, a lexical scan finds the items, items
// are parsed in small groups and singly where a group fails, and the number of
// items seen is compared with the number parsed. The same scan bounds what a
// hostile feed can cost.
package feed

import (
	"bytes"
	"fmt"
	"strings"
	"time"
)

// The limits of what [Parse] takes from one feed. What lies beyond is left out
// and said in Feed.Degraded.
const (
	MaxBytes = 16 << 20 // of the feed in UTF-8
	MaxItems = 20_000
)

// A Feed is what a feed document says.
type Feed struct {
	Title    string
	Language string // as the feed says, such as "en-us"; empty if it does not
	Entries  []Entry
	Cut      bool // the end of the feed is missing; Degraded says how much came
	// Degraded says in words what was wrong and what it cost, empty for a sound feed.
	Degraded string
}

// An Entry is one item with a usable link.
type Entry struct {
	URL       string    // canonical, see urlnorm
	Found     string    // the link as the feed gives it
	GUID      string    // the feed's own identifier, empty if none
	Title     string    // plain text, at most 1,000 code points
	Summary   string    // plain text, at most 2,000 code points
	Published time.Time // with the offset as printed; zero if unknown or unreadable
	Updated   time.Time // likewise
}

// NotFeed is the error of a document that is no feed, or holds nothing of one.
type NotFeed struct {
	Kind string // "html", "sitemap", "json", "xml", "text", "empty", "cut"
}

func (e *NotFeed) Error() string {
	switch e.Kind {
	case "html":
		return "an HTML page came in place of a feed"
	case "sitemap":
		return "a sitemap came in place of a feed; list it under sitemaps"
	case "empty":
		return "the answer is empty"
	case "cut":
		return "the feed ends before its first item is complete"
	default:
		return "not an RSS, Atom or JSON feed but " + e.Kind
	}
}

// Parse reads the feed that came from url with the given Content-Type header.
// It is pure, deterministic and safe for concurrent use. The error is a
// *[NotFeed] when there is nothing to keep; anything less is told in
// Feed.Degraded.
func Parse(url, contentType string, body []byte) (Feed, error) {
	text, notes := decode(contentType, body)
	if len(text) > MaxBytes {
		text = text[:MaxBytes]
		notes = append(notes, fmt.Sprintf("longer than %d MB", MaxBytes>>20))
	}
	text = bytes.TrimLeft(text, " \t\r\n\ufeff")
	if len(text) == 0 {
		return Feed{}, &NotFeed{Kind: "empty"}
	}
	read := readXML
	if text[0] == '{' || text[0] == '[' {
		read = readJSON
	}
	raw, err := read(text)
	if err != nil {
		return Feed{}, err
	}
	if len(raw.items) == 0 && raw.cut {
		return Feed{}, &NotFeed{Kind: "cut"}
	}
	f := Feed{Title: clip(plain(raw.title), 1000), Language: raw.language, Cut: raw.cut}
	missing := 0
	for _, it := range raw.items {
		if e, ok := it.entry(url, raw.language); ok {
			f.Entries = append(f.Entries, e)
		} else {
			missing++
		}
	}
	if raw.cut {
		notes = append(notes, fmt.Sprintf("cut off after %s", counted(len(raw.items), "whole item")))
	}
	notes = append(notes, raw.notes...)
	if missing > 0 {
		notes = append(notes, counted(missing, "item")+" without a usable link")
	}
	f.Degraded = strings.Join(notes, "; ")
	return f, nil
}

// document is a feed taken apart, whatever its format.
type document struct {
	title, language string
	items           []item
	cut             bool     // the end is missing
	notes           []string // what else was wrong
}

// item holds the strings of one item before they are made sense of.
type item struct {
	links              []string // best first
	guid               string
	title, summary     string
	published, updated date
}

// counted puts a number before a noun.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
