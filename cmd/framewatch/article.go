package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"framewatch/store"
)

func articleCommand() command {
	return command{
		name: "article", args: "[flags] ID", short: "show an article with its mentions marked", run: runArticle,
		help: `Shows an article as it is stored, with every mention of the active codebook marked where it stands: the words that
carry the frame, then frame, stance and voice. Nothing is coded anew; "framewatch explain ID" does that and gives its
reasons. ID is the article_id of the views. Where the text was dropped, the sentences of the mentions remain.

Examples:
framewatch article 1
framewatch article 1 --json
`}
}

// shown is an article as --json prints it.
type shown struct {
	Article  map[string]any   `json:"article"`
	Mentions []map[string]any `json:"mentions"`
}

func runArticle(ctx context.Context, e *env, args []string) error {
	f := newFlags(articleCommand())
	db := f.database(e)
	asJSON := f.Bool("json", false, "print JSON: the columns of v_article, and the mentions with those of v_mention")
	args, err := f.parse(e, args)
	if err != nil {
		return err
	}
	if len(args) != 1 {
		return &usageError{"give one article's number", "framewatch article 1"}
	}
	id, err := strconv.ParseInt(args[0], 10, 64)
	if err != nil {
		return &usageError{fmt.Sprintf("%q is not an article's number", args[0]), "v_article.article_id has them"}
	}
	s, err := readArticle(ctx, *db, id)
	if err != nil {
		return err
	}
	if *asJSON {
		enc := json.NewEncoder(e.stdout)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(s)
	}
	e.showArticle(s)
	return nil
}

func readArticle(ctx context.Context, db string, id int64) (shown, error) {
	d, err := store.OpenReadOnly(ctx, db)
	if err != nil {
		return shown{}, err
	}
	defer d.Close()
	s := shown{Mentions: []map[string]any{}}
	if s.Article, err = d.ShowArticle(ctx, id); errors.Is(err, store.ErrNoArticle) {
		return shown{}, err
	}
	if err == nil {
		s.Mentions, err = d.ShowMentions(ctx, id)
	}
	return s, err
}

func (e *env) showArticle(s shown) {
	a := s.Article
	str := func(column string) string {
		v, _ := a[column].(string)
		return printable(v)
	}
	text, whole := a["text"].(string)
	title, _ := a["title"].(string)
	fmt.Fprintln(e.stdout, e.marking(title, s.Mentions, true))
	fmt.Fprintf(e.stdout, "%s · %s · %s\n", str("outlet"), orUnknown(str("published")), orUnknown(str("url")))
	switch a["relevant"] {
	case int64(1):
		fmt.Fprintf(e.stdout, "relevant; %d mention(s)\n\n", len(s.Mentions))
	case int64(0):
		fmt.Fprintf(e.stdout, "off topic (%s)\n\n", str("reason"))
	default:
		fmt.Fprint(e.stdout, "not judged yet; \"framewatch analyze\" does\n\n")
	}
	if whole {
		fmt.Fprintln(e.stdout, e.marking(text, s.Mentions, false))
		return
	}
	fmt.Fprintln(e.stdout, "The text was dropped; these sentences carry its mentions:")
	for _, m := range s.Mentions {
		sentence, _ := m["sentence"].(string)
		fmt.Fprintf(e.stdout, "- %s (%s)\n", printable(sentence), label(m))
	}
}

func orUnknown(s string) string {
	if s == "" {
		return "unknown"
	}
	return s
}

// label is a mention in few words.
func label(m map[string]any) string {
	who := fmt.Sprint(m["voice"])
	if name, ok := m["speaker"].(string); ok && name != "" {
		who = printable(name)
	}
	return fmt.Sprintf("%v, %v, %s", m["frame"], m["stance"], who)
}

// marked is a stretch of a text, in code points, with what it was coded as. Stretches that overlap are one.
type marked struct {
	start, end int
	labels     []string
}

func stretches(mentions []map[string]any, headline bool) []marked {
	var all []marked
	for _, m := range mentions {
		if (m["section"] == "headline") != headline {
			continue
		}
		start, _ := m["span_start"].(int64)
		end, _ := m["span_end"].(int64)
		all = append(all, marked{int(start), int(end), []string{label(m)}})
	}
	slices.SortStableFunc(all, func(a, b marked) int { return a.start - b.start })
	var out []marked
	for _, m := range all {
		if n := len(out); n > 0 && m.start < out[n-1].end {
			out[n-1].end = max(out[n-1].end, m.end)
			out[n-1].labels = append(out[n-1].labels, m.labels...)
			continue
		}
		out = append(out, m)
	}
	return out
}

// marking is a text with its mentions marked, in color or in brackets. Paragraphs are kept.
func (e *env) marking(text string, mentions []map[string]any, headline bool) string {
	var b strings.Builder
	runes := []rune(text)
	at := 0
	put := func(to int) {
		to = min(to, len(runes))
		for ; at < to; at++ {
			if runes[at] == '\n' {
				b.WriteByte('\n')
			} else {
				b.WriteString(printable(string(runes[at])))
			}
		}
	}
	for _, m := range stretches(mentions, headline) {
		put(m.start)
		b.WriteString(e.mark("\x1b[30;43m", "["))
		put(m.end)
		b.WriteString(e.mark("\x1b[0m", "]"))
		b.WriteString(e.paint("2", "{"+strings.Join(m.labels, "; ")+"}"))
	}
	put(len(runes))
	return b.String()
}
