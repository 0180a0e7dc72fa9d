package charts

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math/bits"
	"slices"
	"strconv"
	"strings"
)

// articleRow is what the figures need of an article; names are places in the gatherer's lists.
type articleRow struct {
	month, source, day int32
	scope, extra       int8
}

// groupKey is a group's names as places in the gatherer's lists, counted from 1; a name that a figure does not group by
// is 0. It is a fifth of the size of the group itself, of which a large corpus has many.
type groupKey struct {
	month, source, frame, other, stance, voice, speaker int32
	scope, extra                                        int8
}

// sums are the counts of a group.
type sums struct{ articles, mentions, headlines, bodies int32 }

type groups map[groupKey]*sums

// at are the sums of a group, 0 at first.
func (gs groups) at(key groupKey) *sums {
	sum, ok := gs[key]
	if !ok {
		sum = &sums{}
		gs[key] = sum
	}
	return sum
}

// candidate is a mention that may be embedded as a passage.
type candidate struct {
	id              int64
	article         int32 // place
	paragraph, span int32
	order           uint32
	round           int32
}

// stratum are the candidates of one frame and quarter: how many there are, and those that can still be chosen.
type stratum struct {
	frame int32
	n     int
	kept  []candidate
}

// gatherer reads every article and every mention once, article by article, and groups them for all figures. Asking the
// database for each figure's groups would walk all mentions ten times. What it gathers is what the queries in
// queries/figures give; a test holds the two together.
type gatherer struct {
	l    *loader
	d    *data
	most int // passages that can be chosen

	months, sources, days, frames, words places // words: stances, voices, speakers, countries
	ids                                  []int64
	articles                             []articleRow
	digests                              [][sha256.Size]byte // of each article, then of it with its mentions
	above                                [][]int32           // of each frame of the codebook: itself and the frames above it
	quarters                             map[int32]int32     // of each month, as a place in words

	// One bit per frame of the codebook, frameWords words per article.
	frameWords         int
	used, title, below []uint64

	coverage, frameMonths, outletMonths, together, headlines, dayCounts groups
	stances, speakers, voices                                           groups
	strata                                                              map[[2]int32]*stratum
	kept                                                                int // candidates in all strata
}

// gather fills the groups, the passages and the names of outlets of d. The codebook must be there.
func gather(l *loader, d *data, o Options) error {
	g := &gatherer{l: l, d: d, most: o.Passages, quarters: map[int32]int32{}, strata: map[[2]int32]*stratum{},
		coverage: groups{}, frameMonths: groups{}, outletMonths: groups{}, together: groups{}, headlines: groups{}, dayCounts: groups{},
		stances: groups{}, speakers: groups{}, voices: groups{}}
	g.codebook()
	for _, step := range []func() error{g.readArticles, g.readMentions} {
		if err := step(); err != nil {
			return err
		}
	}
	chosen := g.pick()
	ids := make([]int64, len(chosen))
	d.framesOf = map[int64][]int{}
	for i, c := range chosen {
		ids[i] = c.id
		d.framesOf[g.ids[c.article]] = g.frameSet(g.used, int(c.article))
	}
	g.groupArticles()
	if o.By == ByWeek {
		g.groupWeeks()
	}
	g.name()
	d.contentSHA = d.digest(g.digests)
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
	var month, source, outlet, day, hash, url, language, why string
	var scope, extra, lacks int8
	var line []byte
	kinds, reasons := map[kind]int{}, map[string]int{}
	g.d.outletName = map[string]string{}
	dest := []any{&id, &month, &source, &outlet, &scope, &extra, &day, &hash, &url, &language, &why, &lacks}
	err := g.l.each("articles", dest, func() {
		g.ids = append(g.ids, id)
		g.articles = append(g.articles, articleRow{g.months.of(month), g.sources.of(source), g.days.of(day), scope, extra})
		if name := cmp.Or(outlet, source, "No outlet given"); name > g.d.outletName[source] {
			g.d.outletName[source] = name
		}
		line = record(line[:0], hash, url, source, outlet, language, month, day, strconv.Itoa(int(scope)), strconv.Itoa(int(extra)))
		g.digests = append(g.digests, sha256.Sum256(line))
		kinds[kind{language: language, undated: month == "", scope: int(scope), extra: int(extra), lacks: int(lacks)}]++
		if scope == 0 {
			reasons[why]++
		}
	})
	for k, n := range kinds {
		k.articles = n
		if k.extra&repeatStory != 0 {
			k.repeats = n
		}
		g.d.kinds = append(g.d.kinds, k)
	}
	for _, text := range sortedKeys(reasons)[:min(mostReasons, len(reasons))] {
		g.d.reasons = append(g.d.reasons, reason{text, reasons[text]})
	}
	return err
}

// mostReasons are as many reasons as reasons.sql gives.
const mostReasons = 8

// record appends fields to a line, each quoted, so that no two lists of fields give the same line.
func record(line []byte, fields ...string) []byte {
	for _, f := range fields {
		line = append(strconv.AppendInt(line, int64(len(f)), 10), ':')
		line = append(line, f...)
	}
	return line
}

// readMentions goes through the mentions in the order of their articles.
func (g *gatherer) readMentions() error {
	n := len(g.articles) * g.frameWords
	g.used, g.title, g.below = make([]uint64, n), make([]uint64, n), make([]uint64, n)
	var id, article int64
	var paragraph, start, end int
	var frame, stance, voice, speaker, country, section string
	var lines []string
	var line []byte
	at := 0
	seal := func() {
		if len(lines) > 0 {
			slices.Sort(lines)
			line = append(line[:0], g.digests[at][:]...)
			g.digests[at] = sha256.Sum256(append(line, strings.Join(lines, "\n")...))
			lines = lines[:0]
		}
	}
	dest := []any{&id, &article, &frame, &stance, &voice, &speaker, &country, &section, &paragraph, &start, &end}
	err := g.l.each("mentions", dest, func() {
		if at < len(g.ids) && g.ids[at] < article {
			seal()
			next, _ := slices.BinarySearch(g.ids[at:], article)
			at += next
		}
		if at >= len(g.ids) || g.ids[at] != article {
			return
		}
		line = record(line[:0], section, strconv.Itoa(start), strconv.Itoa(end), frame, stance, voice, speaker, country)
		lines = append(lines, string(line))
		if voice == "author" {
			speaker, country = "", ""
		}
		f := g.frames.of(frame)
		g.count(at, f, section, stance, voice, upperFirst(speaker), country)
		g.offer(id, at, paragraph, start, f)
	})
	if at < len(g.ids) {
		seal()
	}
	return err
}

// upperFirst puts an ASCII letter at the start in upper case, as SQLite's upper does: a described speaker is the same at
// the start of a sentence and within it.
func upperFirst(s string) string {
	if s != "" && s[0] >= 'a' && s[0] <= 'z' {
		return string(s[0]-'a'+'A') + s[1:]
	}
	return s
}

// count counts a mention by stance, speaker and voice, and its article for its frame and those above.
func (g *gatherer) count(at int, frame int32, section, stance, voice, speaker, country string) {
	a := g.articles[at]
	key := groupKey{stance: g.words.of(stance) + 1, voice: g.words.of(voice) + 1, scope: a.scope, extra: a.extra}
	speakers, voices, stances := key, key, key
	speakers.speaker = g.words.of(speaker) + 1
	g.speakers.at(speakers).mentions++
	voices.stance, voices.month, voices.other = 0, a.month+1, g.words.of(country)+1
	g.voices.at(voices).mentions++
	stances.month, stances.frame = a.month+1, frame+1
	g.stances.at(stances).mentions++
	if int(frame) >= len(g.above) {
		return
	}
	place := g.below
	if section == "headline" {
		place = g.title
	}
	for _, up := range g.above[frame] {
		word, bit := at*g.frameWords+int(up)/64, uint64(1)<<(up%64)
		g.used[word] |= bit
		place[word] |= bit
		g.frameMonths.at(groupKey{month: a.month + 1, frame: up + 1, scope: a.scope, extra: a.extra}).mentions++
	}
}

// offer puts a mention among the candidates of its frame and quarter.
func (g *gatherer) offer(id int64, at, paragraph, span int, frame int32) {
	month := g.articles[at].month
	quarter, ok := g.quarters[month]
	if !ok {
		name := ""
		if m := g.months.names[month]; m != "" {
			name = periodKey(m, ByQuarter)
		}
		quarter = g.words.of(name)
		g.quarters[month] = quarter
	}
	s := g.strata[[2]int32{frame, quarter}]
	if s == nil {
		s = &stratum{frame: frame}
		g.strata[[2]int32{frame, quarter}] = s
	}
	order := (g.ids[at]*8191 + int64(paragraph)*127 + int64(span)) % (1 << 31) * 2654435761 % (1 << 32)
	s.kept = append(s.kept, candidate{id: id, article: int32(at), paragraph: int32(paragraph), span: int32(span), order: uint32(order)})
	s.n++
	if g.kept++; g.kept >= 8*g.most+1000 {
		g.thin()
	}
}

// thin drops the candidates that cannot be chosen any more. A choice takes one candidate of every stratum a round, until
// there are enough; more candidates to come mean fewer rounds, never more.
func (g *gatherer) thin() {
	rounds := 0
	for total := 0; total < g.most; rounds++ {
		for _, s := range g.strata {
			if s.n > rounds {
				total++
			}
		}
	}
	g.kept = 0
	for _, s := range g.strata {
		if len(s.kept) > rounds {
			slices.SortFunc(s.kept, g.before)
			s.kept = slices.Clip(s.kept[:rounds])
		}
		g.kept += len(s.kept)
	}
}

// before orders the candidates of a stratum: at random to the eye, and fixed by article and place.
func (g *gatherer) before(a, b candidate) int {
	return cmp.Or(cmp.Compare(a.order, b.order), cmp.Compare(a.article, b.article), cmp.Compare(a.paragraph, b.paragraph),
		cmp.Compare(a.span, b.span), cmp.Compare(a.id, b.id))
}

// pick chooses the passages, evenly by frame and quarter.
func (g *gatherer) pick() []candidate {
	type framed struct {
		candidate
		frame string
	}
	var all []framed
	for _, s := range g.strata {
		g.d.totalPassages += s.n
		slices.SortFunc(s.kept, g.before)
		for i, c := range s.kept {
			c.round = int32(i)
			all = append(all, framed{c, g.frames.names[s.frame]})
		}
	}
	slices.SortFunc(all, func(a, b framed) int {
		return cmp.Or(cmp.Compare(a.round, b.round), cmp.Compare(a.article, b.article), cmp.Compare(a.paragraph, b.paragraph),
			cmp.Compare(a.span, b.span), cmp.Compare(a.frame, b.frame), cmp.Compare(a.id, b.id))
	})
	chosen := make([]candidate, min(g.most, len(all)))
	for i := range chosen {
		chosen[i] = all[i].candidate
	}
	g.strata = nil
	return chosen
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
	dated := g.days.at[""]
	_, coarse := g.days.at[""]
	for at, a := range g.articles {
		own := groupKey{scope: a.scope, extra: a.extra}
		byMonth, byDay := own, own
		byMonth.month, byDay.month = a.month+1, a.day+1
		outlet := byMonth
		outlet.source = a.source + 1
		g.coverage.at(outlet).articles++
		precise := !coarse || a.day != dated
		if precise {
			g.dayCounts.at(byDay).articles++
		}
		used := g.frameSet(g.used, at)
		for i, f := range used {
			frame := int32(f) + 1
			byMonth.frame, byDay.frame, outlet.frame = frame, frame, frame
			g.frameMonths.at(byMonth).articles++
			g.outletMonths.at(outlet).articles++
			if precise {
				g.dayCounts.at(byDay).articles++
			}
			for _, other := range used[i:] {
				pair := own
				pair.frame, pair.other = frame, int32(other)+1
				if g.frames.names[other] < g.frames.names[f] {
					pair.frame, pair.other = pair.other, pair.frame
				}
				g.together.at(pair).articles++
			}
			word, bit := at*g.frameWords+f/64, uint64(1)<<(f%64)
			whole := own
			whole.frame = frame
			sum := g.headlines.at(whole)
			sum.articles++
			if g.title[word]&bit != 0 {
				sum.headlines++
			}
			if g.below[word]&bit != 0 {
				sum.bodies++
			}
		}
	}
}

// groupWeeks counts articles by week for the figures with a time axis.
func (g *gatherer) groupWeeks() {
	var weeks places
	week := make([]int32, len(g.days.names))
	for i, day := range g.days.names {
		week[i] = weeks.of(weekOf(day)) + 1
	}
	coverage, frames, outlets := groups{}, groups{}, groups{}
	for at, a := range g.articles {
		pooled := groupKey{month: week[a.day], scope: a.scope, extra: a.extra}
		own := pooled
		own.source = a.source + 1
		coverage.at(own).articles++
		for _, f := range g.frameSet(g.used, at) {
			own.frame, pooled.frame = int32(f)+1, int32(f)+1
			outlets.at(own).articles++
			frames.at(pooled).articles++
		}
	}
	g.d.weekCoverage = g.named(coverage, weeks.names, nil)
	g.d.weekFrames, g.d.weekOutlets = g.named(frames, weeks.names, nil), g.named(outlets, weeks.names, nil)
}

// name gives the groups their names. Each list is let go once it is named.
func (g *gatherer) name() {
	months, frames, words := g.months.names, g.frames.names, g.words.names
	for _, x := range []struct {
		to            *[]group
		from          *groups
		months, other []string
	}{
		{&g.d.coverage, &g.coverage, months, nil}, {&g.d.frameMonths, &g.frameMonths, months, nil}, {&g.d.outletMonths, &g.outletMonths, months, nil},
		{&g.d.together, &g.together, nil, frames}, {&g.d.headlines, &g.headlines, nil, nil}, {&g.d.days, &g.dayCounts, g.days.names, nil},
		{&g.d.stances, &g.stances, months, nil}, {&g.d.speakers, &g.speakers, nil, nil}, {&g.d.voices, &g.voices, months, words},
	} {
		*x.to = g.named(*x.from, x.months, x.other)
		*x.from = nil
	}
}

func (g *gatherer) named(gs groups, months, other []string) []group {
	name := func(list []string, place int32) string {
		if place == 0 {
			return ""
		}
		return list[place-1]
	}
	words := g.words.names
	all := make([]group, 0, len(gs))
	for k, s := range gs {
		all = append(all, group{
			month: name(months, k.month), source: name(g.sources.names, k.source), frame: name(g.frames.names, k.frame), other: name(other, k.other),
			stance: name(words, k.stance), voice: name(words, k.voice), speaker: name(words, k.speaker), scope: int(k.scope), extra: int(k.extra),
			articles: int(s.articles), mentions: int(s.mentions), headlines: int(s.headlines), bodies: int(s.bodies),
		})
	}
	sortGroups(all)
	return all
}

func sortGroups(all []group) {
	slices.SortFunc(all, func(a, b group) int {
		return cmp.Or(cmp.Compare(a.month, b.month), cmp.Compare(a.source, b.source), cmp.Compare(a.frame, b.frame), cmp.Compare(a.other, b.other),
			cmp.Compare(a.stance, b.stance), cmp.Compare(a.voice, b.voice), cmp.Compare(a.speaker, b.speaker),
			cmp.Compare(a.scope, b.scope), cmp.Compare(a.extra, b.extra))
	})
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
