package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Code is what a person coded of a unit that a sample gave: a span of a mention, or a whole article.
type Code struct {
	Origin string // file and line, for messages
	Coder  string
	Unit   string // "span" or "article"
	// Article is the article's external id or the hash of its text, as the samples give it.
	Article string
	Asked   string // the frame that was asked about; articles only
	Section string // "headline", or any other; spans only
	// SpanStart and SpanEnd count code points in the title or the text; Trigger is what must stand there, "" if untold.
	SpanStart, SpanEnd int
	Trigger            string
	Frame, Stance      string // the coder's; "" for none
	SampledFrame       string // the program's when the unit was drawn
	SampledStance      string
	Codebook           string // fingerprint by which it was drawn
	Inclusion          float64
}

// CodesSummary counts what [DB.SaveCodes] did.
type CodesSummary struct {
	New     int `json:"new"`
	Changed int `json:"changed"` // coded before by the same coder, otherwise
	Same    int `json:"same"`
}

// CodeProblem is a code that cannot be stored, and why.
type CodeProblem struct{ Origin, Reason string }

func (p CodeProblem) Error() string { return p.Origin + ": " + p.Reason }

// SaveCodes stores codes in one transaction; what cannot be stored is handed to report and left out. A coder's code of a
// unit takes the place of an earlier one.
func (db *DB) SaveCodes(ctx context.Context, codes []Code, at time.Time, report func(CodeProblem)) (CodesSummary, error) {
	var sum CodesSummary
	err := db.write(ctx, "save codes", func(t *txn) error {
		sum = CodesSummary{}
		known, err := knownFrames(ctx, t)
		if err != nil {
			return err
		}
		for _, c := range codes {
			err := saveCode(ctx, t, c, known, at, &sum)
			var problem CodeProblem
			if errors.As(err, &problem) {
				report(problem)
			} else if err != nil {
				return fmt.Errorf("%s: %w", c.Origin, err)
			}
		}
		return nil
	})
	if err != nil {
		return CodesSummary{}, err
	}
	return sum, nil
}

// knownFrames are the frames of every codebook that was used: a coder may follow an earlier one.
func knownFrames(ctx context.Context, t *txn) (map[string]bool, error) {
	known := map[string]bool{"": true}
	err := t.rows(ctx, func(r scanner) error {
		var frame string
		err := r.Scan(&frame)
		known[frame] = true
		return err
	}, `SELECT DISTINCT frame FROM frame`)
	return known, err
}

func saveCode(ctx context.Context, t *txn, c Code, known map[string]bool, at time.Time, sum *CodesSummary) error {
	if err := c.check(known); err != nil {
		return err
	}
	section := ""
	if c.Unit == "span" {
		if section = "text"; c.Section == "headline" {
			section = "headline"
		}
	}
	var article int64
	var hash, there string
	var text sql.NullBool
	err := t.row(ctx, `SELECT id, text_hash, substr(body, ?2 + 1, ?3 - ?2), body IS NOT NULL
		FROM (SELECT a.id, a.text_hash, CASE ?4 WHEN 'headline' THEN a.title ELSE (SELECT b.text FROM article_text AS b WHERE b.article_id = a.id) END AS body
			FROM article AS a
			WHERE a.id = coalesce((SELECT article_id FROM article_external WHERE external_id = ?1), (SELECT id FROM article WHERE text_hash = ?1 ORDER BY id LIMIT 1)))`,
		c.Article, c.SpanStart, c.SpanEnd, section).Scan(&article, &hash, (*nullText)(&there), &text)
	if errors.Is(err, sql.ErrNoRows) {
		return CodeProblem{c.Origin, fmt.Sprintf("no article %q here, by external id or text_hash", c.Article)}
	}
	if err != nil {
		return err
	}
	if c.Unit == "span" && c.Trigger != "" && text.Bool && there != c.Trigger {
		return CodeProblem{c.Origin, fmt.Sprintf("the text of %q has changed: the span holds %q, not %q", c.Article, there, c.Trigger)}
	}
	var frame, stance string
	err = t.row(ctx, `SELECT frame, stance FROM gold WHERE coder = ? AND unit = ? AND article_id = ? AND asked = ? AND section = ? AND span_start = ? AND span_end = ?`,
		c.Coder, c.Unit, article, c.Asked, section, c.SpanStart, c.SpanEnd).Scan(&frame, &stance)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		sum.New++
	case err != nil:
		return err
	case frame == c.Frame && stance == c.Stance:
		sum.Same++
	default:
		sum.Changed++
	}
	_, err = t.exec(ctx, `INSERT INTO gold (coder, unit, article_id, text_hash, asked, section, span_start, span_end, frame, stance,
			sampled_frame, sampled_stance, codebook, inclusion, imported)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (coder, unit, article_id, asked, section, span_start, span_end) DO UPDATE SET text_hash = excluded.text_hash,
			frame = excluded.frame, stance = excluded.stance, sampled_frame = excluded.sampled_frame,
			sampled_stance = excluded.sampled_stance, codebook = excluded.codebook, inclusion = excluded.inclusion, imported = excluded.imported`,
		c.Coder, c.Unit, article, hash, c.Asked, section, c.SpanStart, c.SpanEnd, c.Frame, c.Stance,
		c.SampledFrame, c.SampledStance, c.Codebook, c.Inclusion, stamp(at))
	return err
}

// check tells what is wrong with a code by itself.
func (c Code) check(known map[string]bool) error {
	reason := ""
	switch {
	case c.Coder == "":
		reason = "no coder; give --coder NAME, or a column coder"
	case c.Unit != "span" && c.Unit != "article":
		reason = fmt.Sprintf("unit is %q; it must be span or article", c.Unit)
	case c.Article == "":
		reason = "no article"
	case !known[c.Frame]:
		reason = fmt.Sprintf("code_frame %q is no frame of a codebook here; write none for no frame", c.Frame)
	case c.Unit == "article" && (c.Asked == "" || !known[c.Asked]):
		reason = fmt.Sprintf("asked is %q, which is no frame of a codebook here", c.Asked)
	case c.Unit == "article" && c.Frame != "" && c.Frame != c.Asked:
		reason = fmt.Sprintf("code_frame is %q, but %q was asked about; write that frame or none", c.Frame, c.Asked)
	case c.Unit == "span" && (c.SpanStart < 0 || c.SpanEnd <= c.SpanStart):
		reason = fmt.Sprintf("span_start %d and span_end %d are no span", c.SpanStart, c.SpanEnd)
	case c.Stance != "" && c.Stance != "asserts" && c.Stance != "contests" && c.Stance != "reports":
		reason = fmt.Sprintf("code_stance is %q; it must be asserts, contests, reports or empty", c.Stance)
	case c.Inclusion <= 0 || c.Inclusion > 1:
		reason = fmt.Sprintf("inclusion is %v; a probability is above 0 and at most 1", c.Inclusion)
	default:
		return nil
	}
	return CodeProblem{c.Origin, reason}
}

// nullText scans NULL as "".
type nullText string

// Scan reads a text or NULL.
func (n *nullText) Scan(v any) error {
	*n = ""
	if s, ok := v.(string); ok {
		*n = nullText(s)
	}
	return nil
}
