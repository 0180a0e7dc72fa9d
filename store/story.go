package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"framewatch/analysis/story"
	"framewatch/crawler/article"
)

// Stories counts what [DB.FindStories] did.
type Stories struct {
	Articles int `json:"articles"` // looked at: new or changed
	Copies   int `json:"copies"`   // of these, found to tell a story that another article told first
}

const (
	sketchBatch   = 1_000  // articles whose texts are in memory at once
	sliceDays     = 60     // days whose articles are looked at together
	sliceMost     = 40_000 // and how many of them
	recycledShare = .35    // of the shorter of two articles: if they share less, what they share is recycled
	recycledGap   = 3      // days between two articles from which on what both print is recycled, not an update
	recycledIn    = 3      // articles of one outlet, over more days than that, that make even the text of copies recycled
	recycledMany  = 6      // and on whatever days
)

// FindStories finds the story of every article that is new or changed: which other articles are copies of its text, and
// which of them appeared first. It keeps a sketch of each text, so that later articles are compared without reading texts
// again, and works on some weeks of articles at a time, each in one transaction; what is not done when it is stopped
// stays due. progress, if not nil, is called now and then.
//
// Whether two articles are linked depends on their texts, days and outlets, and on what their outlets are known to print
// again and again; a story is what links connect. So the order in which articles arrive does not matter, but for two
// limits: of a sequence that very many articles share only the nearest are looked at, and what is found to be recycled
// makes those articles due again in which it was found, not all that ever had it.
func (db *DB) FindStories(ctx context.Context, progress func(done, total int)) (Stories, error) {
	if progress == nil {
		progress = func(int, int) {}
	}
	if err := db.renewStories(ctx); err != nil {
		return Stories{}, err
	}
	total, err := db.StoriesDue(ctx)
	if err != nil || total == 0 {
		return Stories{}, err
	}
	if err := db.sketchDue(ctx, func(done int) { progress(done/2, total) }); err != nil {
		return Stories{}, err
	}
	parts, err := db.storySlices(ctx)
	if err != nil {
		return Stories{}, err
	}
	sum := Stories{}
	for _, s := range parts {
		err := db.write(ctx, "find stories", func(t *txn) error {
			copies, err := s.find(ctx, t)
			sum.Copies += copies
			return err
		})
		if err != nil {
			return sum, err
		}
		sum.Articles += len(s.due)
		progress((total+sum.Articles)/2, total)
	}
	return sum, nil
}

// StoriesDue counts the articles whose story is to be found.
func (db *DB) StoriesDue(ctx context.Context) (int, error) {
	var n int
	if err := db.reader.QueryRowContext(ctx, `SELECT count(*) FROM story_due`).Scan(&n); err != nil {
		return 0, fmt.Errorf("count stories due: %w", explain(err))
	}
	return n, nil
}

// renewStories makes every article due again if the stories were found by another version of the judgment. Of texts that
// were dropped the sketches stay.
func (db *DB) renewStories(ctx context.Context) error {
	return db.write(ctx, "renew stories", func(t *txn) error {
		var have string
		err := t.row(ctx, `SELECT value FROM meta WHERE key = 'stories'`).Scan(&have)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		want := strconv.Itoa(story.Version)
		if have == want {
			return nil
		}
		if have != "" {
			err := t.script(ctx, `DELETE FROM story_link; DELETE FROM story_recycled; 
				DELETE FROM sketch WHERE article_id IN (SELECT article_id FROM article_text);
				INSERT INTO story_due (article_id) SELECT id FROM article WHERE true ON CONFLICT (article_id) DO NOTHING`)
			if err != nil {
				return err
			}
		}
		return db.setMeta(ctx, t, "stories", want)
	})
}

// unsketched is an article that is due, with its text.
type unsketched struct {
	id, outlet int64
	day        int
	text       sql.NullString
	body       []byte // its sketch; nil for none
}

// sketchDue makes the sketches of all articles that are due.
func (db *DB) sketchDue(ctx context.Context, progress func(done int)) error {
	done := 0
	for after := int64(0); ; {
		batch, err := db.unsketched(ctx, after)
		if err != nil || len(batch) == 0 {
			return err
		}
		var g errgroup.Group
		g.SetLimit(runtime.GOMAXPROCS(0))
		for part := range slices.Chunk(batch, sketchBatch/16) {
			g.Go(func() error {
				for i := range part {
					s := story.New(part[i].text.String)
					if s.Empty() {
						continue
					}
					part[i].body, _ = s.MarshalBinary() // never fails
				}
				return nil
			})
		}
		_ = g.Wait() // the parts give no errors
		if err := db.write(ctx, "save sketches", func(t *txn) error { return saveSketches(ctx, t, batch) }); err != nil {
			return err
		}
		after = batch[len(batch)-1].id
		done += len(batch)
		progress(done)
	}
}

func (db *DB) unsketched(ctx context.Context, after int64) ([]unsketched, error) {
	rows, err := db.reader.QueryContext(ctx, `SELECT a.id, a.outlet_id, a.published, a.date_precision, a.date_flag, a.collected, b.text
		FROM story_due AS d JOIN article AS a ON a.id = d.article_id LEFT JOIN article_text AS b ON b.article_id = a.id
		WHERE d.article_id > ? ORDER BY d.article_id LIMIT ?`, after, sketchBatch)
	var batch []unsketched
	err = each(rows, err, func(r scanner) error {
		var u unsketched
		var published, precision, flag, collected string
		if err := r.Scan(&u.id, &u.outlet, &published, &precision, &flag, &collected, &u.text); err != nil {
			return err
		}
		u.day = dayOf(published, precision, flag, collected)
		batch = append(batch, u)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read articles for their stories: %w", explain(err))
	}
	return batch, nil
}

// saveSketches keeps the sketches. An article whose text was dropped keeps the one that it has.
func saveSketches(ctx context.Context, t *txn, batch []unsketched) error {
	for _, u := range batch {
		var err error
		switch {
		case !u.text.Valid:
			_, err = t.exec(ctx, `UPDATE sketch SET outlet_id = ?2, day = ?3 WHERE article_id = ?1`, u.id, u.outlet, u.day)
		case u.body == nil:
			_, err = t.exec(ctx, `DELETE FROM sketch WHERE article_id = ?`, u.id)
		default:
			_, err = t.exec(ctx, `INSERT INTO sketch (article_id, outlet_id, day, body) VALUES (?, ?, ?, ?)
				ON CONFLICT (article_id) DO UPDATE SET outlet_id = excluded.outlet_id, day = excluded.day, body = excluded.body`,
				u.id, u.outlet, u.day, u.body)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

const secondsADay = 24 * 60 * 60

// dayOf is the day by which copies are looked for, in days since 1970-01-01.
func dayOf(published, precision, flag, collected string) int {
	day := collected[:min(10, len(collected))]
	if flag != "future" && flag != "epoch" {
		switch article.Precision(precision) {
		case article.PrecisionTime, article.PrecisionDay:
			day = published[:min(10, len(published))]
		case article.PrecisionMonth:
			day = published + "-15"
		}
	}
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return 0
	}
	return int(at.Unix() / secondsADay)
}

// dueArticle is an article whose story is to be found.
type dueArticle struct {
	id      int64
	day     int
	changes int  // when it was read
	known   bool // has a sketch
}

// storySlice is a stretch of articles that are looked at together.
type storySlice struct{ due []dueArticle }

// storySlices parts all articles that are due by day.
func (db *DB) storySlices(ctx context.Context) ([]storySlice, error) {
	rows, err := db.reader.QueryContext(ctx, `SELECT d.article_id, d.changes, coalesce(s.day, 0), s.article_id IS NOT NULL
		FROM story_due AS d LEFT JOIN sketch AS s ON s.article_id = d.article_id ORDER BY 3, 1`)
	var all []storySlice
	err = each(rows, err, func(r scanner) error {
		var a dueArticle
		if err := r.Scan(&a.id, &a.changes, &a.day, &a.known); err != nil {
			return err
		}
		if n := len(all); n == 0 || a.day-all[n-1].due[0].day > sliceDays || len(all[n-1].due) >= sliceMost {
			all = append(all, storySlice{})
		}
		last := &all[len(all)-1]
		last.due = append(last.due, a)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read stories due: %w", explain(err))
	}
	return all, nil
}

// find finds the stories of the slice and says how many of its articles are not the first of theirs.
func (s storySlice) find(ctx context.Context, t *txn) (copies int, err error) {
	n, err := loadNeighborhood(ctx, t, s.due)
	if err != nil {
		return 0, err
	}
	if err := n.recycle(ctx, t); err != nil {
		return 0, err
	}
	touched, err := n.link(ctx, t)
	if err != nil {
		return 0, err
	}
	compared := map[int64]bool{}
	for _, i := range n.due {
		compared[n.all[i].id] = true
	}
	for _, a := range s.due {
		if compared[a.id] {
			continue
		}
		partners, err := unlink(ctx, t, a.id) // it has no sketch, or none any more
		if err != nil {
			return 0, err
		}
		touched = append(append(touched, a.id), partners...)
	}
	if err := tellStories(ctx, t, touched); err != nil {
		return 0, err
	}
	return s.settle(ctx, t)
}

// settle takes the slice off the list of what is due and counts the copies in it.
func (s storySlice) settle(ctx context.Context, t *txn) (copies int, err error) {
	for _, a := range s.due {
		_, err := t.exec(ctx, `DELETE FROM story_due WHERE article_id = ? AND changes = ?`, a.id, a.changes)
		if err != nil {
			return 0, err
		}
		var isCopy bool
		if err := t.row(ctx, `SELECT story_id <> id FROM article WHERE id = ?`, a.id).Scan(&isCopy); err != nil {
			return 0, err
		}
		if isCopy {
			copies++
		}
	}
	return copies, nil
}

// unlink removes an article's links and names those that it was linked to.
func unlink(ctx context.Context, t *txn, id int64) (partners []int64, err error) {
	if partners, err = linked(ctx, t, id); err != nil || len(partners) == 0 {
		return nil, err
	}
	if _, err := t.exec(ctx, `DELETE FROM story_link WHERE article_id = ?`, id); err != nil {
		return nil, err
	}
	_, err = t.exec(ctx, `DELETE FROM story_link WHERE other_id = ?`, id)
	return partners, err
}

func linked(ctx context.Context, t *txn, id int64) (partners []int64, err error) {
	err = t.rows(ctx, func(r scanner) error {
		var other int64
		if err := r.Scan(&other); err != nil {
			return err
		}
		partners = append(partners, other)
		return nil
	}, `SELECT other_id FROM story_link WHERE article_id = ? ORDER BY other_id`, id)
	return partners, err
}

// tellStories gives every article that the touched ones are connected with the story of the first of them.
func tellStories(ctx context.Context, t *txn, touched []int64) error {
	done := map[int64]bool{}
	for _, id := range touched {
		if done[id] {
			continue
		}
		members := []int64{id}
		done[id] = true
		for i := 0; i < len(members); i++ {
			others, err := linked(ctx, t, members[i])
			if err != nil {
				return err
			}
			for _, other := range others {
				if !done[other] {
					done[other] = true
					members = append(members, other)
				}
			}
		}
		if err := tellStory(ctx, t, members); err != nil {
			return err
		}
	}
	return nil
}

// tellStory makes the members one story.
func tellStory(ctx context.Context, t *txn, members []int64) error {
	had := make([]int64, len(members))
	var first appearance
	for i, id := range members {
		a, err := loadAppearance(ctx, t, id)
		if err != nil {
			return err
		}
		had[i] = a.story
		if i == 0 || a.before(first) {
			first = a
		}
	}
	for i, id := range members {
		if had[i] == first.id {
			continue
		}
		if err := shift(ctx, t, id, -1); err != nil {
			return err
		}
		if _, err := t.exec(ctx, `UPDATE article SET story_id = ? WHERE id = ?`, first.id, id); err != nil {
			return err
		}
		if err := shift(ctx, t, id, 1); err != nil {
			return err
		}
	}
	return nil
}

// appearance is when an article appeared.
type appearance struct {
	id, story int64
	at        time.Time // the last moment that its date allows; zero if it is not known
	collected string
}

func loadAppearance(ctx context.Context, t *txn, id int64) (appearance, error) {
	a := appearance{id: id}
	var published, flag string
	err := t.row(ctx, `SELECT story_id, published, date_flag, collected FROM article WHERE id = ?`, id).
		Scan(&a.story, &published, &flag, &a.collected)
	if flag == "future" || flag == "epoch" {
		return a, err
	}
	switch d := storedDate(published); d.Precision {
	case article.PrecisionTime:
		a.at = d.Time
	case article.PrecisionDay:
		a.at = d.Time.AddDate(0, 0, 1)
	case article.PrecisionMonth:
		a.at = d.Time.AddDate(0, 1, 0)
	case article.PrecisionYear:
		a.at = d.Time.AddDate(1, 0, 0)
	}
	return a, err
}

// before orders appearances: dated ones by date, a coarse date counting as its end, then by when they were collected,
// then by number.
func (a appearance) before(b appearance) bool {
	if a.at.IsZero() != b.at.IsZero() {
		return b.at.IsZero()
	}
	return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.collected, b.collected), cmp.Compare(a.id, b.id)) < 0
}
