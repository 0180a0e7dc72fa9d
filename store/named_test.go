package store

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"framewatch/analysis"
)

// ask runs a named query and joins the wanted columns of each row by "|".
func ask(t *testing.T, db *DB, name string, params map[string]string, columns string) []string {
	t.Helper()
	q, err := FindQuery(name)
	must(t, err)
	r, err := q.Run(context.Background(), db.Path(), params, Limits{})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	var out []string
	for _, row := range r.Rows {
		var cells []string
		for c := range strings.FieldsSeq(columns) {
			i := slices.Index(r.Columns, c)
			if i < 0 {
				t.Fatalf("%s has no column %s, but %v", name, c, r.Columns)
			}
			cell := "∅"
			if row[i] != nil {
				cell = sprint(row[i])
			}
			cells = append(cells, cell)
		}
		out = append(out, strings.Join(cells, "|"))
	}
	return out
}

func wantAnswer(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

// sharesOf is a share with its interval as the queries round it.
func sharesOf(k, n int) string {
	low, high := wilson(float64(k), float64(n))
	r := func(x float64) float64 { return math.Round(x*1e4) / 1e4 }
	return fmt.Sprintf("%v|%v|%v", r(float64(k)/float64(n)), r(low), r(high))
}

// sourceOf is a source of the study by id.
func sourceOf(id string) (country, kind, leaning string) {
	for _, s := range studySources() {
		if s.ID == id {
			return s.Country, s.Type, s.Leaning
		}
	}
	return "", "", ""
}

func isRace(frame string) bool { return frame == "race" || frame == "arms_race" }

func sortedKeys[V any](m map[string]V) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func TestHeadlineShare(t *testing.T) {
	db := studyDB(t)
	type cell struct{ n, k int }
	cells := map[string]*cell{}
	for _, e := range study() {
		if e.off || len(e.date) < 10 || e.date < "2024-07-24" || e.date > "2025-07-19" {
			continue
		}
		country, _, _ := sourceOf(e.source)
		key := e.date[:7] + "|" + country
		if cells[key] == nil {
			cells[key] = &cell{}
		}
		cells[key].n++
		if slices.ContainsFunc(e.uses, func(u use) bool { return u.part == 0 && isRace(u.frame) }) {
			cells[key].k++
		}
	}
	var want []string
	for _, key := range sortedKeys(cells) {
		want = append(want, fmt.Sprintf("%s|%d|%d|%s", key, cells[key].n, cells[key].k, sharesOf(cells[key].k, cells[key].n)))
	}
	wantAnswer(t, ask(t, db, "headline-share", nil, "month country n k share wilson_low wilson_high"), want...)
}

func TestWhoContests(t *testing.T) {
	wantAnswer(t, ask(t, studyDB(t), "who-contests", nil, "speaker affiliation role stories articles outlets first last example example_url"),
		"Mei Tan|Harbor Institute|fellow|2|2|2|2024-12-10|2025-01-28|“It is no race,” Mei Tan said.|https://courier.example/s02")
}

func TestWhoSpeaks(t *testing.T) {
	type cell struct{ n, author, speaker, reports, contests int }
	cells := map[string]*cell{}
	for _, e := range study() {
		if len(e.date) < 7 {
			continue
		}
		_, _, leaning := sourceOf(e.source)
		month, err := strconv.Atoi(e.date[5:7])
		must(t, err)
		key := fmt.Sprintf("%s-Q%d|%s", e.date[:4], (month+2)/3, leaning)
		for _, u := range e.uses {
			if !isRace(u.frame) {
				continue
			}
			if cells[key] == nil {
				cells[key] = &cell{}
			}
			c := cells[key]
			c.n++
			switch {
			case u.stance == analysis.Contests:
				c.contests++
			case u.stance == analysis.Reports:
				c.reports++
			case u.speaker == analysis.Speaker{}:
				c.author++
			default:
				c.speaker++
			}
		}
	}
	var want []string
	for _, key := range sortedKeys(cells) {
		c := cells[key]
		want = append(want, fmt.Sprintf("%s|%d|%d|%d|%d|%d|%s", key, c.n, c.author, c.speaker, c.reports, c.contests, sharesOf(c.contests, c.n)))
	}
	wantAnswer(t, ask(t, studyDB(t), "who-speaks", nil,
		"quarter leaning n author_asserts speaker_asserts reports contests contested wilson_low wilson_high"), want...)
}

func TestTwoFrames(t *testing.T) {
	wantAnswer(t, ask(t, studyDB(t), "two-frames", nil, "month k k_other ratio share wilson_low wilson_high articles articles_other stories stories_other"),
		"2025-01|0|2|0|"+sharesOf(0, 2)+"|0|2|0|2",
		"2025-08|1|0|∅|"+sharesOf(1, 1)+"|1|0|1|0")
}

func TestWhoseMoment(t *testing.T) {
	wantAnswer(t, ask(t, studyDB(t), "whose-moment", nil, "year value k n share wilson_low wilson_high"),
		"2025|china|1|2|"+sharesOf(1, 2), "2025|us|1|2|"+sharesOf(1, 2))
	wantAnswer(t, ask(t, studyDB(t), "whose-moment", map[string]string{"frame": "zero_sum"}, "year value k n"), "2025|untold|2|2")
}

func TestSameParagraph(t *testing.T) {
	// Articles with race or arms race and a day: s01 s02 s03 s06 (news), s09 (release) and s10 (government) before, s07 after;
	// s03 and s07 have deregulation in a paragraph with it.
	wantAnswer(t, ask(t, studyDB(t), "same-paragraph", nil, "period source_type n k share wilson_low wilson_high"),
		"before|government|1|0|"+sharesOf(0, 1), "before|news|4|1|"+sharesOf(1, 4), "before|press_release|1|0|"+sharesOf(0, 1),
		"from|news|1|1|"+sharesOf(1, 1))
}

func TestOutletChange(t *testing.T) {
	// Courier: 2 of 2 in 2024, 1 of 2 in 2025. Tribune: 0 of 1, then 3 of 3, its article of 2025 without a month included.
	low, _ := difference([]any{int64(3), int64(3), int64(0), int64(1)}, func(low, _ float64) float64 { return low }).(float64)
	_, high := wilson(2, 2)
	wantAnswer(t, ask(t, studyDB(t), "outlet-change", map[string]string{"least": "1"}, "outlet k1 n1 k2 n2 share1 share2 change"),
		"The Tribune|0|1|3|3|0|1|1", "The Courier|2|2|1|2|1|0.5|-0.5")
	got := ask(t, studyDB(t), "outlet-change", map[string]string{"least": "1"}, "low high")[0]
	if want := fmt.Sprintf("%v|%v", math.Round(low*1e4)/1e4, high); got != want {
		t.Errorf("interval %s, want %s", got, want)
	}
	wantAnswer(t, ask(t, studyDB(t), "outlet-change", nil, "outlet"))
}

func TestLeadLag(t *testing.T) {
	// "win": the bureau on 2024-10-01 and Senator Cole, quoted by the Courier, on 2025-01-21; the wire in its own voice on 2025-01-22.
	wantAnswer(t, ask(t, studyDB(t), "lead-lag", nil, "outlet first_day first_official_day official_weeks lead_days"),
		"Release Wire|2025-01-22|2024-10-01|2|113")
	wantAnswer(t, ask(t, studyDB(t), "lead-lag", map[string]string{"phrase": "GOES ON"}, "outlet first_official_day official_weeks lead_days"),
		"The Courier|∅|0|∅")
}

func TestStoryReach(t *testing.T) {
	db := studyDB(t)
	wantAnswer(t, ask(t, db, "story-reach", nil, "story_id"))
	must(t, db.write(context.Background(), "test", func(tx *txn) error { // as if s02, s06 and s05 were one story
		return tx.script(context.Background(), `UPDATE article SET story_id = (SELECT id FROM article WHERE external_id = 's02') WHERE external_id IN ('s05', 's06')`)
	}))
	wantAnswer(t, ask(t, db, "story-reach", nil, "outlets articles with_frame in_headline first headlines_with headlines_without"),
		`2|3|2|1|2024-11-20|["An arms race in AI?"]|["Chips and AI","AI in the ports"]`)
}

func TestCoOccurrence(t *testing.T) {
	places := map[string]map[string]bool{}
	for _, e := range study() {
		for _, u := range e.uses {
			key := fmt.Sprint(e.id, u.part)
			if places[key] == nil {
				places[key] = map[string]bool{}
			}
			places[key][u.frame] = true
		}
	}
	single, both := map[string]int{}, map[string]int{}
	for _, frames := range places {
		for _, a := range sortedKeys(frames) {
			single[a]++
			for _, b := range sortedKeys(frames) {
				if b > a {
					both[a+"|"+b]++
				}
			}
		}
	}
	var want []string
	for _, pair := range sortedKeys(both) {
		a, b, _ := strings.Cut(pair, "|")
		lift := float64(both[pair]) * float64(len(places)) / float64(single[a]*single[b])
		want = append(want, fmt.Sprintf("%s|%d|%d|%d|%d|%v", pair, both[pair], single[a], single[b], len(places), math.Round(lift*1000)/1000))
	}
	got := ask(t, studyDB(t), "co-occurrence", nil, "frame other both k k_other n lift")
	slices.Sort(got)
	wantAnswer(t, got, want...)
}

func TestChineseVoices(t *testing.T) {
	// Articles with race: s01 s03 s07 s09 s10 s12 assert it without a Chinese voice; s02 contests it with one; s06 reports and contests.
	wantAnswer(t, ask(t, studyDB(t), "chinese-voices", nil, "voices stance articles monolith"), "none|asserts|6|0", "one|contests|1|0", "one|mixed|1|0")
}

func TestTopicShare(t *testing.T) {
	db := studyDB(t)
	wantAnswer(t, ask(t, db, "topic-share", nil, "week")) // the only article on TikTok is dated by its year
	wantAnswer(t, ask(t, db, "topic-share", map[string]string{"words": "chips OR ports"}, "week n k share wilson_low wilson_high"),
		"2024-11-18|1|0|"+sharesOf(0, 1), "2024-12-09|1|1|"+sharesOf(1, 1))
}

func TestCodebookChange(t *testing.T) {
	db := studyDB(t)
	wantAnswer(t, ask(t, db, "codebook-change", nil, "month"))
	wantAnswer(t, ask(t, db, "codebook-examples", nil, "change"))
	// The second codebook misses the headline of s01 and all of s03, and finds cooperation in s05.
	codeStudy(t, db, studyBook("second"), func(e essayOf) essayOf {
		switch e.id {
		case "s01":
			e.uses = e.uses[1:]
		case "s03":
			e.uses = nil
		case "s05":
			e.uses = []use{{1, "cooperation", "ports", analysis.Asserts, analysis.Speaker{}, ""}}
		}
		return e
	})
	every := map[string]string{"frame": ""}
	wantAnswer(t, ask(t, db, "codebook-examples", nil, "change frame total"), "lost|race|2", "lost|race|2")
	wantAnswer(t, ask(t, db, "codebook-examples", every, "change frame total trigger outlet"),
		"gained|cooperation|1|ports|The Tribune", "lost|arms_race|1|arms race|The Courier", "lost|deregulation|1|Rules must fall|The Courier",
		"lost|race|2|race|The Courier", "lost|race|2|race|The Courier", "lost|sputnik|1|Sputnik moment|The Courier")
	for _, row := range ask(t, db, "codebook-change", nil, "frame") {
		if row != "race" {
			t.Errorf("asked for race, got %s", row)
		}
	}
	rows := ask(t, db, "codebook-change", every, "month frame n k_old k_new both difference agreement kappa")
	// January 2025 has five articles, s11 off topic among them: s03 and s06 had arms_race, of which s06 is left.
	// Agreement 4 of 5, by chance (2·1 + 3·4) / 25, so kappa = (0.8 - 0.56) / 0.44.
	for _, want := range []string{"2024-11|race|2|1|1|1|0|1|1", "2024-11|cooperation|2|0|1|0|1|0.5|0", "2025-01|arms_race|5|2|1|1|-1|0.8|0.5455"} {
		if !slices.Contains(rows, want) {
			t.Errorf("no row %s in\n  %s", want, strings.Join(rows, "\n  "))
		}
	}
}

func TestDataQuality(t *testing.T) {
	got := ask(t, studyDB(t), "data-quality", map[string]string{"from": "2025-01", "to": "2026-06"},
		"source month days days_blind attempted fetched failed articles relevant undated press_releases")
	wantAnswer(t, got,
		"courier|2025-01|0|0|0|0|0|2|1|0|0", "courier|2025-08|0|0|0|0|0|1|1|0|0", "courier|2026-06|1|0|1|1|0|0|0|∅|∅",
		"herald|2025-01|0|0|0|0|0|1|1|0|0", "herald|2026-06|1|1|1|0|1|0|0|∅|∅",
		"tribune|2025-01|0|0|0|0|0|1|1|0|0", "tribune|2025-09|0|0|0|0|0|1|1|0|0", "tribune|2026-06|0|0|0|0|0|1|1|1|0",
		"wire|2025-01|0|0|0|0|0|1|1|0|1")
}

func TestCodingSample(t *testing.T) {
	db := studyDB(t)
	columns := "frame stance article span_start trigger inclusion"
	one := ask(t, db, "coding-sample", map[string]string{"size": "2"}, columns)
	if !slices.Equal(one, ask(t, db, "coding-sample", map[string]string{"size": "2"}, columns)) {
		t.Error("the same seed gave another sample")
	}
	strata, differ := map[string]int{}, false
	for _, u := range study() {
		for _, v := range u.uses {
			strata[v.frame+"|"+string(v.stance)]++
		}
	}
	drawn := map[string]int{}
	for _, row := range one {
		cells := strings.Split(row, "|")
		key := cells[0] + "|" + cells[1]
		drawn[key]++
		if want := sprint(math.Round(min(1, 2/float64(strata[key]))*1e6) / 1e6); cells[5] != want {
			t.Errorf("%s: inclusion %s, want %s", key, cells[5], want)
		}
	}
	for key, n := range strata {
		if drawn[key] != min(2, n) {
			t.Errorf("%s: %d drawn of %d", key, drawn[key], n)
		}
	}
	for seed := 2; seed < 6; seed++ {
		differ = differ || !slices.Equal(one, ask(t, db, "coding-sample", map[string]string{"size": "2", "seed": fmt.Sprint(seed)}, columns))
	}
	if !differ {
		t.Error("every seed gave the same sample")
	}
}

func TestNamedQueriesAreDescribed(t *testing.T) {
	all := NamedQueries()
	if len(all) < 15 {
		t.Errorf("%d named queries", len(all))
	}
	for _, q := range all {
		if q.Title == "" || q.Description == "" {
			t.Errorf("%s has no title or description", q.Name)
		}
		for _, p := range q.Params {
			if p.Doc == "" || strings.Count(q.SQL, ":"+p.Name) < 2 { // the first is its description
				t.Errorf("%s: parameter %s is not described or not used", q.Name, p.Name)
			}
		}
	}
	if _, err := FindQuery("nothing"); err == nil || !strings.Contains(err.Error(), "headline-share") {
		t.Errorf("unknown query: %v", err)
	}
	q, err := FindQuery("headline-share")
	must(t, err)
	if _, err := q.Run(context.Background(), studyDB(t).Path(), map[string]string{"farme": "race"}, Limits{}); err == nil || !strings.Contains(err.Error(), "it has frame, from, to") {
		t.Errorf("unknown parameter: %v", err)
	}
}
