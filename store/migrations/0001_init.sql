-- Schema 1. Every table is STRICT. Rules that hold for all of them:
--   * A time is RFC 3339 in UTC, to the second ("2025-01-20T18:00:00Z"); schedules (due, lease, next) have milliseconds.
--     Only published and updated keep the form that the outlet printed, with its own offset.
--   * Text is Unicode, stored code point for code point; offsets count code points from 0, an end is exclusive.
--   * '' means not known, except where a column is said to be NULL.

-- Facts about the database itself.
CREATE TABLE meta (
  key   TEXT PRIMARY KEY, -- created, created_by, views
  value TEXT NOT NULL     -- its value
) STRICT, WITHOUT ROWID;

-- One row per outlet: a source of the source list, or a name met in an import.
CREATE TABLE outlet (
  id             INTEGER PRIMARY KEY,              -- internal number
  source         TEXT NOT NULL UNIQUE,             -- id in the source list; for imports the outlet's name
  name           TEXT NOT NULL,                    -- name to show
  country        TEXT NOT NULL DEFAULT '',         -- ISO 3166 code of the country it speaks from
  type           TEXT NOT NULL DEFAULT 'unknown'
    CHECK (type IN ('news','opinion','wire','press_release','think_tank','government','newsletter','state_media','unknown')), -- kind of source
  homepage       TEXT NOT NULL DEFAULT '',         -- address of its front page
  language       TEXT NOT NULL DEFAULT '',         -- ISO 639-1 code
  leaning        TEXT NOT NULL DEFAULT '',         -- political leaning, only with a cited rating
  leaning_source TEXT NOT NULL DEFAULT '',         -- who rated it
  domains        TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(domains)) -- JSON array of its host names
) STRICT;
CREATE INDEX outlet_name ON outlet (name);

-- One row per article: what is known of its current revision, without the text.
CREATE TABLE article (
  id             INTEGER PRIMARY KEY,              -- internal number, never reused while the row exists
  external_id    TEXT UNIQUE,                      -- first id under which it was imported; NULL if it was crawled
  outlet_id      INTEGER NOT NULL REFERENCES outlet (id), -- who published it
  url            TEXT NOT NULL DEFAULT '',         -- its address: canonical where that can be trusted
  language       TEXT NOT NULL DEFAULT '',         -- ISO 639-1 code of the text
  published      TEXT NOT NULL DEFAULT '',         -- first publication as printed: time with offset, day, month or year
  date_precision TEXT NOT NULL DEFAULT '' CHECK (date_precision IN ('','time','day','month','year')), -- how exact published is
  date_from      TEXT NOT NULL DEFAULT '',         -- evidence behind published: json-ld, meta, url, import, feed, ...
  date_flag      TEXT NOT NULL DEFAULT '' CHECK (date_flag IN ('','missing','future','epoch','reversed')), -- doubt about published; future and epoch keep it out of every month
  updated        TEXT NOT NULL DEFAULT '',         -- last change that the page admits to, as printed
  collected      TEXT NOT NULL,                    -- when framewatch first stored it
  story_id       INTEGER NOT NULL,                 -- id of the story's first article; its own id until stories are clustered
  revision       INTEGER NOT NULL DEFAULT 1,       -- number of this text, from 1
  revised        TEXT NOT NULL,                    -- when this text was stored
  text_hash      TEXT NOT NULL,                    -- SHA-256, hex, of title, NUL and text
  words          INTEGER NOT NULL,                 -- words in the text, parted by white space
  extractor      INTEGER NOT NULL DEFAULT 0,       -- version of the extractor; 0 for text that was imported as text
  via            TEXT NOT NULL DEFAULT '',         -- extraction method
  agreement      REAL NOT NULL DEFAULT 0,          -- 0 to 1: how far the extractors agreed
  paywalled      INTEGER NOT NULL DEFAULT 0 CHECK (paywalled IN (0,1)), -- 1 if the page shows only a beginning
  month          TEXT GENERATED ALWAYS AS (CASE WHEN date_precision IN ('time','day','month') AND date_flag NOT IN ('future','epoch') THEN substr(published, 1, 7) END) VIRTUAL, -- YYYY-MM by the outlet's own calendar; NULL if not known well enough
  authors        TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(authors)), -- JSON array of names
  title          TEXT NOT NULL                     -- headline
) STRICT;
CREATE INDEX article_month ON article (month, outlet_id);
CREATE INDEX article_outlet ON article (outlet_id, title);
CREATE INDEX article_story ON article (story_id);

-- The current text of each article, apart so that the rest scans fast and texts can be dropped.
CREATE TABLE article_text (
  article_id INTEGER PRIMARY KEY REFERENCES article (id) ON DELETE CASCADE, -- whose text
  text       TEXT NOT NULL -- paragraphs parted by newlines
) STRICT;

-- What article_search indexes; not for reading.
CREATE VIEW article_search_content (article_id, title, text) AS
SELECT a.id, a.title, b.text FROM article AS a JOIN article_text AS b ON b.article_id = a.id;

-- Full-text index of titles and texts (FTS5): SELECT rowid FROM article_search WHERE article_search MATCH '"ai race"'. Its rowid is the article_id.
CREATE VIRTUAL TABLE article_search USING fts5 (
  title, -- headline
  text,  -- body
  content = 'article_search_content', content_rowid = 'article_id', tokenize = "unicode61 remove_diacritics 2"
);

-- Every earlier text of an article.
CREATE TABLE article_revision (
  article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE, -- whose text
  revision   INTEGER NOT NULL,                     -- its number, from 1
  stored     TEXT NOT NULL,                        -- when it was stored
  replaced   TEXT NOT NULL,                        -- when the next one took its place
  published  TEXT NOT NULL DEFAULT '',             -- date of publication as it was then
  updated    TEXT NOT NULL DEFAULT '',             -- date of change as it was then
  extractor  INTEGER NOT NULL DEFAULT 0,           -- version of the extractor, 0 for imported text
  text_hash  TEXT NOT NULL,                        -- SHA-256, hex, of title, NUL and text
  title      TEXT NOT NULL,                        -- headline
  text       TEXT NOT NULL,                        -- body
  PRIMARY KEY (article_id, revision)
) STRICT;

-- Every address under which an article was seen.
CREATE TABLE article_url (
  url        TEXT PRIMARY KEY,                     -- canonical form of the address
  article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE, -- the article
  claim      TEXT NOT NULL CHECK (claim IN ('fetched','redirect','canonical','alias','import')), -- why: it answered with the article, redirected to it, was named by the page, answered with a copy, or came with an import
  first_seen TEXT NOT NULL                         -- when it was linked
) STRICT, WITHOUT ROWID;
CREATE INDEX article_url_article ON article_url (article_id);

-- Every id under which an article was imported.
CREATE TABLE article_external (
  external_id TEXT PRIMARY KEY,                    -- id given by the file
  article_id  INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE, -- the article
  text_hash   TEXT NOT NULL,                       -- of the text that came last with this id
  first_seen  TEXT NOT NULL                        -- when the id was first imported
) STRICT, WITHOUT ROWID;
CREATE INDEX article_external_article ON article_external (article_id);

-- Every codebook that was ever used, whole.
CREATE TABLE codebook (
  id          INTEGER PRIMARY KEY,                 -- internal number
  fingerprint TEXT NOT NULL UNIQUE,                -- 12 hex digits of a hash over its meaning
  name        TEXT NOT NULL,                       -- its name
  version     TEXT NOT NULL DEFAULT '',            -- the researcher's version label
  title       TEXT NOT NULL DEFAULT '',            -- its title
  file        TEXT NOT NULL DEFAULT '',            -- file it was read from last
  yaml        BLOB NOT NULL,                       -- the file's bytes
  engine      INTEGER NOT NULL,                    -- version of the coding engine that used it last
  first_used  TEXT NOT NULL,                       -- when it was first used
  active      INTEGER NOT NULL DEFAULT 0 CHECK (active IN (0,1)) -- 1 for the one that the views show
) STRICT;
CREATE UNIQUE INDEX codebook_active ON codebook (active) WHERE active = 1;

-- The frames of each codebook.
CREATE TABLE frame (
  codebook_id INTEGER NOT NULL REFERENCES codebook (id) ON DELETE CASCADE, -- the codebook
  frame       TEXT NOT NULL,                       -- id of the frame
  parent      TEXT,                                -- frame whose counts include this one; NULL for none
  position    INTEGER NOT NULL,                    -- place in the codebook, from 0
  label       TEXT NOT NULL DEFAULT '',            -- name to show
  group_name  TEXT NOT NULL DEFAULT '',            -- heading under which it stands
  description TEXT NOT NULL DEFAULT '',            -- what it says
  PRIMARY KEY (codebook_id, frame)
) STRICT, WITHOUT ROWID;

-- Which frames count for which: each frame with itself and with all its ancestors.
CREATE TABLE frame_rollup (
  codebook_id INTEGER NOT NULL REFERENCES codebook (id) ON DELETE CASCADE, -- the codebook
  frame       TEXT NOT NULL,                       -- frame that a mention carries
  counts_for  TEXT NOT NULL,                       -- frame in whose counts it is included
  PRIMARY KEY (codebook_id, frame, counts_for)
) STRICT, WITHOUT ROWID;

-- What each article is about, by each codebook's topic gate.
CREATE TABLE topic (
  article_id  INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE, -- the article
  codebook_id INTEGER NOT NULL REFERENCES codebook (id) ON DELETE CASCADE, -- whose gate judged
  about_ai    INTEGER NOT NULL CHECK (about_ai IN (0,1)),    -- 1 if it is about artificial intelligence
  names_us    INTEGER NOT NULL CHECK (names_us IN (0,1)),    -- 1 if it names the United States
  names_china INTEGER NOT NULL CHECK (names_china IN (0,1)), -- 1 if it names China
  relevant    INTEGER NOT NULL CHECK (relevant IN (0,1)),    -- 1 if it is coded and counted
  reason      TEXT NOT NULL DEFAULT '',            -- why it is not relevant
  PRIMARY KEY (article_id, codebook_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX topic_relevant ON topic (codebook_id, relevant, names_china, about_ai, article_id);

-- What was coded with what. An article is stale when its row is missing or names another text or engine.
CREATE TABLE analysis (
  article_id  INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE, -- the article
  codebook_id INTEGER NOT NULL REFERENCES codebook (id) ON DELETE CASCADE, -- the codebook
  text_hash   TEXT NOT NULL,                       -- of the text that was coded
  engine      INTEGER NOT NULL,                    -- version of the coding engine
  analyzed    TEXT NOT NULL,                       -- when
  mentions    INTEGER NOT NULL,                    -- how many mentions it found
  PRIMARY KEY (article_id, codebook_id)
) STRICT, WITHOUT ROWID;

-- Everybody who is heard in a mention.
CREATE TABLE speaker (
  id          INTEGER PRIMARY KEY,                 -- internal number
  name        TEXT NOT NULL,                       -- fullest name in the article, or the description of an unnamed source
  affiliation TEXT NOT NULL DEFAULT '',            -- body that the person belongs to
  role        TEXT NOT NULL DEFAULT '',            -- office or profession
  country     TEXT NOT NULL DEFAULT '',            -- ISO 3166 code
  normalized  TEXT NOT NULL,                       -- name folded for grouping: lower case, single blanks, no leading article
  UNIQUE (name, affiliation, role, country)
) STRICT;
CREATE INDEX speaker_normalized ON speaker (normalized);

-- Every use of a frame in a sentence of an article's current text. A revised text loses its mentions until it is coded again.
CREATE TABLE mention (
  id             INTEGER PRIMARY KEY,              -- internal number; changes when the article is coded again
  article_id     INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE, -- the article
  codebook_id    INTEGER NOT NULL REFERENCES codebook (id) ON DELETE CASCADE, -- the codebook
  frame          TEXT NOT NULL,                    -- most specific frame that fits
  section        TEXT NOT NULL CHECK (section IN ('headline','lead','body')), -- part of the article
  paragraph      INTEGER NOT NULL,                 -- 0 for the headline, the body's from 1
  span_start     INTEGER NOT NULL,                 -- first code point of the trigger, in title for the headline, else in text
  span_end       INTEGER NOT NULL,                 -- code point after the trigger
  sentence_start INTEGER NOT NULL,                 -- first code point of the sentence
  sentence_end   INTEGER NOT NULL,                 -- code point after the sentence
  stance         TEXT NOT NULL CHECK (stance IN ('asserts','contests','reports')), -- position of the voice towards the frame
  voice          TEXT NOT NULL CHECK (voice IN ('author','speaker')), -- the outlet's own narration, or somebody else's speech
  speaker_id     INTEGER REFERENCES speaker (id),  -- who speaks; NULL for the author and for nobody named
  rule           TEXT NOT NULL DEFAULT '',         -- rule of the codebook that recognized the frame
  stance_rule    TEXT NOT NULL DEFAULT '',         -- decision behind the stance
  voice_rule     TEXT NOT NULL DEFAULT '',         -- decision behind the voice
  cue_start      INTEGER,                          -- first code point of the words that decided the stance; NULL for the default
  cue_end        INTEGER,                          -- code point after them
  attributes     TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(attributes)), -- JSON object of further facts
  trigger        TEXT NOT NULL,                    -- the words that carry the frame
  sentence       TEXT NOT NULL                     -- the sentence around them
) STRICT;
CREATE INDEX mention_article ON mention (codebook_id, article_id, paragraph, frame, stance, voice, section, speaker_id);
CREATE INDEX mention_frame ON mention (codebook_id, frame, article_id, stance, voice, section, speaker_id);
CREATE INDEX mention_speaker ON mention (speaker_id) WHERE speaker_id IS NOT NULL;

-- Articles by month and frame, children counted for their parents; kept in the transactions that change the mentions.
CREATE TABLE month_count (
  codebook_id INTEGER NOT NULL REFERENCES codebook (id) ON DELETE CASCADE, -- the codebook
  month       TEXT NOT NULL,                       -- YYYY-MM
  frame       TEXT NOT NULL,                       -- the frame; '' counts every relevant article
  articles    INTEGER NOT NULL,                    -- how many relevant articles have a mention of it
  PRIMARY KEY (codebook_id, month, frame)
) STRICT, WITHOUT ROWID;

-- Dated events to set beside the series.
CREATE TABLE event (
  id              INTEGER PRIMARY KEY,             -- internal number
  date            TEXT NOT NULL,                   -- first day, YYYY-MM-DD
  end_date        TEXT NOT NULL DEFAULT '',        -- last day, '' for one day
  label           TEXT NOT NULL,                   -- what happened
  kind            TEXT NOT NULL DEFAULT '',        -- sort of event
  frames_expected TEXT NOT NULL DEFAULT '',        -- frames it may move, parted by semicolons
  source          TEXT NOT NULL DEFAULT '',        -- who reports the date
  url             TEXT NOT NULL DEFAULT ''         -- where
) STRICT;

-- Every URL that a feed, a sitemap or a command named as a possible article.
CREATE TABLE frontier (
  id            INTEGER PRIMARY KEY,               -- internal number
  url           TEXT NOT NULL UNIQUE,              -- canonical form
  found         TEXT NOT NULL,                     -- as found
  source        TEXT NOT NULL,                     -- source that named it first
  lane          TEXT NOT NULL,                     -- host:port; requests of one lane never overlap
  via           TEXT NOT NULL DEFAULT '',          -- feed or sitemap that named it
  guid          TEXT NOT NULL DEFAULT '',          -- the feed's own identifier
  title         TEXT NOT NULL DEFAULT '',          -- the feed's title
  published     TEXT NOT NULL DEFAULT '',          -- the feed's date of publication
  updated       TEXT NOT NULL DEFAULT '',          -- the feed's latest date of change
  added         TEXT NOT NULL,                     -- when it was first named
  state         TEXT NOT NULL DEFAULT 'queued'
    CHECK (state IN ('queued','stored','not_modified','rejected','denied','failed')), -- queued, or how the last attempt ended
  due           TEXT NOT NULL,                     -- when a queued URL may be asked for
  lease         TEXT NOT NULL DEFAULT '',          -- until when a worker has it; '' for nobody
  attempts      INTEGER NOT NULL DEFAULT 0,        -- attempts that ended since it was queued
  reason        TEXT NOT NULL DEFAULT '',          -- class of the last failure
  detail        TEXT NOT NULL DEFAULT '',          -- message of the last failure
  tried         TEXT NOT NULL DEFAULT '',          -- when the last attempt ended
  fetched       TEXT NOT NULL DEFAULT '',          -- when its article was last known to be current
  etag          TEXT NOT NULL DEFAULT '',          -- validator for a conditional request
  last_modified TEXT NOT NULL DEFAULT '',          -- validator for a conditional request
  article_id    INTEGER REFERENCES article (id) ON DELETE SET NULL -- the article it led to; NULL for none
) STRICT;
CREATE INDEX frontier_queue ON frontier (lane, due, id) WHERE state = 'queued';
CREATE INDEX frontier_source ON frontier (source, state);
CREATE INDEX frontier_article ON frontier (article_id) WHERE article_id IS NOT NULL;

-- The state of every feed and sitemap between runs.
CREATE TABLE poll (
  source        TEXT NOT NULL,                     -- the source
  url           TEXT NOT NULL,                     -- the feed or sitemap
  kind          TEXT NOT NULL DEFAULT '',          -- feed or sitemap
  etag          TEXT NOT NULL DEFAULT '',          -- validator for a conditional request
  last_modified TEXT NOT NULL DEFAULT '',          -- validator for a conditional request
  body_hash     TEXT NOT NULL DEFAULT '',          -- of the body parsed last
  polls         INTEGER NOT NULL DEFAULT 0,        -- polls so far
  failures      REAL NOT NULL DEFAULT 0,           -- weighted failures in a row
  last          TEXT NOT NULL DEFAULT '',          -- when it was polled
  next          TEXT NOT NULL DEFAULT '',          -- when it is due
  items         INTEGER NOT NULL DEFAULT 0,        -- entries in the last good poll
  new           INTEGER NOT NULL DEFAULT 0,        -- entries that were new in it
  failing_since TEXT NOT NULL DEFAULT '',          -- first failure in a row; '' after a good poll
  reason        TEXT NOT NULL DEFAULT '',          -- class of the last failure
  detail        TEXT NOT NULL DEFAULT '',          -- message of the last failure
  PRIMARY KEY (source, url)
) STRICT, WITHOUT ROWID;

-- Cached robots.txt files.
CREATE TABLE robots (
  origin  TEXT PRIMARY KEY,                        -- scheme://host:port
  fetched TEXT NOT NULL,                           -- when it was asked for
  status  INTEGER NOT NULL,                        -- HTTP status, 0 if no answer came
  body    BLOB NOT NULL                            -- the file, cut at the parser's limit
) STRICT, WITHOUT ROWID;

-- Every response to a request for a page, one row per URL, status and body.
CREATE TABLE page (
  id         INTEGER PRIMARY KEY,                  -- internal number
  url        TEXT NOT NULL,                        -- URL that was asked for
  final      TEXT NOT NULL,                        -- URL that answered, after redirects
  source     TEXT NOT NULL DEFAULT '',             -- source for which it was asked
  status     INTEGER NOT NULL,                     -- HTTP status
  fetched    TEXT NOT NULL,                        -- when this response first came
  seen       TEXT NOT NULL,                        -- when it came last
  article_id INTEGER REFERENCES article (id) ON DELETE SET NULL, -- the article taken from it; NULL for none
  size       INTEGER NOT NULL,                     -- bytes of the body, content encoding removed
  sha256     TEXT NOT NULL,                        -- hash of the body, hex
  header     TEXT NOT NULL CHECK (json_valid(header)), -- response header, JSON object of arrays
  body       BLOB                                  -- the body, gzip; NULL if it is not kept
) STRICT;
CREATE INDEX page_url ON page (url, status);
CREATE INDEX page_article ON page (article_id) WHERE article_id IS NOT NULL;

-- Every crawl.
CREATE TABLE crawl_run (
  id       INTEGER PRIMARY KEY,                    -- number of the run
  command  TEXT NOT NULL,                          -- command that started it
  started  TEXT NOT NULL,                          -- when
  finished TEXT NOT NULL DEFAULT '',               -- when it ended; '' while it runs
  status   TEXT NOT NULL DEFAULT 'running'
    CHECK (status IN ('running','done','partial','stopped','failed','died')), -- how it ended; died: it never said
  sources  INTEGER NOT NULL DEFAULT 0,             -- sources it covered
  fetched  INTEGER NOT NULL DEFAULT 0,             -- pages that came
  new      INTEGER NOT NULL DEFAULT 0,             -- articles that were new
  failed   INTEGER NOT NULL DEFAULT 0,             -- attempts that failed
  skipped  INTEGER NOT NULL DEFAULT 0,             -- pages without an article
  message  TEXT NOT NULL DEFAULT '',               -- first problems, for people
  summary  TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(summary)) -- the whole summary, JSON
) STRICT;

-- What was tried for each source on each day (UTC). attempted = fetched + failed + denied.
CREATE TABLE coverage (
  source       TEXT NOT NULL,                      -- the source
  day          TEXT NOT NULL,                      -- YYYY-MM-DD
  attempted    INTEGER NOT NULL DEFAULT 0,         -- feeds, sitemaps and pages that were tried
  fetched      INTEGER NOT NULL DEFAULT 0,         -- of these, answered well
  failed       INTEGER NOT NULL DEFAULT 0,         -- failed
  denied       INTEGER NOT NULL DEFAULT 0,         -- not asked for: robots.txt, address guard or opt-out
  new          INTEGER NOT NULL DEFAULT 0,         -- new articles
  skipped      INTEGER NOT NULL DEFAULT 0,         -- pages that came but hold no article
  polls        INTEGER NOT NULL DEFAULT 0,         -- feeds and sitemaps among attempted
  polls_failed INTEGER NOT NULL DEFAULT 0,         -- feeds and sitemaps among failed and denied
  unchanged    INTEGER NOT NULL DEFAULT 0,         -- pages among fetched that had not changed
  PRIMARY KEY (source, day)
) STRICT, WITHOUT ROWID;
