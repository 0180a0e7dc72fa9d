package crawlertest_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"framewatch/crawler/article"
	. "framewatch/crawler/crawlertest"
)

func TestScratch(t *testing.T) {
	s, _ := New()
	defer s.Close()
	for _, b := range []func(*Site) *Scenario{Charsets, WrongTypes, NotArticles, Paywall, OddDates, HostileText, func(s *Site) *Scenario { return Nested(s, 3000) }, SameName} {
		c := b(s)
		paths := c.Paths
		for _, n := range []string{"pdf", "pdf-as-html", "image", "soft-404", "gone-home", "consent-wall", "bot-challenge", "bot-challenge-200", "app-shell", "empty", "deep.html", "deep-end.html"} {
			paths = append(paths, "/a/"+n)
		}
		for i, p := range paths {
			res, err := http.Get(c.Host.URL(p))
			if err != nil {
				t.Log(c.ID, p, err)
				continue
			}
			body, _ := io.ReadAll(res.Body)
			res.Body.Close()
			if res.StatusCode == 404 {
				continue
			}
			t0 := time.Now()
			a, err := article.Extract(article.Page{URL: c.Host.URL(p), ContentType: res.Header.Get("Content-Type"), Body: body})
			d := time.Since(t0)
			var rej *article.Reject
			msg := ""
			if errors.As(err, &rej) {
				msg = "REJECT " + rej.Reason + ": " + rej.Detail
			}
			if i < len(c.Stories) {
				st := c.Stories[i]
				if a.Title != st.Title {
					msg += fmt.Sprintf(" TITLE %q", a.Title)
				}
				if a.Text != st.Text() {
					msg += fmt.Sprintf(" TEXT differs (%d vs %d)", len(a.Text), len(st.Text()))
				}
			}
			fmt.Printf("%s %s %.0fms date=%s/%s upd=%s auth=%v pw=%v lang=%s %s\n", c.ID, p, d.Seconds()*1000, a.Published, a.DateFrom, a.Updated, a.Authors, a.Paywalled, a.Language, cut(msg))
		}
	}
}
func cut(s string) string { return s[:min(len(s), 300)] }
