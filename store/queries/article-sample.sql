-- Random sample of relevant articles, with and without a frame, for coding whether they use it
-- Half the sample are articles that the program finds to use the frame, half those that it does not: the first show its
-- false alarms, the second what it misses. The same seed gives the same sample from the same file. inclusion is the
-- probability with which an article of its half is drawn. Fill in code_frame: the frame if the article uses it, none if
-- not; "framewatch import-codes" takes the file back. sampled_frame is the program's answer: hide it from the coder.
-- :frame race the frame, its children included
-- :size 50 articles of either half
-- :seed 1 any whole number
WITH users AS MATERIALIZED (
  SELECT m.article_id FROM v_code AS m JOIN v_frame_rollup AS r ON r.frame = m.frame WHERE r.counts_for = :frame),
halves AS MATERIALIZED (
  SELECT article_id, article_id IN users AS used,
         ((article_id * 2654435761 + CAST(:seed AS INTEGER) * 69621) % 2147483647 * 48271) % 2147483647 AS key
  FROM v_article WHERE relevant = 1),
totals AS MATERIALIZED (SELECT used, count(*) AS total FROM halves GROUP BY used),
placed AS MATERIALIZED (SELECT article_id, used, row_number() OVER (PARTITION BY used ORDER BY key, article_id) AS place FROM halves)
SELECT 'article' AS unit, coalesce(a.external_id, a.text_hash) AS article, a.outlet, a.published, a.url, a.title, :frame AS asked,
       NULL AS code_frame, iif(p.used, :frame, '') AS sampled_frame,
       round(min(1.0, 1.0 * CAST(:size AS INTEGER) / t.total), 6) AS inclusion,
       (SELECT codebook FROM v_codebook WHERE active = 1) AS codebook
FROM placed AS p JOIN totals AS t ON t.used = p.used CROSS JOIN v_article AS a ON a.article_id = p.article_id
WHERE p.place <= CAST(:size AS INTEGER)
ORDER BY p.place, p.used;
