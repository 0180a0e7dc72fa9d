package crawlertest

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"html"
	"math/rand/v2"
	"strings"
	"time"
)

// Story is an article of the site: made up, in our own words, about artificial
// intelligence in China and the United States, and long enough to be taken for
// one. Fields may be changed before it is laid out.
type Story struct {
	Title      string
	Author     string
	Paragraphs []string
	Published  string // as printed in the page's metadata; empty for none
	Updated    string
	Canonical  string // address that the page claims; empty for none
	Head       string // further markup for the head of the page
	Foot       string // further markup after the article
}

//go:embed prose.txt
var prose string

// The words that fill the gaps of the prose.
func words() map[string][]string {
	return map[string][]string{
		"city":    {"Ostrava", "Tromsø", "Mombasa", "Busan", "Antofagasta", "Windhoek", "Tacoma", "Ningbo", "Darwin", "Leipzig", "Duluth", "Haikou", "Penang", "Split", "Halifax", "Xiamen", "Recife", "Turku"},
		"agency":  {"harbor office", "statistics bureau", "patent chamber", "grid authority", "transport board", "ministry of trade", "council of schools", "water authority"},
		"person":  {"Mira Osei", "Jonas Velde", "Tang Ruolan", "Alice Barrow", "Pavel Dvorsky", "Huang Zhenyu", "Noor Sandhu", "Grace Whitlock", "Luo Peixin", "Samuel Adeyemi"},
		"role":    {"a trade lawyer", "the port's chief engineer", "an economist at the polytechnic", "a former negotiator", "who teaches computer science", "a member of the budget committee", "the agency's deputy head"},
		"company": {"Larkspur Systems", "Boreal Compute", "Jade Heron", "Quillstone", "Tidewater Models", "Red Banyan"},
		"day":     {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday"},
		"month":   {"January", "March", "April", "June", "September", "October", "November"},
	}
}

// NewStory makes the n-th story: always the same for the same n, and another
// title and text for another n.
func NewStory(n int) Story {
	rnd := rand.New(rand.NewPCG(uint64(n), 0x66726d77))
	w := words()
	pick := func(kind string) string { return w[kind][rnd.IntN(len(w[kind]))] }
	fill := func(s string) string {
		for strings.Contains(s, "{") {
			name := s[strings.Index(s, "{")+1 : strings.Index(s, "}")]
			value := fmt.Sprint(3 + rnd.IntN(900))
			if name != "num" {
				value = pick(name)
			}
			s = strings.Replace(s, "{"+name+"}", value, 1)
		}
		return s
	}
	pool := strings.Split(strings.TrimSpace(prose), "\n")
	rnd.Shuffle(len(pool), func(i, j int) { pool[i], pool[j] = pool[j], pool[i] })
	s := Story{
		Title: fmt.Sprintf("%s and the %s weigh file %04d on artificial intelligence between China and the United States", pick("city"), pick("agency"), n),
		// Fixed days in the past, so that no test depends on the date on which it runs.
		Published: time.Date(2025, 1, 6, 8, 0, 0, 0, time.UTC).Add(time.Duration(n%500) * 25 * time.Hour).Format(time.RFC3339),
		Author:    pick("person"),
	}
	lead := fmt.Sprintf("File %04d reached the {agency} of {city} on {day}, and with it the question how far the United States and China can still share research on artificial intelligence. ", n)
	for i := range 8 {
		p := strings.Join(pool[3*i:3*i+3], " ")
		if i == 0 {
			p = lead + p
		}
		s.Paragraphs = append(s.Paragraphs, fill(p))
	}
	return s
}

// Text is the story's paragraphs, parted by blank lines.
func (s Story) Text() string { return strings.Join(s.Paragraphs, "\n\n") }

// HTML lays the story out as news sites do, with navigation and a footer round
// it and its metadata as JSON-LD. Nothing in it depends on the encoding.
func (s Story) HTML() string {
	var b strings.Builder
	b.WriteString("<!doctype html>\n<html lang=\"en\"><head>")
	fmt.Fprintf(&b, "<title>%s</title>\n", html.EscapeString(s.Title))
	fmt.Fprintf(&b, "<meta property=\"og:type\" content=\"article\"><meta property=\"og:title\" content=\"%s\">\n", html.EscapeString(s.Title))
	meta := map[string]any{"@context": "https://schema.org", "@type": "NewsArticle", "headline": s.Title}
	if s.Author != "" {
		meta["author"] = map[string]string{"@type": "Person", "name": s.Author}
		fmt.Fprintf(&b, "<meta name=\"author\" content=\"%s\">\n", html.EscapeString(s.Author))
	}
	if s.Published != "" {
		meta["datePublished"] = s.Published
	}
	if s.Updated != "" {
		meta["dateModified"] = s.Updated
	}
	ld, _ := json.Marshal(meta) // < and > are escaped, so that no text ends the script
	fmt.Fprintf(&b, "<script type=\"application/ld+json\">%s</script>\n", ld)
	if s.Canonical != "" {
		fmt.Fprintf(&b, "<link rel=\"canonical\" href=\"%s\">\n", html.EscapeString(s.Canonical))
	}
	b.WriteString(s.Head)
	b.WriteString("</head>\n<body><header><nav><ul><li><a href=\"/\">Home</a></li><li><a href=\"/world\">World</a></li><li><a href=\"/tech\">Technology</a></li></ul></nav></header>\n<main><article>")
	fmt.Fprintf(&b, "<h1>%s</h1>\n", html.EscapeString(s.Title))
	if s.Author != "" {
		fmt.Fprintf(&b, "<p class=\"byline\">By <span class=\"author\">%s</span></p>\n", html.EscapeString(s.Author))
	}
	for _, p := range s.Paragraphs {
		fmt.Fprintf(&b, "<p>%s</p>\n", html.EscapeString(p))
	}
	b.WriteString("</article></main>\n")
	b.WriteString(s.Foot)
	b.WriteString("<footer><p>The Loopback Courier. Imprint. Contact.</p></footer></body></html>\n")
	return b.String()
}
