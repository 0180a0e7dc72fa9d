package article

import (
	"testing"
	"time"
)

func TestParseDate(t *testing.T) {
	for in, want := range map[string]string{
		"":                                "",
		"  ":                              "",
		"2025-01-20T13:00:00-05:00":       "2025-01-20T13:00:00-05:00",
		"2025-01-20T13:00:00Z":            "2025-01-20T13:00:00Z",
		"2025-01-20T13:00:00.123456Z":     "2025-01-20T13:00:00Z",
		"2025-01-20T13:00:00+0000":        "2025-01-20T13:00:00Z",
		"2025-01-20T13:00:00 +08:00":      "2025-01-20T13:00:00+08:00",
		"2025-01-20 13:00":                "2025-01-20T13:00:00Z",
		"2025-01-20 13:00:00 EST":         "2025-01-20T13:00:00-05:00",
		"2025-01-20 13:00:00 +0000 UTC":   "2025-01-20T13:00:00Z",
		"2025-1-2":                        "2025-01-02",
		"2025/01/20":                      "2025-01-20",
		"2025-01":                         "2025-01",
		"2025":                            "2025",
		"20250120":                        "2025-01-20",
		"20250120T130000Z":                "2025-01-20T13:00:00Z",
		"20250120130000":                  "2025-01-20T13:00:00Z",
		"1737396000":                      "2025-01-20T18:00:00Z",
		"1737396000000":                   "2025-01-20T18:00:00Z",
		"Mon, 20 Jan 2025 13:00:00 GMT":   "2025-01-20T13:00:00Z",
		"Mon, 20 Jan 2025 13:00:00 -0500": "2025-01-20T13:00:00-05:00",
		"Mon, 20 Jan 2025 13:00 CST":      "2025-01-20T13:00:00-06:00",
		"Mon Jan 20 13:00:00 EST 2025":    "2025-01-20T13:00:00-05:00",
		"January 20, 2025":                "2025-01-20",
		"Jan. 20, 2025":                   "2025-01-20",
		"Sept. 3, 2024":                   "2024-09-03",
		"Monday, January 20th, 2025":      "2025-01-20",
		"20 January 2025":                 "2025-01-20",
		"20-Jan-2025":                     "2025-01-20",
		"January 2025":                    "2025-01",
		"January 20, 2025 1:00 PM EST":    "2025-01-20T13:00:00-05:00",
		"Jan 20, 2025 at 12:05 a.m. ET":   "2025-01-20T00:05:00-05:00",
		"January 20, 2025, 1 pm":          "2025-01-20T13:00:00Z",
		"January 20, 2025 | Washington":   "2025-01-20",
		"1:00 PM EST, January 20, 2025":   "2025-01-20T13:00:00-05:00",
		"1/20/2025":                       "2025-01-20",
		"20/1/2025":                       "2025-01-20",
		"4/4/2025":                        "2025-04-04",
		"03.04.2025":                      "2025-04-03",
		"2024-12-31T24:00:00Z":            "2025-01-01T00:00:00Z",
		"2025-01-20T13:00:00-00:00":       "2025-01-20T13:00:00Z",
	} {
		got, err := ParseDate(in)
		if err != nil || got.String() != want {
			t.Errorf("ParseDate(%q) = %q, %v; want %q", in, got, err, want)
		}
	}
	for _, in := range []string{"soon", "03/04/2025", "2025-13-01", "2025-02-30", "0001-01-01T00:00:00Z", "0000-00-00",
		"2025-01-20T25:00:00Z", "Undecember 3, 2025", "January 32, 2025", "99", "12:00 12:00 2025"} {
		if got, err := ParseDate(in); err == nil {
			t.Errorf("ParseDate(%q) = %q, want an error", in, got)
		}
	}
}

func TestDateKeepsPrintedDay(t *testing.T) {
	d, err := ParseDate("2025-01-31T23:30:00-08:00")
	if err != nil {
		t.Fatal(err)
	}
	if got := d.Time.Format(time.DateOnly); got != "2025-01-31" {
		t.Errorf("calendar day %s, want the outlet's 2025-01-31", got)
	}
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"2025-01-20T13:00:00-05:00", "Jan 20, 2025 1 PM", "2025-01", "1/20/2025", "20250120T1300"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseDate(s)
		if err != nil {
			return
		}
		again, err := ParseDate(d.String())
		if err != nil || again.String() != d.String() || again.Precision != d.Precision {
			t.Errorf("ParseDate(%q) = %v, which reads back as %v, %v", s, d, again, err)
		}
	})
}
