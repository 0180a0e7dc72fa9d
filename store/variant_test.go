package store

import "testing"

func TestPagesInAnotherDressAreOneArticle(t *testing.T) {
	c := newCrawl(t)
	first := c.fetch(page{url: "https://courier.example/2025/story.html", title: "AI and China", text: essay(1)})
	for _, p := range []page{
		{url: "https://courier.example/2025/story.amp.html", title: "AI and China (lean)", text: essay(1)},
		{url: "https://m.courier.example/2025/story.html", title: "Courier mobile: AI and China", text: essay(1) + " Read on our site."},
		{url: "https://courier.example/2025/story.html?print=1", title: "Print: AI and China", text: essay(1)},
		{url: "https://courier.example/short", final: "https://courier.example/amp/2025/story.html", title: "Lean", text: essay(1)},
	} {
		if saved := c.fetch(p); saved.New || saved.Changed || saved.ArticleID != first.ArticleID {
			t.Errorf("%s: %+v, want it linked to article %d", p.url, saved, first.ArticleID)
		}
	}
	for _, p := range []page{
		{url: "https://courier.example/2025/story.html?view=print", title: "AI and China", text: essay(2)}, // the address alone says nothing
		{url: "https://courier.example/2025/story.html?page=2", title: "AI and China, 2", text: essay(1)},  // nor the text alone
		{url: "https://other.example/2025/story.html", title: "Reprint", text: essay(1)},                   // another site
	} {
		if saved := c.fetch(p); !saved.New {
			t.Errorf("%s: %+v, want an article of its own", p.url, saved)
		}
	}
	wantRows(t, c.db, `SELECT count(*), count(DISTINCT article_id) FROM v_url WHERE article_id = 1`, "6|1")
	wantRows(t, c.db, `SELECT title, revision FROM v_article WHERE article_id = 1`, "AI and China|1")
}
