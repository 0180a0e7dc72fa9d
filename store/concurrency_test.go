package store

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"framewatch/crawler"
	"framewatch/crawler/article"
)

// Four workers fetch while readers read and an analysis runs: nobody fails, nothing is lost or doubled.
func TestWorkersReadersAndAnalysisShareTheDatabase(t *testing.T) {
	ctx := context.Background()
	db, g := newDB(t)
	const lanes, perLane = 4, 25
	_, err := db.BeginRun(ctx, "crawl", []crawler.Source{{ID: "courier", Name: "The Courier", Type: "news"}}, noon)
	must(t, err)
	must(t, db.UseCodebook(ctx, g.book, 1))
	var entries []crawler.Entry
	for i := range lanes * perLane {
		entries = append(entries, crawler.Entry{URL: fmt.Sprintf("https://courier.example/%d", i), Source: "courier", Lane: fmt.Sprint("lane", i%lanes)})
	}
	_, err = db.Add(ctx, entries, noon)
	must(t, err)

	stop := make(chan struct{})
	var readers, workers sync.WaitGroup
	for _, view := range []string{"v_month", "v_article", "v_mention"} {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if rows, err := db.QueryContext(ctx, "SELECT count(*) FROM "+view); err != nil {
					t.Error(err)
				} else {
					rows.Close()
				}
			}
		})
	}
	readers.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				g.analyze(t, db)
			}
		}
	})
	for lane := range lanes {
		workers.Go(func() {
			for {
				jobs, err := db.Lease(ctx, fmt.Sprint("lane", lane), []string{"courier"}, noon, noon.Add(time.Hour), 3)
				if err != nil || len(jobs) == 0 {
					if err != nil {
						t.Error(err)
					}
					return
				}
				for _, j := range jobs {
					if _, err := db.Finish(ctx, crawler.Outcome{Job: j, State: crawler.Stored, At: noon,
						Page:    &crawler.Page{URL: j.URL, Final: j.URL, Status: 200, FetchedAt: noon, Body: []byte(j.URL)},
						Article: &article.Article{Title: "AI " + j.URL, Text: "China, race, " + j.URL, Published: article.Date{Time: noon, Precision: article.PrecisionDay}}}); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	workers.Wait()
	close(stop)
	readers.Wait()
	g.analyze(t, db)
	n := fmt.Sprint(lanes * perLane)
	wantRows(t, db, `SELECT count(*), count(DISTINCT url) FROM v_article`, n+"|"+n)
	wantRows(t, db, `SELECT n, k FROM v_month WHERE frame = 'race'`, n+"|"+n)
	wantRows(t, db, `SELECT attempted, fetched, new FROM v_coverage`, n+"|"+n+"|"+n)
	wantRows(t, db, `SELECT count(*) FROM frontier WHERE state <> 'stored' OR lease <> ''`, "0")
}

func TestACanceledCallLeavesNothingBehind(t *testing.T) {
	db, _ := newDB(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := db.Add(ctx, []crawler.Entry{entry("https://courier.example/1")}, noon); err == nil {
		t.Error("no error")
	}
	importAll(t, db, record(t, "1", "", "AI", "", "The database goes on."))
	wantRows(t, db, `SELECT (SELECT count(*) FROM frontier), (SELECT count(*) FROM v_article)`, "0|1")
}

func TestClosingTwiceIsHarmless(t *testing.T) {
	db, _ := newDB(t)
	must(t, db.Close())
	must(t, db.Close())
	if err := db.LoadEvents(context.Background(), nil); err == nil {
		t.Error("a closed database was written")
	}
}
