package crawler

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/agnivade/levenshtein"
	"go.yaml.in/yaml/v3"
)

// decoder walks a YAML tree by hand, because the library stops at the first
// problem and does not know the lines of semantic ones.
type decoder struct {
	name     string
	problems []string
	keys     map[string]bool // full names of the keys met
	gapNode  *yaml.Node      // where min_gap stands
}

func (d *decoder) problem(n *yaml.Node, key, what, fix string) {
	line := 1
	if n != nil && n.Line > 0 {
		line = n.Line
	}
	d.problems = append(d.problems, fmt.Sprintf("%s:%d: %s: %s; %s", d.name, line, key, what, fix))
}

func (d *decoder) seen(key string) bool { return d.keys[key] }

// is follows an alias and reports a node of another kind.
func (d *decoder) is(n *yaml.Node, key string, kind yaml.Kind, want string) bool {
	if n.Kind == yaml.AliasNode {
		d.problem(n, key, "YAML aliases are not read", "write the value out")
		return false
	}
	if n.Kind == kind {
		return true
	}
	if key == "" {
		key = "file"
	}
	d.problem(n, key, "expected "+want, "mind the indentation and the hyphens")
	return false
}

// mapping calls the handler of each key and reports unknown and repeated ones.
func (d *decoder) mapping(n *yaml.Node, key string, handlers map[string]func(*yaml.Node, string)) bool {
	if !d.is(n, key, yaml.MappingNode, "keys with values") {
		return false
	}
	if d.keys == nil {
		d.keys = map[string]bool{}
	}
	known := slices.Sorted(maps.Keys(handlers))
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		full := strings.TrimPrefix(key+"."+k.Value, ".")
		handle := handlers[k.Value]
		switch {
		case handle == nil:
			d.problem(k, full, "unknown key"+suggest(k.Value, known), "the keys here are "+strings.Join(known, ", "))
		case d.keys[full]:
			d.problem(k, full, "given twice", "take one out")
		default:
			d.keys[full] = true
			handle(v, full)
		}
	}
	return true
}

// each decodes the elements of a list and leaves out those that are wrong.
func each[T any](d *decoder, n *yaml.Node, key string, decode func(*yaml.Node, string) (T, bool)) []T {
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		return nil
	}
	if !d.is(n, key, yaml.SequenceNode, "a list such as [a, b]") {
		return nil
	}
	var out []T
	for i, item := range n.Content {
		if v, ok := decode(item, fmt.Sprintf("%s[%d]", key, i)); ok {
			out = append(out, v)
		}
	}
	return out
}

// text takes a scalar as it is written, so that "no" and 2024 need no quotes.
func (d *decoder) text(n *yaml.Node, key string) string {
	if !d.is(n, key, yaml.ScalarNode, "a single value") || n.Tag == "!!null" {
		return ""
	}
	if i := strings.IndexFunc(n.Value, func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' || r == 0x7f }); i >= 0 {
		d.problem(n, key, "holds a control character", "take it out")
		return ""
	}
	return n.Value
}

func (d *decoder) duration(n *yaml.Node, key string, least, most time.Duration, example string) time.Duration {
	s := d.text(n, key)
	v, err := time.ParseDuration(s)
	switch {
	case err != nil:
		d.problem(n, key, fmt.Sprintf("%q is not a duration", s), "write a number with its unit, such as "+example)
	case v < least || v > most:
		d.problem(n, key, fmt.Sprintf("%s is out of range", s), fmt.Sprintf("use %v to %v", least, most))
	}
	return v
}

var sizeShape = regexp.MustCompile(`(?i)^([0-9]{1,9})\s*(b|kb|mb|gb|kib|mib)?$`)

// size reads a number of bytes: 500000, 500 kB, 10MB, 8MiB.
func (d *decoder) size(n *yaml.Node, key string) int64 {
	units := map[string]int64{"": 1, "b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9, "kib": 1 << 10, "mib": 1 << 20}
	s := d.text(n, key)
	m := sizeShape.FindStringSubmatch(s)
	if m == nil {
		d.problem(n, key, fmt.Sprintf("%q is not a size", s), "write a number of bytes or one with a unit, such as 10MB")
		return 0
	}
	v, _ := strconv.ParseInt(m[1], 10, 64) // at most nine digits
	v *= units[strings.ToLower(m[2])]
	if v < 1 || v > 100e6 {
		d.problem(n, key, s+" is out of range", "use at most 100MB")
	}
	return v
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line ([0-9]+): )?(.*)$`)

// yamlProblem gives a syntax error the shape of the others.
func yamlProblem(name string, err error) string {
	first, _, _ := strings.Cut(err.Error(), "\n")
	m := yamlLine.FindStringSubmatch(first)
	if m == nil {
		return fmt.Sprintf("%s: %s", name, first)
	}
	if m[1] == "" {
		m[1] = "1"
	}
	return fmt.Sprintf("%s:%s: not valid YAML: %s; mind the indentation, and quote values that hold \": \" or begin with a special character", name, m[1], m[2])
}

// suggest names the known word that differs least, if one is close.
func suggest(word string, known []string) string {
	best, at := 3, ""
	word = word[:min(len(word), 40)]
	for _, k := range known {
		if n := levenshtein.ComputeDistance(word, k); n < best {
			best, at = n, k
		}
	}
	if at == "" {
		return ""
	}
	return fmt.Sprintf(", did you mean %q?", at)
}
