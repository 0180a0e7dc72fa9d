package article

import (
	"strings"

	"github.com/RadhiFadlillah/whatlanggo"
)

// detectable is the length in bytes from which a guess about the language of
// a text is worth more than what the page says of itself, and sample how much
// of a longer text is looked at.
const (
	detectable = 200
	sample     = 4000
)

// languageOf is the ISO 639-1 code of the text: as detected where the text is
// long enough to tell, else as declared. found is what an extractor detected,
// "" if unknown; where the page declares the same, that settles it.
func (f *facts) languageOf(text, found string) string {
	declared := ""
	for _, s := range [...]string{f.lang, f.linked.language, f.first("og:locale"), f.first("content-language", "language", "dc.language")} {
		if code := langCode(s); code != "" {
			declared = code
			break
		}
	}
	if declared != "" && (declared == found || len(text) < detectable) {
		return declared
	}
	if len(text) > sample {
		text = strings.ToValidUTF8(text[:sample], "")
	}
	info := whatlanggo.Detect(text)
	code := info.Lang.Iso6391()
	if code == "" || declared != "" && !info.IsReliable() {
		return declared
	}
	return code
}

// langCode reads "en", "en-US" or "en_GB".
func langCode(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	if i := strings.IndexAny(s, "-_,; "); i >= 0 {
		s = s[:i]
	}
	if len(s) != 2 {
		return ""
	}
	return s
}
