package store

import (
	"strings"
	"testing"
)

// TestViewColumnsAreOnlyAddedAtTheEnd holds the columns on which scripts of researchers rely, in their order.
func TestViewColumnsAreOnlyAddedAtTheEnd(t *testing.T) {
	db, _ := newDB(t)
	for view, want := range map[string]string{
		"v_article": "article_id external_id url outlet country source_type language title text authors published date_precision date_from " +
			"updated collected words about_ai names_us names_china relevant story_id source reason month",
		"v_mention":     mentionColumns,
		"v_mention_all": mentionColumns,
		"v_month":       "month frame n k share wilson_low wilson_high",
		"v_coverage":    "source day attempted fetched failed denied new skipped",
		"v_frame":       "frame parent_frame label group_name description position",
		"v_event":       "date end_date label kind frames_expected source url",
		"v_outlet":      "source outlet country source_type homepage leaning leaning_source articles relevant",
		"v_run":         "run_id command started finished status sources fetched new failed skipped message",
	} {
		got := strings.Join(table(t, db, `SELECT name FROM pragma_table_info(?)`, view), " ")
		if !strings.HasPrefix(got+" ", want+" ") {
			t.Errorf("%s\n got %s\nwant %s, and more at the end only", view, got, want)
		}
	}
}

const mentionColumns = "article_id external_id url outlet country source_type title published section paragraph sentence_start sentence_end " +
	"span_start span_end trigger sentence frame parent_frame stance voice speaker rule codebook source stance_rule voice_rule month mention_id " +
	"affiliation role speaker_country attributes"
