package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"framewatch/analysis/story"
	"framewatch/analysis/story/storytest"
	"framewatch/crawler/article"
	"framewatch/crawler/files"
)

// storyCorpus makes articles by the number: most are on their own, with names and figures that are theirs and phrases that
// are everybody's; every twentieth is carried by up to five more outlets, edited; every fortieth is a release of a series.
// Half of the outlets put a footer under everything. An id says what is true: copies share what stands before the dot.
type storyCorpus struct {
	rng    *rand.Rand
	writer *storytest.Writer
	editor *storytest.Editor
	foot   []string
	days   int
	n      int
}

const storyOutlets = 60

// newStoryCorpus makes a corpus of size articles, as many a day as 200,000 over six years, or fewer if it is small.
func newStoryCorpus(tb testing.TB, size int) *storyCorpus {
	texts := demoTexts(tb)
	c := &storyCorpus{days: max(60, 72*30*size/200_000), rng: rand.New(rand.NewPCG(21, 22)), writer: storytest.NewWriter(texts), editor: storytest.NewEditor(23, texts)}
	for range storyOutlets {
		c.foot = append(c.foot, "\n\n"+c.editor.Words(25+c.rng.IntN(40))+".")
	}
	return c
}

// edits are the ways in which the corpus's copies differ, by the letter after the dot.
func edits() []storytest.Edit {
	return []storytest.Edit{
		{Furnish: true}, {Words: .05, Furnish: true}, {Words: .10, Furnish: true}, {Words: .10, Reorder: true, Quote: true},
		{Keep: .5}, {Keep: .5, Words: .05, Furnish: true}, {Keep: .5, Words: .10, Furnish: true},
	}
}

// next is an article and its copies.
func (c *storyCorpus) next() []files.Record {
	c.n++
	day := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, c.rng.IntN(c.days))
	outlet := c.rng.IntN(storyOutlets)
	text := c.writer.Article(uint64(c.n), 150+c.rng.IntN(700))
	if c.n%40 == 1 {
		text = storytest.Release(uint64(c.n), uint64(c.rng.IntN(60)))
	}
	all := []files.Record{c.record(fmt.Sprint(c.n, "."), outlet, day, text)}
	if c.n%20 == 0 {
		for range 1 + c.rng.IntN(5) {
			kind := c.rng.IntN(len(edits()))
			outlet = (outlet + 1 + c.rng.IntN(5)) % storyOutlets
			day = day.AddDate(0, 0, c.rng.IntN(4))
			all = append(all, c.record(fmt.Sprintf("%d.%c%d", c.n, 'a'+kind, len(all)), outlet, day, c.editor.Copy(text, edits()[kind])))
		}
	}
	return all
}

func (c *storyCorpus) record(id string, outlet int, day time.Time, text string) files.Record {
	if outlet%2 == 0 {
		text += c.foot[outlet]
	}
	return files.Record{ExternalID: id, Outlet: fmt.Sprint("Outlet ", outlet), Article: article.Article{
		Title: "Headline " + id, Text: text, Language: "en", Published: article.Date{Time: day, Precision: article.PrecisionDay}}}
}

// storyCorpusDB is the corpus in a database, with the sketches of some of its articles. A large one is kept in the
// temporary folder for the next run, and its stories are found anew.
func storyCorpusDB(t *testing.T, size int) (*DB, []story.Sketch) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "stories.db")
	if size > 10_000 {
		path = filepath.Join(os.TempDir(), fmt.Sprintf("framewatch-stories-%d.db", size))
	}
	filled := Exists(path) == nil
	name := path
	if !filled {
		name += ".new"
	}
	db, err := Open(ctx, name, Options{})
	must(t, err)
	corpus := newStoryCorpus(t, size)
	var sample []story.Sketch
	var batch []files.Record
	start := time.Now()
	for n := 0; n < size && !(filled && len(sample) == 200); {
		all := corpus.next()
		n += len(all)
		if len(sample) < 200 {
			sample = append(sample, story.New(all[0].Article.Text))
		}
		if batch = append(batch, all...); !filled && (len(batch) >= 500 || n >= size) {
			importAll(t, db, batch...)
			batch = batch[:0]
		}
	}
	if !filled {
		t.Logf("imported in %v", time.Since(start).Round(time.Second))
		must(t, db.Close())
		must(t, os.Rename(name, path))
		db, err = Open(ctx, path, Options{})
		must(t, err)
	}
	must(t, db.write(ctx, "test", func(tx *txn) error { return db.setMeta(ctx, tx, "stories", "0") }))
	t.Cleanup(func() { db.Close() })
	return db, sample
}

// TestStoriesOfAWholeCorpus finds the stories of a generated corpus and counts the pairs of articles that are rightly and
// wrongly in one. With the large corpus it holds time and memory to their bars.
func TestStoriesOfAWholeCorpus(t *testing.T) {
	ctx := context.Background()
	size := corpusSize(t)
	db, sample := storyCorpusDB(t, size)
	t.Logf("%d articles, of which two share %.3f of the shorter's word sequences on average", db.mustCount(t), meanShare(sample))
	start := time.Now()
	_, before := spent(t)
	sum, err := db.FindStories(ctx, nil)
	must(t, err)
	took := time.Since(start)
	usage, after := spent(t)
	t.Logf("found the stories in %v, %v of processor time: %d copies; the process took %d MiB at most",
		took.Round(100*time.Millisecond), (after - before).Round(100*time.Millisecond), sum.Copies, usage.Maxrss>>10)
	start = time.Now()
	again, err := db.FindStories(ctx, nil)
	must(t, err)
	t.Logf("with nothing stale: %v", time.Since(start).Round(time.Microsecond))
	if again != (Stories{}) {
		t.Errorf("again: %+v", again)
	}
	if os.Getenv(sizeEnv) != "" && (after-before > 10*time.Minute || usage.Maxrss>>10 > 1000) {
		t.Errorf("took %v of processor time and %d MiB, want at most 10 minutes and 1,000 MiB", after-before, usage.Maxrss>>10)
	}
	j := judge(t, db)
	t.Logf("pairs in one story: %d rightly, %d wrongly: precision %.4f; %d of %d pairs found: recall %.3f", j.right, j.wrong, j.precision(), j.right, j.right+j.missed, j.recall())
	for i, e := range edits() {
		k := j.byEdit[byte('a'+i)]
		t.Logf("copies with %+v: %d of %d with their original", e, k[0], k[1])
		floor := .95
		if e.Keep > 0 {
			floor = .85
		}
		if float64(k[0]) < floor*float64(k[1]) {
			t.Errorf("copies with %+v: %d of %d, want a share of %.2f", e, k[0], k[1], floor)
		}
	}
	if j.precision() < .99 {
		t.Errorf("precision %.4f, want at least .99", j.precision())
	}
}

// spent is what the process has used so far, and of it the processor time.
func spent(t testing.TB) (syscall.Rusage, time.Duration) {
	var u syscall.Rusage
	must(t, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return u, time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func (db *DB) mustCount(t testing.TB) int {
	c, err := db.Counts(context.Background())
	must(t, err)
	return c.Articles
}

func meanShare(sample []story.Sketch) float64 {
	sum, n := 0.0, 0
	for i, a := range sample {
		for _, b := range sample[:i] {
			sum += story.Compare(a, b).Share
			n++
		}
	}
	return sum / float64(n)
}

// judgment counts pairs of articles.
type judgment struct {
	right, wrong, missed int
	byEdit               map[byte][2]int // copies in one story with their original, and all
}

func (j judgment) precision() float64 { return float64(j.right) / float64(max(1, j.right+j.wrong)) }
func (j judgment) recall() float64    { return float64(j.right) / float64(max(1, j.right+j.missed)) }

func judge(t testing.TB, db *DB) judgment {
	j := judgment{byEdit: map[byte][2]int{}}
	stories, truths, both := map[string]int{}, map[string]int{}, map[[2]string]int{}
	storyOf := map[string]string{}
	rows := table(t, db, `SELECT external_id, story_id FROM article`)
	for _, row := range rows {
		id, s, _ := strings.Cut(row, "|")
		truth, _, _ := strings.Cut(id, ".")
		storyOf[id] = s
		stories[s]++
		truths[truth]++
		both[[2]string{s, truth}]++
	}
	pairs := func(n int) int { return n * (n - 1) / 2 }
	for _, n := range both {
		j.right += pairs(n)
	}
	for _, n := range stories {
		j.wrong += pairs(n)
	}
	for _, n := range truths {
		j.missed += pairs(n)
	}
	j.wrong -= j.right
	j.missed -= j.right
	for id, s := range storyOf {
		truth, edit, _ := strings.Cut(id, ".")
		if edit == "" {
			continue
		}
		k := j.byEdit[edit[0]]
		if k[1]++; storyOf[truth+"."] == s {
			k[0]++
		}
		j.byEdit[edit[0]] = k
	}
	return j
}
