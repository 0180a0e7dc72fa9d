// Package sitemap reads sitemaps by the protocol of sitemaps.org and Google's
// news extension: XML files, sitemap indexes and plain lists of URLs, gzip or
// not. A stream of bytes goes in and is read once, a few kilobytes at a time;
// entries come out. Following an index, its depth and its loops are the
// caller's, since nothing is fetched here.
package sitemap

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"time"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"framewatch/crawler/urlnorm"
)

// The limits of one file; the protocol sets the same.
const (
	MaxEntries = 50_000   // rows, whether or not they are kept
	MaxBytes   = 50 << 20 // after decompression
)

// A File is the content of one sitemap.
type File struct {
	Index   bool    // the entries are sitemaps, not pages
	Entries []Entry // in the order of the file
	OffSite int     // entries left out because they lie on another site
	Invalid int     // entries left out because they name no http(s) URL
	More    bool    // the file holds more than MaxEntries rows; the rest was not read
}

// An Entry is one URL of a sitemap.
type Entry struct {
	URL         string    // canonical, see urlnorm
	Found       string    // as the file gives it
	LastMod     time.Time // with the offset as printed; zero if missing or unreadable
	Title       string    // of the news extension, else empty
	Published   time.Time // of the news extension, else zero
	Language    string    // of the news extension, else empty
	Publication string    // of the news extension, else empty
}

// The errors that [Read] wraps.
var (
	ErrTooLarge = errors.New("the sitemap is too large")
	ErrCut      = errors.New("the sitemap ends in the middle")
	ErrBroken   = errors.New("the sitemap is not well formed")
)

// NotSitemap is the error of a document that is something else.
type NotSitemap struct {
	Kind string // "html", "feed", "xml", "text", "empty"
}

func (e *NotSitemap) Error() string {
	switch e.Kind {
	case "html":
		return "an HTML page came in place of a sitemap"
	case "feed":
		return "a feed came in place of a sitemap; list it under feeds"
	case "empty":
		return "the answer is empty"
	default:
		return "not a sitemap but " + e.Kind
	}
}

// Read reads the sitemap that came from url. Entries must lie on the same site
// as url or in one of the domains; others are counted and left out, because
// anybody can name anybody's URLs. When the file turns out to be damaged, the
// entries read up to there are returned together with the error.
func Read(url string, domains []string, r io.Reader) (File, error) {
	text, err := open(r)
	if err != nil {
		return File{}, err
	}
	head, err := text.Peek(1024)
	head = bytes.TrimLeft(head, " \t\r\n")
	switch {
	case len(head) == 0 && (err == nil || errors.Is(err, io.EOF)):
		return File{}, &NotSitemap{Kind: "empty"}
	case len(head) == 0:
		return File{}, cause(err)
	}
	c := collector{base: url, domains: domains}
	if head[0] != '<' {
		err = c.readText(text)
	} else {
		err = c.readXML(text)
	}
	return c.file, err
}

// open undoes compression and byte order marks, and bounds what comes out.
func open(r io.Reader) (*bufio.Reader, error) {
	raw := bufio.NewReader(r)
	if magic, _ := raw.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(raw)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrBroken, err)
		}
		raw = bufio.NewReader(z)
	}
	var bounded io.Reader = &limited{r: raw, left: MaxBytes}
	mark, _ := raw.Peek(2)
	if bytes.Equal(mark, []byte{0xff, 0xfe}) || bytes.Equal(mark, []byte{0xfe, 0xff}) {
		bounded = transform.NewReader(bounded, unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder())
	}
	text := bufio.NewReader(bounded)
	if mark, _ := text.Peek(3); string(mark) == "\xef\xbb\xbf" {
		_, _ = text.Discard(3)
	}
	return text, nil
}

// limited is an io.LimitedReader that says so when it cuts.
type limited struct {
	r    io.Reader
	left int64
}

func (l *limited) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, fmt.Errorf("%w: more than %d MB when decompressed", ErrTooLarge, MaxBytes>>20)
	}
	n, err := l.r.Read(p[:min(int64(len(p)), l.left)])
	l.left -= int64(n)
	return n, err
}

// cause names what a reading error means.
func cause(err error) error {
	switch {
	case errors.Is(err, ErrTooLarge), errors.Is(err, ErrBroken):
		return err
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return ErrCut
	default:
		return fmt.Errorf("%w: %w", ErrBroken, err)
	}
}

// collector gathers entries.
type collector struct {
	base    string
	domains []string
	file    File
	rows    int
	seen    map[string]bool
}

// add takes an entry if it may be taken and reports whether there is room for more.
func (c *collector) add(e Entry) bool {
	if c.rows++; c.rows > MaxEntries {
		c.file.More = true
		return false
	}
	if e.Found == "" {
		return true
	}
	u, err := urlnorm.Resolve(c.base, e.Found)
	switch {
	case err != nil:
		c.file.Invalid++
	case !urlnorm.SameSite(u, c.base) && !urlnorm.InDomain(u, c.domains):
		c.file.OffSite++
	case c.seen[u]:
	default:
		if c.seen == nil {
			c.seen = map[string]bool{}
		}
		c.seen[u] = true
		e.URL = u
		c.file.Entries = append(c.file.Entries, e)
	}
	return true
}
