-- Stories that carried a frame furthest: clusters by outlets, with the headlines that have it and those that dropped it
-- One row per story that several outlets tell. with_frame is its articles with the frame, headlines_with and
-- headlines_without are JSON arrays, press_release is 1 if a press-release wire carries it.
-- :frame race the frame, its children included
-- :least 2 outlets that a story must have
WITH users AS (
  SELECT m.article_id, max(m.section = 'headline') AS headline
  FROM v_mention AS m JOIN v_frame_rollup AS r ON r.frame = m.frame WHERE r.counts_for = :frame GROUP BY m.article_id)
SELECT a.story_id, count(DISTINCT a.source) AS outlets, count(*) AS articles, max(a.source_type = 'press_release') AS press_release, count(u.article_id) AS with_frame,
       coalesce(sum(u.headline), 0) AS in_headline, min(a.published) AS first,
       json_group_array(DISTINCT a.title) FILTER (WHERE u.headline = 1) AS headlines_with,
       json_group_array(DISTINCT a.title) FILTER (WHERE coalesce(u.headline, 0) = 0) AS headlines_without
FROM v_article AS a LEFT JOIN users AS u ON u.article_id = a.article_id
WHERE a.story_id IN (SELECT story_id FROM v_article WHERE story_id <> article_id)
GROUP BY a.story_id
HAVING count(DISTINCT a.source) >= CAST(:least AS INTEGER) AND count(u.article_id) > 0
ORDER BY outlets DESC, with_frame DESC, a.story_id;
