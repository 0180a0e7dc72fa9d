package feed

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// readJSON reads a JSON feed (jsonfeed.org, versions 1 and 1.1) token by token,
// so that a document cut short still gives the items that came whole.
func readJSON(text []byte) (document, error) {
	dec := json.NewDecoder(bytes.NewReader(text))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return document{}, &NotFeed{Kind: "json"}
	}
	r := jsonReader{dec: dec, doc: document{cut: true}}
	r.object()
	if !r.isFeed && !strings.Contains(r.version, "jsonfeed.org") {
		return document{}, &NotFeed{Kind: "json"}
	}
	var broken int
	r.doc.items, broken = parseGroups(r.items, wrapJSON, salvageJSON)
	if broken > 0 {
		r.doc.notes = append(r.doc.notes, counted(broken, "item")+" with fields of the wrong kind")
	}
	return r.doc, nil
}

type jsonReader struct {
	dec     *json.Decoder
	doc     document
	version string
	items   [][]byte
	isFeed  bool // an items list was found
}

// object reads the members of the top object and stops where the text breaks off.
func (r *jsonReader) object() {
	for r.dec.More() {
		key, err := r.dec.Token()
		if err != nil {
			return
		}
		switch key {
		case "title":
			r.doc.title, err = r.text()
		case "language":
			r.doc.language, err = r.text()
		case "version":
			r.version, err = r.text()
		case "items":
			err = r.list()
		default:
			var skip json.RawMessage
			err = r.dec.Decode(&skip)
		}
		if err != nil {
			return
		}
	}
	if _, err := r.dec.Token(); err == nil {
		r.doc.cut = false
	}
}

// text reads a member that should be a string.
func (r *jsonReader) text() (string, error) {
	var v any
	err := r.dec.Decode(&v)
	s, _ := v.(string)
	return s, err
}

func (r *jsonReader) list() error {
	t, err := r.dec.Token()
	if err != nil || t != json.Delim('[') {
		return fmt.Errorf("items is not a list: %w", errOr(err))
	}
	r.isFeed = true
	for r.dec.More() {
		var raw json.RawMessage
		if err := r.dec.Decode(&raw); err != nil {
			return err
		}
		if len(r.items) < MaxItems {
			r.items = append(r.items, raw)
		} else if len(r.doc.notes) == 0 {
			r.doc.notes = append(r.doc.notes, fmt.Sprintf("too long: only the first %d items are read", MaxItems))
		}
	}
	_, err = r.dec.Token()
	return err
}

// errOr gives wrapping something to hold when the kind was wrong, not the syntax.
func errOr(err error) error {
	if err != nil {
		return err
	}
	return &NotFeed{Kind: "json"}
}

func wrapJSON(items [][]byte) []byte {
	var b bytes.Buffer
	b.WriteString(`{"version":"https://jsonfeed.org/version/1.1","items":[`)
	b.Write(bytes.Join(items, []byte{','}))
	b.WriteString("]}")
	return b.Bytes()
}

// salvageJSON reads an item some of whose fields have the wrong type.
func salvageJSON(raw []byte) item {
	var fields map[string]any
	if err := json.Unmarshal(raw, &fields); err != nil {
		return item{}
	}
	text := func(name string) string {
		switch v := fields[name].(type) {
		case string:
			return v
		case float64:
			return fmt.Sprintf("%.0f", v)
		}
		return ""
	}
	it := item{
		guid: text("id"), title: text("title"), summary: text("summary"),
		published: date{text: text("date_published")}, updated: date{text: text("date_modified")},
	}
	it.link(text("url"))
	it.link(text("external_url"))
	it.permalink()
	return it
}
