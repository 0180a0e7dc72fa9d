package crawler_test

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/gocolly/colly/v2"

	"framewatch/crawler"
	"framewatch/crawler/crawlertest"
	"framewatch/store"
)

// The site of the benchmarks.
const (
	benchHosts = 64
	benchPages = 10 // a host
)

// fleet serves benchHosts hosts on loopback, each with a feed and its pages.
func fleet(b *testing.B) (urls []string, sources string, served *atomic.Int64) {
	b.Helper()
	served = &atomic.Int64{}
	pages := make([]string, benchPages)
	for i := range pages {
		pages[i] = crawlertest.NewStory(i).HTML()
	}
	var ports, list strings.Builder
	for i := range benchHosts {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.%d:0", i%8+1))
		if err != nil {
			b.Skipf("no loopback address: %v", err)
		}
		base := "http://" + l.Addr().String()
		s := &httptest.Server{Listener: l, Config: &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			var n int
			switch _, err := fmt.Sscanf(r.URL.Path, "/a/%d.html", &n); {
			case err == nil && n < benchPages:
				served.Add(1)
				w.Header().Set("Content-Type", "text/html; charset=utf-8")
				// Each page is a text of its own, or the archive would see copies.
				fmt.Fprint(w, strings.Replace(pages[n], "<p>", fmt.Sprintf("<p>%s reports as number %d of its own. ", base, n), 1))
			case r.URL.Path == "/feed":
				fmt.Fprint(w, "<rss version='2.0'><channel><title>Feed</title>")
				for i := range benchPages {
					fmt.Fprintf(w, "<item><title>Story %d</title><link>%s/a/%d.html</link></item>", i, base, i)
				}
				fmt.Fprint(w, "</channel></rss>")
			default:
				http.NotFound(w, r)
			}
		})}}
		s.Start()
		b.Cleanup(s.Close)
		fmt.Fprintf(&ports, "%d, ", l.Addr().(*net.TCPAddr).Port)
		fmt.Fprintf(&list, "  - {id: s%d, name: S%d, type: news, feeds: ['%s/feed']}\n", i, i, base)
		for n := range benchPages {
			urls = append(urls, fmt.Sprintf("%s/a/%d.html", base, n))
		}
	}
	return urls, "fetch: {min_gap: 0s, allow_addresses: [127.0.0.0/8], allow_ports: [" + ports.String() + "]}\nsources:\n" + list.String(), served
}

// cpu is the time that this process, the servers included, and the programs that
// it ran have used.
func cpu(b *testing.B) time.Duration {
	total := time.Duration(0)
	for _, who := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var u syscall.Rusage
		if err := syscall.Getrusage(who, &u); err != nil {
			b.Fatal(err)
		}
		total += time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	return total
}

func reportPages(b *testing.B, pages int64, used time.Duration) {
	b.ReportMetric(float64(pages)/b.Elapsed().Seconds(), "pages/s")
	b.ReportMetric(used.Seconds()*1000/float64(pages), "cpu-ms/page")
}

// BenchmarkCrawl is a whole crawl with gaps off: robots.txt, feeds, pages,
// articles, every outcome a transaction on the disk.
func BenchmarkCrawl(b *testing.B) {
	_, sources, served := fleet(b)
	srcs, err := crawler.ParseSources("bench", []byte(sources))
	if err != nil {
		b.Fatal(err)
	}
	before := cpu(b)
	for b.Loop() {
		db, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "bench.db"), store.Options{Version: "bench"})
		if err != nil {
			b.Fatal(err)
		}
		c, err := crawler.New(srcs, db, crawler.Config{Version: "bench", Robots: db, Pauses: db})
		if err != nil {
			b.Fatal(err)
		}
		s, err := c.Run(b.Context(), "bench")
		if err != nil || s.New != benchHosts*benchPages {
			b.Fatalf("%+v, %v", s, err)
		}
		db.Close()
	}
	reportPages(b, served.Load(), cpu(b)-before)
}

// BenchmarkColly fetches the same pages with colly alone, which parses each and
// keeps nothing.
func BenchmarkColly(b *testing.B) {
	urls, _, served := fleet(b)
	before := cpu(b)
	for b.Loop() {
		c := colly.NewCollector(colly.Async(true))
		titles := atomic.Int64{}
		c.OnHTML("title", func(*colly.HTMLElement) { titles.Add(1) })
		if err := c.Limit(&colly.LimitRule{DomainGlob: "*", Parallelism: benchHosts}); err != nil {
			b.Fatal(err)
		}
		for _, u := range urls {
			if err := c.Visit(u); err != nil {
				b.Fatal(err)
			}
		}
		c.Wait()
		if titles.Load() != int64(len(urls)) {
			b.Fatalf("%d titles of %d pages", titles.Load(), len(urls))
		}
	}
	reportPages(b, served.Load(), cpu(b)-before)
}

// spider is what Scrapy is asked to do: obey robots.txt, fetch, take the title and
// the paragraphs, and write them to a file.
const spider = `
import scrapy

class Bench(scrapy.Spider):
    name = "bench"
    custom_settings = {
        "ROBOTSTXT_OBEY": True, "DOWNLOAD_DELAY": 0, "CONCURRENT_REQUESTS": 64, "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
        "LOG_LEVEL": "ERROR", "TELNETCONSOLE_ENABLED": False, "COOKIES_ENABLED": False,
    }

    def start_requests(self):
        for round in range(self.rounds):
            for url in open(self.urls):
                yield scrapy.Request(url.strip(), dont_filter=True)

    @property
    def rounds(self):
        return int(self.times)

    def parse(self, response):
        yield {"url": response.url, "title": response.css("title::text").get(), "text": response.css("p::text").getall()}
`

// BenchmarkScrapy fetches the same pages with Scrapy, several times over so that
// its start does not count for much.
func BenchmarkScrapy(b *testing.B) {
	program, err := exec.LookPath("scrapy")
	if err != nil {
		b.Skip("scrapy is not installed (Debian: python3-scrapy)")
	}
	urls, _, served := fleet(b)
	dir := b.TempDir()
	for name, text := range map[string]string{"bench.py": spider, "urls.txt": strings.Join(urls, "\n")} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	before := cpu(b)
	for b.Loop() {
		cmd := exec.Command(program, "runspider", "bench.py", "-a", "urls=urls.txt", "-a", "times=5", "-O", "out.jsonl")
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			b.Fatalf("%v\n%s", err, out)
		}
	}
	if want := int64(5 * len(urls)); served.Load() < want {
		b.Fatalf("%d pages were served, want %d", served.Load(), want)
	}
	reportPages(b, served.Load(), cpu(b)-before)
}
