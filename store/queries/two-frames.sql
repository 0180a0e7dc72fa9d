-- Ratio of one frame to another by month, counted in mentions, articles and stories
-- share is mentions of the first among mentions of both, with Wilson's interval at 95 %; ratio is NULL where the second
-- is absent. A story counts once however many outlets carry it.
-- :frame cooperation the first frame, its children included
-- :other zero_sum the second frame, its children included
-- :unit exposure what counts: exposure, every article, or story, each story once, where it appeared first
SELECT month, sum(k) AS k, sum(k_other) AS k_other, round(1.0 * sum(k) / nullif(sum(k_other), 0), 3) AS ratio,
       round(1.0 * sum(k) / sum(k + k_other), 4) AS share,
       round(wilson_low(sum(k), sum(k + k_other)), 4) AS wilson_low, round(wilson_high(sum(k), sum(k + k_other)), 4) AS wilson_high,
       sum(k > 0) AS articles, sum(k_other > 0) AS articles_other,
       count(DISTINCT iif(k > 0, story_id, NULL)) AS stories, count(DISTINCT iif(k_other > 0, story_id, NULL)) AS stories_other
FROM (SELECT m.month, m.article_id, m.story_id, sum(r.counts_for = :frame) AS k, sum(r.counts_for = :other) AS k_other
      FROM v_code AS m JOIN v_frame_rollup AS r ON r.frame = m.frame
      WHERE r.counts_for IN (:frame, :other) AND m.month IS NOT NULL AND (:unit = 'exposure' OR m.story_id = m.article_id)
      GROUP BY m.article_id)
GROUP BY month
ORDER BY month;
