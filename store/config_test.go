package store

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"framewatch/configs"
	"framewatch/crawler"
)

func TestBuiltInSourcesAndEventsAreKept(t *testing.T) {
	ctx := context.Background()
	db, _ := newDB(t)
	data, err := configs.FS.ReadFile("sources.yaml")
	must(t, err)
	sources, err := crawler.ParseSources("sources.yaml", data)
	must(t, err)
	for range 2 { // the second run finds them
		_, err = db.BeginRun(ctx, "crawl", sources.List, noon)
		must(t, err)
	}
	wantRows(t, db, `SELECT count(*) FROM v_outlet`, fmt.Sprint(len(sources.List)))
	for _, s := range sources.List[:5] {
		wantRows(t, db, `SELECT outlet, country, source_type, homepage FROM v_outlet WHERE source = '`+s.ID+`'`,
			strings.Join([]string{s.Name, s.Country, s.Type, s.Homepage}, "|"))
	}
	data, err = configs.FS.ReadFile("events.csv")
	must(t, err)
	events, err := ParseEvents("events.csv", data)
	must(t, err)
	must(t, db.LoadEvents(ctx, events))
	must(t, db.LoadEvents(ctx, events))
	got, err := db.Events(ctx)
	must(t, err)
	if len(got) != len(events) || got[0].Date > got[len(got)-1].Date {
		t.Errorf("%d events of %d, from %s to %s", len(got), len(events), got[0].Date, got[len(got)-1].Date)
	}
}

func TestEventsFileIsReadStrictly(t *testing.T) {
	for text, want := range map[string]string{
		"":                    "e.csv: the file is empty",
		"date,label,colour\n": `e.csv:1: unknown column "colour"`,
		"date,date,label\n":   `e.csv:1: the column "date" comes twice`,
		"date,kind\n":         `e.csv:1: the column "label" is missing`,
		"date,label\n2025-01-20,x\n20/01/2025,y\n":       `e.csv:3: date "20/01/2025" is no day`,
		"date,label\n2025-02-30,x\n":                     `e.csv:2: date "2025-02-30" is no day`,
		"date,label\n2025-01-20,\n":                      "e.csv:2: label is empty",
		"date,end_date,label\n2025-01-20,2025-01,x\n":    `e.csv:2: end_date "2025-01" is no day`,
		"date,end_date,label\n2025-01-20,2025-01-19,x\n": "e.csv:2: end_date 2025-01-19 is before date 2025-01-20",
		"date,label\n2025-01-20\n":                       "e.csv: record on line 2: wrong number of fields",
	} {
		_, err := ParseEvents("e.csv", []byte(text))
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: got %v, want %s…", text, err, want)
		}
	}
	events, err := ParseEvents("e.csv", []byte("\ufefflabel,date,end_date\n\"a, \"\"b\"\"\", 2025-01-20 ,2025-01-20\n"))
	if err != nil || len(events) != 1 || events[0] != (Event{Date: "2025-01-20", EndDate: "2025-01-20", Label: `a, "b"`}) {
		t.Errorf("got %+v, %v", events, err)
	}
}

func FuzzParseEvents(f *testing.F) {
	f.Add([]byte("date,label\n2025-01-20,x\n"))
	f.Add([]byte("date,end_date,label,kind,frames_expected,source,url\n2025-01-20,,\"x\ny\",k,race;sputnik,s,\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		events, err := ParseEvents("f.csv", data)
		for _, e := range events {
			if err != nil || e.check() != nil {
				t.Errorf("%+v was let through: %v", e, err)
			}
		}
	})
}
