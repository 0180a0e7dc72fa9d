package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"unicode/utf8"

	"framewatch/analysis"
	"framewatch/crawler/files"
	"framewatch/store"
)

func explainCommand() command {
	return command{
		name: "explain", args: `"text"|FILE|ARTICLE-ID`, short: "show why a text is coded as it is", run: runExplain,
		help: `Codes a text and shows each mention marked in its sentence, with the frame, the rule that found it, the stance and its
cue, the voice and the speaker. The argument is a text in quotes, a file, or the id of an article in the database.
A text given in quotes is taken to be on topic; a file or an article passes the codebook's topic gate first.

Examples:
framewatch explain "Washington must win the AI race, the senator said."
framewatch explain --json article.txt
framewatch explain 1
`}
}

// explained is one mention in the JSON output. Offsets count code points into the title or the text.
type explained struct {
	Frame      string            `json:"frame"`
	Section    analysis.Section  `json:"section"`
	Paragraph  int               `json:"paragraph"`
	SpanStart  int               `json:"span_start"`
	SpanEnd    int               `json:"span_end"`
	Trigger    string            `json:"trigger"`
	Sentence   string            `json:"sentence"`
	Stance     analysis.Stance   `json:"stance"`
	Voice      analysis.Voice    `json:"voice"`
	Speaker    string            `json:"speaker,omitempty"`
	Rule       string            `json:"rule"`
	StanceRule string            `json:"stance_rule"`
	Cue        string            `json:"cue,omitempty"`
	VoiceRule  string            `json:"voice_rule"`
	Attributes map[string]string `json:"attributes,omitempty"`
}

// explainedTopic is the topic in the JSON output.
type explainedTopic struct {
	AboutAI    bool   `json:"about_ai"`
	NamesUS    bool   `json:"names_us"`
	NamesChina bool   `json:"names_china"`
	Relevant   bool   `json:"relevant"`
	Reason     string `json:"reason,omitempty"`
}

func runExplain(ctx context.Context, e *env, args []string) error {
	f := newFlags(explainCommand())
	db, cb := f.database(e), f.codebook()
	asJSON := f.Bool("json", false, "print JSON")
	args, err := f.parse(e, args)
	if err != nil {
		return err
	}
	if len(args) != 1 {
		return &usageError{"give one text, file or article id", `framewatch explain "text"`}
	}
	a, err := e.coder(ctx, *cb, *db)
	if err != nil {
		return err
	}
	doc, err := e.document(ctx, *db, args[0])
	if err != nil {
		return err
	}
	topic := a.Topic(doc)
	if doc.Topic != nil {
		topic = *doc.Topic
	}
	mentions := a.Analyze(doc)
	if *asJSON {
		return e.explainJSON(doc, topic, mentions)
	}
	if !topic.Relevant {
		fmt.Fprintf(e.stdout, "not coded: off topic (%s)\n", topic.Reason)
		return nil
	}
	for _, m := range mentions {
		e.explainMention(doc, m)
	}
	fmt.Fprintf(e.stdout, "%d mention(s)\n", len(mentions))
	return nil
}

// document is what the argument of explain stands for.
func (e *env) document(ctx context.Context, db, arg string) (analysis.Document, error) {
	if id, err := strconv.ParseInt(arg, 10, 64); err == nil {
		d, err := store.OpenReadOnly(ctx, db)
		if err != nil {
			return analysis.Document{}, err
		}
		defer d.Close()
		return d.Article(ctx, id)
	}
	if !readable(arg) {
		if strings.HasSuffix(arg, ".txt") || strings.HasSuffix(arg, ".html") {
			return analysis.Document{}, fmt.Errorf("%s: no such file", arg)
		}
		return analysis.Document{Text: strings.ToValidUTF8(arg, "\ufffd"),
			Topic: &analysis.Topic{AboutAI: true, NamesUS: true, NamesChina: true, Relevant: true}}, nil
	}
	var docs []analysis.Document
	reader := files.Reader{Report: func(p files.Problem) { fmt.Fprintln(e.stderr, oneLine(p)) }}
	_, err := reader.Read(ctx, arg, func(r files.Record) error {
		docs = append(docs, analysis.Document{Title: r.Article.Title, Text: r.Article.Text, Language: r.Article.Language})
		return nil
	})
	if err != nil {
		return analysis.Document{}, err
	}
	if len(docs) != 1 {
		return analysis.Document{}, fmt.Errorf("%s holds %d articles; explain takes one (import the file and name an article id)", arg, len(docs))
	}
	return docs[0], nil
}

func (e *env) explainJSON(doc analysis.Document, topic analysis.Topic, mentions []analysis.Mention) error {
	out := struct {
		Topic    explainedTopic `json:"topic"`
		Mentions []explained    `json:"mentions"`
	}{explainedTopic(topic), []explained{}}
	for _, m := range mentions {
		text := textOf(doc, m)
		out.Mentions = append(out.Mentions, explained{
			Frame: m.Frame, Section: m.Section, Paragraph: m.Paragraph,
			SpanStart: utf8.RuneCountInString(text[:m.Start]), SpanEnd: utf8.RuneCountInString(text[:m.End]),
			Trigger: m.Trigger, Sentence: m.Sentence, Stance: m.Stance, Voice: m.Voice, Speaker: m.Speaker.Name,
			Rule: m.Rule, StanceRule: m.StanceRule, Cue: text[m.CueStart:m.CueEnd], VoiceRule: m.VoiceRule, Attributes: m.Attributes,
		})
	}
	enc := json.NewEncoder(e.stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(out)
}

// textOf is the text that a mention's offsets count in.
func textOf(doc analysis.Document, m analysis.Mention) string {
	if m.Section == analysis.Headline {
		return doc.Title
	}
	return doc.Text
}

// explainMention prints the sentence with the trigger and the stance cue marked, then the decisions.
func (e *env) explainMention(doc analysis.Document, m analysis.Mention) {
	text := textOf(doc, m)
	fmt.Fprintf(e.stdout, "%s · %s · ", e.paint("1", m.Frame), m.Stance)
	if m.Voice == analysis.Author {
		fmt.Fprintln(e.stdout, "author")
	} else {
		fmt.Fprintf(e.stdout, "speaker (%s)\n", printable(cmp.Or(m.Speaker.Name, "unnamed")))
	}
	fmt.Fprintf(e.stdout, "  %s\n", e.marked(text, m))
	fmt.Fprintf(e.stdout, "  %s, paragraph %d; rule %s; stance %s; voice %s\n\n", m.Section, m.Paragraph, m.Rule, m.StanceRule, m.VoiceRule)
}

// marked is the sentence with the trigger in [ ] and the cue in { }, or in color.
func (e *env) marked(text string, m analysis.Mention) string {
	var b strings.Builder
	for i, r := range text[m.SentStart:m.SentEnd] {
		at := m.SentStart + i
		if at == m.End {
			b.WriteString(e.mark("\x1b[0m", "]"))
		}
		if m.CueEnd > m.CueStart && at == m.CueEnd {
			b.WriteString(e.mark("\x1b[0m", "}"))
		}
		if m.CueEnd > m.CueStart && at == m.CueStart {
			b.WriteString(e.mark("\x1b[33m", "{"))
		}
		if at == m.Start {
			b.WriteString(e.mark("\x1b[30;43m", "["))
		}
		b.WriteString(printable(string(r)))
	}
	if m.End == m.SentEnd {
		b.WriteString(e.mark("\x1b[0m", "]"))
	}
	if m.CueEnd > m.CueStart && m.CueEnd == m.SentEnd {
		b.WriteString(e.mark("\x1b[0m", "}"))
	}
	return b.String()
}

func (e *env) mark(color, plain string) string {
	if e.color {
		return color
	}
	return plain
}

func (e *env) paint(code, s string) string {
	if e.color {
		return "\x1b[" + code + "m" + s + "\x1b[0m"
	}
	return s
}

// readable reports whether path names a file, to tell a file from a text on the command line.
func readable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
