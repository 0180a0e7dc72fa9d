package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"framewatch/analysis"
	"framewatch/analysis/codebook"
	"framewatch/analysis/score"
)

func codebookCommand() command {
	return command{
		name: "codebook", args: "check|show|test|diff", short: "check a codebook, show its frames, score it, compare two", run: runCodebook,
		help: `check   reads the codebook strictly, names every problem with line, key and fix, and codes every example in it.
show    prints the frames; with a frame's id, its description, patterns and examples; with --yaml the file, to edit.
test    scores the codebook against coded passages (JSONL: text, title, on_topic, sents, mentions; docs/accuracy.md),
        with n and 95 % intervals; --differences lists every disagreement.
diff    compares two codebooks on the database's articles, or on those of a file: agreement by frame and month, and
        examples of sentences lost and gained. Name each by file, built-in name or fingerprint. Nothing is stored.

Besides the default codebook, cset-2020 and cset-2021 are built in: the competition frame of two published studies, as
far as patterns can follow it (docs/codebook.md).

Examples:
framewatch codebook check
framewatch codebook check --codebook codebook.yaml
framewatch codebook show
framewatch codebook show sputnik
framewatch codebook show --codebook cset-2021 --yaml
framewatch codebook test coded.jsonl
framewatch codebook diff default codebook.yaml
framewatch codebook diff --map race+sputnik+zero_sum+cold_war=competition default cset-2021
framewatch codebook diff --on articles.jsonl --examples 20 --json default cset-2020
`}
}

func runCodebook(ctx context.Context, e *env, args []string) error {
	f := newFlags(codebookCommand())
	db, path := f.database(e), f.codebook()
	source := f.Bool("yaml", false, "show: print the codebook's file")
	var t testFlags
	f.BoolVar(&t.differences, "differences", false, "test: list every disagreement")
	f.BoolVar(&t.heldOut, "held-out", false, "test: only the passages that were kept out of tuning (the hash of the id says which)")
	f.BoolVar(&t.json, "json", false, "test, diff: print JSON")
	f.StringVar(&t.set, "set", "", "test: what the passages are, in one `clause`, for --json")
	var d diffFlags
	f.StringVar(&d.on, "on", "", "diff: compare on the articles of this `file` or folder instead of the database's")
	f.Func("map", "diff: compare these `frames`, a=b or a+c=b+d; may be given again", func(m string) error {
		d.mappings = append(d.mappings, m)
		return nil
	})
	f.StringVar(&d.frames, "frames", "", "diff: print the months and examples of these `names`, separated by commas")
	f.IntVar(&d.examples, "examples", 10, "diff: how many sentences to show that are lost, and that are gained")
	args, err := f.parse(e, args)
	if err != nil {
		return err
	}
	if len(args) == 0 {
		return &usageError{"say what to do: check, show, test or diff", `run "framewatch codebook --help"`}
	}
	if args[0] == "diff" {
		if len(args) != 3 {
			return &usageError{"name two codebooks", "framewatch codebook diff A B, each a file, default, cset-2020, cset-2021 or a fingerprint"}
		}
		d.json = t.json
		return e.diffCodebooks(ctx, *db, args[1:], d)
	}
	file, cb, err := chooseCodebook(ctx, *path, *db)
	if err != nil {
		return err
	}
	switch args[0] {
	case "check":
		return e.checkCodebook(file, cb)
	case "show":
		if *source {
			_, err := e.stdout.Write(cb.Source)
			return err
		}
		if len(args) > 1 {
			return e.showFrame(cb, args[1])
		}
		return e.showFrames(cb)
	case "test":
		if len(args) != 2 {
			return &usageError{"name one file of coded passages", "framewatch codebook test FILE.jsonl"}
		}
		return e.testCodebook(cb, args[1], t)
	}
	return &usageError{fmt.Sprintf("unknown action %q", args[0]), "use check, show, test or diff"}
}

// checkCodebook codes every example of a codebook, which has passed the strict reading already.
func (e *env) checkCodebook(file string, cb *codebook.Codebook) error {
	a, err := analysis.New(cb)
	if err != nil {
		return err
	}
	examples, wrong := 0, 0
	for _, fr := range cb.Frames {
		for i, ex := range fr.Examples {
			examples++
			faults := analysis.CheckExample(a, fr.ID, ex)
			if len(faults) > 0 {
				wrong++
				fmt.Fprintf(e.stderr, "%s: frame %s, example %d: %s\n    %s\n", file, fr.ID, i+1, strings.Join(faults, "; "), printable(ex.Text))
			}
		}
	}
	if wrong > 0 {
		return fmt.Errorf("%s: %d of %d examples are not coded as stated", file, wrong, examples)
	}
	fmt.Fprintf(e.stdout, "%s: codebook %s %s (%s), %d frames, %d examples coded as stated\n",
		file, cb.Name, cb.Version, cb.Fingerprint(), len(cb.Frames), examples)
	return nil
}

// testFlags say which coded passages are scored and how the result is printed.
type testFlags struct {
	differences, heldOut, json bool
	set                        string
}

// heldOutFold is the first of the ten folds of coded passages that rules may not be tuned on.
const heldOutFold = 6

// testCodebook prints how far the coding agrees with that of a file.
func (e *env) testCodebook(cb *codebook.Codebook, path string, t testFlags) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	passages, err := score.Read(file)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if t.heldOut {
		passages = slices.DeleteFunc(passages, func(p score.Passage) bool { return p.Fold() < heldOutFold })
	}
	a, err := analysis.New(cb)
	if err != nil {
		return err
	}
	res := score.Compare(a, passages)
	if t.json {
		enc := json.NewEncoder(e.stdout)
		enc.SetIndent("", "  ")
		return enc.Encode(measure(cb.Fingerprint(), t.set, res))
	}
	frames := make([]string, len(cb.Frames))
	for i, fr := range cb.Frames {
		frames[i] = fr.ID
	}
	if err := res.Write(e.stdout, frames); err != nil {
		return err
	}
	if t.differences {
		return res.WriteDifferences(e.stdout)
	}
	return nil
}

func (e *env) showFrames(cb *codebook.Codebook) error {
	fmt.Fprintf(e.stdout, "codebook %s %s (%s)\n\n", cb.Name, cb.Version, cb.Fingerprint())
	w := tabwriter.NewWriter(e.stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "frame\tgroup\tparent\tlabel")
	for _, fr := range cb.Frames {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", fr.ID, fr.Group, fr.Parent, fr.Label)
	}
	return w.Flush()
}

func (e *env) showFrame(cb *codebook.Codebook, id string) error {
	fr, ok := cb.Frame(id)
	if !ok {
		return fmt.Errorf("codebook %s has no frame %q; \"framewatch codebook show\" lists the frames", cb.Name, id)
	}
	fmt.Fprintf(e.stdout, "%s: %s (%s)\n", fr.ID, fr.Label, fr.Group)
	if fr.Parent != "" {
		fmt.Fprintf(e.stdout, "counts for its parent %s\n", fr.Parent)
	}
	fmt.Fprintf(e.stdout, "\n%s\n", strings.TrimSpace(fr.Description))
	for _, r := range fr.Rules {
		fmt.Fprintf(e.stdout, "\nrule %s/%s\n  %s\n", fr.ID, r.ID, strings.Join(r.Match, "\n  "))
	}
	if len(fr.Not) > 0 {
		fmt.Fprintf(e.stdout, "\nnot in\n  %s\n", strings.Join(fr.Not, "\n  "))
	}
	fmt.Fprintln(e.stdout, "\nexamples")
	for _, ex := range fr.Examples {
		fmt.Fprintf(e.stdout, "  %s\n", strings.TrimSpace(ex.Text))
		for _, m := range ex.Mentions {
			fmt.Fprintf(e.stdout, "    %s\n", strings.TrimSpace(strings.Join([]string{m.Frame, m.Stance, m.Voice, m.Speaker}, " ")))
		}
	}
	return nil
}
