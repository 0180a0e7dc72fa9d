// Package files reads articles from local files: JSON lines, saved web pages
// and plain text, compressed or not, alone or in folders. Paths go in, records
// come out one at a time; a line or file that cannot be read is reported and
// passed over, and the reading goes on.
package files

import (
	"bufio"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"framewatch/crawler/article"
)

// Record is one article read from a file.
type Record struct {
	// ExternalID identifies the article across imports: the file's own id, or
	// else a hash of the URL, or of outlet, title and text where there is no URL.
	ExternalID string
	Origin     string // file, or file:line
	Outlet     string // as given; "" if unknown
	Country    string // as given; "" if unknown
	Type       string // kind of source as given ("news", "government", …); "" if unknown
	// Article holds the rest. Its Text and Title are code point for code point
	// as in the file, but that invalid UTF-8 and NUL are U+FFFD; only a saved
	// web page is extracted.
	Article article.Article
}

// Problem is something in a file that could not be used.
type Problem struct {
	Origin  string // file, or file:line
	Err     error
	Skipped bool // the article was lost; otherwise only the named detail was
}

func (p Problem) Error() string { return p.Origin + ": " + p.Err.Error() }

// Unwrap gives the cause.
func (p Problem) Unwrap() error { return p.Err }

// Stats counts what a reading came to.
type Stats struct {
	Files    int // files opened
	Records  int // records emitted
	Skipped  int // lines or files lost, each reported
	Warnings int // records kept without some detail, each reported
	Ignored  int // files of other kinds met in a folder
}

// Reader reads files. The zero value is ready for use.
type Reader struct {
	// Report is told every problem as it is met; nil drops them, and they are
	// still counted.
	Report func(Problem)
	// MaxRecord is the longest line or file taken, in bytes, uncompressed;
	// zero means 128 MiB.
	MaxRecord int
}

const defaultMaxRecord = 128 << 20

// kind is how a file is read.
type kind int

const (
	kindNone kind = iota
	kindLines
	kindHTML
	kindText
)

// Read reads the file or folder at path, folders in full and in sorted order,
// and calls emit for each record in turn. It returns early only when ctx ends,
// when emit fails, or when path itself cannot be used; an unreadable file
// inside a folder is a [Problem].
func (r Reader) Read(ctx context.Context, path string, emit func(Record) error) (Stats, error) {
	run := &run{Reader: r, ctx: ctx, emit: emit}
	if run.MaxRecord <= 0 {
		run.MaxRecord = defaultMaxRecord
	}
	info, err := os.Stat(path)
	if err != nil {
		return run.stats, err
	}
	if info.IsDir() {
		return run.stats, run.folder(path)
	}
	k := kindOf(path)
	if k == kindNone {
		return run.stats, fmt.Errorf("%s: unknown kind of file; want .jsonl, .ndjson, .html, .htm, .txt or .md, each also with .gz", path)
	}
	err = run.file(path, k)
	return run.stats, err
}

// Read reads path with a zero [Reader].
func Read(ctx context.Context, path string, emit func(Record) error) (Stats, error) {
	return Reader{}.Read(ctx, path, emit)
}

// run is the state of one Read.
type run struct {
	Reader
	ctx   context.Context
	emit  func(Record) error
	stats Stats
}

// stopError carries an error of emit past the handling of bad input.
type stopError struct{ error }

func (s stopError) Unwrap() error { return s.error }

func kindOf(path string) kind {
	name := strings.ToLower(filepath.Base(path))
	switch filepath.Ext(strings.TrimSuffix(name, ".gz")) {
	case ".jsonl", ".ndjson":
		return kindLines
	case ".html", ".htm", ".xhtml":
		return kindHTML
	case ".txt", ".md":
		return kindText
	}
	return kindNone
}

// folder reads every file below root; WalkDir goes in lexical order.
func (r *run) folder(root string) error {
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if r.ctx.Err() != nil {
			return r.ctx.Err()
		}
		if err != nil {
			r.problem(Problem{Origin: path, Err: err, Skipped: true})
			return nil
		}
		hidden := path != root && strings.HasPrefix(d.Name(), ".")
		switch {
		case d.IsDir() && hidden:
			return filepath.SkipDir
		case d.IsDir():
			return nil
		case hidden || kindOf(path) == kindNone || !isRegular(path):
			r.stats.Ignored++
			return nil
		}
		err = r.file(path, kindOf(path))
		var stop stopError
		if err == nil || errors.As(err, &stop) || r.ctx.Err() != nil {
			return err
		}
		r.problem(Problem{Origin: path, Err: err, Skipped: true})
		return nil
	})
}

// isRegular follows links, and keeps out pipes and devices, which would block.
func isRegular(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

func (r *run) file(path string, k kind) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	r.stats.Files++
	in := bufio.NewReaderSize(f, 1<<16)
	if magic, _ := in.Peek(2); string(magic) == "\x1f\x8b" {
		gz, err := gzip.NewReader(in)
		if err != nil {
			return fmt.Errorf("read gzip: %w", err)
		}
		in = bufio.NewReaderSize(gz, 1<<16)
	}
	if k == kindLines {
		return r.lines(path, in)
	}
	body, err := io.ReadAll(io.LimitReader(in, int64(r.MaxRecord)+1))
	if err != nil {
		return fmt.Errorf("read: %w", err)
	}
	if len(body) > r.MaxRecord {
		return fmt.Errorf("larger than %d bytes", r.MaxRecord)
	}
	rec, err := page(path, body)
	if k == kindText {
		rec, err = text(path, body)
	}
	if err != nil {
		r.problem(Problem{Origin: path, Err: err, Skipped: true})
		return nil
	}
	return r.send(rec)
}

func (r *run) send(rec Record) error {
	if err := r.ctx.Err(); err != nil {
		return stopError{err}
	}
	if rec.ExternalID == "" {
		rec.ExternalID = hashID(rec)
	}
	if err := r.emit(rec); err != nil {
		return stopError{err}
	}
	r.stats.Records++
	return nil
}

func (r *run) problem(p Problem) {
	if p.Skipped {
		r.stats.Skipped++
	} else {
		r.stats.Warnings++
	}
	if r.Report != nil {
		r.Report(p)
	}
}

// hashID makes an id that stays the same when the file is read again. A URL
// that names a page is enough, so that a corrected text is the same article;
// a bare homepage, which many lines may share, is not.
func hashID(rec Record) string {
	parts := []string{rec.Article.URL}
	if u, err := url.Parse(rec.Article.URL); err != nil || strings.Trim(u.Path, "/") == "" && u.RawQuery == "" {
		parts = append(parts, rec.Outlet, rec.Article.Title, rec.Article.Text)
	}
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p) // lengths keep "ab"+"c" and "a"+"bc" apart
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil)[:12])
}

// clean replaces what a database text cannot hold.
func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}
