package feed

import "bytes"

// maxHeader is how much of what stands before the first item is looked at.
const maxHeader = 256 << 10

func readXML(text []byte) (document, error) {
	l, err := scan(text)
	if err != nil {
		return document{}, err
	}
	d := document{cut: l.cut, notes: l.notes}
	header := l.header[:min(len(l.header), maxHeader)]
	depth := 1
	if l.root.local() == "feed" {
		depth = 0
	}
	d.title, _ = childText(header, "title", depth)
	d.language, _ = childText(header, "language", depth)
	if v, ok := attribute(l.rootTag, "xml:lang"); ok && d.language == "" {
		d.language = v
	}
	var broken int
	d.items, broken = parseGroups(l.items, l.wrap, salvageXML)
	if broken > 0 {
		d.notes = append(d.notes, counted(broken, "item")+" with broken markup")
	}
	return d, nil
}

// wrap makes a feed of some of the items, under the root tag of the original so
// that prefixes and xml:base keep their meaning.
func (l *layout) wrap(items [][]byte) []byte {
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>`)
	b.Write(l.rootTag)
	channel := l.root.local() == "rss"
	if channel {
		b.WriteString("<channel>")
	}
	for _, it := range items {
		b.Write(it)
		if !bytes.HasSuffix(it, []byte("</"+l.itemName()+">")) && !closed(it) {
			b.WriteString("</" + openName(it) + ">")
		}
	}
	if channel {
		b.WriteString("</channel>")
	}
	b.WriteString("</" + l.root.name + ">")
	return b.Bytes()
}

// openName is the name of the tag that an item begins with.
func openName(it []byte) string {
	lex := lexer{doc: it}
	t, _ := lex.next()
	return t.name
}

// closed reports whether an item ends in its own end tag.
func closed(it []byte) bool {
	end := []byte("</" + openName(it))
	i := bytes.LastIndex(it, end)
	return i >= 0 && len(bytes.TrimLeft(it[i+len(end):], " \t\r\n>")) == 0
}

// salvageXML reads an item that no XML parser takes: each field is looked for
// by name, whatever stands between.
func salvageXML(raw []byte) item {
	var it item
	for _, name := range []string{"origlink", "link"} {
		if s, ok := childAnywhere(raw, name); ok {
			it.link(s)
		}
	}
	for _, href := range linkAttributes(raw) {
		it.link(href)
	}
	for _, name := range []string{"guid", "id"} {
		if s, ok := childAnywhere(raw, name); ok && it.guid == "" {
			it.guid = s
		}
	}
	it.title, _ = childAnywhere(raw, "title")
	for _, name := range []string{"description", "summary"} {
		if s, ok := childAnywhere(raw, name); ok && it.summary == "" {
			it.summary = s
		}
	}
	for _, name := range []string{"pubdate", "published", "date"} {
		if s, ok := childAnywhere(raw, name); ok && it.published.text == "" {
			it.published = date{text: s}
		}
	}
	if s, ok := childAnywhere(raw, "updated"); ok {
		it.updated = date{text: s}
	}
	if !bytes.Contains(raw, []byte(`isPermaLink="false"`)) {
		it.permalink()
	}
	return it
}

// childAnywhere returns the text of the first element with this local name.
func childAnywhere(doc []byte, name string) (string, bool) {
	lex := lexer{doc: doc}
	for {
		t, ok := lex.next()
		if !ok {
			return "", false
		}
		if t.open && !t.void && t.local() == name {
			if s := textUntil(doc[t.end:], t.name); s != "" {
				return s, true
			}
		}
	}
}

// linkAttributes returns the targets of the Atom links of an item.
func linkAttributes(doc []byte) []string {
	var out []string
	lex := lexer{doc: doc}
	for {
		t, ok := lex.next()
		if !ok {
			return out
		}
		if !t.open || t.local() != "link" {
			continue
		}
		raw := doc[t.start:t.end]
		if rel, ok := attribute(raw, "rel"); ok && rel != "alternate" {
			continue
		}
		if href, ok := attribute(raw, "href"); ok {
			out = append(out, href)
		}
	}
}

// attribute returns the value of an attribute of a tag as written.
func attribute(tag []byte, name string) (string, bool) {
	for rest := tag; ; {
		i := bytes.Index(rest, []byte(name))
		if i < 0 {
			return "", false
		}
		before := rest[:i]
		rest = bytes.TrimLeft(rest[i+len(name):], " \t\r\n")
		if len(before) == 0 || !bytes.ContainsRune([]byte(" \t\r\n"), rune(before[len(before)-1])) || len(rest) < 2 || rest[0] != '=' {
			continue
		}
		value := bytes.TrimLeft(rest[1:], " \t\r\n")
		if len(value) < 2 || value[0] != '"' && value[0] != '\'' {
			continue
		}
		if end := bytes.IndexByte(value[1:], value[0]); end >= 0 {
			return unwrap(string(value[1 : end+1])), true
		}
	}
}
