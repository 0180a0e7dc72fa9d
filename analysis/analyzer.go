package analysis

import (
	"errors"

	"framewatch/analysis/codebook"
)

// Analyzer codes documents with one codebook. It is immutable and safe for
// concurrent use.
type Analyzer struct {
	codebook *codebook.Codebook
}

// New compiles a codebook.
func New(cb *codebook.Codebook) (*Analyzer, error) {
	if cb == nil {
		return nil, errors.New("analysis: no codebook")
	}
	return &Analyzer{codebook: cb}, nil
}

// Codebook returns the codebook the analyzer was made from.
func (a *Analyzer) Codebook() *codebook.Codebook { return a.codebook }
