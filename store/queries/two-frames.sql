-- Ratio of one frame to another by month, counted in mentions, articles and stories
-- share is mentions of the first among mentions of both, with Wilson's interval at 95 %; ratio is NULL where the second
-- is absent. A story counts once however many outlets carry it.
-- :frame cooperation the first frame, its children included
-- :other zero_sum the second frame, its children included
SELECT m.month, sum(r.counts_for = :frame) AS k, sum(r.counts_for = :other) AS k_other,
       round(1.0 * sum(r.counts_for = :frame) / nullif(sum(r.counts_for = :other), 0), 3) AS ratio,
       round(1.0 * sum(r.counts_for = :frame) / count(*), 4) AS share,
       round(wilson_low(sum(r.counts_for = :frame), count(*)), 4) AS wilson_low,
       round(wilson_high(sum(r.counts_for = :frame), count(*)), 4) AS wilson_high,
       count(DISTINCT iif(r.counts_for = :frame, m.article_id, NULL)) AS articles,
       count(DISTINCT iif(r.counts_for = :other, m.article_id, NULL)) AS articles_other,
       count(DISTINCT iif(r.counts_for = :frame, m.story_id, NULL)) AS stories,
       count(DISTINCT iif(r.counts_for = :other, m.story_id, NULL)) AS stories_other
FROM v_mention AS m JOIN v_frame_rollup AS r ON r.frame = m.frame
WHERE r.counts_for IN (:frame, :other) AND m.month IS NOT NULL
GROUP BY m.month
ORDER BY m.month;
