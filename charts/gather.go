package charts

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/bits"
	"slices"
)

// articleRow is what the figures need of an article; names are places in the gatherer's lists.
type articleRow struct {
	month, source, day int32
	scope, extra       int8
}

// mentionKey is what the figures need of a mention; fields that a figure does not use stay 0.
type mentionKey struct {
	month, frame, stance, voice, speaker, country int32
	scope, extra                                  int8
}

// candidate is a mention that may be embedded as a passage.
type candidate struct {
	id, article     int64
	paragraph, span int32
	frame, stratum  int32
	order           uint32
	round           int32
}

// gatherer reads every article and every mention once and groups them for all figures. Asking the database for each
// figure's groups would walk all mentions ten times. What it gathers is what the queries in queries/figures give; a
// test holds the two together.
type gatherer struct {
	l *loader
	d *data

	months, sources, days, frames, words places // words: stances, voices, speakers, countries
	articles                             []articleRow
	at                                   map[int64]int
	above                                [][]int32 // of each frame of the codebook: itself and the frames above it

	// One bit per frame of the codebook, frameWords words per article.
	frameWords         int
	used, title, below []uint64

	stances, speakers, voices, counts map[mentionKey]int
	strata                            map[[2]string]int32
	candidates                        []candidate
}

// gather fills the groups, the passages and the names of outlets of d. The codebook must be there.
func gather(l *loader, d *data, o Options) error {
	g := &gatherer{
		l: l, d: d, at: map[int64]int{}, stances: map[mentionKey]int{}, speakers: map[mentionKey]int{},
		voices: map[mentionKey]int{}, counts: map[mentionKey]int{}, strata: map[[2]string]int32{},
	}
	g.codebook()
	for _, step := range []func() error{g.readArticles, g.readMentions} {
		if err := step(); err != nil {
			return err
		}
	}
	ids := g.pick(o.Passages)
	d.framesOf = map[int64][]int{}
	for _, c := range g.candidates {
		if _, done := d.framesOf[c.article]; !done {
			d.framesOf[c.article] = g.frameSet(g.used, g.at[c.article])
		}
	}
	g.candidates, g.strata, g.at = nil, nil, nil // the largest lists; grouping needs none of them
	g.groupArticles()
	if o.By == ByWeek {
		g.groupWeeks()
	}
	g.groupMentions()
	return d.readTexts(l, ids)
}

func (g *gatherer) codebook() {
	parent := map[string]string{}
	for _, f := range g.d.frames {
		g.frames.of(f.id)
		parent[f.id] = f.parent
	}
	g.frameWords = len(g.d.frames)/64 + 1
	for _, f := range g.d.frames {
		var above []int32
		for id := f.id; id != ""; id = parent[id] {
			at, known := g.frames.at[id]
			if !known || slices.Contains(above, at) {
				break // a parent outside the codebook, or a circle
			}
			above = append(above, at)
		}
		g.above = append(g.above, above)
	}
}

func (g *gatherer) readArticles() error {
	var id int64
	var month, source, outlet, day string
	var scope, extra int8
	g.d.outletName = map[string]string{}
	return g.l.each("articles", []any{&id, &month, &source, &outlet, &scope, &extra, &day}, func() {
		g.at[id] = len(g.articles)
		g.articles = append(g.articles, articleRow{g.months.of(month), g.sources.of(source), g.days.of(day), scope, extra})
		g.d.outletName[source] = max(g.d.outletName[source], cmp.Or(outlet, source, "No outlet given"))
	})
}

func (g *gatherer) readMentions() error {
	n := len(g.articles) * g.frameWords
	g.used, g.title, g.below = make([]uint64, n), make([]uint64, n), make([]uint64, n)
	var id, article, paragraph, span int64
	var frame, stance, voice, speaker, country, section string
	dest := []any{&id, &article, &frame, &stance, &voice, &speaker, &country, &section, &paragraph, &span}
	return g.l.each("mentions", dest, func() {
		at, ok := g.at[article]
		if !ok {
			return
		}
		a, f := g.articles[at], g.frames.of(frame)
		if int(f) < len(g.above) {
			g.roll(at, a, f, section)
		}
		if voice == "author" {
			speaker, country = "", ""
		}
		key := mentionKey{stance: g.words.of(stance), voice: g.words.of(voice), scope: a.scope, extra: a.extra}
		speakers, voices, stances := key, key, key
		speakers.speaker = g.words.of(speaker)
		g.speakers[speakers]++
		voices.stance, voices.month, voices.country = 0, a.month, g.words.of(country)
		g.voices[voices]++
		stances.month, stances.frame = a.month, f
		g.stances[stances]++
		g.candidates = append(g.candidates, g.candidate(id, article, paragraph, span, f, a))
	})
}

// roll counts a mention for its frame and those above.
func (g *gatherer) roll(at int, a articleRow, frame int32, section string) {
	place := g.below
	if section == "headline" {
		place = g.title
	}
	for _, up := range g.above[frame] {
		word, bit := at*g.frameWords+int(up)/64, uint64(1)<<(up%64)
		g.used[word] |= bit
		place[word] |= bit
		g.counts[mentionKey{month: a.month, frame: up, scope: a.scope, extra: a.extra}]++
	}
}

func (g *gatherer) candidate(id, article, paragraph, span int64, frame int32, a articleRow) candidate {
	quarter := ""
	if m := g.months.names[a.month]; m != "" {
		quarter = periodKey(m, ByQuarter)
	}
	key := [2]string{g.frames.names[frame], quarter}
	stratum, ok := g.strata[key]
	if !ok {
		stratum = int32(len(g.strata))
		g.strata[key] = stratum
	}
	order := (article*8191 + paragraph*127 + span) % (1 << 31) * 2654435761 % (1 << 32)
	return candidate{
		id: id, article: article, paragraph: int32(paragraph), span: int32(span), frame: frame, stratum: stratum, order: uint32(order),
	}
}

// pick chooses at most n passages, evenly by frame and quarter.
func (g *gatherer) pick(n int) []int64 {
	g.d.totalPassages = len(g.candidates)
	if len(g.candidates) > n {
		place := func(a, b candidate) int {
			return cmp.Or(cmp.Compare(a.article, b.article), cmp.Compare(a.paragraph, b.paragraph), cmp.Compare(a.span, b.span),
				cmp.Compare(g.frames.names[a.frame], g.frames.names[b.frame]), cmp.Compare(a.id, b.id))
		}
		slices.SortFunc(g.candidates, func(a, b candidate) int {
			return cmp.Or(cmp.Compare(a.stratum, b.stratum), cmp.Compare(a.order, b.order), place(a, b))
		})
		for i := range g.candidates {
			if i > 0 && g.candidates[i-1].stratum == g.candidates[i].stratum {
				g.candidates[i].round = g.candidates[i-1].round + 1
			}
		}
		slices.SortFunc(g.candidates, func(a, b candidate) int { return cmp.Or(cmp.Compare(a.round, b.round), place(a, b)) })
		g.candidates = g.candidates[:n]
	}
	ids := make([]int64, len(g.candidates))
	for i, c := range g.candidates {
		ids[i] = c.id
	}
	return ids
}

// frameSet are the places of the bits that are set for an article.
func (g *gatherer) frameSet(set []uint64, article int) []int {
	var all []int
	for w := range g.frameWords {
		for rest := set[article*g.frameWords+w]; rest != 0; rest &= rest - 1 {
			all = append(all, w*64+bits.TrailingZeros64(rest))
		}
	}
	return all
}

// groupArticles counts articles for coverage and for the figures that ask how many articles use a frame.
func (g *gatherer) groupArticles() {
	coverage, months, outlets := groups{}, groups{}, groups{}
	together, headlines, days := groups{}, groups{}, groups{}
	for at, a := range g.articles {
		month, source, day := g.months.names[a.month], g.sources.names[a.source], g.days.names[a.day]
		own := group{scope: int(a.scope), extra: int(a.extra)}
		add := func(to groups, key group) *group {
			key.scope, key.extra = own.scope, own.extra
			sum := to.at(key)
			sum.articles++
			return sum
		}
		add(coverage, group{month: month, source: source})
		if day != "" {
			add(days, group{month: day})
		}
		used := g.frameSet(g.used, at)
		for i, f := range used {
			id := g.frames.names[f]
			add(months, group{month: month, frame: id})
			add(outlets, group{month: month, source: source, frame: id})
			if day != "" {
				add(days, group{month: day, frame: id})
			}
			for _, other := range used[i:] {
				x, y := id, g.frames.names[other]
				add(together, group{frame: min(x, y), other: max(x, y)})
			}
			word, bit := at*g.frameWords+f/64, uint64(1)<<(f%64)
			sum := add(headlines, group{frame: id})
			if g.title[word]&bit != 0 {
				sum.headlines++
			}
			if g.below[word]&bit != 0 {
				sum.bodies++
			}
		}
	}
	for k, n := range g.counts {
		months.at(group{month: g.months.names[k.month], frame: g.frames.names[k.frame], scope: int(k.scope), extra: int(k.extra)}).mentions += n
	}
	g.d.coverage, g.d.frameMonths, g.d.outletMonths = coverage.sorted(), months.sorted(), outlets.sorted()
	g.d.together, g.d.headlines, g.d.days = together.sorted(), headlines.sorted(), days.sorted()
}

// groupWeeks counts articles by week for the figures with a time axis.
func (g *gatherer) groupWeeks() {
	coverage, frames, outlets := groups{}, groups{}, groups{}
	weeks := make([]string, len(g.days.names))
	for i, day := range g.days.names {
		weeks[i] = weekOf(day)
	}
	for at, a := range g.articles {
		key := group{month: weeks[a.day], source: g.sources.names[a.source], scope: int(a.scope), extra: int(a.extra)}
		coverage.at(key).articles++
		for _, f := range g.frameSet(g.used, at) {
			key.frame = g.frames.names[f]
			outlets.at(key).articles++
			pooled := key
			pooled.source = ""
			frames.at(pooled).articles++
		}
	}
	g.d.weekCoverage, g.d.weekFrames, g.d.weekOutlets = coverage.sorted(), frames.sorted(), outlets.sorted()
}

// groupMentions counts mentions by stance, by speaker and by kind of voice.
func (g *gatherer) groupMentions() {
	put := func(from map[mentionKey]int, key func(mentionKey) group) []group {
		to := groups{}
		for k, n := range from {
			named := key(k)
			named.scope, named.extra, named.voice = int(k.scope), int(k.extra), g.words.names[k.voice]
			to.at(named).mentions += n
		}
		return to.sorted()
	}
	g.d.stances = put(g.stances, func(k mentionKey) group {
		return group{month: g.months.names[k.month], frame: g.frames.names[k.frame], stance: g.words.names[k.stance]}
	})
	g.d.speakers = put(g.speakers, func(k mentionKey) group {
		return group{speaker: g.words.names[k.speaker], stance: g.words.names[k.stance]}
	})
	g.d.voices = put(g.voices, func(k mentionKey) group {
		return group{month: g.months.names[k.month], other: g.words.names[k.country]}
	})
}

// groups are sums by the names that they are grouped by.
type groups map[group]*group

// at is the sum for the names in key, whose counts are 0.
func (gs groups) at(key group) *group {
	if sum, ok := gs[key]; ok {
		return sum
	}
	sum := key
	gs[key] = &sum
	return &sum
}

func (gs groups) sorted() []group {
	all := make([]group, 0, len(gs))
	for _, sum := range gs {
		all = append(all, *sum)
	}
	slices.SortFunc(all, func(a, b group) int {
		return cmp.Or(cmp.Compare(a.month, b.month), cmp.Compare(a.source, b.source), cmp.Compare(a.frame, b.frame), cmp.Compare(a.other, b.other),
			cmp.Compare(a.stance, b.stance), cmp.Compare(a.voice, b.voice), cmp.Compare(a.speaker, b.speaker),
			cmp.Compare(a.scope, b.scope), cmp.Compare(a.extra, b.extra))
	})
	return all
}

// readTexts reads the words of the chosen passages.
func (d *data) readTexts(l *loader, ids []int64) error {
	raw, err := json.Marshal(ids)
	if err != nil {
		return fmt.Errorf("choosing passages: %w", err)
	}
	l.args["ids"] = string(raw)
	return d.readPassages(l)
}
