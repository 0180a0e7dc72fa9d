-- Schema 4: pauses outlive the process that met them, denials follow robots.txt, pages in another dress find their article.

-- The pauses that hosts have asked for with Retry-After. They hold for every page and feed of the host, also for those
-- that are queued later; a row whose time is past says nothing any more.
CREATE TABLE pause (
  lane   TEXT PRIMARY KEY,                         -- host:port
  asked  TEXT NOT NULL,                            -- when the host asked for it, with milliseconds
  until  TEXT NOT NULL,                            -- nothing is asked before, with milliseconds
  status INTEGER NOT NULL                          -- HTTP status of the answer, 429 or 503
) STRICT, WITHOUT ROWID;

-- What robots.txt denies is looked for when robots.txt has changed.
CREATE INDEX frontier_denied ON frontier (lane) WHERE state = 'denied' AND reason = 'robots';

-- Addresses of one page in several dresses (plain, AMP, mobile, print) share a key; articles with an equal key on one
-- site are compared by their text.
CREATE TABLE article_variant (
  variant    TEXT NOT NULL,                        -- key of the addresses, see urlnorm.VariantKey
  article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE, -- the article
  PRIMARY KEY (variant, article_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX article_variant_article ON article_variant (article_id);
