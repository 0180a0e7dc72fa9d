-- Schema 3. What most questions about mentions ask of the article stands beside the codes, so that an index answers them
-- without a look at the article: at 600,000 mentions that look is most of the time.

ALTER TABLE mention ADD COLUMN month TEXT; -- month of the article, kept equal to it
ALTER TABLE mention ADD COLUMN outlet_id INTEGER; -- outlet of the article, kept equal to it
ALTER TABLE mention ADD COLUMN story_id INTEGER; -- story of the article, kept equal to it

UPDATE mention SET (month, outlet_id, story_id) = (SELECT a.month, a.outlet_id, a.story_id FROM article AS a WHERE a.id = mention.article_id);

-- An article that is dated anew, found to be another outlet's or joined to a story takes its mentions along.
CREATE TRIGGER article_moved AFTER UPDATE OF published, date_precision, date_flag, outlet_id, story_id ON article
WHEN NEW.month IS NOT OLD.month OR NEW.outlet_id <> OLD.outlet_id OR NEW.story_id <> OLD.story_id
BEGIN
  UPDATE mention SET month = NEW.month, outlet_id = NEW.outlet_id, story_id = NEW.story_id
  WHERE article_id = NEW.id AND codebook_id IN (SELECT id FROM codebook);
END;

DROP INDEX mention_frame;
CREATE INDEX mention_frame ON mention (codebook_id, frame, article_id, paragraph, stance, voice, section, speaker_id, month, outlet_id, story_id, span_start, span_end);
