package demosite_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"framewatch/configs/demosite"
	"framewatch/crawler"
	"framewatch/crawler/article"
	"framewatch/crawler/feed"
	"framewatch/crawler/robots"
	"framewatch/crawler/sitemap"
)

func newSite(t *testing.T) *demosite.Site {
	t.Helper()
	s, err := demosite.New()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// served starts every outlet on a loopback port.
func served(t *testing.T, s *demosite.Site) map[string]string {
	t.Helper()
	addrs := map[string]string{}
	for _, o := range s.Outlets() {
		server := httptest.NewServer(o.Handler)
		t.Cleanup(server.Close)
		addrs[o.ID] = server.Listener.Addr().String()
	}
	return addrs
}

type answer struct {
	status int
	header http.Header
	body   []byte
}

func get(t *testing.T, url string, header ...string) answer {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, body}
}

func TestSiteIsLargeAndVaried(t *testing.T) {
	s := newSite(t)
	f := s.Facts()
	total := 0
	for _, o := range s.Outlets() {
		if n := f.Articles[o.ID]; n < 12 {
			t.Errorf("%s has %d articles, want at least 12", o.ID, n)
		}
		total += f.Articles[o.ID]
	}
	if len(s.Outlets()) != 6 || total < 66 {
		t.Errorf("%d outlets with %d articles, want 6 with at least 66", len(s.Outlets()), total)
	}
	if len(f.OffTopic) < 6 {
		t.Errorf("%d articles off topic, want at least 6", len(f.OffTopic))
	}
	month, frames, stances, voices := map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}
	headlines := 0
	for _, a := range s.Articles() {
		if a.Published.Format("2006-01") < "2023-01" || a.Published.Format("2006-01-02") > "2026-10-20" {
			t.Errorf("%s/%s is dated %s", a.Outlet, a.Slug, a.Published)
		}
		month[a.Published.Format("2006-01")]++
		for _, x := range a.Expect {
			frames[x.Frame]++
			stances[x.Stance]++
			voices[x.Voice]++
			if strings.Contains(strings.ToLower(a.Title), strings.ToLower(x.Trigger)) {
				headlines++
			}
		}
	}
	for _, peak := range []string{"2025-01", "2025-07"} {
		if month[peak] < 10 {
			t.Errorf("%d articles in %s, want a peak of at least 10", month[peak], peak)
		}
	}
	for _, id := range strings.Fields("race arms_race space_race sputnik zero_sum lead_lag cold_war deregulation ip_pressure " +
		"ai_risk cooperation china_envy state_masterplan monolith dependence platform_control") {
		if frames[id] < 4 {
			t.Errorf("frame %s is expected %d times, want at least 4", id, frames[id])
		}
		delete(frames, id)
	}
	for _, id := range strings.Fields("asserts contests reports") {
		if stances[id] < 15 {
			t.Errorf("stance %s is expected %d times, want at least 15", id, stances[id])
		}
		delete(stances, id)
	}
	if len(frames)+len(stances) > 0 || voices["author"] < 50 || voices["speaker"] < 50 || len(voices) != 2 {
		t.Errorf("unknown frames %v, unknown stances %v, voices %v", frames, stances, voices)
	}
	if headlines < 20 {
		t.Errorf("%d expected mentions stand in headlines, want at least 20", headlines)
	}
}

func TestArticlesAreOfNewspaperLength(t *testing.T) {
	for _, a := range newSite(t).Articles() {
		if a.Kind != "" && a.Kind != demosite.Hostile {
			continue
		}
		if n := len(strings.Fields(a.Text)); n < 180 || n > 500 {
			t.Errorf("%s/%s has %d words, want 180 to 500", a.Outlet, a.Slug, n)
		}
	}
}

func TestExpectationsQuoteTheArticle(t *testing.T) {
	s := newSite(t)
	check := func() {
		for _, a := range s.Articles() {
			whole := strings.ToLower(a.Title + "\n" + a.Text)
			for _, x := range a.Expect {
				if !strings.Contains(whole, strings.ToLower(x.Trigger)) {
					t.Errorf("%s/%s: %q is not in the article", a.Outlet, a.Slug, x.Trigger)
				}
				if x.Voice == "speaker" && !strings.Contains(whole, strings.ToLower(x.Speaker)) {
					t.Errorf("%s/%s: speaker %q is not in the article", a.Outlet, a.Slug, x.Speaker)
				}
			}
			if a.OffTopic && len(a.Expect) > 0 {
				t.Errorf("%s/%s is off topic and expects mentions", a.Outlet, a.Slug)
			}
		}
	}
	check()
	s.Advance()
	check()
}

// The site puts words into mouths, so none of them may belong to somebody real.
func TestNoRealPersonIsQuoted(t *testing.T) {
	real := regexp.MustCompile(`\b(Altman|Amodei|Huang|Musk|Nadella|Pichai|Zuckerberg|Hassabis|Hinton|Bengio|LeCun|Suleyman|Andreessen|` +
		`Trump|Vance|Sacks|Kratsios|Lutnick|Rubio|Bessent|Raimondo|Sullivan|Harris|Blinken|Hawley|Cruz|Cantwell|Schumer|` +
		`Xi|Li Qiang|Wang Yi|Liang Wenfeng|Kai-Fu|Ren Zhengfei|Sunak|Starmer|Donelan|Kyle|Macron|von der Leyen|Guterres|Putin|Chew|Liu|Xue Lan)\b`)
	for _, a := range newSite(t).Articles() {
		if m := real.FindString(a.Title + "\n" + a.Text + "\n" + a.Author); m != "" {
			t.Errorf("%s/%s names %s", a.Outlet, a.Slug, m)
		}
	}
}

func TestEveryPageAnswersWithItsArticle(t *testing.T) {
	s := newSite(t)
	addrs := served(t, s)
	for _, a := range s.Articles() {
		res := get(t, "http://"+addrs[a.Outlet]+a.Path)
		if res.status != http.StatusOK || !strings.HasPrefix(res.header.Get("Content-Type"), "text/html") {
			t.Errorf("%s%s: %d %s", a.Outlet, a.Path, res.status, res.header.Get("Content-Type"))
			continue
		}
		text := visible(t, decode(res))
		for _, p := range append(strings.Split(a.Text, "\n\n"), a.Title) {
			if !strings.Contains(text, squeeze(p)) {
				t.Errorf("%s%s lacks %q", a.Outlet, a.Path, p)
			}
		}
		if strings.Count(text, squeeze(a.Title)) > 3 {
			t.Errorf("%s%s repeats its title", a.Outlet, a.Path)
		}
	}
	for _, o := range s.Outlets() {
		home := get(t, "http://"+addrs[o.ID]+"/")
		links := feed.Discover("http://"+addrs[o.ID]+"/", home.body)
		if home.status != http.StatusOK || len(links) == 0 {
			t.Errorf("%s: the front page answers %d with feeds %v", o.ID, home.status, links)
		}
		if res := get(t, "http://"+addrs[o.ID]+"/no/such/page"); res.status != http.StatusNotFound {
			t.Errorf("%s: a missing page answers %d", o.ID, res.status)
		}
	}
}

// decode undoes the one legacy charset that the site uses.
func decode(a answer) []byte {
	if !strings.Contains(a.header.Get("Content-Type"), "windows-1252") {
		return a.body
	}
	quotes := map[byte]string{0x91: "‘", 0x92: "’", 0x93: "“", 0x94: "”", 0x96: "–", 0x97: "—", 0x80: "€", 0x85: "…"}
	var out bytes.Buffer
	for _, b := range a.body {
		if s, ok := quotes[b]; ok {
			out.WriteString(s)
		} else {
			out.WriteRune(rune(b))
		}
	}
	return out.Bytes()
}

// visible is the text of a page outside scripts, with single spaces.
func visible(t *testing.T, page []byte) string {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for n := range root.Descendants() {
		if n.Type == html.TextNode && n.Parent.Data != "script" {
			out.WriteString(n.Data)
		}
	}
	return squeeze(out.String())
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

func TestHostileTitleIsTextOnEveryPage(t *testing.T) {
	s := newSite(t)
	addrs := served(t, s)
	base := "http://" + addrs["weights"]
	hostile := s.Facts().Hostile
	for _, path := range []string{hostile.Path, "/"} {
		root, err := html.Parse(bytes.NewReader(get(t, base+path).body))
		if err != nil {
			t.Fatal(err)
		}
		for n := range root.Descendants() {
			if n.Type == html.ElementNode && n.Data == "script" {
				t.Errorf("%s holds a script element", path)
			}
		}
	}
	a, err := s.Article("weights", "the-headline-that-ran")
	if err != nil || !strings.Contains(a.Title, "</script><script>") || !strings.Contains(a.Title, "__f__") {
		t.Errorf("hostile title %q, %v", a.Title, err)
	}
}

// discovered reads a source's feeds and sitemaps, indexes included, as a crawler would.
func discovered(t *testing.T, src crawler.Source) (links map[string]string) {
	t.Helper()
	links = map[string]string{}
	for _, url := range src.Feeds {
		res := get(t, url)
		f, err := feed.Parse(url, res.header.Get("Content-Type"), res.body)
		if err != nil {
			t.Fatalf("%s: %v", url, err)
		}
		for _, e := range f.Entries {
			links[e.URL] = "feed"
		}
	}
	queue := slices.Clone(src.Sitemaps)
	for len(queue) > 0 {
		url := queue[0]
		queue = queue[1:]
		res := get(t, url)
		f, err := sitemap.Read(url, src.Domains, bytes.NewReader(res.body))
		if err != nil {
			t.Fatalf("%s: %v", url, err)
		}
		for _, e := range f.Entries {
			if f.Index {
				queue = append(queue, e.URL)
			} else {
				links[e.URL] = "sitemap"
			}
		}
	}
	return links
}

func TestFeedsAndSitemapsLeadToEveryArticle(t *testing.T) {
	s := newSite(t)
	addrs := served(t, s)
	srcs, err := crawler.ParseSources("demo", s.SourcesYAML(addrs))
	if err != nil {
		t.Fatal(err)
	}
	if len(srcs.List) != 6 || srcs.Fetch.Contact != "demo@framewatch.example" || len(srcs.Fetch.AllowPorts) != 6 ||
		!slices.Equal(srcs.Fetch.AllowAddresses, []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}) {
		t.Errorf("sources file: %d sources, fetch %+v", len(srcs.List), srcs.Fetch)
	}
	redirects := map[string]bool{}
	for _, r := range s.Facts().Redirects {
		redirects["http://"+addrs[r.Outlet]+r.Path] = true
	}
	for _, src := range srcs.List {
		found := map[string]bool{}
		for url := range discovered(t, src) {
			if redirects[url] {
				res := get(t, url)
				if res.status != http.StatusMovedPermanently {
					t.Errorf("%s answers %d", url, res.status)
				}
				url = res.header.Get("Location")
			}
			page, _, _ := strings.Cut(url, "?")
			found[strings.TrimPrefix(page, "http://"+addrs[src.ID])] = true
		}
		for _, a := range s.Articles() {
			if a.Outlet == src.ID && !found[a.Path] {
				t.Errorf("%s%s is in no feed and no sitemap", a.Outlet, a.Path)
			}
		}
	}
}

func TestRobotsForbidWhatFactsSay(t *testing.T) {
	s := newSite(t)
	addrs := served(t, s)
	forbidden := s.Facts().Disallowed
	if len(forbidden) == 0 {
		t.Fatal("no disallowed page")
	}
	for _, o := range s.Outlets() {
		base := "http://" + addrs[o.ID]
		res := get(t, base+"/robots.txt")
		if strings.Contains(strings.ToLower(string(res.body)), "crawl-delay") {
			t.Errorf("%s asks for a crawl delay, which would slow the demo", o.ID)
		}
		rules := robots.Parse(res.body).Rules("framewatch")
		for _, a := range s.Articles() {
			if a.Outlet != o.ID {
				continue
			}
			want := !slices.Contains(forbidden, demosite.Ref{Outlet: o.ID, Path: a.Path})
			if got := rules.Allowed(a.Path); got != want {
				t.Errorf("%s%s: allowed %v, want %v", o.ID, a.Path, got, want)
			}
		}
	}
}

func TestAdvanceCorrectsOneArticle(t *testing.T) {
	s := newSite(t)
	addrs := served(t, s)
	f := s.Facts()
	base := "http://" + addrs[f.Updated.Outlet]
	pages := []string{f.Updated.Path, "/rss.xml", "/sitemap.xml"}
	before := map[string]answer{}
	for _, p := range pages {
		before[p] = get(t, base+p)
		again := get(t, base+p, "If-None-Match", before[p].header.Get("ETag"))
		since := get(t, base+p, "If-Modified-Since", before[p].header.Get("Last-Modified"))
		if again.status != http.StatusNotModified || since.status != http.StatusNotModified {
			t.Errorf("%s: conditional requests answer %d and %d, want 304", p, again.status, since.status)
		}
	}
	old := s.Articles()
	s.Advance()
	s.Advance()
	for _, p := range pages {
		again := get(t, base+p, "If-None-Match", before[p].header.Get("ETag"))
		since := get(t, base+p, "If-Modified-Since", before[p].header.Get("Last-Modified"))
		if again.status != http.StatusOK || since.status != http.StatusOK || bytes.Equal(again.body, before[p].body) {
			t.Errorf("%s: after the correction %d and %d, want 200 and a new body", p, again.status, since.status)
		}
	}
	changed := 0
	for i, a := range s.Articles() {
		if a.Text != old[i].Text {
			changed++
			if a.Path != f.Updated.Path || !a.Updated.After(a.Published) {
				t.Errorf("%s%s changed, want %s", a.Outlet, a.Path, f.Updated.Path)
			}
		}
	}
	if changed != 1 {
		t.Errorf("%d articles changed, want 1", changed)
	}
}

func TestSpecialPages(t *testing.T) {
	s := newSite(t)
	addrs := served(t, s)
	f := s.Facts()
	page := func(r demosite.Ref) answer { return get(t, "http://"+addrs[r.Outlet]+r.Path) }
	if len(f.PDFs) == 0 || len(f.Paywalled) != 1 || len(f.Soft404) != 1 || len(f.Redirects) != 1 {
		t.Fatalf("facts %+v", f)
	}
	for _, r := range f.PDFs {
		if res := page(r); res.header.Get("Content-Type") != "application/pdf" || !bytes.HasPrefix(res.body, []byte("%PDF-")) {
			t.Errorf("%s: %s", r.Path, res.header.Get("Content-Type"))
		}
	}
	if res := page(f.Paywalled[0]); !bytes.Contains(res.body, []byte(`"isAccessibleForFree":false`)) {
		t.Errorf("%s does not say that it is paywalled", f.Paywalled[0].Path)
	}
	if res := page(f.Soft404[0]); res.status != http.StatusOK {
		t.Errorf("soft 404 answers %d", res.status)
	}
	original, err := s.Article("calloway", "free-chinese-model-lands")
	if err != nil {
		t.Fatal(err)
	}
	reprint, err := s.Article("wexcombe", "free-chinese-model-lands-reprint")
	if err != nil {
		t.Fatal(err)
	}
	if f.Syndicated != [2]demosite.Ref{{Outlet: "calloway", Path: original.Path}, {Outlet: "wexcombe", Path: reprint.Path}} {
		t.Errorf("syndicated %v", f.Syndicated)
	}
	shared := 0
	for _, p := range strings.Split(reprint.Text, "\n\n") {
		if strings.Contains(original.Text, p) {
			shared++
		}
	}
	if shared < 5 || len(reprint.Text) >= len(original.Text) {
		t.Errorf("the reprint shares %d paragraphs and has %d bytes of %d", shared, len(reprint.Text), len(original.Text))
	}
}

// What surrounds the articles (menus, other headlines, readers' remarks) uses
// the frames too, so a leak would be counted as the outlet's words.
func TestExtractionFindsTheArticlesAndNothingElse(t *testing.T) {
	s := newSite(t)
	addrs := served(t, s)
	for _, a := range s.Articles() {
		if a.Kind == demosite.Soft404 || a.Kind == demosite.Disallowed {
			continue
		}
		url := "http://" + addrs[a.Outlet] + a.Path
		res := get(t, url)
		x, err := article.Extract(article.Page{URL: url, ContentType: res.header.Get("Content-Type"), Body: res.body})
		if err != nil {
			t.Errorf("%s/%s: %v", a.Outlet, a.Slug, err)
			continue
		}
		if x.Title != a.Title {
			t.Errorf("%s/%s: title %q, want %q", a.Outlet, a.Slug, x.Title, a.Title)
		}
		text := squeeze(x.Text)
		for _, p := range strings.Split(a.Text, "\n\n") {
			if !strings.Contains(text, squeeze(p)) {
				t.Errorf("%s/%s: extraction lacks %q", a.Outlet, a.Slug, p)
			}
		}
		for _, foreign := range []string{"Another Sputnik moment!", "losing the AI race", "new cold war whether", "Only one can win", "Most read", "Sign up", "an invented", "partners value"} {
			if strings.Contains(text, foreign) {
				t.Errorf("%s/%s: extraction holds %q, which is not the article's", a.Outlet, a.Slug, foreign)
			}
		}
	}
}

func TestServedCountsRequests(t *testing.T) {
	s := newSite(t)
	addrs := served(t, s)
	if n := s.Served("fairmile", "/robots.txt"); n != 0 {
		t.Errorf("%d requests before the first", n)
	}
	get(t, "http://"+addrs["fairmile"]+"/robots.txt?x=1")
	get(t, "http://"+addrs["fairmile"]+"/robots.txt")
	if n := s.Served("fairmile", "/robots.txt"); n != 2 {
		t.Errorf("%d requests, want 2", n)
	}
}
