package main

import (
	"context"
	"strings"
	"testing"

	"framewatch/configs/demosite"
	"framewatch/store"
)

// TestDemoDates holds the day and the byline of every article that the demo crawls to what its outlet printed.
func TestDemoDates(t *testing.T) {
	dir := t.TempDir()
	var out, errs strings.Builder
	if code := run(context.Background(), []string{"demo", "--out", dir}, nil, &out, &errs); code != exitDone {
		t.Fatal(errs.String())
	}
	res, err := store.Query(context.Background(), dir+"/framewatch.db", "SELECT title || '|' || source, coalesce(published, ''), authors FROM v_article", store.Limits{})
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
