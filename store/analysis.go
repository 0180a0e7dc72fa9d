package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"framewatch/analysis"
)

// staleWhere holds for the articles that are due: never coded with this codebook, coded in another text, or coded by
// another engine. A text that was dropped cannot be coded; whether there is one is asked of the due ones alone (CASE
// holds the planner to that), because it takes reading the pages of the texts.
const staleWhere = `FROM article AS a
	LEFT JOIN analysis AS n ON n.article_id = a.id
		AND n.codebook_id = (SELECT id FROM codebook WHERE fingerprint = :fingerprint)
	WHERE CASE WHEN n.article_id IS NULL OR n.text_hash <> a.text_hash OR n.engine <> :engine
		THEN EXISTS (SELECT 1 FROM article_text AS b WHERE b.article_id = a.id) END`

// Stale returns up to n documents with ids above after, ascending, whose current text has not been coded with the
// codebook by the engine.
func (db *DB) Stale(ctx context.Context, fingerprint string, engine int, after int64, n int) ([]analysis.Document, error) {
	rows, err := db.reader.QueryContext(ctx, `SELECT a.id, a.title,
			(SELECT b.text FROM article_text AS b WHERE b.article_id = a.id), a.language, a.text_hash `+staleWhere+`
		AND a.id > :after ORDER BY a.id LIMIT :n`,
		sql.Named("fingerprint", fingerprint), sql.Named("engine", engine), sql.Named("after", after), sql.Named("n", n))
	var docs []analysis.Document
	err = each(rows, err, func(r scanner) error {
		var d analysis.Document
		if err := r.Scan(&d.ID, &d.Title, &d.Text, &d.Language, &d.TextHash); err != nil {
			return err
		}
		docs = append(docs, d)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read stale articles: %w", explain(err))
	}
	return docs, nil
}

// Why counts the articles that are due for one reason.
type Why struct {
	Reason string // "new", "text changed", "codebook changed" or "engine changed"
	N      int
}

// StaleWhy says why articles are due for this codebook and engine, in a fixed order; empty if none is.
func (db *DB) StaleWhy(ctx context.Context, fingerprint string, engine int) ([]Why, error) {
	rows, err := db.reader.QueryContext(ctx, `SELECT CASE
			WHEN n.text_hash <> a.text_hash THEN 'text changed'
			WHEN n.article_id IS NOT NULL THEN 'engine changed'
			WHEN EXISTS (SELECT 1 FROM analysis AS o WHERE o.article_id = a.id) THEN 'codebook changed'
			ELSE 'new' END AS why, count(*) `+staleWhere+`
		GROUP BY why ORDER BY instr('new text changed codebook changed engine changed', why)`,
		sql.Named("fingerprint", fingerprint), sql.Named("engine", engine))
	var all []Why
	err = each(rows, err, func(r scanner) error {
		var w Why
		if err := r.Scan(&w.Reason, &w.N); err != nil {
			return err
		}
		all = append(all, w)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("count stale articles: %w", explain(err))
	}
	return all, nil
}

// SaveAnalysis stores the results of a batch in one transaction, in place of earlier ones of the same codebook. A
// document whose text has changed since it was read is passed over: it stays stale.
func (db *DB) SaveAnalysis(ctx context.Context, fingerprint string, engine int, batch []analysis.Analyzed) error {
	return db.write(ctx, "save analysis", func(t *txn) error {
		s := saving{engine: engine, at: stamp(db.now()), counts: tally{}, who: speakers{}}
		err := t.row(ctx, `SELECT id FROM codebook WHERE fingerprint = ?`, fingerprint).Scan(&s.codebook)
		if errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("codebook %s is not in use; call UseCodebook first", fingerprint)
		}
		if err != nil {
			return err
		}
		if s.rollup, err = loadRollup(ctx, t, s.codebook); err != nil {
			return err
		}
		for _, a := range batch {
			if err := s.save(ctx, t, a); err != nil {
				return fmt.Errorf("article %d: %w", a.Document.ID, err)
			}
		}
		return s.counts.save(ctx, t, s.codebook)
	})
}

// saving is one call of SaveAnalysis.
type saving struct {
	codebook int64
	engine   int
	at       string
	rollup   map[string][]string
	counts   tally
	who      speakers
}

func (s *saving) save(ctx context.Context, t *txn, a analysis.Analyzed) error {
	id := a.Document.ID
	current, err := s.withdraw(ctx, t, a.Document)
	if err != nil || current == nil {
		return err
	}
	if !a.Topic.Relevant && len(a.Mentions) > 0 {
		return fmt.Errorf("%d mentions, but it is not relevant", len(a.Mentions))
	}
	if err := saveTopic(ctx, t, id, s.codebook, a.Topic); err != nil {
		return err
	}
	if err := saveMentions(ctx, t, s.codebook, a.Document, *current, a.Mentions, s.who); err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO analysis (article_id, codebook_id, text_hash, engine, analyzed, mentions) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (article_id, codebook_id) DO UPDATE SET text_hash = excluded.text_hash, engine = excluded.engine,
			analyzed = excluded.analyzed, mentions = excluded.mentions`,
		id, s.codebook, a.Document.TextHash, s.engine, s.at, len(a.Mentions))
	if err != nil || !a.Topic.Relevant {
		return err
	}
	return s.count(current.counted(), a.Mentions)
}

// facts are what a mention repeats of its article.
type facts struct {
	month                  sql.NullString
	article, outlet, story int64
}

// counted is where the article is counted.
func (f facts) counted() counted { return counted{f.month.String, f.story == f.article} }

// withdraw takes back what an earlier analysis with this codebook said. It returns nil if the article is gone or has
// another text by now.
func (s *saving) withdraw(ctx context.Context, t *txn, d analysis.Document) (*facts, error) {
	var hash string
	now := facts{article: d.ID}
	var relevant, mentions int
	err := t.row(ctx, `SELECT a.text_hash, a.month, a.outlet_id, a.story_id, coalesce(t.relevant, 0), coalesce(n.mentions, 0)
		FROM article AS a
		LEFT JOIN topic AS t ON t.article_id = a.id AND t.codebook_id = ?2
		LEFT JOIN analysis AS n ON n.article_id = a.id AND n.codebook_id = ?2
		WHERE a.id = ?1`, d.ID, s.codebook).Scan(&hash, &now.month, &now.outlet, &now.story, &relevant, &mentions)
	if errors.Is(err, sql.ErrNoRows) || err == nil && hash != d.TextHash {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	s.counts.add(now.counted(), "", -relevant)
	if mentions == 0 {
		return &now, nil
	}
	err = t.rows(ctx, func(r scanner) error {
		var frame string
		if err := r.Scan(&frame); err != nil {
			return err
		}
		s.counts.add(now.counted(), frame, -relevant)
		return nil
	}, `SELECT DISTINCT r.counts_for FROM mention AS m
		JOIN frame_rollup AS r ON r.codebook_id = m.codebook_id AND r.frame = m.frame
		WHERE m.article_id = ? AND m.codebook_id = ?`, d.ID, s.codebook)
	if err != nil {
		return nil, err
	}
	_, err = t.exec(ctx, `DELETE FROM mention WHERE article_id = ? AND codebook_id = ?`, d.ID, s.codebook)
	return &now, err
}

// count adds a relevant article to its month.
func (s *saving) count(at counted, mentions []analysis.Mention) error {
	s.counts.add(at, "", 1)
	seen := map[string]bool{}
	for _, m := range mentions {
		if s.rollup[m.Frame] == nil {
			return fmt.Errorf("frame %q is not in the codebook", m.Frame)
		}
		for _, frame := range s.rollup[m.Frame] {
			if !seen[frame] {
				seen[frame] = true
				s.counts.add(at, frame, 1)
			}
		}
	}
	return nil
}

func loadRollup(ctx context.Context, t *txn, codebook int64) (map[string][]string, error) {
	all := map[string][]string{}
	err := t.rows(ctx, func(r scanner) error {
		var frame, countsFor string
		if err := r.Scan(&frame, &countsFor); err != nil {
			return err
		}
		all[frame] = append(all[frame], countsFor)
		return nil
	}, `SELECT frame, counts_for FROM frame_rollup WHERE codebook_id = ?`, codebook)
	return all, err
}
