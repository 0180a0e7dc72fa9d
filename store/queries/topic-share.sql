-- Share of relevant articles on some words that also use a frame, by week
-- One row per week (its Monday) with such an article. The words are a full-text query; the interval is Wilson's at 95 %.
-- :words 'tiktok OR rednote' full-text query for the articles
-- :frame race the frame, its children included
-- :from 2024-04-01 first day
-- :to 2026-02-28 last day
-- :unit exposure what counts: exposure, every article, or story, each story once, where it appeared first
WITH users AS (
  SELECT DISTINCT m.article_id FROM v_mention AS m JOIN v_frame_rollup AS r ON r.frame = m.frame WHERE r.counts_for = :frame)
SELECT date(substr(a.published, 1, 10), '-6 days', 'weekday 1') AS week, count(*) AS n, count(u.article_id) AS k,
       round(1.0 * count(u.article_id) / count(*), 4) AS share,
       round(wilson_low(count(u.article_id), count(*)), 4) AS wilson_low,
       round(wilson_high(count(u.article_id), count(*)), 4) AS wilson_high
FROM article_search AS s
JOIN v_article AS a ON a.article_id = s.rowid
LEFT JOIN users AS u ON u.article_id = a.article_id
WHERE article_search MATCH :words AND a.relevant = 1 AND length(a.published) >= 10
  AND substr(a.published, 1, 10) BETWEEN :from AND :to AND a.month IS NOT NULL
  AND (:unit = 'exposure' OR a.story_id = a.article_id)
GROUP BY week
ORDER BY week;
