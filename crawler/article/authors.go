package article

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

var (
	rxBy        = regexp.MustCompile(`(?i)^(?:(?:[\pL-]+\s){0,2}by\b:?|(?:von|par|por|di|door|av|af)\b:?|authors?:?|written:|from:|text:|autor(?:in|en)?:|auteurs?:|autore:|текст:|автор:)\s*`)
	rxByAnyhow  = regexp.MustCompile(`(?i)\bby:?\s+(\pL.{2,150})$`)
	rxNameCut   = regexp.MustCompile(`(?i)\s*(?:[;|•·/\n]|\s[–—-]\s|,? and |,? & | und | et | y |,? with )\s*`)
	rxNameTail  = regexp.MustCompile(`(?i)\s+(?:(?:for|of|in|at|on|from|via|reports?|is|was|writes?|für|aus)\s.*|\d.*|(?:published|updated|posted|last|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b.*)$`)
	rxBrackets  = regexp.MustCompile(`\s*[(\[{<][^)\]}>]*[)\]}>]?`)
	rxAddress   = regexp.MustCompile(`\S+@\S+|@\S+|https?://\S+|www\.\S+`)
	rxDegree    = regexp.MustCompile(`(?i)^(?:ph\.?\s?d|d\.?phil|m\.?d|j\.?d|ll\.?m|m\.?a|b\.?a|m\.?sc?|b\.?sc?|mba|mph|mpp|msw|esq|cpa|rnd?|rdn?|cfa|cfp|facs|frs|obe|mbe|cbe)\.?$`)
	rxSuffix    = regexp.MustCompile(`(?i)^(?:jr|sr|ii|iii|iv)\.?$`)
	rxOther     = regexp.MustCompile(`(?i)^(?:(?:photo\w*|pictures?|images?|illustrations?|video|graphics?|editing|edited|translat\w+|additional reporting|fact-check\w*)\b.*|(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.? \d.*)$`)
	rxJunior    = regexp.MustCompile(`\s[JS]r\.$`)
	rxOwnName   = regexp.MustCompile(`^(?i:von|par|por|di|door|av|af)\b`)
	rxHonorific = regexp.MustCompile(`^(?:Mr|Mrs|Ms|Dr|Prof|Professor)\.?\s+`)
)

// authors is who wrote the article. Structured statements come first, then the
// byline printed nearest to the headline.
func (f *facts) authors(names []string) []string {
	for _, stated := range [][]string{
		f.linked.authors,
		f.meta["parsely-author"], f.meta["sailthru.author"], f.meta["byl"], f.meta["citation_author"], f.meta["dc.creator"], f.meta["dc:creator"], f.meta["dcterms.creator"],
		f.meta["author"], f.meta["article:author"], f.meta["article:author_name"], f.meta["authors"], f.meta["dc.creator.aut"], f.writtenBy(),
	} {
		if out := cleanAuthors(stated, names); len(out) > 0 {
			return out
		}
	}
	return f.printedAuthors(names)
}

// writtenBy reads the labeled facts that WordPress states for link previews.
func (f *facts) writtenBy() []string {
	for _, n := range [...]string{"1", "2"} {
		if strings.EqualFold(f.first("twitter:label"+n), "written by") {
			return f.meta["twitter:data"+n]
		}
	}
	return nil
}

// printedAuthors reads the byline elements, those right after the headline
// before others and plain ones before vague ones.
func (f *facts) printedAuthors(names []string) []string {
	title := 0
	if len(f.headings) > 0 {
		title = f.headings[0].at
	}
	var best []string
	bestCost := 1 << 30
	for _, s := range f.bylines {
		if s.place&(inSide|inComment|isHidden) != 0 || s.place&inPromo != 0 && s.rank > 1 {
			continue
		}
		cost := s.at - title
		if cost < 0 {
			cost = 200 - 4*cost
		}
		cost += 60 * s.rank
		if cost >= bestCost {
			continue
		}
		if out := namesIn(s.node, names); len(out) > 0 && (s.rank == 1 || isFullName(out[0])) {
			best, bestCost = out, cost
		}
	}
	return best
}

// isFullName tells whether a name has more than one part, or is written in a
// script that does not part names.
func isFullName(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return strings.Contains(s, " ") || unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana)
}

// namesIn reads the names in a byline element: those marked up as names or
// linked, or else its text.
func namesIn(n *html.Node, site []string) []string {
	text := lineText(n)
	if utf8.RuneCountInString(text) > 300 {
		return nil
	}
	var marked []string
	var walk func(*html.Node)
	walk = func(c *html.Node) {
		if c.Type == html.ElementNode {
			prop := attr(c, "itemprop")
			if prop == "name" || c.DataAtom == atom.A && prop == "" {
				marked = append(marked, lineText(c))
				return
			}
		}
		for k := c.FirstChild; k != nil; k = k.NextSibling {
			walk(k)
		}
	}
	walk(n)
	if out := cleanAuthors(marked, site); len(out) > 0 {
		return out
	}
	if m := rxByAnyhow.FindStringSubmatch(text); m != nil {
		text = m[1]
	}
	return cleanAuthors([]string{text}, site)
}

// cleanAuthors turns statements such as "By Ann Lee and BO EK, Staff Writers"
// into names, each once.
func cleanAuthors(stated, site []string) []string {
	var out []string
	seen := map[string]bool{}
	reversed := len(stated) > 0
	for _, s := range stated {
		reversed = reversed && isReversed(s)
	}
	for _, s := range stated {
		if reversed {
			last, first, _ := strings.Cut(s, ",")
			s = strings.TrimSpace(first) + " " + last
		}
		for _, n := range splitNames(s) {
			n = cleanName(n)
			key := strings.ToLower(n)
			if n != "" && !seen[key] && !isNameOf(n, site) && !isRole(n) {
				seen[key] = true
				out = append(out, n)
			}
		}
	}
	return out
}

// isReversed tells whether s is one name with the surname first: "Lee, Ann".
func isReversed(s string) bool {
	last, first, ok := strings.Cut(s, ",")
	first = strings.TrimSpace(first)
	n := len(strings.Fields(first))
	return ok && len(strings.Fields(last)) == 1 && (n == 1 || n == 2) && !strings.Contains(first, ",") &&
		!rxSuffix.MatchString(first) && !rxDegree.MatchString(first) && !isRole(first)
}

// splitNames parts a byline into candidates.
func splitNames(s string) []string {
	s = fold(stripMarkup(html.UnescapeString(s)))
	s = strings.TrimSpace(rxAddress.ReplaceAllString(s, " "))
	if rxOther.MatchString(s) {
		return nil
	}
	s = cutBy(rxBrackets.ReplaceAllString(s, ""))
	var out []string
	for _, part := range rxNameCut.Split(s, -1) {
		if rxOther.MatchString(part) {
			continue
		}
		for i, p := range strings.Split(part, ",") {
			p = strings.TrimSpace(p)
			switch {
			case rxSuffix.MatchString(p) && len(out) > 0 && i > 0:
				out[len(out)-1] += " " + p
			case !rxDegree.MatchString(p):
				out = append(out, p)
			}
		}
	}
	return out
}

// cutBy drops the words that introduce a name, however many there are. Those
// of other languages may be names themselves: "Di Hale" stays whole.
func cutBy(s string) string {
	for {
		cut := rxBy.ReplaceAllString(s, "")
		if cut == s || rxOwnName.MatchString(s) && len(strings.Fields(cut)) < 2 {
			return s
		}
		s = cut
	}
}

// cleanName gives the name in s, "" if there is none.
func cleanName(s string) string {
	s = cutBy(strings.TrimSpace(s))
	s = rxNameTail.ReplaceAllString(s, "")
	s = rxHonorific.ReplaceAllString(s, "")
	junior := rxJunior.MatchString(s)
	s = strings.Trim(s, " ,.;:-–—|*•\"“”'’‘_~")
	if junior {
		s += "."
	}
	words := strings.Fields(s)
	if len(words) == 0 || len(words) > 6 || utf8.RuneCountInString(s) > 60 || utf8.RuneCountInString(s) < 3 {
		return ""
	}
	letters := 0
	for _, r := range s {
		switch {
		case unicode.IsLetter(r) || unicode.IsMark(r):
			letters++
		case unicode.IsDigit(r) || strings.ContainsRune("?!=%#$+<>{}\\", r):
			return ""
		}
	}
	first, _ := utf8.DecodeRuneInString(words[len(words)-1])
	if letters < 3 || len(words) > 1 && unicode.IsLower(first) && s != strings.ToLower(s) {
		return ""
	}
	if strings.ContainsAny(s, " ") && (s == strings.ToUpper(s) || s == strings.ToLower(s)) {
		s = nameCase(s)
	}
	return s
}

// nameCase writes a name that is all capitals or all small as names are.
func nameCase(s string) string {
	start := true
	return strings.Map(func(r rune) rune {
		out := unicode.ToLower(r)
		if start {
			out = unicode.ToUpper(r)
		}
		start = !unicode.IsLetter(r)
		return out
	}, s)
}

// isRole tells whether a part of a byline is an office, a desk or an account
// rather than a person.
func isRole(s string) bool {
	if strings.EqualFold(s, "editorial") {
		return true
	}
	if isAgency(s) {
		return false
	}
	for _, w := range titleWords(s) {
		if strings.HasSuffix(w, "admin") {
			return true
		}
		switch w {
		case "staff", "writer", "writers", "editor", "editors", "reporter", "reporters", "correspondent", "correspondents", "columnist", "contributor",
			"contributors", "admin", "administrator", "newsroom", "desk", "webmaster", "redaktion", "redacción", "redazione", "rédaction", "team",
			"producer", "photographer", "analyst", "director", "professor", "fellow", "journalist", "bureau", "chief", "senior", "associate",
			"guest", "unknown", "anonymous", "null", "undefined", "author", "authors", "news", "press", "magazine", "newspaper", "media", "agency", "agencies", "wires", "services", "reports",
			"updated", "published", "minutes", "facebook", "twitter", "comments", "subscribe", "follow", "profile", "posts", "contributing", "freelance", "department", "office", "january", "february", "september", "october", "november", "december":
			return true
		}
	}
	return false
}

// isAgency tells whether a name is that of a news agency, which signs articles
// as a person does.
func isAgency(s string) bool {
	switch strings.TrimPrefix(strings.ToLower(s), "the ") {
	case "associated press", "canadian press", "press association", "pa media", "press trust of india", "agence france-presse", "bloomberg news",
		"reuters", "afp", "dpa", "xinhua", "xinhua news agency", "kyodo news", "yonhap news agency", "anadolu agency", "tass":
		return true
	}
	return false
}

// byline reads the author from a line such as "By Ann Lee" that stands alone
// above the first paragraph kept, for pages that mark it up in no way.
func (t *tree) byline(keep []bool, site []string) []string {
	for i, seen := 0, 0; i < len(t.blocks) && seen < 2; i++ {
		b := &t.blocks[i]
		if b.size <= bylineSize && b.place&(inSide|inComment|inPromo|isHidden) == 0 && rxByline.MatchString(b.text) && !endsSentence(b.text) {
			if out := cleanAuthors([]string{b.text}, site); len(out) > 0 && !strings.HasPrefix(out[0], "The ") {
				return out
			}
		}
		if keep[i] && b.size > bylineSize {
			seen++
		}
	}
	return nil
}
