-- Stories that carried a frame furthest: clusters by outlets, with the headlines that have it and those that dropped it
-- One row per story that several outlets tell. with_frame is its articles with the frame, headlines_with and
-- headlines_without are JSON arrays, press_release is 1 if a press-release wire carries it.
-- :frame race the frame, its children included
-- :least 2 outlets that a story must have
WITH told AS MATERIALIZED (
  SELECT story_id, articles, outlets
  FROM (SELECT story_id, count(*) AS articles, count(DISTINCT outlet_id) AS outlets FROM article GROUP BY story_id)
  WHERE articles > 1 AND outlets >= CAST(:least AS INTEGER)),
users AS MATERIALIZED (
  SELECT m.article_id, m.story_id, max(m.section = 'headline') AS headline
  FROM v_code AS m JOIN v_frame_rollup AS r ON r.frame = m.frame
  WHERE r.counts_for = :frame AND m.story_id IN (SELECT story_id FROM told) GROUP BY m.article_id)
SELECT t.story_id, t.outlets, t.articles, max(o.type = 'press_release') AS press_release, count(u.article_id) AS with_frame, coalesce(sum(u.headline), 0) AS in_headline,
       min(nullif(a.published, '')) AS first,
       json_group_array(DISTINCT a.title) FILTER (WHERE u.headline = 1) AS headlines_with,
       json_group_array(DISTINCT a.title) FILTER (WHERE coalesce(u.headline, 0) = 0) AS headlines_without
FROM told AS t CROSS JOIN article AS a ON a.story_id = t.story_id CROSS JOIN outlet AS o ON o.id = a.outlet_id
LEFT JOIN users AS u ON u.article_id = a.id
WHERE t.story_id IN (SELECT story_id FROM users)
GROUP BY t.story_id
ORDER BY t.outlets DESC, with_frame DESC, t.story_id;
