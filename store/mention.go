package store

import (
	"context"
	"encoding/json"
	"fmt"
	"unicode/utf8"

	"framewatch/analysis"
)

// span is a stretch of text in code points.
type span struct{ start, end int }

// ruler turns byte offsets into code points. It remembers where it was, because mentions come in the order of the text.
type ruler struct {
	text         string
	bytes, runes int
}

// at is the number of code points before byte b, an offset on a code point's boundary.
func (r *ruler) at(b int) int {
	if b >= r.bytes {
		r.runes += utf8.RuneCountInString(r.text[r.bytes:b])
	} else {
		r.runes -= utf8.RuneCountInString(r.text[b:r.bytes])
	}
	r.bytes = b
	return r.runes
}

func (r *ruler) span(start, end int) (span, error) {
	if start < 0 || end < start || end > len(r.text) ||
		!utf8.RuneStart(byteAt(r.text, start)) || !utf8.RuneStart(byteAt(r.text, end)) {
		return span{}, fmt.Errorf("bytes %d to %d are no span of a text of %d", start, end, len(r.text))
	}
	return span{r.at(start), r.at(end)}, nil
}

// byteAt is the byte at i, or one that starts a code point at the end of the text.
func byteAt(s string, i int) byte {
	if i == len(s) {
		return 0
	}
	return s[i]
}

// saveMentions stores the mentions of one document.
func saveMentions(ctx context.Context, t *txn, codebook int64, d analysis.Document, of facts, mentions []analysis.Mention, who speakers) error {
	title, text := &ruler{text: d.Title}, &ruler{text: d.Text}
	for _, m := range mentions {
		r := text
		if m.Section == analysis.Headline {
			r = title
		}
		if err := saveMention(ctx, t, codebook, d.ID, of, m, r, who); err != nil {
			return fmt.Errorf("mention of %s at byte %d: %w", m.Frame, m.Start, err)
		}
	}
	return nil
}

func saveMention(ctx context.Context, t *txn, codebook, article int64, of facts, m analysis.Mention, r *ruler, who speakers) error {
	sentence, err := r.span(m.SentStart, m.SentEnd)
	if err != nil {
		return fmt.Errorf("sentence: %w", err)
	}
	trigger, err := r.span(m.Start, m.End)
	if err != nil {
		return fmt.Errorf("trigger: %w", err)
	}
	if got := r.text[m.Start:m.End]; got != m.Trigger {
		return fmt.Errorf("the trigger is %q, but its span holds %q", m.Trigger, got)
	}
	var cueStart, cueEnd any
	if m.CueEnd > m.CueStart {
		cue, err := r.span(m.CueStart, m.CueEnd)
		if err != nil {
			return fmt.Errorf("cue: %w", err)
		}
		cueStart, cueEnd = cue.start, cue.end
	}
	speaker, err := who.id(ctx, t, m.Speaker)
	if err != nil {
		return err
	}
	attributes := []byte("{}")
	if len(m.Attributes) > 0 {
		if attributes, err = json.Marshal(m.Attributes); err != nil {
			return err
		}
	}
	_, err = t.exec(ctx, `INSERT INTO mention (article_id, codebook_id, frame, section, paragraph, span_start, span_end,
			sentence_start, sentence_end, stance, voice, speaker_id, rule, stance_rule, voice_rule, cue_start, cue_end,
			attributes, trigger, sentence, month, outlet_id, story_id)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		article, codebook, m.Frame, string(m.Section), m.Paragraph, trigger.start, trigger.end, sentence.start, sentence.end,
		string(m.Stance), string(m.Voice), speaker, m.Rule, m.StanceRule, m.VoiceRule, cueStart, cueEnd,
		string(attributes), m.Trigger, r.text[m.SentStart:m.SentEnd],
		of.month, of.outlet, of.story)
	return err
}
