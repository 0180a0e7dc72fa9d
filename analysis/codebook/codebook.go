// Package codebook reads the codebook: the YAML file in which a researcher
// says which frames exist, by which phrases each is recognized and in what
// company those phrases count. Bytes flow in, a checked [Codebook] flows out;
// nothing here looks at an article.
package codebook

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"framewatch/analysis/pattern"
)

// Codebook is one checked codebook. It is immutable after [Parse] and safe for
// concurrent use.
type Codebook struct {
	Name    string `yaml:"name"`    // identifies the study, [a-z0-9-]
	Version string `yaml:"version"` // the researcher's own version label
	Title   string `yaml:"title"`   // for people
	// Source holds the bytes that were parsed, as given.
	Source []byte `yaml:"-" json:"-"`
	// Topic decides which articles are coded at all.
	Topic Gate `yaml:"topic"`
	// Classes are the word lists that patterns name as {class}.
	Classes map[string][]string `yaml:"classes"`
	// Frames in the order of the file, which is their order in reports.
	Frames []Frame `yaml:"frames"`
}

// Gate is the topic gate: an article is relevant when it is about the field
// and names one of the two sides. Each list holds patterns.
type Gate struct {
	// Off switches the gate off: every article in the language is relevant.
	Off bool `yaml:"off"`
	// Anywhere opens the gate for one use of a term of the field anywhere in
	// title or text, whoever is named.
	Anywhere bool `yaml:"anywhere" json:",omitempty"`
	// AI holds the terms of the field.
	AI []string `yaml:"ai"`
	// US and China hold the terms of the two sides.
	US    []string `yaml:"us"`
	China []string `yaml:"china"`
	// Also holds further words that bear out that a short text which is given
	// as on topic is so; they open no gate.
	Also []string `yaml:"also" json:",omitempty"`
}

// Frame is one frame: what it means and how it is recognized.
type Frame struct {
	ID          string `yaml:"id"`
	Label       string `yaml:"label"`
	Parent      string `yaml:"parent"` // a frame whose roll-ups include this one; "" for none
	Group       string `yaml:"group"`
	Description string `yaml:"description"`
	// Rules recognize the frame, first match wins at one place.
	Rules []Rule `yaml:"rules"`
	// Not lists phrases in which the words mean something else.
	Not []string `yaml:"not"`
	// Reject holds for every rule of the frame: the company in which its words
	// mean something else.
	Reject []Condition `yaml:"reject" json:",omitempty"`
	// Absorbs names frames whose mention inside this frame's clause is part of
	// this one.
	Absorbs []string `yaml:"absorbs"`
	// Attributes are further facts to record with a mention.
	Attributes []Attribute `yaml:"attributes"`
	// Examples are sentences with the coding expected of them.
	Examples []Example `yaml:"examples"`
}

// Rule is a set of phrase patterns that share conditions.
type Rule struct {
	ID      string      `yaml:"id"`
	Match   []string    `yaml:"match"`
	Require []Condition `yaml:"require"` // all must hold
	Reject  []Condition `yaml:"reject"`  // none may hold
	// Wide says that the words carry the frame wherever the subject is right:
	// what is required around a match may also stand up to four sentences off,
	// or in the title or lead, and what is required in the article must stand
	// there or within ten sentences.
	Wide bool `yaml:"wide"`
	// Stance fixes the stance of a match whose words carry it, "" leaves it to
	// the cues around the match.
	Stance string `yaml:"stance"`
}

// Condition asks for a pattern in some scope around a match.
type Condition = pattern.Condition

// Attribute records a named value with a mention: the first of Values any of
// whose conditions holds, nothing if none does.
type Attribute struct {
	Name   string           `yaml:"name"`
	Values []AttributeValue `yaml:"values"`
}

// AttributeValue is one value of an [Attribute] and the conditions that give it.
type AttributeValue struct {
	Value string      `yaml:"value"`
	When  []Condition `yaml:"when"`
}

// Example is a text with the mentions expected in it; an empty list says that
// there are none.
type Example struct {
	Title    string     `yaml:"title"`
	Text     string     `yaml:"text"`
	Mentions []Expected `yaml:"mentions"`
}

// Expected is one mention expected in an [Example]. Empty fields are not checked.
type Expected struct {
	Frame      string            `yaml:"frame"`
	Stance     string            `yaml:"stance"`
	Voice      string            `yaml:"voice"`
	Speaker    string            `yaml:"speaker"`
	Attributes map[string]string `yaml:"attributes"`
}

// Frame returns the frame with the given id, or false.
func (c *Codebook) Frame(id string) (Frame, bool) {
	for _, f := range c.Frames {
		if f.ID == id {
			return f, true
		}
	}
	return Frame{}, false
}

// Family reports whether frame id is ancestor or descends from it.
func (c *Codebook) Family(id, ancestor string) bool {
	for range c.Frames {
		if id == ancestor {
			return true
		}
		f, ok := c.Frame(id)
		if !ok || f.Parent == "" {
			return false
		}
		id = f.Parent
	}
	return false
}

// Fingerprint identifies the codebook's meaning in 12 hex digits of a SHA-256:
// everything that can change a coding or a roll-up is in it; title, labels,
// groups, descriptions, examples, comments and layout are not.
func (c *Codebook) Fingerprint() string {
	meaning := struct {
		Topic   Gate
		Classes map[string][]string
		Frames  []Frame
	}{c.Topic, c.Classes, make([]Frame, len(c.Frames))}
	for i, f := range c.Frames {
		f.Label, f.Group, f.Description, f.Examples = "", "", "", nil
		meaning.Frames[i] = f
	}
	canonical, err := json.Marshal(meaning)
	if err != nil {
		panic(err) // strings, lists and booleans always marshal
	}
	sum := sha256.Sum256(canonical)
	return hex.EncodeToString(sum[:])[:12]
}
