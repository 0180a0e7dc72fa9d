package sitemap

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"time"
)

// readText reads a list of URLs, one a line.
func (c *collector) readText(text *bufio.Reader) error {
	lines := 0
	for {
		raw, err := text.ReadSlice('\n')
		long := errors.Is(err, bufio.ErrBufferFull)
		for errors.Is(err, bufio.ErrBufferFull) {
			_, err = text.ReadSlice('\n')
		}
		line := strings.TrimSpace(string(raw))
		if long {
			line = ""
			c.file.Invalid++
		}
		if line != "" {
			lines++
			if lines == 1 && !strings.Contains(line, "://") {
				return &NotSitemap{Kind: "text"}
			}
			if !strings.Contains(line, "://") {
				c.file.Invalid++
			} else if !c.add(Entry{Found: line}) {
				return nil
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return cause(err)
		}
	}
}

// timeLayouts are the forms of a W3C date-time and what stands in its place.
var timeLayouts = []string{
	time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05-0700", "2006-01-02T15:04:05", "2006-01-02 15:04:05Z07:00",
	"2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02", "2006-01", "2006",
	time.RFC1123Z, time.RFC1123,
}

func parseTime(s string) time.Time {
	for _, l := range timeLayouts {
		if t, err := time.ParseInLocation(l, s, time.UTC); err == nil {
			return t
		}
	}
	return time.Time{}
}
