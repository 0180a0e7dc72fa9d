-- Share of relevant articles with a frame in the headline, by month and outlet country
-- One row per month and country with a relevant article. n and k are articles; the interval is Wilson's at 95 %.
-- :frame race the frame, its children included
-- :from 2024-07-24 first day
-- :to 2025-07-19 last day
-- :unit exposure what counts: exposure, every article, or story, each story once, where it appeared first
WITH users AS MATERIALIZED (
  SELECT m.article_id FROM v_code AS m JOIN v_frame_rollup AS r ON r.frame = m.frame
  WHERE r.counts_for = :frame AND m.section = 'headline')
SELECT month, country, count(*) AS n, sum(used) AS k, round(1.0 * sum(used) / count(*), 4) AS share,
       round(wilson_low(sum(used), count(*)), 4) AS wilson_low, round(wilson_high(sum(used), count(*)), 4) AS wilson_high
FROM (SELECT month, country, article_id IN users AS used
      FROM v_article
      WHERE relevant = 1 AND month BETWEEN substr(:from, 1, 7) AND substr(:to, 1, 7)
        AND substr(published, 1, 10) BETWEEN :from AND :to
        AND (:unit = 'exposure' OR story_id = article_id))
GROUP BY month, country
ORDER BY month, country;
