package files

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"

	"framewatch/crawler/article"
)

// line is the shape of one JSON line. Unknown fields are ignored.
type line struct {
	ID        scalar `json:"id"`
	URL       scalar `json:"url"`
	Outlet    scalar `json:"outlet"`
	Source    scalar `json:"source"`
	Title     scalar `json:"title"`
	Published scalar `json:"published"`
	Updated   scalar `json:"updated"`
	Text      scalar `json:"text"`
	HTML      scalar `json:"html"`
	Language  scalar `json:"language"`
	Country   scalar `json:"country"`
	Type      scalar `json:"type"`
	Authors   names  `json:"authors"`
	Author    names  `json:"author"`
}

// scalar is a string; a number or a truth value is taken by its digits or
// letters, since exports write ids and years as numbers.
type scalar string

func (s *scalar) UnmarshalJSON(b []byte) error {
	switch {
	case string(b) == "null":
		return nil
	case b[0] == '"':
		var v string
		if err := json.Unmarshal(b, &v); err != nil {
			return err
		}
		*s = scalar(clean(v))
		return nil
	case b[0] == '{':
		return &json.UnmarshalTypeError{Value: "object", Type: reflect.TypeFor[string]()}
	case b[0] == '[':
		return &json.UnmarshalTypeError{Value: "array", Type: reflect.TypeFor[string]()}
	}
	*s = scalar(b)
	return nil
}

// names is a list of names: one string, a list of strings, or a list of
// objects with a name.
type names []string

func (n *names) UnmarshalJSON(b []byte) error {
	var one scalar
	if one.UnmarshalJSON(b) == nil {
		for _, s := range strings.Split(string(one), ";") {
			n.add(s)
		}
		return nil
	}
	var list []json.RawMessage
	if err := json.Unmarshal(b, &list); err != nil {
		return &json.UnmarshalTypeError{Value: "object", Type: reflect.TypeFor[[]string]()}
	}
	for _, e := range list {
		var s scalar
		var obj struct {
			Name string `json:"name"`
		}
		if s.UnmarshalJSON(e) == nil {
			n.add(string(s))
		} else if json.Unmarshal(e, &obj) == nil {
			n.add(clean(obj.Name))
		}
	}
	return nil
}

func (n *names) add(s string) {
	if s = strings.TrimSpace(s); s != "" {
		*n = append(*n, s)
	}
}

// lines reads one record a line. Lines may be long; one beyond MaxRecord is
// passed over without being held in memory.
func (r *run) lines(path string, in *bufio.Reader) error {
	var buf []byte
	for n := 1; ; n++ {
		if r.ctx.Err() != nil {
			return r.ctx.Err()
		}
		var long bool
		var err error
		buf, long, err = readLine(in, buf[:0], r.MaxRecord)
		if err != nil && err != io.EOF {
			return fmt.Errorf("read after line %d: %w", n-1, err)
		}
		if n == 1 {
			buf = bytes.TrimPrefix(buf, []byte("\xEF\xBB\xBF"))
		}
		origin := path + ":" + strconv.Itoa(n)
		if long {
			r.problem(Problem{Origin: origin, Err: fmt.Errorf("line is longer than %d bytes", r.MaxRecord), Skipped: true})
		} else if b := bytes.TrimSpace(buf); len(b) > 0 {
			if serr := r.line(origin, b); serr != nil {
				return serr
			}
		}
		if err == io.EOF {
			return nil
		}
	}
}

func readLine(in *bufio.Reader, buf []byte, limit int) (_ []byte, long bool, _ error) {
	for {
		part, err := in.ReadSlice('\n')
		if len(buf)+len(part) > limit+1 {
			long = true
		} else {
			buf = append(buf, part...)
		}
		if err != bufio.ErrBufferFull {
			return buf, long, err
		}
	}
}

func (r *run) line(origin string, b []byte) error {
	var l line
	if err := json.Unmarshal(b, &l); err != nil {
		r.problem(Problem{Origin: origin, Err: jsonError(err), Skipped: true})
		return nil
	}
	rec, warns, err := l.record(origin)
	if err != nil {
		r.problem(Problem{Origin: origin, Err: err, Skipped: true})
		return nil
	}
	for _, w := range warns {
		r.problem(Problem{Origin: origin, Err: w})
	}
	return r.send(rec)
}

// jsonError says where in the line the JSON breaks and which field is wrong.
func jsonError(err error) error {
	var syntax *json.SyntaxError
	var typ *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("not valid JSON at byte %d: %w", syntax.Offset, err)
	case errors.As(err, &typ) && typ.Field == "":
		return fmt.Errorf("want a JSON object with id, url, outlet, title, published and text or html, got a JSON %s", typ.Value)
	case errors.As(err, &typ):
		return fmt.Errorf("%s: want %s, got a JSON %s", typ.Field, typ.Type, typ.Value)
	}
	return fmt.Errorf("not a usable record: %w", err)
}

func (l line) record(origin string) (Record, []error, error) {
	rec := Record{ExternalID: strings.TrimSpace(string(l.ID)), Origin: origin, Country: string(l.Country), Type: string(l.Type)}
	rec.Outlet = firstOf(string(l.Outlet), string(l.Source))
	a := &rec.Article
	switch {
	case strings.TrimSpace(string(l.Text)) != "":
		a.Text, a.Via, a.Agreement = string(l.Text), "import", 1
	case strings.TrimSpace(string(l.HTML)) != "":
		var err error
		*a, err = article.Extract(article.Page{URL: string(l.URL), ContentType: "text/html; charset=utf-8", Body: []byte(l.HTML)})
		if err != nil {
			return rec, nil, fmt.Errorf("html: %w", err)
		}
	default:
		return rec, nil, errors.New("neither text nor html: nothing to read")
	}
	a.URL = firstOf(string(l.URL), a.URL)
	a.Title = firstOf(string(l.Title), a.Title)
	a.Language = firstOf(string(l.Language), a.Language)
	if given := append(l.Authors, l.Author...); len(given) > 0 {
		a.Authors = given
	}
	var warns []error
	if d := readDate("published", l.Published, &warns); !d.IsZero() {
		a.Published, a.DateFrom = d, "import"
	}
	if d := readDate("updated", l.Updated, &warns); !d.IsZero() {
		a.Updated = d
	}
	return rec, warns, nil
}

func readDate(field string, s scalar, warns *[]error) article.Date {
	d, err := article.ParseDate(string(s))
	if err != nil {
		*warns = append(*warns, fmt.Errorf("%s: %w; kept without it", field, err))
	}
	return d
}

func firstOf(values ...string) string {
	for _, v := range values {
		if strings.TrimSpace(v) != "" {
			return v
		}
	}
	return ""
}
