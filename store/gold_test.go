package store

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

func TestGoldStandsBesideTheProgram(t *testing.T) {
	db := studyDB(t)
	wantAnswer(t, table(t, db, `SELECT coder, article_id, frame, stance, machine_frame, machine_stance FROM v_gold WHERE unit = 'span' ORDER BY article_id, coder`),
		"ines|1|race|asserts|race|asserts", "tomas|1|race|asserts|race|asserts", "ines|2|race|contests|race|contests", "tomas|2|race|reports|race|contests",
		"ines|3|sputnik|asserts|sputnik|reports", "tomas|3|||sputnik|reports", "ines|8|sputnik|asserts|sputnik|asserts")
	wantAnswer(t, table(t, db, `SELECT article_id, frame, machine_frame FROM v_gold WHERE unit = 'article' AND article_id IN (4, 5, 6) ORDER BY 1`),
		"4||", "5|race|", "6||race")
}

func TestCodesAreCheckedAndReplaced(t *testing.T) {
	ctx := context.Background()
	db := studyDB(t)
	span := Code{Origin: "f:1", Coder: "ines", Unit: "span", Article: "s01", Section: "headline", SpanStart: 2, SpanEnd: 6, Trigger: "race", Frame: "race", Stance: "asserts", Inclusion: 1}
	change := func(f func(*Code)) Code {
		c := span
		f(&c)
		return c
	}
	var problems []string
	sum, err := db.SaveCodes(ctx, []Code{
		span,
		change(func(c *Code) { c.Stance = "contests" }),
		change(func(c *Code) {
			c.Coder = "ada"
			c.Article = textHash("A race for AI", "The AI race with China goes on.")
		}),
		change(func(c *Code) { c.Coder = "" }),
		change(func(c *Code) { c.Article = "nowhere" }),
		change(func(c *Code) { c.Trigger = "other" }),
		change(func(c *Code) { c.Frame = "rcae" }),
		change(func(c *Code) { c.Stance = "likes" }),
		change(func(c *Code) { c.SpanEnd = 2 }),
		change(func(c *Code) { c.Inclusion = 0 }),
		change(func(c *Code) { c.Unit = "page" }),
		change(func(c *Code) { c.Unit, c.Asked = "article", "" }),
		change(func(c *Code) { c.Unit, c.Asked = "article", "sputnik" }),
	}, noon, func(p CodeProblem) { problems = append(problems, p.Reason) })
	must(t, err)
	if sum != (CodesSummary{New: 1, Changed: 1, Same: 1}) {
		t.Errorf("%+v", sum)
	}
	for i, want := range []string{"no coder", `no article "nowhere"`, `holds "race", not "other"`, `"rcae" is no frame`, `"likes"`, "no span", "probability", `"page"`, "no frame", `"sputnik" was asked`} {
		if i >= len(problems) || !strings.Contains(problems[i], want) {
			t.Errorf("problem %d: %q, want …%s…", i, problems, want)
		}
	}
	wantRows(t, db, `SELECT stance FROM v_gold WHERE coder = 'ines' AND unit = 'span' AND article_id = 1`, "contests")
}

// alphaOf is Krippendorff's nominal alpha from the definition: over all pairs of codes within a unit and over all pairs at all.
func alphaOf(units map[string][]string) (alpha, agreement float64) {
	var all []string
	observed, n := 0.0, 0.0
	pairs, same := 0.0, 0.0
	for _, codes := range units {
		if len(codes) < 2 {
			continue
		}
		for i, a := range codes {
			all = append(all, a)
			for j, b := range codes {
				if i == j {
					continue
				}
				pairs++
				if a != b {
					observed += 1 / float64(len(codes)-1)
				} else {
					same++
				}
			}
		}
	}
	n = float64(len(all))
	expected := 0.0
	for i, a := range all {
		for j, b := range all {
			if i != j && a != b {
				expected += 1 / (n - 1)
			}
		}
	}
	return 1 - observed/expected, same / pairs
}

func TestAgreementIsKrippendorffsAlpha(t *testing.T) {
	db := studyDB(t)
	var want []string
	r := func(x float64) string { return sprint(math.Round(x*1e4) / 1e4) }
	for _, program := range []bool{false, true} {
		coders := map[bool]string{false: "people", true: "with program"}[program]
		frames, stances, presence := map[string][]string{}, map[string][]string{}, map[string][]string{}
		told := map[string]bool{}
		for _, c := range studyCodes() {
			key := fmt.Sprint(c.Article, c.SpanStart)
			if c.Unit == "article" {
				presence[key] = append(presence[key], c.Frame)
				if program {
					presence[key] = append(presence[key], c.SampledFrame)
				}
				continue
			}
			frames[key] = append(frames[key], c.Frame)
			if c.Stance != "" {
				stances[key] = append(stances[key], c.Stance)
			}
			if program && !told[key] {
				told[key] = true
				frames[key] = append(frames[key], c.SampledFrame)
				stances[key] = append(stances[key], c.SampledStance)
			}
		}
		for _, v := range []struct {
			name, asked string
			units       map[string][]string
		}{{"frame", "", frames}, {"presence", "race", presence}, {"stance", "", stances}} {
			units, codes := 0, 0
			for _, u := range v.units {
				if len(u) > 1 {
					units, codes = units+1, codes+len(u)
				}
			}
			if units == 0 {
				continue
			}
			alpha, agreement := alphaOf(v.units)
			want = append(want, fmt.Sprintf("%s|%s|%s|%d|%d|%s|%s", coders, v.name, v.asked, units, codes, r(agreement), r(alpha)))
		}
	}
	wantAnswer(t, ask(t, db, "agreement", nil, "coders variable frame units codes agreement alpha"), want...)
	// Krippendorff's own example of two coders and two values ("Computing Krippendorff's Alpha-Reliability", 2011): 0.095.
	units := map[string][]string{}
	for i, codes := range strings.Fields("01 11 01 00 00 01 00 00 10 00") {
		units[fmt.Sprint(i)] = strings.Split(codes, "")
	}
	if got, _ := alphaOf(units); math.Abs(got-0.095) > 0.0005 {
		t.Errorf("alpha of the published example: %v", got)
	}
}

// weighted is the coded articles of the study as weights of true and false positives and negatives.
func weighted() (tp, fp, fn, tn float64) {
	for _, c := range studyCodes() {
		w := 1 / c.Inclusion
		switch {
		case c.Unit != "article":
		case c.Frame != "" && c.SampledFrame != "":
			tp += w
		case c.Frame == "" && c.SampledFrame != "":
			fp += w
		case c.Frame != "":
			fn += w
		default:
			tn += w
		}
	}
	return tp, fp, fn, tn
}

func TestFrameAccuracyWeighsTheSample(t *testing.T) {
	db := studyDB(t)
	r := func(x float64) string { return sprint(math.Round(x*1e4) / 1e4) }
	tp, fp, fn, tn := weighted() // 7, 1, 2, 4
	precision, _ := wilson(tp, tp+fp)
	wantAnswer(t, ask(t, db, "frame-accuracy", nil, "frame tp fp fn tn precision recall specificity precision_low"),
		strings.Join([]string{"race|7|1|1|2", r(tp / (tp + fp)), r(tp / (tp + fn)), r(tn / (tn + fp)), r(precision)}, "|"))
	// Recall rests on seven articles of weight 1 and one of weight 2: 81 / 11 effective ones.
	low, high := wilson(81.0/11*7/9, 81.0/11)
	wantAnswer(t, ask(t, db, "frame-accuracy", nil, "recall_low recall_high"), r(low)+"|"+r(high))
	wantAnswer(t, ask(t, db, "frame-accuracy", map[string]string{"coder": "nobody"}, "frame"))
}

func TestCorrectedPrevalenceIsRoganAndGladens(t *testing.T) {
	db := studyDB(t)
	r := func(x float64) string { return sprint(math.Round(x*1e4) / 1e4) }
	tp, fp, fn, tn := weighted()
	se, sp := tp/(tp+fn), tn/(tn+fp)
	rows := ask(t, db, "corrected-prevalence", map[string]string{"least": "3"}, "month n k share status gold corrected corrected_low corrected_high")
	const n, k = 4.0, 3.0 // January 2025: s03, s06, s08, s09, of which s08 has no race
	p := k / n
	theta := min(1, max(0, (p+sp-1)/(se+sp-1)))
	nse, nsp := 81.0/11, 25.0/9 // weights 1×7, 2 and 1, 2, 2
	half := 1.959963984540054 * math.Sqrt(p*(1-p)/n+theta*theta*se*(1-se)/nse+(1-theta)*(1-theta)*sp*(1-sp)/nsp) / (se + sp - 1)
	want := fmt.Sprintf("2025-01|4|3|0.75|corrected|4|%s|%s|%s", r(theta), r(max(0, theta-half)), r(min(1, theta+half)))
	if !slices.Contains(rows, want) {
		t.Errorf("no row %s in\n  %s", want, strings.Join(rows, "\n  "))
	}
	wantAnswer(t, ask(t, db, "corrected-prevalence", nil, "status corrected")[:1], "too small|∅")
	wantAnswer(t, ask(t, db, "corrected-prevalence", map[string]string{"coder": "nobody"}, "status corrected")[:1], "no gold|∅")
}

func TestArticleSampleDrawsHalves(t *testing.T) {
	db := studyDB(t)
	rows := ask(t, db, "article-sample", map[string]string{"size": "2"}, "article sampled_frame inclusion code_frame")
	count := map[string]int{}
	for _, row := range rows {
		cells := strings.Split(row, "|")
		count[cells[1]]++
		uses := slices.ContainsFunc(study(), func(e essayOf) bool {
			return e.id == cells[0] && slices.ContainsFunc(e.uses, func(u use) bool { return isRace(u.frame) })
		})
		want := map[bool]string{true: "race|0.25", false: fmt.Sprintf("|%v", math.Round(2.0/3*1e6)/1e6)}[uses] // 8 of 11 use it
		if got := cells[1] + "|" + cells[2]; got != want || cells[3] != "∅" {
			t.Errorf("%s: %s, want %s", cells[0], got, want)
		}
	}
	if count["race"] != 2 || count[""] != 2 {
		t.Errorf("drawn %v", count)
	}
	if !slices.Equal(rows, ask(t, db, "article-sample", map[string]string{"size": "2"}, "article sampled_frame inclusion code_frame")) {
		t.Error("the same seed gave another sample")
	}
}
