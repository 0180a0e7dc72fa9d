package demosite

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"html/template"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Kind says what is special about an article's page.
type Kind string

// The zero value of Kind is an ordinary article.
const (
	Disallowed Kind = "disallowed" // robots.txt forbids the page
	Paywalled  Kind = "paywall"    // only the beginning is shown
	Soft404    Kind = "soft404"    // a "not found" page with status 200
	Hostile    Kind = "hostile"    // the title looks like code
)

// Article is one article as it was written, before a page is made of it.
type Article struct {
	Outlet    string // id of the outlet
	Slug      string // name of its file
	Path      string // of its page, from the root of the outlet
	Title     string
	Author    string
	Published time.Time // with the zone that the outlet uses
	DayOnly   bool      // the outlet prints the day alone
	Updated   time.Time // zero if never corrected
	Kind      Kind
	OffTopic  bool // not about AI
	// Text holds the paragraphs, separated by a blank line, without markup: what
	// an extractor should find, except that list items are paragraphs here.
	Text string
	// Expect is the coding that the writer had in mind. It is not complete.
	Expect []Expectation

	section, city, label string
	paragraphs           []paragraph
	pdf, redirect        bool
	reprint              string // outlet/slug of the original
}

// Expectation is a mention that coding an article by the codebook should find.
type Expectation struct {
	Frame, Stance string
	Voice         string // "author" or "speaker"
	Speaker       string // as the article names it; empty for the author
	Trigger       string // words of the title or text that carry the frame, in any case
}

type paragraph struct {
	Tag  string // "p" or "li"
	HTML template.HTML
}

type frontMatter struct {
	Title     string   `yaml:"title"`
	Published string   `yaml:"published"`
	Updated   string   `yaml:"updated"`
	Author    string   `yaml:"author"`
	Section   string   `yaml:"section"`
	Type      string   `yaml:"type"`
	City      string   `yaml:"city"`
	Kind      Kind     `yaml:"kind"`
	OffTopic  bool     `yaml:"off_topic"`
	PDF       bool     `yaml:"pdf"`
	Redirect  bool     `yaml:"redirect"`
	Reprint   string   `yaml:"reprint"`
	Note      string   `yaml:"note"`
	Expect    []string `yaml:"expect"`
}

// load reads an outlet's templates and articles. A file named slug.v2.md is the
// corrected form of slug.md.
func (o *outlet) load() error {
	var err error
	o.templates, err = template.New(o.id).Funcs(template.FuncMap{"apDate": apDate, "british": british}).ParseFS(templateFiles, "templates/"+o.id+".html")
	if err != nil {
		return err
	}
	files, err := fs.Glob(articleFiles, path.Join("articles", o.id, "*.md"))
	if err != nil {
		return err
	}
	o.revised = map[string]*Article{}
	for _, name := range files {
		data, err := articleFiles.ReadFile(name)
		if err != nil {
			return err
		}
		slug, revision := strings.CutSuffix(strings.TrimSuffix(path.Base(name), ".md"), ".v2")
		a, err := parseArticle(data)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		a.Outlet, a.Slug = o.id, slug
		a.Path = o.pagePath(a)
		if revision {
			o.revised[slug] = &a
		} else {
			o.articles = append(o.articles, a)
		}
	}
	slices.SortFunc(o.articles, newestFirst)
	return nil
}

// current returns the articles as they stand before or after the correction.
func (o *outlet) current(advanced bool) []Article {
	list := slices.Clone(o.articles)
	if advanced {
		for i, a := range list {
			if r := o.revised[a.Slug]; r != nil {
				list[i] = *r
			}
		}
	}
	return list
}

// parseArticle reads an article file: front matter in YAML between two lines of
// "---" (its keys are the fields of frontMatter; published is a time with zone,
// a day, or "2006-01-02 15:04" in China), then the text in the Markdown that
// parseBody knows.
func parseArticle(data []byte) (Article, error) {
	head, body, ok := bytes.Cut(bytes.TrimPrefix(data, []byte("---\n")), []byte("\n---\n"))
	if !ok {
		return Article{}, errors.New("no front matter between two lines of ---")
	}
	dec := yaml.NewDecoder(bytes.NewReader(head))
	dec.KnownFields(true)
	var m frontMatter
	if err := dec.Decode(&m); err != nil {
		return Article{}, err
	}
	a := Article{
		Title: m.Title, Author: m.Author, Kind: m.Kind, OffTopic: m.OffTopic,
		section: m.Section, label: m.Type, city: m.City,
		pdf: m.PDF, redirect: m.Redirect, reprint: m.Reprint,
	}
	var err error
	if a.Published, a.DayOnly, err = parseTime(m.Published); err != nil {
		return Article{}, err
	}
	if m.Updated != "" {
		if a.Updated, _, err = parseTime(m.Updated); err != nil {
			return Article{}, err
		}
	}
	for _, line := range m.Expect {
		x, err := parseExpectation(line)
		if err != nil {
			return Article{}, err
		}
		a.Expect = append(a.Expect, x)
	}
	a.paragraphs, a.Text = parseBody(string(body))
	return a, nil
}

// parseTime reads the three ways in which the outlets print their dates.
func parseTime(s string) (t time.Time, dayOnly bool, err error) {
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		return t, true, nil
	}
	if t, err := time.ParseInLocation("2006-01-02 15:04", s, chinaTime()); err == nil {
		return t, false, nil
	}
	t, err = time.Parse(time.RFC3339, s)
	return t, false, err
}

// parseExpectation reads "frame | stance | author or speaker's name | trigger".
func parseExpectation(line string) (Expectation, error) {
	f := strings.Split(line, " | ")
	if len(f) != 4 {
		return Expectation{}, fmt.Errorf("expect %q: want four fields separated by \" | \"", line)
	}
	x := Expectation{Frame: f[0], Stance: f[1], Voice: "speaker", Speaker: f[2], Trigger: f[3]}
	if f[2] == "author" {
		x.Voice, x.Speaker = "author", ""
	}
	return x, nil
}

var (
	strong = regexp.MustCompile(`\*\*([^*]+)\*\*`)
	em     = regexp.MustCompile(`\*([^*]+)\*`)
)

// parseBody reads the little Markdown that the articles use: paragraphs, list
// items that begin with "* ", *emphasis* and **strong**.
func parseBody(body string) (list []paragraph, text string) {
	var plain []string
	for _, block := range strings.Split(strings.TrimSpace(body), "\n\n") {
		items, tag := []string{block}, "p"
		if strings.HasPrefix(block, "* ") {
			items, tag = strings.Split(strings.TrimPrefix(block, "* "), "\n* "), "li"
		}
		for _, item := range items {
			marked := strong.ReplaceAllString(html.EscapeString(item), "<strong>$1</strong>")
			marked = em.ReplaceAllString(marked, "<em>$1</em>")
			list = append(list, paragraph{Tag: tag, HTML: template.HTML(marked)})
			plain = append(plain, em.ReplaceAllString(strong.ReplaceAllString(item, "$1"), "$1"))
		}
	}
	return list, strings.Join(plain, "\n\n")
}

// summary is the beginning of the text, cut at a word, for feeds and listings.
func (a Article) summary() string {
	first, _, _ := strings.Cut(a.Text, "\n\n")
	const limit = 200
	if len(first) <= limit {
		return first
	}
	cut := strings.LastIndexByte(first[:limit], ' ')
	return first[:cut] + " …"
}

// modified is when the page last changed.
func (a Article) modified() time.Time {
	if a.Updated.After(a.Published) {
		return a.Updated
	}
	return a.Published
}
