package main

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"framewatch/analysis/codebook"
	"framewatch/charts"
	"framewatch/configs"
)

// publishedColumns are the columns of a file of published series, in order.
var publishedColumns = []string{"codebook", "frame", "series", "corpus", "year", "n", "k", "source", "note"}

// publishedRow is one line of such a file: K of N articles of a year use the frame, by the definition of a built-in
// codebook.
type publishedRow struct {
	codebook string
	series   charts.PublishedSeries // without its years
	year     charts.PublishedYear
}

// published are the series that other studies counted by the very definition of a codebook: those of the built-in
// codebook with the same meaning. A codebook that was edited has none.
func published(cb *codebook.Codebook) ([]charts.PublishedSeries, error) {
	embedded := embeddedCodebook(cb.Name)
	if embedded == "" {
		return nil, nil
	}
	_, own, err := builtinCodebook(embedded)
	if err != nil || own.Fingerprint() != cb.Fingerprint() {
		return nil, err
	}
	data, err := configs.FS.ReadFile("cset.csv")
	if err != nil {
		return nil, err
	}
	rows, err := parsePublished(builtin+"cset.csv", data)
	if err != nil {
		return nil, err
	}
	var all []charts.PublishedSeries
	for _, r := range rows {
		if r.codebook != cb.Name {
			continue
		}
		at := slices.IndexFunc(all, func(s charts.PublishedSeries) bool { return s.Frame == r.series.Frame && s.Name == r.series.Name })
		if at < 0 {
			all, at = append(all, r.series), len(all)
		}
		all[at].Years = append(all[at].Years, r.year)
	}
	return all, nil
}

// parsePublished reads a CSV file of published yearly counts. name is what messages call it. The years of a series must
// ascend and k must not exceed n.
func parsePublished(name string, data []byte) ([]publishedRow, error) {
	in := csv.NewReader(bytes.NewReader(data))
	header, err := in.Read()
	if err != nil || !slices.Equal(header, publishedColumns) {
		return nil, fmt.Errorf("%s:1: the columns are %v, want %v", name, header, publishedColumns)
	}
	last := map[[3]string]int{}
	var rows []publishedRow
	for {
		fields, err := in.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		line, _ := in.FieldPos(0)
		r, err := publishedFrom(fields)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, line, err)
		}
		key := [3]string{r.codebook, r.series.Frame, r.series.Name}
		if r.year.Year <= last[key] {
			return nil, fmt.Errorf("%s:%d: year %d does not follow %d; sort the years and give each once", name, line, r.year.Year, last[key])
		}
		last[key] = r.year.Year
		rows = append(rows, r)
	}
}

func publishedFrom(fields []string) (publishedRow, error) {
	r := publishedRow{codebook: fields[0], series: charts.PublishedSeries{
		Frame: fields[1], Name: fields[2], Corpus: fields[3], Source: fields[7], Note: fields[8]}}
	for i, column := range publishedColumns[:len(publishedColumns)-1] {
		if fields[i] == "" {
			return r, fmt.Errorf("%s is empty; fill it", column)
		}
	}
	for i, to := range map[int]*int{4: &r.year.Year, 5: &r.year.N, 6: &r.year.K} {
		n, err := strconv.Atoi(fields[i])
		if err != nil || n < 0 {
			return r, fmt.Errorf("%s %q is no number; write digits alone", publishedColumns[i], fields[i])
		}
		*to = n
	}
	if r.year.K > r.year.N {
		return r, fmt.Errorf("k %d is more than n %d", r.year.K, r.year.N)
	}
	return r, nil
}
