package store

import (
	"context"
	"encoding/json"
	"fmt"
)

// ShowArticle gives an article's row of v_article by column, JSON columns decoded, or [ErrNoArticle].
func (db *DB) ShowArticle(ctx context.Context, id int64) (map[string]any, error) {
	rows, err := db.byColumn(ctx, `SELECT * FROM v_article WHERE article_id = ?`, id)
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("article %d: %w", id, ErrNoArticle)
	}
	return rows[0], nil
}

// ShowMentions gives the article's rows of v_mention by column, in the order of the text.
func (db *DB) ShowMentions(ctx context.Context, id int64) ([]map[string]any, error) {
	return db.byColumn(ctx, `SELECT * FROM v_mention WHERE article_id = ? ORDER BY paragraph, span_start, span_end, frame`, id)
}

func (db *DB) byColumn(ctx context.Context, query string, id int64) ([]map[string]any, error) {
	fail := func(err error) ([]map[string]any, error) {
		return nil, fmt.Errorf("read article %d: %w", id, explain(err))
	}
	rows, err := db.reader.QueryContext(ctx, query, id)
	if err != nil {
		return fail(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return fail(err)
	}
	all := []map[string]any{}
	for rows.Next() {
		row, _, err := scanRow(rows, len(columns))
		if err != nil {
			return fail(err)
		}
		byName := map[string]any{}
		for i, c := range columns {
			byName[c] = decoded(c, row[i])
		}
		all = append(all, byName)
	}
	if err := rows.Err(); err != nil {
		return fail(err)
	}
	return all, nil
}

// decoded turns the columns that hold JSON into what they hold.
func decoded(column string, v any) any {
	if s, ok := v.(string); ok && (column == "authors" || column == "attributes") {
		return json.RawMessage(s)
	}
	return v
}
