-- Outlets whose share of articles with a frame changed most between two years
-- A fixed panel: only outlets with enough relevant articles in both years. low and high are Newcombe's 95 % interval of
-- the change (later minus earlier); where it includes 0, no change is shown.
-- :frame race the frame, its children included
-- :earlier 2024 first year
-- :later 2025 second year
-- :least 30 relevant articles that an outlet must have in either year
-- :unit exposure what counts: exposure, every article, or story, each story once, where it appeared first
WITH users AS MATERIALIZED (
  SELECT m.article_id FROM v_code AS m JOIN v_frame_rollup AS r ON r.frame = m.frame WHERE r.counts_for = :frame),
dated AS (
  SELECT source, outlet, substr(published, 1, 4) AS year, article_id IN users AS used
  FROM v_article
  WHERE relevant = 1 AND substr(published, 1, 4) IN (:earlier, :later) AND date_flag NOT IN ('future', 'epoch')
    AND (:unit = 'exposure' OR story_id = article_id)),
years AS (
  SELECT outlet, sum(year = :earlier) AS n1, sum(year = :earlier AND used) AS k1, sum(year = :later) AS n2, sum(year = :later AND used) AS k2
  FROM dated GROUP BY source)
SELECT outlet, k1, n1, k2, n2, round(1.0 * k1 / n1, 4) AS share1, round(1.0 * k2 / n2, 4) AS share2,
       round(1.0 * k2 / n2 - 1.0 * k1 / n1, 4) AS change,
       round(newcombe_low(k2, n2, k1, n1), 4) AS low, round(newcombe_high(k2, n2, k1, n1), 4) AS high
FROM years
WHERE n1 >= CAST(:least AS INTEGER) AND n2 >= CAST(:least AS INTEGER)
ORDER BY abs(1.0 * k2 / n2 - 1.0 * k1 / n1) DESC, outlet;
