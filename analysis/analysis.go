// Package analysis codes articles with a codebook: a [Document] flows in, its
// [Mention]s flow out, each one use of one frame in one sentence, with who
// voices it and what stance that voice takes. [Sync] does so for whatever a
// [Corpus] holds that is stale. Nothing here reads files or the network.
package analysis

// Engine is the version of the coding engine. It is part of the key under which
// results are stored: raise it, and say why below, whenever the same codebook
// can give another result for the same text.
//
//	1  first version
//	2  stance: denials, corrections, rejections, belittling nouns, motives, questions and what is only told, each with
//	   its scope, in the sentences beside too; voice: turns in capitals, idioms of rejection, insertions, relative clauses
const Engine = 2

// Document is an article to be coded.
type Document struct {
	ID int64 // the caller's own, passed through
	// Title is the headline, coded as paragraph 0.
	Title string
	// Text is the body; one or more newlines part its paragraphs.
	Text string
	// Language is an ISO 639-1 code; "" counts as English.
	Language string
	// TextHash is the caller's key of the text, passed through.
	TextHash string
	// Topic overrides the codebook's topic gate; nil lets the gate decide.
	Topic *Topic
}

// Topic says what a document is about under the codebook's gate.
type Topic struct {
	AboutAI, NamesUS, NamesChina bool
	// Relevant documents are coded: in English, about AI and naming the U.S. or
	// China, or about AI alone if the gate asks for no more, or any in English
	// when the gate is off.
	Relevant bool
	// Reason is why a document is not relevant: "language", "ai" or "nation";
	// "" for one that is.
	Reason string
}

// Section is the part of the article that holds a mention.
type Section string

// The sections. The lead is the first fifth of the body's sentences, at least two.
const (
	Headline Section = "headline"
	Lead     Section = "lead"
	Body     Section = "body"
)

// Stance is the position of the voice towards the frame.
type Stance string

// The stances: the voice uses the frame as a fair description or argues from
// it; rejects or doubts the framing; or tells it as what others say.
const (
	Asserts  Stance = "asserts"
	Contests Stance = "contests"
	Reports  Stance = "reports"
)

// Voice tells the outlet's own narration from the speech of somebody else.
type Voice string

// The voices.
const (
	Author Voice = "author"
	Quoted Voice = "speaker"
)

// Speaker is who speaks. All fields are "" for the author and, as far as the
// text does not tell, for a speaker.
type Speaker struct {
	// Name is the fullest name that the article gives, or the description of an
	// unnamed source.
	Name        string
	Affiliation string
	Role        string
	// Country is an ISO 3166 code, from a gazetteer.
	Country string
}

// Mention is one use of one frame in one sentence. All offsets are bytes, on
// rune boundaries, into Document.Title for the headline and Document.Text
// otherwise.
type Mention struct {
	Frame   string
	Section Section
	// Paragraph is 0 for the headline and counts the body's paragraphs from 1.
	Paragraph          int
	Start, End         int // of Trigger
	SentStart, SentEnd int // of Sentence
	Trigger, Sentence  string
	Stance             Stance
	Voice              Voice
	Speaker            Speaker
	// Rule is the codebook rule that recognized the frame, as frame/rule.
	Rule string
	// StanceRule and VoiceRule name the decisions behind Stance and Voice.
	StanceRule, VoiceRule string
	// CueStart and CueEnd span the words that decided the stance; both 0 if the
	// stance is the default.
	CueStart, CueEnd int
	// Attributes holds what the codebook's attributes found, nil if nothing.
	Attributes map[string]string
}
