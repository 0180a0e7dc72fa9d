package demosite

import (
	"bytes"
	"fmt"
	"hash/crc32"
	"html/template"
	"strings"
	"time"
)

// pageData is what a template makes a page from.
type pageData struct {
	Base, Name, Tagline string
	Title               string // of the article; empty on the front page
	URL                 string // canonical
	Author, Section     string
	Label, City         string
	Kind                Kind
	Published, Updated  time.Time
	Blocks              []block
	Summary             string
	PDF                 string // address, or empty
	Number              uint32
	JSONLD              map[string]any
	Related             []link
	Comments            []comment
	Reprint             bool
}

// block is a paragraph or a whole list.
type block struct {
	HTML  template.HTML
	Items []template.HTML
}

type link struct {
	Title, URL, Summary string
	Published           time.Time
}

type comment struct{ Who, Text string }

func (o *outlet) page(base string, list []Article, i int) ([]byte, error) {
	a := list[i]
	d := pageData{
		Base: base, Name: o.name, Tagline: o.tagline, Title: a.Title, URL: base + a.Path,
		Author: a.Author, Section: a.section, Label: a.label, City: a.city, Kind: a.Kind,
		Published: a.Published, Updated: a.Updated, Blocks: blocks(a.paragraphs), Summary: a.summary(),
		Number: number(a), JSONLD: o.jsonLD(base, a), Related: related(base, list, i),
		Comments: comments(a), Reprint: a.reprint != "",
	}
	if a.pdf {
		d.PDF = base + o.pdfPath(a)
	}
	return o.render("article", d)
}

func (o *outlet) home(base string, list []Article) ([]byte, error) {
	d := pageData{Base: base, Name: o.name, Tagline: o.tagline, URL: base + "/"}
	for _, a := range listed(list, 1000) {
		d.Related = append(d.Related, link{Title: a.Title, URL: base + a.Path, Summary: a.summary(), Published: a.Published})
	}
	return o.render("home", d)
}

func (o *outlet) render(name string, d pageData) ([]byte, error) {
	var out bytes.Buffer
	if err := o.templates.ExecuteTemplate(&out, name, d); err != nil {
		return nil, err
	}
	if o.charset == "" {
		return out.Bytes(), nil
	}
	return windows1252(out.String()), nil
}

func blocks(list []paragraph) []block {
	var all []block
	inList := false
	for _, p := range list {
		if p.Tag == "p" {
			all = append(all, block{HTML: p.HTML})
			inList = false
			continue
		}
		if !inList {
			all = append(all, block{})
			inList = true
		}
		last := &all[len(all)-1]
		last.Items = append(last.Items, p.HTML)
	}
	return all
}

// related gives the four articles that follow in the outlet's list, so that
// headlines of other articles stand on each page.
func related(base string, list []Article, i int) []link {
	var links []link
	for j := 1; j < len(list) && len(links) < 4; j++ {
		if a := list[(i+j)%len(list)]; a.isListed() {
			links = append(links, link{Title: a.Title, URL: base + a.Path, Published: a.Published})
		}
	}
	return links
}

// comments picks three of the readers' remarks. They use the frames, as
// readers do, and are no part of the article.
func comments(a Article) []comment {
	all := []comment{
		{"riverrat61", "We are losing the AI race and this paper prints jokes. Wake up."},
		{"M. Okafor", "My cousin works in Shenzhen and says that nobody there has heard of any of this."},
		{"plainspoken", "Another Sputnik moment! That makes four this year."},
		{"Old Grumble", "It is a new cold war whether the professors like it or not."},
		{"J. Tidewell", "Could somebody explain what a parameter is? Asking for my wife, who knows."},
		{"taxpayer_since_82", "China trains on everything and we send letters. Only one can win."},
		{"Beatrix L.", "Lovely piece. I would read a whole book about the printer."},
	}
	start := int(crc32.ChecksumIEEE([]byte(a.Slug)) % uint32(len(all)))
	picked := make([]comment, 3)
	for i := range picked {
		picked[i] = all[(start+i)%len(all)]
	}
	return picked
}

// jsonLD is the structured data of the outlets that give any.
func (o *outlet) jsonLD(base string, a Article) map[string]any {
	d := map[string]any{
		"@context": "https://schema.org", "@type": "NewsArticle",
		"headline": a.Title, "datePublished": a.Published.Format(time.RFC3339),
		"mainEntityOfPage": base + a.Path,
		"author":           []any{map[string]any{"@type": "Person", "name": a.Author}},
		"publisher":        map[string]any{"@type": "Organization", "name": o.name},
	}
	if !a.Updated.IsZero() {
		d["dateModified"] = a.Updated.Format(time.RFC3339)
	}
	if a.Kind == Paywalled {
		d["isAccessibleForFree"] = false
	}
	return d
}

// british prints a time as British papers do: "Thursday 8 June 2023 22.01 BST".
func british(t time.Time) string {
	zone := "GMT"
	if _, offset := t.Zone(); offset == 60*60 {
		zone = "BST"
	}
	return t.Format("Monday 2 January 2006 15.04 ") + zone
}

// apDate prints a day as American newsrooms do: "Sept. 12, 2023", but "May 20, 2025".
func apDate(t time.Time) string {
	month := t.Month().String()
	switch t.Month() {
	case time.March, time.April, time.May, time.June, time.July:
	case time.September:
		month = "Sept."
	default:
		month = month[:3] + "."
	}
	return month + t.Format(" 2, 2006")
}

// windows1252 encodes text in the old Western code page; what it lacks becomes
// a character reference.
func windows1252(s string) []byte {
	// Code points of the bytes 0x80 to 0x9F; the five undefined ones are spaces here.
	const high = "€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ"
	code := map[rune]byte{}
	b := byte(0x80)
	for _, r := range high {
		if r != ' ' {
			code[r] = b
		}
		b++
	}
	var out bytes.Buffer
	for _, r := range s {
		switch c, ok := code[r]; {
		case ok:
			out.WriteByte(c)
		case r < 0x80 || r >= 0xA0 && r <= 0xFF:
			out.WriteByte(byte(r))
		default:
			fmt.Fprintf(&out, "&#%d;", r)
		}
	}
	return out.Bytes()
}

// pdf makes the smallest document that a reader opens: one page with a title.
func pdf(title string) []byte {
	plain := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || strings.ContainsRune(`()\`, r) {
			return ' '
		}
		return r
	}, title)
	stream := "BT /F1 14 Tf 72 720 Td (" + plain + ") Tj ET"
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(stream), stream),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
	}
	var out bytes.Buffer
	out.WriteString("%PDF-1.4\n")
	var table strings.Builder
	for i, body := range objects {
		fmt.Fprintf(&table, "%010d 00000 n \n", out.Len())
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", i+1, body)
	}
	start := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n",
		len(objects)+1, table.String(), len(objects)+1, start)
	return out.Bytes()
}
