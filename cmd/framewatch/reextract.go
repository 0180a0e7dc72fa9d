package main

import (
	"context"
	"encoding/json"
	"fmt"

	"golang.org/x/sync/errgroup"

	"framewatch/crawler/article"
	"framewatch/store"
)

// batchPages is how many stored pages are extracted again in one transaction. A page may be large, and all of a batch
// are in memory, compressed.
const batchPages = 50

// reextraction is what came of extracting stored pages again; --json prints it.
type reextraction struct {
	Version  int         `json:"version"` // of the extractor
	Pages    int         `json:"pages"`   // pages read
	Changed  int         `json:"changed"` // articles with another text or title
	Updated  int         `json:"updated"` // the same text, but another date, author or language
	Same     int         `json:"same"`
	Failed   int         `json:"failed"`    // pages that give no article any more
	OffTopic int         `json:"off_topic"` // articles whose page was not kept, because they are off topic
	NoPage   int         `json:"no_page"`   // articles whose page is not here
	Problems []lostStory `json:"problems"`
}

// lostStory is an article whose page gives none any more; what was stored of it stays.
type lostStory struct {
	ArticleID int64  `json:"article_id"`
	URL       string `json:"url"`
	Reason    string `json:"reason"`
}

// reextract brings the articles in the database at path up to the extractor's version, from their stored pages.
func (e *env) reextract(ctx context.Context, path string, workers int) (reextraction, error) {
	if err := store.Exists(path); err != nil {
		return reextraction{}, err
	}
	unlock, err := store.Lock(path)
	if err != nil {
		return reextraction{}, err
	}
	defer unlock()
	c, err := e.coder(ctx, "", path)
	if err != nil {
		return reextraction{}, err
	}
	d, err := store.Open(ctx, path, store.Options{Gate: c, CodebookFile: c.file, Now: e.now, Version: version()})
	if err != nil {
		return reextraction{}, err
	}
	defer d.Close()
	b, err := d.Backlog(ctx, article.Version)
	if err != nil {
		return reextraction{}, err
	}
	r := reextraction{Version: article.Version, OffTopic: b.OffTopic, NoPage: b.NoPage, Problems: []lostStory{}}
	p := e.progress("extracting")
	defer p.end()
	for after := int64(0); ; {
		due, err := d.Outdated(ctx, article.Version, after, batchPages)
		if err != nil || len(due) == 0 {
			return r, err
		}
		good, err := r.extract(ctx, due, workers)
		if err != nil {
			return r, err
		}
		s, err := d.SaveExtracted(ctx, article.Version, e.now(), good)
		if err != nil {
			return r, err
		}
		r.Changed, r.Updated, r.Same = r.Changed+s.Changed, r.Updated+s.Updated, r.Same+s.Same
		after = due[len(due)-1].ID
		p.update(r.Pages, b.Pages(), "")
	}
}

// extract reads the articles from their pages, several at once, and returns those that there are, in order.
func (r *reextraction) extract(ctx context.Context, due []store.Outdated, workers int) ([]store.Extracted, error) {
	articles, problems := make([]article.Article, len(due)), make([]error, len(due))
	g := errgroup.Group{}
	g.SetLimit(max(1, workers))
	for i, o := range due {
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			page, err := o.Page()
			if err == nil {
				articles[i], err = article.Extract(page)
			}
			problems[i] = err
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	var good []store.Extracted
	for i, o := range due {
		r.Pages++
		if err := problems[i]; err != nil {
			r.Failed++
			r.Problems = append(r.Problems, lostStory{o.ID, o.URL, err.Error()})
			continue
		}
		good = append(good, store.Extracted{Outdated: o, Article: articles[i]})
	}
	return good, nil
}

// reportReextraction prints the summary line and the problems, and turns these into the exit status.
func (e *env) reportReextraction(r reextraction, asJSON bool) error {
	if asJSON {
		if err := json.NewEncoder(e.stdout).Encode(r); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(e.stdout, "extracted %d stored pages with extractor %d: %d changed, %d with new facts, %d as before, %d failed; %d off topic and %d others have no stored page\n",
			r.Pages, r.Version, r.Changed, r.Updated, r.Same, r.Failed, r.OffTopic, r.NoPage)
		if r.Changed > 0 {
			fmt.Fprintln(e.stdout, `"framewatch analyze" codes the changed texts`)
		}
	}
	const shown = 20
	for i, p := range r.Problems {
		if i == shown {
			fmt.Fprintf(e.stderr, "… and %d more; --json lists them all\n", len(r.Problems)-shown)
			break
		}
		fmt.Fprintf(e.stderr, "%s\n", oneLine(fmt.Errorf("%s: %s", p.URL, p.Reason)))
	}
	if r.Failed > 0 {
		return &partialError{fmt.Sprintf("%d of %d stored page(s) give no article any more; the stored articles are kept", r.Failed, r.Pages)}
	}
	return nil
}

// explainBacklog prints which articles are due and why, without changing the database.
func (e *env) explainBacklog(ctx context.Context, path string, asJSON bool) error {
	d, err := store.OpenReadOnly(ctx, path)
	if err != nil {
		return err
	}
	defer d.Close()
	b, err := d.Backlog(ctx, article.Version)
	if err != nil {
		return err
	}
	if asJSON {
		return json.NewEncoder(e.stdout).Encode(reextraction{Version: article.Version, Pages: b.Pages(), OffTopic: b.OffTopic, NoPage: b.NoPage, Problems: []lostStory{}})
	}
	for _, x := range b.Due {
		fmt.Fprintf(e.stdout, "%6d  extracted by version %d, this is version %d\n", x.Articles, x.Version, article.Version)
	}
	if b.OffTopic > 0 {
		fmt.Fprintf(e.stdout, "%6d  cannot be: off topic, so that the page was not kept\n", b.OffTopic)
	}
	if b.NoPage > 0 {
		fmt.Fprintf(e.stdout, "%6d  cannot be: no stored page (imported from a file, or dropped)\n", b.NoPage)
	}
	if b.Pages() == 0 {
		fmt.Fprintln(e.stdout, "nothing to do: no stored page was extracted by an older version")
		return nil
	}
	fmt.Fprintf(e.stdout, "%6d  articles to extract again\n", b.Pages())
	return nil
}
