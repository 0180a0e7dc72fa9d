package store

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"framewatch/analysis"
	"framewatch/analysis/codebook"
	"framewatch/crawler"
	"framewatch/crawler/article"
	"framewatch/crawler/files"
)

// use is one mention of a study article: the frame's words stand in the part, once.
type use struct {
	part    int // 0 for the headline, else the paragraph
	frame   string
	words   string
	stance  analysis.Stance
	speaker analysis.Speaker // zero for the author
	holder  string           // attribute of sputnik
}

// essayOf is one article of the study.
type essayOf struct {
	id, source, date string
	title            string
	paragraphs       []string
	off              bool // not relevant
	uses             []use
}

var (
	envoy   = analysis.Speaker{Name: "Mei Tan", Affiliation: "Harbor Institute", Role: "fellow", Country: "CN"}
	senator = analysis.Speaker{Name: "Senator Ada Cole", Affiliation: "U.S. Senate", Role: "senator", Country: "US"}
)

func studySources() []crawler.Source {
	return []crawler.Source{
		{ID: "courier", Name: "The Courier", Country: "US", Type: "news", Leaning: "center", LeaningSource: "invented"},
		{ID: "tribune", Name: "The Tribune", Country: "GB", Type: "news", Leaning: "left", LeaningSource: "invented"},
		{ID: "herald", Name: "Harbor Herald", Country: "CN", Type: "state_media"},
		{ID: "wire", Name: "Release Wire", Country: "US", Type: "press_release"},
		{ID: "bureau", Name: "Trade Bureau", Country: "US", Type: "government"},
	}
}

// study is a small invented corpus whose answers can be worked out by hand.
func study() []essayOf {
	race, contests, reports, asserts := "race", analysis.Contests, analysis.Reports, analysis.Asserts
	return []essayOf{
		{"s01", "courier", "2024-11-04", "A race for AI", []string{"The AI race with China goes on."}, false, []use{
			{0, race, "race", asserts, analysis.Speaker{}, ""}, {1, race, "AI race", asserts, analysis.Speaker{}, ""}}},
		{"s02", "courier", "2024-12-10", "Chips and AI", []string{"China buys chips.", "“It is no race,” Mei Tan said."}, false, []use{
			{2, race, "race", contests, envoy, ""}}},
		{"s03", "courier", "2025-01-21", "AI after the launch", []string{"It was America's Sputnik moment, and an arms race with China.", "Rules must fall to win the race, Senator Ada Cole said."}, false, []use{
			{1, "sputnik", "Sputnik moment", reports, analysis.Speaker{}, "us"}, {1, "arms_race", "arms race", asserts, analysis.Speaker{}, ""},
			{2, "deregulation", "Rules must fall", asserts, senator, ""}, {2, race, "race", asserts, senator, ""}}},
		{"s04", "courier", "2025-08-02", "Talks on AI", []string{"A track-two dialogue with China went on."}, false, []use{
			{1, "cooperation", "track-two dialogue", asserts, analysis.Speaker{}, ""}}},
		{"s05", "tribune", "2024-11-20", "AI in the ports", []string{"China has AI in its ports."}, false, nil},
		{"s06", "tribune", "2025-01-28", "An arms race in AI?", []string{"Calling it an arms race with China is wrong, Mei Tan said.", "It is not zero-sum."}, false, []use{
			{0, "arms_race", "arms race", reports, analysis.Speaker{}, ""}, {1, "arms_race", "arms race", contests, envoy, ""}, {2, "zero_sum", "zero-sum", contests, analysis.Speaker{}, ""}}},
		{"s07", "tribune", "2025-09-09", "AI and its rules", []string{"To win the race with China, rules must fall, lobbyists say."}, false, []use{
			{1, race, "race", asserts, analysis.Speaker{Name: "lobbyists"}, ""}, {1, "deregulation", "rules must fall", asserts, analysis.Speaker{Name: "lobbyists"}, ""}}},
		{"s08", "herald", "2025-01-25", "Harbor AI", []string{"AlphaGo was China's Sputnik moment.", "Zero-sum thinking on AI helps nobody."}, false, []use{
			{1, "sputnik", "Sputnik moment", asserts, analysis.Speaker{}, "china"}, {2, "zero_sum", "Zero-sum", contests, analysis.Speaker{}, ""}}},
		{"s09", "wire", "2025-01-22", "Firm joins AI race", []string{"The firm helps America win the AI race against China."}, false, []use{
			{0, race, "AI race", asserts, analysis.Speaker{}, ""}, {1, race, "AI race", asserts, analysis.Speaker{}, ""}}},
		{"s10", "bureau", "2024-10-01", "Plan for AI", []string{"We must win the AI race against China."}, false, []use{
			{1, race, "win the AI race", asserts, analysis.Speaker{}, ""}}},
		{"s11", "courier", "2025-01-30", "Harvest", []string{"Wheat in the north."}, true, nil},
		{"s12", "tribune", "2025", "AI and China, a year", []string{"The race with China, a look back on TikTok."}, false, []use{
			{1, race, "race", asserts, analysis.Speaker{}, ""}, {1, "platform_control", "TikTok", reports, analysis.Speaker{}, ""}}},
	}
}

func studyBook(name string) *codebook.Codebook {
	cb := &codebook.Codebook{Name: name, Version: "1", Topic: codebook.Gate{AI: []string{name}}}
	for _, id := range []string{"race", "arms_race", "sputnik", "zero_sum", "deregulation", "cooperation", "platform_control"} {
		f := codebook.Frame{ID: id, Label: strings.ReplaceAll(id, "_", " ")}
		if id == "arms_race" {
			f.Parent = "race"
		}
		cb.Frames = append(cb.Frames, f)
	}
	return cb
}

// code gives the essay its mentions as the analysis would.
func (e essayOf) code(t testing.TB, d analysis.Document) analysis.Analyzed {
	t.Helper()
	a := analysis.Analyzed{Document: d, Topic: analysis.Topic{AboutAI: !e.off, NamesChina: !e.off, NamesUS: !e.off, Relevant: !e.off}}
	if e.off {
		a.Topic.Reason = "ai"
	}
	for _, u := range e.uses {
		m := analysis.Mention{Frame: u.frame, Paragraph: u.part, Section: analysis.Lead, Trigger: u.words, Stance: u.stance, Voice: analysis.Author,
			Speaker: u.speaker, Rule: u.frame + "/1", StanceRule: "default", VoiceRule: "author"}
		whole, offset := d.Title, 0
		if u.part == 0 {
			m.Section = analysis.Headline
		} else {
			whole = e.paragraphs[u.part-1]
			offset = strings.Index(d.Text, whole)
		}
		at := strings.Index(whole, u.words)
		if at < 0 {
			t.Fatalf("%s: %q is not in %q", e.id, u.words, whole)
		}
		m.SentStart, m.SentEnd, m.Start, m.End = offset, offset+len(whole), offset+at, offset+at+len(u.words)
		m.Sentence = whole
		if u.speaker != (analysis.Speaker{}) {
			m.Voice, m.VoiceRule = analysis.Quoted, "said"
		}
		if u.holder != "" {
			m.Attributes = map[string]string{"holder": u.holder}
		}
		a.Mentions = append(a.Mentions, m)
	}
	return a
}

// studyDB is the study in a database, whose path it also gives: crawled sources, coverage and all.
func studyDB(t testing.TB) *DB {
	t.Helper()
	ctx := context.Background()
	db, err := Open(ctx, filepath.Join(t.TempDir(), "study.db"), Options{Now: func() time.Time { return noon.AddDate(1, 0, 0) }})
	must(t, err)
	t.Cleanup(func() { db.Close() })
	at := noon.AddDate(1, 0, 0)
	run, err := db.BeginRun(ctx, "crawl", studySources(), at)
	must(t, err)
	must(t, db.SavePoll(ctx, crawler.Poll{Source: "courier", URL: "https://courier.example/feed", Kind: "feed", Last: at, Count: 1}))
	must(t, db.SavePoll(ctx, crawler.Poll{Source: "herald", URL: "https://herald.example/feed", Kind: "feed", Last: at, Count: 1, Reason: "timeout"}))
	must(t, db.EndRun(ctx, run, "partial", crawler.Summary{Sources: 5, SourcesFailed: 1}, at))
	must(t, db.LoadEvents(ctx, []Event{{Date: "2025-01-20", Label: "A launch", Kind: "release", FramesExpected: "race;sputnik"}}))
	var records []files.Record
	for _, e := range study() {
		d, err := article.ParseDate(e.date)
		must(t, err)
		r := files.Record{ExternalID: e.id, Outlet: e.source, Article: article.Article{URL: fmt.Sprintf("https://%s.example/%s", e.source, e.id),
			Title: e.title, Text: strings.Join(e.paragraphs, "\n\n"), Language: "en", Published: d, Authors: []string{"A. Writer"}}}
		records = append(records, r)
	}
	_, err = db.Import(ctx, records, at)
	must(t, err)
	book := studyBook("study")
	codeStudy(t, db, book, func(e essayOf) essayOf { return e })
	if sum, err := db.SaveCodes(ctx, studyCodes(), at, func(p CodeProblem) { t.Error(p) }); err != nil || sum.New != len(studyCodes()) {
		t.Fatalf("codes: %+v, %v", sum, err)
	}
	return db
}

// studyCodes are codes of two people. Offsets are those of the words in the study.
func studyCodes() []Code {
	span := func(coder, article, section string, start, end int, frame, stance, sampled, sampledStance string) Code {
		return Code{Coder: coder, Unit: "span", Article: article, Section: section, SpanStart: start, SpanEnd: end, Frame: frame, Stance: stance,
			SampledFrame: sampled, SampledStance: sampledStance, Inclusion: 1}
	}
	all := []Code{
		span("ines", "s01", "headline", 2, 6, "race", "asserts", "race", "asserts"),
		span("tomas", "s01", "headline", 2, 6, "race", "asserts", "race", "asserts"),
		span("ines", "s02", "lead", 32, 36, "race", "contests", "race", "contests"),
		span("tomas", "s02", "lead", 32, 36, "race", "reports", "race", "contests"),
		span("ines", "s03", "lead", 17, 31, "sputnik", "asserts", "sputnik", "reports"),
		span("tomas", "s03", "lead", 17, 31, "", "", "sputnik", "reports"),
		span("ines", "s08", "lead", 21, 35, "sputnik", "asserts", "sputnik", "asserts"),
	}
	// Who uses race: the program says all but s04, s05 and s08.
	for article, yes := range map[string]bool{"s01": true, "s02": true, "s03": true, "s06": false, "s07": true, "s09": true, "s10": true, "s12": true,
		"s04": false, "s05": true, "s08": false} {
		c := Code{Coder: "ines", Unit: "article", Article: article, Asked: "race", Inclusion: 1}
		if yes {
			c.Frame = "race"
		}
		if article == "s04" || article == "s05" || article == "s08" {
			c.Inclusion = 0.5 // as if twice as many had not been drawn
		} else {
			c.SampledFrame = "race"
		}
		all = append(all, c)
	}
	return all
}

// codeStudy codes the study with a codebook, after alter has changed what it finds.
func codeStudy(t testing.TB, db *DB, book *codebook.Codebook, alter func(essayOf) essayOf) {
	t.Helper()
	ctx := context.Background()
	byHash := map[string]essayOf{}
	for _, e := range study() {
		byHash[textHash(e.title, strings.Join(e.paragraphs, "\n\n"))] = alter(e)
	}
	must(t, db.UseCodebook(ctx, book, 1))
	docs, err := db.Stale(ctx, book.Fingerprint(), 1, 0, 100)
	must(t, err)
	var batch []analysis.Analyzed
	for _, d := range docs {
		batch = append(batch, byHash[d.TextHash].code(t, d))
	}
	must(t, db.SaveAnalysis(ctx, book.Fingerprint(), 1, batch))
}

func TestStudyIsStored(t *testing.T) {
	db := studyDB(t)
	want := 0
	for _, e := range study() {
		want += len(e.uses)
	}
	wantRows(t, db, `SELECT count(*) FROM v_mention`, fmt.Sprint(want))
	wantRows(t, db, `SELECT source, outlet, articles, relevant FROM v_outlet ORDER BY 1`,
		"bureau|Trade Bureau|1|1", "courier|The Courier|5|4", "herald|Harbor Herald|1|1", "tribune|The Tribune|4|4", "wire|Release Wire|1|1")
}
