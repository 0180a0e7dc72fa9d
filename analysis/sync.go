package analysis

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"

	"framewatch/analysis/codebook"
)

// Corpus is what [Sync] reads documents from and writes results to.
type Corpus interface {
	// UseCodebook registers the codebook and makes it the active one.
	UseCodebook(ctx context.Context, cb *codebook.Codebook, engine int) error
	// Stale returns up to n documents with ids above after, ascending, that have
	// no result for this fingerprint and engine.
	Stale(ctx context.Context, fingerprint string, engine int, after int64, n int) ([]Document, error)
	// SaveAnalysis stores results in one transaction.
	SaveAnalysis(ctx context.Context, fingerprint string, engine int, batch []Analyzed) error
}

// Analyzed is one document with its result.
type Analyzed struct {
	Document Document
	Topic    Topic
	Mentions []Mention
}

// Summary counts what a [Sync] did.
type Summary struct {
	Documents int `json:"documents"`
	Relevant  int `json:"relevant"`
	Mentions  int `json:"mentions"`
}

// batchSize bounds what one transaction holds and what a crash repeats.
const batchSize = 200

// Sync codes every stale document of the corpus, at most workers at a time, and
// saves batch by batch. progress, if not nil, is called with the number of
// documents saved so far. On error or cancellation the batches saved stand,
// and the Summary counts them.
func Sync(ctx context.Context, a *Analyzer, c Corpus, workers int, progress func(done int)) (Summary, error) {
	var sum Summary
	cb := a.Codebook()
	if err := c.UseCodebook(ctx, cb, Engine); err != nil {
		return sum, fmt.Errorf("register codebook: %w", err)
	}
	fingerprint := cb.Fingerprint()
	after := int64(-1 << 63)
	for {
		docs, err := c.Stale(ctx, fingerprint, Engine, after, batchSize)
		if err != nil {
			return sum, fmt.Errorf("list stale documents: %w", err)
		}
		if len(docs) == 0 {
			return sum, nil
		}
		batch, err := analyzeAll(ctx, a, docs, workers)
		if err != nil {
			return sum, err
		}
		if err := c.SaveAnalysis(ctx, fingerprint, Engine, batch); err != nil {
			return sum, fmt.Errorf("save analysis: %w", err)
		}
		for _, b := range batch {
			sum.Documents++
			if b.Topic.Relevant {
				sum.Relevant++
			}
			sum.Mentions += len(b.Mentions)
		}
		if progress != nil {
			progress(sum.Documents)
		}
		after = docs[len(docs)-1].ID
	}
}

// analyzeAll keeps the order of docs whatever the number of workers.
func analyzeAll(ctx context.Context, a *Analyzer, docs []Document, workers int) ([]Analyzed, error) {
	out := make([]Analyzed, len(docs))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(max(1, workers))
	for i, d := range docs {
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			out[i] = a.Code(d)
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return out, nil
}
