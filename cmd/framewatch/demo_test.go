package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"framewatch/analysis"
	"framewatch/analysis/score"
	"framewatch/configs/demosite"
	"framewatch/store"
)

// TestDemoCoding runs the demo and compares what is in its database with the coding that the articles' writers had in
// mind: the whole way from a page on the network to a row of v_mention. The floors lie below what was measured; run with -v
// for the figures.
func TestDemoCoding(t *testing.T) {
	coded := codedSentences(t, demoDatabase(t))
	site, err := demosite.New()
	if err != nil {
		t.Fatal(err)
	}
	var frame, stance, voice, speaker score.Count
	add := func(c *score.Count, hit bool) {
		c.N++
		if hit {
			c.Hits++
		}
	}
	for _, a := range site.Articles() {
		rows, crawled := coded[a.Title]
		if !crawled {
			continue
		}
		for _, x := range a.Expect {
			row, found := find(rows, x)
			add(&frame, found)
			if !found {
				t.Logf("missed: %s: %s %q", a.Title, x.Frame, x.Trigger)
				continue
			}
			add(&stance, row.stance == x.Stance)
			add(&voice, row.voice == x.Voice)
			if x.Voice == string(analysis.Quoted) && row.voice == x.Voice {
				add(&speaker, score.SameSpeaker(x.Speaker, row.speaker))
			}
			if row.stance != x.Stance || row.voice != x.Voice {
				t.Logf("coded otherwise: %q: %s %s %q, written as %s %s %q: %s", x.Trigger, row.stance, row.voice, row.speaker, x.Stance, x.Voice, x.Speaker, row.sentence)
			}
		}
	}
	for _, c := range []struct {
		name  string
		got   score.Count
		floor float64
	}{{"frames found", frame, demoFrames}, {"stance", stance, demoStance}, {"voice", voice, demoVoice}, {"speaker", speaker, demoSpeaker}} {
		t.Logf("%s: %v", c.name, c.got)
		if c.got.N < 20 || c.got.Share() < c.floor {
			t.Errorf("%s: %v, want at least %.2f of 20 or more", c.name, c.got, c.floor)
		}
	}
}

// Floors of TestDemoCoding.
const (
	demoFrames  = 0.5
	demoStance  = 0.65
	demoVoice   = 0.85
	demoSpeaker = 0.8
)

// demoDatabase runs the demo and names its database.
func demoDatabase(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	var out, errs strings.Builder
	if code := run(context.Background(), []string{"demo", "--out", dir}, nil, &out, &errs); code != exitDone {
		t.Fatalf("demo: exit %d\n%s", code, errs.String())
	}
	return filepath.Join(dir, "framewatch.db")
}

type codedRow struct{ frame, stance, voice, speaker, sentence string }

// codedSentences reads the mentions of each article, by title.
func codedSentences(t *testing.T, db string) map[string][]codedRow {
	t.Helper()
	if _, err := os.Stat(db); err != nil {
		t.Fatal(err)
	}
	rows := map[string][]codedRow{}
	titles, err := store.Query(context.Background(), db, "SELECT title FROM v_article", store.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range titles.Rows {
		rows[r[0].(string)] = nil
	}
	res, err := store.Query(context.Background(), db,
		"SELECT title, frame, stance, voice, coalesce(speaker, ''), sentence FROM v_mention", store.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range res.Rows {
		s := func(i int) string { return r[i].(string) }
		rows[s(0)] = append(rows[s(0)], codedRow{s(1), s(2), s(3), s(4), s(5)})
	}
	return rows
}

// find looks for a mention of the frame in the sentence that holds the expected words.
func find(rows []codedRow, x demosite.Expectation) (codedRow, bool) {
	for _, r := range rows {
		if r.frame == x.Frame && strings.Contains(r.sentence, x.Trigger) {
			return r, true
		}
	}
	return codedRow{}, false
}

// TestDemoStory holds the stories that the demo finds to the one reprint that the site has.
func TestDemoStory(t *testing.T) {
	site, err := demosite.New()
	if err != nil {
		t.Fatal(err)
	}
	facts := site.Facts()
	var titles []string
	for _, a := range site.Articles() {
		for _, ref := range facts.Syndicated {
			if a.Outlet == ref.Outlet && a.Path == ref.Path {
				titles = append(titles, a.Title)
			}
		}
	}
	res, err := store.Query(context.Background(), demoDatabase(t), `SELECT s.title, a.title FROM v_story AS s
		JOIN v_article AS a ON a.story_id = s.story_id AND a.article_id <> s.story_id`, store.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if len(titles) != 2 || len(res.Rows) != 1 || res.Rows[0][0] != titles[0] || res.Rows[0][1] != titles[1] {
		t.Errorf("stories with copies: %q, want %q", res.Rows, titles)
	}
}

// A report that goes out by mail must be small.
func TestDemoReportIsSmall(t *testing.T) {
	info, err := os.Stat(filepath.Join(filepath.Dir(demoDatabase(t)), "report.html"))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%.2f MB", float64(info.Size())/1e6)
	if info.Size() > 1.6e6 {
		t.Errorf("the demo's report has %d bytes, want at most 1.6 MB", info.Size())
	}
}

// TestDemoDates holds the day and the byline of every article that the demo crawls to what its outlet printed.
func TestDemoDates(t *testing.T) {
	res, err := store.Query(context.Background(), demoDatabase(t), "SELECT title || '|' || source, coalesce(published, ''), authors FROM v_article", store.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	crawled := map[string][]any{}
	for _, r := range res.Rows {
		crawled[r[0].(string)] = r
	}
	site, err := demosite.New()
	if err != nil {
		t.Fatal(err)
	}
	n, bylines := 0, 0
	for _, a := range site.Articles() {
		r, ok := crawled[a.Title+"|"+a.Outlet]
		if !ok {
			continue
		}
		n++
		if day := a.Published.Format("2006-01-02"); !strings.HasPrefix(r[1].(string), day) {
			t.Errorf("%s, %q: published %q, want %s", a.Outlet, a.Title, r[1], day)
		}
		if r[2].(string) == `["`+a.Author+`"]` {
			bylines++
		} else {
			t.Logf("%s: authors %s, printed %q", a.Outlet, r[2], a.Author)
		}
	}
	t.Logf("%d articles, %d bylines exact", n, bylines)
	if n < 60 || bylines*10 < n*9 {
		t.Errorf("%d articles, %d bylines exact", n, bylines)
	}
}
