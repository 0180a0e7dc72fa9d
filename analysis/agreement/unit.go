package agreement

import (
	"fmt"
	"slices"
	"strings"

	"framewatch/analysis/codebook"
)

// Unit is something that both codebooks can find and that is compared: frames of A against frames of B.
type Unit struct {
	Name string
	Kind Kind
	A, B []string // frames counted on either side, those below them included, in order of the codebook
}

// Kind says how a unit came about.
type Kind string

// The kinds of units, finest first.
const (
	Mapped Kind = "mapped" // the caller tied the frames
	Frame  Kind = "frame"  // a frame of the same id in both, with all frames below it
	Group  Kind = "group"  // all frames of a group of the same name in both
	Any    Kind = "any"    // all frames
)

// Units lists what two codebooks have in common: first what mappings tie, then frames by id, groups by name, and all
// frames. A mapping is written a=b, or a+c=b+d for several frames on a side. A frame whose id the other codebook lacks is
// counted with its ancestors, its group and in all frames.
func Units(a, b *codebook.Codebook, mappings []string) ([]Unit, error) {
	var units []Unit
	for _, m := range mappings {
		left, right, ok := strings.Cut(m, "=")
		if !ok {
			return nil, fmt.Errorf("mapping %q has no =; write a=b with a frame of the first codebook and one of the second", m)
		}
		u := Unit{Name: m, Kind: Mapped}
		var err error
		if u.A, err = named(a, left); err != nil {
			return nil, fmt.Errorf("mapping %q: %w", m, err)
		}
		if u.B, err = named(b, right); err != nil {
			return nil, fmt.Errorf("mapping %q: %w", m, err)
		}
		units = append(units, u)
	}
	for _, f := range a.Frames {
		if _, shared := b.Frame(f.ID); shared {
			units = append(units, Unit{f.ID, Frame, below(a, f.ID), below(b, f.ID)})
		}
	}
	for _, group := range groups(a) {
		if slices.Contains(groups(b), group) {
			units = append(units, Unit{group, Group, ofGroup(a, group), ofGroup(b, group)})
		}
	}
	return append(units, Unit{"any frame", Any, ids(a), ids(b)}), nil
}

// named are the frames of one side of a mapping.
func named(cb *codebook.Codebook, side string) ([]string, error) {
	var all []string
	for _, id := range strings.Split(side, "+") {
		id = strings.TrimSpace(id)
		if _, ok := cb.Frame(id); !ok {
			return nil, fmt.Errorf("codebook %s has no frame %q; it has %s", cb.Name, id, strings.Join(ids(cb), ", "))
		}
		all = append(all, below(cb, id)...)
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

// below are a frame and those that count for it.
func below(cb *codebook.Codebook, id string) []string {
	var all []string
	for _, f := range cb.Frames {
		if cb.Family(f.ID, id) {
			all = append(all, f.ID)
		}
	}
	return all
}

func ids(cb *codebook.Codebook) []string {
	var all []string
	for _, f := range cb.Frames {
		all = append(all, f.ID)
	}
	return all
}

func groups(cb *codebook.Codebook) []string {
	var all []string
	for _, f := range cb.Frames {
		if f.Group != "" && !slices.Contains(all, f.Group) {
			all = append(all, f.Group)
		}
	}
	return all
}

func ofGroup(cb *codebook.Codebook, group string) []string {
	var all []string
	for _, f := range cb.Frames {
		if f.Group == group {
			all = append(all, f.ID)
		}
	}
	return all
}

// Unmatched are the frames of cb that no unit but the groups and all frames counts.
func Unmatched(cb *codebook.Codebook, units []Unit, side func(Unit) []string) []string {
	var all []string
	for _, id := range ids(cb) {
		if !slices.ContainsFunc(units, func(u Unit) bool {
			return (u.Kind == Mapped || u.Kind == Frame) && slices.Contains(side(u), id)
		}) {
			all = append(all, id)
		}
	}
	return all
}
