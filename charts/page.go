package charts

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
	"time"
)

//go:embed assets/echarts.min.js
var echartsJS string

// drawJS resolves chart options; it runs in the page and, for figures on their own, without one.
//
//go:embed assets/draw.js
var drawJS string

//go:embed assets/page.js
var behaviorJS string

//go:embed assets/page.css
var pageCSS string

//go:embed assets/page.html.tmpl
var pageTemplate string

// view is all that changes with the page's switches.
type view struct {
	Key      string    `json:"key"`
	Scope    string    `json:"scope"`
	Base     string    `json:"base"`
	Head     []fact    `json:"head"`
	Findings []finding `json:"findings"`
	Figures  []*figure `json:"figures"`
}

// shownEvent is an entry of the numbered list below a time chart.
type shownEvent struct {
	Number           int
	Label, Date, URL string
}

// shownFigure is a figure as the template draws it.
type shownFigure struct {
	*figure
	Switches bool
	Unit     string // what is counted at first: exposure or story; "" without a switch
	Events   []shownEvent
	Source   []string
	Query    string
}

type section struct {
	ID, Heading, Lead string
	Figures           []shownFigure
}

type labelled struct{ Value, Label string }

type query struct{ ID, Heading, SQL string }

// page is the template's data. Scripts and styles are our own embedded files; everything from the database reaches the
// template as a plain string or as JSON, and html/template escapes both.
type page struct {
	Title, Notice, Version, Database string
	Policy                           string
	CSS                              template.CSS
	ECharts, Script                  template.JS
	View                             view
	Sections                         []section
	Denominators                     []labelled
	Denominator                      string
	Press                            bool
	Repeats, Once                    bool // some articles repeat a story; each story is counted once at first
	PassageNote                      string
	PassageCount                     int
	Method, Quality                  []fact
	Reasons                          []labelled
	LeftOff, Cite                    string
	Queries                          []query
	ContentSHA, Fingerprint, AsOf    string
	Relevant                         string // what the gate lets in

	Report, PackedViews, PackedPassages json.RawMessage

	summary Summary
}

func newPage(d *data, o Options) (*page, error) {
	asOf := statedDate(d, o)
	first := opening(o)
	t := d.axis(first, asOf, o)
	p := &page{
		Title: o.Title, Notice: o.Notice, Version: o.Version, Database: o.Database,
		CSS: template.CSS(pageCSS), ECharts: template.JS(echartsJS), Script: template.JS(drawJS + behaviorJS),
		Policy: policy(), Denominator: string(o.Denominator), Press: first.press,
		Denominators: []labelled{
			{string(AIAndChina), AIAndChina.articles()},
			{string(AIAndEither), o.relevant()},
			{string(AllCollected), AllCollected.articles()},
		},
		PassageCount: len(d.passages), Quality: qualityFacts(o), ContentSHA: d.contentSHA, Fingerprint: cmp.Or(o.CodebookFingerprint, d.facts.codebook),
		AsOf: asOf.Format("January 2, 2006"), Relevant: o.relevant(),
	}
	if d.totalPassages > len(d.passages) {
		p.PassageNote = fmt.Sprintf("%s of %s passages, sampled evenly by frame and quarter. Charts count all of them.",
			number(len(d.passages)), number(d.totalPassages))
	}
	p.Repeats = slices.ContainsFunc(d.coverage, func(g group) bool { return g.extra&repeatStory != 0 })
	p.Once = o.StoriesOnce
	if !p.Repeats {
		first.repeats = true
		first.key = strings.TrimSuffix(first.key, ",stories")
	}
	if err := p.fillViews(d, o, first, t, asOf); err != nil {
		return nil, err
	}
	p.fillMethod(d, o, t)
	packed, err := pack(newPassageTable(d))
	if err != nil {
		return nil, err
	}
	p.PackedPassages = quoted(packed)
	return p, nil
}

// statedDate is the date of the report: the one given, else the last day of collection.
func statedDate(d *data, o Options) time.Time {
	if !o.AsOf.IsZero() {
		return o.AsOf
	}
	if t, err := time.Parse(time.DateOnly, d.facts.collected); err == nil {
		return t
	}
	last := ""
	for _, g := range d.coverage {
		last = max(last, g.month)
	}
	t, _ := time.Parse("2006-01", last)
	return t.AddDate(0, 1, -1)
}

// axis is the time axis of a report: that of the variant shown first or, where it has no dated article, of the first
// one that has.
func (d *data) axis(first variant, asOf time.Time, o Options) timeline {
	t := newTimeline(d, first, asOf, o)
	for _, v := range variants() {
		if len(t.steps) > 0 {
			break
		}
		t = newTimeline(d, v, asOf, o)
	}
	return t
}

// opening is the variant that a page shows first.
func opening(o Options) variant {
	all := variants()
	return all[slices.IndexFunc(all, func(v variant) bool {
		return v.denominator == o.Denominator && v.press == !o.ExcludePressReleases && v.repeats == !o.StoriesOnce
	})]
}

func quoted(s string) json.RawMessage {
	raw, _ := json.Marshal(s)
	return raw
}

// fillViews builds every variant: the opening one goes into the page as it is, the others packed.
func (p *page) fillViews(d *data, o Options, opening variant, t timeline, asOf time.Time) error {
	packed := newPacker()
	packed.text(`{"views":{`)
	data := map[string]json.RawMessage{}
	var first *counts
	for _, v := range variants() {
		if !v.repeats && !p.Repeats {
			continue // the same as with repeats
		}
		c := newCounts(d, v, t, o)
		shown, rows, err := c.view(o, asOf)
		if err != nil {
			return err
		}
		if data[v.key], err = json.Marshal(rows); err != nil {
			return fmt.Errorf("encoding the data of %s: %w", v.key, err)
		}
		if v.key == opening.key {
			p.View, first = shown, c
		} else {
			packed.member(v.key, shown)
		}
	}
	packed.text(`},"data":`)
	packed.value(data)
	packed.text(`}`)
	p.Sections = sections(first, p.View, p.unit())
	p.Method = first.method()
	p.summary = Summary{
		Articles: first.n, Mentions: first.mentions, Passages: len(d.passages), TotalPassages: d.totalPassages,
		Unanalyzed: d.facts.unanalyzed, ContentSHA256: d.contentSHA,
	}
	if len(t.steps) > 0 {
		p.summary.From, p.summary.To = t.first, t.last
	}
	text, err := packed.done()
	if err != nil {
		return err
	}
	p.PackedViews = quoted(text)
	report := struct {
		View   view   `json:"view"`
		Title  string `json:"title"`
		AsOf   string `json:"asOf"`
		Notice string `json:"notice,omitempty"`
	}{p.View, p.Title, asOf.Format(time.DateOnly), p.Notice}
	p.Report, err = json.Marshal(report)
	return err
}

// builder makes one figure.
type builder struct {
	name  string
	build func(*counts, Options) (*figure, error)
}

// builders are all figures in the order of the page; one that makes none is left out of it.
func builders() []builder {
	plain := func(build func(*counts) (*figure, error)) func(*counts, Options) (*figure, error) {
		return func(c *counts, _ Options) (*figure, error) { return build(c) }
	}
	return []builder{
		{"coverage", plain((*counts).coverageFigure)}, {"frames", plain((*counts).framesFigure)}, {"published", (*counts).publishedFigure},
		{"stance", plain((*counts).stanceFigure)}, {"frame-stance", plain((*counts).frameStanceFigure)},
		{"speakers", plain((*counts).speakersFigure)}, {"voices", plain((*counts).voicesFigure)},
		{"outlets", plain((*counts).outletsFigure)}, {"together", plain((*counts).togetherFigure)},
		{"headlines", plain((*counts).headlinesFigure)},
		{"change", func(c *counts, o Options) (*figure, error) { return c.changeFigure(o.Event) }},
	}
}

// view builds all figures of a variant and, apart from them, their data.
func (c *counts) view(o Options, asOf time.Time) (view, map[string]long, error) {
	v := view{Key: c.v.key, Head: c.head(o, asOf), Findings: c.findings(o.Event), Scope: c.scope(), Base: c.base()}
	data := map[string]long{}
	for _, b := range builders() {
		f, err := b.build(c, o)
		if err != nil {
			return view{}, nil, err
		}
		if f == nil {
			continue
		}
		f.Table.sayMarks(f.of)
		for _, ch := range f.Choices {
			if ch.Figure != nil {
				ch.Figure.Table.sayMarks(f.of)
			}
		}
		all := f.Data
		for _, ch := range f.Choices {
			if ch.Figure != nil {
				all.Rows = append(all.Rows, ch.Figure.Data.Rows...)
			}
		}
		data[f.ID] = all
		v.Figures = append(v.Figures, f)
	}
	return v, data, nil
}

// scope is the sentence under the title.
func (c *counts) scope() string {
	if c.n == 0 {
		return "No articles to report."
	}
	labels := make([]string, 0, 3)
	byK := map[string]int{}
	for _, f := range c.shown {
		byK[f.id] = c.frameK[f.id]
	}
	for _, id := range sortedKeys(byK)[:min(3, len(byK))] {
		labels = append(labels, quote(c.label(id)))
	}
	sources := map[string]int{}
	for s, n := range tally(c.v, c.coverage, func(g group) (string, bool) { return g.source, true }, articles) {
		sources[s] = n
	}
	text := fmt.Sprintf("%s from %s", plural(c.n, "article", "articles"), plural(len(sources), "outlet", "outlets"))
	if len(c.t.steps) > 0 {
		first, last := monthName(c.t.first), monthName(c.t.last)
		text += ", " + first
		if first != last {
			text += " to " + last
		}
	}
	if len(labels) > 0 {
		text += fmt.Sprintf(", coded for %d frames such as %s", len(c.frames), list(labels))
	}
	return text + "."
}

// base says in a sentence or two what is counted.
func (c *counts) base() string {
	having := func(flag int) int {
		sums := tally(variant{denominator: c.v.denominator, press: true, repeats: true}, c.coverage,
			func(g group) (string, bool) { return "", g.extra&flag != 0 }, articles)
		return sums[""]
	}
	press, repeats := having(pressRelease), having(repeatStory)
	text := fmt.Sprintf("Counted: %s (n = %s)", c.v.articles(), number(c.n))
	switch {
	case press == 0:
		text += "; none is a press release."
	case c.v.press:
		text += fmt.Sprintf(", of them %s.", plural(press, "press release", "press releases"))
	default:
		text += fmt.Sprintf("; %s left out.", plural(press, "press release", "press releases"))
	}
	switch {
	case repeats == 0:
	case c.v.repeats:
		text += " " + plural(repeats, "article tells", "articles tell") + " a story that another told first."
	default:
		text += fmt.Sprintf(" Each story is counted once, where it appeared first; %s left out.", plural(repeats, "repeat", "repeats"))
	}
	return text
}

// unit is what the page counts at first, if it can count two.
func (p *page) unit() string {
	switch {
	case !p.Repeats:
		return ""
	case p.Once:
		return "story"
	}
	return "exposure"
}

// sections are the parts of the page in their fixed order.
func sections(c *counts, v view, unit string) []section {
	figures := map[string]shownFigure{}
	var events []shownEvent
	for _, e := range c.numbered {
		date := longDate(e.date)
		if e.end != "" && e.end != e.date {
			date += " to " + longDate(e.end)
		}
		events = append(events, shownEvent{e.number, e.label, date, webAddress(e.url)})
	}
	for _, f := range v.Figures {
		s := shownFigure{figure: f, Switches: f.switches, Source: f.source, Query: f.query}
		if f.switches {
			s.Unit = unit
		}
		if f.events && c.t.by != ByYear {
			s.Events = events
		}
		figures[f.ID] = s
	}
	all := []section{
		{ID: "findings", Heading: "Findings", Lead: "Sentences are generated from the numbers below. A change is called a rise or a fall only when its 95% interval excludes zero."},
		{ID: "coverage", Heading: "Coverage", Lead: "Shares below are of these articles. When coverage jumps, counts of every frame jump with it."},
		{ID: "frames", Heading: "Frames over time", Lead: "One panel per frame, same scale, sorted by latest share."},
		{ID: "published", Heading: "Beside a published series", Lead: "Another study counted this frame by the same definition, in other articles."},
		{ID: "stance", Heading: "Stance", Lead: "Whether the voice states a frame as a fair description, reports it, or argues against it."},
		{ID: "speakers", Heading: "Who says it", Lead: "The person, body or voice to whom each mention is attributed."},
		{ID: "outlets", Heading: "Outlets", Lead: "Each cell is a share of that outlet’s own articles."},
		{ID: "together", Heading: "Frames together", Lead: "Read across: of the articles with the row’s frame, how many also use the column’s."},
		{ID: "headlines", Heading: "Headlines vs. text", Lead: "Many readers see only the headline."},
		{ID: "change", Heading: "Before and after", Lead: "Three months before a dated event against the three months from it. Timing alone does not show cause."},
		{ID: "passages", Heading: "Passages", Lead: "Every coded passage in context. Click a mark in a chart to come here with its passages. Press / to search. Filters are kept in the page’s address."},
		{ID: "method", Heading: "Method and quality", Lead: "What was counted, how, and what the numbers cannot show."},
		{ID: "data", Heading: "Data and SQL", Lead: "Everything on this page comes from one SQLite file."},
	}
	parts := map[string][]string{
		"coverage": {"coverage"}, "frames": {"frames"}, "published": {"published"}, "stance": {"stance", "frame-stance"}, "speakers": {"speakers", "voices"},
		"outlets": {"outlets"}, "together": {"together"}, "headlines": {"headlines"}, "change": {"change"},
	}
	for i := range all {
		for _, id := range parts[all[i].ID] {
			all[i].Figures = append(all[i].Figures, figures[id])
		}
	}
	if _, drawn := figures["published"]; !drawn {
		all = slices.DeleteFunc(all, func(s section) bool { return s.ID == "published" })
	}
	return all
}

func (p *page) fillMethod(d *data, o Options, t timeline) {
	if t.left > 0 {
		p.LeftOff = plural(t.left, "article stands", "articles stand") + " outside the time axis: dated after the report, or years before the rest."
	}
	for _, r := range d.reasons {
		if r.text != "" {
			p.Reasons = append(p.Reasons, labelled{number(r.articles), reasonWords(r.text)})
		}
	}
	p.Cite = fmt.Sprintf("framewatch (%s). %s.", p.AsOf[len(p.AsOf)-4:], strings.TrimSuffix(o.Title, "."))
	if name := cmp.Or(o.Codebook, p.Fingerprint); name != "" {
		p.Cite += " Codebook " + name + ","
	}
	p.Cite += " data as of " + p.AsOf + "."
	args := arguments(o)
	for _, q := range []struct{ name, heading string }{
		{"figures/coverage", "Coverage"}, {"figures/frames", "Frames over time"}, {"figures/stance", "Stance, over time and by frame"}, {"figures/speakers", "Who says it"},
		{"figures/voices", "Kinds of voice"}, {"figures/outlets", "Outlets"}, {"figures/together", "Frames together"}, {"figures/headlines", "Headlines vs. text"},
		{"figures/change", "Before and after: articles per day"}, {"figures/passages", "Passages"}, {"method", "What was collected"}, {"reasons", "Why articles are off topic"}, {"crawl", "Days of collection"},
	} {
		p.Queries = append(p.Queries, query{strings.TrimPrefix(q.name, "figures/"), q.heading, literal(q.name, args)})
	}
}

// reasonWords is a reason of the relevance gate in words.
func reasonWords(reason string) string {
	switch reason {
	case "ai":
		return "not about AI"
	case "nation":
		return "about AI, but names neither the U.S. nor China"
	case "language":
		return "not in English"
	}
	return reason
}

// policy lets only our two scripts run, by their hashes, and nothing be loaded from anywhere.
func policy() string {
	sum := func(s string) string {
		h := sha256.Sum256([]byte(s))
		return "'sha256-" + base64.StdEncoding.EncodeToString(h[:]) + "'"
	}
	return "default-src 'none'; script-src " + sum(echartsJS) + " " + sum(drawJS+behaviorJS) +
		"; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'"
}

func (p *page) write(w io.Writer) error {
	t, err := template.New("page").Parse(pageTemplate)
	if err != nil {
		return err
	}
	// The page is built whole first, so that a failure leaves no half of it behind.
	var b bytes.Buffer
	if err := t.Execute(&b, p); err != nil {
		return err
	}
	_, err = b.WriteTo(w)
	return err
}
