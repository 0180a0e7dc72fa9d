package store

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"strings"

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
