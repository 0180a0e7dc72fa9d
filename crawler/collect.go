package crawler

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"net/http"

	"github.com/gocolly/colly/v2"

	"framewatch/crawler/polite"
)

// response is the last answer of a redirect chain, as served but for its
// content encoding.
type response struct {
	status    int
	header    http.Header
	body      []byte
	final     string // the URL that answered
	hops      int    // requests made, redirects included
	openEnded bool   // see polite.Hop
}

// maxHops is how many requests colly makes for one URL before it hands over the
// redirect itself.
const maxHops = 10

// collector fetches with colly, as far as colly is asked: it makes the requests
// of one redirect chain and hands over the last answer. What it would do beyond
// that is switched off here, because the frontier, robots.txt, limits, charsets
// and revisits have owners of their own.
type collector struct {
	transport http.RoundTripper
}

// fetch visits one URL. An answer of any status is a response; the error is that
// of the transport.
func (c *collector) fetch(ctx context.Context, url string, header http.Header) (*response, error) {
	var trace polite.Trace
	raw := &rawText{next: c.transport}
	// Made by hand, since colly.NewCollector would let COLLY_* variables of the
	// environment override all of this.
	col := &colly.Collector{}
	col.Init()
	col.AllowURLRevisit = true
	col.IgnoreRobotsTxt = true // the transport asks, for each hop
	col.ParseHTTPErrorResponse = true
	col.MaxBodySize = 0 // the transport refuses; colly would cut
	col.DisableCookies()
	col.SetRequestTimeout(0) // the transport counts from when a request has its turn
	col.WithTransport(raw)
	col.Context = polite.WithTrace(ctx, &trace)
	h := header.Clone()
	if h == nil {
		h = http.Header{}
	}
	h.Set("Accept-Language", "en, *;q=0.5")
	col.Headers = &h
	var out *response
	col.OnResponse(func(r *colly.Response) {
		out = &response{status: r.StatusCode, header: r.Headers.Clone(), body: r.Body, final: r.Request.URL.String()}
	})
	if err := col.Visit(url); err != nil {
		var known *polite.Error
		if !errors.As(err, &known) && raw.last != nil {
			// The client's own complaint can only be about where it is sent.
			return nil, &polite.Error{Class: polite.BadRedirect, URL: url, Err: err}
		}
		return nil, fmt.Errorf("fetch %s: %w", url, err)
	}
	if out == nil {
		return nil, &polite.Error{Class: polite.Protocol, URL: url, Detail: "no answer was handed over"}
	}
	if raw.contentType != "" {
		out.header.Set("Content-Type", raw.contentType)
	}
	out.hops = raw.hops
	if n := len(trace.Hops); n > 0 {
		out.openEnded = trace.Hops[n-1].OpenEnded
	}
	return out, nil
}

// sitemaps returns the Sitemap lines of the robots.txt of a URL's origin, none if
// the transport does not read robots.txt.
func (c *collector) sitemaps(ctx context.Context, url string) ([]string, error) {
	t, ok := c.transport.(interface {
		Sitemaps(ctx context.Context, rawURL string) ([]string, error)
	})
	if !ok {
		return nil, nil
	}
	return t.Sitemaps(ctx, url)
}

// rawText keeps colly from decoding text: it hides the charset of the
// Content-Type header and remembers the header for the caller.
type rawText struct {
	next        http.RoundTripper
	hops        int
	last        *http.Response
	contentType string // as served, of the last answer
}

func (t *rawText) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := t.next.RoundTrip(req)
	t.hops++
	if err != nil {
		return nil, err
	}
	t.last, t.contentType = resp, resp.Header.Get("Content-Type")
	if t.contentType != "" {
		media, _, err := mime.ParseMediaType(t.contentType)
		if err != nil {
			media = "application/octet-stream"
		}
		resp.Header.Set("Content-Type", media)
	}
	return resp, nil
}
