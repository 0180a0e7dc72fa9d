package charts

import (
	"errors"
	"os"
	"strings"
	"testing"
)

func TestReportIsWritten(t *testing.T) {
	db := openFixture(t)
	fill(t, db, 2000)
	text, s := report(t, db, fixtureOptions())
	t.Logf("%+v", s)
	if path := os.Getenv("FRAMEWATCH_REPORT_OUT"); path != "" {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestEmptyDatabase(t *testing.T) {
	var b strings.Builder
	_, err := Write(t.Context(), &b, openFixture(t), Options{})
	if !errors.Is(err, ErrNoArticles) {
		t.Fatalf("got %v, want ErrNoArticles", err)
	}
	for _, id := range []string{"findings", "coverage", "frames", "stance", "speakers", "outlets", "together", "headlines", "change", "passages", "method", "data"} {
		if !strings.Contains(b.String(), `<section id="`+id+`"`) {
			t.Errorf("section %s is missing", id)
		}
	}
}
