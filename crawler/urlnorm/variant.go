package urlnorm

import "strings"

// variantHosts are host labels under which sites serve the same page in
// another dress.
var variantHosts = []string{"www.", "m.", "mobile.", "amp.", "print.", "wap."}

// variantParams select the dress, not the page; "*" stands for any value.
var variantParams = map[string]string{
	"amp": "*", "outputtype": "amp", "output": "amp", "print": "*", "printable": "*", "view": "print", "format": "print",
	"mobile": "*", "m": "1", "isfeed": "*",
}

// VariantKey returns a key that the plain, AMP, mobile and print addresses of
// one page share. It is no URL and is not unique: equal keys are a reason to
// compare the texts, not a proof that they are one article.
func VariantKey(canonical string) string {
	canonical = unwrapCache(canonical)
	_, authority := cut(canonical)
	if authority == "" {
		return canonical
	}
	rest := canonical[strings.Index(canonical, authority)+len(authority):]
	path, query, _ := strings.Cut(rest, "?")
	for trimmed := true; trimmed; {
		trimmed = false
		for _, p := range variantHosts {
			if s, ok := strings.CutPrefix(authority, p); ok && strings.Contains(s, ".") {
				authority, trimmed = s, true
			}
		}
	}
	return authority + plainPath(path) + plainQuery(query)
}

// plainPath drops the path elements that select a dress.
func plainPath(path string) string {
	kept := []string{}
	parts := strings.Split(strings.Trim(path, "/"), "/")
	for i, p := range parts {
		edge := i == 0 || i == len(parts)-1
		if edge && (p == "amp" || p == "print" || p == "mobile" || p == "m") && len(parts) > 1 {
			continue
		}
		if i == len(parts)-1 {
			p = strings.TrimSuffix(p, ".amp")
			p = strings.Replace(p, ".amp.html", ".html", 1)
		}
		if p != "" {
			kept = append(kept, p)
		}
	}
	return "/" + strings.Join(kept, "/")
}

func plainQuery(query string) string {
	kept := []string{}
	for _, p := range strings.Split(query, "&") {
		name, value, _ := strings.Cut(strings.ToLower(p), "=")
		want, known := variantParams[name]
		if p == "" || known && (want == "*" || want == value) {
			continue
		}
		kept = append(kept, p)
	}
	if len(kept) == 0 {
		return ""
	}
	return "?" + strings.Join(kept, "&")
}

// unwrapCache gives the publisher's address of a page in an AMP cache.
func unwrapCache(canonical string) string {
	host := Host(canonical)
	var marks []string
	switch {
	case strings.HasSuffix(host, ".cdn.ampproject.org") || host == "cdn.ampproject.org":
		marks = []string{"/c/s/", "/v/s/", "/c/", "/v/"}
	case host == "www.google.com" || host == "google.com":
		marks = []string{"/amp/s/", "/amp/"}
	}
	for _, m := range marks {
		_, rest, ok := strings.Cut(canonical, host+m)
		if !ok {
			continue
		}
		if u, err := Canonical("https://" + rest); err == nil {
			return u
		}
	}
	return canonical
}
