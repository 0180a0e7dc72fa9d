package charts

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// publishedOptions give a series of another study for the frame "race".
func publishedOptions() Options {
	o := fixtureOptions()
	o.Relevant = "articles about AI"
	o.Published = []PublishedSeries{
		{Frame: "no_such_frame", Name: "Nobody", Years: []PublishedYear{{2019, 10, 1}}},
		{Frame: "race", Name: "Study of 2021", Corpus: "articles in an old archive", Source: "https://study.example/data",
			Years: []PublishedYear{{2018, 9, 3}, {2019, 20, 3}, {2020, 1000, 13}}},
	}
	return o
}

func TestPublishedSeriesStandsBesideTheSameFrame(t *testing.T) {
	db := filled(t, 2000)
	relevant := variants()[slices.IndexFunc(variants(), func(v variant) bool { return v.denominator == AIAndEither && v.press && v.repeats })]
	c := opened(t, db, relevant, publishedOptions())
	f, err := c.publishedFigure(publishedOptions())
	if err != nil {
		t.Fatal(err)
	}
	year := "2025"
	where := ` FROM v_article a WHERE relevant AND month LIKE '` + year + `-%'`
	n := count(t, db, `SELECT count(*)`+where)
	k := count(t, db, `SELECT count(*)`+where+` AND EXISTS (SELECT 1 FROM v_mention m WHERE m.article_id = a.article_id AND (m.frame = 'race' OR m.parent_frame = 'race'))`)
	want := map[string][2]string{
		"2018": {"3 of 9", "–"}, "2019": {"○ 15.0% (5.2–36.0), 3", "–"}, "2020": {"1.3% (0.8–2.2), 13", "–"}, "2021": {"–", "–"}, year: {"–", cell(k, n)},
	}
	for _, r := range f.Table.Rows {
		if w, ok := want[r.Head]; ok && (r.Cells[0] != w[0] || r.Cells[1] != w[1]) {
			t.Errorf("%s: got %q, want %q", r.Head, r.Cells, w)
		}
		delete(want, r.Head)
	}
	if len(want) > 0 {
		t.Errorf("years without a row: %v", want)
	}
	for _, said := range []string{"Study of 2021: of articles in an old archive", "This report: of its articles about AI."} {
		if !strings.Contains(f.Subtitle, said) {
			t.Errorf("the subtitle does not say %q: %s", said, f.Subtitle)
		}
	}
	if !strings.Contains(f.Note, "The definition is the same and the articles are not") || !strings.Contains(f.Title, "one definition in two corpora") {
		t.Errorf("the figure does not say that the corpora differ: %s / %s", f.Title, f.Note)
	}
	if strings.Contains(f.Note, "choose them at the top") {
		t.Error("the page counts what the published series counts, and the note says it does not")
	}
	if f, err := opened(t, db, variants()[0], publishedOptions()).publishedFigure(publishedOptions()); err != nil || !strings.Contains(f.Note, "choose them at the top") {
		t.Errorf("the page counts articles that name China, and the note does not say how to count all: %v", err)
	}
	if err := marksPointIntoTable(f); err != "" {
		t.Error(err)
	}
}

// marksPointIntoTable says what is wrong with the series of the option or with their marks.
func marksPointIntoTable(f *figure) string {
	var o struct {
		Series []struct{ Data []json.RawMessage }
	}
	if err := json.Unmarshal(f.Panels[0].Option, &o); err != nil {
		return err.Error()
	}
	if len(o.Series) != len(f.Panels[0].Marks) {
		return "the number of marks is not that of the series"
	}
	for i, m := range f.Panels[0].Marks {
		if m.Column >= len(f.Table.Columns) || len(o.Series[i].Data) != len(f.Table.Rows) {
			return "a series does not fit the table"
		}
	}
	return ""
}

func TestPublishedSeriesIsOnThePageOnlyWhereItFits(t *testing.T) {
	db := filled(t, 300)
	const mark = `<section id="published"`
	if text, _ := report(t, db, publishedOptions()); !strings.Contains(text, mark) || !strings.Contains(text, "Study of 2021") {
		t.Error("the published series is not on the page")
	}
	o := publishedOptions()
	o.Published = o.Published[:1]
	for name, o := range map[string]Options{"no series": fixtureOptions(), "series of another frame": o} {
		if text, _ := report(t, db, o); strings.Contains(text, mark) {
			t.Errorf("%s: the page has the section", name)
		}
		var out strings.Builder
		if err := Figure(t.Context(), &out, db, "published", o); err == nil || !strings.Contains(err.Error(), "framewatch analyze --codebook") {
			t.Errorf("%s: got %v, want an error that says what to do", name, err)
		}
	}
	var picture strings.Builder
	if err := Figure(t.Context(), &picture, db, "published", publishedOptions()); err != nil || !strings.Contains(picture.String(), "Study of 2021") {
		t.Errorf("the picture: %v", err)
	}
}
