package polite

import (
	"context"
	"net/http"
)

// A Trace records the hops of one request and its redirects. It is filled in by
// the goroutine that makes the request.
type Trace struct {
	Hops []Hop
}

// A Hop is one answer.
type Hop struct {
	URL    string
	Status int
	// OpenEnded tells that nothing but the end of the connection marked the end
	// of the body, so that a cut one looks whole.
	OpenEnded bool
}

type traceKey struct{}

// WithTrace returns a context whose requests are recorded in tr.
func WithTrace(ctx context.Context, tr *Trace) context.Context {
	return context.WithValue(ctx, traceKey{}, tr)
}

// note records an answer before its framing headers are rewritten.
func note(req *http.Request, resp *http.Response) {
	tr, ok := req.Context().Value(traceKey{}).(*Trace)
	if !ok {
		return
	}
	compressed := resp.Header.Get("Content-Encoding") != ""
	tr.Hops = append(tr.Hops, Hop{
		URL: req.URL.String(), Status: resp.StatusCode,
		OpenEnded: resp.ProtoMajor == 1 && resp.ContentLength < 0 && len(resp.TransferEncoding) == 0 && !compressed,
	})
}
