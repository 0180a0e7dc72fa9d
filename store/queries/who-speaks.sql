-- Who asserts, contests or reports a frame: author or quoted speaker, by quarter and outlet leaning
-- One row per quarter and leaning ('' where no rating is cited). Figures are mentions of the frame; the interval is
-- Wilson's at 95 % for the share that is contested by either voice.
-- :frame race the frame, its children included
-- :unit exposure what counts: exposure, every article, or story, each story once, where it appeared first
WITH months AS (
  SELECT m.month, m.leaning, count(*) AS n,
         sum(m.stance = 'asserts' AND m.voice = 'author') AS author_asserts,
         sum(m.stance = 'asserts' AND m.voice = 'speaker') AS speaker_asserts,
         sum(m.stance = 'reports') AS reports,
         sum(m.stance = 'contests') AS contests
  FROM v_mention AS m
  WHERE m.frame IN (SELECT frame FROM v_frame_rollup WHERE counts_for = :frame) AND m.month IS NOT NULL
    AND (:unit = 'exposure' OR m.story_id = m.article_id)
  GROUP BY m.month, m.leaning)
SELECT quarter(month) AS quarter, leaning, sum(n) AS n, sum(author_asserts) AS author_asserts, sum(speaker_asserts) AS speaker_asserts,
       sum(reports) AS reports, sum(contests) AS contests, round(1.0 * sum(contests) / sum(n), 4) AS contested,
       round(wilson_low(sum(contests), sum(n)), 4) AS wilson_low, round(wilson_high(sum(contests), sum(n)), 4) AS wilson_high
FROM months
GROUP BY 1, 2
ORDER BY 1, 2;
