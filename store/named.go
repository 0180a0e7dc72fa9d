package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// queries are questions that come with the program, one file each. A file begins with comments: the title, a
// description, and a line ":name default  what it means" for each parameter.
//
//go:embed queries
var queries embed.FS

// NamedQuery is a question with its statement.
type NamedQuery struct {
	Name        string // of the file
	Title       string // one line
	Description string // what its rows are and what they are not
	Params      []Param
	SQL         string // the whole file
}

// Param is a parameter of a [NamedQuery]; statements read it as :name.
type Param struct {
	Name, Default, Doc string
}

// NamedQueries lists the questions by name.
func NamedQueries() []NamedQuery {
	names, err := fs.Glob(queries, "queries/*.sql")
	if err != nil {
		panic(err) // the pattern is a constant
	}
	all := make([]NamedQuery, len(names))
	for i, name := range names {
		text, err := queries.ReadFile(name)
		if err != nil {
			panic(err) // it is embedded
		}
		all[i] = parseQuery(strings.TrimSuffix(path.Base(name), ".sql"), string(text))
	}
	return all
}

func parseQuery(name, text string) NamedQuery {
	q := NamedQuery{Name: name, SQL: text}
	var about []string
	for line := range strings.Lines(text) {
		comment, ok := strings.CutPrefix(strings.TrimSpace(line), "-- ")
		if !ok {
			break
		}
		if param, ok := strings.CutPrefix(comment, ":"); ok {
			fields := strings.Fields(param)
			q.Params = append(q.Params, Param{Name: fields[0], Default: strings.Trim(fields[1], "'"), Doc: strings.Join(fields[2:], " ")})
		} else if q.Title == "" {
			q.Title = comment
		} else {
			about = append(about, comment)
		}
	}
	q.Description = strings.Join(about, " ")
	return q
}

// FindQuery gives the question with that name; the error names all there are.
func FindQuery(name string) (NamedQuery, error) {
	all := NamedQueries()
	names := make([]string, len(all))
	for i, q := range all {
		if q.Name == name {
			return q, nil
		}
		names[i] = q.Name
	}
	return NamedQuery{}, fmt.Errorf("no query %q; there are %s", name, strings.Join(names, ", "))
}

// Run asks the question of the database at path, with the parameters given and the defaults of the others.
func (q NamedQuery) Run(ctx context.Context, path string, params map[string]string, l Limits) (*Result, error) {
	for name := range params {
		if !slices.ContainsFunc(q.Params, func(p Param) bool { return p.Name == name }) {
			return nil, fmt.Errorf("query %s has no parameter %q; it has %s", q.Name, name, q.paramNames())
		}
	}
	var args []any
	for _, p := range q.Params {
		value, ok := params[p.Name]
		if !ok {
			value = p.Default
		}
		if p.Name == unitParam && value != "story" && value != "exposure" {
			return nil, fmt.Errorf("query %s: unit %q; it is story or exposure", q.Name, value)
		}
		args = append(args, sql.Named(p.Name, value))
	}
	return Query(ctx, path, q.SQL, l, args...)
}

// unitParam is the parameter that says what is counted, the same in every query that has it.
const unitParam = "unit"

func (q NamedQuery) paramNames() string {
	if len(q.Params) == 0 {
		return "none"
	}
	names := make([]string, len(q.Params))
	for i, p := range q.Params {
		names[i] = p.Name
	}
	return strings.Join(names, ", ")
}
