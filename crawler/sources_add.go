package crawler

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// AddSource writes an entry for a source at the end of the list in a sources file and returns the new file; every line
// that was there stays as it is, comments and order included. Name is what messages call the file. It refuses a file
// that is not valid, an id, homepage, feed or sitemap that another source has, and an entry that would not be read as
// it is meant.
func AddSource(name string, data []byte, s Source) ([]byte, error) {
	old, err := ParseSources(name, data)
	if err != nil {
		return nil, err
	}
	if err := distinct(old.List, s); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	indent, at, err := endOfList(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w; add this by hand:\n%s", name, err, s.entry("  "))
	}
	lines := bytes.SplitAfter(data, []byte("\n"))
	text := s.entry(indent)
	if bytes.Contains(lines[0], []byte("\r\n")) {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	before := bytes.Join(lines[:at], nil)
	if !bytes.HasSuffix(before, []byte("\n")) {
		before = append(before, '\n')
	}
	out := slices.Concat(before, []byte(text), bytes.Join(lines[at:], nil))
	now, err := ParseSources(name, out)
	if err != nil {
		return nil, err
	}
	if !reflect.DeepEqual(now.Fetch, old.Fetch) || !reflect.DeepEqual(now.List, append(slices.Clone(old.List), s.sparse())) {
		return nil, fmt.Errorf("%s: its layout does not take the entry as it is meant; add this by hand:\n%s", name, s.entry("  "))
	}
	return out, nil
}

// sparse is the source as a file gives it back: no list is empty.
func (s Source) sparse() Source {
	for _, list := range []*[]string{&s.Domains, &s.Feeds, &s.Sitemaps} {
		if len(*list) == 0 {
			*list = nil
		}
	}
	return s
}

// distinct refuses a source that the list has.
func distinct(list []Source, s Source) error {
	by := listedBy(list)
	for _, u := range slices.Concat(s.Feeds, s.Sitemaps) {
		if id := by[canonicalOr(u)]; id != "" {
			return fmt.Errorf("%s is listed already, by the source %q", u, id)
		}
	}
	for _, have := range list {
		switch {
		case have.ID == s.ID:
			return fmt.Errorf("the id %q is taken by %s; give another with --id", s.ID, have.Name)
		case s.Homepage != "" && have.Homepage != "" && canonicalOr(have.Homepage) == canonicalOr(s.Homepage):
			return fmt.Errorf("%s is the homepage of the source %q already; add the address to its feeds or sitemaps by hand, or name a section's own page", s.Homepage, have.ID)
		}
	}
	return nil
}

// endOfList finds the line, counted from 0, before which another entry goes, and the indentation of the hyphens.
func endOfList(data []byte) (indent string, line int, err error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return "", 0, err
	}
	lines := bytes.SplitAfter(data, []byte("\n"))
	end, first := len(lines), 0
	top := doc.Content[0].Content
	for i := 0; i+1 < len(top); i += 2 {
		if top[i].Value != "sources" {
			continue
		}
		list := top[i+1]
		if list.Style&yaml.FlowStyle != 0 || doc.Content[0].Style&yaml.FlowStyle != 0 {
			return "", 0, fmt.Errorf("the list under sources is written in brackets")
		}
		indent = strings.Repeat(" ", list.Column-1)
		first = list.Content[len(list.Content)-1].Line
		if i+2 < len(top) {
			end = top[i+2].Line - 1
		}
	}
	for i := first; i < end; i++ {
		if bytes.HasPrefix(lines[i], []byte("---")) || bytes.HasPrefix(lines[i], []byte("...")) {
			end = i
		}
	}
	for end > first && blank(lines[end-1]) {
		end--
	}
	return indent, end, nil
}

// blank reports whether a line of a file says nothing to the program.
func blank(line []byte) bool {
	line = bytes.TrimSpace(line)
	return len(line) == 0 || line[0] == '#'
}

// Entry is the source as it stands in the list of a sources file, every key on a line of its own.
func (s Source) Entry() string { return s.entry("") }

func (s Source) entry(indent string) string {
	var b strings.Builder
	pairs := []struct {
		key  string
		text string
		list []string
	}{
		{"id", s.ID, nil}, {"name", s.Name, nil}, {"country", s.Country, nil}, {"type", s.Type, nil}, {"homepage", s.Homepage, nil},
		{"domains", "", s.Domains}, {"feeds", "", s.Feeds}, {"sitemaps", "", s.Sitemaps},
		{"language", s.Language, nil}, {"scope", s.Scope, nil}, {"verified", s.Verified, nil},
		{"leaning", s.Leaning, nil}, {"leaning_source", s.LeaningSource, nil}, {"note", s.Note, nil},
	}
	mark := "- "
	for _, p := range pairs {
		value := scalar(p.text)
		if slices.Contains([]string{"domains", "feeds", "sitemaps"}, p.key) {
			quoted := make([]string, len(p.list))
			for i, u := range p.list {
				quoted[i] = scalar(u)
			}
			value = "[" + strings.Join(quoted, ", ") + "]"
		}
		fmt.Fprintf(&b, "%s%s%s: %s\n", indent, mark, p.key, value)
		mark = "  "
	}
	return b.String()
}

// scalar is a text as YAML on one line. What could be read as anything but text, or could end early inside brackets, is
// quoted.
func scalar(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune(" ._-/:", r)
	}
	safe := s != "" && !strings.ContainsFunc(s, func(r rune) bool { return !plain(r) }) && !strings.Contains(s, ": ") &&
		(s[0] >= 'a' && s[0] <= 'z' || s[0] >= 'A' && s[0] <= 'Z') && !strings.HasSuffix(s, ":") && !strings.HasSuffix(s, " ")
	// The words of older versions of YAML are quoted for readers other than this one.
	word := slices.Contains([]string{"y", "n", "yes", "no", "on", "off", "true", "false", "null"}, strings.ToLower(s))
	if safe && !word {
		return s
	}
	return fmt.Sprintf("%q", strings.ToValidUTF8(s, "\uFFFD"))
}
