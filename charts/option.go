package charts

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"

	echarts "github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
	"github.com/go-echarts/go-echarts/v2/types"

	"framewatch/charts/stat"
)

// This file alone knows go-echarts. It turns plain values into ECharts option JSON and never calls the library's
// renderer, which would let text from the web run as code. Colors are tokens such as "@c1" and functions names such
// as "@fn:tip"; the page resolves them under color, formatter, interval and renderItem keys only, never in data.

// gap is what ECharts takes for a place without a value.
const gap = "-"

// value rounds to two decimals, enough for any pixel of percents and counts, and turns NaN into a gap.
func value(v float64) any {
	if math.IsNaN(v) {
		return gap
	}
	return math.Round(v*100) / 100
}

type options = map[string]any

// chart is the part of a go-echarts chart that leads to JSON.
type chart interface {
	Validate()
	JSON() map[string]any
}

// encode marshals a chart's options after patch has added the keys that go-echarts cannot express.
func encode(c chart, patch func(o options)) (json.RawMessage, error) {
	c.Validate()
	raw, err := json.Marshal(c.JSON())
	if err != nil {
		return nil, fmt.Errorf("encoding chart options: %w", err)
	}
	var o options
	if err := json.Unmarshal(raw, &o); err != nil {
		return nil, fmt.Errorf("reading chart options: %w", err)
	}
	delete(o, "toolbox")
	delete(o, "title")
	if patch != nil {
		patch(o)
	}
	return json.Marshal(o)
}

// set writes v at the path, making objects on the way; an int element of the path indexes an array.
func set(o options, v any, path ...any) {
	var at any = o
	for i, p := range path {
		last := i == len(path)-1
		switch p := p.(type) {
		case string:
			m := at.(options)
			if last {
				m[p] = v
				return
			}
			if _, ok := m[p]; !ok {
				m[p] = options{}
			}
			at = m[p]
		case int:
			at = at.([]any)[p]
		}
	}
}

func label(size int) *opts.AxisLabel {
	return &opts.AxisLabel{Color: "@muted", FontSize: size}
}

func formatted(size int, fn string) *opts.AxisLabel {
	l := label(size)
	l.Formatter = types.FuncStr("@fn:" + fn)
	return l
}

func hiddenTick() *opts.AxisTick { return &opts.AxisTick{Show: opts.Bool(false)} }

func grid() *opts.SplitLine {
	return &opts.SplitLine{Show: opts.Bool(true), LineStyle: &opts.LineStyle{Color: "@grid"}}
}

func noGrid() *opts.SplitLine { return &opts.SplitLine{Show: opts.Bool(false)} }

func baseline() *opts.AxisLine {
	return &opts.AxisLine{Show: opts.Bool(true), LineStyle: &opts.LineStyle{Color: "@axis"}}
}

func tooltip(trigger string) echarts.GlobalOpts {
	return echarts.WithTooltipOpts(opts.Tooltip{
		Show: opts.Bool(true), Trigger: trigger, Formatter: "@fn:tip", BackgroundColor: "@bg", BorderColor: "@rule",
		AxisPointer: &opts.AxisPointer{Type: "line"},
	})
}

func legend(show bool) echarts.GlobalOpts {
	return echarts.WithLegendOpts(opts.Legend{Show: opts.Bool(show)})
}

// eventMark is a dated event on a time axis: the place of its period and the number printed above it.
type eventMark struct {
	at    int
	label string
}

// stretch is a run of periods, both ends included, in which nothing was collected.
type stretch struct{ from, to int }

// annotate adds event lines and uncollected stretches to the first series of o.
func annotate(o options, events []eventMark, gaps []stretch, size int) {
	series := o["series"].([]any)
	if len(events) > 0 && len(series) > 0 {
		var lines []any
		for _, e := range events {
			lines = append(lines, options{"xAxis": e.at, "label": options{"formatter": e.label}})
		}
		series[0].(options)["markLine"] = options{
			"silent": true, "symbol": "none", "animation": false, "data": lines,
			"lineStyle": options{"color": "@muted", "type": "dotted", "width": 1},
			"label":     options{"color": "@muted", "fontSize": size, "distance": 3},
		}
	}
	if len(gaps) > 0 {
		// Drawn as bands over whole steps; a markArea would run from center to center.
		var bands []any
		for _, g := range gaps {
			for at := g.from; at <= g.to; at++ {
				bands = append(bands, options{"value": []any{at, 0}})
			}
		}
		o["series"] = append(series, options{"type": "custom", "name": "", "silent": true, "z": 0, "renderItem": "@fn:gap", "data": bands})
	}
}

// bar is one stacked series. Pale and hollow bars say that a period is partial or its n small.
type bar struct {
	name, color  string
	values       []float64
	pale, hollow []bool
	end          string // printed beside the last bar
}

type barSpec struct {
	categories []string
	bars       []bar
	percent    bool
	horizontal bool
	legend     bool
	totals     []string // printed at the end of each horizontal bar
	events     []eventMark
	gaps       []stretch
}

func (b bar) data(horizontal bool) []opts.BarData {
	data := make([]opts.BarData, len(b.values))
	for i, v := range b.values {
		data[i] = opts.BarData{Value: value(v)}
		if b.hollow != nil && b.hollow[i] && v > 0 {
			data[i].ItemStyle = &opts.ItemStyle{Color: "@bg", BorderColor: b.color, BorderWidth: 1.5}
		} else if b.pale != nil && b.pale[i] {
			data[i].ItemStyle = &opts.ItemStyle{Opacity: opts.Float(0.55)}
		}
		if b.end != "" && i == len(b.values)-1 && !horizontal {
			data[i].Label = &opts.Label{Show: opts.Bool(true), Position: "right", Color: "@fg", FontWeight: "bold", FontSize: 12, Formatter: b.end}
		}
	}
	return data
}

// stackedBars draws counts or shares that add up, upright over time or lying by name.
func stackedBars(s barSpec) (json.RawMessage, error) {
	c := echarts.NewBar()
	measure := formatted(12, "number")
	if s.percent {
		measure = formatted(12, "percent")
	}
	var maximum any
	if s.percent {
		maximum = 100
	}
	if s.horizontal {
		names := label(12)
		names.Color = "@fg"
		c.SetGlobalOptions(
			echarts.WithXAxisOpts(opts.XAxis{Type: "value", Max: maximum, AxisLabel: measure, SplitLine: grid()}),
			echarts.WithYAxisOpts(opts.YAxis{Type: "category", Data: s.categories, Inverse: opts.Bool(true), AxisLabel: names, AxisLine: baseline()}),
			tooltip("item"), legend(s.legend))
	} else {
		c.SetGlobalOptions(
			echarts.WithXAxisOpts(opts.XAxis{Type: "category", AxisLabel: formatted(12, "period"), AxisTick: hiddenTick(), AxisLine: baseline()}),
			echarts.WithYAxisOpts(opts.YAxis{Type: "value", Max: maximum, AxisLabel: measure, SplitLine: grid()}),
			tooltip("axis"), legend(s.legend))
		c.SetXAxis(s.categories)
	}
	seam := float32(1)
	if s.totals != nil {
		seam = 0.2 // counts of a few beside one of hundreds are a pixel wide; a full seam would hide them
	}
	for _, b := range s.bars {
		c.AddSeries(b.name, b.data(s.horizontal), echarts.WithBarChartOpts(opts.BarChart{Stack: "all", BarCategoryGap: "14%"}),
			echarts.WithItemStyleOpts(opts.ItemStyle{Color: b.color, BorderColor: "@bg", BorderWidth: seam}))
	}
	return encode(c, func(o options) {
		annotate(o, s.events, s.gaps, 12)
		frameBars(o, s)
		keepEnds(o, s)
	})
}

// keepEnds lets the words beside the last bar stand out even where that bar is pale.
func keepEnds(o options, s barSpec) {
	for i, b := range s.bars {
		if b.end != "" {
			last := len(b.values) - 1
			set(o, 1, "series", i, "data", last, "label", "opacity")
			set(o, 15, "series", i, "data", last, "label", "lineHeight")
		}
	}
}

// frameBars places legend, grid and the totals that stand behind lying bars.
func frameBars(o options, s barSpec) {
	top, right, bottom := 14, 8, 4
	if len(s.events) > 0 {
		top = 26
	}
	if s.legend {
		bottom = 34
		o["legend"] = options{
			"bottom": 0, "left": 0, "itemWidth": 10, "itemHeight": 10, "icon": "rect", "selectedMode": false,
			"textStyle": options{"color": "@fg", "fontSize": 12},
		}
	}
	if s.horizontal {
		right = 24
		set(o, "@fn:none", "xAxis", 0, "axisPointer", "label", "formatter")
		set(o, false, "yAxis", 0, "axisTick", "show")
		set(o, 0, "yAxis", 0, "axisLabel", "interval")
		set(o, "break", "yAxis", 0, "axisLabel", "overflow")
	} else {
		set(o, "@fn:years", "xAxis", 0, "axisLabel", "interval")
	}
	if slices.ContainsFunc(s.bars, func(b bar) bool { return b.end != "" }) {
		right = 96
	}
	if s.totals != nil {
		right = 64
		data := make([]any, len(s.totals))
		for i, t := range s.totals {
			data[i] = options{"value": 0, "label": options{"formatter": t}}
		}
		o["series"] = append(o["series"].([]any), options{
			"type": "bar", "stack": "all", "silent": true, "data": data, "itemStyle": options{"color": "transparent"},
			"label": options{"show": true, "position": "right", "color": "@fg", "fontSize": 12},
		})
	}
	o["grid"] = options{"top": top, "right": right, "bottom": bottom, "left": 8, "containLabel": true}
}

// lineSpec is one small panel: a monthly share with its interval, the pooled line, and the raw dots.
// All values are percents; NaN leaves a gap.
type lineSpec struct {
	categories        []string
	low, high         []float64
	dots, line        []float64
	changes           []stat.ChangePoint
	panel             []float64 // the line for the outlets present throughout; nil for none
	hollow, pale      []bool
	maximum           float64
	events            []eventMark
	gaps              []stretch
	dotName, lineName string
}

func lineData(values []float64) []opts.LineData {
	data := make([]opts.LineData, len(values))
	for i, v := range values {
		data[i] = opts.LineData{Value: value(v)}
	}
	return data
}

// sharePanel draws a lineSpec: series 0 and 1 are the band, 2 the dots, 3 the line, 4 the line of the fixed panel.
func sharePanel(s lineSpec) (json.RawMessage, error) {
	width := make([]float64, len(s.low))
	for i := range s.low {
		width[i] = s.high[i] - s.low[i]
	}
	band := func(name string, values []float64, fill float32) func(*echarts.Line) {
		return func(c *echarts.Line) {
			c.AddSeries(name, lineData(values),
				echarts.WithLineChartOpts(opts.LineChart{Stack: "band", Symbol: "none"}),
				echarts.WithLineStyleOpts(opts.LineStyle{Opacity: opts.Float(0)}),
				echarts.WithAreaStyleOpts(opts.AreaStyle{Color: "@c1", Opacity: opts.Float(fill)}))
		}
	}
	c := echarts.NewLine()
	c.SetGlobalOptions(
		echarts.WithXAxisOpts(opts.XAxis{Type: "category", AxisLabel: formatted(11, "period"), AxisTick: hiddenTick(), AxisLine: baseline()}),
		echarts.WithYAxisOpts(opts.YAxis{Type: "value", Max: s.maximum, AxisLabel: formatted(11, "percent"), SplitLine: grid()}),
		tooltip("axis"), legend(false))
	c.SetXAxis(s.categories)
	band("low", s.low, 0)(c)
	band("interval", width, 0.2)(c)
	dots := make([]opts.LineData, len(s.dots))
	for i, v := range s.dots {
		dots[i] = opts.LineData{Value: value(v), Symbol: "circle"}
		if s.pale[i] {
			dots[i].Symbol = "diamond"
			dots[i].SymbolSize = 7
		}
	}
	c.AddSeries(s.dotName, dots, echarts.WithLineChartOpts(opts.LineChart{ShowSymbol: opts.Bool(true), SymbolSize: 4}),
		echarts.WithLineStyleOpts(opts.LineStyle{Opacity: opts.Float(0)}),
		echarts.WithItemStyleOpts(opts.ItemStyle{Color: "@c0"}))
	c.AddSeries(s.lineName, lineData(s.line), echarts.WithLineChartOpts(opts.LineChart{Symbol: "circle", SymbolSize: 5, ShowSymbol: opts.Bool(false)}),
		echarts.WithLineStyleOpts(opts.LineStyle{Color: "@c1", Width: 2}),
		echarts.WithItemStyleOpts(opts.ItemStyle{Color: "@c1"}))
	if s.panel != nil {
		c.AddSeries("Outlets present throughout", lineData(s.panel), echarts.WithLineChartOpts(opts.LineChart{Symbol: "none"}),
			echarts.WithLineStyleOpts(opts.LineStyle{Color: "@c2", Width: 1.5, Type: "dashed"}))
	}
	return encode(c, func(o options) {
		if s.panel != nil {
			set(o, true, "series", 4, "silent")
			set(o, 1, "series", 4, "z") // under the line for all outlets
		}
		markChanges(o, s.changes)
		for i := range 2 {
			set(o, true, "series", i, "silent")
			set(o, "all", "series", i, "stackStrategy")
		}
		set(o, true, "series", 2, "showAllSymbol")
		hollowOut(o, 2, s.hollow, "@c0", 1)
		framePanel(o, s)
		set(o, s.maximum/2, "yAxis", 0, "interval")
	})
}

// markChanges puts a mark on the axis for each change point, as wide as the interval of its place.
func markChanges(o options, changes []stat.ChangePoint) {
	if len(changes) == 0 {
		return
	}
	var data []any
	for _, c := range changes {
		data = append(data, options{"value": []any{c.First, 0, c.Last, c.At}})
	}
	o["series"] = append(o["series"].([]any), options{
		"type": "custom", "name": "", "silent": true, "z": 4, "clip": false, "renderItem": "@fn:change", "data": data,
	})
}

// hollowOut empties the marked dots of a series. ECharts' own empty symbols are white on any ground.
func hollowOut(o options, series int, hollow []bool, color string, width float64) {
	data := o["series"].([]any)[series].(options)["data"].([]any)
	for i, is := range hollow {
		if is {
			data[i].(options)["itemStyle"] = options{"color": "@bg", "borderColor": color, "borderWidth": width}
		}
	}
}

func framePanel(o options, s lineSpec) {
	annotate(o, s.events, s.gaps, 11)
	set(o, "@fn:years", "xAxis", 0, "axisLabel", "interval")
	o["grid"] = options{"top": 20, "right": 6, "bottom": 4, "left": 4, "containLabel": true}
}

// countPanel draws the same panel as counts: one bar a period.
func countPanel(s lineSpec, counts []float64, maximum float64) (json.RawMessage, error) {
	c := echarts.NewBar()
	c.SetGlobalOptions(
		echarts.WithXAxisOpts(opts.XAxis{Type: "category", AxisLabel: formatted(11, "period"), AxisTick: hiddenTick(), AxisLine: baseline()}),
		echarts.WithYAxisOpts(opts.YAxis{Type: "value", Max: maximum, AxisLabel: formatted(11, "number"), SplitLine: grid()}),
		tooltip("axis"), legend(false))
	c.SetXAxis(s.categories)
	c.AddSeries(s.dotName, bar{values: counts, pale: s.pale}.data(false), echarts.WithBarChartOpts(opts.BarChart{BarCategoryGap: "12%"}),
		echarts.WithItemStyleOpts(opts.ItemStyle{Color: "@c1"}))
	return encode(c, func(o options) {
		framePanel(o, s)
		set(o, maximum/2, "yAxis", 0, "interval")
	})
}

// heatSpec is a matrix of percents. A NaN cell stays empty; a hollow cell prints its number without a fill.
type heatSpec struct {
	columns, rows []string
	values        [][]float64
	hollow        [][]bool
}

// heatmap draws row × column cells in one hue with their number inside; data run row by row.
func heatmap(s heatSpec) (json.RawMessage, error) {
	top := 1.0
	var data []opts.HeatMapData
	for y, row := range s.values {
		for x, v := range row {
			data = append(data, opts.HeatMapData{Value: []any{x, y, value(v)}})
			if !math.IsNaN(v) && !s.hollow[y][x] {
				top = math.Max(top, v)
			}
		}
	}
	c := echarts.NewHeatMap()
	names := label(12)
	names.Color = "@fg"
	heads := label(12)
	heads.Color = "@fg"
	c.SetGlobalOptions(
		echarts.WithXAxisOpts(opts.XAxis{Type: "category", Position: "top", Data: s.columns, AxisLabel: heads, AxisTick: hiddenTick(), SplitLine: noGrid()}),
		echarts.WithYAxisOpts(opts.YAxis{Type: "category", Data: s.rows, Inverse: opts.Bool(true), AxisLabel: names, SplitLine: noGrid()}),
		echarts.WithVisualMapOpts(opts.VisualMap{Type: "continuous", Max: float32(top), InRange: &opts.VisualMapInRange{Color: []string{"@heat0", "@heat1"}}}),
		tooltip("item"), legend(false))
	c.AddSeries("share", data, echarts.WithItemStyleOpts(opts.ItemStyle{BorderColor: "@bg", BorderWidth: 2}))
	return encode(c, func(o options) {
		set(o, 0, "visualMap", 0, "min")
		set(o, false, "visualMap", 0, "show")
		for _, axis := range []string{"xAxis", "yAxis"} {
			set(o, false, axis, 0, "axisLine", "show")
			set(o, false, axis, 0, "axisTick", "show")
			set(o, 0, axis, 0, "axisLabel", "interval")
			set(o, "break", axis, 0, "axisLabel", "overflow")
		}
		set(o, options{"show": true, "fontSize": 12, "formatter": "@fn:cell"}, "series", 0, "label")
		hollowCells(o, s)
		o["grid"] = options{"top": 8, "right": 8, "bottom": 4, "left": 8, "containLabel": true}
	})
}

func hollowCells(o options, s heatSpec) {
	data := o["series"].([]any)[0].(options)["data"].([]any)
	for y, row := range s.hollow {
		for x, hollow := range row {
			if hollow && !math.IsNaN(s.values[y][x]) {
				item := data[y*len(s.columns)+x].(options)
				item["visualMap"] = false
				item["itemStyle"] = options{"color": "@bg", "borderColor": "@rule", "borderWidth": 1}
			}
		}
	}
}

// pairSpec compares two percents per row. NaN leaves a dot out; hollow says that its n is small.
type pairSpec struct {
	rows              []string
	first, last       []float64
	firstHollow       []bool
	lastHollow        []bool
	firstName, lastOf string
}

// pairedDots joins the two dots of each row: series 0 is the joining line, 1 the first and 2 the second dots.
func pairedDots(s pairSpec) (json.RawMessage, error) {
	c := echarts.NewCustom()
	names := label(12)
	names.Color = "@fg"
	c.SetGlobalOptions(
		echarts.WithXAxisOpts(opts.XAxis{Type: "value", AxisLabel: formatted(12, "percent"), SplitLine: grid()}),
		echarts.WithYAxisOpts(opts.YAxis{Type: "category", Data: s.rows, Inverse: opts.Bool(true), AxisLabel: names, AxisLine: baseline(), SplitLine: grid()}),
		tooltip("item"), legend(true))
	var links []opts.CustomData
	for i := range s.rows {
		links = append(links, opts.CustomData{Value: []any{value(s.first[i]), i, value(s.last[i])}})
	}
	c.AddSeries("", links, func(series *echarts.SingleSeries) { series.RenderItem = "@fn:link" })
	for _, d := range []struct {
		name        string
		fill, color string
		values      []float64
	}{{s.firstName, "@bg", "@c2", s.first}, {s.lastOf, "@c1", "@c1", s.last}} {
		dots := echarts.NewScatter()
		var data []opts.ScatterData
		for i, v := range d.values {
			data = append(data, opts.ScatterData{Value: []any{value(v), i}})
		}
		dots.AddSeries(d.name, data, echarts.WithScatterChartOpts(opts.ScatterChart{Symbol: "circle", SymbolSize: 10}),
			echarts.WithItemStyleOpts(opts.ItemStyle{Color: d.fill, BorderColor: d.color, BorderWidth: 2, Opacity: opts.Float(1)}))
		c.Overlap(dots)
	}
	return encode(c, func(o options) {
		set(o, s.rows, "yAxis", 0, "data")
		delete(o["xAxis"].([]any)[0].(options), "data")
		set(o, true, "series", 0, "silent")
		set(o, options{"x": []int{0, 2}, "y": 1}, "series", 0, "encode")
		fadeSmall(o, 1, s.firstHollow)
		fadeSmall(o, 2, s.lastHollow)
		frameRows(o)
		o["legend"] = options{
			"top": 0, "left": 0, "selectedMode": false, "data": []string{s.firstName, s.lastOf},
			"textStyle": options{"color": "@fg", "fontSize": 12},
		}
		set(o, 34, "grid", "top")
		set(o, 15, "yAxis", 0, "axisLabel", "margin") // a dot at 0 reaches over the axis
	})
}

// fadeSmall marks the dots whose n is small. In a paired plot hollow already tells the two dots apart.
func fadeSmall(o options, series int, small []bool) {
	data := o["series"].([]any)[series].(options)["data"].([]any)
	for i, is := range small {
		if is {
			data[i].(options)["itemStyle"] = options{"opacity": 0.4}
		}
	}
}

func frameRows(o options) {
	set(o, false, "yAxis", 0, "axisTick", "show")
	set(o, 0, "yAxis", 0, "axisLabel", "interval")
	set(o, "break", "yAxis", 0, "axisLabel", "overflow")
	o["grid"] = options{"top": 10, "right": 22, "bottom": 8, "left": 8, "containLabel": true}
}

// intervalSpec is a change in points per row with its interval; hollow rows include zero.
type intervalSpec struct {
	rows         []string
	d, low, high []float64
	hollow       []bool
}

// intervals draws series 0, the dots, over series 1, the whiskers.
func intervals(s intervalSpec) (json.RawMessage, error) {
	c := echarts.NewScatter()
	names := label(12)
	names.Color = "@fg"
	c.SetGlobalOptions(
		echarts.WithXAxisOpts(opts.XAxis{Type: "value", AxisLabel: formatted(12, "signed"), SplitLine: grid(), Name: "Change in percentage points", NameLocation: "middle", NameGap: 30}),
		echarts.WithYAxisOpts(opts.YAxis{Type: "category", Data: s.rows, Inverse: opts.Bool(true), AxisLabel: names, SplitLine: noGrid()}),
		tooltip("item"), legend(false))
	var dots []opts.ScatterData
	var whiskers []opts.CustomData
	for i := range s.rows {
		dots = append(dots, opts.ScatterData{Value: []any{value(s.d[i]), i}, Symbol: "circle"})
		whiskers = append(whiskers, opts.CustomData{Value: []any{value(s.low[i]), i, value(s.high[i])}})
	}
	c.AddSeries("change", dots, echarts.WithScatterChartOpts(opts.ScatterChart{SymbolSize: 11}),
		echarts.WithItemStyleOpts(opts.ItemStyle{Color: "@c1", Opacity: opts.Float(1)}))
	lines := echarts.NewCustom()
	lines.AddSeries("", whiskers, func(series *echarts.SingleSeries) { series.RenderItem = "@fn:link" })
	c.Overlap(lines)
	return encode(c, func(o options) {
		delete(o["xAxis"].([]any)[0].(options), "data")
		set(o, s.rows, "yAxis", 0, "data")
		set(o, false, "yAxis", 0, "axisLine", "show")
		set(o, 3, "series", 0, "z")
		hollowOut(o, 0, s.hollow, "@c1", 2)
		set(o, true, "series", 1, "silent")
		set(o, options{"x": []int{0, 2}, "y": 1}, "series", 1, "encode")
		set(o, options{"silent": true, "symbol": "none", "label": options{"show": false}, "data": []any{options{"xAxis": 0}},
			"lineStyle": options{"color": "@fg", "type": "solid", "width": 1}}, "series", 0, "markLine")
		frameRows(o)
		set(o, options{"color": "@muted", "fontSize": 12}, "xAxis", 0, "nameTextStyle")
		set(o, 40, "grid", "bottom")
	})
}

// twoCorpora draws a twoSeries: for each corpus the two series of its band, then its line with dots.
func twoCorpora(s twoSeries) (json.RawMessage, error) {
	c := echarts.NewLine()
	c.SetGlobalOptions(
		echarts.WithXAxisOpts(opts.XAxis{Type: "category", AxisLabel: label(12), AxisTick: hiddenTick(), AxisLine: baseline()}),
		echarts.WithYAxisOpts(opts.YAxis{Type: "value", Max: s.maximum, AxisLabel: formatted(12, "percent"), SplitLine: grid()}),
		tooltip("axis"), echarts.WithLegendOpts(opts.Legend{Show: opts.Bool(true), Left: "0", Top: "0", TextStyle: &opts.TextStyle{Color: "@fg", FontSize: 12},
			Data: []string{s.names[0], s.names[1]}}))
	c.SetXAxis(s.categories)
	for i, color := range []string{"@c2", "@c1"} {
		width := make([]float64, len(s.low[i]))
		for at := range width {
			width[at] = s.high[i][at] - s.low[i][at]
		}
		for part, values := range [][]float64{s.low[i], width} {
			c.AddSeries("", lineData(values),
				echarts.WithLineChartOpts(opts.LineChart{Stack: "band" + s.names[i], Symbol: "none"}),
				echarts.WithLineStyleOpts(opts.LineStyle{Opacity: opts.Float(0)}),
				echarts.WithAreaStyleOpts(opts.AreaStyle{Color: color, Opacity: opts.Float(0.18 * float32(part))}))
		}
		dots := lineData(s.share[i])
		for at := range dots {
			dots[at].Symbol = "circle"
		}
		c.AddSeries(s.names[i], dots, echarts.WithLineChartOpts(opts.LineChart{ShowSymbol: opts.Bool(true), SymbolSize: 7}),
			echarts.WithLineStyleOpts(opts.LineStyle{Color: color, Width: 2}), echarts.WithItemStyleOpts(opts.ItemStyle{Color: color}))
	}
	return encode(c, func(o options) {
		for i, color := range []string{"@c2", "@c1"} {
			for part := range 2 {
				set(o, true, "series", 3*i+part, "silent")
				set(o, "all", "series", 3*i+part, "stackStrategy")
			}
			set(o, true, "series", 3*i+2, "showAllSymbol")
			hollowOut(o, 3*i+2, s.hollow[i], color, 1.5)
		}
		set(o, s.maximum/2, "yAxis", 0, "interval")
		o["grid"] = options{"top": 34, "right": 10, "bottom": 4, "left": 4, "containLabel": true}
	})
}
