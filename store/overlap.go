package store

import (
	"hash/fnv"
	"strings"
	"unicode"
)

// Shares of three-word sequences from which two texts count as one article: in an import that gives one address to both,
// and in a crawl where only the page's own word joins two addresses, which must be copies (print, mobile, AMP, moved).
const (
	sameAddress = 0.5
	sameCopy    = 0.8
)

// minCopy is the number of distinct three-word sequences below which a text says too little to be known as a copy by its
// title alone.
const minCopy = 30

// overlap is the share of the shorter text's distinct three-word sequences that the longer one has, 0 to 1. It compares
// words without case and punctuation; texts of fewer than three words overlap if they are equal.
func overlap(a, b string) float64 {
	x, y := shingles(a), shingles(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(x) == 0 {
		if strings.TrimSpace(a) == strings.TrimSpace(b) {
			return 1
		}
		return 0
	}
	common := 0
	for s := range x {
		if _, ok := y[s]; ok {
			common++
		}
	}
	return float64(common) / float64(len(x))
}

func shingles(text string) map[uint64]struct{} {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
	set := make(map[uint64]struct{}, len(words))
	for i := 0; i+3 <= len(words); i++ {
		h := fnv.New64a()
		for _, w := range words[i : i+3] {
			h.Write([]byte(w))
			h.Write([]byte{0})
		}
		set[h.Sum64()] = struct{}{}
	}
	return set
}
