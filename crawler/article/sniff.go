package article

import (
	"bytes"
	"fmt"
	"mime"
	"regexp"
	"strings"
)

// maxBody is the largest page taken, in bytes. A larger one is refused whole:
// half an article would be stored as if it were all.
const maxBody = 32 << 20

var (
	rxFeed     = regexp.MustCompile(`(?i)<(?:rss|feed|rdf:RDF|urlset|sitemapindex|opml)[\s>]`)
	rxDocument = regexp.MustCompile(`(?i)<(?:!doctype\s+html|html|body)[\s>]`)
	rxMarkup   = regexp.MustCompile(`(?i)<(?:!doctype\s+html|html|head|body|title|meta|article|section|main|div|p|h1|span|table|br)[\s/>]`)
)

// sniff refuses what is no web page, by its bytes before its header: servers
// name pages application/octet-stream and PDF files text/html.
func sniff(p Page) *Reject {
	body := bytes.TrimLeft(p.Body, "\x00 \t\r\n\ufeff")
	head := body[:min(len(body), metaWindow)]
	media, _, _ := mime.ParseMediaType(p.ContentType)
	switch {
	case len(p.Body) > maxBody:
		return &Reject{Reason: "too_large", Detail: fmt.Sprintf("%d bytes, at most %d are read", len(p.Body), maxBody)}
	case len(body) == 0:
		return &Reject{Reason: "no_text", Detail: "the page is empty"}
	case bytes.Contains(head[:min(len(head), 1024)], []byte("%PDF-")) && !rxMarkup.Match(head[:min(len(head), 1024)]):
		return &Reject{Reason: "pdf"}
	case isBinary(p.Body):
		return &Reject{Reason: "not_html", Detail: "binary data"}
	case rxFeed.Match(head) && !rxDocument.Match(head):
		return &Reject{Reason: "not_html", Detail: "a feed or sitemap"}
	case strings.Contains(media, "json") && (body[0] == '{' || body[0] == '['):
		return &Reject{Reason: "not_html", Detail: "JSON"}
	case rxMarkup.Match(head), rxMarkup.Match(wide(head)):
		return nil
	case body[0] == '{' || body[0] == '[':
		return &Reject{Reason: "not_html", Detail: "JSON"}
	case media != "" && !strings.Contains(media, "html") && !bytes.Contains(head, []byte("<")):
		return &Reject{Reason: "not_html", Detail: media}
	}
	return nil
}

// isBinary tells whether the beginning of a body holds bytes that no text
// encoding of the web uses. UTF-16 has NULs, but in every other place.
func isBinary(b []byte) bool {
	if enc, _ := bomEncoding(b); enc != nil {
		return false
	}
	b = b[:min(len(b), 1024)]
	controls, even, odd := 0, 0, 0
	for i, c := range b {
		switch {
		case c == 0 && i%2 == 0:
			even++
		case c == 0:
			odd++
		case c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1b:
			controls++
		}
	}
	if utf16 := max(even, odd)*3 > len(b) && min(even, odd)*20 < len(b); utf16 {
		return false
	}
	return controls+even+odd > len(b)/30
}

// wide reads UTF-16 as ASCII, so far as it is ASCII.
func wide(b []byte) []byte {
	if bytes.IndexByte(b, 0) < 0 {
		return nil
	}
	return bytes.ReplaceAll(b, []byte{0}, nil)
}
