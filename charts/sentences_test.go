package charts

import (
	"cmp"
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"framewatch/charts/stat"
)

// teller tells every finding and every title again: with queries of its own on the tables, and with its own choice of
// frame, event and outlet. It shares with the page only the statistics, which are tested apart, and the printing of
// numbers.
type teller struct {
	t           testing.TB
	db          *sql.DB
	where       string // the articles of a variant, as a condition on v_article a
	first, last string // first and last month of the axis
	done        string // last complete month
	by          Period
}

func newTeller(t testing.TB, db *sql.DB, v variant, o Options, by Period) *teller {
	t.Helper()
	w := &teller{t: t, db: db, by: by, done: "2026-09"}
	w.where = map[Denominator]string{AIAndChina: "a.relevant AND a.names_china", AIAndEither: "a.relevant", AllCollected: "1"}[v.denominator]
	if len(o.Outlets) > 0 {
		w.where += " AND a.source IN ('" + strings.Join(o.Outlets, "','") + "')"
	}
	months := `SELECT coalesce(%s(month), '') FROM v_article a WHERE a.relevant AND a.names_china` + strings.TrimPrefix(w.where, map[Denominator]string{
		AIAndChina: "a.relevant AND a.names_china", AIAndEither: "a.relevant", AllCollected: "1"}[v.denominator])
	w.first, w.last = w.word(fmt.Sprintf(months, "min")), w.word(fmt.Sprintf(months, "max"))
	if !v.press {
		w.where += " AND a.source_type <> 'press_release'"
	}
	if !v.repeats {
		w.where += " AND a.story_id = a.article_id"
	}
	return w
}

func (w *teller) word(query string) string {
	w.t.Helper()
	var s string
	if err := w.db.QueryRow(query).Scan(&s); err != nil {
		w.t.Fatalf("%v: %s", err, query)
	}
	return s
}

// articles counts articles, and mentions their mentions, under a further condition on a or on a and m.
func (w *teller) articles(condition string) int {
	return count(w.t, w.db, `SELECT count(*) FROM v_article a WHERE `+w.where+` AND `+condition)
}

func (w *teller) using(frame, condition string) int {
	return count(w.t, w.db, `SELECT count(DISTINCT a.article_id) FROM v_article a JOIN v_mention m ON m.article_id = a.article_id
		WHERE `+w.where+` AND (m.frame = '`+frame+`' OR m.parent_frame = '`+frame+`') AND `+condition)
}

func (w *teller) mentions(condition string) int {
	return count(w.t, w.db, `SELECT count(*) FROM v_mention m JOIN v_article a ON m.article_id = a.article_id WHERE `+w.where+` AND `+condition)
}

func monthsIn(first, last string) string { return "a.month BETWEEN '" + first + "' AND '" + last + "'" }

func daysIn(first, before string) string {
	return "a.date_precision IN ('day', 'time') AND substr(a.published, 1, 10) >= '" + first + "' AND substr(a.published, 1, 10) < '" + before + "'"
}

func (w *teller) share(frame, condition string) stat.Share {
	return stat.Wilson(w.using(frame, condition), w.articles(condition))
}

// frames are those with a mention, the most used in the latest months first.
func (w *teller) frames() []fixtureFrame {
	var all []fixtureFrame
	for _, f := range fixtureFrames {
		if w.using(f.id, "1") > 0 {
			all = append(all, f)
		}
	}
	slices.SortStableFunc(all, func(a, b fixtureFrame) int {
		return cmp.Or(cmp.Compare(w.using(b.id, w.now()), w.using(a.id, w.now())), cmp.Compare(w.using(b.id, "1"), w.using(a.id, "1")), cmp.Compare(a.id, b.id))
	})
	return all
}

func (w *teller) span() (first, last string) {
	length := 12
	if w.by == ByMonth {
		length = 3
	}
	return max(w.first, addMonths(w.done, 1-length)), w.done
}

func (w *teller) now() string { return monthsIn(w.span()) }

func (w *teller) halves() (early, late [2]string) {
	months := monthsBetween(w.first, w.done)
	at := max(len(months)/2, len(months)-12)
	return [2]string{w.first, months[at-1]}, [2]string{months[at], w.done}
}

func holds(ch stat.Change, frames []fixtureFrame, change func(frame string) (stat.Change, bool)) string {
	var ps []float64
	for _, f := range frames {
		if other, ok := change(f.id); ok {
			ps = append(ps, other.P())
		}
	}
	// Holm's procedure as its steps: the smallest p values, each against 0.05 over the number left.
	slices.Sort(ps)
	for i, p := range ps {
		if p*float64(len(ps)-i) >= 0.05 {
			break
		}
		if p == ch.P() {
			return "It is also clear after Holm’s correction for their number."
		}
	}
	return "It is not clear after Holm’s correction for their number."
}

func (w *teller) mostUsed(frames []fixtureFrame) fixtureFrame {
	return slices.MaxFunc(frames, func(a, b fixtureFrame) int {
		return cmp.Or(cmp.Compare(w.using(a.id, "1"), w.using(b.id, "1")), cmp.Compare(b.id, a.id))
	})
}

func told(number, lead, text string) string { return number + " | " + lead + " | " + text }

// findings are all sentences of the head of the page.
func (w *teller) findings() []string {
	frames := w.frames()
	all := []string{w.lead(frames)}
	all = append(all, w.trends(frames)...)
	if e := w.event(frames); e != "" {
		all = append(all, e)
	}
	if n := w.mentions("1"); n >= 30 {
		all = append(all, w.contested(n), w.voice(n))
	}
	return all[:min(6, len(all))]
}

func (w *teller) lead(frames []fixtureFrame) string {
	first, last := w.span()
	f, s := frames[0], w.share(frames[0].id, w.now())
	if s.N < 30 || s.K < 5 {
		most := w.mostUsed(frames)
		k := number(w.using(most.id, "1"))
		return told(k, "“"+most.label+"” is the most common frame.",
			fmt.Sprintf("%s of %s use it. Too few articles in %s to compare (%d).", k, plural(w.articles("1"), "article", "articles"), monthRange(first, last), s.N))
	}
	level := ""
	if len(frames) > 1 && w.using(frames[1].id, w.now()) == s.K {
		level = ", level with “" + frames[1].label + "”,"
	}
	text := fmt.Sprintf("It appeared in %s of articles in %s (95%% interval %.0f–%.0f%%; n = %s).", percent(s.P), monthRange(first, last), s.Low*100, s.High*100, number(s.N))
	if before := addMonths(first, -12); before >= w.first {
		ch := stat.Newcombe(w.share(f.id, monthsIn(before, addMonths(last, -12))), s)
		if ch.Before.N >= 30 && ch.Before.K+ch.After.K >= 5 {
			d := fmt.Sprintf("%s %s", points(ch.D), pointWord(ch.D))
			if ch.Low <= 0 && ch.High >= 0 {
				text += fmt.Sprintf(" A year earlier it was %s; the difference, %s (95%% interval %s), is too small to call a change.", percent(ch.Before.P), d, changeInterval(ch))
			} else {
				text += fmt.Sprintf(" A year earlier it was %s (change %s, 95%% interval %s).", percent(ch.Before.P), d, changeInterval(ch))
			}
		}
	}
	latest := "twelve months"
	if w.by == ByMonth {
		latest = "three months"
	}
	return told(percent(s.P), "“"+f.label+"” was the most common frame"+level+" in the latest "+latest+".", text)
}

func (w *teller) trends(frames []fixtureFrame) []string {
	early, late := w.halves()
	change := func(frame string) (stat.Change, bool) {
		ch := stat.Newcombe(w.share(frame, monthsIn(early[0], early[1])), w.share(frame, monthsIn(late[0], late[1])))
		return ch, ch.Before.N >= 30 && ch.After.N >= 30 && ch.Before.K+ch.After.K >= 5
	}
	n1, n2 := w.articles(monthsIn(early[0], early[1])), w.articles(monthsIn(late[0], late[1]))
	var rise, fall *fixtureFrame
	var up, down stat.Change
	compared := 0
	for _, f := range frames {
		ch, ok := change(f.id)
		if !ok {
			continue
		}
		compared++
		if ch.Low > 0 && ch.D > up.D {
			rise, up = &f, ch
		}
		if ch.High < 0 && ch.D < down.D {
			fall, down = &f, ch
		}
	}
	if compared == 0 {
		return []string{told("–", "Too few articles to compare two periods.",
			fmt.Sprintf("%s in %s, %s in %s.", number(n1), monthRange(early[0], early[1]), number(n2), monthRange(late[0], late[1])))}
	}
	var all []string
	for _, x := range []struct {
		f          *fixtureFrame
		ch         stat.Change
		verb, more string
	}{{rise, up, "rose", "more"}, {fall, down, "fell", "less"}} {
		if x.f != nil {
			all = append(all, told(points(x.ch.D)+" pts", fmt.Sprintf("“%s” is %s common than before.", x.f.label, x.more),
				fmt.Sprintf("It %s from %s to %s of articles (change %s %s, 95%% interval %s; n = %s, %s), the most of %d frames compared. %s", x.verb,
					percent(x.ch.Before.P), percent(x.ch.After.P), points(x.ch.D), pointWord(x.ch.D), changeInterval(x.ch), number(n1), number(n2), compared,
					holds(x.ch, frames, change))))
		}
	}
	if len(all) == 0 {
		return []string{told(fmt.Sprintf("0 of %d", compared), "No frame shows a clear change between the two periods.",
			fmt.Sprintf("For each of %d frames the 95%% interval of the difference includes zero (n = %s, %s).", compared, number(n1), number(n2)))}
	}
	return all
}

// window is the event with most articles in the three months from it.
func (w *teller) window() (date, label string, before, after string, ok bool) {
	rows, err := w.db.Query(`SELECT date, label FROM v_event ORDER BY date, label`)
	if err != nil {
		w.t.Fatal(err)
	}
	defer rows.Close()
	most := -1
	for rows.Next() {
		var d, l string
		if err := rows.Scan(&d, &l); err != nil {
			w.t.Fatal(err)
		}
		day, _ := time.Parse(time.DateOnly, d)
		start, end := day.AddDate(0, -3, 0).Format(time.DateOnly), day.AddDate(0, 3, 0).Format(time.DateOnly)
		if start[:7] < w.first || end[:7] > w.done || d[:7] > w.last {
			continue
		}
		n1, n2 := w.articles(daysIn(start, d)), w.articles(daysIn(d, end))
		if n1 >= 30 && n2 >= 30 && n2 > most {
			most, date, label, before, after, ok = n2, d, l, daysIn(start, d), daysIn(d, end), true
		}
	}
	return date, label, before, after, ok
}

func (w *teller) event(frames []fixtureFrame) string {
	date, label, before, after, ok := w.window()
	if !ok {
		return ""
	}
	change := func(frame string) (stat.Change, bool) {
		return stat.Newcombe(w.share(frame, before), w.share(frame, after)), true
	}
	var best *fixtureFrame
	var most stat.Change
	for _, f := range fixtureFrames {
		if ch, _ := change(f.id); w.using(f.id, "1") > 0 && (ch.Low > 0 || ch.High < 0) && abs(ch.D) > abs(most.D) {
			best, most = &f, ch
		}
	}
	n1, n2 := number(w.articles(before)), number(w.articles(after))
	if best == nil {
		return told(fmt.Sprintf("0 of %d", len(frames)), "No clear change of any frame in the three months from "+longDate(date)+".",
			fmt.Sprintf("%s: for each frame the 95%% interval includes zero (n = %s before, %s from it).", label, n1, n2))
	}
	verb := "rose"
	if most.D < 0 {
		verb = "fell"
	}
	return told(points(most.D)+" pts", fmt.Sprintf("“%s” %s in the three months from %s.", best.label, verb, longDate(date)),
		fmt.Sprintf("%s: from %s to %s of articles (change %s %s, 95%% interval %s; n = %s, %s), the most of %d frames compared. %s Timing alone does not show cause.",
			label, percent(most.Before.P), percent(most.After.P), points(most.D), pointWord(most.D), changeInterval(most), n1, n2, len(frames), holds(most, frames, change)))
}

// rate is the share of a frame's mentions that contest it.
func (w *teller) rate(frame string) (k, n int) {
	of := "(m.frame = '" + frame + "' OR m.parent_frame = '" + frame + "')"
	return w.mentions(of + " AND m.stance = 'contests'"), w.mentions(of)
}

// mostContested is the frame with the greatest such share among those with 30 mentions.
func (w *teller) mostContested() (label string, share float64, n int) {
	compared := 0
	for _, f := range fixtureFrames {
		k, of := w.rate(f.id)
		if of < 30 {
			continue
		}
		compared++
		if p := float64(k) / float64(of); k >= 5 && p > share {
			label, share, n = f.label, p, of
		}
	}
	if compared < 2 {
		return "", 0, 0
	}
	return label, share, n
}

func (w *teller) contested(n int) string {
	k := w.mentions("m.stance = 'contests'")
	s := stat.Wilson(k, n)
	text := fmt.Sprintf("%s of %s mentions (95%% interval %.0f–%.0f%%); %s were asserted and %s reported without taking a side.", number(k), number(n), s.Low*100, s.High*100,
		number(w.mentions("m.stance = 'asserts'")), number(w.mentions("m.stance = 'reports'")))
	if label, share, of := w.mostContested(); label != "" {
		text += fmt.Sprintf(" “%s” was contested most of frames with at least 30 mentions: in %s of its %s.", label, percent(share), number(of))
	}
	if k < 5 {
		return told(number(k), "Hardly a frame mention is contested.", text)
	}
	return told(percent(s.P), percent(s.P)+" of frame mentions are contested.", text)
}

func (w *teller) voice(n int) string {
	k := w.mentions("m.voice = 'author'")
	s := stat.Wilson(k, n)
	return told(percent(s.P), "The outlets’ own voice carries "+percent(s.P)+" of frame mentions.",
		fmt.Sprintf("%s of %s mentions stand in an outlet’s own narration (95%% interval %.0f–%.0f%%), %s are attributed to a speaker.",
			number(k), number(n), s.Low*100, s.High*100, number(w.mentions("m.voice <> 'author'"))))
}

// sentenceCases are the databases and options for which all sentences are told again.
func sentenceCases() []struct {
	size int
	o    Options
	by   Period
} {
	base := fixtureOptions()
	years, one := base, base
	years.By = ByYear
	one.Outlets = []string{"harbor", "silk"}
	one.By = ByMonth
	return []struct {
		size int
		o    Options
		by   Period
	}{{2000, base, ByMonth}, {2000, years, ByYear}, {2000, one, ByMonth}, {70, years, ByYear}}
}

// retold are the variants whose sentences are told again: each switch is on and off in some.
func retold(variant int) bool {
	return variant == 0 || !testing.Short() && slices.Contains([]int{3, 7, 8}, variant)
}

func TestEverySentenceIsThatOfTheTables(t *testing.T) {
	kinds := map[string]bool{}
	for _, c := range sentenceCases() {
		db := filled(t, c.size)
		mustExec(t, db, repeatSome)
		for i, counted := range everyVariant(t, db, c.o) {
			if !retold(i) {
				continue
			}
			v := variants()[i]
			want := newTeller(t, db, v, c.o, c.by).findings()
			var got []string
			for _, f := range counted.findings("") {
				got = append(got, told(f.Number, f.Lead, f.Text))
			}
			if !slices.Equal(got, want) {
				t.Errorf("%d articles by %s, %s:\ngot  %s\nwant %s", c.size, c.by, v.key, strings.Join(got, "\n     "), strings.Join(want, "\n     "))
			}
			for _, s := range want {
				for _, kind := range []string{"rose", "fell", "too small to call a change", "Too few articles", "includes zero", "also clear", "not clear", "most common"} {
					kinds[kind] = kinds[kind] || strings.Contains(s, kind)
				}
			}
		}
	}
	for kind, seen := range kinds {
		if !seen {
			t.Errorf("no sentence says %q: the cases do not test it", kind)
		}
	}
}

func (w *teller) titles() map[string]string {
	frames := w.frames()
	now := w.share(frames[0].id, w.now())
	first, last := w.span()
	titles := map[string]string{
		"frames": fmt.Sprintf("“%s” leads with %s of articles in %s", frames[0].label, percent(now.P), monthRange(first, last)),
	}
	if now.N < 30 || now.K < 5 {
		most := w.mostUsed(frames)
		titles["frames"] = fmt.Sprintf("“%s” is the commonest frame: %s of %s", most.label, number(w.using(most.id, "1")), plural(w.articles("1"), "article", "articles"))
	}
	period := map[Period]string{ByMonth: "month", ByYear: "substr(month, 1, 4)"}[w.by]
	peak := w.word(`SELECT p || ' ' || n FROM (SELECT ` + period + ` AS p, count(*) AS n FROM v_article a WHERE ` + w.where + ` AND month BETWEEN '` + w.first + `' AND '` + w.last + `' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1)`)
	at, n, _ := strings.Cut(peak, " ")
	var k int
	fmt.Sscan(n, &k)
	titles["coverage"] = fmt.Sprintf("Coverage peaked in %s, at %s", monthName(at), plural(k, "article", "articles"))
	w.stanceTitles(titles)
	w.outletTitles(titles, frames)
	if date, _, before, after, ok := w.window(); ok {
		up, down := 0, 0
		for _, f := range frames {
			if ch := stat.Newcombe(w.share(f.id, before), w.share(f.id, after)); ch.Low > 0 {
				up++
			} else if ch.High < 0 {
				down++
			}
		}
		what := map[[2]bool]string{{false, false}: "no frame changed clearly", {true, false}: plural(up, "frame", "frames") + " rose",
			{false, true}: plural(down, "frame", "frames") + " fell", {true, true}: fmt.Sprintf("%s rose and %d fell", plural(up, "frame", "frames"), down)}[[2]bool{up > 0, down > 0}]
		titles["change"] = fmt.Sprintf("From %s: %s", longDate(date), what)
	}
	return titles
}

func (w *teller) stanceTitles(titles map[string]string) {
	of := " AND " + monthsIn(w.first, w.last)
	all := w.mentions("1" + of)
	stance, most := "", -1
	for _, s := range []string{"asserts", "contests", "reports"} {
		if k := w.mentions("m.stance = '" + s + "'" + of); k > most {
			stance, most = s, k
		}
	}
	titles["stance"] = fmt.Sprintf("%s of all frame mentions are %s", percent(float64(most)/float64(all)), map[string]string{"asserts": "asserted", "contests": "contested", "reports": "reported"}[stance])
	if label, share, _ := w.mostContested(); label != "" {
		titles["frame-stance"] = fmt.Sprintf("“%s” is contested most (%s) of frames with 30+ mentions", label, percent(share))
	}
	next := w.word(`SELECT upper(substr(speaker, 1, 1)) || substr(speaker, 2) FROM v_mention m JOIN v_article a ON a.article_id = m.article_id
		WHERE ` + w.where + ` AND voice = 'speaker' AND speaker <> '' GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1`)
	titles["speakers"] = "The outlets’ own voice leads, then " + next
	_, late := w.halves()
	own := w.mentions("m.voice = 'author' AND " + monthsIn(late[0], late[1]))
	titles["voices"] = fmt.Sprintf("Outlets’ own voice: %s of mentions since %s", percent(float64(own)/float64(w.mentions(monthsIn(late[0], late[1])))), monthName(late[0]))
}

func (w *teller) outletTitles(titles map[string]string, frames []fixtureFrame) {
	top := w.mostUsed(frames)
	type one struct {
		name string
		s    stat.Share
	}
	var shares []one
	for _, o := range fixtureOutlets {
		if s := w.share(top.id, "a.source = '"+o.id+"'"); s.N >= 30 {
			shares = append(shares, one{o.name, s})
		}
	}
	slices.SortFunc(shares, func(a, b one) int { return cmp.Or(cmp.Compare(b.s.P, a.s.P), cmp.Compare(b.s.N, a.s.N)) })
	best := shares[0]
	titles["outlets"] = fmt.Sprintf("%s to %s of each outlet’s articles use “%s”", percent(shares[len(shares)-1].s.P), percent(best.s.P), top.label)
	if len(shares) > 1 && stat.Newcombe(shares[1].s, best.s).Low > 0 {
		titles["outlets"] = fmt.Sprintf("%s uses “%s” most: %s of its articles", best.name, top.label, percent(best.s.P))
	}
	label, share := "", 0.0
	for _, f := range frames {
		n := w.using(f.id, "1")
		if p := float64(w.using(f.id, "m.section = 'headline'")) / float64(n); n >= 30 && (p > share || p == share && n > w.using(label, "1")) {
			label, share = f.label, p
		}
	}
	titles["headlines"] = fmt.Sprintf("“%s” reaches the headline most: %s of its articles", label, percent(share))
}

func TestEveryTitleIsThatOfTheTables(t *testing.T) {
	for _, c := range sentenceCases()[:3] {
		db := filled(t, c.size)
		mustExec(t, db, repeatSome)
		for i, counted := range everyVariant(t, db, c.o) {
			if !retold(i) {
				continue
			}
			v := variants()[i]
			shown, _, err := counted.view(c.o, c.o.AsOf)
			if err != nil {
				t.Fatal(err)
			}
			want := newTeller(t, db, v, c.o, c.by).titles()
			for _, f := range shown.Figures {
				if title, ok := want[f.ID]; ok && f.Title != title {
					t.Errorf("by %s, %s, %s:\ngot  %s\nwant %s", c.by, v.key, f.ID, f.Title, title)
				}
			}
			if len(want) < 9 {
				t.Errorf("%s: only %d titles are told again", v.key, len(want))
			}
		}
	}
}

// The title of the pairs of frames is one that the pair query gives, and no other pair is higher.
func TestTheTitleOfPairsIsTheHighestPair(t *testing.T) {
	db := filled(t, 2000)
	f, err := opened(t, db, variants()[0], fixtureOptions()).togetherFigure()
	if err != nil {
		t.Fatal(err)
	}
	best, title := 0.0, ""
	w := newTeller(t, db, variants()[0], fixtureOptions(), ByMonth)
	frames := w.frames()
	slices.SortStableFunc(frames, func(a, b fixtureFrame) int { return cmp.Compare(w.using(b.id, "1"), w.using(a.id, "1")) })
	for _, x := range frames[:10] {
		for _, y := range frames[:10] {
			if x.id == y.id || x.parent == y.id || y.parent == x.id {
				continue
			}
			both := `SELECT count(DISTINCT m.article_id) FROM v_mention m JOIN v_article a ON a.article_id = m.article_id WHERE relevant AND names_china AND (m.frame = ?1 OR parent_frame = ?1)`
			n := count(t, db, both, x.id)
			k := count(t, db, both+` AND m.article_id IN (SELECT article_id FROM v_mention WHERE frame = ?2 OR parent_frame = ?2)`, x.id, y.id)
			if p := float64(k) / float64(n); n >= 30 && p > best {
				best, title = p, fmt.Sprintf("%s of “%s” articles also use “%s”", percent(p), x.label, y.label)
			}
		}
	}
	if f.Title != title {
		t.Errorf("got  %s\nwant %s", f.Title, title)
	}
}

var names = regexp.MustCompile(`“[^”]*”`)

// A title has at most twelve words, a quoted name and the name of an outlet counting as one.
func TestTitlesAreShort(t *testing.T) {
	for _, size := range []int{70, 2000} {
		db := filled(t, size)
		for _, c := range everyVariant(t, db, fixtureOptions()) {
			shown, _, err := c.view(fixtureOptions(), fixtureOptions().AsOf)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range shown.Figures {
				title := names.ReplaceAllString(f.Title, "X")
				for _, o := range fixtureOutlets {
					title = strings.ReplaceAll(title, o.name, "X")
				}
				if n := len(strings.Fields(title)); n > 12 || n == 0 && f.Empty == "" {
					t.Errorf("%s %s: %d words: %s", c.v.key, f.ID, n, f.Title)
				}
			}
		}
	}
}

var causal = regexp.MustCompile(`(?i)\b(because|led to|leads to|sparked|surged?|skyrocket\w*|caused?|drove|driven|triggered|thanks to|due to|as a result|pushes|biased|impact)\b`)

func TestNoSentenceSpeaksOfCause(t *testing.T) {
	for _, size := range []int{40, 300, 2000} {
		db := filled(t, size)
		for _, c := range everyVariant(t, db, fixtureOptions()) {
			shown, _, err := c.view(fixtureOptions(), fixtureOptions().AsOf)
			if err != nil {
				t.Fatal(err)
			}
			var texts []string
			for _, f := range shown.Findings {
				texts = append(texts, f.Lead, f.Text, f.Caption)
			}
			for _, f := range shown.Figures {
				texts = append(texts, f.Title, f.Subtitle, f.Note, f.Label)
				for _, p := range f.Panels {
					texts = append(texts, p.Sub)
				}
			}
			for _, text := range texts {
				for _, disclaimer := range []string{"does not show cause", "do not show cause"} {
					text = strings.ReplaceAll(text, disclaimer, "")
				}
				if bad := causal.FindString(text); bad != "" {
					t.Errorf("%q in: %s", bad, text)
				}
			}
		}
	}
}

// Each small panel says "no clear change" exactly where the interval includes zero.
func TestPanelsSayWhetherTheyChanged(t *testing.T) {
	db := filled(t, 2000)
	c := opened(t, db, variants()[0], fixtureOptions())
	w := newTeller(t, db, variants()[0], fixtureOptions(), ByMonth)
	f, err := c.framesFigure()
	if err != nil {
		t.Fatal(err)
	}
	for i, x := range w.frames() {
		s := w.share(x.id, w.now())
		ch := stat.Newcombe(w.share(x.id, monthsIn("2025-07", "2025-09")), s)
		want := percent(s.P) + " now"
		switch {
		case ch.Before.K+ch.After.K < 5:
			want += ", too few to compare"
		case ch.Low <= 0 && ch.High >= 0:
			want += ", no clear change in a year"
		case ch.D > 0:
			want += fmt.Sprintf(", up %s %s in a year", points(ch.D)[1:], pointWord(ch.D))
		default:
			want += fmt.Sprintf(", down %s %s in a year", points(-ch.D)[1:], pointWord(ch.D))
		}
		if p := f.Panels[i]; p.Head != x.label || p.Sub != want {
			t.Errorf("panel %d: %s, %s; want %s, %s", i, p.Head, p.Sub, x.label, want)
		}
	}
}
