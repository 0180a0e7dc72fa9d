-- Spans that a change of codebook gained and lost, with examples
-- A span is lost if no mention of the same frame by the new codebook overlaps it, gained the other way round. total is all
-- such spans of the frame; examples are spread over the articles, the same ones every time. Articles that only one
-- codebook has coded are compared too: code all with both first.
-- :old 'previous' fingerprint of the first codebook, or previous
-- :new 'active' fingerprint of the second codebook, or active
-- :frame race the frame, children apart, or '' for every frame, which takes longer
-- :limit 20 examples of either kind
WITH pick AS MATERIALIZED (
  SELECT coalesce((SELECT id FROM codebook WHERE fingerprint = :old),
                  (SELECT id FROM codebook WHERE active = 0 ORDER BY first_used DESC, fingerprint LIMIT 1)) AS old,
         coalesce((SELECT id FROM codebook WHERE fingerprint = :new), (SELECT id FROM codebook WHERE active = 1)) AS new),
changed AS MATERIALIZED (
  SELECT iif(m.codebook_id = pick.new, 'gained', 'lost') AS change, m.id, m.frame, m.article_id, m.span_start
  FROM pick CROSS JOIN mention AS m ON m.codebook_id IN (pick.old, pick.new)
  WHERE pick.old IS NOT NULL AND m.frame IN (SELECT frame FROM frame WHERE :frame IN ('', frame)) AND NOT EXISTS (
    SELECT 1 FROM mention AS o
    WHERE o.codebook_id = iif(m.codebook_id = pick.new, pick.old, pick.new) AND o.frame = m.frame AND o.article_id = m.article_id
      AND (o.section = 'headline') = (m.section = 'headline') AND o.span_start < m.span_end AND o.span_end > m.span_start)),
totals AS MATERIALIZED (SELECT change, frame, count(*) AS total FROM changed GROUP BY change, frame),
placed AS MATERIALIZED (
  SELECT *, row_number() OVER (PARTITION BY change ORDER BY (article_id * 7919 + span_start * 104729) % 1000003, article_id, span_start) AS place
  FROM changed)
SELECT p.change, p.frame, t.total, m.trigger, m.sentence, m.outlet, m.published, m.url, m.rule
FROM placed AS p JOIN totals AS t ON t.change = p.change AND t.frame = p.frame
CROSS JOIN v_mention_all AS m ON m.mention_id = p.id
WHERE p.place <= CAST(:limit AS INTEGER)
ORDER BY p.change, p.frame, p.article_id, p.span_start;
