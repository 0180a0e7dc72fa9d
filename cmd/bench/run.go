package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
)

// tests runs the tests of a package whose names match at full size, and prints what they log. More of the environment
// may be given as KEY=VALUE.
func tests(pkg, match string, env ...string) func(context.Context, *runner) error {
	return func(ctx context.Context, r *runner) error {
		return r.goTest(ctx, figure, env, "-v", "-count=1", "-timeout=2h", "-run", match, pkg)
	}
}

// figure is a line that tells how a test ended or what it logged.
var figure = regexp.MustCompile(`^\s*(--- (PASS|FAIL|SKIP)|FAIL|ok|panic:|\w+_test\.go:\d+: )`)

// rounds runs the benchmarks of a package that match, one after another, so often in turn: what is compared then met
// the same load. It prints every round and the median of each metric.
func rounds(pkg, match, benchtime string) func(context.Context, *runner) error {
	return func(ctx context.Context, r *runner) error {
		return r.inRounds(ctx, nil, "-timeout=2h", "-benchtime", cmp.Or(r.each, benchtime), "-bench", match, pkg)
	}
}

// inRounds runs go test with no test and these arguments as often as asked for. What was measured before a round failed
// or was stopped is printed all the same.
func (r *runner) inRounds(ctx context.Context, env []string, args ...string) error {
	results := table{}
	var failed error
	for n := range r.rounds {
		fmt.Fprintf(r.stderr, "round %d of %d\n", n+1, r.rounds)
		var out string
		if out, failed = r.output(ctx, env, append([]string{"-run", "^$"}, args...)...); failed != nil {
			break
		}
		results.add(out)
	}
	if len(results) == 0 {
		return cmp.Or(failed, errors.New("no benchmark ran; -v says why"))
	}
	return errors.Join(failed, results.print(r.stdout, fmt.Sprintf("%s, %d processors", runtime.Version(), runtime.NumCPU())))
}

// fuzz runs the fuzz targets one by one. The first finding ends it; go test has kept the input under testdata/fuzz then.
func fuzz(ctx context.Context, r *runner) error {
	packages := r.packages
	if len(packages) == 0 {
		packages = []string{"./..."}
	}
	// A list has no package beside each name, so every package is asked alone.
	list, err := exec.CommandContext(ctx, "go", append([]string{"list"}, packages...)...).Output()
	if err != nil {
		return fmt.Errorf("go list: %w", err)
	}
	n := 0
	for _, pkg := range strings.Fields(string(list)) {
		names, err := r.output(ctx, nil, "-list", "^Fuzz", pkg)
		if err != nil {
			return err
		}
		for _, name := range strings.Fields(names) {
			if !strings.HasPrefix(name, "Fuzz") {
				continue
			}
			n++
			if err := r.fuzzOne(ctx, pkg, name); err != nil {
				return err
			}
		}
	}
	if n == 0 {
		return errors.New("no fuzz target there")
	}
	fmt.Fprintf(r.stdout, "%d targets, %v each, no finding\n", n, r.time)
	return nil
}

var executions = regexp.MustCompile(`execs: (\d+) .*new interesting: (\d+)`)

func (r *runner) fuzzOne(ctx context.Context, pkg, name string) error {
	out, err := r.output(ctx, nil, "-run", "^$", "-fuzz", "^"+name+"$", "-fuzztime", r.time.String(), "-timeout=2h", pkg)
	if err != nil {
		return fmt.Errorf("%s %s: %w", pkg, name, err)
	}
	all := executions.FindAllStringSubmatch(out, -1)
	if len(all) == 0 {
		return fmt.Errorf("%s %s: nothing was run", pkg, name)
	}
	last := all[len(all)-1]
	fmt.Fprintf(r.stdout, "%-32s %-20s %v, %s inputs, %s of them new, no finding\n", pkg, name, r.time, last[1], last[2])
	return nil
}

// goTest runs go test and prints the lines that match as they come; all of them if that is wished for.
func (r *runner) goTest(ctx context.Context, match *regexp.Regexp, env []string, args ...string) error {
	cmd := r.command(ctx, env, args)
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	cmd.Stderr = r.stderr
	if err := cmd.Start(); err != nil {
		return err
	}
	lines := bufio.NewReader(pipe)
	for {
		line, err := lines.ReadString('\n')
		if r.verbose || match.MatchString(line) {
			io.WriteString(r.stdout, line)
		}
		if err != nil {
			break
		}
	}
	return cmd.Wait()
}

// output runs go test and returns what it printed.
func (r *runner) output(ctx context.Context, env []string, args ...string) (string, error) {
	cmd := r.command(ctx, env, args)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if r.verbose {
		cmd.Stdout, cmd.Stderr = io.MultiWriter(&out, r.stdout), io.MultiWriter(&out, r.stderr)
	}
	err := cmd.Run()
	if err != nil {
		return "", fmt.Errorf("%w\n%s", err, bytes.TrimSpace(out.Bytes()))
	}
	return out.String(), nil
}

func (r *runner) command(ctx context.Context, env, args []string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "go", append([]string{"test"}, args...)...)
	cmd.Env = slices.Concat(os.Environ(), []string{"FRAMEWATCH_BENCH=1"}, env)
	return cmd
}

// table holds the values of each round, by benchmark and unit.
type table map[string]map[string][]float64

var result = regexp.MustCompile(`(?m)^Benchmark(\S+?)(?:-\d+)?\s+\d+\s+(.*)$`)

// add takes the lines of a benchmark's output.
func (t table) add(out string) {
	for _, m := range result.FindAllStringSubmatch(out, -1) {
		if t[m[1]] == nil {
			t[m[1]] = map[string][]float64{}
		}
		fields := strings.Fields(m[2])
		for i := 0; i+1 < len(fields); i += 2 {
			if v, err := strconv.ParseFloat(fields[i], 64); err == nil {
				t[m[1]][fields[i+1]] = append(t[m[1]][fields[i+1]], v)
			}
		}
	}
}

func (t table) print(w io.Writer, title string) error {
	tw := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(tw, title)
	fmt.Fprintln(tw, "benchmark\tunit\tmedian\trounds")
	for _, name := range slices.Sorted(maps.Keys(t)) {
		for _, unit := range slices.Sorted(maps.Keys(t[name])) {
			values := t[name][unit]
			sorted := slices.Sorted(slices.Values(values))
			fmt.Fprintf(tw, "%s\t%s\t%.4g\t%s\n", name, unit, sorted[len(sorted)/2], strings.Trim(fmt.Sprint(values), "[]"))
		}
	}
	return tw.Flush()
}
