package store

import (
	"time"

	"framewatch/crawler/article"
)

// dateFlag names a doubt about a date of publication. A date more than two days after the article was collected, or one
// that a machine without a clock would give, is kept but never charted.
func dateFlag(published, updated article.Date, collected time.Time) string {
	switch t := published.Time; {
	case published.IsZero():
		return "missing"
	case t.After(collected.Add(48 * time.Hour)):
		return "future"
	case t.Year() < 1900, t.After(time.Date(1969, 12, 30, 23, 59, 59, 0, time.UTC)) && t.Before(time.Date(1970, 1, 2, 0, 0, 0, 0, time.UTC)):
		return "epoch"
	case coarse(published) || coarse(updated):
		return ""
	case updated.Time.Before(t.Add(-24 * time.Hour)):
		return "reversed"
	}
	return ""
}

// coarse tells whether a date does not say the day.
func coarse(d article.Date) bool {
	return d.Precision != article.PrecisionDay && d.Precision != article.PrecisionTime
}

// storedDate reads a date as Date.String wrote it; what cannot be read, such as the year 1 of a feed, is no date.
func storedDate(s string) article.Date {
	d, err := article.ParseDate(s)
	if err != nil {
		return article.Date{}
	}
	return d
}
