package store

import (
	"encoding/json"
	"strings"
)

// DatasetteMetadata is the metadata.json with which Datasette shows the file well: what every view and column means, and
// the named queries that need no function of framewatch's. database is the name under which Datasette knows the file, its
// base name without the extension.
func DatasetteMetadata(database string) ([]byte, error) {
	type tableInfo struct {
		Description string            `json:"description"`
		Columns     map[string]string `json:"columns"`
	}
	type queryInfo struct {
		SQL         string   `json:"sql"`
		Title       string   `json:"title"`
		Description string   `json:"description"`
		Params      []string `json:"params,omitempty"`
	}
	type databaseInfo struct {
		Tables  map[string]tableInfo `json:"tables"`
		Queries map[string]queryInfo `json:"queries"`
	}
	info := databaseInfo{Tables: map[string]tableInfo{}, Queries: map[string]queryInfo{}}
	for _, v := range Views() {
		columns := map[string]string{}
		for _, c := range v.Columns {
			columns[c.Name] = c.Text
		}
		info.Tables[v.Name] = tableInfo{v.Text, columns}
	}
	for _, q := range NamedQueries() {
		if usesFunctions(q.SQL) {
			continue
		}
		var params []string
		for _, p := range q.Params {
			params = append(params, p.Name)
		}
		info.Queries[q.Name] = queryInfo{q.SQL, q.Title, q.Description, params}
	}
	out, err := json.MarshalIndent(map[string]any{
		"title":     "framewatch",
		"databases": map[string]databaseInfo{database: info},
	}, "", "  ")
	return append(out, '\n'), err
}

// usesFunctions tells whether a statement needs a function that only [Query] has.
func usesFunctions(statement string) bool {
	for _, f := range functions() {
		if strings.Contains(statement, f.name+"(") {
			return true
		}
	}
	return false
}
