package store

import (
	"context"
	"strings"
	"testing"

	"framewatch/crawler/article"
)

// later is a version of the extractor above all others.
const later = article.Version + 1

// reextract runs what give makes of each outdated article through the store, two at a time.
func (c *crawl) reextract(give func(p article.Page) article.Article) ExtractSummary {
	c.t.Helper()
	ctx := context.Background()
	var sum ExtractSummary
	for after := int64(0); ; {
		due, err := c.db.Outdated(ctx, later, after, 2)
		must(c.t, err)
		if len(due) == 0 {
			return sum
		}
		var batch []Extracted
		for _, o := range due {
			p, err := o.Page()
			must(c.t, err)
			batch = append(batch, Extracted{o, give(p)})
			after = o.ID
		}
		s, err := c.db.SaveExtracted(ctx, later, c.at, batch)
		must(c.t, err)
		sum = ExtractSummary{sum.Changed + s.Changed, sum.Updated + s.Updated, sum.Same + s.Same}
	}
}

// again is the article that the page helper stored, as a later extractor would see it.
func again(title string) func(p article.Page) article.Article {
	return func(p article.Page) article.Article {
		return article.Article{Title: title, Text: strings.TrimPrefix(string(p.Body), "<p>"), Language: "en", Via: "later", Agreement: 0.5}
	}
}

func (c *crawl) backlog() Backlog {
	c.t.Helper()
	b, err := c.db.Backlog(context.Background(), later)
	must(c.t, err)
	return b
}

// audit wants the month counts to be those that counting anew gives.
func audit(t *testing.T, db *DB) {
	t.Helper()
	for _, q := range []string{
		`SELECT month, frame, articles FROM month_count WHERE articles <> 0 EXCEPT SELECT * FROM counted`,
		`SELECT * FROM counted EXCEPT SELECT month, frame, articles FROM month_count`,
	} {
		wantRows(t, db, `WITH counted AS (
			SELECT a.month, '' AS frame, count(*) FROM article AS a JOIN topic AS t ON t.article_id = a.id AND t.relevant = 1
			WHERE a.month IS NOT NULL GROUP BY 1
			UNION ALL
			SELECT a.month, r.counts_for, count(DISTINCT a.id) FROM article AS a JOIN topic AS t ON t.article_id = a.id AND t.relevant = 1
			JOIN mention AS m ON m.article_id = a.id AND m.codebook_id = t.codebook_id
			JOIN frame_rollup AS r ON r.codebook_id = m.codebook_id AND r.frame = m.frame
			WHERE a.month IS NOT NULL GROUP BY 1, 2) `+q)
	}
}

func TestAnotherTextOfTheSamePageIsARevisionToAnalyze(t *testing.T) {
	c := newCrawl(t)
	g := wordGate{smallBook("small")}
	for i, url := range []string{"https://courier.example/1", "https://courier.example/2", "https://courier.example/3"} {
		c.fetch(page{url: url, title: "On AI", text: essay(i + 1), published: "2025-01-20"})
	}
	g.analyze(t, c.db)
	sum := c.reextract(func(p article.Page) article.Article {
		a := again("On AI")(p)
		if strings.HasSuffix(p.URL, "/2") {
			a.Text = strings.Replace(a.Text, "a race.", "trade.", 1)
		}
		return a
	})
	if want := (ExtractSummary{Changed: 1, Same: 2}); sum != want {
		t.Errorf("got %+v, want %+v", sum, want)
	}
	wantRows(t, c.db, `SELECT url, revision, extractor, via, agreement FROM article ORDER BY id`,
		"https://courier.example/1|1|2|later|0.5", "https://courier.example/2|2|2|later|0.5", "https://courier.example/3|1|2|later|0.5")
	wantRows(t, c.db, `SELECT extractor, text LIKE '%a race.' FROM article_revision`, "1|1")
	wantRows(t, c.db, `SELECT url, count(*) FROM v_mention GROUP BY 1`, "https://courier.example/1|1", "https://courier.example/3|1")
	wantRows(t, c.db, `SELECT n, k FROM v_month WHERE frame = 'race'`, "3|2")
	wantRows(t, c.db, `SELECT count(*) FROM article_search WHERE article_search MATCH 'trade'`, "1")
	audit(t, c.db)
	why, err := c.db.StaleWhy(context.Background(), g.book.Fingerprint(), 1)
	must(t, err)
	if len(why) != 1 || why[0] != (Why{"text changed", 1}) {
		t.Errorf("due for analysis: %v", why)
	}
	if n := g.analyze(t, c.db); n != 1 {
		t.Errorf("%d articles analyzed, want 1", n)
	}
	audit(t, c.db)
	if b := c.backlog(); b.Pages() != 0 {
		t.Errorf("still due: %+v", b)
	}
	before := table(t, c.db, `SELECT * FROM article`)
	if sum := c.reextract(again("Never asked")); sum != (ExtractSummary{}) || strings.Join(before, "\n") != strings.Join(table(t, c.db, `SELECT * FROM article`), "\n") {
		t.Errorf("a second round did something: %+v", sum)
	}
}

func TestBetterFactsAreTakenAndKnownOnesKept(t *testing.T) {
	c := newCrawl(t)
	g := wordGate{smallBook("small")}
	c.fetch(page{url: "https://courier.example/1", title: "On AI", text: essay(1), published: "2025-01"})
	c.fetch(page{url: "https://courier.example/2", title: "On AI again", text: essay(2), published: "2025-01-20"})
	g.analyze(t, c.db)
	date, err := article.ParseDate("2025-02-03")
	must(t, err)
	sum := c.reextract(func(p article.Page) article.Article {
		a := again("")(p)
		if strings.HasSuffix(p.URL, "/1") {
			a.Published, a.DateFrom, a.Authors, a.Paywalled = date, "json-ld", []string{"Ada Moor"}, true
		}
		a.Canonical = "https://courier.example/elsewhere"
		return a
	})
	if want := (ExtractSummary{Updated: 1, Same: 1}); sum != want {
		t.Errorf("got %+v, want %+v", sum, want)
	}
	wantRows(t, c.db, `SELECT url, title, published, date_from, authors, paywalled, revision FROM article ORDER BY id`,
		`https://courier.example/1|On AI|2025-02-03|json-ld|["Ada Moor"]|1|1`, `https://courier.example/2|On AI again|2025-01-20|meta|[]|0|1`)
	wantRows(t, c.db, `SELECT month, n, k FROM v_month WHERE frame = 'race'`, "2025-01|1|1", "2025-02|1|1")
	wantRows(t, c.db, `SELECT count(*) FROM article_url WHERE url LIKE '%elsewhere'`, "0")
	audit(t, c.db)
}

func TestOnlyArticlesWithTheirPageAreDue(t *testing.T) {
	c := newCrawl(t)
	text := record(t, "text", "https://courier.example/text", "On AI and China", "2025-01-20", essay(7))
	text.Article.Via = "import"
	importAll(t, c.db, text)
	saved := record(t, "saved", "https://other.example/saved", "On AI, China too", "2025-01-20", "Another race.")
	saved.Article.Via = "readability"
	importAll(t, c.db, saved)
	c.fetch(page{url: "https://courier.example/on", title: "On AI", text: essay(1)})
	c.fetch(page{url: "https://courier.example/off", title: "Harvest", text: "A report on wheat."})
	if s := c.fetch(page{url: "https://courier.example/text", title: "On AI and China", text: essay(7)}); s.New || s.Changed {
		t.Fatalf("the crawl did not find the imported text: %+v", s)
	}
	must(t, c.db.UseCodebook(context.Background(), smallBook("small"), 1))
	b := c.backlog()
	if len(b.Due) != 1 || b.Due[0] != (Extractor{article.Version, 1}) || b.OffTopic != 1 || b.NoPage != 1 {
		t.Errorf("backlog %+v", b)
	}
	if sum := c.reextract(again("On AI")); sum != (ExtractSummary{Same: 1}) {
		t.Errorf("%+v", sum)
	}
	wantRows(t, c.db, `SELECT url, extractor FROM article ORDER BY id`, "https://courier.example/text|0", "https://other.example/saved|1",
		"https://courier.example/on|2", "https://courier.example/off|1")
	if _, err := c.db.DropTexts(context.Background()); err != nil {
		t.Fatal(err)
	}
	_, err := c.db.writer.conn.ExecContext(context.Background(), `UPDATE article SET extractor = 1 WHERE extractor = 2`)
	must(t, err)
	if b := c.backlog(); b.Pages() != 0 || b.OffTopic != 1 || b.NoPage != 2 {
		t.Errorf("backlog after the texts were dropped: %+v", b)
	}
}

func TestTheLastPageOfTheArticleItselfIsAsked(t *testing.T) {
	c := newCrawl(t)
	p := page{url: "https://courier.example/1", title: "On AI", text: essay(1)}
	c.fetch(p)
	first := p.text
	p.text += " A correction was added."
	c.fetch(p)
	copied := p
	copied.url, copied.text = "https://courier.example/print/1", first+" Printed."
	if s := c.fetch(copied); s.New || s.Changed {
		t.Fatalf("the copy was not seen as one: %+v", s)
	}
	if sum := c.reextract(again("On AI")); sum != (ExtractSummary{Same: 1}) {
		t.Errorf("another page than the last one was read: %+v", sum)
	}
	// Once the article is off topic its page is not kept, and the older one must not bring the old text back.
	p.text = "A report on wheat."
	if s := c.fetch(p); !s.Changed || s.Relevant {
		t.Fatalf("%+v", s)
	}
	if b := c.backlog(); b.Pages() != 0 || b.OffTopic != 1 {
		t.Errorf("backlog %+v", b)
	}
}

func TestResultsForATextThatHasChangedAreNotSaved(t *testing.T) {
	c := newCrawl(t)
	p := page{url: "https://courier.example/1", title: "On AI", text: essay(1)}
	c.fetch(p)
	due, err := c.db.Outdated(context.Background(), later, 0, 9)
	must(t, err)
	p.text = essay(2)
	c.fetch(p)
	sum, err := c.db.SaveExtracted(context.Background(), later, c.at, []Extracted{{due[0], article.Article{Title: "Old", Text: "Old."}}})
	must(t, err)
	if sum != (ExtractSummary{}) {
		t.Errorf("%+v", sum)
	}
	wantRows(t, c.db, `SELECT title, extractor, revision FROM article`, "On AI|1|2")
}

func TestDamagedPagesAreNamed(t *testing.T) {
	c := newCrawl(t)
	for i, url := range []string{"https://courier.example/1", "https://courier.example/2", "https://courier.example/3"} {
		c.fetch(page{url: url, title: "On AI", text: essay(i + 1)})
	}
	for id, change := range []string{`body = x'00'`, `body = substr(body, 1, length(body) - 9)`, `size = size - 1`} {
		_, err := c.db.writer.conn.ExecContext(context.Background(), `UPDATE page SET `+change+` WHERE id = ?`, id+1)
		must(t, err)
	}
	due, err := c.db.Outdated(context.Background(), later, 0, 9)
	must(t, err)
	if len(due) != 3 {
		t.Fatalf("%d due, want 3", len(due))
	}
	for _, o := range due {
		if _, err := o.Page(); err == nil || !strings.Contains(err.Error(), "damaged") {
			t.Errorf("article %d: %v", o.ID, err)
		}
	}
}

func TestAFailedSaveOfExtractedArticlesLeavesNothing(t *testing.T) {
	c := newCrawl(t)
	c.fetch(page{url: "https://courier.example/1", title: "On AI", text: essay(1)})
	due, err := c.db.Outdated(context.Background(), later, 0, 9)
	must(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := c.db.SaveExtracted(ctx, later, c.at, []Extracted{{due[0], article.Article{Title: "New", Text: "New."}}}); err == nil {
		t.Error("a canceled save gave no error")
	}
	wantRows(t, c.db, `SELECT title, extractor FROM article`, "On AI|1")
}

func TestOutdatedPagesKeepTheirContentType(t *testing.T) {
	c := newCrawl(t)
	c.fetch(page{url: "https://courier.example/1", title: "On AI", text: essay(1), header: map[string][]string{"Content-Type": {"text/html; charset=gbk"}}})
	due, err := c.db.Outdated(context.Background(), later, 0, 9)
	must(t, err)
	p, err := due[0].Page()
	must(t, err)
	if p.ContentType != "text/html; charset=gbk" || p.URL != "https://courier.example/1" || !p.Fetched.Equal(c.at) {
		t.Errorf("got %+v", p)
	}
}

func TestATextThatComesBackIsAnalyzedAgain(t *testing.T) {
	c := newCrawl(t)
	g := wordGate{smallBook("small")}
	p := page{url: "https://courier.example/1", title: "On AI", text: essay(1), published: "2025-01-20"}
	c.fetch(p)
	g.analyze(t, c.db)
	c.reextract(again("On AI, a race"))
	c.fetch(p)
	if n := g.analyze(t, c.db); n != 1 {
		t.Errorf("%d articles analyzed, want 1", n)
	}
	wantRows(t, c.db, `SELECT revision, (SELECT count(*) FROM v_mention) FROM article`, "3|1")
	audit(t, c.db)
}
