-- Monthly prevalence of a frame, corrected for the program's errors, beside the naive one
-- corrected is the estimate of Rogan and Gladen, (share + specificity - 1) / (recall + specificity - 1), kept within 0 and 1;
-- its 95 % interval is by the delta method and counts the uncertainty of the month, of recall and of specificity, which
-- come from all articles coded for the frame (see frame-accuracy), so the program's errors are taken to be alike in all
-- months. gold is the coded articles of the month itself. status says why there is no correction: no gold (nothing coded),
-- too small (fewer articles with or without the frame than asked for), or uninformative (recall + specificity at most 1).
-- :frame race the frame, its children included
-- :coder '' this coder's codes alone; '' for all
-- :least 30 coded articles with the frame, and without, that a correction takes
WITH units AS MATERIALIZED (
  SELECT article_id, month, 2 * sum(frame <> '') > count(*) AS gold, machine_frame <> '' AS machine, 1.0 / min(inclusion) AS w
  FROM v_gold WHERE unit = 'article' AND asked = :frame AND :coder IN ('', coder) GROUP BY article_id),
errors AS MATERIALIZED (
  SELECT sum(gold) AS positives, sum(NOT gold) AS negatives,
         sum(w * (gold AND machine)) / nullif(sum(w * gold), 0) AS se, sum(w * (NOT gold AND NOT machine)) / nullif(sum(w * (NOT gold)), 0) AS sp,
         sum(w * gold) * sum(w * gold) / nullif(sum(w * w * gold), 0) AS nse,
         sum(w * (NOT gold)) * sum(w * (NOT gold)) / nullif(sum(w * w * (NOT gold)), 0) AS nsp
  FROM units),
judged AS (
  SELECT m.*, e.*, (SELECT count(*) FROM units AS u WHERE u.month = m.month) AS coded,
         CASE WHEN coalesce(e.positives + e.negatives, 0) = 0 THEN 'no gold'
              WHEN min(e.positives, e.negatives) < CAST(:least AS INTEGER) THEN 'too small'
              WHEN e.se + e.sp <= 1 THEN 'uninformative' ELSE 'corrected' END AS status
  FROM v_month AS m CROSS JOIN errors AS e WHERE m.frame = :frame),
estimated AS (
  SELECT *, iif(status = 'corrected', max(0.0, min(1.0, (share + sp - 1) / (se + sp - 1))), NULL) AS theta FROM judged),
spread AS (
  SELECT *, 1.959963984540054 * sqrt(share * (1 - share) / n + theta * theta * se * (1 - se) / nse + (1 - theta) * (1 - theta) * sp * (1 - sp) / nsp)
            / (se + sp - 1) AS half
  FROM estimated)
SELECT month, n, k, round(share, 4) AS share, round(wilson_low, 4) AS wilson_low, round(wilson_high, 4) AS wilson_high, status, coded AS gold,
       round(theta, 4) AS corrected, round(max(0.0, theta - half), 4) AS corrected_low, round(min(1.0, theta + half), 4) AS corrected_high,
       round(se, 4) AS recall, round(sp, 4) AS specificity, coalesce(positives, 0) AS positives, coalesce(negatives, 0) AS negatives
FROM spread
ORDER BY month;
