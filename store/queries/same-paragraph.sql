-- Articles that use two frames in one paragraph, as a share of all that use the first, before and from a day, by kind of source
-- n is articles with the first frame, k those with both in one paragraph; the interval is Wilson's at 95 %. Articles whose
-- day is not known are left out.
-- :frame race the first frame, its children included
-- :other deregulation the second frame, its children included
-- :day 2025-07-23 the day from which 'from' counts
WITH uses AS (
  SELECT m.article_id, m.paragraph, m.source_type, r.counts_for, iif(substr(m.published, 1, 10) < :day, 'before', 'from') AS period
  FROM v_mention AS m JOIN v_frame_rollup AS r ON r.frame = m.frame
  WHERE r.counts_for IN (:frame, :other) AND length(m.published) >= 10),
both AS (
  SELECT DISTINCT a.article_id FROM uses AS a JOIN uses AS b ON b.article_id = a.article_id AND b.paragraph = a.paragraph
  WHERE a.counts_for = :frame AND b.counts_for = :other)
SELECT period, source_type, count(*) AS n, count(both.article_id) AS k, round(1.0 * count(both.article_id) / count(*), 4) AS share,
       round(wilson_low(count(both.article_id), count(*)), 4) AS wilson_low,
       round(wilson_high(count(both.article_id), count(*)), 4) AS wilson_high
FROM (SELECT DISTINCT article_id, source_type, period FROM uses WHERE counts_for = :frame) AS users
LEFT JOIN both ON both.article_id = users.article_id
GROUP BY period, source_type
ORDER BY period, source_type;
