-- What a change of codebook did to the series: articles by month with a frame under two codebooks
-- Only articles that both have coded in their current text count. both is articles with the frame under either codebook,
-- agreement the share of the month's articles on which the two say the same, kappa Cohen's chance-corrected agreement
-- (NULL where it is not defined). Frames are compared as coded, children apart from parents.
-- :old 'previous' fingerprint of the first codebook, or previous
-- :new 'active' fingerprint of the second codebook, or active
-- :frame race the frame, or '' for every frame, which takes longer
WITH pick AS MATERIALIZED (
  SELECT coalesce((SELECT id FROM codebook WHERE fingerprint = :old),
                  (SELECT id FROM codebook WHERE active = 0 ORDER BY first_used DESC, fingerprint LIMIT 1)) AS old,
         coalesce((SELECT id FROM codebook WHERE fingerprint = :new), (SELECT id FROM codebook WHERE active = 1)) AS new),
skipped AS MATERIALIZED (
  -- Few as a rule. A text that has changed since loses its hash in analysis.
  SELECT a.id, a.month FROM pick CROSS JOIN article AS a
  WHERE NOT EXISTS (SELECT 1 FROM analysis AS n WHERE n.article_id = a.id AND n.codebook_id = pick.old AND n.text_hash <> '')
     OR NOT EXISTS (SELECT 1 FROM analysis AS n WHERE n.article_id = a.id AND n.codebook_id = pick.new AND n.text_hash <> '')),
months AS MATERIALIZED (
  SELECT month, 1.0 * (articles - (SELECT count(*) FROM skipped AS s WHERE s.month = a.month)) AS n
  FROM (SELECT month, count(*) AS articles FROM article WHERE month IS NOT NULL GROUP BY month) AS a),
new AS MATERIALIZED (
  SELECT frame, month, count(*) AS k, sum(old) AS k_both
  FROM (SELECT m.frame, m.month, EXISTS (SELECT 1 FROM mention AS o WHERE o.codebook_id = pick.old AND o.frame = m.frame AND o.article_id = m.article_id) AS old
        FROM pick CROSS JOIN mention AS m ON m.codebook_id = pick.new
        WHERE m.frame IN (SELECT frame FROM frame WHERE :frame IN ('', frame)) AND m.article_id NOT IN (SELECT id FROM skipped)
        GROUP BY m.frame, m.article_id)
  GROUP BY frame, month),
old AS MATERIALIZED (
  SELECT frame, month, count(*) AS k
  FROM (SELECT m.frame, m.month
        FROM pick CROSS JOIN mention AS m ON m.codebook_id = pick.old
        WHERE m.frame IN (SELECT frame FROM frame WHERE :frame IN ('', frame)) AND m.article_id NOT IN (SELECT id FROM skipped)
        GROUP BY m.frame, m.article_id)
  GROUP BY frame, month),
counted AS (
  SELECT m.month, u.frame, m.n, coalesce(old.k, 0) AS k_old, coalesce(new.k, 0) AS k_new, coalesce(new.k_both, 0) AS k_both
  FROM (SELECT frame, month FROM new UNION SELECT frame, month FROM old) AS u
  JOIN months AS m ON m.month = u.month
  LEFT JOIN old ON old.frame = u.frame AND old.month = u.month
  LEFT JOIN new ON new.frame = u.frame AND new.month = u.month)
SELECT month, frame, CAST(n AS INTEGER) AS n, k_old, k_new, k_both AS both, k_new - k_old AS difference,
       round((n - k_old - k_new + 2 * k_both) / n, 4) AS agreement,
       round(((n - k_old - k_new + 2 * k_both) / n - (k_old * k_new + (n - k_old) * (n - k_new)) / (n * n))
             / nullif(1 - (k_old * k_new + (n - k_old) * (n - k_new)) / (n * n), 0), 4) AS kappa
FROM counted
ORDER BY month, frame;
