package feed_test

import (
	"errors"
	"reflect"
	"testing"
	"unicode/utf8"

	"framewatch/crawler/feed"
	"framewatch/crawler/urlnorm"
)

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		rss(rssItem(1), "<item><title>x<b></title><link>/a", rssItem(3)),
		`<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><entry><link href="/a"/><id>1</id></entry><entry>`,
		`<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:link href='/a'/></a:entry></a:feed>`,
		`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><channel/><item><link>/a</link></item></rdf:RDF>`,
		`{"version":"https://jsonfeed.org/version/1","title":1,"items":[{"id":2,"url":"/a"},{"url":"/b"}`,
		"\xff\xfe<\x00r\x00s\x00s\x00>\x00", "<!DOCTYPE html><p>", "<rss><channel><![CDATA[<item>", "<rss a='\"><item/></rss>",
	} {
		f.Add("text/xml; charset=gbk", []byte(s))
	}
	f.Fuzz(func(t *testing.T, contentType string, body []byte) {
		got, err := feed.Parse(base, contentType, body)
		var not *feed.NotFeed
		if err != nil && !errors.As(err, &not) {
			t.Fatalf("error %v is no NotFeed", err)
		}
		for _, e := range got.Entries {
			if u, err := urlnorm.Canonical(e.URL); err != nil || u != e.URL {
				t.Fatalf("entry URL %q is not canonical", e.URL)
			}
			if !utf8.ValidString(e.Title) || !utf8.ValidString(e.Summary) || utf8.RuneCountInString(e.Title) > 1000 {
				t.Fatalf("title %q or summary %q is not clean", e.Title, e.Summary)
			}
		}
		again, _ := feed.Parse(base, contentType, body)
		if !reflect.DeepEqual(got, again) {
			t.Fatalf("two readings differ:\n%+v\n%+v", got, again)
		}
	})
}

func FuzzDiscover(f *testing.F) {
	f.Add([]byte(`<base href="//x"><link rel=alternate type=application/rss+xml href=a title="&lt;">`))
	f.Fuzz(func(t *testing.T, page []byte) {
		for _, l := range feed.Discover(base, page) {
			if u, err := urlnorm.Canonical(l.URL); err != nil || u != l.URL {
				t.Fatalf("%q is not canonical", l.URL)
			}
		}
	})
}
