// Package configs holds the files that framewatch works from when no flag names
// another: which sources to read, which phrases make a frame, which dated events
// to mark on charts; and beside them the codebooks of two published studies and
// the yearly counts of one. Files flow in at compile time and out
// as bytes; parsing belongs to the packages that use them, so that an edited
// copy on disk and the embedded one take the same path.
package configs

import "embed"

// FS holds codebook.yaml, sources.yaml and events.csv at its root, as
// "framewatch init" writes them, and cset-2020.yaml, cset-2021.yaml and cset.csv.
// It is read-only and safe for concurrent use.
//
//go:embed *.yaml *.csv *.json
var FS embed.FS
