package store

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"framewatch/crawler"
)

// rawPages is what is left of the bodies, by address.
func rawPages(t *testing.T, db *DB) string {
	t.Helper()
	var out string
	must(t, db.reader.QueryRow(`SELECT coalesce(group_concat(substr(url, 25), ' ' ORDER BY url), '') FROM page WHERE body IS NOT NULL`).Scan(&out))
	return out
}

func TestPrunePages(t *testing.T) {
	ctx := context.Background()
	build := func(t *testing.T) *crawl {
		c := newCrawl(t)
		c.fetch(page{url: "https://courier.example/old", title: "AI and China", text: essay(1), keepRaw: true})
		c.fetch(page{url: "https://courier.example/off", title: "Gardens", text: "Nothing of that here, only roses and a hedge.", keepRaw: true})
		if c.add(entry("https://courier.example/none")) != 1 {
			t.Fatal("not queued")
		}
		c.finish(crawler.Outcome{Job: c.lease(1)[0], State: crawler.Rejected, Reason: "too_short", KeepRaw: true,
			Page: &crawler.Page{URL: "https://courier.example/none", Final: "https://courier.example/none", FetchedAt: c.at, Status: 200, Body: []byte("<p>x")}})
		c.at = noon.Add(100 * 24 * time.Hour)
		c.fetch(page{url: "https://courier.example/new", title: "AI and China again", text: essay(2), keepRaw: true})
		return c
	}
	for name, tc := range map[string]struct {
		r    Retention
		want Prunable // without Bytes
		left string
	}{
		"nothing is meant": {Retention{}, Prunable{Kept: 4}, "new none off old"},
		"by age":           {Retention{SeenBefore: noon.Add(90 * 24 * time.Hour)}, Prunable{Old: 3, Kept: 1}, "new"},
		"off topic":        {Retention{OffTopic: true}, Prunable{OffTopic: 1, NoArticle: 1, Kept: 2}, "new old"},
		"either":           {Retention{SeenBefore: noon.Add(90 * 24 * time.Hour), OffTopic: true}, Prunable{Old: 3, Kept: 1}, "new"},
		"none is so old":   {Retention{SeenBefore: noon.Add(-time.Hour)}, Prunable{Kept: 4}, "new none off old"},
	} {
		t.Run(name, func(t *testing.T) {
			c := build(t)
			facts := func() string {
				var s string
				must(t, c.db.reader.QueryRow(`SELECT (SELECT group_concat(title || text || text_hash) FROM v_article)
					|| (SELECT group_concat(url || status || size || sha256) FROM page) || (SELECT group_concat(url) FROM v_url)`).Scan(&s))
				return s
			}
			before := facts()
			counted, err := c.db.Prunable(ctx, tc.r)
			must(t, err)
			got, err := c.db.PrunePages(ctx, tc.r)
			must(t, err)
			if got != counted || (got.Bytes > 0) != (got.Pages() > 0) {
				t.Errorf("dropped %+v, counted %+v before", got, counted)
			}
			if got.Bytes = 0; got != tc.want || rawPages(t, c.db) != tc.left {
				t.Errorf("dropped %+v and left %q, want %+v and %q", got, rawPages(t, c.db), tc.want, tc.left)
			}
			if after := facts(); after != before {
				t.Errorf("something else has changed:\n%s\n%s", before, after)
			}
			if got, err := c.db.PrunePages(ctx, tc.r); err != nil || got.Pages() != 0 {
				t.Errorf("again: %+v, %v", got, err)
			}
		})
	}
	t.Run("a page fetched again is kept again", func(t *testing.T) {
		c := build(t)
		_, err := c.db.PrunePages(ctx, Retention{SeenBefore: c.at.Add(time.Hour)})
		must(t, err)
		c.fetch(page{url: "https://courier.example/new", title: "AI and China again", text: essay(2), keepRaw: true})
		if got := rawPages(t, c.db); got != "new" {
			t.Errorf("kept %q, want new", got)
		}
	})
}

func TestPruneTakesManyTransactions(t *testing.T) {
	c := newCrawl(t)
	n := pruneBatch + 10
	_, err := c.db.writer.conn.ExecContext(context.Background(), fmt.Sprintf(`WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < %d)
		INSERT INTO page (url, final, status, fetched, seen, size, sha256, header, body)
		SELECT 'https://courier.example/' || n, '', 200, '2020-01-01T00:00:00Z', '2020-01-01T00:00:00Z', 1000, '', '{}', zeroblob(4000) FROM i`, n))
	must(t, err)
	p, err := c.db.PrunePages(context.Background(), Retention{SeenBefore: noon})
	must(t, err)
	if p.Old != n || rawPages(t, c.db) != "" {
		t.Errorf("dropped %+v, want %d", p, n)
	}
	must(t, c.db.Compact(context.Background()))
	if size := int64(n) * 4000; fileBytes(t, c.db.Path()) > size/2 {
		t.Errorf("the file has %d bytes of %d that were in it", fileBytes(t, c.db.Path()), size)
	}
}

func TestPruneNeedsACodebookToKnowTheTopic(t *testing.T) {
	ctx := context.Background()
	db, err := Open(ctx, t.TempDir()+"/x.db", Options{})
	must(t, err)
	defer db.Close()
	if _, err := db.PrunePages(ctx, Retention{OffTopic: true}); err == nil {
		t.Error("pages are off topic by no codebook")
	}
}

func fileBytes(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	must(t, err)
	return info.Size()
}
