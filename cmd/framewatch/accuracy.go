package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"

	"framewatch/analysis"
	"framewatch/analysis/score"
	"framewatch/charts"
	"framewatch/configs"
)

// accuracy is how far a codebook's coding agrees with a set of coded passages, as "codebook test --json" prints it.
// configs/accuracy.json holds that of the built-in codebook; a report shows it only beside results of the very
// codebook and engine that were measured.
type accuracy struct {
	Fingerprint string            `json:"fingerprint"`
	Engine      int               `json:"engine"`
	Set         string            `json:"set"` // what was coded, in one clause
	Passages    int               `json:"passages"`
	Measures    []accuracyMeasure `json:"measures"`
}

// accuracyMeasure is one share of decisions that agree, k of n.
type accuracyMeasure struct {
	Name string `json:"name"`
	K    int    `json:"k"`
	N    int    `json:"n"`
}

func measure(fingerprint, set string, r *score.Result) accuracy {
	all := r.Total()
	stance := r.StanceAccuracy()
	return accuracy{Fingerprint: fingerprint, Engine: analysis.Engine, Set: set, Passages: r.Passages, Measures: []accuracyMeasure{
		{"Coding precision", all.Both, all.Both + all.Extra},
		{"Coding recall", all.Both, all.Both + all.Missed},
		{"Stance agreement", stance.Hits, stance.N},
		{"Voice agreement", r.Voice.Hits, r.Voice.N},
		{"Speaker accuracy", r.Speaker.Hits, r.Speaker.N},
	}}
}

// measuredQuality is what a report may say about the coding: the built-in measurement if it was made with this
// codebook and engine, else nothing.
func measuredQuality(fingerprint string) ([]charts.Quality, error) {
	data, err := configs.FS.ReadFile("accuracy.json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var a accuracy
	if err := json.Unmarshal(data, &a); err != nil {
		return nil, fmt.Errorf("built-in accuracy.json: %w", err)
	}
	if a.Fingerprint != fingerprint || a.Engine != analysis.Engine {
		return nil, nil
	}
	var out []charts.Quality
	for _, m := range a.Measures {
		c := score.Count{Hits: m.K, N: m.N}
		low, high := c.Wilson()
		out = append(out, charts.Quality{Name: m.Name, Value: c.Share(), Low: low, High: high, N: m.N, Interpretation: a.Set})
	}
	return out, nil
}
