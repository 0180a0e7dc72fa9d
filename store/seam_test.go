package store

import (
	"framewatch/analysis"
	"framewatch/crawler"
	"framewatch/crawler/polite"
)

var (
	_ crawler.Archive    = (*DB)(nil)
	_ analysis.Corpus    = (*DB)(nil)
	_ polite.RobotsCache = (*DB)(nil)
	_ Gate               = (*analysis.Analyzer)(nil)
)
