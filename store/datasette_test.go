package store

import (
	"encoding/json"
	"testing"
)

func TestDatasetteMetadataDescribesTheViews(t *testing.T) {
	data, err := DatasetteMetadata("framewatch")
	must(t, err)
	var m struct {
		Databases map[string]struct {
			Tables map[string]struct {
				Description string
				Columns     map[string]string
			}
			Queries map[string]struct{ SQL string }
		}
	}
	must(t, json.Unmarshal(data, &m))
	db := m.Databases["framewatch"]
	if got := db.Tables["v_month"].Columns["share"]; got != "k / n" {
		t.Errorf("v_month.share is %q", got)
	}
	if len(db.Tables) != len(Views()) || len(db.Queries) == 0 {
		t.Errorf("%d tables, %d queries", len(db.Tables), len(db.Queries))
	}
	if _, ok := db.Queries["headline-share"]; ok {
		t.Error("a query that calls wilson_low would fail in Datasette")
	}
}
