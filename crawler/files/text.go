package files

import (
	"bytes"
	"errors"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"framewatch/crawler/article"
)

// rxSaved matches the comment that browsers put atop a page they save.
var rxSaved = regexp.MustCompile(`<!--\s*saved from url=\(\d+\)(https?://[^\s>]+)`)

// page reads a saved web page. Its address is the one the browser noted, or
// else the one the page claims for itself.
func page(path string, body []byte) (Record, error) {
	rec := Record{Origin: path}
	saved := ""
	if m := rxSaved.FindSubmatch(body[:min(len(body), 2048)]); m != nil {
		saved = string(m[1])
	}
	var err error
	rec.Article, err = article.Extract(article.Page{URL: saved, Body: body})
	if err != nil {
		return rec, err
	}
	rec.Article.URL = firstOf(saved, rec.Article.Canonical)
	rec.Outlet = rec.Article.SiteName
	if u, err := url.Parse(rec.Article.URL); err == nil && rec.Outlet == "" {
		rec.Outlet = strings.TrimPrefix(u.Hostname(), "www.")
	}
	return rec, nil
}

// text reads plain text. The headline is cut out of it, so that the title is
// not counted twice; every other code point stays.
func text(path string, body []byte) (Record, error) {
	if bytes.HasPrefix(body, []byte("\xFF\xFE")) || bytes.HasPrefix(body, []byte("\xFE\xFF")) {
		return Record{}, errors.New("UTF-16 text; save it as UTF-8")
	}
	s := clean(string(bytes.TrimPrefix(body, []byte("\xEF\xBB\xBF"))))
	title, rest := splitTitle(s)
	rest = strings.Trim(rest, "\r\n")
	if strings.TrimSpace(rest) == "" {
		return Record{}, errors.New("no text below the title; want the title on the first line and the text below it")
	}
	rec := Record{Origin: path}
	rec.Article = article.Article{Title: title, Text: rest, Via: "import", Agreement: 1}
	return rec, nil
}

// longestTitle is the longest line, in code points, taken for a headline.
const longestTitle = 200

// splitTitle finds the headline: the first line that is not empty, or, where
// that line is a summary in full sentences, the line after it if that one
// reads as a headline. Without a headline the title is empty and all of s is
// text.
func splitTitle(s string) (title, rest string) {
	start, end := nextLine(s, 0)
	next, nextEnd := nextLine(s, end)
	second := next < len(s) && headline(s[next:nextEnd]) && strings.TrimSpace(s[nextEnd:]) != ""
	if headline(s[start:end]) && !(second && sentence(s[start:end]) && !sentence(s[next:nextEnd])) {
		return titleOf(s[start:end]), s[end:]
	}
	if second && !sentence(s[next:nextEnd]) {
		tail := s[nextEnd:]
		return titleOf(s[next:nextEnd]), s[start:next] + strings.TrimPrefix(strings.TrimPrefix(tail, "\r"), "\n")
	}
	return "", s[start:]
}

// nextLine gives the bounds of the next line that is not blank.
func nextLine(s string, from int) (start, end int) {
	for start = from; start < len(s); start = end + 1 {
		end = start + strings.IndexByte(s[start:]+"\n", '\n')
		if strings.TrimSpace(s[start:end]) != "" {
			return start, end
		}
	}
	return len(s), len(s)
}

// headline tells whether a line is short enough for a headline; a long one must
// not end like a sentence either.
func headline(line string) bool {
	n := utf8.RuneCountInString(strings.TrimSpace(line))
	return n > 0 && (n <= longestTitle/2 || n <= longestTitle && !sentence(line))
}

// sentence tells whether a line ends like a sentence of running text.
func sentence(line string) bool {
	return strings.HasSuffix(strings.TrimRight(strings.TrimSpace(line), `"”’')`), ".")
}

// titleOf drops the marks of a Markdown heading.
func titleOf(line string) string {
	line = strings.TrimSpace(line)
	if t := strings.TrimLeft(line, "#"); t != line && strings.HasPrefix(t, " ") {
		return strings.TrimSpace(t)
	}
	return line
}
