-- Articles that use two frames in one paragraph, as a share of all that use the first, before and from a day, by kind of source
-- n is articles with the first frame, k those with both in one paragraph; the interval is Wilson's at 95 %. Articles whose
-- day is not known are left out.
-- :frame race the first frame, its children included
-- :other deregulation the second frame, its children included
-- :day 2025-07-23 the day from which 'from' counts
-- :unit exposure what counts: exposure, every article, or story, each story once, where it appeared first
WITH places AS (
  SELECT m.article_id, max(r.counts_for = :frame) AS one, max(r.counts_for = :other) AS two
  FROM v_code AS m JOIN v_frame_rollup AS r ON r.frame = m.frame
  WHERE r.counts_for IN (:frame, :other)
  GROUP BY m.article_id, m.paragraph),
users AS (SELECT article_id, max(one AND two) AS both FROM places GROUP BY article_id HAVING max(one))
SELECT iif(substr(a.published, 1, 10) < :day, 'before', 'from') AS period, a.source_type, count(*) AS n, sum(u.both) AS k,
       round(1.0 * sum(u.both) / count(*), 4) AS share,
       round(wilson_low(sum(u.both), count(*)), 4) AS wilson_low, round(wilson_high(sum(u.both), count(*)), 4) AS wilson_high
FROM users AS u CROSS JOIN v_article AS a ON a.article_id = u.article_id
WHERE length(a.published) >= 10 AND (:unit = 'exposure' OR a.story_id = a.article_id)
GROUP BY 1, 2
ORDER BY 1, 2;
