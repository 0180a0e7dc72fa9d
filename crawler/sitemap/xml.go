package sitemap

import (
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

const (
	// maxDepth is how deeply elements may nest; the news extension needs five.
	maxDepth = 16
	// maxToken bounds the bytes of one tag or text. The decoder holds a token
	// whole, with many times its size for the attributes of a tag.
	maxToken = 256 << 10
	// maxText bounds the text kept of one element.
	maxText = 16 << 10
)

// errToken ends the reading of a token beyond the limit.
var errToken = fmt.Errorf("%w: an element of more than %d kB", ErrTooLarge, maxToken>>10)

// ration lets the decoder read byte by byte, and only so many for one token. It
// remembers why it stopped, which the decoder's errors do not tell.
type ration struct {
	r    *bufio.Reader
	left int
	err  error
}

func (r *ration) ReadByte() (c byte, err error) {
	if r.err == nil && r.left <= 0 {
		r.err = errToken
	}
	if r.err != nil {
		return 0, r.err
	}
	r.left--
	c, r.err = r.r.ReadByte()
	return c, r.err
}

// Read completes the interface that the decoder asks for; it uses ReadByte.
func (r *ration) Read(p []byte) (n int, err error) {
	if len(p) == 0 {
		return 0, nil
	}
	p[0], err = r.ReadByte()
	if err != nil {
		return 0, err
	}
	return 1, nil
}

var declaration = regexp.MustCompile(`^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._:-]+)["']`)

// utf8 converts a file from the encoding it declares. Damaged UTF-8 becomes
// U+FFFD, since it would stop the decoder; so does what an unknown encoding
// holds beyond ASCII, of which URLs are made.
func utf8(text *bufio.Reader) *bufio.Reader {
	var enc encoding.Encoding = unicode.UTF8
	head, _ := text.Peek(512)
	if m := declaration.FindSubmatch(head); m != nil {
		if e, name := charset.Lookup(string(m[1])); e != nil && !strings.HasPrefix(name, "utf-") {
			enc = e
		}
	}
	return bufio.NewReader(transform.NewReader(text, enc.NewDecoder()))
}

// readXML reads a urlset or a sitemapindex token by token.
func (c *collector) readXML(text *bufio.Reader) error {
	in := &ration{r: utf8(text)}
	dec := xml.NewDecoder(in)
	dec.Strict = false // bare ampersands in URLs are common
	dec.Entity = xml.HTMLEntity
	dec.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	w := walker{collector: c}
	for !w.done && !c.file.More {
		in.left = maxToken
		tok, err := dec.Token()
		if err != nil {
			return w.failed(err, in.err)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			err = w.start(tok)
		case xml.EndElement:
			w.end()
		case xml.CharData:
			w.text(tok)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// walker follows the elements of a sitemap.
type walker struct {
	*collector
	path   []string // local names of the open elements, in lower case
	entry  Entry
	wanted bool   // the innermost element's text is of interest
	value  []byte // its text so far
	done   bool   // the root is closed
}

func (w *walker) start(t xml.StartElement) error {
	name := strings.ToLower(t.Name.Local)
	if len(w.path) == 0 {
		if err := w.root(name); err != nil {
			return err
		}
	}
	if len(w.path) >= maxDepth {
		return fmt.Errorf("%w: nested beyond %d elements", ErrBroken, maxDepth)
	}
	w.path = append(w.path, name)
	w.value, w.wanted = w.value[:0], false
	switch {
	case len(w.path) == 2:
		w.entry = Entry{}
	case len(w.path) > 2 && w.path[1] == w.row():
		switch strings.Join(w.path[2:], "/") {
		// The loc of an image or a video lies one element deeper.
		case "loc", "lastmod", "news/publication_date", "news/title", "news/publication/language", "news/publication/name":
			w.wanted = true
		}
	}
	return nil
}

func (w *walker) root(name string) error {
	switch name {
	case "urlset":
		return nil
	case "sitemapindex":
		w.file.Index = true
		return nil
	case "html":
		return &NotSitemap{Kind: "html"}
	case "rss", "rdf", "feed":
		return &NotSitemap{Kind: "feed"}
	}
	return &NotSitemap{Kind: "xml"}
}

// row is what an entry's element is called.
func (w *walker) row() string {
	if w.file.Index {
		return "sitemap"
	}
	return "url"
}

func (w *walker) text(t xml.CharData) {
	if w.wanted && len(w.value) < maxText {
		w.value = append(w.value, t[:min(len(t), maxText)]...)
	}
}

func (w *walker) end() {
	if len(w.path) == 0 {
		return
	}
	if w.wanted {
		w.set(w.path[len(w.path)-1], strings.Join(strings.Fields(string(w.value)), " "))
	}
	w.wanted = false
	if len(w.path) == 2 && w.path[1] == w.row() {
		w.add(w.entry)
	}
	w.path = w.path[:len(w.path)-1]
	w.done = len(w.path) == 0
}

func (w *walker) set(name, s string) {
	switch name {
	case "loc":
		if w.entry.Found == "" {
			w.entry.Found = s
		}
	case "lastmod":
		w.entry.LastMod = parseTime(s)
	case "publication_date":
		w.entry.Published = parseTime(s)
	case "title":
		w.entry.Title = s
	case "language":
		w.entry.Language = s
	case "name":
		w.entry.Publication = s
	}
}

// failed judges why the tokens ended before the root did. Reading is the error
// of the input, if that was the reason.
func (w *walker) failed(err, reading error) error {
	if reading == nil {
		reading = err
	}
	if len(w.path) == 0 && !errors.Is(reading, ErrTooLarge) && !errors.Is(reading, ErrBroken) {
		return &NotSitemap{Kind: "text"}
	}
	return cause(reading)
}
