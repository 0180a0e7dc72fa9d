// Command framewatch measures how public articles frame U.S.–China AI: it crawls them, finds the sentences that
// use a frame, says who speaks and whether they assert or contest it, and writes a report.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
