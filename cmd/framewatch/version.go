package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"framewatch/analysis"
	"framewatch/crawler/article"
)

// release is the version of the product; the CHANGELOG's newest heading.
const release = "0.1.0"

func versionCommand() command {
	return command{
		name: "version", args: "", short: "print the versions that results depend on", run: runVersion,
		help: `Prints the release, the analysis engine and the extractor version: the numbers that stored results carry.

Examples:
framewatch version
`}
}

func runVersion(_ context.Context, e *env, args []string) error {
	f := newFlags(versionCommand())
	if _, err := f.parse(e, args); err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "framewatch %s, %s %s/%s)\n", strings.TrimSuffix(versions(), ")"), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return nil
}

// versions are the numbers that results depend on: the release, the analysis engine and the extractor.
func versions() string {
	return fmt.Sprintf("%s (engine %d, extractor %d)", version(), analysis.Engine, article.Version)
}

// version is the release, with the commit it was built from where Go recorded one.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return release
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return release + "+" + s.Value[:12]
		}
	}
	return release
}
