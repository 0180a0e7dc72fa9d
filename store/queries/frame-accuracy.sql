-- Precision, recall and specificity of the program by frame, against articles that people coded
-- One row per frame that was asked about, from the units of article-sample. tp, fp, fn and tn are coded articles. precision,
-- recall and specificity weigh each by how likely it was to be drawn, as a sample in halves must be; the intervals are
-- Wilson's at 95 % on the weighted share and the effective number of articles (Kish). Several coders of one article count
-- by majority; a tie counts as no.
-- :coder '' this coder's codes alone; '' for all
WITH units AS MATERIALIZED (
  SELECT asked, article_id, 2 * sum(frame <> '') > count(*) AS gold, machine_frame <> '' AS machine, 1.0 / min(inclusion) AS w
  FROM v_gold WHERE unit = 'article' AND :coder IN ('', coder) GROUP BY asked, article_id),
sums AS MATERIALIZED (
  SELECT asked, sum(gold AND machine) AS tp, sum(NOT gold AND machine) AS fp, sum(gold AND NOT machine) AS fn, sum(NOT gold AND NOT machine) AS tn,
         sum(w * (gold AND machine)) AS wtp,
         sum(w * machine) AS wm, sum(w * gold) AS wg, sum(w * (NOT gold)) AS wn, sum(w * (NOT gold AND NOT machine)) AS wtn,
         sum(w * machine) * sum(w * machine) / nullif(sum(w * w * machine), 0) AS nm,
         sum(w * gold) * sum(w * gold) / nullif(sum(w * w * gold), 0) AS ng,
         sum(w * (NOT gold)) * sum(w * (NOT gold)) / nullif(sum(w * w * (NOT gold)), 0) AS nn
  FROM units GROUP BY asked)
SELECT asked AS frame, tp, fp, fn, tn,
       round(wtp / nullif(wm, 0), 4) AS precision, round(wilson_low(nm * wtp / wm, nm), 4) AS precision_low, round(wilson_high(nm * wtp / wm, nm), 4) AS precision_high,
       round(wtp / nullif(wg, 0), 4) AS recall, round(wilson_low(ng * wtp / wg, ng), 4) AS recall_low, round(wilson_high(ng * wtp / wg, ng), 4) AS recall_high,
       round(wtn / nullif(wn, 0), 4) AS specificity, round(wilson_low(nn * wtn / wn, nn), 4) AS specificity_low, round(wilson_high(nn * wtn / wn, nn), 4) AS specificity_high
FROM sums
ORDER BY asked;
