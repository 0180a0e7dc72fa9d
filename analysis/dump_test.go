package analysis_test

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"framewatch/analysis"
)

func TestDump(t *testing.T) {
	path := os.Getenv("DUMP")
	if path == "" {
		t.Skip()
	}
	a := builtin(t)
	f, _ := os.Open(path)
	z, _ := gzip.NewReader(f)
	sc := bufio.NewScanner(z)
	sc.Buffer(nil, 1<<26)
	n, rel := 0, 0
	for sc.Scan() {
		var d struct{ ID, Title, Text string }
		if err := json.Unmarshal(sc.Bytes(), &d); err != nil {
			t.Fatal(err)
		}
		doc := analysis.Document{Title: d.Title, Text: d.Text}
		if os.Getenv("NOGATE") != "" {
			doc.Topic = &analysis.Topic{Relevant: true}
		}
		n++
		if a.Topic(doc).Relevant {
			rel++
		}
		for _, m := range a.Analyze(doc) {
			fmt.Printf("%s|%s|%s|%s|%s|%s|%s|%s|%s\n", m.Frame, m.Rule, m.Trigger, m.Stance, m.StanceRule, m.Voice, m.VoiceRule, m.Speaker.Name, m.Sentence)
		}
	}
	fmt.Println("DOCS", n, rel)
}
