package feed

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"framewatch/crawler/urlnorm"
)

// date is a date as printed, and what gofeed makes of it, which is nil if
// nothing.
type date struct {
	text   string
	parsed *time.Time
}

// layouts are the forms in which feeds print dates, names of zones replaced by
// their offset. The rarer ones are left to gofeed.
var layouts = []string{
	"Mon, 2 Jan 2006 15:04:05 -0700", "Mon, 2 Jan 2006 15:04 -0700", "2 Jan 2006 15:04:05 -0700", time.RFC3339,
	"2006-01-02T15:04:05-0700", "2006-01-02T15:04-07:00", "2006-01-02 15:04:05 -0700",
	"Mon, 2 Jan 2006 15:04:05", "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02",
}

var (
	numericZone = regexp.MustCompile(`([+-][0-9]{2}):?([0-9]{2})$`)
	namedZone   = regexp.MustCompile(`\s([A-Z]{2,4})$`)
	zoneComment = regexp.MustCompile(`\s*\([A-Za-z ]*\)$`)
)

// zones are the offsets in hours of the names that feeds print.
var zones = map[string]int{
	"UT": 0, "GMT": 0, "UTC": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
	"BST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "JST": 9, "KST": 9, "HKT": 8, "SGT": 8,
}

// time returns the date with the offset that the feed printed, or zero. "CST" is
// read as China Standard Time in a Chinese feed and as Central Standard Time in
// any other; a date without an offset is taken for UTC.
func (d date) time(feedURL, language string) time.Time {
	s := zoneComment.ReplaceAllString(strings.Join(strings.Fields(d.text), " "), "")
	if m := namedZone.FindStringSubmatch(s); m != nil {
		hours, ok := zones[m[1]]
		if m[1] == "CST" && chinese(feedURL, language) {
			hours = 8
		}
		if ok {
			s = fmt.Sprintf("%s %+03d00", strings.TrimSuffix(s, m[0]), hours)
		}
	}
	for _, l := range layouts {
		if t, err := time.ParseInLocation(l, s, time.UTC); err == nil {
			return t
		}
	}
	if d.parsed == nil {
		return time.Time{}
	}
	t := d.parsed.UTC()
	if m := numericZone.FindStringSubmatch(s); m != nil {
		if zone, err := time.Parse("-0700", m[1]+m[2]); err == nil {
			_, offset := zone.Zone()
			return t.In(time.FixedZone("", offset))
		}
	}
	return t
}

func chinese(feedURL, language string) bool {
	host := urlnorm.Host(feedURL)
	for _, tld := range []string{".cn", ".tw", ".hk", ".mo"} {
		if strings.HasSuffix(host, tld) {
			return true
		}
	}
	return strings.HasPrefix(strings.ToLower(language), "zh")
}
