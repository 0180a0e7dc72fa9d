package article

import (
	"encoding/json"
	"strings"
	"unicode"

	"golang.org/x/net/html"
)

// linked is what a page's JSON-LD (schema.org) says of the article.
type linked struct {
	headline            string
	authors             []string // persons, or organizations where no person is named
	published, modified string
	body                string
	site                string // name of the publisher, or of the web site
	language            string
	locked, free        bool // isAccessibleForFree is false somewhere, or true for the article
	isArticle           bool
}

// maxLD bounds the nesting that is followed in JSON-LD.
const maxLD = 12

// readLinked reads the page's JSON-LD scripts. The article is the first object
// of an article type with a headline; dates may also come from the WebPage
// around it.
func readLinked(scripts []string) linked {
	g := graph{byID: map[string]map[string]any{}}
	for _, s := range scripts {
		if v, ok := looseJSON(s); ok {
			g.collect(v, 0)
		}
	}
	var out linked
	var article map[string]any
	for _, o := range g.objects {
		if isType(o, articleType) && (article == nil || str(article["headline"]) == "" && str(o["headline"]) != "") {
			article = o
		}
	}
	if article != nil {
		out.isArticle = true
		g.readArticle(article, &out)
	}
	for _, o := range g.objects {
		g.readAround(o, &out)
	}
	return out
}

func (g graph) readArticle(o map[string]any, out *linked) {
	out.headline = firstText(o["headline"], o["name"])
	out.authors = g.names(o["author"])
	if len(out.authors) == 0 {
		out.authors = g.names(o["creator"])
	}
	out.published = firstText(o["datePublished"], o["dateCreated"], o["uploadDate"])
	out.modified = str(o["dateModified"])
	out.body = str(o["articleBody"])
	if strings.Contains(out.body, "</") {
		out.body = stripTags(out.body)
	}
	if p := g.names(o["publisher"]); len(p) > 0 {
		out.site = p[0]
	}
	out.language = str(o["inLanguage"])
	out.locked = isFalse(o["isAccessibleForFree"])
	out.free = o["isAccessibleForFree"] != nil && !out.locked
}

// readAround fills gaps from the page and site objects, and finds the paywall
// mark wherever it stands.
func (g graph) readAround(o map[string]any, out *linked) {
	switch {
	case isType(o, "WebPage"), isType(o, "ItemPage"):
		if out.published == "" {
			out.published = str(o["datePublished"])
		}
		if out.modified == "" {
			out.modified = str(o["dateModified"])
		}
		if out.language == "" {
			out.language = str(o["inLanguage"])
		}
	case isType(o, "WebSite"), isType(o, "NewsMediaOrganization"), isType(o, "Organization"):
		if out.site == "" && !isType(o, "Organization") {
			out.site = str(o["name"])
		}
	case isType(o, "WebPageElement"), isType(o, articleType):
		out.locked = out.locked || isFalse(o["isAccessibleForFree"])
	}
}

// articleType stands for every schema.org type of articles.
const articleType = "*Article"

func isType(o map[string]any, want string) bool {
	for _, t := range list(o["@type"]) {
		name := str(t)
		if i := strings.LastIndexAny(name, "/:"); i >= 0 {
			name = name[i+1:]
		}
		if want != articleType && name == want {
			return true
		}
		if want == articleType && (strings.HasSuffix(name, "Article") || strings.HasSuffix(name, "BlogPosting") || name == "Report" || name == "LiveBlogPosting" ||
			name == "SocialMediaPosting" || name == "Review" || name == "CriticReview" || name == "AnalysisNewsArticle") {
			return true
		}
	}
	return false
}

// graph is the objects of a page in the order of the source, and by their @id.
type graph struct {
	objects []map[string]any
	byID    map[string]map[string]any
}

func (g *graph) collect(v any, depth int) {
	if depth > maxLD {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			g.collect(e, depth+1)
		}
	case map[string]any:
		if len(list(v["@type"])) > 0 {
			g.objects = append(g.objects, v)
			if id := str(v["@id"]); id != "" && (g.byID[id] == nil || len(v) > len(g.byID[id])) {
				g.byID[id] = v
			}
		}
		for _, k := range [...]string{"@graph", "mainEntity", "mainEntityOfPage", "hasPart", "isPartOf", "author", "publisher", "itemListElement", "about"} {
			if k == "itemListElement" || k == "about" {
				continue // lists of other stories
			}
			g.collect(v[k], depth+1)
		}
	}
}

// names reads persons and organizations in any of the ways publishers write
// them. Organizations count only where no person is named.
func (g graph) names(v any) []string {
	var persons, others []string
	for _, e := range list(v) {
		switch e := e.(type) {
		case string:
			persons = append(persons, e)
		case map[string]any:
			if full := g.byID[str(e["@id"])]; full != nil && e["name"] == nil {
				e = full
			}
			for _, n := range list(e["name"]) {
				if isType(e, "Organization") || isType(e, "NewsMediaOrganization") {
					others = append(others, str(n))
				} else {
					persons = append(persons, str(n))
				}
			}
		}
	}
	if len(persons) > 0 {
		return persons
	}
	return others
}

// looseJSON decodes JSON with the faults that content systems put into it:
// comment and CDATA wrappers, raw line breaks in strings, trailing commas and
// semicolons, HTML entities.
func looseJSON(s string) (any, bool) {
	s = strings.TrimSpace(s)
	for _, cut := range [...]string{"<!--", "-->", "//<![CDATA[", "//]]>", "<![CDATA[", "]]>"} {
		s = strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(s, cut), cut))
	}
	s = strings.TrimRight(s, "; \n\t")
	var v any
	if json.Unmarshal([]byte(s), &v) == nil {
		return v, true
	}
	s = mendJSON(s)
	if json.Unmarshal([]byte(s), &v) == nil {
		return v, true
	}
	if strings.Contains(s, "&quot;") && json.Unmarshal([]byte(html.UnescapeString(s)), &v) == nil {
		return v, true
	}
	return nil, false
}

// mendJSON blanks control characters and drops commas before a closing bracket.
func mendJSON(s string) string {
	out := make([]byte, 0, len(s))
	inString, escaped := false, false
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c < 0x20:
			c = ' '
		case escaped:
			escaped = false
			out = append(out, c)
			continue
		case c == '\\' && inString:
			escaped = true
		case c == '"':
			inString = !inString
		case (c == '}' || c == ']') && !inString:
			j := len(out)
			for j > 0 && out[j-1] == ' ' {
				j--
			}
			if j > 0 && out[j-1] == ',' {
				out = out[:j-1]
			}
		}
		out = append(out, c)
	}
	return string(out)
}

func list(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{v}
}

// str gives a string value, or that of the first element or @value.
func str(v any) string {
	switch v := v.(type) {
	case string:
		return strings.TrimFunc(html.UnescapeString(v), unicode.IsSpace)
	case []any:
		if len(v) > 0 {
			return str(v[0])
		}
	case map[string]any:
		if s := str(v["@value"]); s != "" {
			return s
		}
		return str(v["name"])
	}
	return ""
}

func firstText(values ...any) string {
	for _, v := range values {
		if s := str(v); s != "" {
			return s
		}
	}
	return ""
}

func isFalse(v any) bool {
	switch v := v.(type) {
	case bool:
		return !v
	case string:
		return strings.EqualFold(v, "false") || strings.HasSuffix(v, "/False")
	}
	return false
}

// stripTags renders an HTML fragment as paragraphs.
func stripTags(s string) string {
	doc, err := html.Parse(strings.NewReader(s))
	if err != nil {
		return s
	}
	return strings.Join(blocks(doc), "\n\n")
}
