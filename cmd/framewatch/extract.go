package main

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"framewatch/crawler/article"
)

func extractCommand() command {
	return command{
		name: "extract", args: "FILE|DIR|- | --all", short: "print the article in a saved HTML page as JSON, or renew all stored ones", run: runExtract,
		help: `Reads saved HTML pages and prints one JSON object a page: file, url, title, authors, published, updated, site,
language, text, via, agreement; or the reason why a page holds no article. "-" reads one page from standard input.

With --all it reads the pages in the database again, after an update of framewatch brought a better extractor. Nothing
is fetched. A text that changes becomes a new revision, which "framewatch analyze" then codes; the old one is kept.
A page that gives no article any more is reported, and its article stays as it is. Imported text is never touched,
and off-topic articles of sources with "scope: filter" have no stored page. -n says how many are due and why.

Examples:
framewatch extract --url https://news.example/story page.html
framewatch extract --all -n
framewatch extract --all
`}
}

// extracted is one line of the output. Reason stands alone where there is no article.
type extracted struct {
	File      string   `json:"file"`
	URL       string   `json:"url,omitempty"`
	Title     string   `json:"title"`
	Authors   []string `json:"authors"`
	Published string   `json:"published"`
	DateFrom  string   `json:"date_from,omitempty"`
	Updated   string   `json:"updated,omitempty"`
	Site      string   `json:"site"`
	Language  string   `json:"language"`
	Text      string   `json:"text"`
	Via       string   `json:"via,omitempty"`
	Agreement float64  `json:"agreement"`
	Paywalled bool     `json:"paywalled,omitempty"`
	Reason    string   `json:"reason,omitempty"`
}

func runExtract(ctx context.Context, e *env, args []string) error {
	f := newFlags(extractCommand())
	url := f.String("url", "", "the `url` that the page was served under")
	asJSON := f.Bool("json", false, "with --all: print the summary as JSON; pages are printed as JSON anyway")
	all := f.Bool("all", false, "extract every stored page that an older version of the extractor has read")
	dry := f.Bool("n", false, "with --all: only say how many pages are due, and why")
	db := f.database(e)
	workers := f.Int("workers", runtime.GOMAXPROCS(0), "with --all: how many pages to read at once")
	args, err := f.parse(e, args)
	switch {
	case err != nil:
		return err
	case *all && (len(args) > 0 || *url != ""):
		return &usageError{"--all reads the pages in the database and takes no file or --url", "leave out either"}
	case *all && *dry:
		return e.explainBacklog(ctx, *db, *asJSON)
	case *all:
		r, err := e.reextract(ctx, *db, *workers)
		if err != nil {
			return err
		}
		return e.reportReextraction(r, *asJSON)
	case *dry:
		return &usageError{"-n goes with --all", "framewatch extract --all -n"}
	case len(args) == 0:
		return &usageError{"no page given", "framewatch extract FILE|DIR|-, or --all for the pages in the database"}
	}
	return e.printPages(ctx, *url, args)
}

// printPages prints what the pages at the paths hold.
func (e *env) printPages(ctx context.Context, url string, paths []string) error {
	enc := json.NewEncoder(e.stdout)
	enc.SetEscapeHTML(false)
	pages, none := 0, 0
	one := func(name string, body []byte) error {
		pages++
		out := extractPage(name, url, body)
		if out.Reason != "" {
			none++
		}
		return enc.Encode(out)
	}
	for _, path := range paths {
		if err := e.eachPage(ctx, path, one); err != nil {
			return err
		}
	}
	if pages == 0 {
		return fmt.Errorf("%s: no saved page (.html, .htm, .html.gz)", strings.Join(paths, ", "))
	}
	if none > 0 {
		return &partialError{fmt.Sprintf("%d of %d page(s) hold no article", none, pages)}
	}
	return nil
}

func extractPage(name, url string, body []byte) extracted {
	a, err := article.Extract(article.Page{URL: url, Body: body})
	out := extracted{File: name, URL: url, Title: a.Title, Authors: a.Authors, Published: a.Published.String(), DateFrom: a.DateFrom,
		Updated: a.Updated.String(), Site: a.SiteName, Language: a.Language, Text: a.Text, Via: a.Via, Agreement: a.Agreement, Paywalled: a.Paywalled}
	if out.Authors == nil {
		out.Authors = []string{}
	}
	var reject *article.Reject
	if errors.As(err, &reject) {
		out.Reason = reject.Reason
	} else if err != nil {
		out.Reason = err.Error()
	}
	return out
}

// eachPage gives every HTML file under path to f, in sorted order; a file named on the command line is taken as it is.
func (e *env) eachPage(ctx context.Context, path string, f func(name string, body []byte) error) error {
	if path == "-" {
		body, err := io.ReadAll(io.LimitReader(e.stdin, maxPage+1))
		if err != nil {
			return err
		}
		return f("-", body)
	}
	return filepath.WalkDir(path, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if d.IsDir() || (name != path && !isPage(name)) {
			return nil
		}
		body, err := readPage(name)
		if err != nil {
			return err
		}
		return f(name, body)
	})
}

// isPage tells a saved page by its name.
func isPage(name string) bool {
	name = strings.TrimSuffix(strings.ToLower(name), ".gz")
	return strings.HasSuffix(name, ".html") || strings.HasSuffix(name, ".htm")
}

// readPage reads a file, unpacked if its name says that it is compressed. One byte over the cap is read, so that the
// extractor can refuse the page for its size.
func readPage(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var in io.Reader = file
	if strings.HasSuffix(strings.ToLower(name), ".gz") {
		zipped, err := gzip.NewReader(file)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		in = zipped
	}
	body, err := io.ReadAll(io.LimitReader(in, maxPage+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return body, nil
}

// maxPage bounds what is read of one page, unpacked.
const maxPage = 64 << 20
