package feed

import (
	"bytes"
	"strings"

	"github.com/mmcdole/gofeed"
)

// groupSize is how many items are parsed together. A group costs one parser
// start and, when it holds a broken item, as many single ones.
const groupSize = 100

// parseGroup runs gofeed over a document made of whole items; ok is false if
// it does not give back exactly as many.
func parseGroup(doc []byte, n int) (items []*gofeed.Item, ok bool) {
	f, err := gofeed.NewParser().Parse(bytes.NewReader(doc))
	if err != nil || len(f.Items) != n {
		return nil, false
	}
	return f.Items, true
}

// parseGroups parses items in groups and, where a group fails, one by one. What
// fails alone too is handed to salvage.
func parseGroups(items [][]byte, wrap func([][]byte) []byte, salvage func([]byte) item) (out []item, broken int) {
	for len(items) > 0 {
		n := min(groupSize, len(items))
		group := items[:n]
		items = items[n:]
		if parsed, ok := parseGroup(wrap(group), n); ok {
			for i, p := range parsed {
				out = append(out, fromGofeed(p, group[i]))
			}
			continue
		}
		for i := range group {
			if parsed, ok := parseGroup(wrap(group[i:i+1]), 1); ok {
				if it := fromGofeed(parsed[0], group[i]); len(it.links) > 0 {
					out = append(out, it)
					continue
				}
			}
			broken++
			out = append(out, salvage(group[i]))
		}
	}
	return out, broken
}

// fromGofeed picks what we keep. Raw is the item as it stands in the feed.
func fromGofeed(p *gofeed.Item, raw []byte) item {
	it := item{
		guid:      strings.TrimSpace(p.GUID),
		title:     p.Title,
		summary:   p.Description,
		published: date{text: p.Published, parsed: p.PublishedParsed},
		updated:   date{text: p.Updated, parsed: p.UpdatedParsed},
	}
	if it.summary == "" {
		it.summary = p.Content
	}
	// FeedBurner moves the publisher's own link aside for its counting one.
	for _, e := range p.Extensions["feedburner"]["origLink"] {
		it.link(e.Value)
	}
	it.link(p.Link)
	for _, e := range p.Extensions["atom"]["link"] {
		if rel := e.Attrs["rel"]; rel == "" || rel == "alternate" {
			it.link(e.Attrs["href"])
		}
	}
	for _, l := range p.Links {
		it.link(l)
	}
	if !bytes.Contains(raw[:min(len(raw), 64<<10)], []byte(`isPermaLink="false"`)) {
		it.permalink()
	}
	return it
}
