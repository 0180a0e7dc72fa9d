package analysis_test

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"testing"

	"framewatch/analysis"
	"framewatch/analysis/text"
)

func TestUncoded(t *testing.T) {
	if os.Getenv("UNC") == "" {
		t.Skip()
	}
	a := builtin(t)
	f, _ := os.Open(os.Getenv("UNC"))
	z, _ := gzip.NewReader(f)
	sc := bufio.NewScanner(z)
	sc.Buffer(nil, 1<<26)
	re := regexp.MustCompile(`China|Chinese|Beijing|PRC|adversar|domina|suprem`)
	re2 := regexp.MustCompile(`\bAI\b|artificial|technolog|chip|semicond|model`)
	for sc.Scan() {
		var d struct{ Title, Text string }
		json.Unmarshal(sc.Bytes(), &d)
		doc := analysis.Document{Title: d.Title, Text: d.Text}
		if !a.Topic(doc).Relevant {
			continue
		}
		coded := map[int]bool{}
		for _, m := range a.Analyze(doc) {
			if m.Section != analysis.Headline {
				coded[m.SentStart] = true
			}
		}
		td := text.Parse(d.Text)
		for _, s := range td.Sentences {
			str := d.Text[s.Start:s.End]
			if !coded[s.Start] && re.MatchString(str) && re2.MatchString(str) && len(str) < 420 {
				fmt.Println("-", str)
			}
		}
	}
}
