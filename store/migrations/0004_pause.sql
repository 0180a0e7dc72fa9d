-- Schema 4: pauses outlive the process that met them.

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
