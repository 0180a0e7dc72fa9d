package pattern

import "strings"

// Inflect returns a word and its regular or, where it has any, irregular
// inflections as verb and noun, without repeats: the word first.
func Inflect(w string) []string {
	out := []string{w}
	add := func(forms ...string) {
		for _, f := range forms {
			known := false
			for _, o := range out {
				known = known || o == f
			}
			if !known {
				out = append(out, f)
			}
		}
	}
	add(sForm(w), ingForm(w))
	if past, ok := irregular(w); ok {
		add(strings.Fields(past)...)
	} else {
		add(edForm(w))
	}
	return out
}

func sForm(w string) string {
	switch {
	case endsAny(w, "s", "x", "z", "ch", "sh"):
		return w + "es"
	case consonantY(w):
		return w[:len(w)-1] + "ies"
	}
	return w + "s"
}

func ingForm(w string) string {
	switch {
	case strings.HasSuffix(w, "ie"):
		return w[:len(w)-2] + "ying"
	case strings.HasSuffix(w, "e") && !endsAny(w, "ee", "oe", "ye"):
		return w[:len(w)-1] + "ing"
	case doubles(w):
		return w + w[len(w)-1:] + "ing"
	}
	return w + "ing"
}

func edForm(w string) string {
	switch {
	case strings.HasSuffix(w, "e"):
		return w + "d"
	case consonantY(w):
		return w[:len(w)-1] + "ied"
	case doubles(w):
		return w + w[len(w)-1:] + "ed"
	}
	return w + "ed"
}

func endsAny(w string, ends ...string) bool {
	for _, e := range ends {
		if strings.HasSuffix(w, e) {
			return true
		}
	}
	return false
}

func consonantY(w string) bool {
	return len(w) > 1 && w[len(w)-1] == 'y' && !vowel(w[len(w)-2])
}

func vowel(c byte) bool { return strings.IndexByte("aeiou", c) >= 0 }

// doubles says that the last consonant is doubled: words of one syllable that
// end in one vowel and one consonant, and a few longer ones.
func doubles(w string) bool {
	switch w {
	case "outrun", "distil", "upset", "begin", "forget", "admit", "commit", "permit", "submit", "refer", "prefer", "rebut", "overrun", "outbid":
		return true
	}
	n := len(w)
	if n < 3 || vowel(w[n-1]) || strings.IndexByte("wxy", w[n-1]) >= 0 || !vowel(w[n-2]) || vowel(w[n-3]) {
		return false
	}
	vowels := 0
	for i := range n {
		if vowel(w[i]) {
			vowels++
		}
	}
	return vowels == 1
}

// irregular returns the past forms of an irregular verb, or the plural of an
// irregular noun.
func irregular(w string) (string, bool) {
	forms, ok := "", true
	switch w {
	case "be":
		forms = "am is are was were been"
	case "beat":
		forms = "beat beaten"
	case "become":
		forms = "became become"
	case "begin":
		forms = "began begun"
	case "break":
		forms = "broke broken"
	case "bring":
		forms = "brought"
	case "build":
		forms = "built"
	case "buy":
		forms = "bought"
	case "catch":
		forms = "caught"
	case "come":
		forms = "came come"
	case "cut", "put", "set", "let", "hit", "outbid":
		forms = w
	case "do":
		forms = "does did done"
	case "draw":
		forms = "drew drawn"
	case "fall":
		forms = "fell fallen"
	case "feel":
		forms = "felt"
	case "fight":
		forms = "fought"
	case "find":
		forms = "found"
	case "get":
		forms = "got gotten"
	case "give":
		forms = "gave given"
	case "go":
		forms = "goes went gone"
	case "grow":
		forms = "grew grown"
	case "have":
		forms = "has had having"
	case "hold":
		forms = "held"
	case "keep":
		forms = "kept"
	case "know":
		forms = "knew known"
	case "lead":
		forms = "led"
	case "leave":
		forms = "left"
	case "lose":
		forms = "lost"
	case "make":
		forms = "made"
	case "meet":
		forms = "met"
	case "outdo":
		forms = "outdoes outdid outdone"
	case "outrun", "run", "overrun":
		forms = strings.TrimSuffix(w, "run") + "ran"
	case "overtake", "take":
		forms = strings.TrimSuffix(w, "take") + "took " + w + "n"
	case "pay":
		forms = "paid"
	case "rise":
		forms = "rose risen"
	case "say":
		forms = "said"
	case "see":
		forms = "saw seen"
	case "sell":
		forms = "sold"
	case "send":
		forms = "sent"
	case "shake":
		forms = "shook shaken"
	case "sit":
		forms = "sat"
	case "speak":
		forms = "spoke spoken"
	case "stand":
		forms = "stood"
	case "steal":
		forms = "stole stolen"
	case "strike":
		forms = "struck"
	case "swear":
		forms = "swore sworn"
	case "teach":
		forms = "taught"
	case "tell":
		forms = "told"
	case "think":
		forms = "thought"
	case "throw":
		forms = "threw thrown"
	case "tear":
		forms = "tore torn"
	case "understand":
		forms = "understood"
	case "win":
		forms = "won"
	case "wake":
		forms = "woke woken waked"
	case "write":
		forms = "wrote written"
	default:
		ok = false
	}
	return forms, ok
}
