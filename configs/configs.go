// Package configs holds the three files that framewatch works from when no
// flag names another: which sources to read, which phrases make a frame, and
// which dated events to mark on charts. Files flow in at compile time and out
// as bytes; parsing belongs to the packages that use them, so that an edited
// copy on disk and the embedded one take the same path.
package configs

import "embed"

// FS holds codebook.yaml, sources.yaml and events.csv at its root, as
// "framewatch init" writes them. It is read-only and safe for concurrent use.
//
//go:embed *.yaml *.csv *.json
var FS embed.FS
