-- Random sample of spans per frame and stance for blind second coding
-- The same seed gives the same sample from the same file. inclusion is the probability with which a span of its stratum
-- is drawn, which weighted estimates need. Fill in code_frame (a frame, or none) and code_stance; "framewatch import-codes"
-- takes the file back. The columns frame and stance are the stratum: hide them from the coder.
-- :size 50 spans per frame and stance
-- :seed 1 any whole number
WITH totals AS MATERIALIZED (
  SELECT frame, sum(stance = 'asserts') AS asserts, sum(stance = 'contests') AS contests, count(*) AS n FROM v_code GROUP BY frame),
strata AS MATERIALIZED (
  SELECT frame, 'asserts' AS stance, asserts AS total FROM totals
  UNION ALL SELECT frame, 'contests', contests FROM totals
  UNION ALL SELECT frame, 'reports', n - asserts - contests FROM totals),
keyed AS (
  -- Of a large stratum only the low keys are ordered: more than ten times as many as are drawn.
  SELECT m.mention_id, m.frame, m.stance, s.total,
         ((m.article_id * 2654435761 + m.span_start * 40503 + m.paragraph * 9176 + CAST(:seed AS INTEGER) * 69621) % 2147483647 * 48271) % 2147483647 AS key
  FROM v_code AS m JOIN strata AS s ON s.frame = m.frame AND s.stance = m.stance
  WHERE key <= 2147483647.0 * (10 * CAST(:size AS INTEGER) + 100) / s.total),
shuffled AS MATERIALIZED (
  SELECT mention_id, total, row_number() OVER (PARTITION BY frame, stance ORDER BY key, mention_id) AS place FROM keyed)
SELECT m.frame, m.stance, coalesce(m.external_id, a.text_hash) AS article, m.section, m.paragraph, m.span_start, m.span_end, m.trigger,
       m.sentence, m.outlet, m.published, m.url, round(min(1.0, 1.0 * CAST(:size AS INTEGER) / s.total), 6) AS inclusion, m.codebook,
       NULL AS code_frame, NULL AS code_stance, 'span' AS unit
FROM shuffled AS s CROSS JOIN v_mention AS m ON m.mention_id = s.mention_id JOIN v_article AS a ON a.article_id = m.article_id
WHERE s.place <= CAST(:size AS INTEGER)
ORDER BY m.frame, m.stance, s.place;
