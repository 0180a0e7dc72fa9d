package voice

import (
	"math/rand/v2"
	"strings"
	"testing"

	"framewatch/analysis/text"
)

// read gives the voice at the first place of a word in a text.
func read(t *testing.T, title, src, word string) Reading {
	t.Helper()
	lex, err := NewLexicon()
	if err != nil {
		t.Fatal(err)
	}
	at := strings.Index(src, word)
	if at < 0 {
		t.Fatalf("%q is not in %q", word, src)
	}
	d := text.Parse(src)
	for i, tok := range d.Tokens {
		if tok.Start <= at && at < tok.End {
			head := text.ParseLine(title)
			return NewReader(lex, &text.Tagger{}, d, head, head).At(i)
		}
	}
	t.Fatalf("no token at %d of %q", at, src)
	return Reading{}
}

func TestVoices(t *testing.T) {
	const author = "(author)"
	tests := []struct{ name, src, want string }{
		{"narration", "The RACE goes on.", author},
		{"behind the quotation", "“It is a RACE,” said Mei Tan.", "Mei Tan"},
		{"subject first", "“It is a RACE,” Mei Tan said.", "Mei Tan"},
		{"before the quotation", "Mei Tan said: “It is a RACE.”", "Mei Tan"},
		{"straight marks", "\"It is a RACE,\" said Mei Tan.", "Mei Tan"},
		{"name and colon", "Mei Tan: “It is a RACE.”", "Mei Tan"},
		{"name behind a dash", "“It is a RACE for us all.” — Mei Tan", "Mei Tan"},
		{"second piece", "“It is on,” said Mei Tan. “It is a RACE.”", "Mei Tan"},
		{"next paragraph", "“It is on,” said Mei Tan.\n\n“It is a RACE we lose,” she added.", "Mei Tan"},
		{"carried on", "“It is on,” said Mei Tan. “It goes on.\n\n“It is a RACE.”", "Mei Tan"},
		{"another speaker", "“It is on,” said Mei Tan. Paul Weber said: “It is a RACE.”", "Paul Weber"},
		{"nobody named", "“It is a RACE we cannot win.” The hall was silent.", ""},
		{"indirect", "Mei Tan said that it was a RACE.", "Mei Tan"},
		{"trailing", "It was a RACE, Mei Tan said.", "Mei Tan"},
		{"parenthetical", "The RACE, Mei Tan said, was lost.", "Mei Tan"},
		{"listener behind the verb", "It was a RACE, the admiral warned the cadets.", "the admiral"},
		{"surname to full name", "Mei Tan runs a lab. It was a RACE, Tan said.", "Mei Tan"},
		{"pronoun", "Mei Tan runs a lab. She said that it was a RACE.", "Mei Tan"},
		{"appositive behind", "Mei Tan, head of a lab in Boston, said that it was a RACE.", "Mei Tan"},
		{"appositive is the name", "The minister, Mei Tan, said that it was a RACE.", "Mei Tan"},
		{"relative clause", "Mei Tan, who runs a lab, said that it was a RACE.", "Mei Tan"},
		{"title and name", "Senator Paula Dean said that it was a RACE.", "Paula Dean"},
		{"long title", "Secretary of Energy Ada Wright said that it was a RACE.", "Ada Wright"},
		{"according to", "It was a RACE, according to Mei Tan.", "Mei Tan"},
		{"in the view of", "In the view of Corvid Research, it was a RACE.", "Corvid Research"},
		{"as said", "As the Daily Ledger noted, it was a RACE.", "the Daily Ledger"},
		{"unnamed official", "A White House official said that it was a RACE.", "A White House official"},
		{"bare plural", "Investors called it a RACE.", "Investors"},
		{"holder of a belief", "Officials in Berlin fear a RACE.", "Officials in Berlin"},
		{"attitude", "Officials in Berlin are worried that it is a RACE.", "Officials in Berlin"},
		{"belief noun", "Concern among lawmakers that it is a RACE has grown.", "lawmakers"},
		{"report by a person", "Tan’s report says that it is a RACE.", "Tan"},
		{"idiom", "The chairman raised concerns that it was a RACE.", "The chairman"},
		{"participle", "The chairman left the room, warning of a RACE.", "The chairman"},
		{"coordinate", "Mei Tan laughed and said it was a RACE.", "Mei Tan"},
		{"inner source", "Mei Tan said that investors called it a RACE.", "investors"},
		{"whatever they say", "It is a RACE, whatever the posters say.", author},
		{"duty to say", "The minister must say that it is a RACE.", author},
		{"noun, not verb", "The report on claims of a RACE is out.", author},
		{"presupposed", "Tan described the RACE with them as a lark.", author},
		{"named", "Tan described the thing as a RACE.", "Tan"},
		{"clause of time", "Since Tan said so, the RACE has slowed.", author},
		{"first person", "I think it is a RACE.", author},
		{"a plan's ambition", "The plan has nine points. It calls for a RACE.", author},
		{"what a report calls for", "The report has nine points. It calls for a RACE.", "The report"},
		{"what somebody calls for next", "The harbor board said so. It also calls for a RACE.", "The harbor board"},
		{"metaphor", "The tide metaphor is old. It tells us that it is a RACE.", author},
		{"what figures show", "The figures suggest that it is a RACE.", author},
		{"signatories who warn", "Nine countries signed a letter that warns of a RACE.", "Nine countries"},
		{"passive with a clause", "I’m told that it is a RACE.", author},
		{"inserted behind an opening", "Instead of a RACE, Mei Tan said, it is a walk.", "Mei Tan"},
		{"author goes on behind a relative clause", "Mei Tan, who once warned of fog, is in the RACE.", author},
		{"author goes on behind the speaker", "“Fine,” said Mei Tan, and went back to the RACE.", author},
		{"no patience", "Mei Tan has no patience with talk of a RACE.", "Mei Tan"},
		{"took issue", "Mei Tan took issue with the word RACE.", "Mei Tan"},
		{"what a person wants", "Senator Mei Tan wants a RACE.", "Mei Tan"},
		{"what a country wants", "Norway wants a RACE.", author},
		{"in her telling", "Mei Tan sat down. In her telling, it is a RACE.", "Mei Tan"},
		{"as she sees it", "As Mei Tan sees it, the RACE is on.", "Mei Tan"},
		{"verdict and colon", "Mei Tan’s verdict: the RACE is on.", "Mei Tan"},
		{"how she describes it", "A RACE is how Mei Tan describes it.", "Mei Tan"},
		{"turn within a paragraph", "HOST: Who leads? DR. TAN: It is a RACE.", "TAN"},
		{"turn in the record", "Mr. CARDOSO. I thank you. It is a RACE. Ms. BELL. I yield.", "Cardoso"},
		{"interviewer", "HOST: Is it a RACE? DR. TAN: It is.", author},
		{"title of a work", "The board released “A RACE for Tomorrow”.", author},
		{"initials", "What Minister M.T. Tan has called luck, is in truth a RACE.", author},
		{"abbreviated title", "“It is a RACE,” said Rep. Mei Tan-Weber.", "Mei Tan-Weber"},
		{"abbreviated title in front", "“It is a RACE,” Sen. Mei Tan told reporters.", "Mei Tan"},
		{"two abbreviated titles", "It is a RACE, Lt. Gen. Mei Tan told a panel.", "Mei Tan"},
		{"abbreviated secretary", "“It is a RACE,” said Sec. Mei Tan.", "Mei Tan"},
		{"initial", "“It is a RACE,” said Gov. Mei R. Tan.", "Mei R. Tan"},
		{"office under another", "“It is a RACE,” said Under Secretary Mei Tan.", "Mei Tan"},
		{"retired", "“It is a RACE,” said retired Rear Admiral Mei Tan, who farms.", "Mei Tan"},
		{"name behind the description", "“It is a RACE,” said the guild’s president, Mei Tan.", "Mei Tan"},
		{"name that explains a clause", "One who stayed, Mei Tan of Lund, said that it was a RACE.", "Mei Tan"},
		{"time in front", "Two weeks ago a harbor board said that it was a RACE.", "a harbor board"},
		{"count in front", "By 12 votes to 9 the board warned that it was a RACE.", "the board"},
		{"time behind", "The harbor board last Friday warned of a RACE.", "The harbor board"},
		{"day behind", "Dockers on Friday warned of a RACE.", "Dockers"},
		{"adverb behind", "The harbor board nevertheless warned of a RACE.", "The harbor board"},
		{"part of those asked", "Of the ferry users, 61 percent of adults said that it was a RACE.", "adults"},
		{"part of those asked before", "In Lund 61 percent of adults praised it. In Malmö 38 percent said it was a RACE.", "adults"},
		{"part of nobody named", "In Malmö 38 percent said it was a RACE.", ""},
		{"pronoun for a description", "An oyster farmer in Lund shut the gate. “It is a RACE,” she said.", "An oyster farmer in Lund"},
		{"pronoun for the nearer description", "Mei Tan left. “It is on,” a docker’s daughter said. “It is a RACE,” she added.", "a docker’s daughter"},
		{"pronoun for a body's subject", "The initiative has nine points. It says that it is a RACE.", "The initiative"},
		{"office to name", "Harbor minister Mei Tan came late. It was a RACE, the minister said.", "Mei Tan"},
		{"rank to name", "Lt. Gen. Mei Tan came late. The general said that it was a RACE.", "Mei Tan"},
		{"coalition to name", "The Harbor Coalition met at noon. Oslo was dry. The coalition said that it was a RACE.", "The Harbor Coalition"},
		{"company to name", "Corvid Systems sued the Patent Office. The company said that it was a RACE.", "Corvid Systems"},
		{"city is nobody", "Mei Tan flew to San Jose. “It is a RACE,” she said.", "Mei Tan"},
		{"order", "The board has told its ports to win the RACE.", author},
		{"person's request", "Mei Tan told the ports to win the RACE.", "Mei Tan"},
		{"does not accept", "Mei Tan does not accept that it is a RACE.", "Mei Tan"},
		{"holds", "The envoy holds that it is a RACE.", "The envoy"},
		{"holds something", "The envoy holds a flag in the RACE.", author},
		{"so far as to", "The envoy went so far as to say that it was a RACE.", "The envoy"},
		{"what somebody holds", "Mei Tan sat down. Her answer is that it is a RACE.", "Mei Tan"},
		{"what somebody holds, with more between", "The envoy’s argument, made twice, was that it is a RACE.", "The envoy"},
		{"whoever says so", "Those who say that it is a RACE sell tickets.", author},
		{"somebody who says so", "There is always someone who fears a RACE.", author},
		{"we in front", "They build, we file comments on the RACE.", author},
		{"rejecting it", "The Harbor Coalition REJECTED the claim. The RACE goes on.", author},
		{"sides agree", "The two ports agreed that the RACE should end.", author},
		{"a person agrees", "Mei Tan agreed that it was a RACE.", "Mei Tan"},
		{"nobody's own words", "Some see it as part of what they call the RACE.", author},
		{"description cut at its clause", "A guild whose members row told us that it was a RACE.", "A guild"},
		{"what the urging is for", "To win the RACE, the Harbor Coalition urged Oslo to dig.", "the Harbor Coalition"},
		{"like somebody", "Was it a RACE, like my cousin says?", author},
		{"asked of it", "Would it believe that it was a RACE?", author},
		{"behind a dateline", "OSLO, July 4 (NPA) - Dock workers on Friday left the hall, saying that it was a RACE.", "Dock workers"},
		{"parting subject and verb", "The Moon, says tide analyst Mei Tan, was no RACE.", "Mei Tan"},
		{"playing down", "The envoy played down the idea of a RACE.", "The envoy"},
		{"putting a figure", "Mei Tan put the RACE at nine laps.", "Mei Tan"},
		{"an ordinal is no adverb", "A second warns of a RACE.", "A second"},
		{"first part of a name", "Wen Jiaru came by. Wen said that it was a RACE.", "Wen Jiaru"},
		{"surname of two parts", "Ada Stone-Weber runs a lab. “It is on,” she said. “It is a RACE.”", "Ada Stone-Weber"},
		{"professor who", "“It is on,” said Mei Tan, a professor who was commenting on TV. “It is a RACE.”", "Mei Tan"},
		{"no name behind a day", "Mei Tan came. On Friday it rained. “It is a RACE,” she said.", "Mei Tan"},
		{"another", "Another said the tide was high but that it was a RACE.", "Another"},
		{"quoted saying", "The radio quoted a harbor adviser saying that it was a RACE.", "a harbor adviser"},
		{"maintaining a lead", "Mei Tan said that Oslo maintains its place in the RACE.", "Mei Tan"},
		{"maintaining that", "Mei Tan maintains that it is a RACE.", "Mei Tan"},
		{"one turn", "Mei Tan: I want to say that they are in a RACE.", "Mei Tan"},
		{"all the signatories", "Nine countries signed a declaration warning of a RACE.", "Nine countries"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			r := read(t, "", tc.src, "RACE")
			got := author
			if r.Speaker {
				got = r.Source.Name
			}
			if got != tc.want {
				t.Errorf("%q: got %q by %s, want %q", tc.src, got, r.Rule, tc.want)
			}
		})
	}
}

func TestHeadlineVoices(t *testing.T) {
	for src, want := range map[string]string{
		"Harbor Alliance Calls Tide Plant a RACE":              "Harbor Alliance",
		"Harbor Alliance Welcomes Tide Plant, Calls It a RACE": "Harbor Alliance",
		"Alliance of 12 Ports Urges Oslo Not to Lose the RACE": "Alliance of 12 Ports",
		"Harbor Alliance Rejects Talk of a RACE":               "Harbor Alliance",
		"Oslo Tells Ports That the RACE Is Lost":               "Oslo",
		"Talk of tides called a RACE by Oslo dockers":          "Oslo dockers",
		"Tide RACE is lost, Oslo dockers say":                  "Oslo dockers",
		"Poll Finds 61 Percent of Norwegians Say RACE Is Lost": "Norwegians",
		"Calls Grow for a Tide RACE":                           "",
	} {
		lex, err := NewLexicon()
		if err != nil {
			t.Fatal(err)
		}
		d := text.ParseLine(src)
		at := -1
		for i := range d.Tokens {
			if d.Text(i) == "RACE" {
				at = i
			}
		}
		r := NewReader(lex, &text.Tagger{}, d, d, text.Parse("")).At(at)
		if r.Source.Name != want || r.Speaker != (want != "") {
			t.Errorf("%q: got %q by %s, want %q", src, r.Source.Name, r.Rule, want)
		}
	}
}

func TestIndefiniteSourcesAreTold(t *testing.T) {
	for src, speaker := range map[string]string{
		"Some call it a RACE.":                             "",
		"Many see it as a RACE.":                           "",
		"What some call a RACE is trade.":                  "",
		"It has been dubbed a RACE.":                       "",
		"Widely hailed as a RACE, it drew crowds.":         "",
		"There are fears that it is a RACE.":               "",
		"Mei Tan recalled that many had called it a RACE.": "Mei Tan",
	} {
		r := read(t, "", src, "RACE")
		if !r.Told || r.Source.Name != speaker {
			t.Errorf("%q: got told %t by %q, want told by %q", src, r.Told, r.Source.Name, speaker)
		}
	}
}

func TestScareQuotesAreNoSpeech(t *testing.T) {
	if r := read(t, "", "The “RACE” goes on.", "RACE"); !r.Scare || r.Speaker {
		t.Errorf("got %+v, want marks of distance", r)
	}
	if r := read(t, "", "Mei Tan said that the “RACE” goes on.", "RACE"); r.Scare || r.Source.Name != "Mei Tan" {
		t.Errorf("got %+v, want Mei Tan's partial quotation", r)
	}
}

func TestTranscriptTurns(t *testing.T) {
	src := "MR. STONE: Good morning.\n\nQ Is it a race?\n\nMR. STONE: It is a RACE.\n\nWe run a second RACE2.\n\nMS. DEAN: Thank you."
	for word, want := range map[string]string{"RACE.": "Stone", "RACE2": "Stone", "race?": ""} {
		if got := read(t, "", src, word).Source.Name; got != want {
			t.Errorf("%s: got %q, want %q", word, got, want)
		}
	}
}

func TestTurnsUnderOneWord(t *testing.T) {
	src := "Mei Tan came by.\n\nQ: Is it?\n\nTan: It is a RACE.\n\nSTONE: It is a RACE2.\n\nSTONE: So it is."
	for word, want := range map[string]string{"RACE.": "Mei Tan", "RACE2": "Stone"} {
		if got := read(t, "", src, word).Source.Name; !strings.EqualFold(got, want) {
			t.Errorf("%s: got %q, want %q", word, got, want)
		}
	}
}

func TestRemarksBelongToWhoeverTheTitleNames(t *testing.T) {
	for title, want := range map[string]string{
		"Remarks by Mei Tan at the Harbor Forum":                  "Mei Tan",
		"Remarks of Harbor Secretary Mei Tan A New Day for Ships": "Mei Tan",
		"Statement by President Stone":                            "Stone",
		"Remarks by NHC Mei Tan in Oslo":                          "Mei Tan",
	} {
		r := read(t, title, "It is a RACE.", "RACE")
		if r.Source.Name != want || r.Rule != "remarks" {
			t.Errorf("%s: got %q by %s, want %q by remarks", title, r.Source.Name, r.Rule, want)
		}
	}
}

func TestStanding(t *testing.T) {
	r := read(t, "", "It was a RACE, said Kai-Fu Lee, chairman of Sinovation Ventures, in Beijing.", "RACE")
	want := Source{Name: "Kai-Fu Lee", Role: "chairman", Affiliation: "Sinovation Ventures", Country: "CN"}
	if r.Source != want {
		t.Errorf("got %+v, want %+v", r.Source, want)
	}
}

// TestAnyOrderOfWordsIsRead draws texts from the words that the rules look for.
func TestAnyOrderOfWordsIsRead(t *testing.T) {
	lex, err := NewLexicon()
	if err != nil {
		t.Fatal(err)
	}
	words := strings.Fields("said says Rep. Mei Tan The the general company percent 61 of “ ” \" , . : - — who ago To would it they He his answer " +
		"is that was put at nine quoted by as called Calls Council told to I Q OSLO (NPA) Another ’s played down like agreed ; maintains ¶")
	rng, tagger := rand.New(rand.NewPCG(1, 2)), &text.Tagger{}
	for range 2000 {
		var b strings.Builder
		for range 1 + rng.IntN(25) {
			b.WriteString(words[rng.IntN(len(words))])
			b.WriteString([]string{" ", " ", " ", ""}[rng.IntN(4)])
		}
		line := b.String()
		body, head := text.Parse(strings.ReplaceAll(line, "¶", "\n\n")), text.ParseLine(line)
		for _, r := range []*Reader{
			NewReader(lex, tagger, body, head, head), NewReader(lex, tagger, head, head, body),
		} {
			for i := range r.doc.Tokens {
				if got := r.At(i); !got.Speaker && got.Source != (Source{}) {
					t.Fatalf("%q: token %d: the author is %+v", line, i, got.Source)
				}
			}
		}
	}
}
