package store

import (
	"regexp"
	"slices"
	"strings"
)

// View is a view as its comments describe it.
type View struct {
	Name    string
	Text    string // what one row is
	Columns []Column
}

// Column is a column of a [View].
type Column struct{ Name, Text string }

// Views describes the v_* views, in the order of views.sql.
func Views() []View { return describe(viewsSQL) }

// findView gives the description of a view.
func findView(name string) (View, bool) {
	for _, v := range Views() {
		if v.Name == name {
			return v, true
		}
	}
	return View{}, false
}

var (
	rxCreate  = regexp.MustCompile(`^CREATE (?:TABLE|VIEW|VIRTUAL TABLE) (\w+)`)
	rxColumn  = regexp.MustCompile(`^  (\w+)(?:,|$|\s+[^=\s])`)
	rxComment = regexp.MustCompile(`-- (.*)$`)
	rxAdded   = regexp.MustCompile(`^ALTER TABLE (\w+) ADD COLUMN (\w+) .*?; -- (.*)$`)
)

// describe reads the comments of a schema: a block right above CREATE is the object's, one at the end of a column's line
// (or of a line that continues it) the column's. ALTER TABLE adds to an object that an earlier part describes.
func describe(script string) []View {
	var all []View
	var comment []string
	open := false
	for line := range strings.Lines(script) {
		line = strings.TrimRight(line, "\n")
		if text, ok := strings.CutPrefix(line, "-- "); ok {
			comment = append(comment, text)
			continue
		}
		if m := rxAdded.FindStringSubmatch(line); m != nil {
			all = addColumn(all, m[1], Column{Name: m[2], Text: m[3]})
		}
		switch m := rxCreate.FindStringSubmatch(line); {
		case m != nil:
			all = append(all, View{Name: m[1], Text: strings.Join(comment, " ")})
			open = strings.HasSuffix(line, "(")
		case open && strings.HasPrefix(line, ")"):
			open = false
		case open:
			all[len(all)-1].describeColumn(line)
		}
		comment = nil
	}
	return all
}

// addColumn adds a column to the object of that name, which is made if the script did not create it.
func addColumn(all []View, name string, c Column) []View {
	i := slices.IndexFunc(all, func(v View) bool { return v.Name == name })
	if i < 0 {
		i, all = len(all), append(all, View{Name: name})
	}
	all[i].Columns = append(all[i].Columns, c)
	return all
}

func (v *View) describeColumn(line string) {
	if m := rxColumn.FindStringSubmatch(line); m != nil && m[1] != "PRIMARY" && m[1] != "UNIQUE" {
		v.Columns = append(v.Columns, Column{Name: m[1]})
	}
	if m := rxComment.FindStringSubmatch(line); m != nil && len(v.Columns) > 0 {
		v.Columns[len(v.Columns)-1].Text = m[1]
	}
}
