package main

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"framewatch/crawler"
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
