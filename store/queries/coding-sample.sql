-- Random sample of spans per frame and stance for blind second coding
-- The same seed gives the same sample from the same file. inclusion is the probability with which a span of its stratum
-- is drawn, which weighted estimates need. The columns frame and stance are the stratum: hide them from the coder.
-- :size 50 spans per frame and stance
-- :seed 1 any whole number
WITH keyed AS MATERIALIZED (
  SELECT mention_id, frame, stance,
         ((article_id * 2654435761 + span_start * 40503 + paragraph * 9176 + CAST(:seed AS INTEGER) * 69621) % 2147483647 * 48271) % 2147483647 AS key
  FROM v_code),
strata AS MATERIALIZED (SELECT frame, stance, count(*) AS total FROM v_code GROUP BY frame, stance),
shuffled AS MATERIALIZED (
  -- Of a large stratum only the low keys are ordered: more than ten times as many as are drawn.
  SELECT k.mention_id, s.total, row_number() OVER (PARTITION BY k.frame, k.stance ORDER BY k.key, k.mention_id) AS place
  FROM keyed AS k JOIN strata AS s ON s.frame = k.frame AND s.stance = k.stance
  WHERE k.key <= 2147483647.0 * (10 * CAST(:size AS INTEGER) + 100) / s.total)
SELECT m.frame, m.stance, coalesce(m.external_id, a.text_hash) AS article, m.section, m.paragraph, m.span_start, m.span_end, m.trigger,
       m.sentence, m.outlet, m.published, m.url, round(min(1.0, 1.0 * CAST(:size AS INTEGER) / s.total), 6) AS inclusion, m.codebook
FROM shuffled AS s CROSS JOIN v_mention AS m ON m.mention_id = s.mention_id JOIN v_article AS a ON a.article_id = m.article_id
WHERE s.place <= CAST(:size AS INTEGER)
ORDER BY m.frame, m.stance, s.place;
