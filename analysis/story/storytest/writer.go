package storytest

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Writer makes articles that are new and yet sound alike: sentences in which each word follows another as it does in the
// texts that the writer was made with, stock sentences that many articles share, and names and figures of their own.
type Writer struct {
	next  map[string][]string // which words follow a word
	heads []string
	stock []string
}

// NewWriter learns from texts.
func NewWriter(texts []string) *Writer {
	w := &Writer{next: map[string][]string{}}
	for _, t := range texts {
		for p := range strings.SplitSeq(t, "\n\n") {
			words := strings.Fields(p)
			if len(words) < 8 {
				continue
			}
			w.heads = append(w.heads, words[0])
			for i := range words[1:] {
				w.next[words[i]] = append(w.next[words[i]], words[i+1])
			}
			for s := range strings.SplitAfterSeq(p, ". ") {
				if n := len(strings.Fields(s)); n > 8 && n < 30 && !strings.ContainsAny(s, "“”") {
					w.stock = append(w.stock, strings.TrimSpace(s))
				}
			}
		}
	}
	return w
}

// Article is the article with this number: about n words in paragraphs.
func (w *Writer) Article(number uint64, n int) string {
	rng := rand.New(rand.NewPCG(number, 2))
	names := make([]string, 8)
	for i := range names {
		names[i] = name(rng) + " " + name(rng)
	}
	var b strings.Builder
	for words, in := 0, 0; words < n; in++ {
		if in > 0 {
			if in%4 == 0 {
				b.WriteString("\n\n")
			} else {
				b.WriteByte(' ')
			}
		}
		s := w.sentence(rng, names)
		words += strings.Count(s, " ") + 1
		b.WriteString(s)
	}
	return b.String()
}

func (w *Writer) sentence(rng *rand.Rand, names []string) string {
	if rng.IntN(10) == 0 { // few stock sentences are used often, most seldom
		x := rng.Float64()
		return w.stock[int(x*x*x*float64(len(w.stock)))]
	}
	word := w.heads[rng.IntN(len(w.heads))]
	out := []string{word}
	for length := 10 + rng.IntN(20); len(out) < length; {
		follows := w.next[word]
		if len(follows) == 0 {
			word = w.heads[rng.IntN(len(w.heads))]
		} else {
			word = follows[rng.IntN(len(follows))]
		}
		switch rng.IntN(24) {
		case 0:
			out = append(out, names[rng.IntN(len(names))])
		case 1:
			out = append(out, fmt.Sprint(2+rng.IntN(990)))
		default:
			out = append(out, word)
		}
	}
	return strings.TrimRight(strings.Join(out, " "), ".,;:—") + "."
}

// name is an invented name.
func name(rng *rand.Rand) string {
	s := ""
	for range 2 + rng.IntN(2) {
		s += string("bdfgklmnprstvz"[rng.IntN(14)]) + string("aeiou"[rng.IntN(5)])
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// Release is a press release of a series: number and firm tell the releases apart, the form is that of all.
func Release(number, firm uint64) string {
	rng := rand.New(rand.NewPCG(number, firm+3))
	own := rand.New(rand.NewPCG(firm, 4))
	company, product := name(own)+" "+name(own), name(own)
	partner, place, chief := name(rng)+" "+name(rng), name(rng), name(own)+" "+name(own)
	return fmt.Sprintf(`%[5]s, %[2]d %[1]s today announced that it has signed an agreement with %[3]s to bring its artificial intelligence platform %[4]s to customers in %[5]s, an order worth %[6]d million dollars over %[7]d years.

Under the terms of the agreement the company will install %[8]d systems at %[3]s, the first of which are expected to enter service in the coming quarter. The work will be led from the company's office in %[5]s.

“We are delighted to welcome %[3]s to the growing family of those who trust %[4]s with their most demanding work,” said %[9]s, chief executive of %[1]s. “This is another proof of the strength of our platform and of the dedication of our people.”

Financial terms beyond those given were not disclosed. The agreement remains subject to customary conditions, and there can be no assurance that it will lead to the revenue that the parties expect from it.

%[1]s develops artificial intelligence systems for industry and government. Its platform %[4]s reads sensor data in real time and tells operators what will fail before it does. The company was founded by engineers who believed that machines should explain themselves, and it has customers on four continents. Investors can find its filings and a recording of the latest call on its website.`,
		company, 1+rng.IntN(28), partner, product, place, 1+rng.IntN(400), 2+rng.IntN(8), 3+rng.IntN(90), chief)
}
