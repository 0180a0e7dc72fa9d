-- Spans that a change of codebook gained and lost, with examples
-- A span is lost if no mention of the same frame by the new codebook overlaps it, gained the other way round. total is all
-- such spans of the frame; examples are spread over the articles, the same ones every time. Articles that only one
-- codebook has coded are compared too: code all with both first.
-- :old 'previous' fingerprint of the first codebook, or previous
-- :new 'active' fingerprint of the second codebook, or active
-- :limit 20 examples of either kind
WITH pick AS (
  SELECT coalesce((SELECT codebook FROM v_codebook WHERE codebook = :old),
                  (SELECT codebook FROM v_codebook WHERE active = 0 ORDER BY first_used DESC, codebook LIMIT 1)) AS old,
         coalesce((SELECT codebook FROM v_codebook WHERE codebook = :new), (SELECT codebook FROM v_codebook WHERE active = 1)) AS new),
changed AS (
  SELECT iif(m.codebook = pick.new, 'gained', 'lost') AS change, m.frame, m.trigger, m.sentence, m.outlet, m.published, m.url, m.rule,
         m.article_id, m.span_start,
         row_number() OVER (PARTITION BY m.codebook ORDER BY (m.article_id * 7919 + m.span_start * 104729) % 1000003, m.article_id, m.span_start) AS place,
         count(*) OVER (PARTITION BY m.codebook, m.frame) AS total
  FROM v_mention_all AS m JOIN pick ON m.codebook IN (pick.old, pick.new)
  WHERE pick.old IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM mention AS o JOIN codebook AS c ON c.id = o.codebook_id
    WHERE c.fingerprint = iif(m.codebook = pick.new, pick.old, pick.new) AND o.article_id = m.article_id AND o.frame = m.frame
      AND (o.section = 'headline') = (m.section = 'headline') AND o.span_start < m.span_end AND o.span_end > m.span_start))
SELECT change, frame, total, trigger, sentence, outlet, published, url, rule
FROM changed WHERE place <= CAST(:limit AS INTEGER)
ORDER BY change, frame, article_id, span_start;
