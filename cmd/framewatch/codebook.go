package main

import (
	"context"
	"fmt"
	"text/tabwriter"

	"framewatch/analysis"
	"framewatch/analysis/codebook"
)

func codebookCommand() command {
	return command{
		name: "codebook", args: "check|show", short: "check a codebook and its examples, show the frames", run: runCodebook,
		help: `check   reads the codebook strictly, names every problem with line, key and fix, and codes every example in it.
show    prints the frames; with a frame's id, its description, patterns and examples.

Examples:
framewatch codebook check
framewatch codebook check --codebook codebook.yaml
framewatch codebook show
framewatch codebook show sputnik
`}
}

func runCodebook(ctx context.Context, e *env, args []string) error {
	f := newFlags(codebookCommand())
	path := f.codebook()
	args, err := f.parse(e, args)
	if err != nil {
		return err
	}
	if len(args) == 0 {
		return &usageError{"say what to do: check or show", `run "framewatch codebook --help"`}
	}
	cb, err := e.chooseCodebook(ctx, *path, "")
	if err != nil {
		return err
	}
	switch args[0] {
	case "check":
		return e.checkCodebook(cb)
	case "show":
		if len(args) > 1 {
			return e.showFrame(cb, args[1])
		}
		return e.showFrames(cb)
	}
	return &usageError{fmt.Sprintf("unknown action %q", args[0]), "use check or show"}
}

func (e *env) checkCodebook(cb *codebook.Codebook) error {
	a, err := analysis.New(cb)
	if err != nil {
		return err
	}
	wrong, n := a.CheckExamples()
	for _, w := range wrong {
		fmt.Fprintln(e.stderr, oneLine(w))
	}
	if len(wrong) > 0 {
		return fmt.Errorf("%s: %d of %d examples are not coded as stated", cb.File, len(wrong), n)
	}
	fmt.Fprintf(e.stdout, "%s: codebook %s %s (%s), %d frames, %d examples coded as stated\n",
		cb.File, cb.Name, cb.Version, cb.Fingerprint(), len(cb.Frames), n)
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
	text, err := cb.Describe(id)
	if err != nil {
		return fmt.Errorf("%w; \"framewatch codebook show\" lists the frames", err)
	}
	_, err = fmt.Fprint(e.stdout, text)
	return err
}
