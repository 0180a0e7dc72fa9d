package article

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// rxTitleCut matches what parts a headline from the names around it. A colon
// or a dash without blanks belongs to the headline.
var rxTitleCut = regexp.MustCompile(`\s+[|–—·•»›:/~⋆*-]+(?:\s+|$)|\s*\|\s*`)

// headline is the page's title: the headline as printed where the page's own
// statements bear it out, else the best of these statements; without the
// site's name and section labels around it.
func (f *facts) headline(pageURL, site string) string {
	names := siteNames(site, pageURL, f)
	var stated []string
	for _, s := range [...]string{f.linked.headline, f.first("og:title"), f.first("twitter:title"),
		f.first("parsely-title", "sailthru.title", "dc.title", "dc:title", "dcterms.title", "citation_title", "title", "headline"), lastCut(f.titleTag)} {
		if s = bareTitle(fold(stripMarkup(s)), names); s != "" {
			stated = append(stated, s)
		}
	}
	if h := f.printed(stated, names); h != "" {
		return h
	}
	for _, s := range stated {
		if !isNameOf(s, names) {
			return s
		}
	}
	return ""
}

// printed is the h1 that the page's statements bear out; "" if none is.
func (f *facts) printed(stated, names []string) string {
	best, score := "", 0.0
	for _, h := range f.headings {
		text := bareTitle(h.text, names)
		words := len(titleWords(text))
		if words == 0 || words > 40 || isNameOf(text, names) || h.place&(inSide|inComment|isHidden) != 0 && len(f.headings) > 1 {
			continue
		}
		s := 0.0
		for _, t := range stated {
			s = max(s, likeness(text, t))
			if k := kickerless(text, t); k != "" {
				text, s = k, 1
			}
		}
		if len(stated) == 0 {
			s = 0.5
		}
		if s > score {
			best, score = text, s
		}
	}
	if score < 0.5 {
		return ""
	}
	return best
}

// lastCut drops what follows the last spaced dash of a title element, which is
// the site's name even where the page does not say so elsewhere.
func lastCut(title string) string {
	i := max(strings.LastIndex(title, " - "), strings.LastIndex(title, " – "), strings.LastIndex(title, " — "))
	if i > 0 && len(titleWords(title[i:])) <= 4 && len(titleWords(title[:i])) >= 3 {
		return title[:i]
	}
	return title
}

// kickerless is the end of a printed headline that a statement gives in full,
// where what comes before it is only a label of a few words.
func kickerless(printed, stated string) string {
	i := strings.LastIndex(strings.ToLower(printed), strings.ToLower(stated))
	if i <= 0 || i+len(stated) != len(printed) || i > len(printed) || len(strings.Fields(printed[:i])) > 3 || len(strings.Fields(stated)) < 3 {
		return ""
	}
	return printed[i:]
}

// likeness is the share of a printed headline's words that a stated title
// holds, or the other way round; little for a heading that covers only a small
// part of the title, such as a site's name.
func likeness(a, b string) float64 {
	wa, wb := titleWords(a), titleWords(b)
	if len(wa) == 0 || len(wb) == 0 {
		return 0
	}
	in := map[string]bool{}
	for _, w := range wb {
		in[w] = true
	}
	both := 0
	for _, w := range wa {
		if in[w] {
			both++
		}
	}
	if 5*len(wa) < 2*len(wb) && !strings.HasPrefix(strings.ToLower(b), strings.ToLower(a)) {
		return 0
	}
	return float64(both) / float64(min(len(wa), len(wb)))
}

func titleWords(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
}

// bareTitle cuts the site's name and section labels from the ends of a title.
func bareTitle(s string, names []string) string {
	s = strings.TrimSpace(strings.TrimRight(s, "¶# "))
	for {
		cuts := rxTitleCut.FindAllStringIndex(s, -1)
		if len(cuts) == 0 {
			return s
		}
		first, last := cuts[0], cuts[len(cuts)-1]
		head, tail := s[:first[0]], s[last[1]:]
		rest := s[:last[0]]
		switch {
		case rest == "" || tail == "" && strings.TrimSpace(rest) != "":
			s = strings.TrimSpace(rest + tail)
		case isNameOf(tail, names):
			s = strings.TrimSpace(rest)
		case isNameOf(head, names) || isKickerWord(head):
			s = strings.TrimSpace(s[first[1]:])
		case isBarred(s[last[0]:last[1]]) && len(titleWords(tail)) <= 4 && len(titleWords(rest)) >= 2*len(titleWords(tail)):
			s = strings.TrimSpace(rest)
		case isBarred(s[last[0]:last[1]]) && isKickerWord(tail):
			s = strings.TrimSpace(rest)
		default:
			return s
		}
	}
}

// isBarred tells whether a separator is one that headlines do not use within
// themselves.
func isBarred(sep string) bool { return strings.ContainsAny(sep, "|»›·•⋆~") }

// isKickerWord tells whether a part of a title is the label of a genre.
func isKickerWord(s string) bool {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "opinion", "analysis", "perspective", "editorial", "commentary", "review", "exclusive", "news", "video", "watch", "live", "podcast",
		"home", "blog", "article", "politics", "world", "business", "technology", "tech", "science", "column", "op-ed", "letters", "interview":
		return true
	}
	return false
}

// titleSuffix is what the title element adds to the headline, folded: most often the publication's name, which is no
// author. It is empty where it adds nothing.
func (f *facts) titleSuffix(headline string) []string {
	rest, ok := strings.CutPrefix(fold(stripMarkup(f.titleTag)), headline)
	if rest = strings.Trim(rest, " -|–—·:»"); !ok || headline == "" || rest == "" {
		return nil
	}
	return []string{foldName(rest)}
}

// siteNames lists, folded, the names under which the publication goes.
func siteNames(site, pageURL string, f *facts) []string {
	var out []string
	add := func(s string) {
		if s = foldName(s); len(s) > 1 {
			out = append(out, s)
		}
	}
	add(site)
	add(f.linked.site)
	for _, k := range [...]string{"og:site_name", "application-name", "twitter:site", "apple-mobile-web-app-title", "publisher", "dc.publisher", "al:ios:app_name", "cre"} {
		add(f.first(k))
	}
	for _, address := range [...]string{pageURL, f.canonical, f.first("og:url")} {
		u, err := url.Parse(address)
		if err != nil || u.Host == "" {
			continue
		}
		host := strings.TrimPrefix(u.Hostname(), "www.")
		add(host)
		labels := strings.Split(host, ".")
		if len(labels) > 1 {
			add(labels[len(labels)-2])
			if len(labels) > 2 && len(labels[len(labels)-2]) <= 3 {
				add(labels[len(labels)-3])
			}
			if len(labels) > 2 {
				add(labels[0])
			}
		}
	}
	return out
}

// foldName keeps the letters and digits of a name, in lower case, without "the".
func foldName(s string) string {
	var sb strings.Builder
	for _, w := range titleWords(strings.TrimPrefix(s, "@")) {
		if w != "the" || sb.Len() > 0 {
			sb.WriteString(w)
		}
	}
	return sb.String()
}

// isNameOf tells whether s is a name of the site: one of names, with or
// without a top-level domain or a word like "News", or its initials.
func isNameOf(s string, names []string) bool {
	words := titleWords(s)
	if len(words) == 0 || len(words) > 8 {
		return false
	}
	for w := words; len(w) > 1 && isDesk(w[len(w)-1]); {
		w = w[:len(w)-1]
		if bare := foldName(strings.Join(w, " ")); len(bare) > 1 && slices.Contains(names, bare) {
			return true
		}
	}
	n := foldName(s)
	initials := ""
	for _, w := range words {
		initials += string([]rune(w)[0])
	}
	for _, name := range names {
		switch {
		case n == name, len(initials) > 2 && initials == name:
			return true
		case len(n) > 3 && len(name) > 3 && (strings.HasPrefix(name, n) || strings.HasPrefix(n, name)) && len(words) <= 5:
			return true
		case len(n) > 4 && len(name) > 4 && len(words) <= 4 && (strings.Contains(n, name) || strings.HasSuffix(name, n)):
			return true
		}
	}
	return false
}

// isDesk tells whether a word is that of a desk or an edition, as in "Channel
// Nine Business".
func isDesk(w string) bool {
	switch w {
	case "news", "business", "politics", "world", "tech", "technology", "science", "opinion", "money", "sport", "sports", "international", "online", "staff", "com":
		return true
	}
	return false
}

var rxTag = regexp.MustCompile(`<[a-zA-Z/][^<>]*>`)

// stripMarkup drops tags that content systems leave in titles.
func stripMarkup(s string) string {
	if !strings.Contains(s, "<") {
		return s
	}
	return rxTag.ReplaceAllString(s, "")
}
