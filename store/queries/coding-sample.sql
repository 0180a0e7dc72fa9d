-- Random sample of spans per frame and stance for blind second coding
-- The same seed gives the same sample from the same file. inclusion is the probability with which a span of its stratum
-- is drawn, which weighted estimates need. The columns frame and stance are the stratum: hide them from the coder.
-- :size 50 spans per frame and stance
-- :seed 1 any whole number
WITH shuffled AS (
  SELECT *, row_number() OVER (PARTITION BY frame, stance ORDER BY key, mention_id) AS place, count(*) OVER (PARTITION BY frame, stance) AS total
  FROM (SELECT *, ((article_id * 2654435761 + span_start * 40503 + paragraph * 9176 + CAST(:seed AS INTEGER) * 69621) % 2147483647 * 48271) % 2147483647 AS key
        FROM v_mention))
SELECT frame, stance, coalesce(external_id, text_hash) AS article, section, paragraph, span_start, span_end, trigger, sentence, outlet, published, url,
       round(min(1.0, 1.0 * CAST(:size AS INTEGER) / total), 6) AS inclusion, shuffled.codebook
FROM shuffled JOIN (SELECT article_id, text_hash FROM v_article) USING (article_id)
WHERE place <= CAST(:size AS INTEGER)
ORDER BY frame, stance, place;
