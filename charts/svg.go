package charts

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/dop251/goja"
)

// FigureNames are the figures that Figure can write, in the order of the page.
func FigureNames() []string {
	names := make([]string, 0, 10)
	for _, b := range builders() {
		names = append(names, b.name)
	}
	return names
}

// Figure writes one figure of the report as an SVG picture for print: the same option as on the page, drawn by the same
// ECharts in a JavaScript interpreter, in the light theme. Where there is nothing to draw, the picture says why.
// Names are those of FigureNames; a title in the options takes the place of the figure's own. Equal data and options give equal bytes.
func Figure(ctx context.Context, w io.Writer, db Querier, name string, o Options) error {
	own := o.Title
	o, err := o.check()
	if err != nil {
		return err
	}
	if !slices.Contains(FigureNames(), name) {
		return fmt.Errorf("unknown figure %q: use %s", name, list(FigureNames()))
	}
	d, err := load(ctx, db, o)
	if err != nil {
		return err
	}
	if d.facts.articles == 0 {
		return ErrNoArticles
	}
	asOf := statedDate(d, o)
	v := opening(o)
	c := newCounts(d, v, d.axis(v, asOf, o), o)
	for _, b := range builders() {
		if b.name != name {
			continue
		}
		f, err := b.build(c, o)
		if err != nil {
			return err
		}
		if f == nil {
			return fmt.Errorf("the figure %q needs a codebook by which another study has published a series; code with one first, such as \"framewatch analyze --codebook cset-2021\"", name)
		}
		if own != "" {
			f.Title = own
		}
		if note := c.baseNote(); note != "" {
			f.Note = strings.Replace(f.Note, note+" ", "", 1) // it points to the switch of the page
		}
		if f.events && c.t.by != ByYear {
			f.Note = join(f.Note, c.eventList())
		}
		return writeSVG(ctx, w, f, c.sourceLine(o, asOf))
	}
	return nil
}

// sourceLine says what was counted, how many, by which codebook and until when.
func (c *counts) sourceLine(o Options, asOf time.Time) string {
	book := ""
	if name := cmp.Or(o.Codebook, o.CodebookFingerprint, c.facts.codebook); name != "" {
		book = ", codebook " + name
		if print := cmp.Or(o.CodebookFingerprint, c.facts.codebook); print != name {
			book += " (" + print + ")"
		}
	}
	base := c.base()
	if !strings.HasSuffix(base, ".") {
		base += "."
	}
	return join("framewatch"+book+", as of "+asOf.Format("January 2, 2006")+".", base, o.Notice)
}

// eventList names the numbered events in a sentence.
func (c *counts) eventList() string {
	var names []string
	for _, e := range c.numbered {
		names = append(names, fmt.Sprintf("%d %s, %s", e.number, e.event.label, longDate(e.date)))
	}
	if len(names) == 0 {
		return ""
	}
	return "Events: " + strings.Join(names, "; ") + "."
}

const (
	pictureWidth = 960
	pictureEdge  = 20
	panelsAcross = 4
	panelGap     = 14
	panelHead    = 34
)

// writeSVG puts the title, the panels and the notes of a figure into one picture.
func writeSVG(ctx context.Context, w io.Writer, f *figure, source string) error {
	p := &picture{}
	p.text(16, 700, f.Title)
	p.text(12, 400, f.Subtitle)
	p.y += 8
	if f.Empty != "" {
		p.text(12, 400, f.Empty)
	} else if err := p.panels(ctx, f); err != nil {
		return fmt.Errorf("drawing %s: %w", f.ID, err)
	}
	p.y += 4
	if f.Note != "" {
		p.text(11, 400, "Note: "+f.Note)
	}
	p.text(11, 400, "Source: "+strings.TrimSpace(source))
	_, err := fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" font-family="sans-serif" fill="%s">`+
		`<rect width="100%%" height="100%%" fill="%s"/>`+"\n%s</svg>\n",
		pictureWidth, p.y+pictureEdge, pictureWidth, p.y+pictureEdge, colors()["fg"], colors()["bg"], p.body.String())
	return err
}

// picture is an SVG that grows downward.
type picture struct {
	body bytes.Buffer
	y    int
}

// text writes a paragraph, broken into lines by an estimate of its width.
func (p *picture) text(size, weight int, s string) {
	for _, line := range wrap(s, int(float64(pictureWidth-2*pictureEdge)/(float64(size)*0.54))) {
		p.y += size + size/2
		fmt.Fprintf(&p.body, `<text x="%d" y="%d" font-size="%d" font-weight="%d">`, pictureEdge, p.y, size, weight)
		p.escape(line)
		p.body.WriteString("</text>\n")
	}
}

func (p *picture) escape(s string) {
	// A bytes.Buffer does not fail.
	_ = xml.EscapeText(&p.body, []byte(s))
}

// wrap breaks s at blanks into lines of at most n code points; a longer word stands alone.
func wrap(s string, n int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(s) {
		if line != "" && len([]rune(line))+1+len([]rune(word)) > n {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

func (p *picture) panels(ctx context.Context, f *figure) error {
	artist, err := newArtist(ctx)
	if err != nil {
		return err
	}
	inner := pictureWidth - 2*pictureEdge
	if f.Panels[0].Head == "" {
		svg, err := artist.draw(f, f.Panels[0].Option, inner)
		if err != nil {
			return err
		}
		p.place(svg, pictureEdge, p.y)
		p.y += f.Height
		return nil
	}
	width := (inner - (panelsAcross-1)*panelGap) / panelsAcross
	top := p.y
	for i, panel := range f.Panels {
		svg, err := artist.draw(f, panel.Option, width)
		if err != nil {
			return err
		}
		x, y := pictureEdge+(i%panelsAcross)*(width+panelGap), top+(i/panelsAcross)*(f.Height+panelHead+panelGap)
		fmt.Fprintf(&p.body, `<text x="%d" y="%d" font-size="12" font-weight="700">`, x, y+14)
		p.escape(panel.Head)
		fmt.Fprintf(&p.body, `</text><text x="%d" y="%d" font-size="10.5" fill="%s">`, x, y+29, colors()["muted"])
		p.escape(panel.Sub)
		p.body.WriteString("</text>\n")
		p.place(svg, x, y+panelHead)
		p.y = y + panelHead + f.Height
	}
	return nil
}

// place sets a picture of ECharts into ours.
func (p *picture) place(svg string, x, y int) {
	fmt.Fprintf(&p.body, `<svg x="%d" y="%d"%s`+"\n", x, y, strings.TrimPrefix(svg, "<svg"))
}

// artist runs ECharts without a browser.
type artist struct {
	vm     *goja.Runtime
	render goja.Callable
}

// The few things of a browser or of Node that ECharts looks for when it is loaded; and the call that draws. Ids are
// counted over all drawings, so that several can stand in one document.
const (
	stageJS = `var window = undefined, process = {}, console = {log() {}, warn() {}, error() {}};
function setTimeout() { return 0; } function clearTimeout() {}`
	renderJS = `(option, colors, width, height, lying, matrix) => {
  const ready = framewatchDraw(JSON.parse(option), {token: (name) => JSON.parse(colors)[name] || "", width, lying, matrix, tip: () => ""});
  ready.animation = false;
  const chart = echarts.init(null, null, {renderer: "svg", ssr: true, width, height});
  chart.setOption(ready);
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}`
)

func newArtist(ctx context.Context) (*artist, error) {
	vm := goja.New()
	stop := context.AfterFunc(ctx, func() { vm.Interrupt(ctx.Err()) })
	defer stop()
	for _, script := range []string{stageJS, echartsJS, drawJS} {
		if _, err := vm.RunString(script); err != nil {
			return nil, err
		}
	}
	v, err := vm.RunString(renderJS)
	if err != nil {
		return nil, err
	}
	render, ok := goja.AssertFunction(v)
	if !ok {
		return nil, fmt.Errorf("the drawing script is no function")
	}
	return &artist{vm, render}, nil
}

// draw renders one option as an SVG element.
func (a *artist) draw(f *figure, option json.RawMessage, width int) (string, error) {
	tokens, err := json.Marshal(colors())
	if err != nil {
		return "", err
	}
	matrix := f.Panels[0].Marks[0].Grid > 0
	v, err := a.render(goja.Undefined(), a.vm.ToValue(string(option)), a.vm.ToValue(string(tokens)),
		a.vm.ToValue(width), a.vm.ToValue(f.Height), a.vm.ToValue(f.Lying), a.vm.ToValue(matrix))
	if err != nil {
		return "", err
	}
	return v.String(), nil
}

var customProperty = regexp.MustCompile(`--([a-z0-9-]+):\s*([^;]+);`)

// colors are the tokens of the light theme, as the page's style sheet has them.
func colors() map[string]string {
	light := pageCSS[:strings.Index(pageCSS, "}")]
	tokens := map[string]string{}
	for _, m := range customProperty.FindAllStringSubmatch(light, -1) {
		tokens[m[1]] = m[2]
	}
	tokens["sans"] = "sans-serif"
	return tokens
}
