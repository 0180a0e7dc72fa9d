-- Articles without any, with one and with several Chinese voices, by the stance that they take on a frame
-- Voices are distinct speakers of the articles' mentions whose country is known as China: people who are quoted on none
-- of the codebook's frames are not seen, so this undercounts. monolith is articles that also use that frame. stance is
-- 'mixed' where an article's mentions differ.
-- :frame race the frame, its children included
-- :country CN the speakers' country
WITH users AS (
  SELECT m.article_id, iif(count(DISTINCT m.stance) > 1, 'mixed', min(m.stance)) AS stance
  FROM v_mention AS m JOIN v_frame_rollup AS r ON r.frame = m.frame WHERE r.counts_for = :frame GROUP BY m.article_id),
voices AS (
  SELECT article_id, count(DISTINCT iif(speaker_country = :country, speaker_key, NULL)) AS voices, max(frame = 'monolith') AS monolith
  FROM v_mention GROUP BY article_id)
SELECT CASE v.voices WHEN 0 THEN 'none' WHEN 1 THEN 'one' ELSE 'two or more' END AS voices, u.stance, count(*) AS articles,
       sum(v.monolith) AS monolith
FROM users AS u JOIN voices AS v ON v.article_id = u.article_id
GROUP BY 1, 2
ORDER BY 1, 2;
