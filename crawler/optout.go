package crawler

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// OptOuts returns the statements by which a publisher can keep a page from being
// mined or kept, as fetch.opt_outs may name them.
func OptOuts() []string { return []string{"tdm-reservation", "noai", "noindex", "noarchive"} }

// defaultOptOuts are the statements that speak of mining as such: the TDM
// Reservation Protocol, by which rights are reserved under article 4 of the
// European directive on copyright, and the informal "noai".
func defaultOptOuts() []string { return []string{"tdm-reservation", "noai"} }

// maxHead bounds how much of a page is searched for statements.
const maxHead = 256 << 10

// stated returns the opt-outs that a page states, in the order of OptOuts, each
// once: in the headers TDM-Reservation and X-Robots-Tag and in meta elements of
// these names, for everybody or for us.
func stated(h http.Header, body []byte) []string {
	found := map[string]bool{}
	if strings.TrimSpace(h.Get("TDM-Reservation")) == "1" {
		found["tdm-reservation"] = true
	}
	for _, v := range h.Values("X-Robots-Tag") {
		robotsDirectives(v, found)
	}
	if strings.Contains(h.Get("Content-Type"), "html") {
		metaDirectives(body[:min(len(body), maxHead)], found)
	}
	var out []string
	for _, o := range OptOuts() {
		if found[o] {
			out = append(out, o)
		}
	}
	return out
}

// robotsDirectives reads a list such as "noindex, otherbot: noarchive". What
// follows the name of another crawler is not for us.
func robotsDirectives(list string, found map[string]bool) {
	ours := true
	for _, d := range strings.Split(strings.ToLower(list), ",") {
		if name, rest, ok := strings.Cut(d, ":"); ok && strings.TrimSpace(name) != "unavailable_after" {
			name = strings.TrimSpace(name)
			ours = name == "framewatch" || name == "*"
			d = rest
		}
		switch d = strings.TrimSpace(d); {
		case !ours:
		case d == "none":
			found["noindex"] = true
		case slices.Contains(OptOuts(), d):
			found[d] = true
		}
	}
}

// metaDirectives reads the meta elements of a page's head.
func metaDirectives(head []byte, found map[string]bool) {
	z := html.NewTokenizer(bytes.NewReader(head))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return
		case html.StartTagToken, html.SelfClosingTagToken:
		default:
			continue
		}
		t := z.Token()
		if t.Data == "body" {
			return
		}
		if t.Data != "meta" {
			continue
		}
		var name, content string
		for _, a := range t.Attr {
			switch a.Key {
			case "name":
				name = strings.ToLower(strings.TrimSpace(a.Val))
			case "content":
				content = a.Val
			}
		}
		switch name {
		case "robots", "framewatch":
			robotsDirectives(content, found)
		case "tdm-reservation":
			if strings.TrimSpace(content) == "1" {
				found[name] = true
			}
		}
	}
}

// heedFile denies what the file of a URL's origin reserves, before it is asked for
// if the URL is the job's own. A host that cannot be asked fails the attempt.
func (r *run) heedFile(ctx context.Context, o *Outcome, url string) error {
	reserved, err := r.reserved(ctx, url)
	switch {
	case err != nil:
		o.fail(judge(err))
		o.Page = nil
	case reserved:
		o.State, o.Reason, o.Detail = Denied, "opt_out", "the publisher states tdm-reservation in "+reservePath
		if o.KeepRaw = false; o.Page != nil {
			o.Page.Body = nil
		}
	}
	return err
}

// heed denies a page whose publisher has stated an opt-out that the sources file
// respects, and keeps nothing of it; any other statement is told beside the
// article.
func (r *run) heed(o *Outcome) (denied bool) {
	all := stated(o.Page.Header, o.Page.Body)
	if len(all) == 0 {
		return false
	}
	o.Detail = "the publisher states " + strings.Join(all, ", ")
	if !slices.ContainsFunc(all, func(s string) bool { return slices.Contains(r.fetch.OptOuts, s) }) {
		return false
	}
	o.State, o.Reason, o.KeepRaw, o.Page.Body = Denied, "opt_out", false, nil
	return true
}
