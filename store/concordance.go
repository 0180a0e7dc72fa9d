package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Concordance asks for the places where words, or a frame's triggers, stand in the texts, each with what is around it.
type Concordance struct {
	// Words is a phrase ("arms race"), its last word perhaps a beginning ("rac*"), or a full-text query with quotation
	// marks, AND, OR, NOT or parentheses, of which every phrase gives lines. "" asks for the triggers of Frame.
	Words string
	// Frame keeps to sentences with a mention of the frame or of one of its children. Required if there are no Words.
	Frame string
	// Outlet is the name or id of an outlet, From and To are the first and last date ("2025", "2025-01", "2025-01-20").
	Outlet, From, To string
	Sort             Order
	Width            int // code points on either side
	Limit            int // lines at most
}

// Order is the order of a concordance.
type Order string

// The orders. Left reads from the match to the left, word by word, so that like contexts come together.
const (
	ByDate  Order = "date"
	ByLeft  Order = "left"
	ByRight Order = "right"
)

// Orders lists the orders.
func Orders() []Order { return []Order{ByDate, ByLeft, ByRight} }

// Line is one line of a concordance. Offsets count code points in the title or the text; line breaks are blanks.
type Line struct {
	ArticleID  int64  `json:"article_id"`
	Outlet     string `json:"outlet"`
	Published  string `json:"published"`
	Section    string `json:"section"` // headline, or text where no mention tells more
	SpanStart  int    `json:"span_start"`
	SpanEnd    int    `json:"span_end"`
	Left       string `json:"left"`
	Match      string `json:"match"`
	Right      string `json:"right"`
	Frame      string `json:"frame,omitempty"`
	Stance     string `json:"stance,omitempty"`
	Voice      string `json:"voice,omitempty"`
	Speaker    string `json:"speaker,omitempty"`
	URL        string `json:"url"`
	sortedLeft string // words to the left, the nearest first
}

// mostLines bounds the lines that are sorted.
const mostLines = 200_000

// Concordance gives the lines, sorted, and how many there are without the limit. The stop is at 200,000.
func (db *DB) Concordance(ctx context.Context, c Concordance) (lines []Line, total int, err error) {
	find := db.wordLines
	if c.Words == "" {
		find = db.frameLines
	}
	if lines, err = find(ctx, c); err != nil {
		return nil, 0, fmt.Errorf("concordance: %w", explain(err))
	}
	slices.SortStableFunc(lines, c.Sort.compare)
	total = len(lines)
	return lines[:min(total, max(0, c.Limit))], total, nil
}

func (o Order) compare(a, b Line) int {
	first := 0
	switch o {
	case ByLeft:
		first = cmp.Compare(a.sortedLeft, b.sortedLeft)
	case ByRight:
		first = cmp.Compare(strings.ToLower(a.Right), strings.ToLower(b.Right))
	}
	return cmp.Or(first, cmp.Compare(a.Published, b.Published), cmp.Compare(a.ArticleID, b.ArticleID),
		cmp.Compare(b2i(a.Section != "headline"), b2i(b.Section != "headline")), cmp.Compare(a.SpanStart, b.SpanStart))
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// within keeps to an outlet and dates; a date is compared as far as it says.
const within = `(:outlet = '' OR o.name = :outlet OR o.source = :outlet)
	AND (:from = '' OR a.published <> '' AND substr(a.published, 1, length(:from)) >= :from)
	AND (:to = '' OR a.published <> '' AND substr(a.published, 1, length(:to)) <= :to)`

func (c Concordance) args(more ...any) []any {
	return append(more, sql.Named("outlet", c.Outlet), sql.Named("from", c.From), sql.Named("to", c.To))
}

// frameLines are the triggers of a frame. Where the text was dropped, the sentence is what is around.
func (db *DB) frameLines(ctx context.Context, c Concordance) ([]Line, error) {
	rows, err := db.reader.QueryContext(ctx, `SELECT a.id, o.name, a.published, m.section, m.span_start, m.span_end, m.frame, m.stance, m.voice,
			coalesce((SELECT s.name FROM speaker AS s WHERE s.id = m.speaker_id), ''), a.url, m.sentence, m.sentence_start,
			CASE m.section WHEN 'headline' THEN a.title ELSE (SELECT b.text FROM article_text AS b WHERE b.article_id = a.id) END
		FROM v_frame_rollup AS r CROSS JOIN codebook AS k ON k.active = 1
		CROSS JOIN mention AS m ON m.codebook_id = k.id AND m.frame = r.frame
		CROSS JOIN article AS a ON a.id = m.article_id
		CROSS JOIN outlet AS o ON o.id = a.outlet_id
		WHERE r.counts_for = :frame AND `+within+` LIMIT :most`,
		c.args(sql.Named("frame", c.Frame), sql.Named("most", mostLines))...)
	var lines []Line
	err = each(rows, err, func(r scanner) error {
		var l Line
		var sentence string
		var sentenceStart int
		var text sql.NullString
		if err := r.Scan(&l.ArticleID, &l.Outlet, &l.Published, &l.Section, &l.SpanStart, &l.SpanEnd, &l.Frame, &l.Stance, &l.Voice,
			&l.Speaker, &l.URL, &sentence, &sentenceStart, &text); err != nil {
			return err
		}
		if text.Valid {
			l.cut(text.String, 0, c.Width)
		} else {
			l.cut(sentence, sentenceStart, c.Width)
		}
		lines = append(lines, l)
		return nil
	})
	return lines, err
}

// The full-text index marks its matches with these noncharacters, which Unicode keeps out of texts. Should a text have
// one, comparing both tells it from a mark, but for one that follows a match.
const markOpen, markClose = "\uFDD0", "\uFDD1"

// wordLines are the matches of a full-text query.
func (db *DB) wordLines(ctx context.Context, c Concordance) ([]Line, error) {
	rows, err := db.reader.QueryContext(ctx, `SELECT a.id, o.name, a.published, a.url, a.title, b.text,
			highlight(article_search, 0, :open, :close), highlight(article_search, 1, :open, :close)
		FROM article_search AS s
		CROSS JOIN article AS a ON a.id = s.rowid
		CROSS JOIN outlet AS o ON o.id = a.outlet_id
		CROSS JOIN article_text AS b ON b.article_id = a.id
		WHERE article_search MATCH :words AND `+within+`
			AND (:frame = '' OR EXISTS (SELECT 1 FROM v_frame_rollup AS r CROSS JOIN v_code AS m ON m.article_id = a.id AND m.frame = r.frame WHERE r.counts_for = :frame))
		ORDER BY s.rowid`,
		c.args(sql.Named("words", searchQuery(c.Words)), sql.Named("frame", c.Frame), sql.Named("open", markOpen), sql.Named("close", markClose))...)
	var lines []Line
	err = each(rows, err, func(r scanner) error {
		var of Line
		var title, text, markedTitle, markedText string
		if err := r.Scan(&of.ArticleID, &of.Outlet, &of.Published, &of.URL, &title, &text, &markedTitle, &markedText); err != nil {
			return err
		}
		for _, part := range []struct{ section, text, marked string }{{"headline", title, markedTitle}, {"text", text, markedText}} {
			for _, s := range marks(part.text, part.marked) {
				if len(lines) == mostLines {
					return nil
				}
				l := of
				l.Section, l.SpanStart, l.SpanEnd = part.section, s.start, s.end
				l.cut(part.text, 0, c.Width)
				lines = append(lines, l)
			}
		}
		return nil
	})
	if err != nil {
		return nil, searchError(err)
	}
	if c.Frame == "" {
		return lines, nil
	}
	return db.inFrame(ctx, c.Frame, lines)
}

// inFrame keeps the lines whose match lies in a sentence with a mention of the frame, and says which.
func (db *DB) inFrame(ctx context.Context, frame string, lines []Line) ([]Line, error) {
	var kept []Line
	for _, l := range lines {
		err := db.reader.QueryRowContext(ctx, `SELECT m.section, m.frame, m.stance, m.voice, coalesce((SELECT s.name FROM speaker AS s WHERE s.id = m.speaker_id), '')
			FROM codebook AS k JOIN mention AS m ON m.codebook_id = k.id
			WHERE k.active = 1 AND m.article_id = ? AND m.frame IN (SELECT frame FROM v_frame_rollup WHERE counts_for = ?)
				AND (m.section = 'headline') = ? AND m.sentence_start <= ? AND m.sentence_end >= ?
			ORDER BY abs(m.span_start - ?) LIMIT 1`,
			l.ArticleID, frame, b2i(l.Section == "headline"), l.SpanStart, l.SpanEnd, l.SpanStart).
			Scan(&l.Section, &l.Frame, &l.Stance, &l.Voice, &l.Speaker)
		switch err {
		case nil:
			kept = append(kept, l)
		case sql.ErrNoRows:
		default:
			return nil, err
		}
	}
	return kept, nil
}

// cut takes the match and what is around it from a text that begins at code point offset.
func (l *Line) cut(text string, offset, width int) {
	start := runeByte(text, 0, l.SpanStart-offset)
	end := runeByte(text, start, l.SpanEnd-l.SpanStart)
	from := start
	for n := 0; n < width && from > 0; n++ {
		_, size := utf8.DecodeLastRuneInString(text[:from])
		from -= size
	}
	l.Left, l.Match = onOneLine(text[from:start]), onOneLine(text[start:end])
	l.Right = onOneLine(text[end:runeByte(text, end, width)])
	words := strings.Fields(strings.ToLower(l.Left))
	slices.Reverse(words)
	l.sortedLeft = strings.Join(words, " ")
}

// runeByte is the byte n code points after byte from, or the end.
func runeByte(s string, from, n int) int {
	for ; n > 0 && from < len(s); n-- {
		_, size := utf8.DecodeRuneInString(s[from:])
		from += size
	}
	return from
}

func onOneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		return r
	}, s)
}

// marks finds the spans, in code points, that marked has between its marks and text has not.
func marks(text, marked string) []span {
	var spans []span
	start, at := -1, 0
	next := []rune(text)
	for _, r := range marked {
		if at < len(next) && r == next[at] {
			at++
			continue
		}
		switch string(r) {
		case markOpen:
			start = at
		case markClose:
			if start >= 0 {
				spans = append(spans, span{start, at})
			}
			start = -1
		}
	}
	return spans
}

var rxOperator = regexp.MustCompile(`["():^]|\b(?:AND|OR|NOT|NEAR)\b`)

// searchQuery is the full-text query for the words of a user: what has no operator is a phrase.
func searchQuery(words string) string {
	words = strings.TrimSpace(words)
	if rxOperator.MatchString(words) {
		return words
	}
	phrase, prefix := strings.CutSuffix(words, "*")
	phrase = `"` + phrase + `"`
	if prefix {
		phrase += "*"
	}
	return phrase
}

// searchError says what to do about a full-text query that cannot be read.
func searchError(err error) error {
	if strings.Contains(err.Error(), "fts5:") || strings.Contains(err.Error(), "unterminated string") || strings.Contains(err.Error(), "no such column") {
		return fmt.Errorf("the words cannot be read as a full-text query: %s; put a phrase in quotation marks, join phrases by AND, OR or NOT",
			strings.TrimPrefix(err.Error(), "SQL logic error: "))
	}
	return err
}
