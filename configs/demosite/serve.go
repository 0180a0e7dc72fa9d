package demosite

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"time"
)

// resource is what an outlet has at a path.
type resource struct {
	contentType string
	body        []byte
	modified    time.Time
	location    string // of a redirect
}

// handler serves one outlet. All absolute links in its answers start with the
// request's Host, so that any free port will do.
func (s *Site) handler(o *outlet) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.hits[o.id+" "+r.URL.Path]++
		s.mu.Unlock()
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "this site can only be read", http.StatusMethodNotAllowed)
			return
		}
		res, ok, err := o.resource("http://"+r.Host, r.URL.Path, s.advanced.Load())
		switch {
		case err != nil:
			http.Error(w, err.Error(), http.StatusInternalServerError)
		case !ok:
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.WriteHeader(http.StatusNotFound)
			w.Write([]byte("<!doctype html><title>Not found</title><h1>Not found</h1><p>There is nothing at this address.</p>")) //nolint:errcheck // the client is gone
		case res.location != "":
			http.Redirect(w, r, res.location, http.StatusMovedPermanently)
		default:
			o.write(w, r, res)
		}
	})
}

// write answers with the validators that the outlet gives; ServeContent does
// the comparing.
func (o *outlet) write(w http.ResponseWriter, r *http.Request, res resource) {
	w.Header().Set("Content-Type", res.contentType)
	if o.validators == bothValidators || o.validators == etagOnly {
		sum := sha256.Sum256(res.body)
		w.Header().Set("ETag", `"`+hex.EncodeToString(sum[:8])+`"`)
	}
	if o.validators == etagOnly || o.validators == noValidators {
		res.modified = time.Time{}
	}
	http.ServeContent(w, r, "", res.modified, bytes.NewReader(res.body))
}

// resource finds what is at a path; ok is false if nothing is.
func (o *outlet) resource(base, path string, advanced bool) (res resource, ok bool, err error) {
	list := o.current(advanced)
	switch path {
	case "/robots.txt":
		return resource{contentType: "text/plain; charset=utf-8", body: o.robotsFile(base), modified: o.modified(list, advanced)}, true, nil
	case "/":
		body, err := o.home(base, list)
		return resource{contentType: o.htmlType(), body: body, modified: o.modified(list, advanced)}, true, err
	}
	if f, ok := o.documents()[path]; ok {
		contentType, body, err := f(base, list, o.modified(list, advanced))
		return resource{contentType: contentType, body: body, modified: o.modified(list, advanced)}, true, err
	}
	for i, a := range list {
		switch {
		case path == a.Path:
			body, err := o.page(base, list, i)
			return resource{contentType: o.htmlType(), body: body, modified: a.modified()}, true, err
		case a.pdf && path == o.pdfPath(a):
			return resource{contentType: "application/pdf", body: pdf(a.Title), modified: a.modified()}, true, nil
		case a.redirect && path == o.redirectPath(a):
			return resource{location: base + a.Path}, true, nil
		}
	}
	return resource{}, false, nil
}

// modified is when the outlet's lists of articles last changed. The correction
// touches an old article, so it counts as a minute after everything else.
func (o *outlet) modified(list []Article, advanced bool) time.Time {
	var last time.Time
	for _, a := range list {
		if m := a.modified(); m.After(last) {
			last = m
		}
	}
	if advanced && len(o.revised) > 0 {
		last = last.Add(time.Minute)
	}
	return last
}

func (o *outlet) robotsFile(base string) []byte {
	return bytes.ReplaceAll([]byte(o.robots), []byte("{base}"), []byte(base))
}

func (o *outlet) htmlType() string {
	switch {
	case o.charset != "":
		return "text/html; charset=" + o.charset
	case o.id == "jadebridge":
		return "text/html" // the page's own <meta> says the rest
	default:
		return "text/html; charset=utf-8"
	}
}
