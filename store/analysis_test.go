package store

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"framewatch/analysis"
)

func TestMentionsAreFoundAtTheirOffsetsInSQL(t *testing.T) {
	db, g := newDB(t)
	importAll(t, db,
		record(t, "1", "", "\U0001F409 AI race \u00e9", "2025-01-20", "\u201cAI\u201d \U0001F916 na\u00efve cafe\u0301: arms race with China, space race and cooperation."),
		record(t, "2", "", "Harvest", "2025-01-20", "A race of tractors."))
	g.analyze(t, db)
	wantRows(t, db, `SELECT count(*), sum(substr(CASE m.section WHEN 'headline' THEN a.title ELSE a.text END, m.span_start + 1, m.span_end - m.span_start) = m.trigger),
		sum(substr(CASE m.section WHEN 'headline' THEN a.title ELSE a.text END, m.sentence_start + 1, m.sentence_end - m.sentence_start) = m.sentence)
		FROM v_mention AS m JOIN v_article AS a USING (article_id)`, "4|4|4")
	wantRows(t, db, `SELECT frame, parent_frame, section, voice, speaker, speaker_key FROM v_mention ORDER BY frame`,
		"arms_race|race|body|author|∅|∅", "cooperation|∅|body|speaker|The Envoy|envoy",
		"race|∅|headline|author|∅|∅", "space_race|race|body|author|∅|∅")
	wantRows(t, db, `SELECT external_id, relevant, reason FROM v_article ORDER BY 1`, "1|1|", "2|0|off topic")
}

func TestMonthCountsRollUpChildrenAndShowZero(t *testing.T) {
	db, g := newDB(t)
	importAll(t, db,
		record(t, "1", "", "AI", "2025-01-20", "China: arms race, arms race and space race."),
		record(t, "2", "", "AI", "2025-01-21", "China: cooperation."),
		record(t, "3", "", "AI", "2025-02", "China, plainly."),
		record(t, "4", "", "AI", "2025", "China: race without a month."),
		record(t, "5", "", "AI", "2025-03-01", "A race without a country."))
	g.analyze(t, db)
	wantRows(t, db, `SELECT month, frame, n, k, share FROM v_month ORDER BY month, frame`,
		"2025-01|arms_race|2|1|0.5", "2025-01|cooperation|2|1|0.5", "2025-01|race|2|1|0.5", "2025-01|space_race|2|1|0.5",
		"2025-02|arms_race|1|0|0", "2025-02|cooperation|1|0|0", "2025-02|race|1|0|0", "2025-02|space_race|1|0|0")
}

// The intervals are those of Newcombe (1998), Statistics in Medicine 17, table I, method 3.
func TestWilsonIntervalsAreThePublishedOnes(t *testing.T) {
	db, _ := newDB(t)
	must(t, db.UseCodebook(context.Background(), smallBook("small"), 1))
	for i, c := range []struct {
		k, n      int
		low, high float64
	}{
		{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611}, {1, 29, 0.0061, 0.1718}, {29, 29, 0.8830, 1},
	} {
		month := fmt.Sprintf("2001-%02d", i+1)
		must(t, db.write(context.Background(), "test", func(tx *txn) error {
			counts := tally{}
			counts.add(counted{month: month}, "", c.n)
			counts.add(counted{month: month}, "race", c.k)
			return counts.save(context.Background(), tx, 1)
		}))
		got := strings.Split(table(t, db, `SELECT wilson_low, wilson_high FROM v_month WHERE frame = 'race' AND month = ?`, month)[0], "|")
		low, _ := strconv.ParseFloat(got[0], 64)
		high, _ := strconv.ParseFloat(got[1], 64)
		if math.Abs(low-c.low) > 5e-5 || math.Abs(high-c.high) > 5e-5 {
			t.Errorf("%d of %d: got %.4f to %.4f, want %.4f to %.4f", c.k, c.n, low, high, c.low, c.high)
		}
	}
}

// monthsByHand is v_month computed from the other views.
const monthsByHand = `WITH months AS (SELECT month, count(*) AS n FROM v_article WHERE relevant = 1 AND month IS NOT NULL GROUP BY month)
	SELECT s.month, f.frame, s.n, (SELECT count(DISTINCT m.article_id) FROM v_mention AS m
		JOIN v_frame_rollup AS r ON r.frame = m.frame
		WHERE r.counts_for = f.frame AND m.month = s.month)
	FROM months AS s CROSS JOIN v_frame AS f ORDER BY 1, 2`

// storyMonthsByHand is v_month_story computed from the other views.
const storyMonthsByHand = `WITH months AS (SELECT month, count(*) AS n FROM v_article WHERE relevant = 1 AND month IS NOT NULL AND story_id = article_id GROUP BY month)
	SELECT s.month, f.frame, s.n, (SELECT count(DISTINCT m.article_id) FROM v_mention AS m
		JOIN v_frame_rollup AS r ON r.frame = m.frame
		WHERE r.counts_for = f.frame AND m.month = s.month AND m.story_id = m.article_id)
	FROM months AS s CROSS JOIN v_frame AS f ORDER BY 1, 2`

func TestMonthCountsFollowEveryChange(t *testing.T) {
	ctx := context.Background()
	db, g := newDB(t)
	other := wordGate{smallBook("other")}
	rng := rand.New(rand.NewPCG(1, 2))
	words := []string{"AI", "China", "race", "arms race", "space race", "cooperation", "machines", "U.S."}
	dates := []string{"2025-01-01", "2025-01-30", "2025-02", "2024", "", "2099-01-01"}
	long := []string{"", storyWriter(t).Article(1, 150), storyWriter(t).Article(2, 150)} // so that some become stories
	for step := range 300 {
		id := fmt.Sprint(rng.IntN(30))
		var text []string
		for range rng.IntN(6) {
			text = append(text, words[rng.IntN(len(words))])
		}
		rec := record(t, id, "", "AI", dates[rng.IntN(len(dates))], long[rng.IntN(3)]+strings.Join(text, ", "))
		rec.Article.Language = []string{"en", "", "de"}[rng.IntN(3)]
		rec.Outlet = []string{"One", "Two"}[rng.IntN(2)]
		importAll(t, db, rec)
		switch rng.IntN(6) {
		case 0:
			g.analyze(t, db)
		case 1:
			other.analyze(t, db)
		case 2:
			must(t, db.UseCodebook(ctx, g.book, 1))
		case 3:
			_, err := db.FindStories(ctx, nil)
			must(t, err)
		}
		got := table(t, db, `SELECT month, frame, n, k FROM v_month ORDER BY 1, 2`)
		if want := table(t, db, monthsByHand); !slices.Equal(got, want) {
			t.Fatalf("step %d\n got %q\nwant %q", step, got, want)
		}
		got = table(t, db, `SELECT month, frame, n, k FROM v_month_story ORDER BY 1, 2`)
		if want := table(t, db, storyMonthsByHand); !slices.Equal(got, want) {
			t.Fatalf("step %d, stories\n got %q\nwant %q", step, got, want)
		}
		wantRows(t, db, `SELECT count(*) FROM month_count WHERE articles < 0`, "0")
		wantRows(t, db, `SELECT count(*) FROM mention AS m JOIN article AS a ON a.id = m.article_id
			WHERE m.month IS NOT a.month OR m.outlet_id IS NOT a.outlet_id OR m.story_id IS NOT a.story_id`, "0")
		wantRows(t, db, `SELECT count(*) FROM v_mention AS m JOIN v_article AS a USING (article_id)
			WHERE substr(CASE m.section WHEN 'headline' THEN a.title ELSE a.text END, m.span_start + 1, m.span_end - m.span_start) <> m.trigger`, "0")
	}
}

func TestStaleSaysWhatIsDueAndWhy(t *testing.T) {
	ctx := context.Background()
	db, g := newDB(t)
	for i := range 5 {
		importAll(t, db, record(t, fmt.Sprint(i), "", "AI", "2025-01-01", fmt.Sprintf("China and the race %d", i)))
	}
	why := func(g wordGate, engine int) string {
		t.Helper()
		all, err := db.StaleWhy(ctx, g.book.Fingerprint(), engine)
		must(t, err)
		return fmt.Sprint(all)
	}
	if got := why(g, 1); got != "[{new 5}]" {
		t.Errorf("after the import: %s", got)
	}
	if n := g.analyze(t, db); n != 5 {
		t.Errorf("analyzed %d, want 5", n)
	}
	if n := g.analyze(t, db); n != 0 || why(g, 1) != "[]" {
		t.Errorf("analyzed %d again, due %s", n, why(g, 1))
	}
	importAll(t, db, record(t, "2", "", "AI", "2025-01-01", "China without it"), record(t, "9", "", "AI", "", "China, race"))
	if got := why(g, 1); got != "[{new 1} {text changed 1}]" {
		t.Errorf("after a change: %s", got)
	}
	if got := why(g, 2); got != "[{new 1} {text changed 1} {engine changed 4}]" {
		t.Errorf("another engine: %s", got)
	}
	if got := why(wordGate{smallBook("other")}, 1); got != "[{new 1} {codebook changed 5}]" {
		t.Errorf("another codebook: %s", got)
	}
	docs, err := db.Stale(ctx, g.book.Fingerprint(), 2, 1, 2)
	must(t, err)
	if len(docs) != 2 || docs[0].ID != 2 || docs[1].ID != 3 || docs[0].TextHash == "" || docs[0].Language != "en" {
		t.Errorf("got %+v", docs)
	}
}

func TestOnlyTheActiveCodebookShowsInMention(t *testing.T) {
	ctx := context.Background()
	db, g := newDB(t)
	importAll(t, db, record(t, "1", "", "AI", "2025-01-01", "China, race"))
	other := wordGate{smallBook("other")}
	g.analyze(t, db)
	other.analyze(t, db)
	wantRows(t, db, `SELECT DISTINCT codebook = '`+other.book.Fingerprint()+`' FROM v_mention`, "1")
	wantRows(t, db, `SELECT count(*), count(DISTINCT codebook) FROM v_mention_all`, "2|2")
	must(t, db.UseCodebook(ctx, g.book, 1))
	wantRows(t, db, `SELECT DISTINCT codebook = '`+g.book.Fingerprint()+`' FROM v_mention`, "1")
	kept, err := ActiveCodebook(ctx, db.Path())
	must(t, err)
	if kept == nil || kept.Fingerprint != g.book.Fingerprint() || string(kept.YAML) != "name: small\n" {
		t.Errorf("active codebook: %+v", kept)
	}
}

func TestSaveAnalysisRefusesWhatCannotBeTrue(t *testing.T) {
	ctx := context.Background()
	db, g := newDB(t)
	importAll(t, db, record(t, "1", "", "AI", "2025-01-01", "China, racé"))
	must(t, db.UseCodebook(ctx, g.book, 1))
	docs, err := db.Stale(ctx, g.book.Fingerprint(), 1, 0, 9)
	must(t, err)
	good := analysis.Mention{Frame: "race", Section: analysis.Body, Paragraph: 1, Start: 7, End: 12, SentStart: 0, SentEnd: 12,
		Trigger: "racé", Stance: analysis.Asserts, Voice: analysis.Author}
	for name, spoil := range map[string]func(*analysis.Analyzed){
		"offset inside a code point": func(a *analysis.Analyzed) { a.Mentions[0].End = 11 },
		"offset past the end":        func(a *analysis.Analyzed) { a.Mentions[0].End = 99 },
		"another trigger":            func(a *analysis.Analyzed) { a.Mentions[0].Trigger = "race" },
		"unknown frame":              func(a *analysis.Analyzed) { a.Mentions[0].Frame = "chess" },
		"unknown stance":             func(a *analysis.Analyzed) { a.Mentions[0].Stance = "doubts" },
		"not relevant":               func(a *analysis.Analyzed) { a.Topic.Relevant = false },
	} {
		a := analysis.Analyzed{Document: docs[0], Topic: analysis.Topic{Relevant: true}, Mentions: []analysis.Mention{good}}
		spoil(&a)
		if err := db.SaveAnalysis(ctx, g.book.Fingerprint(), 1, []analysis.Analyzed{a}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	wantRows(t, db, `SELECT count(*) FROM analysis`, "0")
	a := analysis.Analyzed{Document: docs[0], Topic: analysis.Topic{Relevant: true}, Mentions: []analysis.Mention{good}}
	must(t, db.SaveAnalysis(ctx, g.book.Fingerprint(), 1, []analysis.Analyzed{a}))
	wantRows(t, db, `SELECT span_start, span_end, trigger FROM v_mention`, "7|11|racé")
	if err := db.SaveAnalysis(ctx, "000000000000", 1, nil); err == nil {
		t.Error("unknown codebook: no error")
	}
}

func TestResultsOfATextThatHasChangedAreNotSaved(t *testing.T) {
	ctx := context.Background()
	db, g := newDB(t)
	importAll(t, db, record(t, "1", "", "AI", "2025-01-01", "China, race"))
	must(t, db.UseCodebook(ctx, g.book, 1))
	docs, err := db.Stale(ctx, g.book.Fingerprint(), 1, 0, 9)
	must(t, err)
	importAll(t, db, record(t, "1", "", "AI", "2025-01-01", "China, nothing"))
	must(t, db.SaveAnalysis(ctx, g.book.Fingerprint(), 1, []analysis.Analyzed{g.code(docs[0])}))
	wantRows(t, db, `SELECT count(*) FROM v_mention`, "0")
	if n := g.analyze(t, db); n != 1 {
		t.Errorf("analyzed %d, want 1", n)
	}
}

func TestRulerAgreesWithCountingCodePoints(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	letters := []rune("aé\u0301龍\U0001F409 \n")
	for range 200 {
		var runes []rune
		for range rng.IntN(40) {
			runes = append(runes, letters[rng.IntN(len(letters))])
		}
		text := string(runes)
		r := ruler{text: text}
		for range 20 {
			start := rng.IntN(len(runes) + 1)
			end := start + rng.IntN(len(runes)-start+1)
			got, err := r.span(len(string(runes[:start])), len(string(runes[:end])))
			if err != nil || got != (span{start, end}) {
				t.Fatalf("%q from %d to %d: %v, %v", text, start, end, got, err)
			}
		}
	}
}
