package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"framewatch/configs/demosite"
	"framewatch/crawler"
	"framewatch/store"
)

func demoCommand() command {
	return command{
		name: "demo", args: "[--out DIR] [--serve]", short: "crawl a bundled site, analyze it and write a report", run: runDemo,
		help: `Serves a small bundled site of invented articles by six invented outlets on 127.0.0.1, crawls it over real HTTP,
analyzes the articles and writes framewatch-demo/framewatch.db and framewatch-demo/report.html. No other network is
used. --serve keeps the site running afterwards, so that the report's links work.

Examples:
framewatch demo
framewatch demo --out try-out
`}
}

// demoNotice stands at the head of the demo's report.
const demoNotice = "The articles, outlets and people in this report are invented."

// demoPort is the first of the ports that the demo's outlets use if they are free: the links in the report then stay
// the same from run to run.
const demoPort = 18610

func runDemo(ctx context.Context, e *env, args []string) error {
	f := newFlags(demoCommand())
	out := f.String("out", "framewatch-demo", "the `folder` to write into")
	serve := f.Bool("serve", false, "keep serving the site until interrupted")
	args, err := f.parse(e, args)
	if err != nil {
		return err
	}
	if len(args) > 0 {
		return &usageError{"demo takes no arguments", "name a folder with --out DIR"}
	}
	site, err := demosite.New()
	if err != nil {
		return err
	}
	addrs, stop, err := serveDemo(site)
	if err != nil {
		return err
	}
	defer stop()
	started := e.now()
	db, err := freshDemo(ctx, *out)
	if err != nil {
		return err
	}
	unlock, err := store.Lock(db)
	if err != nil {
		return err
	}
	defer unlock()
	report := filepath.Join(*out, "report.html")
	if err := e.demo(ctx, site, addrs, db, report); err != nil {
		return err
	}
	e.demoDone(db, report, e.now().Sub(started))
	if *serve {
		fmt.Fprintln(e.stdout, "\nThe site is being served; interrupt to end.")
		<-ctx.Done()
	}
	return nil
}

// demo crawls the site twice, with an article corrected in between, then analyzes and reports.
func (e *env) demo(ctx context.Context, site *demosite.Site, addrs map[string]string, db, report string) error {
	srcs, err := crawler.ParseSources("demo sources", site.SourcesYAML(addrs))
	if err != nil {
		return err
	}
	a, err := e.coder(ctx, "default", "")
	if err != nil {
		return err
	}
	d, err := e.open(ctx, db, a, "")
	if err != nil {
		return err
	}
	defer d.Close()
	opts := newFlags(demoCommand()).crawl()
	*opts.force = true
	for _, pass := range []string{"first crawl", "second crawl, after an article was corrected"} {
		s, err := e.crawl(ctx, d, srcs, opts, "demo")
		if err != nil {
			return err
		}
		fmt.Fprintf(e.stdout, "%s: ", pass)
		var partial *partialError
		if err := e.reportCrawl(s); err != nil && !errors.As(err, &partial) {
			return err
		}
		site.Advance()
	}
	s, err := e.analyze(ctx, d, a, runtime.GOMAXPROCS(0))
	if err != nil {
		return err
	}
	e.reportAnalysis(a, s)
	o, err := newFlags(demoCommand()).figures().options(db)
	if err != nil {
		return err
	}
	o.Title = "How six invented outlets frame U.S.–China AI"
	o.Notice = demoNotice
	return e.writeReport(ctx, d, report, o)
}

func (e *env) demoDone(db, report string, took time.Duration) {
	abs, err := filepath.Abs(report)
	if err != nil {
		abs = report
	}
	fmt.Fprintf(e.stdout, `
Done in %.1f s.
  Report    %s
  Database  %s

Three things to try:
  open the report in a browser (file://%s)
  framewatch sql --db %[3]s "SELECT speaker, sentence FROM v_mention WHERE frame = 'race' AND stance = 'contests'"
  framewatch explain "The senator said that Washington must not lose the AI race to China."
`, took.Seconds(), report, db, filepath.ToSlash(abs))
}

// freshDemo gives the path of a database that does not exist yet, removing that of an earlier demo; any other
// database in its place is left alone.
func freshDemo(ctx context.Context, dir string) (string, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	db := filepath.Join(dir, "framewatch.db")
	if _, err := os.Stat(db); errors.Is(err, fs.ErrNotExist) {
		return db, nil
	}
	res, err := store.Query(ctx, db, "SELECT count(*) FROM v_article WHERE url NOT LIKE 'http://127.0.0.1:%' OR url IS NULL", store.Limits{})
	if err != nil || len(res.Rows) != 1 || fmt.Sprint(res.Rows[0][0]) != "0" {
		return "", fmt.Errorf("%s exists and is not from an earlier demo; choose another folder with --out DIR", db)
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(db + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
	}
	return db, nil
}

// serveDemo starts one HTTP server an outlet on loopback and returns their addresses.
func serveDemo(site *demosite.Site) (addrs map[string]string, stop func(), err error) {
	addrs = map[string]string{}
	var servers []*http.Server
	stop = func() {
		for _, s := range servers {
			s.Close()
		}
	}
	for i, o := range site.Outlets() {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", demoPort+i))
		if err != nil {
			l, err = net.Listen("tcp", "127.0.0.1:0")
		}
		if err != nil {
			stop()
			return nil, nil, fmt.Errorf("serve the demo site: %w", err)
		}
		s := &http.Server{Handler: o.Handler, ReadHeaderTimeout: 10 * time.Second}
		servers = append(servers, s)
		addrs[o.ID] = l.Addr().String()
		go s.Serve(l) //nolint:errcheck // ends with Close
	}
	return addrs, stop, nil
}
