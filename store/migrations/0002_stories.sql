-- Articles whose story is to be found: new ones, and those whose text, date or outlet has changed since.
CREATE TABLE story_due (
  article_id INTEGER PRIMARY KEY REFERENCES article (id) ON DELETE CASCADE, -- the article
  changes    INTEGER NOT NULL DEFAULT 1            -- how often it has changed, so that no change is lost while it is looked at
) STRICT;
INSERT INTO story_due (article_id) SELECT id FROM article;

CREATE TRIGGER story_due_new AFTER INSERT ON article BEGIN
  INSERT INTO story_due (article_id) VALUES (new.id) ON CONFLICT (article_id) DO UPDATE SET changes = changes + 1;
END;
CREATE TRIGGER story_due_changed AFTER UPDATE OF text_hash, published, date_flag, outlet_id ON article
WHEN old.text_hash <> new.text_hash OR old.published <> new.published OR old.date_flag <> new.date_flag OR old.outlet_id <> new.outlet_id BEGIN
  INSERT INTO story_due (article_id) VALUES (new.id) ON CONFLICT (article_id) DO UPDATE SET changes = changes + 1;
END;

-- What is kept of each text to know its copies by. A text that is too short has none.
CREATE TABLE sketch (
  article_id INTEGER PRIMARY KEY REFERENCES article (id) ON DELETE CASCADE, -- the article
  outlet_id  INTEGER NOT NULL REFERENCES outlet (id), -- who published it
  day        INTEGER NOT NULL,                     -- days from 1970-01-01 to its day: of publication, else the month's middle, else of collection
  body       BLOB NOT NULL                         -- sampled word sequences, names and anchors of package story
) STRICT;
CREATE INDEX sketch_day ON sketch (day);

-- Pairs of articles that are copies of one text, in both directions. A story is what these links connect.
CREATE TABLE story_link (
  article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE, -- one article
  other_id   INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE, -- the other
  share      REAL NOT NULL,                        -- how much of the shorter text the longer one contains, 0 to 1, estimated
  PRIMARY KEY (article_id, other_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX story_link_other ON story_link (other_id);

-- Word sequences that an outlet prints again and again: footers, forms, background. They are no sign of a copy.
CREATE TABLE story_recycled (
  outlet_id INTEGER NOT NULL REFERENCES outlet (id), -- the outlet
  shingle   INTEGER NOT NULL,                      -- hash of the sequence
  PRIMARY KEY (outlet_id, shingle)
) STRICT, WITHOUT ROWID;

-- Stories by month and frame of their first article, as month_count has articles; kept in the same transactions.
CREATE TABLE month_story_count (
  codebook_id INTEGER NOT NULL REFERENCES codebook (id) ON DELETE CASCADE, -- the codebook
  month       TEXT NOT NULL,                       -- YYYY-MM of the story's first article
  frame       TEXT NOT NULL,                       -- the frame; '' counts every story whose first article is relevant
  stories     INTEGER NOT NULL,                    -- of these stories, how many have a mention of it in the first article
  PRIMARY KEY (codebook_id, month, frame)
) STRICT, WITHOUT ROWID;
INSERT INTO month_story_count (codebook_id, month, frame, stories) SELECT codebook_id, month, frame, articles FROM month_count;

-- Counting a story's outlets reads nothing but this index.
DROP INDEX article_story;
CREATE INDEX article_story ON article (story_id, outlet_id);
