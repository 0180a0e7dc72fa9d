package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// The packages that coding is compared with, in the versions that docs/performance.md names.
var winkPackages = []string{"wink-nlp@2.4.0", "wink-eng-lite-web-model@1.8.1"}

// peers compares coding with prose and wink-nlp, on one processor each. wink-nlp is installed with npm into a folder that
// goes afterwards, or taken from the folder node_modules that FRAMEWATCH_WINK names.
func peers(ctx context.Context, r *runner) error {
	modules := os.Getenv("FRAMEWATCH_WINK")
	if modules == "" {
		if _, err := exec.LookPath("npm"); err != nil {
			return errors.New("npm is not installed; install it, or name a folder node_modules with wink-nlp in FRAMEWATCH_WINK")
		}
		dir, err := os.MkdirTemp("", "framewatch-wink-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		args := append([]string{"install", "--silent", "--no-audit", "--no-fund", "--no-save", "--prefix", dir}, winkPackages...)
		if out, err := exec.CommandContext(ctx, "npm", args...).CombinedOutput(); err != nil {
			return fmt.Errorf("npm install: %w\n%s", err, out)
		}
		modules = filepath.Join(dir, "node_modules")
	}
	return r.inRounds(ctx, []string{"FRAMEWATCH_WINK=" + modules}, "-timeout=2h", "-cpu", "1", "-benchtime", "10x", "-bench", "^BenchmarkPeers$", "./analysis")
}
