package analysis

import (
	"regexp"
	"sort"
	"strings"
)

// Topic applies the codebook's topic gate, or returns d.Topic if it is set.
func (a *Analyzer) Topic(d Document) Topic {
	if d.Topic != nil {
		return *d.Topic
	}
	text := strings.ToLower(d.Title + "\n" + d.Text)
	has := func(terms []string) bool {
		for _, t := range terms {
			if regexp.MustCompile(`\b` + regexp.QuoteMeta(strings.ToLower(t)) + `\b`).MatchString(text) {
				return true
			}
		}
		return false
	}
	g := a.codebook.Topic
	t := Topic{AboutAI: has(g.AI), NamesUS: has(g.US), NamesChina: has(g.China)}
	switch {
	case d.Language != "" && !strings.HasPrefix(d.Language, "en"):
		t.Reason = "language"
	case g.Off:
	case !t.AboutAI:
		t.Reason = "ai"
	case !t.NamesUS && !t.NamesChina:
		t.Reason = "nation"
	}
	t.Relevant = t.Reason == ""
	return t
}

// Analyze returns the mentions of a relevant document.
func (a *Analyzer) Analyze(d Document) []Mention {
	if !a.Topic(d).Relevant {
		return nil
	}
	out := a.analyzePart(nil, d.Title, 0, 0, Headline)
	paragraph := 0
	for offset := 0; offset < len(d.Text); {
		end := strings.IndexByte(d.Text[offset:], '\n')
		if end < 0 {
			end = len(d.Text) - offset
		}
		if line := d.Text[offset : offset+end]; strings.TrimSpace(line) != "" {
			paragraph++
			out = a.analyzePart(out, line, offset, paragraph, Body)
		}
		offset += end + 1
	}
	return out
}

func (a *Analyzer) analyzePart(out []Mention, s string, offset, paragraph int, section Section) []Mention {
	first := len(out)
	for _, f := range a.codebook.Frames {
		for _, r := range f.Rules {
			for _, p := range r.Match {
				loc := regexp.MustCompile(`(?i)\b` + regexp.QuoteMeta(p) + `\b`).FindStringIndex(s)
				if loc == nil {
					continue
				}
				out = append(out, Mention{
					Frame: f.ID, Section: section, Paragraph: paragraph,
					Start: offset + loc[0], End: offset + loc[1], SentStart: offset, SentEnd: offset + len(s),
					Trigger: s[loc[0]:loc[1]], Sentence: s, Stance: Asserts, Voice: Author, Rule: f.ID + "/" + r.ID,
				})
			}
		}
	}
	sort.SliceStable(out[first:], func(i, j int) bool { return out[first+i].Start < out[first+j].Start })
	return out
}
