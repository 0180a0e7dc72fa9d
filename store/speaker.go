package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"framewatch/analysis"
)

// speakers gives speakers their numbers, asking the database once for each of a batch.
type speakers map[analysis.Speaker]int64

// id is NULL for a speaker of whom nothing is known.
func (s speakers) id(ctx context.Context, t *txn, who analysis.Speaker) (any, error) {
	if who == (analysis.Speaker{}) {
		return nil, nil
	}
	if id, ok := s[who]; ok {
		return id, nil
	}
	var id int64
	err := t.row(ctx, `SELECT id FROM speaker WHERE name = ? AND affiliation = ? AND role = ? AND country = ?`,
		who.Name, who.Affiliation, who.Role, who.Country).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		err = t.row(ctx, `INSERT INTO speaker (name, affiliation, role, country, normalized) VALUES (?, ?, ?, ?, ?) RETURNING id`,
			who.Name, who.Affiliation, who.Role, who.Country, speakerKey(who.Name)).Scan(&id)
	}
	if err != nil {
		return nil, err
	}
	s[who] = id
	return id, nil
}

// speakerKey folds a name for grouping: lower case, single blanks, no possessive, no leading article.
func speakerKey(name string) string {
	words := strings.Fields(strings.ToLower(strings.ReplaceAll(name, "’", "'")))
	if len(words) > 1 && (words[0] == "the" || words[0] == "a" || words[0] == "an") {
		words = words[1:]
	}
	return strings.TrimSuffix(strings.Join(words, " "), "'s")
}
