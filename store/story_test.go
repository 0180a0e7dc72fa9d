package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"framewatch/analysis/story/storytest"
	"framewatch/configs/demosite"
	"framewatch/crawler/files"
)

// storyWriter writes articles in the manner of the demo's.
func storyWriter(t testing.TB) *storytest.Writer {
	t.Helper()
	return storytest.NewWriter(demoTexts(t))
}

func demoTexts(t testing.TB) []string {
	t.Helper()
	site, err := demosite.New()
	must(t, err)
	var all []string
	for _, a := range site.Articles() {
		all = append(all, a.Text)
	}
	return all
}

// told is a record of an outlet of its own.
func told(t testing.TB, id, outlet, published, text string) files.Record {
	t.Helper()
	r := record(t, id, "https://example.org/"+id, "Title of "+id, published, text)
	r.Outlet = outlet
	return r
}

func findStories(t testing.TB, db *DB) Stories {
	t.Helper()
	sum, err := db.FindStories(context.Background(), nil)
	must(t, err)
	wantRows(t, db, `SELECT count(*) FROM story_due`, "0")
	return sum
}

// partition names the stories by their articles' external ids.
func partition(t testing.TB, db *DB) []string {
	t.Helper()
	return table(t, db, `SELECT (SELECT external_id FROM article AS f WHERE f.id = a.story_id) || ': ' || group_concat(external_id, ' ')
		FROM (SELECT story_id, external_id FROM article ORDER BY external_id) AS a GROUP BY story_id ORDER BY 1`)
}

const (
	storyOpening = "The U.S. and China are in a race over AI. "
	plainOpening = "The harvest was late in the north. "
)

func TestCopiesBecomeOneStory(t *testing.T) {
	db, g := newDB(t)
	w, e := storyWriter(t), storytest.NewEditor(3, demoTexts(t))
	text := storyOpening + w.Article(1, 500)
	cut := e.Copy(text, storytest.Edit{Keep: .6, Words: .05, Furnish: true})
	release := told(t, "release", "Wire of Releases", "2025-03-03", e.Copy(text, storytest.Edit{Words: .03}))
	release.Type = "press_release"
	importAll(t, db,
		told(t, "late", "The Tribune", "2025-03-05T08:00:00+01:00", cut),
		told(t, "first", "The Courier", "2025-03-02T23:00:00-05:00", text),
		told(t, "other", "The Herald", "2025-03-03", storyOpening+w.Article(2, 500)),
		told(t, "short", "The Herald", "2025-03-03", storyOpening), release)
	g.analyze(t, db)
	if sum := findStories(t, db); sum != (Stories{Articles: 5, Copies: 2}) {
		t.Errorf("found %+v", sum)
	}
	if got, want := partition(t, db), []string{"first: first late release", "other: other", "short: short"}; !slices.Equal(got, want) {
		t.Errorf("stories %q, want %q", got, want)
	}
	wantRows(t, db, `SELECT first_outlet, first_published, month, title, articles, outlets, exposure, press_release, wire, relevant FROM v_story
		WHERE articles > 1`, "The Courier|2025-03-02T23:00:00-05:00|2025-03|Title of first|3|3|"+table(t, db, `SELECT sum(relevant) FROM v_article WHERE external_id IN ('first', 'late', 'release')`)[0]+"|1|0|1")
	wantRows(t, db, `SELECT n, k FROM v_month_story WHERE frame = 'race'`, "3|3")
	wantRows(t, db, `SELECT count(*) FROM v_month_story WHERE share < 0 OR wilson_low > share OR wilson_high < share`, "0")
	if sum := findStories(t, db); sum != (Stories{}) {
		t.Errorf("with nothing stale: %+v", sum)
	}
}

func TestRevisionLeavesItsStory(t *testing.T) {
	db, _ := newDB(t)
	w := storyWriter(t)
	text := w.Article(1, 400)
	importAll(t, db, told(t, "a", "The Courier", "2025-03-01", text), told(t, "b", "The Tribune", "2025-03-02", text+" More."), told(t, "c", "The Herald", "2025-03-03", text+" Most."))
	findStories(t, db)
	wantPartition := func(what string, want ...string) {
		t.Helper()
		findStories(t, db)
		if got := partition(t, db); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", what, got, want)
		}
	}
	wantPartition("copies", "a: a b c")
	importAll(t, db, told(t, "a", "The Courier", "2025-03-01", w.Article(9, 400)))
	wantPartition("the first has another text", "a: a", "b: b c")
	importAll(t, db, told(t, "b", "The Tribune", "2025-03-04", text+" More."))
	wantPartition("the second has another date", "a: a", "c: b c")
	importAll(t, db, told(t, "d", "The Gazette", "2025-02-27", text))
	wantPartition("an earlier copy turns up", "a: a", "d: b c d")
	importAll(t, db, told(t, "e", "The Gazette of the North", "2025-06-27", text))
	wantPartition("a copy long after", "a: a", "d: b c d", "e: e")
	must(t, db.write(context.Background(), "test", func(tx *txn) error { return db.setMeta(context.Background(), tx, "stories", "0") }))
	if sum := findStories(t, db); sum.Articles != 5 {
		t.Errorf("another version of the judgment looked at %d articles, want all 5", sum.Articles)
	}
	wantPartition("found anew", "a: a", "d: b c d", "e: e")
}

// TestOrderOfArrivalDoesNotMatter imports the same articles in several orders, some in two versions, some at once and some
// one by one.
func TestOrderOfArrivalDoesNotMatter(t *testing.T) {
	w, e := storyWriter(t), storytest.NewEditor(5, demoTexts(t))
	var records []files.Record
	for i := range 12 {
		text := w.Article(uint64(i), 250)
		for j := range 1 + i%4 {
			edit := storytest.Edit{Words: .04 * float64(j), Furnish: j%2 == 1}
			if j == 3 {
				edit.Keep = .5
			}
			records = append(records, told(t, fmt.Sprintf("%02d%c", i, 'a'+j), fmt.Sprint("Outlet ", (i+j)%6), fmt.Sprintf("2025-01-%02d", 1+i+2*j), e.Copy(text, edit)))
		}
	}
	var want []string
	for order := range 4 {
		rng := rand.New(rand.NewPCG(uint64(order), 1))
		db, _ := newDB(t)
		for _, i := range rng.Perm(len(records)) {
			if rng.IntN(3) == 0 {
				early := records[i]
				early.Article.Text = "A first version. " + w.Article(uint64(100+i), 120)
				importAll(t, db, early)
				findStories(t, db)
			}
			importAll(t, db, records[i])
			if rng.IntN(4) == 0 {
				findStories(t, db)
			}
		}
		findStories(t, db)
		got := partition(t, db)
		if want == nil {
			want = got
			if copies := len(records) - len(want); copies < 15 {
				t.Errorf("%d copies found among %d articles: %q", copies, len(records), want)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("order %d: %q, want %q", order, got, want)
		}
	}
}

// TestSeriesAreNoStories imports releases of one firm that two outlets carry, of which pairs alone look like copies.
func TestSeriesAreNoStories(t *testing.T) {
	db, _ := newDB(t)
	form := func(i int) string {
		paragraphs := strings.Split(storytest.Release(uint64(i), 1), "\n\n")
		return strings.Join(append(paragraphs, paragraphs[len(paragraphs)-1]+" "+strings.Repeat(" It was founded to explain machines.", 2)), "\n\n")
	}
	for i := range 10 {
		importAll(t, db, told(t, fmt.Sprint("n", i), []string{"Release Wire", "Other Wire"}[i%2], fmt.Sprintf("2025-01-%02d", 1+2*i), form(i)))
		if i%3 == 0 {
			findStories(t, db)
		}
	}
	findStories(t, db)
	if got := partition(t, db); len(got) != 10 {
		t.Errorf("10 releases are %d stories: %q", len(got), got)
	}
	importAll(t, db, told(t, "copy", "The Courier", "2025-01-12", form(5)))
	findStories(t, db)
	wantRows(t, db, `SELECT f.external_id FROM article AS a JOIN article AS f ON f.id = a.story_id WHERE a.external_id = 'copy'`, "n5")
}

// TestFootersAreNoStories has two papers of one house put the same long footer, names and all, under short articles of one
// day. Of an article and its copy the footer is left out.
func TestFootersAreNoStories(t *testing.T) {
	w := storyWriter(t)
	footer := "\n\n" + w.Article(1000, 150)
	alone, _ := newDB(t)
	importAll(t, alone, told(t, "a", "The Courier", "2025-03-01", w.Article(0, 90)+footer), told(t, "b", "The Tribune", "2025-03-01", w.Article(1, 90)+footer))
	findStories(t, alone)
	if got := partition(t, alone); len(got) != 1 {
		t.Fatalf("the footer does not mislead: %q", got)
	}
	db, _ := newDB(t)
	for i := range 14 {
		importAll(t, db, told(t, fmt.Sprintf("%02d", i), []string{"The Courier", "The Tribune"}[i%2], "2025-03-01", w.Article(uint64(i), 90)+footer))
	}
	importAll(t, db, told(t, "copy", "The Herald", "2025-03-02", w.Article(3, 90)))
	findStories(t, db)
	if got := partition(t, db); len(got) != 14 || !slices.Contains(got, "03: 03 copy") {
		t.Errorf("14 articles and a copy are %q", got)
	}
}

// TestUnitCountsEachStoryOnce asks every question that can count stories where three articles are one story, and again
// where the two later ones say nothing.
func TestUnitCountsEachStoryOnce(t *testing.T) {
	ctx := context.Background()
	script := func(db *DB, text string) {
		must(t, db.write(ctx, "test", func(tx *txn) error { return tx.script(ctx, text) }))
	}
	joined, silent := studyDB(t), studyDB(t)
	script(joined, `UPDATE article SET story_id = (SELECT id FROM article WHERE external_id = 's02') WHERE external_id IN ('s05', 's06')`)
	script(silent, `DELETE FROM mention WHERE article_id IN (SELECT id FROM article WHERE external_id IN ('s05', 's06'));
		UPDATE topic SET relevant = 0 WHERE article_id IN (SELECT id FROM article WHERE external_id IN ('s05', 's06'))`)
	asked, differ := 0, 0
	for _, q := range NamedQueries() {
		if !slices.ContainsFunc(q.Params, func(p Param) bool { return p.Name == unitParam }) {
			continue
		}
		run := func(db *DB, unit string) string {
			params := map[string]string{unitParam: unit}
			for _, p := range q.Params {
				if v, ok := map[string]string{"least": "1", "words": "chips OR ports OR arms"}[p.Name]; ok {
					params[p.Name] = v
				}
			}
			r, err := q.Run(ctx, db.Path(), params, Limits{})
			must(t, err)
			return fmt.Sprint(r.Rows)
		}
		got, want := run(joined, "story"), run(silent, "exposure")
		asked++
		if got != want {
			t.Errorf("%s\n got %s\nwant %s", q.Name, got, want)
		}
		if got != run(joined, "exposure") {
			differ++
		}
		if _, err := q.Run(ctx, joined.Path(), map[string]string{unitParam: "storey"}, Limits{}); err == nil || !strings.Contains(err.Error(), "story or exposure") {
			t.Errorf("%s: unit storey: %v", q.Name, err)
		}
	}
	if asked < 9 || differ < 7 {
		t.Errorf("%d queries count stories, of which %d give other figures for them here", asked, differ)
	}
}

// TestCopiesOfDroppedTextsAreKnown compares with sketches of texts that are no longer there, also by a later judgment.
func TestCopiesOfDroppedTextsAreKnown(t *testing.T) {
	ctx := context.Background()
	db, _ := newDB(t)
	text := storyWriter(t).Article(1, 300)
	importAll(t, db, told(t, "a", "The Courier", "2025-03-01", text))
	findStories(t, db)
	must(t, db.write(ctx, "test", func(tx *txn) error { return tx.script(ctx, `DELETE FROM article_text`) }))
	importAll(t, db, told(t, "b", "The Tribune", "2025-03-02", text))
	findStories(t, db)
	if got := partition(t, db); !slices.Equal(got, []string{"a: a b"}) {
		t.Errorf("a copy of a dropped text: %q", got)
	}
	must(t, db.write(ctx, "test", func(tx *txn) error { return db.setMeta(ctx, tx, "stories", "0") }))
	findStories(t, db)
	if got := partition(t, db); !slices.Equal(got, []string{"a: a b"}) {
		t.Errorf("found anew: %q", got)
	}
	must(t, db.write(ctx, "test", func(tx *txn) error {
		return tx.script(ctx, `DELETE FROM article_text; UPDATE sketch SET body = x'ff00'; UPDATE meta SET value = '0' WHERE key = 'stories'`)
	}))
	findStories(t, db)
	if got := partition(t, db); !slices.Equal(got, []string{"a: a", "b: b"}) {
		t.Errorf("sketches that cannot be read: %q", got)
	}
}
