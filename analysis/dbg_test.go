package analysis_test

import (
	"fmt"
	"os"
	"testing"

	"framewatch/analysis"
)

func TestDbg(t *testing.T) {
	a := builtin(t)
	for _, m := range a.Analyze(analysis.Document{Text: os.Getenv("T"), Topic: &analysis.Topic{Relevant: true}}) {
		fmt.Printf("%+v\n", m)
	}
}
