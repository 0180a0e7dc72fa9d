package charts

import (
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strings"
)

// passageTable is the passages as columns, names replaced by their place in a list: small, and quick to search.
type passageTable struct {
	Outlets  []named      `json:"outlets"`
	Frames   []frameEntry `json:"frames"`
	Speakers []string     `json:"speakers"` // as speakerOf gives them
	Stances  []string     `json:"stances"`
	Sections []string     `json:"sections"`
	Voices   []named      `json:"voices"` // kinds of voice

	// One entry per article.
	ArticleTitle  []string `json:"aTitle"`
	ArticleURL    []string `json:"aURL"` // empty unless http or https
	ArticleDate   []string `json:"aDate"`
	ArticleMonth  []string `json:"aMonth"`
	ArticleOutlet []int32  `json:"aOutlet"`
	ArticleScope  []int    `json:"aScope"`
	ArticleExtra  []int    `json:"aExtra"`
	ArticleFrames [][]int  `json:"aFrames"` // places in Frames of all that the article uses, with those above

	// One entry per passage.
	Article []int    `json:"article"`
	Frame   []int32  `json:"frame"`
	Stance  []int32  `json:"stance"`
	Section []int32  `json:"section"`
	Speaker []int32  `json:"speaker"`
	Voice   []int32  `json:"voice"`
	Left    []string `json:"left"`
	Phrase  []string `json:"phrase"`
	Right   []string `json:"right"`
}

type named struct {
	ID    string `json:"id"`
	Label string `json:"label"`
}

type frameEntry struct {
	ID     string `json:"id"`
	Label  string `json:"label"`
	Parent string `json:"parent,omitempty"`
}

// places numbers names in the order in which they come.
type places struct {
	at    map[string]int32
	names []string
}

func (p *places) of(name string) int32 {
	if i, ok := p.at[name]; ok {
		return i
	}
	if p.at == nil {
		p.at = map[string]int32{}
	}
	i := int32(len(p.names))
	p.at[name] = i
	p.names = append(p.names, name)
	return i
}

func newPassageTable(d *data) passageTable {
	t := passageTable{Stances: []string{"asserts", "reports", "contests"}, Sections: []string{"headline", "lead", "body"}}
	var outlets, frames, speakers, stances, sections, voices places
	for _, k := range voiceKinds() {
		voices.of(k.ID)
	}
	t.Voices = voiceKinds()
	for _, f := range d.frames {
		frames.of(f.id)
		t.Frames = append(t.Frames, frameEntry{f.id, f.label, f.parent})
	}
	for _, s := range t.Stances {
		stances.of(s)
	}
	for _, s := range t.Sections {
		sections.of(s)
	}
	seen := map[int64]int{}
	for _, p := range d.passages {
		article, ok := seen[p.article]
		if !ok {
			article = len(t.ArticleTitle)
			seen[p.article] = article
			t.ArticleTitle = append(t.ArticleTitle, flat(p.title))
			t.ArticleURL = append(t.ArticleURL, webAddress(p.url))
			t.ArticleDate = append(t.ArticleDate, firstTen(p.date))
			t.ArticleMonth = append(t.ArticleMonth, p.month)
			t.ArticleOutlet = append(t.ArticleOutlet, outlets.of(p.source))
			t.ArticleScope = append(t.ArticleScope, p.scope)
			t.ArticleExtra = append(t.ArticleExtra, p.extra)
			t.ArticleFrames = append(t.ArticleFrames, d.framesOf[p.article])
		}
		id, _ := speakerOf(p.voice, p.speaker)
		t.Article = append(t.Article, article)
		t.Frame = append(t.Frame, frames.of(p.frame))
		t.Stance = append(t.Stance, stances.of(p.stance))
		t.Section = append(t.Section, sections.of(p.part))
		t.Speaker = append(t.Speaker, speakers.of(id))
		t.Voice = append(t.Voice, voices.of(voiceKind(p.voice, p.country)))
		t.Left, t.Phrase, t.Right = append(t.Left, p.left), append(t.Phrase, p.phrase), append(t.Right, p.right)
	}
	for _, id := range outlets.names {
		t.Outlets = append(t.Outlets, named{id, d.outletName[id]})
	}
	for _, id := range frames.names[len(t.Frames):] {
		t.Frames = append(t.Frames, frameEntry{ID: id, Label: id})
	}
	t.Speakers, t.Stances, t.Sections = speakers.names, stances.names, sections.names
	return t
}

func firstTen(date string) string {
	if len(date) > 10 {
		return date[:10]
	}
	return date
}

// webAddress returns s if it is an absolute http or https address, else nothing: no other scheme becomes a link.
func webAddress(s string) string {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return u.String()
}

// packer compresses JSON as it is written, and gives it as URL-safe base64, which stays itself inside a JSON string. It
// holds no more than the value being written. The first error stays and is given by done.
type packer struct {
	out    strings.Builder
	text64 io.WriteCloser
	zip    *gzip.Writer
	inner  bool // a member was written
	err    error
}

func newPacker() *packer {
	p := &packer{}
	p.text64 = base64.NewEncoder(base64.RawURLEncoding, &p.out)
	p.zip, p.err = gzip.NewWriterLevel(p.text64, gzip.BestCompression)
	return p
}

// text writes JSON as it stands.
func (p *packer) text(s string) {
	if p.err == nil {
		_, p.err = io.WriteString(p.zip, s)
	}
}

// value writes a value as JSON.
func (p *packer) value(v any) {
	if p.err != nil {
		return
	}
	var raw []byte
	if raw, p.err = json.Marshal(v); p.err == nil {
		_, p.err = p.zip.Write(raw)
	}
}

// member writes a member of an object.
func (p *packer) member(name string, v any) {
	if p.inner {
		p.text(",")
	}
	p.inner = true
	p.value(name)
	p.text(":")
	p.value(v)
}

func (p *packer) done() (string, error) {
	for _, c := range []io.Closer{p.zip, p.text64} {
		if p.err == nil {
			p.err = c.Close()
		}
	}
	if p.err != nil {
		return "", fmt.Errorf("packing: %w", p.err)
	}
	return p.out.String(), nil
}

// pack packs one value.
func pack(v any) (string, error) {
	p := newPacker()
	p.value(v)
	return p.done()
}
