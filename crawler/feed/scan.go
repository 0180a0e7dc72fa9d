package feed

import (
	"bytes"
	"fmt"
	"html"
	"strings"
)

// The limits of one item in tags, of a tag in bytes, and of what may stand
// before the root. Feeds in the wild stay far below.
const (
	maxItemTags  = 10_000
	maxItemDepth = 100
	maxTagBytes  = 64 << 10
	maxPreamble  = 64 << 10
)

// tag is one tag met by the lexer.
type tag struct {
	name       string // as written, with its prefix
	open       bool   // a start tag
	void       bool   // a start tag that ends in "/>"
	start, end int    // the bytes of the document it covers
}

// local returns the name without its prefix, in lower case.
func (t tag) local() string {
	return strings.ToLower(t.name[strings.LastIndexByte(t.name, ':')+1:])
}

// lexer finds the tags of a document and passes over text, comments, CDATA
// sections and declarations. It never fails: what it cannot make sense of is
// text, and what has no end runs to the end of the document.
type lexer struct {
	doc []byte
	pos int
}

// next returns the next tag; ok is false at the end of the document.
func (l *lexer) next() (t tag, ok bool) {
	for {
		i := bytes.IndexByte(l.doc[l.pos:], '<')
		if i < 0 {
			l.pos = len(l.doc)
			return tag{}, false
		}
		start := l.pos + i
		rest := l.doc[start:]
		switch {
		case bytes.HasPrefix(rest, []byte("<!--")):
			l.skip(start+4, "-->")
		case bytes.HasPrefix(rest, []byte("<![CDATA[")):
			l.skip(start+9, "]]>")
		case bytes.HasPrefix(rest, []byte("<?")):
			l.skip(start+2, "?>")
		case bytes.HasPrefix(rest, []byte("<!")):
			l.declaration(start + 2)
		case len(rest) > 1 && (nameStart(rest[1]) || rest[1] == '/' && len(rest) > 2 && nameStart(rest[2])):
			if t, ok := l.tag(start); ok {
				return t, true
			}
		default:
			l.pos = start + 1
		}
	}
}

func (l *lexer) skip(from int, end string) {
	i := bytes.Index(l.doc[from:], []byte(end))
	if i < 0 {
		l.pos = len(l.doc)
		return
	}
	l.pos = from + i + len(end)
}

// declaration passes over a DOCTYPE, whose internal subset holds ">" of its own.
func (l *lexer) declaration(from int) {
	depth := 0
	for i := from; i < len(l.doc); i++ {
		switch l.doc[i] {
		case '[':
			depth++
		case ']':
			depth--
		case '>':
			if depth <= 0 {
				l.pos = i + 1
				return
			}
		}
	}
	l.pos = len(l.doc)
}

// tag reads the tag at start. Quotes hide a ">", unless believing them would
// make the tag longer than any sane one.
func (l *lexer) tag(start int) (t tag, ok bool) {
	window := l.doc[start:min(len(l.doc), start+maxTagBytes)]
	end := closing(window)
	if end < 0 {
		end = bytes.IndexByte(window, '>')
	}
	if end >= 0 && window[end] == '<' {
		l.pos = start + 1
		return tag{}, false
	}
	if end < 0 {
		l.pos = start + len(window)
		return tag{}, false
	}
	l.pos = start + end + 1
	t = tag{open: window[1] != '/', void: window[end-1] == '/', start: start, end: l.pos}
	name := window[1:end]
	if !t.open {
		name = name[1:]
	}
	if i := bytes.IndexAny(name, " \t\r\n/"); i >= 0 {
		name = name[:i]
	}
	t.name = string(name)
	return t, true
}

// closing returns the index of the ">" that ends the tag at the start of b, or of
// a "<" before it, which shows that there is no such tag.
func closing(b []byte) int {
	quote := byte(0)
	for i, c := range b {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>' || c == '<' && i > 0:
			return i
		}
	}
	return -1
}

func nameStart(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= 0x80
}

// layout is where the parts of an XML feed lie.
type layout struct {
	root    tag
	rootTag []byte   // as written
	header  []byte   // between the root tag and the first item
	items   [][]byte // whole items with their tags
	cut     bool
	notes   []string
}

// itemName is what an item is called in this kind of feed.
func (l *layout) itemName() string {
	if l.root.local() == "feed" {
		return "entry"
	}
	return "item"
}

// scan finds the items of an XML feed.
func scan(doc []byte) (*layout, error) {
	lex := lexer{doc: doc}
	root, err := findRoot(&lex)
	if err != nil {
		return nil, err
	}
	l := &layout{root: root, rootTag: doc[root.start:root.end], cut: true}
	if root.start > 0 && junk(doc[:root.start]) {
		l.notes = append(l.notes, "text before the feed")
	}
	s := itemScan{layout: l, doc: doc, from: -1, header: -1}
	for {
		t, ok := lex.next()
		if !ok {
			break
		}
		if len(l.items) == MaxItems && s.isItem(t) {
			l.notes = append(l.notes, fmt.Sprintf("too long: only the first %d items are read", MaxItems))
			l.cut = false
			break
		}
		if s.take(t) {
			l.cut = false
			break
		}
	}
	if s.header < 0 {
		s.header = len(doc)
	}
	l.header = doc[root.end:s.header]
	if s.unclosed > 0 {
		l.notes = append(l.notes, counted(s.unclosed, "item")+" not closed")
	}
	if s.complex > 0 {
		l.notes = append(l.notes, counted(s.complex, "item")+" nested or tagged beyond reason")
	}
	return l, nil
}

// itemScan is the state of scan between tags.
type itemScan struct {
	*layout
	doc               []byte
	name              string // of the open item's tag, as written
	from              int    // where the open item begins, -1 if none is open
	header            int    // where the first item begins
	depth, most, tags int    // of the open item
	unclosed, complex int
}

// take looks at one tag and reports whether it ends the feed.
func (s *itemScan) take(t tag) (end bool) {
	local := t.local()
	switch {
	case s.isItem(t) && t.open:
		if s.from >= 0 {
			s.unclosed++
			s.close(t.start)
		}
		if s.header < 0 {
			s.header = t.start
		}
		if !t.void {
			s.name, s.from, s.depth, s.most, s.tags = t.name, t.start, 0, 0, 0
		}
	case s.from >= 0 && !t.open && t.name == s.name:
		s.close(t.end)
	case !t.open && (local == s.root.local() || local == "channel" && s.root.local() == "rss"):
		if s.from >= 0 {
			s.unclosed++
			s.close(t.start)
		}
		return local == s.root.local()
	case s.from >= 0:
		s.tags++
		if t.open && !t.void {
			s.depth++
			s.most = max(s.most, s.depth)
		} else if !t.open {
			s.depth--
		}
	}
	return false
}

// isItem reports whether the tag opens or closes an item of this feed: its name
// bare or under the prefix that feed elements have here.
func (s *itemScan) isItem(t tag) bool {
	if t.local() != s.itemName() {
		return false
	}
	prefix, _, ok := strings.Cut(t.name, ":")
	if !ok {
		return true
	}
	rootPrefix, _, _ := strings.Cut(s.root.name, ":")
	return prefix == rootPrefix || prefix == "rss" || prefix == "atom"
}

func (s *itemScan) close(end int) {
	if s.most > maxItemDepth || s.tags > maxItemTags {
		s.complex++
	} else {
		s.items = append(s.items, s.doc[s.from:end])
	}
	s.from = -1
}

// findRoot finds the tag that makes the document a feed. Servers print warnings
// in front of it, so it need not be the first.
func findRoot(lex *lexer) (tag, error) {
	first := ""
	for {
		t, ok := lex.next()
		if !ok || t.start > maxPreamble {
			break
		}
		if !t.open {
			continue
		}
		switch local := t.local(); local {
		case "rss", "rdf", "feed":
			if !t.void {
				return t, nil
			}
		case "html", "head", "body":
			return tag{}, &NotFeed{Kind: "html"}
		case "urlset", "sitemapindex":
			return tag{}, &NotFeed{Kind: "sitemap"}
		default:
			if first == "" {
				first = local
			}
		}
	}
	head := bytes.ToLower(lex.doc[:min(len(lex.doc), 1024)])
	switch {
	case bytes.Contains(head, []byte("<!doctype html")):
		return tag{}, &NotFeed{Kind: "html"}
	case bytes.HasPrefix(head, []byte("<")) && first != "":
		return tag{}, &NotFeed{Kind: "xml"}
	}
	return tag{}, &NotFeed{Kind: "text"}
}

// junk reports whether the bytes before the root are more than a prolog.
func junk(b []byte) bool {
	b = bytes.TrimLeft(b, " \t\r\n")
	return len(b) > 0 && !bytes.HasPrefix(b, []byte("<?xml")) && !bytes.HasPrefix(b, []byte("<!")) && !bytes.HasPrefix(b, []byte("<?"))
}

// childText returns the text of the first child with this local name at the
// given depth below doc, where 0 is the top. It is for broken items and for
// headers: entities are decoded, CDATA sections are unwrapped, inner tags stay.
func childText(doc []byte, name string, depth int) (string, bool) {
	lex := lexer{doc: doc}
	level := 0
	for {
		t, ok := lex.next()
		if !ok {
			return "", false
		}
		if !t.open {
			level--
			continue
		}
		if level == depth && t.local() == name && !t.void {
			return textUntil(doc[t.end:], t.name), true
		}
		if !t.void {
			level++
		}
	}
}

// textUntil returns the text up to the end tag of that name.
func textUntil(doc []byte, name string) string {
	lex := lexer{doc: doc}
	for {
		t, ok := lex.next()
		if !ok {
			return ""
		}
		if !t.open && t.name == name {
			return unwrap(string(doc[:t.start]))
		}
	}
}

// unwrap decodes character data: CDATA sections literally, entities elsewhere.
func unwrap(s string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(s, "<![CDATA[")
		b.WriteString(html.UnescapeString(before))
		if !ok {
			break
		}
		inside, after, _ := strings.Cut(rest, "]]>")
		b.WriteString(inside)
		s = after
	}
	return strings.TrimSpace(b.String())
}
