package main

import (
	"strings"
	"testing"

	"framewatch/analysis/codebook"
	"framewatch/configs"
)

func TestPublishedSeriesIsThatOfTheStudy(t *testing.T) {
	_, cb, err := builtinCodebook("cset-2021.yaml")
	if err != nil {
		t.Fatal(err)
	}
	series, err := published(cb)
	if err != nil || len(series) != 1 {
		t.Fatalf("got %d series, %v", len(series), err)
	}
	s, k := series[0], 0
	for i, y := range s.Years {
		k += y.K
		if y.Year != 2012+i {
			t.Errorf("year %d stands at place %d", y.Year, i)
		}
	}
	// The study counts 1,702 articles in all; its yearly counts add to 1,705.
	if s.Frame != "competition" || len(s.Years) != 9 || k != 1705 {
		t.Errorf("frame %s, %d years, %d articles", s.Frame, len(s.Years), k)
	}
}

func TestOnlyTheVeryDefinitionHasAPublishedSeries(t *testing.T) {
	data, err := configs.FS.ReadFile("cset-2021.yaml")
	if err != nil {
		t.Fatal(err)
	}
	edited := strings.Replace(string(data), "foreign adversar*", "foreign adversary", 1)
	cb, err := codebook.Parse("edited", []byte(edited))
	if err != nil {
		t.Fatal(err)
	}
	if s, err := published(cb); err != nil || len(s) > 0 {
		t.Errorf("an edited codebook: got %d series, %v", len(s), err)
	}
	for _, other := range []string{"codebook.yaml", "cset-2020.yaml"} {
		_, cb, err := builtinCodebook(other)
		if err != nil {
			t.Fatal(err)
		}
		if s, err := published(cb); err != nil || len(s) > 0 {
			t.Errorf("%s: got %d series, %v", other, len(s), err)
		}
	}
}

func TestPublishedFileIsReadStrictly(t *testing.T) {
	head := strings.Join(publishedColumns, ",") + "\n"
	for name, tc := range map[string]struct{ in, want string }{
		"empty":          {"", "x.csv:1:"},
		"another header": {"year,n,k\n", "x.csv:1: the columns are [year n k]"},
		"a missing cell": {head + "c,f,s,o,2012,5,1\n", "wrong number of fields"},
		"no number":      {head + "c,f,s,o,2012,five,1,u,\n", `x.csv:2: n "five"`},
		"k above n":      {head + "c,f,s,o,2012,5,6,u,\n", "x.csv:2: k 6 is more than n 5"},
		"a year twice":   {head + "c,f,s,o,2012,5,1,u,\nc,f,s,o,2012,5,1,u,\n", "x.csv:3: year 2012"},
		"no source":      {head + "c,f,s,o,2012,5,1,,\n", "x.csv:2: source is empty"},
	} {
		if _, err := parsePublished("x.csv", []byte(tc.in)); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v, want %q", name, err, tc.want)
		}
	}
	rows, err := parsePublished("x.csv", []byte(head+"c,f,s,o,2012,5,1,u,\nc,f,s,o,2014,5,0,u,\nc,g,s,o,2012,5,1,u,\n"))
	if err != nil || len(rows) != 3 {
		t.Errorf("got %d rows, %v", len(rows), err)
	}
}
