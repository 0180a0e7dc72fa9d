package sitemap_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"framewatch/crawler/sitemap"
)

const base = "https://www.news.example/sitemaps/news.xml"

func urlset(rows ...string) string {
	return `<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
` + strings.Join(rows, "\n") + "\n</urlset>\n"
}

func row(n int) string {
	return fmt.Sprintf("<url><loc>https://www.news.example/story/%d</loc><lastmod>2024-05-06T09:30:00-04:00</lastmod></url>", n)
}

func zip(t testing.TB, s string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.WriteString(z, s); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func urls(f sitemap.File) string {
	var out []string
	for _, e := range f.Entries {
		out = append(out, strings.TrimPrefix(e.URL, "https://www.news.example"))
	}
	return strings.Join(out, " ")
}

func TestReadNews(t *testing.T) {
	f, err := sitemap.Read(base, nil, strings.NewReader(urlset(`<url>
  <loc> https://www.news.example/story/1?utm_source=map&amp;id=2 </loc>
  <image:image><image:loc>https://www.news.example/logo.png</image:loc><image:title>Logo</image:title></image:image>
  <lastmod>2024-05-07</lastmod>
  <news:news><news:publication><news:name>The Meridian</news:name><news:language>en</news:language></news:publication>
  <news:publication_date>2024-05-06T09:30:00-04:00</news:publication_date><news:title><![CDATA[Chips &]]> allies</news:title></news:news>
</url>`)))
	if err != nil || len(f.Entries) != 1 {
		t.Fatalf("got %+v, %v; want one entry", f, err)
	}
	e := f.Entries[0]
	if e.URL != "https://www.news.example/story/1?id=2" || e.Found != "https://www.news.example/story/1?utm_source=map&id=2" {
		t.Errorf("URL = %q, Found = %q", e.URL, e.Found)
	}
	if e.Title != "Chips & allies" || e.Language != "en" || e.Publication != "The Meridian" {
		t.Errorf("Title = %q, Language = %q, Publication = %q", e.Title, e.Language, e.Publication)
	}
	if got := e.Published.Format(time.RFC3339); got != "2024-05-06T09:30:00-04:00" {
		t.Errorf("Published = %s", got)
	}
	if got := e.LastMod.Format(time.RFC3339); got != "2024-05-07T00:00:00Z" {
		t.Errorf("LastMod = %s", got)
	}
}

func TestRead(t *testing.T) {
	whole := urlset(row(1), row(2), row(3))
	third := strings.Index(whole, "<url><loc>https://www.news.example/story/3")
	latin, err := charmap.ISO8859_1.NewEncoder().String(`<?xml version="1.0" encoding="iso-8859-1"?><urlset><url><loc>https://www.news.example/é</loc></url></urlset>`)
	if err != nil {
		t.Fatal(err)
	}
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(strings.Replace(whole, "UTF-8", "utf-16", 1))
	if err != nil {
		t.Fatal(err)
	}
	const all = "/story/1 /story/2 /story/3"
	for _, tt := range []struct {
		name, body, urls string
		err              error
	}{
		{"a sound file", whole, all, nil},
		{"gzip", zip(t, whole), all, nil},
		{"a byte order mark", "\ufeff" + whole, all, nil},
		{"UTF-16", wide, all, nil},
		{"another encoding", latin, "/%C3%A9", nil},
		{"an unknown encoding", strings.Replace(whole, "UTF-8", "x-nonsense", 1), all, nil},
		{"damaged UTF-8", strings.Replace(whole, "story/2", "story/2\xff", 1), "/story/1 /story/2%EF%BF%BD /story/3", nil},
		{"junk behind the end", whole + "<script>", all, nil},
		{"bare ampersands", urlset(`<url><loc>https://www.news.example/a?b=1&c=2</loc></url>`), "/a?b=1&c=2", nil},
		{"a prefix on everything", `<s:urlset xmlns:s="http://www.sitemaps.org/schemas/sitemap/0.9"><s:url><s:loc>https://www.news.example/a</s:loc></s:url></s:urlset>`, "/a", nil},
		{"the same URL twice", urlset(row(1), row(1)), "/story/1", nil},
		{"an empty set", urlset(), "", nil},
		{"cut in an entry", whole[:third+30], "/story/1 /story/2", sitemap.ErrCut},
		{"cut between entries", whole[:third], "/story/1 /story/2", sitemap.ErrCut},
		{"gzip cut", zip(t, whole)[:len(zip(t, whole))-9], all, nil}, // all text is there, only the checksum is not
		{"gzip cut early", zip(t, urlset(row(1), row(2)))[:40], "", nil},
		{"gzip in name only", "\x1f\x8bnot gzip at all", "", sitemap.ErrBroken},
		{"elements nested too deeply", urlset(row(1), "<url>"+strings.Repeat("<a>", 100)), "/story/1", sitemap.ErrBroken},
		{"an endless tag", urlset(row(1), "<url "+strings.Repeat(`a="b" `, 100_000)+">"), "/story/1", sitemap.ErrTooLarge},
		{"an endless text", urlset(row(1), "<url><loc>"+strings.Repeat("x", 1<<20)+"</loc></url>"), "/story/1", sitemap.ErrTooLarge},
		{"entities are not expanded", `<!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/passwd">]>` + urlset(`<url><loc>https://www.news.example/&x;</loc></url>`)[39:], "/&x;", nil},
		{"a list of URLs", "https://www.news.example/a\r\n\r\n https://www.news.example/b \nnot a URL\nhttps://www.news.example/c", "/a /b /c", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f, err := sitemap.Read(base, nil, strings.NewReader(tt.body))
			if tt.name == "gzip cut early" {
				if err == nil {
					t.Error("no error for a file cut in its head")
				}
				return
			}
			if !errors.Is(err, tt.err) {
				t.Errorf("error = %v, want %v", err, tt.err)
			}
			if got := urls(f); got != tt.urls {
				t.Errorf("entries = %.200q, want %q", got, tt.urls)
			}
		})
	}
}

func TestReadRefuses(t *testing.T) {
	for _, tt := range []struct{ name, body, kind string }{
		{"an HTML page", "<!DOCTYPE html>\n<html><body>404</body></html>", "html"},
		{"a feed", `<?xml version="1.0"?><rss version="2.0"><channel/></rss>`, "feed"},
		{"other XML", "<?xml version='1.0'?><opml/>", "xml"},
		{"text", "Forbidden", "text"},
		{"nothing", " \r\n", "empty"},
		{"a lone bracket", "<", "text"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := sitemap.Read(base, nil, strings.NewReader(tt.body))
			var not *sitemap.NotSitemap
			if !errors.As(err, &not) || not.Kind != tt.kind {
				t.Errorf("error = %v, want a NotSitemap of kind %q", err, tt.kind)
			}
		})
	}
}

func TestReadIndex(t *testing.T) {
	f, err := sitemap.Read(base, nil, strings.NewReader(`<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
		<sitemap><loc>https://www.news.example/sitemaps/1.xml.gz</loc><lastmod>2024-05-06</lastmod></sitemap>
		<sitemap><loc>/sitemaps/2.xml</loc></sitemap><url><loc>https://www.news.example/page</loc></url></sitemapindex>`))
	if err != nil || !f.Index || urls(f) != "/sitemaps/1.xml.gz /sitemaps/2.xml" {
		t.Errorf("got %+v, %v; want an index of two sitemaps", f, err)
	}
}

func TestReadKeepsToTheSite(t *testing.T) {
	body := urlset(row(1), "<url><loc>https://other.example/a</loc></url>", "<url><loc>http://10.0.0.9/a</loc></url>",
		"<url><loc>https://cdn.partner.example/b</loc></url>", "<url><loc>https://m.news.example/c</loc></url>",
		"<url><loc>file:///etc/passwd</loc></url>", "<url><loc>https://u:p@www.news.example/</loc></url>", "<url></url>")
	f, err := sitemap.Read(base, []string{"partner.example"}, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := urls(f), "/story/1 https://cdn.partner.example/b https://m.news.example/c"; got != want {
		t.Errorf("entries = %q, want %q", got, want)
	}
	if f.OffSite != 2 || f.Invalid != 2 {
		t.Errorf("OffSite = %d, Invalid = %d; want 2 and 2", f.OffSite, f.Invalid)
	}
}

// stream repeats rows without holding them.
type stream struct {
	next func(int) string
	n    int
	buf  string
}

func (s *stream) Read(p []byte) (int, error) {
	if s.buf == "" {
		if s.buf = s.next(s.n); s.buf == "" {
			return 0, io.EOF
		}
		s.n++
	}
	n := copy(p, s.buf)
	s.buf = s.buf[n:]
	return n, nil
}

func TestReadLargeFiles(t *testing.T) {
	rows := func(n int) io.Reader {
		return io.MultiReader(strings.NewReader("<urlset>"), &stream{next: func(i int) string {
			if i == n {
				return ""
			}
			return row(i)
		}}, strings.NewReader("</urlset>"))
	}
	f, err := sitemap.Read(base, nil, rows(50_000))
	if err != nil || len(f.Entries) != 50_000 || f.More {
		t.Errorf("got %d entries, more %v, %v; want all 50,000", len(f.Entries), f.More, err)
	}
	f, err = sitemap.Read(base, nil, rows(50_001))
	if err != nil || len(f.Entries) != 50_000 || !f.More {
		t.Errorf("got %d entries, more %v, %v; want 50,000 and word of more", len(f.Entries), f.More, err)
	}
}

func TestReadBombs(t *testing.T) {
	for name, filler := range map[string]string{
		"white space": strings.Repeat(" ", 1<<20),
		"comments":    strings.Repeat("<!-- nothing -->", 1<<16),
		"tags":        strings.Repeat("<url/>", 1<<17),
		"entries":     strings.Repeat("<url><loc>https://www.news.example/a</loc></url>", 1<<14),
		"broken text": strings.Repeat("<url><loc>"+strings.Repeat("a<!-- -->", 1000)+"</loc></url>", 1<<7),
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			z := gzip.NewWriter(&b)
			_, _ = io.WriteString(z, "<urlset>"+row(1))
			for range (1 << 27) / len(filler) {
				_, _ = io.WriteString(z, filler)
			}
			z.Close()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := processorTime(t)
			f, err := sitemap.Read(base, nil, &b)
			took := processorTime(t) - start
			runtime.ReadMemStats(&after)
			t.Logf("%v, %d entries, %d MB allocated in passing, error %v", took.Round(time.Millisecond), len(f.Entries), (after.TotalAlloc-before.TotalAlloc)>>20, err)
			if err == nil && !f.More || len(f.Entries) == 0 {
				t.Errorf("got %d entries and error %v, want what came before the limit and word of it", len(f.Entries), err)
			}
			if took > 10*time.Second && !testing.Short() || after.HeapAlloc > before.HeapAlloc+200<<20 {
				t.Errorf("took %v and %d MB", took, (int64(after.HeapAlloc)-int64(before.HeapAlloc))>>20)
			}
		})
	}
}

// processorTime is what this process has used: the time on the clock says more of a machine's other work.
func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(urlset(row(1), row(2))))
	f.Add([]byte(zip(f, urlset(row(1)))))
	f.Add([]byte("<sitemapindex><sitemap><loc>/a</loc><lastmod>2024</lastmod>"))
	f.Add([]byte("https://www.news.example/a\nhttps://www.news.example/b"))
	f.Add([]byte("\xff\xfe<\x00u\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := sitemap.Read(base, nil, bytes.NewReader(data))
		for _, e := range got.Entries {
			if !strings.HasPrefix(e.URL, "http://") && !strings.HasPrefix(e.URL, "https://") || !strings.Contains(e.URL, "news.example") {
				t.Fatalf("entry %q is not on the site", e.URL)
			}
		}
		again, err2 := sitemap.Read(base, nil, bytes.NewReader(data))
		if len(again.Entries) != len(got.Entries) || (err == nil) != (err2 == nil) {
			t.Fatalf("two readings differ: %d entries, %v; %d entries, %v", len(got.Entries), err, len(again.Entries), err2)
		}
	})
}
