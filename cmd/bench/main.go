// Command bench runs what is too heavy for every change: fuzzing, series of kills, full-size inputs, comparisons with
// other programs. It drives the tests and benchmarks that live beside the code, at full size, and prints their figures.
// Run it from the repository, on a machine with Go:
//
//	go run ./cmd/bench --help
//	go run ./cmd/bench kill
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
