package store

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"framewatch/analysis"
	"framewatch/crawler/files"
)

// childEnv makes the test binary a writer that is to be killed.
const childEnv = "FRAMEWATCH_TEST_WRITE_TO"

func TestMain(m *testing.M) {
	if path := os.Getenv(childEnv); path != "" {
		if err := writeUntilKilled(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// writeUntilKilled imports and analyzes article after article and prints the number of each that was acknowledged.
func writeUntilKilled(path string) error {
	ctx := context.Background()
	g := wordGate{smallBook("small")}
	db, err := Open(ctx, path, Options{Gate: g})
	if err != nil {
		return err
	}
	if err := db.UseCodebook(ctx, g.book, 1); err != nil {
		return err
	}
	c, err := db.Counts(ctx)
	if err != nil {
		return err
	}
	for i := c.Articles; ; i++ {
		r := files.Record{ExternalID: fmt.Sprint(i), Outlet: "The Courier"}
		r.Article.Title, r.Article.Text = "AI", fmt.Sprintf("China, race, article %d", i)
		if _, err := db.Import(ctx, []files.Record{r}, noon); err != nil {
			return err
		}
		fmt.Println("article", i)
		docs, err := db.Stale(ctx, g.book.Fingerprint(), 1, 0, 10)
		if err != nil {
			return err
		}
		var batch []analysis.Analyzed
		for _, d := range docs {
			batch = append(batch, g.code(d))
		}
		if err := db.SaveAnalysis(ctx, g.book.Fingerprint(), 1, batch); err != nil {
			return err
		}
		fmt.Println("mention", i)
	}
}

func TestNothingAcknowledgedIsLostWhenTheWriterIsKilled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "killed.db")
	acknowledged := map[string]int{}
	for round := range 10 {
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), childEnv+"="+path)
		child.Stderr = os.Stderr
		out, err := child.StdoutPipe()
		must(t, err)
		must(t, child.Start())
		kill := func() { child.Process.Signal(syscall.SIGKILL) }
		time.AfterFunc(time.Minute, kill) // of a child that hangs
		lines := bufio.NewScanner(out)
		for n := 0; lines.Scan(); n++ {
			var what string
			var i int
			if _, err := fmt.Sscan(lines.Text(), &what, &i); err == nil {
				acknowledged[what] = i + 1
			}
			if n == 5 { // it is at work: end it at another moment in every round
				time.AfterFunc(time.Duration(700*round)*time.Microsecond, kill)
			}
		}
		child.Wait()
		db, err := Open(context.Background(), path, Options{})
		must(t, err)
		wantRows(t, db, `PRAGMA integrity_check`, "ok")
		wantRows(t, db, `SELECT count(*) >= `+fmt.Sprint(acknowledged["article"])+` FROM v_article`, "1")
		wantRows(t, db, `SELECT count(*) >= `+fmt.Sprint(acknowledged["mention"])+` FROM v_mention`, "1")
		wantRows(t, db, `SELECT count(*) FROM v_article WHERE text IS NULL`, "0")
		wantRows(t, db, `SELECT count(*) FROM analysis AS n JOIN article AS a ON a.id = n.article_id
			WHERE n.mentions <> (SELECT count(*) FROM mention AS m WHERE m.article_id = a.id)`, "0")
		must(t, db.Close())
	}
	if acknowledged["mention"] == 0 {
		t.Error("the writer acknowledged nothing, so nothing was tested")
	}
	t.Logf("%d articles acknowledged over 10 kills", acknowledged["article"])
}
