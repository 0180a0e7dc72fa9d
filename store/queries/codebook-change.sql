-- What a change of codebook did to the series: articles by month and frame under two codebooks
-- Only articles that both have coded in their current text count. both is articles with the frame under either codebook,
-- agreement the share of the month's articles on which the two say the same, kappa Cohen's chance-corrected agreement
-- (NULL where it is not defined). Frames are compared as coded, children apart from parents.
-- :old 'previous' fingerprint of the first codebook, or previous
-- :new 'active' fingerprint of the second codebook, or active
WITH pick AS (
  SELECT coalesce((SELECT codebook FROM v_codebook WHERE codebook = :old),
                  (SELECT codebook FROM v_codebook WHERE active = 0 ORDER BY first_used DESC, codebook LIMIT 1)) AS old,
         coalesce((SELECT codebook FROM v_codebook WHERE codebook = :new), (SELECT codebook FROM v_codebook WHERE active = 1)) AS new),
coded AS (
  SELECT a.id AS article_id, a.month FROM article AS a JOIN pick
  WHERE a.month IS NOT NULL AND pick.old IS NOT NULL
    AND EXISTS (SELECT 1 FROM analysis AS n JOIN codebook AS c ON c.id = n.codebook_id
                WHERE n.article_id = a.id AND n.text_hash = a.text_hash AND c.fingerprint = pick.old)
    AND EXISTS (SELECT 1 FROM analysis AS n JOIN codebook AS c ON c.id = n.codebook_id
                WHERE n.article_id = a.id AND n.text_hash = a.text_hash AND c.fingerprint = pick.new)),
uses AS (
  SELECT m.article_id, c.month, m.frame, max(m.codebook = pick.old) AS old, max(m.codebook = pick.new) AS new
  FROM v_mention_all AS m JOIN pick ON m.codebook IN (pick.old, pick.new) JOIN coded AS c ON c.article_id = m.article_id
  GROUP BY m.article_id, m.frame),
counted AS (
  SELECT month, frame, sum(old) AS k_old, sum(new) AS k_new, sum(old AND new) AS k_both,
         (SELECT 1.0 * count(*) FROM coded WHERE coded.month = uses.month) AS n
  FROM uses GROUP BY month, frame)
SELECT month, frame, CAST(n AS INTEGER) AS n, k_old, k_new, k_both AS both, k_new - k_old AS difference,
       round((n - k_old - k_new + 2 * k_both) / n, 4) AS agreement,
       round(((n - k_old - k_new + 2 * k_both) / n - (k_old * k_new + (n - k_old) * (n - k_new)) / (n * n))
             / nullif(1 - (k_old * k_new + (n - k_old) * (n - k_new)) / (n * n), 0), 4) AS kappa
FROM counted
ORDER BY month, frame;
