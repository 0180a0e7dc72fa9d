package codebook

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"github.com/agnivade/levenshtein"
	"go.yaml.in/yaml/v3"

	"framewatch/analysis/pattern"
)

// Error is a fault in a codebook file: where it is and how to mend it.
type Error struct {
	File    string
	Line    int    // from 1; 0 if the fault has no place
	Key     string // e.g. frames[3].rules[0].match
	Message string // what is wrong and what to write instead
}

// Error gives "file:line: key: message".
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Line > 0 {
		fmt.Fprintf(&b, ":%d", e.Line)
	}
	if e.Key != "" {
		b.WriteString(": " + e.Key)
	}
	b.WriteString(": " + e.Message)
	return b.String()
}

// Parse reads a codebook. name stands for the file in messages. Decoding is
// strict: the first unknown key, wrong type, duplicate id or reference to
// nothing is returned as an [*Error].
func Parse(name string, data []byte) (*Codebook, error) {
	d := &decoder{file: name, lines: map[string]int{}}
	var doc yaml.Node
	dec := yaml.NewDecoder(bytes.NewReader(data))
	if err := dec.Decode(&doc); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, &Error{File: name, Message: "the file is empty; start from the built-in codebook"}
		}
		return nil, syntaxError(name, err)
	}
	if len(doc.Content) != 1 {
		return nil, &Error{File: name, Message: "the file is empty; start from the built-in codebook"}
	}
	cb := &Codebook{Source: bytes.Clone(data)}
	if err := d.decode(doc.Content[0], reflect.ValueOf(cb).Elem(), ""); err != nil {
		return nil, err
	}
	if err := d.check(cb); err != nil {
		return nil, err
	}
	return cb, nil
}

// yamlLine is how the YAML package names the place of a syntax error.
var yamlLine = regexp.MustCompile(`^(?:yaml: )?line (\d+): `)

// syntaxError gives an error of the YAML package the form of the others.
func syntaxError(name string, err error) *Error {
	message, line := strings.TrimPrefix(err.Error(), "yaml: "), 0
	if m := yamlLine.FindStringSubmatch(message); m != nil {
		line, _ = strconv.Atoi(m[1])
		message = message[len(m[0]):]
	}
	return &Error{File: name, Line: line, Message: message + "; fix the YAML syntax there"}
}

// decoder fills a Codebook from YAML nodes and remembers the line of each key.
type decoder struct {
	file  string
	lines map[string]int
}

func (d *decoder) errorf(key, format string, args ...any) error {
	line := d.lines[key]
	for k := key; line == 0 && k != ""; line = d.lines[k] {
		i := strings.LastIndexAny(k, ".[")
		if i < 0 {
			break
		}
		k = k[:i]
	}
	return &Error{File: d.file, Line: line, Key: key, Message: fmt.Sprintf(format, args...)}
}

func (d *decoder) decode(n *yaml.Node, v reflect.Value, key string) error {
	if n.Kind == yaml.AliasNode {
		return d.errorf(key, "aliases are not supported; write the value out")
	}
	d.lines[key] = n.Line
	switch v.Kind() {
	case reflect.Struct:
		return d.decodeStruct(n, v, key)
	case reflect.Slice:
		return d.decodeSlice(n, v, key)
	case reflect.Map:
		return d.decodeMap(n, v, key)
	case reflect.String:
		if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
			return d.errorf(key, "want text")
		}
		v.SetString(n.Value)
	case reflect.Bool:
		if n.Kind != yaml.ScalarNode || n.Decode(v.Addr().Interface()) != nil {
			return d.errorf(key, "want true or false")
		}
	}
	return nil
}

func (d *decoder) decodeStruct(n *yaml.Node, v reflect.Value, key string) error {
	if n.Kind != yaml.MappingNode {
		return d.errorf(key, "want a mapping with the keys %s", strings.Join(fieldNames(v.Type()), ", "))
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		name := n.Content[i].Value
		path := join(key, name)
		d.lines[path] = n.Content[i].Line
		field := fieldByName(v, name)
		if !field.IsValid() {
			return d.errorf(path, "unknown key%s", suggest(name, fieldNames(v.Type())))
		}
		if seen[name] {
			return d.errorf(path, "key given twice; keep one")
		}
		seen[name] = true
		if err := d.decode(n.Content[i+1], field, path); err != nil {
			return err
		}
	}
	return nil
}

// decodeSlice also takes a single value for a list of one.
func (d *decoder) decodeSlice(n *yaml.Node, v reflect.Value, key string) error {
	items := n.Content
	switch {
	case n.Kind == yaml.ScalarNode && n.Tag == "!!null":
		return nil
	case n.Kind != yaml.SequenceNode && v.Type().Elem().Kind() == reflect.String && n.Kind == yaml.ScalarNode:
		items = []*yaml.Node{n}
	case n.Kind != yaml.SequenceNode:
		return d.errorf(key, "want a list; start each item with \"- \"")
	}
	out := reflect.MakeSlice(v.Type(), len(items), len(items))
	for i, item := range items {
		if err := d.decode(item, out.Index(i), fmt.Sprintf("%s[%d]", key, i)); err != nil {
			return err
		}
	}
	v.Set(out)
	return nil
}

func (d *decoder) decodeMap(n *yaml.Node, v reflect.Value, key string) error {
	if n.Kind != yaml.MappingNode {
		return d.errorf(key, "want a mapping of names to values")
	}
	out := reflect.MakeMap(v.Type())
	for i := 0; i+1 < len(n.Content); i += 2 {
		name := n.Content[i].Value
		path := join(key, name)
		k := reflect.ValueOf(name)
		if out.MapIndex(k).IsValid() {
			d.lines[path] = n.Content[i].Line
			return d.errorf(path, "name given twice; keep one")
		}
		item := reflect.New(v.Type().Elem()).Elem()
		if err := d.decode(n.Content[i+1], item, path); err != nil {
			return err
		}
		out.SetMapIndex(k, item)
	}
	v.Set(out)
	return nil
}

func join(key, name string) string {
	if key == "" {
		return name
	}
	return key + "." + name
}

func fieldNames(t reflect.Type) []string {
	var names []string
	for i := range t.NumField() {
		if tag := t.Field(i).Tag.Get("yaml"); tag != "" && tag != "-" {
			names = append(names, tag)
		}
	}
	return names
}

func fieldByName(v reflect.Value, name string) reflect.Value {
	for i := range v.NumField() {
		if tag := v.Type().Field(i).Tag.Get("yaml"); tag == name && tag != "-" {
			return v.Field(i)
		}
	}
	return reflect.Value{}
}

// suggest names the nearest known word, if one is near.
func suggest(word string, known []string) string {
	best, bestDist := "", 3
	for _, k := range known {
		if dist := levenshtein.ComputeDistance(word, k); dist < bestDist {
			best, bestDist = k, dist
		}
	}
	if best == "" {
		return "; known are " + strings.Join(known, ", ")
	}
	return fmt.Sprintf("; did you mean %q?", best)
}

var idPattern = regexp.MustCompile(`^[a-z][a-z0-9_-]*$`)

// check verifies what the shape of the file cannot: ids, references, stances.
func (d *decoder) check(cb *Codebook) error {
	if !idPattern.MatchString(cb.Name) {
		return d.errorf("name", "want lower-case letters, digits and hyphens, such as us-china-ai; got %q", cb.Name)
	}
	if len(cb.Frames) == 0 {
		return d.errorf("frames", "the codebook has no frame; add at least one")
	}
	ids := make([]string, 0, len(cb.Frames))
	seen := map[string]bool{}
	for i, f := range cb.Frames {
		key := fmt.Sprintf("frames[%d].id", i)
		if !idPattern.MatchString(f.ID) {
			return d.errorf(key, "want lower-case letters, digits and underscores; got %q", f.ID)
		}
		if seen[f.ID] {
			return d.errorf(key, "frame %q is given twice; rename or merge one", f.ID)
		}
		seen[f.ID] = true
		ids = append(ids, f.ID)
	}
	for i := range cb.Frames {
		if err := d.checkFrame(&cb.Frames[i], fmt.Sprintf("frames[%d]", i), ids, seen); err != nil {
			return err
		}
	}
	for i, f := range cb.Frames {
		if f.Parent != "" && cb.Family(f.Parent, f.ID) {
			return d.errorf(fmt.Sprintf("frames[%d].parent", i), "frame %q is its own ancestor; remove one parent", f.ID)
		}
	}
	return d.checkPatterns(cb)
}

func (d *decoder) checkFrame(f *Frame, key string, ids []string, seen map[string]bool) error {
	if f.Label == "" {
		f.Label = f.ID
	}
	if f.Parent != "" && !seen[f.Parent] {
		return d.errorf(key+".parent", "unknown frame %q%s", f.Parent, suggest(f.Parent, ids))
	}
	for i, other := range f.Absorbs {
		if !seen[other] {
			return d.errorf(fmt.Sprintf("%s.absorbs[%d]", key, i), "unknown frame %q%s", other, suggest(other, ids))
		}
	}
	rules := map[string]bool{}
	for i := range f.Rules {
		r := &f.Rules[i]
		ruleKey := fmt.Sprintf("%s.rules[%d]", key, i)
		if !idPattern.MatchString(r.ID) {
			return d.errorf(ruleKey+".id", "want lower-case letters, digits and hyphens; got %q", r.ID)
		}
		if rules[r.ID] {
			return d.errorf(ruleKey+".id", "rule %q is given twice in frame %q; rename one", r.ID, f.ID)
		}
		rules[r.ID] = true
		if len(r.Match) == 0 {
			return d.errorf(ruleKey+".match", "the rule matches nothing; list at least one pattern")
		}
		if err := d.checkStance(ruleKey+".stance", r.Stance); err != nil {
			return err
		}
	}
	for i, ex := range f.Examples {
		for j, m := range ex.Mentions {
			mentionKey := fmt.Sprintf("%s.examples[%d].mentions[%d]", key, i, j)
			if !seen[m.Frame] {
				return d.errorf(mentionKey+".frame", "unknown frame %q%s", m.Frame, suggest(m.Frame, ids))
			}
			if err := d.checkStance(mentionKey+".stance", m.Stance); err != nil {
				return err
			}
			if m.Voice != "" && m.Voice != "author" && m.Voice != "speaker" {
				return d.errorf(mentionKey+".voice", "want author or speaker; got %q", m.Voice)
			}
		}
	}
	return nil
}

func (d *decoder) checkStance(key, stance string) error {
	switch stance {
	case "", "asserts", "contests", "reports":
		return nil
	}
	return d.errorf(key, "want asserts, contests or reports; got %q", stance)
}

// checkPatterns compiles every pattern, so that a fault in one is told with its
// line.
func (d *decoder) checkPatterns(cb *Codebook) error {
	c := pattern.NewCompiler(cb.Classes)
	check := func(key string, patterns []string) error {
		for i, p := range patterns {
			if _, err := c.Compile(p); err != nil {
				return d.errorf(fmt.Sprintf("%s[%d]", key, i), "%v", err)
			}
		}
		return nil
	}
	conditions := func(key string, conds []Condition) error {
		for i, cond := range conds {
			at := fmt.Sprintf("%s[%d]", key, i)
			if cond.Empty() {
				return d.errorf(at, "the condition asks for nothing; give it a scope such as sentence: [word]")
			}
			if _, err := pattern.ParseSubject(cond.Subject); err != nil {
				return d.errorf(at+".subject", "%v", err)
			}
			for scope, patterns := range cond.Scopes() {
				if err := check(at+"."+scope, patterns); err != nil {
					return err
				}
			}
		}
		return nil
	}
	for _, list := range []struct {
		key      string
		patterns []string
	}{{"topic.ai", cb.Topic.AI}, {"topic.us", cb.Topic.US}, {"topic.china", cb.Topic.China}, {"topic.also", cb.Topic.Also}} {
		if err := check(list.key, list.patterns); err != nil {
			return err
		}
	}
	for i, f := range cb.Frames {
		key := fmt.Sprintf("frames[%d]", i)
		if err := check(key+".not", f.Not); err != nil {
			return err
		}
		if err := conditions(key+".reject", f.Reject); err != nil {
			return err
		}
		for j, r := range f.Rules {
			at := fmt.Sprintf("%s.rules[%d]", key, j)
			err := check(at+".match", r.Match)
			if err == nil {
				err = conditions(at+".require", r.Require)
			}
			if err == nil {
				err = conditions(at+".reject", r.Reject)
			}
			if err != nil {
				return err
			}
		}
		for j, a := range f.Attributes {
			for k, v := range a.Values {
				if err := conditions(fmt.Sprintf("%s.attributes[%d].values[%d].when", key, j, k), v.When); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
