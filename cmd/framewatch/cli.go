package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/agnivade/levenshtein"
	"golang.org/x/term"

	"framewatch/store"
)

// Exit codes, the same for every command.
const (
	exitDone    = 0
	exitFailed  = 1
	exitUsage   = 2
	exitPartial = 3 // done, but something was skipped or a source failed
	exitBusy    = 4 // another run holds the database's lock
)

// env is the world that a command sees; tests give their own.
type env struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	getenv         func(string) string
	now            func() time.Time
	terminal       bool // stderr is a terminal: progress is a bar, not log lines
	color          bool // stdout is a terminal that wants color
}

// command is one entry of the command table. Its help is written by hand and ends in examples that a test runs.
type command struct {
	name, args, short string
	help              string
	run               func(ctx context.Context, e *env, args []string) error
}

// usageError is a mistake in how a command was called.
type usageError struct{ msg, hint string }

func (e *usageError) Error() string {
	if e.hint == "" {
		return e.msg
	}
	return e.msg + "; " + e.hint
}

// errHelp ends a command whose help was asked for and printed.
var errHelp = errors.New("help printed")

// partialError is a run that finished although something in it failed; the summary has been printed.
type partialError struct{ what string }

func (e *partialError) Error() string { return e.what }

func commands() []command {
	return []command{
		demoCommand(), initCommand(), sourcesCommand(), codebookCommand(),
		crawlCommand(), importCommand(), importCodesCommand(), analyzeCommand(), reportCommand(), updateCommand(),
		sqlCommand(), queryCommand(), kwicCommand(), articleCommand(), figureCommand(), exportCommand(),
		explainCommand(), extractCommand(), backupCommand(), pruneCommand(), pruneTextCommand(), datasetteCommand(),
		statusCommand(), versionCommand(),
	}
}

// run executes one command line and returns the exit code. Results go to stdout; progress, logs and errors to stderr.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	e := &env{stdin: stdin, stdout: stdout, stderr: stderr, getenv: os.Getenv, now: time.Now,
		terminal: isTerminal(stderr), color: isTerminal(stdout) && os.Getenv("NO_COLOR") == ""}
	if len(args) == 0 {
		fmt.Fprint(stderr, overview(commands()))
		return exitUsage
	}
	if slices.Contains([]string{"help", "-h", "-help", "--help"}, args[0]) {
		return help(e, args[1:])
	}
	name := args[0]
	if name == "--version" {
		name = "version"
	}
	for _, c := range commands() {
		if c.name == name {
			return e.finish(c.name, c.run(ctx, e, args[1:]))
		}
	}
	return e.finish("", &usageError{fmt.Sprintf("unknown command %q", name), suggestion(name)})
}

// finish prints a command's error as one line and maps it to the exit code.
func (e *env) finish(name string, err error) int {
	var usage *usageError
	var partial *partialError
	switch {
	case err == nil, errors.Is(err, errHelp):
		return exitDone
	case errors.As(err, &partial):
		fmt.Fprintf(e.stderr, "framewatch: done, but %s\n", oneLine(err))
		return exitPartial
	case errors.As(err, &usage):
		fmt.Fprintf(e.stderr, "framewatch%s: %s\n", prefixed(name), oneLine(err))
		return exitUsage
	case errors.Is(err, store.ErrBusy):
		fmt.Fprintf(e.stderr, "framewatch%s: %s\n", prefixed(name), oneLine(err))
		return exitBusy
	case errors.Is(err, context.Canceled):
		fmt.Fprintf(e.stderr, "framewatch%s: stopped; what was done is kept, run it again to go on\n", prefixed(name))
		return exitFailed
	default:
		fmt.Fprintf(e.stderr, "framewatch%s: %s\n", prefixed(name), oneLine(err))
		return exitFailed
	}
}

func prefixed(name string) string {
	if name == "" {
		return ""
	}
	return " " + name
}

// oneLine keeps a terminal safe from what a hostile file put into an error: control characters become spaces.
// A list of problems (an error that joins several) keeps its line breaks.
func oneLine(err error) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && (r < 0x20 || r == 0x7f || (r >= 0x80 && r < 0xa0)) {
			return ' '
		}
		return r
	}, err.Error())
}

func help(e *env, args []string) int {
	if len(args) == 0 {
		fmt.Fprint(e.stdout, overview(commands()))
		return exitDone
	}
	for _, c := range commands() {
		if c.name == args[0] {
			return e.finish(c.name, c.run(context.Background(), e, []string{"--help"}))
		}
	}
	return e.finish("", &usageError{fmt.Sprintf("unknown command %q", args[0]), suggestion(args[0])})
}

// overview is the text of `framewatch --help`.
func overview(cmds []command) string {
	var b strings.Builder
	b.WriteString(`framewatch measures how public articles frame U.S.–China AI: as a race, a Sputnik moment, a zero-sum
contest or something else; who says so, who contests it, and how that changes over time.

Usage: framewatch COMMAND [flags] [arguments]

Commands:
`)
	for _, c := range cmds {
		fmt.Fprintf(&b, "  %-18s %s\n", c.name, c.short)
	}
	b.WriteString(`
Every command takes --db FILE (default framewatch.db, or $FRAMEWATCH_DB) where it uses a database.
"framewatch COMMAND --help" shows flags and examples.

Exit status: 0 done, 1 failed, 2 wrong usage, 3 done but something was skipped or a source failed,
4 another run is going on.

Examples:
  framewatch demo
  framewatch import articles.jsonl
  framewatch analyze
  framewatch report -o report.html
`)
	return b.String()
}

// suggestion names the command that a mistyped one most likely meant.
func suggestion(typed string) string {
	best, dist := "", 3
	for _, c := range commands() {
		if d := levenshtein.ComputeDistance(typed, c.name); d < dist {
			best, dist = c.name, d
		}
	}
	if best == "" {
		return `run "framewatch --help" for the list`
	}
	return fmt.Sprintf("did you mean %q?", best)
}

// flags is a command's flag set; its text is generated once, from the command and the flags that it declares.
type flags struct {
	*flag.FlagSet
	cmd command
}

func newFlags(cmd command) *flags {
	fs := flag.NewFlagSet(cmd.name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	return &flags{fs, cmd}
}

// parse reads flags wherever they stand, before or after the arguments, and returns the arguments.
func (f *flags) parse(e *env, args []string) ([]string, error) {
	var rest, tail []string
	if i := slices.Index(args, "--"); i >= 0 {
		args, tail = args[:i], args[i+1:]
	}
	for len(args) > 0 {
		if args[0] == "-" || !strings.HasPrefix(args[0], "-") {
			rest, args = append(rest, args[0]), args[1:]
			continue
		}
		err := f.FlagSet.Parse(args)
		if errors.Is(err, flag.ErrHelp) {
			fmt.Fprint(e.stdout, f.text())
			return nil, errHelp
		}
		if err != nil {
			return nil, &usageError{err.Error(), fmt.Sprintf("run \"framewatch %s --help\"", f.cmd.name)}
		}
		args = f.FlagSet.Args()
	}
	return append(rest, tail...), nil
}

// text is what --help prints.
func (f *flags) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Usage: framewatch %s %s\n\n%s\n", f.cmd.name, f.cmd.args, strings.TrimSpace(proseOf(f.cmd.help)))
	any := false
	f.VisitAll(func(fl *flag.Flag) {
		if !any {
			b.WriteString("\nFlags:\n")
			any = true
		}
		dash := "--"
		if len(fl.Name) == 1 {
			dash = "-"
		}
		value, usage := flag.UnquoteUsage(fl)
		if value != "" {
			value = " " + strings.ToUpper(value)
		}
		fmt.Fprintf(&b, "  %-22s %s", dash+fl.Name+value, usage)
		if fl.DefValue != "" && fl.DefValue != "false" && fl.DefValue != "0" && fl.DefValue != "0s" {
			fmt.Fprintf(&b, " (default %s)", fl.DefValue)
		}
		b.WriteByte('\n')
	})
	b.WriteString("\nExamples:\n")
	for _, line := range examplesOf(f.cmd.help) {
		b.WriteString("  " + line + "\n")
	}
	return b.String()
}

const exampleMark = "\nExamples:\n"

func proseOf(help string) string {
	text, _, _ := strings.Cut(help, exampleMark)
	return text
}

// examplesOf lists the command lines at the end of a help text.
func examplesOf(help string) []string {
	_, block, _ := strings.Cut(help, exampleMark)
	var out []string
	for line := range strings.Lines(block) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
