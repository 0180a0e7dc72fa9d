-- Schema 5. What people code, to measure what the program codes.

-- Codes by people: of a passage that was drawn from the mentions, or of a whole article.
CREATE TABLE gold (
  id           INTEGER PRIMARY KEY,                -- internal number
  coder        TEXT NOT NULL,                      -- who coded
  unit         TEXT NOT NULL CHECK (unit IN ('span','article')), -- what was coded
  article_id   INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE, -- the article
  text_hash    TEXT NOT NULL,                      -- of the text that was coded
  asked        TEXT NOT NULL DEFAULT '',           -- frame that was asked about; '' for a span, which is open
  section      TEXT NOT NULL DEFAULT '' CHECK (section IN ('','headline','text')), -- where the span stands; '' for an article
  span_start   INTEGER NOT NULL DEFAULT 0,         -- first code point of the span
  span_end     INTEGER NOT NULL DEFAULT 0,         -- code point after it
  frame        TEXT NOT NULL,                      -- the frame that the coder sees; '' for none
  stance       TEXT NOT NULL DEFAULT '',           -- asserts, contests or reports; '' if not coded
  sampled_frame TEXT NOT NULL DEFAULT '',          -- the program's frame when the unit was drawn, '' for none
  sampled_stance TEXT NOT NULL DEFAULT '',         -- its stance then
  codebook     TEXT NOT NULL DEFAULT '',           -- fingerprint of the codebook by which it was drawn
  inclusion    REAL NOT NULL DEFAULT 1 CHECK (inclusion > 0 AND inclusion <= 1), -- probability with which it was drawn
  imported     TEXT NOT NULL,                      -- when the code came in
  UNIQUE (coder, unit, article_id, asked, section, span_start, span_end)
) STRICT;
CREATE INDEX gold_article ON gold (article_id);
