package charts

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite"
)

// fixtureSchema has plain tables in the place of the views, with the columns that the views promise.
const fixtureSchema = `
CREATE TABLE v_article (article_id INTEGER PRIMARY KEY, external_id TEXT, url TEXT, outlet TEXT, country TEXT, source_type TEXT,
  language TEXT, title TEXT, text TEXT, authors TEXT, published TEXT, date_precision TEXT, date_from TEXT, updated TEXT, collected TEXT,
  words INTEGER, about_ai INTEGER, names_us INTEGER, names_china INTEGER, relevant INTEGER, story_id INTEGER, source TEXT, reason TEXT, month TEXT,
  text_hash TEXT, paywalled INTEGER);
CREATE TABLE v_mention (article_id INTEGER, external_id TEXT, url TEXT, outlet TEXT, country TEXT, source_type TEXT, title TEXT, published TEXT,
  section TEXT, paragraph INTEGER, sentence_start INTEGER, sentence_end INTEGER, span_start INTEGER, span_end INTEGER, trigger TEXT, sentence TEXT,
  frame TEXT, parent_frame TEXT, stance TEXT, voice TEXT, speaker TEXT, rule TEXT, codebook TEXT, source TEXT, stance_rule TEXT, voice_rule TEXT,
  month TEXT, mention_id INTEGER PRIMARY KEY, affiliation TEXT, role TEXT, speaker_country TEXT, attributes TEXT);
CREATE INDEX mention_article ON v_mention(article_id);
CREATE TABLE v_coverage (source TEXT, day TEXT, attempted INTEGER, fetched INTEGER, failed INTEGER, denied INTEGER, new INTEGER, skipped INTEGER);
CREATE TABLE v_frame (frame TEXT, parent_frame TEXT, label TEXT, group_name TEXT, description TEXT, position INTEGER);
CREATE TABLE v_event (date TEXT, end_date TEXT, label TEXT, kind TEXT, frames_expected TEXT, source TEXT, url TEXT);
CREATE TABLE v_outlet (source TEXT, outlet TEXT, country TEXT, source_type TEXT, homepage TEXT, leaning TEXT, leaning_source TEXT, articles INTEGER, relevant INTEGER);
`

// hostile is a title that tries to run: as a closing tag, as an event handler, and as the marker by which a chart
// library unquotes functions.
const hostile = `</script><script>window.pwned=1</script><img src=x onerror="window.pwned=2"> __f__window.pwned=3__f__ "@fn:tip" ` + "`${1}`"

type fixtureFrame struct {
	id, parent, label string
	base              float64 // share of articles at the start
	drift             float64 // change of that share over the whole series
	phrase            string
}

var fixtureFrames = []fixtureFrame{
	{"race", "", "AI race", 0.18, 0.14, "the AI race"},
	{"arms_race", "race", "Arms race", 0.08, 0.02, "an algorithmic arms race"},
	{"space_race", "race", "Space race", 0.04, 0.00, "a new space race"},
	{"sputnik", "", "Sputnik moment", 0.01, 0.01, "a Sputnik moment"},
	{"zero_sum", "", "Zero-sum contest", 0.10, 0.03, "a zero-sum game"},
	{"lead_lag", "", "Who leads, who lags", 0.20, 0.02, "ahead of China"},
	{"cold_war", "", "New cold war", 0.12, 0.00, "a tech cold war"},
	{"deregulation", "", "Rules as a handicap", 0.05, 0.06, "cut the rules to beat China"},
	{"ai_risk", "", "Shared danger", 0.09, -0.02, "loss of control"},
	{"cooperation", "", "Cooperation", 0.14, -0.07, "a track-two dialogue"},
	{"dependence", "", "Dependence", 0.11, 0.05, "dependence on Chinese hardware"},
	{"monolith", "", "China as one mind", 0.03, 0.00, "not a monolith"},
	{"china_envy", "", "China envy", 0, 0, "China envy"},
}

type fixtureOutlet struct {
	id, name, country, kind string
	weight                  int
}

var fixtureOutlets = []fixtureOutlet{
	{"harbor", "Harbor Wire", "US", "wire", 9}, {"ledger", "The Quarter Ledger", "US", "news", 7},
	{"pacific", "Pacific Morning", "SG", "news", 6}, {"review", "Policy Garden", "GB", "think_tank", 4},
	{"north", "North Bridge Daily", "US", "news", 4}, {"silk", "Silk Road Courier", "CN", "state_media", 3},
	{"lab", "Bench & Silicon", "US", "newsletter", 2}, {"agency", "Office of Machine Affairs", "US", "press_release", 3},
}

var fixtureSpeakers = []struct{ name, country string }{
	{"Mara Oduya", "US"}, {"Senator Ellis Brandt", "US"}, {"Zhou Wenli", "CN"}, {"a Commerce Department official", "US"},
	{"Ines Kavanagh", "GB"}, {"the foreign ministry spokesperson", "CN"}, {"Theo Marchetti", ""}, {"", ""},
}

var fixtureTitles = []string{
	"Chip makers weigh a second season of export rules", "What two capitals mean when they talk about machine safety",
	"A data center town waits for its power line", "Inside the committee that reads model reports", "Cloud prices fall as new models arrive",
	"Researchers compare notes across an ocean",
}

var fixtureOpenings = []string{
	"On the panel she returned twice to", "The memo, seen by two people in the room, speaks of", "For the students in the back row the talk turned on",
	"The hearing opened with a warning about", "Nobody in the workshop wanted to call it", "A footnote on page nine mentions",
}

var fixtureEndings = []string{
	", and the minutes record no reply.", "; the engineers beside him looked at their shoes.", " while the ministry kept its own count.",
	", a phrase that the report then drops.", ", though the budget tells a calmer story.",
}

// openFixture makes an empty database with the views' columns.
func openFixture(t testing.TB) *sql.DB {
	t.Helper()
	db := openAt(t, filepath.Join(t.TempDir(), "fixture.db"))
	mustExec(t, db, fixtureSchema)
	return db
}

func openAt(t testing.TB, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", path+"?_pragma=journal_mode(off)&_pragma=synchronous(off)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// originals are databases that have been filled once, by size: filling is slow under the race detector.
var originals = map[int][]byte{}

// filled is a database with size articles, the test's own copy.
func filled(t testing.TB, size int) *sql.DB {
	t.Helper()
	path := filepath.Join(t.TempDir(), "filled.db")
	if originals[size] == nil {
		db := openAt(t, path)
		mustExec(t, db, fixtureSchema)
		fill(t, db, size)
		db.Close()
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		originals[size] = data
	}
	if err := os.WriteFile(path, originals[size], 0o600); err != nil {
		t.Fatal(err)
	}
	return openAt(t, path)
}

func mustExec(t testing.TB, db *sql.DB, text string, args ...any) {
	t.Helper()
	if _, err := db.Exec(text, args...); err != nil {
		t.Fatal(err)
	}
}

// fill writes articles from January 2023 to October 2026, with trends, a jump after the event of 2025-01-20, two
// months without collection, off-topic articles, press releases, coarse dates and one hostile title.
func fill(t testing.TB, db *sql.DB, size int) {
	t.Helper()
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	f := &filler{t: t, tx: tx, rnd: rand.New(rand.NewPCG(7, 11)), start: time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC)}
	f.lists()
	for id := 1; id <= size; id++ {
		f.article(id, size)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
}

const fixtureDays = 1400 // to the end of October 2026

type filler struct {
	t        testing.TB
	tx       *sql.Tx
	rnd      *rand.Rand
	start    time.Time
	mentions int
}

func (f *filler) exec(text string, args ...any) {
	f.t.Helper()
	if _, err := f.tx.Exec(text, args...); err != nil {
		f.t.Fatal(err)
	}
}

func (f *filler) lists() {
	for i, x := range fixtureFrames {
		f.exec(`INSERT INTO v_frame VALUES (?,?,?,?,?,?)`, x.id, x.parent, x.label, "group", "", i)
	}
	for _, e := range [][]string{
		{"2023-11-01", "2023-11-02", "Summit on machine safety", "diplomacy", "cooperation;ai_risk", "https://events.example/summit"},
		{"2024-05-14", "", "First talks between the two governments", "diplomacy", "cooperation", ""},
		{"2024-12-02", "", "Export rules widened", "export_control", "dependence;cold_war", ""},
		{"2025-01-20", "", "An open model is released", "release", "sputnik;race;lead_lag", "javascript:alert(1)"},
		{"2025-01-27", "", "Chip shares fall " + hostile, "market", "sputnik", ""},
		{"2025-07-23", "", "Action plan published", "policy", "race;deregulation", ""},
		{"2026-05-14", "2026-05-15", "Summit of the two presidents", "diplomacy", "cooperation", ""},
	} {
		f.exec(`INSERT INTO v_event VALUES (?,?,?,?,?,?,?)`, e[0], e[1], e[2], e[3], e[4], "own list", e[5])
	}
	for day := range fixtureDays {
		if d := f.start.AddDate(0, 0, day); !uncollected(d) {
			f.exec(`INSERT INTO v_coverage VALUES ('harbor',?,5,4,1,0,2,0)`, d.Format(time.DateOnly))
		}
	}
}

// uncollected is true in the two months in which the fixture's crawler did not run.
func uncollected(d time.Time) bool { return d.Year() == 2024 && (d.Month() == 7 || d.Month() == 8) }

func (f *filler) article(id, size int) {
	day := f.start.AddDate(0, 0, id*fixtureDays/(size+1))
	for uncollected(day) {
		day = day.AddDate(0, 0, 62)
	}
	outlet := f.outlet(day)
	published, precision, month := day.Format(time.DateOnly), "day", any(day.Format("2006-01"))
	switch {
	case id%97 == 0:
		published, precision, month = day.Format("2006"), "year", nil
	case id%3 == 0:
		published, precision = day.Format(time.DateOnly)+"T09:30:00-05:00", "time"
	}
	title := fixtureTitles[f.rnd.IntN(len(fixtureTitles))]
	if id == size/2 {
		title = hostile
	}
	relevant, china, reason := 1, 1, "about AI; names China"
	switch r := f.rnd.Float64(); {
	case r < 0.08:
		relevant, china, reason = 0, 0, "not about AI"
	case r < 0.2:
		china, reason = 0, "about AI; names the U.S."
	}
	link := fmt.Sprintf("https://%s.example/story/%d", outlet.id, id)
	if id == size/2 {
		link = "javascript:window.pwned=4"
	}
	f.exec(`INSERT INTO v_article VALUES (?,?,?,?,?,?,'en',?,?,'[]',?,?,'meta','',?,500,?,1,?,?,?,?,?,?,?,0)`,
		id, fmt.Sprint("x", id), link, outlet.name, outlet.country, outlet.kind, title, "", published, precision,
		day.Format(time.DateOnly), relevant, china, relevant, id, outlet.id, reason, month, fmt.Sprintf("%064x", id))
	if relevant == 0 {
		return
	}
	for _, frame := range fixtureFrames {
		if f.rnd.Float64() < f.share(frame, day) || id == size/2 && frame.id == "race" {
			for range 1 + f.rnd.IntN(2) {
				f.mention(id, frame, outlet, title, published, month)
			}
		}
	}
}

// outlet draws an outlet by weight. The last but one joins in 2025.
func (f *filler) outlet(day time.Time) fixtureOutlet {
	total := 0
	for _, o := range fixtureOutlets {
		total += o.weight
	}
	at := f.rnd.IntN(total)
	for i, o := range fixtureOutlets {
		if at -= o.weight; at < 0 && (i != len(fixtureOutlets)-2 || day.Year() >= 2025) {
			return o
		}
	}
	return fixtureOutlets[0]
}

func (f *filler) share(x fixtureFrame, day time.Time) float64 {
	p := x.base + x.drift*day.Sub(f.start).Hours()/24/fixtureDays
	event := time.Date(2025, 1, 20, 0, 0, 0, 0, time.UTC)
	if after := day.Sub(event).Hours() / 24; after >= 0 && after < 100 && x.id == "sputnik" {
		p += 0.2
	}
	return p
}

func (f *filler) mention(article int, x fixtureFrame, o fixtureOutlet, title, published string, month any) {
	f.mentions++
	opening := fixtureOpenings[f.rnd.IntN(len(fixtureOpenings))]
	sentence := opening + " " + x.phrase + fixtureEndings[f.rnd.IntN(len(fixtureEndings))]
	stance := []string{"asserts", "asserts", "asserts", "reports", "contests"}[f.rnd.IntN(5)]
	if x.id == "monolith" {
		stance = "contests"
	}
	voice, speaker, country := "author", "", ""
	if f.rnd.IntN(2) == 0 {
		s := fixtureSpeakers[f.rnd.IntN(len(fixtureSpeakers))]
		voice, speaker, country = "speaker", s.name, s.country
	}
	section := []string{"headline", "lead", "body", "body", "body", "body"}[f.rnd.IntN(6)]
	at := len([]rune(opening)) + 1
	f.exec(`INSERT INTO v_mention VALUES (?,?,?,?,?,?,?,?,?,1,100,?,?,?,?,?,?,?,?,?,?,'rule','framewatch-1',?,'','',?,?,'','',?,'{}')`,
		article, fmt.Sprint("x", article), "", o.name, o.country, o.kind, title, published, section,
		100+len([]rune(sentence)), 100+at, 100+at+len([]rune(x.phrase)), x.phrase, sentence,
		x.id, x.parent, stance, voice, speaker, o.id, month, f.mentions, country)
}

// fixtureOptions are the options of most tests.
func fixtureOptions() Options {
	return Options{
		AsOf: time.Date(2026, 10, 20, 0, 0, 0, 0, time.UTC), Version: "v0.0.0-test", Database: "fixture.db",
		Notice: "The articles, outlets and people in this report are invented.",
	}
}

// report writes the fixture's page.
func report(t testing.TB, db *sql.DB, o Options) (string, Summary) {
	t.Helper()
	var b strings.Builder
	s, err := Write(t.Context(), &b, db, o)
	if err != nil {
		t.Fatal(err)
	}
	return b.String(), s
}
