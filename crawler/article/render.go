package article

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// isBlock tells whether an element starts and ends a line of its own.
func isBlock(a atom.Atom) bool {
	switch a {
	case atom.P, atom.Div, atom.Li, atom.Ul, atom.Ol, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6,
		atom.Br, atom.Hr, atom.Tr, atom.Td, atom.Th, atom.Table, atom.Caption, atom.Blockquote, atom.Section,
		atom.Article, atom.Main, atom.Header, atom.Footer, atom.Aside, atom.Nav, atom.Pre, atom.Figure,
		atom.Figcaption, atom.Dl, atom.Dt, atom.Dd, atom.Details, atom.Summary, atom.Address, atom.Fieldset,
		atom.Form, atom.Center, atom.Body, atom.Html:
		return true
	}
	return false
}

// isInvisible tells whether an element's text is never shown.
func isInvisible(a atom.Atom) bool {
	switch a {
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Svg, atom.Head, atom.Iframe, atom.Object,
		atom.Textarea, atom.Select, atom.Button, atom.Video, atom.Audio, atom.Canvas:
		return true
	}
	return false
}

// blocks renders a tree as its lines of text, one per block element, with
// white space folded.
func blocks(root *html.Node) []string {
	return render(root, func(*html.Node) bool { return false })
}

// render is blocks without the elements below root that skip picks.
func render(root *html.Node, skip func(*html.Node) bool) []string {
	var out []string
	var sb strings.Builder
	flush := func() {
		if s := fold(sb.String()); s != "" {
			out = append(out, s)
		}
		sb.Reset()
	}
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			sb.WriteString(n.Data)
			return
		}
		a := atomOf(n)
		if isInvisible(a) || n != root && skip(n) {
			return
		}
		block := isBlock(a)
		if block {
			flush()
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
		if block {
			flush()
		}
	}
	if root != nil {
		walk(root)
	}
	flush()
	return out
}

// atomOf is the element's atom, also for elements that a library renamed
// without setting it.
func atomOf(n *html.Node) atom.Atom {
	if n.Type != html.ElementNode {
		return 0
	}
	if n.DataAtom != 0 && n.DataAtom.String() == n.Data {
		return n.DataAtom
	}
	return atom.Lookup([]byte(n.Data))
}

// fold joins runs of white space into one blank and drops soft hyphens and
// zero-width marks that steer line breaking only.
func fold(s string) string {
	var sb strings.Builder
	sb.Grow(len(s))
	gap := false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			gap = true
		case r == '\u00AD' || r == '\u200B' || r == '\uFEFF' || r == '\u2060' || isMark(r):
		default:
			if gap && sb.Len() > 0 {
				sb.WriteByte(' ')
			}
			gap = false
			sb.WriteRune(r)
		}
	}
	return sb.String()
}
