-- Share of relevant articles with a frame in the headline, by month and outlet country
-- One row per month and country with a relevant article. n and k are articles; the interval is Wilson's at 95 %.
-- :frame race the frame, its children included
-- :from 2024-07-24 first day
-- :to 2025-07-19 last day
SELECT a.month, a.country, count(*) AS n, count(h.article_id) AS k, round(1.0 * count(h.article_id) / count(*), 4) AS share,
       round(wilson_low(count(h.article_id), count(*)), 4) AS wilson_low,
       round(wilson_high(count(h.article_id), count(*)), 4) AS wilson_high
FROM v_article AS a
LEFT JOIN (SELECT DISTINCT m.article_id FROM v_mention AS m JOIN v_frame_rollup AS r ON r.frame = m.frame
           WHERE r.counts_for = :frame AND m.section = 'headline') AS h ON h.article_id = a.article_id
WHERE a.relevant = 1 AND a.month IS NOT NULL AND substr(a.published, 1, 10) BETWEEN :from AND :to
GROUP BY a.month, a.country
ORDER BY a.month, a.country;
