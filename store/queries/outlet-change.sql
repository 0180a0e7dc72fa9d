-- Outlets whose share of articles with a frame changed most between two years
-- A fixed panel: only outlets with enough relevant articles in both years. low and high are Newcombe's 95 % interval of
-- the change (later minus earlier); where it includes 0, no change is shown.
-- :frame race the frame, its children included
-- :earlier 2024 first year
-- :later 2025 second year
-- :least 30 relevant articles that an outlet must have in either year
WITH users AS (
  SELECT DISTINCT m.article_id FROM v_mention AS m JOIN v_frame_rollup AS r ON r.frame = m.frame WHERE r.counts_for = :frame),
years AS (
  SELECT a.source, a.outlet,
         sum(substr(a.published, 1, 4) = :earlier) AS n1,
         sum(substr(a.published, 1, 4) = :earlier AND u.article_id IS NOT NULL) AS k1,
         sum(substr(a.published, 1, 4) = :later) AS n2,
         sum(substr(a.published, 1, 4) = :later AND u.article_id IS NOT NULL) AS k2
  FROM v_article AS a LEFT JOIN users AS u ON u.article_id = a.article_id
  WHERE a.relevant = 1 AND a.published IS NOT NULL AND a.date_flag NOT IN ('future', 'epoch')
  GROUP BY a.source)
SELECT outlet, k1, n1, k2, n2, round(1.0 * k1 / n1, 4) AS share1, round(1.0 * k2 / n2, 4) AS share2,
       round(1.0 * k2 / n2 - 1.0 * k1 / n1, 4) AS change,
       round(newcombe_low(k2, n2, k1, n1), 4) AS low, round(newcombe_high(k2, n2, k1, n1), 4) AS high
FROM years
WHERE n1 >= CAST(:least AS INTEGER) AND n2 >= CAST(:least AS INTEGER)
ORDER BY abs(1.0 * k2 / n2 - 1.0 * k1 / n1) DESC, outlet;
