package crawler

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"strings"

	"framewatch/crawler/article"
	"framewatch/crawler/polite"
	"framewatch/crawler/urlnorm"
)

// acceptPage is the Accept header of a request for a page.
const acceptPage = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"

// patience is how often a page that merely looks cut is fetched again before it
// is taken as it is.
const patience = 3

// attempt fetches a job's page and reads the article from it. A panic, which only
// a page can provoke, costs that page alone.
func (r *run) attempt(ctx context.Context, job Job) (o Outcome, err error) {
	defer func() {
		if x := recover(); x != nil {
			r.log.Error("panic while reading a page", "url", job.URL, "panic", x, "stack", string(debug.Stack()))
			o = Outcome{Job: job, State: Failed, Reason: "panic", Detail: fmt.Sprint(x), At: r.now()}
		}
	}()
	o = Outcome{Job: job, At: r.now()}
	if err := r.heedFile(ctx, &o, job.URL); err != nil || o.State != "" {
		return o, err
	}
	header := http.Header{"Accept": {acceptPage}}
	resp, err := r.collect.fetch(ctx, job.URL, validators(header, job.ETag, job.LastModified))
	o = Outcome{Job: job, At: r.now(), KeepRaw: r.source(job.Source).Scope == "all"}
	if err != nil {
		o.fail(judge(err))
		return o, err
	}
	o.Page = &Page{URL: job.URL, Final: canonicalOr(resp.final), FetchedAt: o.At, Status: resp.status, Header: resp.header, Body: resp.body}
	if v, ok := r.unfit(job, o.Page, resp); ok {
		o.fail(v)
		return o, nil
	}
	if o.Page.Final != job.URL {
		if err := r.heedFile(ctx, &o, o.Page.Final); err != nil || o.State != "" {
			return o, err
		}
	}
	if !r.heed(&o) {
		r.extract(&o, resp)
	}
	return o, nil
}

// unfit tells what an answer that holds no page to read means.
func (r *run) unfit(job Job, p *Page, resp *response) (verdict, bool) {
	switch {
	case p.Status == http.StatusNotModified && (job.ETag != "" || job.LastModified != ""):
		return verdict{state: NotModified}, true
	case p.Status == http.StatusNoContent, p.Status == http.StatusResetContent:
		return verdict{state: Rejected, reason: "empty", detail: "the server answered " + statusText(p.Status)}, true
	case p.Status != http.StatusOK && p.Status != http.StatusNonAuthoritativeInfo:
		return judgeStatus(resp, r.now()), true
	case home(p.Final) && !home(job.URL):
		return verdict{state: Rejected, reason: "soft_404", detail: "redirected to the home page"}, true
	case !r.covers(job.Source, p.Final) && urlnorm.Lane(p.Final) != job.Lane:
		return verdict{state: Rejected, reason: "off_site", detail: "redirected to " + p.Final + ", which is not in the source's domains"}, true
	case resp.openEnded && looksCut(p) && job.Attempt < patience:
		return verdict{state: Retry, reason: string(polite.Truncated), detail: "the page ends before </html>", tries: patience}, true
	}
	return verdict{}, false
}

// fail makes the outcome what the verdict says.
func (o *Outcome) fail(v verdict) {
	o.State, o.Reason, o.Detail = v.state, v.reason, v.detail
	if v.state != Retry {
		return
	}
	if v.tries > 0 && o.Job.Attempt >= v.tries {
		o.State = Failed
		o.Detail = fmt.Sprintf("%s; given up after %d attempts", v.detail, o.Job.Attempt)
		return
	}
	o.Next = o.At.Add(max(retryIn(o.Job.Attempt), v.wait))
	if v.wait > 0 {
		o.Next = o.At.Add(v.wait) // the server's word goes before our guess
	}
	if !v.until.IsZero() {
		o.Next = v.until
	}
}

// extract reads the article; few at a time, because reading takes memory by the
// megabyte.
func (r *run) extract(o *Outcome, resp *response) {
	r.reading <- struct{}{}
	defer func() { <-r.reading }()
	a, err := article.Extract(article.Page{URL: o.Page.Final, ContentType: resp.header.Get("Content-Type"), Body: resp.body, Fetched: o.At})
	if err != nil {
		o.State, o.Reason, o.Detail = Rejected, "parse_failed", err.Error()
		var reject *article.Reject
		if errors.As(err, &reject) {
			o.Reason, o.Detail = reject.Reason, reject.Detail
		}
		return
	}
	if a.Title == "" {
		a.Title = o.Job.Title
	}
	a.Canonical = trusted(a.Canonical, o.Page.Final)
	o.State, o.Article = Stored, &a // Detail still tells of an opt-out that is not respected
}

// trusted returns the canonical address that a page claims if it can be the
// page's: on the same site, and not the home page of it, which broken templates
// name on every page.
func trusted(claim, final string) string {
	u, err := urlnorm.Canonical(claim)
	if claim == "" || err != nil || !urlnorm.SameSite(u, final) || home(u) && !home(final) {
		return ""
	}
	return u
}

// home reports whether a canonical URL is the front page of its host.
func home(canonical string) bool {
	_, rest, _ := strings.Cut(canonical, "://")
	_, path, _ := strings.Cut(rest, "/")
	switch strings.ToLower(path) {
	case "", "index.html", "index.htm", "index.php", "home", "home/":
		return true
	}
	return false
}

// looksCut reports whether an HTML page lacks its end.
func looksCut(p *Page) bool {
	if !strings.Contains(p.Header.Get("Content-Type"), "html") {
		return false
	}
	tail := bytes.ToLower(p.Body[max(0, len(p.Body)-1024):])
	return !bytes.Contains(tail, []byte("</html"))
}

func canonicalOr(url string) string {
	if u, err := urlnorm.Canonical(url); err == nil {
		return u
	}
	return url
}
