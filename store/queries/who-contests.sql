-- Who is quoted contesting a frame: speakers with articles, stories, outlets, dates and an example
-- One row per speaker, most stories first. Spellings that differ in case or by an article are one speaker; a surname alone
-- in one article and a full name in another are two.
-- :frame race the frame, its children included
-- :limit 30 speakers at most
WITH uses AS (
  SELECT m.*, row_number() OVER (PARTITION BY m.speaker_key ORDER BY m.published IS NULL, m.published, m.mention_id) AS place
  FROM v_mention AS m JOIN v_frame_rollup AS r ON r.frame = m.frame
  WHERE r.counts_for = :frame AND m.stance = 'contests' AND m.voice = 'speaker' AND m.speaker_key <> '')
SELECT max(CASE place WHEN 1 THEN speaker END) AS speaker, max(affiliation) AS affiliation, max(role) AS role,
       count(DISTINCT story_id) AS stories, count(DISTINCT article_id) AS articles, count(DISTINCT source) AS outlets,
       min(published) AS first, max(published) AS last,
       max(CASE place WHEN 1 THEN sentence END) AS example, max(CASE place WHEN 1 THEN url END) AS example_url
FROM uses
GROUP BY speaker_key
ORDER BY stories DESC, outlets DESC, speaker
LIMIT CAST(:limit AS INTEGER);
