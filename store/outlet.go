package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"framewatch/crawler"
	"framewatch/crawler/files"
)

// importedOutlet finds the outlet of an imported record by source id or by name, or makes one.
func importedOutlet(ctx context.Context, t *txn, r files.Record) (int64, error) {
	name := outletName(r)
	var id int64
	err := t.row(ctx, `SELECT id FROM outlet WHERE source = ?1 OR name = ?1 ORDER BY source = ?1 DESC, id LIMIT 1`, name).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		err = t.row(ctx, `INSERT INTO outlet (source, name, country, type) VALUES (?1, ?1, ?2, ?3) RETURNING id`,
			name, clean(r.Country), outletType(r.Type, name)).Scan(&id)
	}
	return id, err
}

// registerSources makes an outlet of every source, and brings known ones up to date.
func registerSources(ctx context.Context, t *txn, sources []crawler.Source) error {
	for _, s := range sources {
		domains, err := json.Marshal(append([]string{}, s.Domains...))
		if err != nil {
			return err
		}
		_, err = t.exec(ctx, `INSERT INTO outlet (source, name, country, type, homepage, language, leaning, leaning_source, domains)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (source) DO UPDATE SET name = excluded.name, country = excluded.country, type = excluded.type,
				homepage = excluded.homepage, language = excluded.language, leaning = excluded.leaning,
				leaning_source = excluded.leaning_source, domains = excluded.domains`,
			s.ID, clean(s.Name), s.Country, outletType(s.Type, s.ID), s.Homepage, s.Language, clean(s.Leaning),
			clean(s.LeaningSource), string(domains))
		if err != nil {
			return fmt.Errorf("source %s: %w", s.ID, err)
		}
	}
	return nil
}

// crawledOutlet gives the outlet of a source, which BeginRun has registered.
func crawledOutlet(ctx context.Context, t *txn, source string) (int64, error) {
	var id int64
	err := t.row(ctx, `SELECT id FROM outlet WHERE source = ?`, source).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		err = t.row(ctx, `INSERT INTO outlet (source, name) VALUES (?1, ?1) RETURNING id`, source).Scan(&id)
	}
	return id, err
}

// outletName is what the record says, else its site's name or host, else "unknown".
func outletName(r files.Record) string {
	if name := strings.TrimSpace(clean(r.Outlet)); name != "" {
		return name
	}
	if name := strings.TrimSpace(clean(r.Article.SiteName)); name != "" {
		return name
	}
	if u, err := url.Parse(r.Article.URL); err == nil && u.Hostname() != "" {
		return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	}
	return "unknown"
}

// outletType trusts a type that the record names. Otherwise two names speak for themselves: "wire:…" is a service that
// spreads press releases, and a .gov host is a government.
func outletType(given, name string) string {
	switch given {
	case "news", "opinion", "wire", "press_release", "think_tank", "government", "newsletter", "state_media":
		return given
	}
	switch name = strings.ToLower(name); {
	case strings.HasPrefix(name, "wire:"):
		return "press_release"
	case strings.HasSuffix(name, ".gov"):
		return "government"
	}
	return "unknown"
}
