package text

// Quote is one quotation.
type Quote struct {
	// First is its opening mark, or its first token where the mark is missing;
	// Last is one past its closing mark. Doc.Tokens[First:Last] is all of it.
	First, Last int
	// Depth is 0 for a quotation of the article, 1 for one inside that, …
	Depth int
	// Open says that the closing mark is missing, as at the end of a paragraph
	// of a speech that goes on in the next; Headless that the opening one is.
	Open, Headless bool
	// Continues says that the quotation carries on the one before it, from the
	// paragraph above.
	Continues bool
}

// pairQuotes pairs quotation marks. A quotation ends with its paragraph at the
// latest; where it stays open there and the next paragraph opens with a mark,
// the next quotation continues it. An odd number of marks spoils no more than
// its paragraph.
func pairQuotes(d *Doc) []Quote {
	var quotes []Quote
	carried := false
	tok := 0
	for _, p := range d.Paragraphs {
		first := tok
		for tok < len(d.Tokens) && d.Tokens[tok].Start < p.End {
			tok++
		}
		from := len(quotes)
		quotes = pairParagraph(d, quotes, first, tok)
		if len(quotes) == from {
			carried = false
			continue
		}
		if carried && quotes[from].First == first {
			quotes[from].Continues = true
		}
		carried = false
		for _, q := range quotes[from:] {
			carried = carried || q.Open && q.Depth == 0
		}
	}
	return quotes
}

// pairParagraph pairs the marks among tokens [first, last), by a stack of the
// quotations that are open.
func pairParagraph(d *Doc, quotes []Quote, first, last int) []Quote {
	type open struct {
		index  int
		double bool
	}
	var stack []open
	base := len(quotes)
	// A single mark that closes nothing is an apostrophe: the companies' race.
	lone := func(i int) {
		if !isDouble(d.Text(i)) {
			d.Tokens[i].Kind = Symbol
		}
	}
	for i := first; i < last; i++ {
		k := d.Tokens[i].Kind
		if k != Open && k != Close {
			continue
		}
		double := isDouble(d.Text(i))
		if k == Open && d.Text(i) == `"` && len(stack) > 0 && stack[len(stack)-1].double && d.Text(quotes[stack[len(stack)-1].index].First) == `"` {
			// A straight mark in front of a word inside an open straight
			// quotation: the open one was never closed, or this closes it.
			k = Close
			if i > first && d.Tokens[i].Start > d.Tokens[i-1].End {
				quotes[stack[len(stack)-1].index].Last = i
				stack = stack[:len(stack)-1]
				k = Open
			}
		}
		if k == Open {
			quotes = append(quotes, Quote{First: i, Last: last, Depth: len(stack), Open: true})
			stack = append(stack, open{len(quotes) - 1, double})
			continue
		}
		at := -1
		for s := len(stack) - 1; s >= 0; s-- {
			if stack[s].double == double {
				at = s
				break
			}
		}
		switch {
		case at >= 0 && (double || !d.possessive(i, last)):
			quotes[stack[at].index].Last = i + 1
			quotes[stack[at].index].Open = false
			for _, inner := range stack[at+1:] {
				quotes[inner.index].Last = i
			}
			stack = stack[:at]
		case at < 0 && double && len(stack) == 0 && len(quotes) == base && (d.Text(i) != `"` || i > first && d.ended(i-1)):
			quotes = append(quotes, Quote{First: first, Last: i + 1, Headless: true})
		default:
			lone(i)
		}
	}
	return quotes
}

func isDouble(mark string) bool {
	switch mark {
	case "'", "‘", "’", "‚", "\u201b", "`":
		return false
	}
	return true
}

// ended says that token i is a mark at which an utterance closes.
func (d *Doc) ended(i int) bool {
	return d.Tokens[i].Kind == Stop || d.Text(i) == ","
}

// possessive says that the single mark at i ends a plural possessive inside a
// quotation whose end is still to come: ‘the companies’ race’.
func (d *Doc) possessive(i, last int) bool {
	if i == 0 || d.Tokens[i-1].Kind != Word || d.Tokens[i-1].End != d.Tokens[i].Start || d.Source[d.Tokens[i].Start-1] != 's' {
		return false
	}
	if i+1 >= last || d.Tokens[i+1].Kind != Word || d.Tokens[i+1].Start == d.Tokens[i].End {
		return false
	}
	for j := i + 1; j < last; j++ {
		if d.Tokens[j].Kind == Close && !isDouble(d.Text(j)) {
			return true
		}
		if d.Tokens[j].Kind == Open {
			return false
		}
	}
	return false
}
