package charts

import (
	"fmt"
	"strings"
)

const topSpeakers = 12

// speakerOf is the name under which a mention is listed, and how it is printed.
func speakerOf(voice, speaker string) (id, label string) {
	switch {
	case voice == "author":
		return "author:", "Outlets’ own voice"
	case speaker == "":
		return "speaker:", "Speaker not named"
	}
	return "speaker:" + speaker, shorten(speaker, 48)
}

type speakerAt struct{ speaker, stance string }

// speakersFigure lists those to whom most mentions are attributed, divided by stance.
func (c *counts) speakersFigure() (*figure, error) {
	f := &figure{
		ID: "speakers", of: "mentions", Subtitle: "Frame mentions by speaker and stance, all frames, top " + fmt.Sprint(topSpeakers), Lying: true,
		source: []string{"v_mention", "v_article"}, query: "speakers",
	}
	if f.Empty = c.noMentions(); f.Empty != "" {
		return f, nil
	}
	labels := map[string]string{}
	k := tally(c.v, c.speakers, func(g group) (speakerAt, bool) {
		id, label := speakerOf(g.voice, g.speaker)
		labels[id] = label
		return speakerAt{id, g.stance}, true
	}, mentions)
	totals := map[string]int{}
	for key, n := range k {
		totals[key.speaker] += n
	}
	ids := sortedKeys(totals)
	shown := ids[:min(topSpeakers, len(ids))]
	bars := make([]bar, 3)
	f.Table = table{Caption: "Mentions by speaker and stance", First: "Speaker", Columns: []column{{Label: "Mentions", Context: true}}}
	for i, kind := range stanceKinds() {
		bars[i] = bar{name: kind.label, color: kind.color}
		f.Table.Columns = append(f.Table.Columns, column{Label: kind.label, Filter: filter{"stance": kind.id}})
	}
	var names, ends []string
	for _, id := range shown {
		names, ends = append(names, labels[id]), append(ends, number(totals[id]))
		r := row{Head: labels[id], Filter: filter{"speaker": id}, Cells: []string{number(totals[id])}}
		for i, kind := range stanceKinds() {
			n := k[speakerAt{id, kind.id}]
			bars[i].values = append(bars[i].values, float64(n))
			r.Cells = append(r.Cells, number(n))
		}
		f.Table.Rows = append(f.Table.Rows, r)
	}
	option, err := stackedBars(barSpec{categories: names, bars: bars, horizontal: true, legend: true, totals: ends})
	if err != nil {
		return nil, err
	}
	f.Height = 76 + 30*len(shown)
	f.Panels = []panel{{Option: option, Marks: []mark{{Column: 1}, {Column: 2}, {Column: 3}, {Column: -1}}}}
	f.Title = speakersTitle(shown, labels, totals, c.mentions)
	f.Label = "Stacked bars, one per speaker. " + f.Title + "."
	f.Note = fmt.Sprintf("%s in all. Names as the articles give them fullest; an unnamed source stands under its description.", plural(len(ids), "voice", "voices"))
	f.Data = speakerData(ids, k)
	return f, nil
}

func speakersTitle(shown []string, labels map[string]string, totals map[string]int, all int) string {
	lead := shown[0]
	if lead != "author:" {
		return fmt.Sprintf("%s leads with %s", shorten(labels[lead], 40), plural(totals[lead], "mention", "mentions"))
	}
	for _, id := range shown[1:] {
		if id != "speaker:" {
			return fmt.Sprintf("The outlets’ own voice leads, then %s", shorten(labels[id], 40))
		}
	}
	return fmt.Sprintf("The outlets’ own voice holds %s of mentions", partWords(totals[lead], all))
}

func speakerData(ids []string, k map[speakerAt]int) long {
	d := long{Columns: []string{"voice", "speaker", "stance", "mentions"}}
	for _, id := range ids[:min(200, len(ids))] {
		voice, speaker, _ := strings.Cut(id, ":")
		for _, kind := range stanceKinds() {
			if n := k[speakerAt{id, kind.id}]; n > 0 {
				d.Rows = append(d.Rows, []any{voice, speaker, kind.id, n})
			}
		}
	}
	return d
}

// voiceKinds are the kinds of voice that are told apart.
func voiceKinds() []named {
	return []named{
		{"own", "Outlets’ own voice"}, {"us", "U.S. speakers"}, {"china", "Chinese speakers"},
		{"other", "Speakers of other countries"}, {"unstated", "Country not stated"},
	}
}

// voiceKind is the kind of a voice, by the speaker's country where the text gives it.
func voiceKind(voice, country string) string {
	if voice == "author" {
		return "own"
	}
	switch strings.ToLower(strings.NewReplacer(".", "", " ", "").Replace(country)) {
	case "":
		return "unstated"
	case "us", "usa", "unitedstates", "america":
		return "us"
	case "cn", "china", "prc", "chn":
		return "china"
	}
	return "other"
}

// voicesFigure compares whose voice carries the frames in two periods.
func (c *counts) voicesFigure() (*figure, error) {
	f := &figure{
		ID: "voices", of: "mentions", Subtitle: "Share of frame mentions by kind of voice, two periods", Lying: true, Height: 300,
		source: []string{"v_mention", "v_article"}, query: "voices",
	}
	if f.Empty = c.noMentions(); f.Empty != "" {
		return f, nil
	}
	early, late, ok := c.halves()
	if !ok {
		f.Empty = "The series is too short to compare two periods."
		return f, nil
	}
	type cellKey struct {
		kind string
		late bool
	}
	k := tally(c.v, c.voices, func(g group) (cellKey, bool) {
		return cellKey{voiceKind(g.voice, g.other), late.holds(g.month)}, early.holds(g.month) || late.holds(g.month)
	}, mentions)
	totals, n := map[string]int{}, map[bool]int{}
	for key, m := range k {
		totals[key.kind] += m
		n[key.late] += m
	}
	kinds, labels := sortedKeys(totals), map[string]string{}
	for _, k := range voiceKinds() {
		labels[k.ID] = k.Label
	}
	spec := pairSpec{firstName: early.String(), lastOf: late.String()}
	f.Table = table{Caption: fmt.Sprintf("Mentions by kind of voice and period (n = %s and %s mentions)", number(n[false]), number(n[true])), First: "Voice", Columns: []column{
		{Label: "Mentions", Context: true},
		{Label: early.String(), Filter: filter{"period": early.filter()}}, {Label: late.String(), Filter: filter{"period": late.filter()}},
	}}
	f.Data.Columns = []string{"voice", "from", "to", "mentions", "all_mentions"}
	for _, kind := range kinds {
		a, b := k[cellKey{kind, false}], k[cellKey{kind, true}]
		spec.first, spec.last = append(spec.first, fraction(a, n[false])), append(spec.last, fraction(b, n[true]))
		spec.firstHollow, spec.lastHollow = append(spec.firstHollow, n[false] < someArticles), append(spec.lastHollow, n[true] < someArticles)
		spec.rows = append(spec.rows, labels[kind])
		f.Table.Rows = append(f.Table.Rows, row{Head: labels[kind], Filter: filter{"voice": kind}, Cells: []string{
			number(a + b), part(a, n[false]), part(b, n[true]),
		}})
		f.Data.Rows = append(f.Data.Rows, []any{kind, early.first, early.last, a, n[false]}, []any{kind, late.first, late.last, b, n[true]})
	}
	option, err := pairedDots(spec)
	if err != nil {
		return nil, err
	}
	f.Height = 80 + 44*len(kinds)
	f.Panels = []panel{{Option: option, Marks: []mark{{Column: -1}, {Column: 1}, {Column: 2}}}}
	lead := kinds[0]
	for _, kind := range kinds {
		if k[cellKey{kind, true}] > k[cellKey{lead, true}] {
			lead = kind
		}
	}
	f.Title = fmt.Sprintf("%s: %s of mentions since %s", labels[lead], partWords(k[cellKey{lead, true}], n[true]), monthName(late.first))
	f.Label = "Paired dots. " + f.Title + "."
	f.Note = fmt.Sprintf("n = %s mentions before, %s after. Faint dots: fewer than 30; no dot: fewer than 10.", number(n[false]), number(n[true]))
	return f, nil
}

// halves splits the complete months: the last twelve against all before, or in the middle where there are fewer.
func (c *counts) halves() (early, late span, ok bool) {
	if len(c.t.steps) == 0 || c.t.lastMonth == "" {
		return early, late, false
	}
	months := monthsBetween(c.t.first, c.t.lastMonth)
	if len(months) < 2 {
		return early, late, false
	}
	at := len(months) - 12
	if at < len(months)/2 {
		at = len(months) / 2
	}
	return span{months[0], months[at-1]}, span{months[at], months[len(months)-1]}, true
}
