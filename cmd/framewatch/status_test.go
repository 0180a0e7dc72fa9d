package main

import (
	"context"
	"encoding/json"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"framewatch/crawler"
	"framewatch/crawler/crawlertest"
	"framewatch/store"
)

// TestStatusTellsHealth has feeds that do well, fail since today, fail for long, and are no longer asked.
func TestStatusTellsHealth(t *testing.T) {
	ctx := context.Background()
	path := t.TempDir() + "/status.db"
	now := time.Now().UTC().Truncate(time.Second)
	ago := func(hours int) time.Time { return now.Add(-time.Duration(hours) * time.Hour) }
	db, err := store.Open(ctx, path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	save := func(url, reason, detail string, last, next time.Time) {
		t.Helper()
		p := crawler.Poll{Source: "courier", URL: "https://courier.example/" + url, Kind: "feed", Last: last, Next: next, Items: 4, Reason: reason, Detail: detail}
		if err := db.SavePoll(ctx, p); err != nil {
			t.Fatal(err)
		}
	}
	save("good", "", "", ago(1), now)
	save("today", "http_503", "the server answered 503", ago(5), now)
	save("removed", "timeout", "no answer", ago(300), ago(290))
	if _, err := db.BeginRun(ctx, "crawl", nil, ago(1)); err != nil {
		t.Fatal(err)
	}
	status := func(want int) (out string, health map[string]string) {
		t.Helper()
		e := func(args ...string) string {
			var out, errs strings.Builder
			if code := run(ctx, append([]string{"status", "--db", path}, args...), nil, &out, &errs); code != want {
				t.Errorf("exit %d, want %d: %s", code, want, errs.String())
			}
			return out.String()
		}
		var got struct {
			Failing int
			Polls   []struct{ URL, Health, Reason, Next string }
		}
		if err := json.Unmarshal([]byte(e("--json")), &got); err != nil {
			t.Fatal(err)
		}
		health = map[string]string{}
		for _, p := range got.Polls {
			health[strings.TrimPrefix(p.URL, "https://courier.example/")] = p.Health
			if p.Next == "" {
				t.Errorf("%s: the JSON does not say when it is due", p.URL)
			}
		}
		return e(), health
	}
	out, health := status(exitDone)
	for url, want := range map[string]string{"good": "ok", "today": "failing", "removed": "not_asked"} {
		if health[url] != want {
			t.Errorf("%s is %q, want %q", url, health[url], want)
		}
	}
	for _, want := range []string{"http_503 since " + ago(5).Format("2006-01-02 15:04") + ": the server answered 503", "not asked any more"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	save("long", "not_a_feed", "an HTML page came", ago(80), ago(70))
	save("long", "not_a_feed", "an HTML page came", ago(1), now)
	if out, health := status(exitFailed); health["long"] != "failing_long" || !strings.Contains(out, "not_a_feed since "+ago(80).Format("2006-01-02 15:04")) {
		t.Errorf("after three days: %v\n%s", health, out)
	}
	db.Close()
}

// TestJSONNamesAreLowerCase reads what --json prints: scripts find one way of naming, everywhere.
func TestJSONNamesAreLowerCase(t *testing.T) {
	w := newFaultWorld(t)
	w.add(crawlertest.Ordinary(w.site, "ordinary", 2))
	sources, lines := w.sourcesFile(), filepath.Join(t.TempDir(), "articles.jsonl")
	writeText(t, lines, `{"id":"a-1","title":"Two ministries meet","published":"2025-03-04","text":"They spoke of artificial intelligence."}`+"\n")
	name := regexp.MustCompile(`^[a-z0-9_]+$`)
	for _, args := range [][]string{
		{"crawl", "--db", w.db, "--sources", sources, "--json"},
		{"import", "--db", w.db, "--json", lines},
		{"analyze", "--db", w.db, "--json"},
		{"sources", "list", "--sources", sources, "--json"},
		{"status", "--db", w.db, "--json"},
		{"extract", "--db", w.db, "--all", "-n", "--json"},
		{"prune", "--db", w.db, "--off-topic", "--json"},
		{"backup", "--db", w.db, "--json", filepath.Join(t.TempDir(), "copy.db")},
	} {
		code, out, errs := w.command(args...)
		if code != exitDone {
			t.Errorf("%s: exit %d, %s", args[0], code, errs)
			continue
		}
		dec := json.NewDecoder(strings.NewReader(out))
		var v any
		if err := dec.Decode(&v); err != nil {
			t.Errorf("%s: %v in %s", args[0], err, out)
		}
		var walk func(any)
		walk = func(v any) {
			switch v := v.(type) {
			case []any:
				for _, e := range v {
					walk(e)
				}
			case map[string]any:
				for k, e := range v {
					if !name.MatchString(k) {
						t.Errorf("%s names a field %q", args[0], k)
					}
					walk(e)
				}
			}
		}
		walk(v)
	}
}
