-- Articles without any, with one and with several Chinese voices, by the stance that they take on a frame
-- Voices are distinct speakers of the articles' mentions whose country is known as China: people who are quoted on none
-- of the codebook's frames are not seen, so this undercounts. monolith is articles that also use that frame. stance is
-- 'mixed' where an article's mentions differ.
-- :frame race the frame, its children included
-- :country CN the speakers' country
-- :unit exposure what counts: exposure, every article, or story, each story once, where it appeared first
WITH members AS MATERIALIZED (SELECT frame FROM v_frame_rollup WHERE counts_for = :frame),
heard AS MATERIALIZED (SELECT speaker_id, speaker_key FROM v_speaker WHERE country = :country),
users AS (
  SELECT article_id, min(iif(frame IN members, stance, NULL)) AS low, max(iif(frame IN members, stance, NULL)) AS high,
         count(DISTINCT (SELECT h.speaker_key FROM heard AS h WHERE h.speaker_id = m.speaker_id)) AS voices,
         max(frame = 'monolith') AS monolith
  FROM v_code AS m WHERE (:unit = 'exposure' OR m.story_id = m.article_id) GROUP BY article_id)
SELECT CASE voices WHEN 0 THEN 'none' WHEN 1 THEN 'one' ELSE 'two or more' END AS voices,
       iif(low = high, low, 'mixed') AS stance, count(*) AS articles, sum(monolith) AS monolith
FROM users WHERE low IS NOT NULL
GROUP BY 1, 2
ORDER BY 1, 2;
