package charts

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var allSections = []string{"findings", "coverage", "frames", "stance", "speakers", "outlets", "together", "headlines", "change", "passages", "method", "data"}

// count runs a query for one number, written here apart from the queries under test.
func count(t testing.TB, db *sql.DB, query string, args ...any) int {
	t.Helper()
	var n int
	if err := db.QueryRow(query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// opened are the counts of the database under one variant.
func opened(t testing.TB, db *sql.DB, v variant, o Options) *counts {
	t.Helper()
	return everyVariant(t, db, o)[slices.Index(variants(), v)]
}

// everyVariant are the counts of the database under each variant, in their order.
func everyVariant(t testing.TB, db *sql.DB, o Options) []*counts {
	t.Helper()
	o, err := o.check()
	if err != nil {
		t.Fatal(err)
	}
	d, err := load(t.Context(), db, o)
	if err != nil {
		t.Fatal(err)
	}
	axis := d.axis(opening(o), statedDate(d, o), o)
	var all []*counts
	for _, v := range variants() {
		all = append(all, newCounts(d, v, axis, o))
	}
	return all
}

func TestEqualDataGiveEqualBytes(t *testing.T) {
	one, two := openFixture(t), openFixture(t)
	fill(t, one, 200)
	fill(t, two, 200)
	first, s := report(t, one, fixtureOptions())
	again, _ := report(t, one, fixtureOptions())
	other, _ := report(t, two, fixtureOptions())
	if first != again || first != other {
		t.Error("the same data gave other bytes")
	}
	if s.Bytes != int64(len(first)) {
		t.Errorf("summary says %d bytes, the page has %d", s.Bytes, len(first))
	}
	// Coded again, mentions have other numbers, and nothing else changes.
	mustExec(t, one, `UPDATE v_mention SET mention_id = 1000000 - mention_id`)
	recoded, same := report(t, one, fixtureOptions())
	if recoded != first || same.ContentSHA256 != s.ContentSHA256 {
		t.Error("the same texts coded again gave other bytes")
	}
	for _, change := range []string{
		`UPDATE v_article SET text_hash = 'another text' WHERE article_id = (SELECT max(article_id) FROM v_mention)`,
		`UPDATE v_mention SET stance = CASE stance WHEN 'reports' THEN 'asserts' ELSE 'reports' END WHERE mention_id = (SELECT max(mention_id) FROM v_mention)`,
		`UPDATE v_mention SET span_start = span_start + 1 WHERE mention_id = (SELECT max(mention_id) FROM v_mention)`,
		`UPDATE v_mention SET speaker = 'Somebody Else' WHERE mention_id = (SELECT max(mention_id) FROM v_mention WHERE voice = 'speaker')`,
		`DELETE FROM v_mention WHERE mention_id = (SELECT min(mention_id) FROM v_mention)`,
		`UPDATE v_article SET published = '2024-01-31', month = '2024-01', date_precision = 'day' WHERE article_id = 1`,
		`UPDATE v_event SET label = 'Another label' WHERE date = '2024-12-02'`,
	} {
		mustExec(t, two, change)
		_, changed := report(t, two, fixtureOptions())
		if changed.ContentSHA256 == s.ContentSHA256 {
			t.Errorf("the content hash did not change after %s", change)
		}
		s = changed
	}
}

func TestEmptyDatabaseGivesACompletePage(t *testing.T) {
	var b strings.Builder
	_, err := Write(t.Context(), &b, openFixture(t), Options{})
	if !errors.Is(err, ErrNoArticles) {
		t.Fatalf("got %v, want ErrNoArticles", err)
	}
	for _, id := range allSections {
		if !strings.Contains(b.String(), `<section id="`+id+`"`) {
			t.Errorf("section %s is missing", id)
		}
	}
	if n := strings.Count(b.String(), "No articles have been collected yet."); n < 10 {
		t.Errorf("%d figures say that there is nothing, want 10", n)
	}
}

func TestArticlesWithoutMentions(t *testing.T) {
	db := filled(t, 300)
	mustExec(t, db, `DELETE FROM v_mention`)
	text, s := report(t, db, fixtureOptions())
	if s.Mentions != 0 || s.Articles == 0 {
		t.Errorf("%+v", s)
	}
	if !strings.Contains(text, "None of these articles mentions a frame of the codebook.") {
		t.Error("the page does not say that there are no mentions")
	}
}

// repeatSome makes every tenth article tell the story of the one before.
const repeatSome = `UPDATE v_article SET story_id = article_id - 1 WHERE article_id % 10 = 0`

func TestDenominatorsCountWhatTheyName(t *testing.T) {
	db := filled(t, 2000)
	mustExec(t, db, repeatSome)
	conditions := map[Denominator]string{
		AIAndChina: "relevant = 1 AND about_ai = 1 AND names_china = 1", AIAndEither: "relevant = 1", AllCollected: "1",
	}
	for i, c := range everyVariant(t, db, fixtureOptions()) {
		v := variants()[i]
		where := conditions[v.denominator]
		if !v.press {
			where += " AND source_type <> 'press_release'"
		}
		if !v.repeats {
			where += " AND story_id = article_id"
		}
		if want := count(t, db, `SELECT count(*) FROM v_article WHERE `+where); c.n != want {
			t.Errorf("%s: n = %d, want %d", v.key, c.n, want)
		}
		if want := count(t, db, `SELECT count(*) FROM v_mention WHERE article_id IN (SELECT article_id FROM v_article WHERE `+where+`)`); c.mentions != want {
			t.Errorf("%s: mentions = %d, want %d", v.key, c.mentions, want)
		}
		want := count(t, db, `SELECT count(DISTINCT article_id) FROM v_mention WHERE frame IN ('race', 'arms_race', 'space_race')
			AND article_id IN (SELECT article_id FROM v_article WHERE `+where+`)`)
		if got := c.frameK["race"]; got != want {
			t.Errorf("%s: race with its children is in %d articles, want %d", v.key, got, want)
		}
	}
}

// The finding and the title of its figure name the same frame.
func TestFindingsAndTitlesAgree(t *testing.T) {
	for _, size := range []int{70, 300, 2000} {
		for _, c := range everyVariant(t, filled(t, size), fixtureOptions()) {
			f, err := c.frameStanceFigure()
			if err != nil {
				t.Fatal(err)
			}
			named, _, claims := strings.Cut(f.Title, " is contested most")
			for _, x := range c.findings("") {
				if x.Figure != "frame-stance" {
					continue
				}
				if said := strings.Contains(x.Text, " was contested most"); said != claims || said && !strings.Contains(x.Text, named+" was contested most") {
					t.Errorf("%d articles, %s: the title says %q, the finding %q", size, c.v.key, f.Title, x.Text)
				}
			}
		}
	}
}

func TestFewArticlesGiveNoPercentage(t *testing.T) {
	db := filled(t, 9)
	c := opened(t, db, variants()[0], fixtureOptions())
	shown, _, err := c.view(fixtureOptions(), fixtureOptions().AsOf)
	if err != nil {
		t.Fatal(err)
	}
	percentage := regexp.MustCompile(`\d%`)
	for _, f := range shown.Findings {
		if percentage.MatchString(f.Number + f.Lead + f.Text) {
			t.Errorf("%d articles, and a finding says: %s %s", c.n, f.Lead, f.Text)
		}
	}
	for _, f := range shown.Figures {
		if f.ID == "stance" || f.ID == "frame-stance" || f.ID == "voices" || f.ID == "speakers" {
			continue // these count mentions, which may be more
		}
		if percentage.MatchString(f.Title) {
			t.Errorf("%d articles, and %s is titled: %s", c.n, f.ID, f.Title)
		}
		for _, r := range f.Table.Rows {
			if percentage.MatchString(strings.Join(r.Cells, " ")) {
				t.Errorf("%d articles, and %s shows %s: %q", c.n, f.ID, r.Head, r.Cells)
			}
		}
	}
}

func TestMonthsWithoutCollectionAreGaps(t *testing.T) {
	db := filled(t, 2000)
	c := opened(t, db, variants()[0], fixtureOptions())
	var empty []string
	for _, s := range c.t.steps {
		if s.empty {
			empty = append(empty, s.key)
		}
	}
	if want := []string{"2024-07", "2024-08"}; !slices.Equal(empty, want) {
		t.Errorf("gaps %v, want %v", empty, want)
	}
	f, err := c.coverageFigure()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range f.Table.Rows {
		if (r.Head == "2024-07") != (r.Cells[0] == "not collected") {
			if r.Head != "2024-08" {
				t.Errorf("%s: %q", r.Head, r.Cells)
			}
		}
	}
	// A month in which the crawler ran and found nothing is a zero.
	mustExec(t, db, `INSERT INTO v_coverage VALUES ('harbor', '2024-07-09', 5, 4, 1, 0, 0, 0)`)
	c = opened(t, db, variants()[0], fixtureOptions())
	if at := c.t.at["2024-07"]; c.t.steps[at].empty {
		t.Error("the crawler ran in 2024-07, and it is still a gap")
	}
}

func TestFixedPanelHoldsOutletsOfEveryYear(t *testing.T) {
	db := filled(t, 2000)
	c := opened(t, db, variants()[0], fixtureOptions())
	p := c.fixedPanel()
	if p == nil || p.sources["lab"] || len(p.sources) != len(fixtureOutlets)-1 {
		t.Fatalf("the panel is %+v, want all outlets but the one that joined in 2025", p)
	}
	at := c.t.at["2026-03"]
	where := ` FROM v_article a WHERE relevant AND names_china AND month = '2026-03' AND source <> 'lab'`
	if want := count(t, db, `SELECT count(*)`+where); p.n[at] != want {
		t.Errorf("n = %d, want %d", p.n[at], want)
	}
	want := count(t, db, `SELECT count(*)`+where+` AND EXISTS (SELECT 1 FROM v_mention m WHERE m.article_id = a.article_id AND (m.frame = 'race' OR m.parent_frame = 'race'))`)
	if got := p.k["race"][at]; got != want {
		t.Errorf("k = %d, want %d", got, want)
	}
	mustExec(t, db, `DELETE FROM v_article WHERE source = 'lab'`)
	if p := opened(t, db, variants()[0], fixtureOptions()).fixedPanel(); p != nil {
		t.Errorf("every outlet is present in every year, and there is a panel of %d", len(p.sources))
	}
}

func TestUnfinishedMonthIsMarked(t *testing.T) {
	db := filled(t, 2000)
	o := fixtureOptions()
	last := func() step {
		steps := opened(t, db, variants()[0], o).t.steps
		return steps[len(steps)-1]
	}
	if s := last(); !s.partial {
		t.Errorf("%s as of %s is complete", s.key, o.AsOf)
	}
	o.AsOf = o.AsOf.AddDate(0, 0, 11) // October 31
	if s := last(); s.partial {
		t.Errorf("%s as of %s is not complete", s.key, o.AsOf)
	}
}

// The fixture's one jump of a frame, a rise of 20 points for a hundred days from 2025-01-20, is found where it is.
func TestChangePointsAreNamed(t *testing.T) {
	db := filled(t, 2000)
	c := opened(t, db, variants()[0], fixtureOptions())
	points := c.changePoints("sputnik")
	if len(points) != 2 {
		t.Fatalf("%+v, want a rise and a fall", points)
	}
	rise, fall := points[0], points[1]
	if first, last := c.t.steps[rise.First].key, c.t.steps[rise.Last].key; first > "2025-02" || last < "2025-01" {
		t.Errorf("the rise lies between %s and %s", first, last)
	}
	if at := c.t.steps[fall.At].key; at != "2025-04" && at != "2025-05" {
		t.Errorf("the fall lies at %s", at)
	}
	f, err := c.framesFigure()
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("“Sputnik moment” %s", c.t.steps[rise.At].key)
	if !strings.Contains(f.Note, want) || !strings.Contains(f.Note, "They do not show cause.") {
		t.Errorf("the note does not name %s: %s", want, f.Note)
	}
}

func TestStoriesCanBeCountedOnce(t *testing.T) {
	db := filled(t, 600)
	if text, _ := report(t, db, fixtureOptions()); strings.Contains(text, `id="once"`) {
		t.Error("no story is repeated, and the page offers to count each once")
	}
	o := fixtureOptions()
	o.StoriesOnce = true
	_, before := report(t, db, o)
	mustExec(t, db, repeatSome)
	text, s := report(t, db, o)
	want := count(t, db, `SELECT count(*) FROM v_article WHERE relevant AND names_china AND story_id = article_id`)
	if s.Articles != want || before.Articles <= want {
		t.Errorf("%d articles, want %d of %d", s.Articles, want, before.Articles)
	}
	if !strings.Contains(text, `id="once" checked`) || !strings.Contains(text, "Each story is counted once, where it appeared first; ") {
		t.Error("the page does not say that each story is counted once")
	}
}

func TestPassagesAreSampledEvenly(t *testing.T) {
	db := filled(t, 2000)
	o := fixtureOptions()
	o.Passages = 400
	text, s := report(t, db, o)
	if s.Passages != 400 || s.TotalPassages <= 400 {
		t.Fatalf("%d of %d passages", s.Passages, s.TotalPassages)
	}
	if !strings.Contains(text, fmt.Sprintf("400 of %s passages, sampled evenly by frame and quarter", number(s.TotalPassages))) {
		t.Error("the page does not say that the passages are a sample")
	}
	o, _ = o.check()
	d, err := load(t.Context(), db, o)
	if err != nil {
		t.Fatal(err)
	}
	strata := map[string]int{}
	for _, p := range d.passages {
		quarter := ""
		if p.month != "" {
			quarter = periodKey(p.month, ByQuarter)
		}
		strata[p.frame+" "+quarter]++
	}
	all := count(t, db, `SELECT count(*) FROM (SELECT DISTINCT m.frame, substr(a.month, 1, 4), (substr(a.month, 6, 2) + 2) / 3 FROM v_mention m JOIN v_article a USING (article_id))`)
	if len(strata) != all {
		t.Errorf("the sample covers %d strata of %d", len(strata), all)
	}
	most := 0
	for _, n := range strata {
		most = max(most, n)
	}
	if most > 5 {
		t.Errorf("one stratum holds %d of 400 passages", most)
	}
}

// queryNames are all queries that a page prints.
func queryNames(t testing.TB) []string {
	t.Helper()
	names := []string{"crawl", "method", "reasons"}
	entries, err := queries.ReadDir("queries/figures")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, "figures/"+strings.TrimSuffix(e.Name(), ".sql"))
	}
	return names
}

// What is gathered in one pass for all figures is what each figure's own query gives.
func TestFiguresShowWhatTheirQueriesGive(t *testing.T) {
	db := filled(t, 2000)
	byWeek := fixtureOptions()
	byWeek.By = ByWeek
	for _, o := range []Options{fixtureOptions(), byWeek, {From: "2024-03-10", To: "2025-06", Outlets: []string{"harbor", "silk"}, Passages: 150}} {
		o, err := o.check()
		if err != nil {
			t.Fatal(err)
		}
		d, err := load(t.Context(), db, o)
		if err != nil {
			t.Fatal(err)
		}
		l := &loader{ctx: t.Context(), db: db, args: arguments(o)}
		var g group
		var outlet string
		for _, c := range []struct {
			name string
			dest []any
			got  []group
		}{
			{"coverage", []any{&g.month, &g.source, &outlet, &g.scope, &g.extra, &g.articles}, d.coverage},
			{"frames", []any{&g.month, &g.frame, &g.scope, &g.extra, &g.articles, &g.mentions}, d.frameMonths},
			{"stance", []any{&g.month, &g.frame, &g.stance, &g.voice, &g.scope, &g.extra, &g.mentions}, d.stances},
			{"speakers", []any{&g.voice, &g.speaker, &g.stance, &g.scope, &g.extra, &g.mentions}, d.speakers},
			{"voices", []any{&g.month, &g.voice, &g.other, &g.scope, &g.extra, &g.mentions}, d.voices},
			{"outlets", []any{&g.source, &g.month, &g.frame, &g.scope, &g.extra, &g.articles}, d.outletMonths},
			{"together", []any{&g.frame, &g.other, &g.scope, &g.extra, &g.articles}, d.together},
			{"headlines", []any{&g.frame, &g.scope, &g.extra, &g.articles, &g.headlines, &g.bodies}, d.headlines},
			{"change", []any{&g.month, &g.frame, &g.scope, &g.extra, &g.articles}, d.days},
		} {
			g = group{}
			var want []group
			if err := l.each("figures/"+c.name, c.dest, func() { want = append(want, g) }); err != nil {
				t.Fatal(err)
			}
			sortGroups(want)
			if len(want) == 0 || !slices.Equal(c.got, want) {
				t.Errorf("%s: %d groups were gathered, the query gives %d others", c.name, len(c.got), len(want))
			}
		}
		if o.By == ByWeek {
			checkWeeks(t, db, d, o)
		}
		var got, want []string
		for _, p := range d.passages {
			got = append(got, fmt.Sprint(p.mention))
		}
		rows, err := db.Query(literal("figures/passages", arguments(o)))
		if err != nil {
			t.Fatal(err)
		}
		columns, _ := rows.Columns()
		for rows.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(sql.NullString)
			}
			if err := rows.Scan(values...); err != nil {
				t.Fatal(err)
			}
			want = append(want, values[0].(*sql.NullString).String)
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%d passages were chosen, the query gives %d others", len(got), len(want))
		}
	}
}

// checkWeeks holds the groups by week against the queries that the page prints, in which SQLite finds the weeks.
func checkWeeks(t *testing.T, db *sql.DB, d *data, o Options) {
	t.Helper()
	var g group
	var outlet string
	var none int
	for _, c := range []struct {
		name string
		dest []any
		got  []group
	}{
		{"coverage", []any{&g.month, &g.source, &outlet, &g.scope, &g.extra, &g.articles}, d.weekCoverage},
		{"frames", []any{&g.month, &g.frame, &g.scope, &g.extra, &g.articles, &none}, d.weekFrames},
		{"outlets", []any{&g.source, &g.month, &g.frame, &g.scope, &g.extra, &g.articles}, d.weekOutlets},
	} {
		g = group{}
		var want []group
		rows, err := db.Query(literal("figures/"+c.name, arguments(o)))
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			if err := rows.Scan(c.dest...); err != nil {
				t.Fatal(err)
			}
			want = append(want, g)
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			t.Fatal(err)
		}
		sortGroups(want)
		if len(want) < 150 || !slices.Equal(c.got, want) {
			t.Errorf("%s by week: %d groups were gathered, the printed query gives %d others", c.name, len(c.got), len(want))
		}
	}
}

func TestLanguagesLimitTheReport(t *testing.T) {
	db := filled(t, 600)
	mustExec(t, db, `UPDATE v_article SET language = 'de' WHERE article_id % 5 = 0`)
	mustExec(t, db, `UPDATE v_article SET language = 'en-US' WHERE article_id % 5 = 1`)
	mustExec(t, db, `UPDATE v_article SET language = NULL WHERE article_id % 5 = 2`)
	for tags, where := range map[string]string{"en": "language IN ('en', 'en-US')", "de en": "language IS NOT NULL", "fr": "0"} {
		o := fixtureOptions()
		o.Languages = strings.Fields(tags)
		_, s := report(t, db, o)
		if want := count(t, db, `SELECT count(*) FROM v_article WHERE relevant AND names_china AND `+where); s.Articles != want {
			t.Errorf("%s: %d articles, want %d", tags, s.Articles, want)
		}
	}
}

func TestTheEventAskedForComesFirst(t *testing.T) {
	db := filled(t, 2000)
	for name, want := range map[string]string{"2025-07-23": "Jul 23, 2025", "action PLAN": "Jul 23, 2025", "open model": "Jan 20, 2025"} {
		o := fixtureOptions()
		o.Event = name
		c := opened(t, db, variants()[0], o)
		f, err := c.changeFigure(o.Event)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(f.Title, "From "+want) || strings.Contains(f.Note, "asked for") {
			t.Errorf("%s: %s; %s", name, f.Title, f.Note)
		}
	}
	o := fixtureOptions()
	o.Event, o.To = "2025-07-23", "2025-08"
	f, err := opened(t, db, variants()[0], o).changeFigure(o.Event)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(f.Note, "The event asked for, Action plan published (Jul 23, 2025), has fewer than 30 dated articles") {
		t.Errorf("the note does not say why another event is shown: %s", f.Note)
	}
}

func TestWeeksAreDrawn(t *testing.T) {
	db := filled(t, 2000)
	o := fixtureOptions()
	o.By, o.From, o.To = ByWeek, "2024-12-25", "2025-03"
	c := opened(t, db, variants()[0], o)
	if first, last := c.t.steps[0], c.t.steps[len(c.t.steps)-1]; first.head() != "2024-W52 (incomplete)" || last.head() != "2025-W14 (incomplete)" {
		t.Errorf("the axis runs from %s to %s", first.head(), last.head())
	}
	sum := 0
	for i, s := range c.t.steps {
		monday, sunday := weekDays(s.key)
		want := count(t, db, `SELECT count(*) FROM v_article WHERE relevant AND names_china AND date_precision IN ('day', 'time')
			AND substr(published, 1, 10) BETWEEN max(?, '2024-12-25') AND min(?, '2025-03-31')`, monday, sunday)
		if c.stepN[i] != want {
			t.Errorf("%s: %d articles, want %d", s.key, c.stepN[i], want)
		}
		sum += want
	}
	if sum == 0 || sum != c.n {
		t.Errorf("the weeks hold %d of %d articles", sum, c.n)
	}
	text, _ := report(t, db, o)
	for _, want := range []string{"per week", "Line: 4-week pooled share.", "The first week, the week of Dec 23, 2024, is not complete.", "coalesce(c.week, &#39;&#39;) AS week"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}

// What is counted for the method section while articles are read is what the queries printed there give.
func TestMethodIsWhatItsQueriesGive(t *testing.T) {
	db := filled(t, 900)
	mustExec(t, db, repeatSome)
	mustExec(t, db, `UPDATE v_article SET language = 'de', relevant = 0, reason = 'language' WHERE article_id % 7 = 0`)
	mustExec(t, db, `UPDATE v_article SET words = CASE WHEN article_id % 3 = 0 THEN 0 ELSE words END, paywalled = article_id % 2 WHERE article_id % 11 = 0`)
	o, err := fixtureOptions().check()
	if err != nil {
		t.Fatal(err)
	}
	d, err := load(t.Context(), db, o)
	if err != nil {
		t.Fatal(err)
	}
	l := &loader{ctx: t.Context(), db: db, args: arguments(o)}
	var sourceType string
	var k kind
	want := map[kind][2]int{}
	err = l.each("method", []any{&sourceType, &k.language, &k.undated, &k.scope, &k.extra, &k.lacks, &k.articles, &k.repeats}, func() {
		key := kind{language: k.language, undated: k.undated, scope: k.scope, extra: k.extra, lacks: k.lacks}
		want[key] = [2]int{want[key][0] + k.articles, want[key][1] + k.repeats}
	})
	if err != nil || len(want) < 8 {
		t.Fatalf("%d kinds: %v", len(want), err)
	}
	for _, k := range d.kinds {
		if got, key := [2]int{k.articles, k.repeats}, (kind{language: k.language, undated: k.undated, scope: k.scope, extra: k.extra, lacks: k.lacks}); got != want[key] {
			t.Errorf("%+v: the query gives %v", k, want[key])
		}
	}
	if len(d.kinds) != len(want) {
		t.Errorf("%d kinds, the query gives %d", len(d.kinds), len(want))
	}
	var r reason
	var reasons []reason
	if err := l.each("reasons", []any{&r.text, &r.articles}, func() { reasons = append(reasons, r) }); err != nil {
		t.Fatal(err)
	}
	if len(reasons) < 2 || !slices.Equal(d.reasons, reasons) {
		t.Errorf("got %v, the query gives %v", d.reasons, reasons)
	}
}

func TestPrintedQueriesRunAsTheyStand(t *testing.T) {
	db := filled(t, 300)
	o := fixtureOptions()
	o.From, o.To, o.Outlets = "2024", "2025-06", []string{"harbor", "it's"} // a name with a quote must survive
	o, err := o.check()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range queryNames(t) {
		text := literal(name, arguments(o))
		rows, err := db.Query(text)
		if err != nil {
			t.Errorf("%s: %v\n%s", name, err, text)
			continue
		}
		for rows.Next() {
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPeriodAndOutletLimitTheReport(t *testing.T) {
	db := filled(t, 2000)
	o := fixtureOptions()
	o.From, o.To, o.Outlets = "2024-03-10", "2025", []string{"harbor", "lab"}
	_, s := report(t, db, o)
	want := count(t, db, `SELECT count(*) FROM v_article WHERE relevant AND names_china AND source IN ('harbor', 'lab')
		AND month IS NOT NULL AND substr(published, 1, 10) BETWEEN '2024-03-10' AND '2025-12-31'`)
	if s.Articles != want || s.From != "2024-03" || s.To != "2025-12" {
		t.Errorf("%+v, want %d articles from 2024-03 to 2025-12", s, want)
	}
}

func TestHostileTextStaysText(t *testing.T) {
	db := filled(t, 600)
	mustExec(t, db, `UPDATE v_article SET outlet = ? WHERE source = 'harbor'`, hostile)
	mustExec(t, db, `UPDATE v_frame SET label = ? WHERE frame = 'race'`, hostile)
	mustExec(t, db, `UPDATE v_mention SET speaker = ? WHERE speaker = 'Mara Oduya'`, hostile)
	o := fixtureOptions()
	o.Title, o.Notice = hostile, hostile
	text, _ := report(t, db, o)
	for _, bad := range []string{"<script>window", "<img src=x", `href="javascript:`} {
		if strings.Contains(text, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
	if n := strings.Count(strings.ToLower(text), "<script"); n != 5 {
		t.Errorf("%d script elements, want the 3 data blocks and 2 scripts", n)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	for want, o := range map[string]Options{
		`denominator "most": use ai-china, ai-us-or-china or all`:                       {Denominator: "most"},
		`period "day": use week, month, quarter or year`:                                {By: "day"},
		`from: "May" is not a day, month or year such as 2025-01-20, 2025-01 or 2025`:   {From: "May"},
		`the period ends (2024-12-31) before it begins (2025-01-01)`:                    {From: "2025", To: "2024"},
		`language "English": use tags of two or three letters, such as en`:              {Languages: []string{"en", "English"}},
		`outlet "a,b": an id holds no comma`:                                            {Outlets: []string{"a,b"}},
		`to: "2025-13" is not a day, month or year such as 2025-01-20, 2025-01 or 2025`: {To: "2025-13"},
	} {
		if _, err := Write(t.Context(), io.Discard, nil, o); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestUnknownNamesAreErrors(t *testing.T) {
	db := filled(t, 100)
	for want, o := range map[string]Options{
		`unknown frame "raec": the codebook has race, arms_race,`: {Frames: []string{"race", "raec"}},
		`outlet "harbour" has no articles in the period reported`: {Outlets: []string{"harbour"}},
		`no event "moon landing": give its date or words of its`:  {Event: "moon landing"},
		`"summit" names 2 events: 2023-11-01 Summit on machine`:   {Event: "summit"},
	} {
		if _, err := Write(t.Context(), io.Discard, db, o); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// A codebook whose gate names no country leaves the default denominator empty; the wider ones keep their charts.
func TestWiderDenominatorsKeepTheirChartsWhenTheFirstIsEmpty(t *testing.T) {
	db := filled(t, 600)
	mustExec(t, db, `UPDATE v_article SET names_china = 0`)
	o, err := fixtureOptions().check()
	if err != nil {
		t.Fatal(err)
	}
	d, err := load(t.Context(), db, o)
	if err != nil {
		t.Fatal(err)
	}
	axis := d.axis(opening(o), statedDate(d, o), o)
	for _, v := range variants()[:6] {
		f, err := newCounts(d, v, axis, o).framesFigure()
		if err != nil {
			t.Fatal(err)
		}
		if empty := v.denominator == AIAndChina; empty != (f.Empty != "") {
			t.Errorf("%s: %q, %d panels", v.key, f.Empty, len(f.Panels))
		}
	}
}

func TestShortNamesOfDenominators(t *testing.T) {
	for name, want := range map[string]Denominator{"": AIAndChina, "china": AIAndChina, "relevant": AIAndEither, "all": AllCollected, "ai-us-or-china": AIAndEither} {
		if got, err := ParseDenominator(name); got != want || err != nil {
			t.Errorf("%q: got %q, %v", name, got, err)
		}
	}
	if _, err := ParseDenominator("most"); err == nil {
		t.Error("most is no denominator")
	}
}

func TestBundleIsTheOneRecorded(t *testing.T) {
	readme, err := os.ReadFile("assets/README.md")
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(echartsJS))
	if !strings.Contains(string(readme), hex.EncodeToString(sum[:])) {
		t.Errorf("assets/README.md does not record %x", sum)
	}
	for _, notice := range []string{"The Apache Software Foundation", "Baidu Inc.", "Mike Bostock"} {
		if !strings.Contains(echartsJS[:8000], notice) {
			t.Errorf("the bundle does not begin with the notice of %s", notice)
		}
	}
}

// Every function and color named in an option is one that the page knows.
func TestOptionsNameWhatThePageKnows(t *testing.T) {
	db := filled(t, 2000)
	shown, _, err := opened(t, db, variants()[0], fixtureOptions()).view(fixtureOptions(), fixtureOptions().AsOf)
	if err != nil {
		t.Fatal(err)
	}
	function, color := regexp.MustCompile(`"@fn:(\w+)"`), regexp.MustCompile(`"@(\w+)"`)
	for _, f := range shown.Figures {
		for _, p := range f.Panels {
			for _, m := range function.FindAllStringSubmatch(string(p.Option)+string(p.Count), -1) {
				if !strings.Contains(drawJS, "    "+m[1]+": (") {
					t.Errorf("%s names the function %s, which draw.js does not have", f.ID, m[1])
				}
			}
			for _, m := range color.FindAllStringSubmatch(string(p.Option)+string(p.Count), -1) {
				if !strings.Contains(pageCSS, "--"+m[1]+":") {
					t.Errorf("%s names the color %s, which page.css does not have", f.ID, m[1])
				}
			}
		}
	}
}
