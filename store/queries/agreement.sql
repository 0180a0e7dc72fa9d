-- Agreement of coders: Krippendorff's alpha of frames, stances and presence, among people and with the program
-- One row per variable, once for people alone ('people') and once with the program as one more coder ('with program').
-- frame and stance are of spans, '' being a value of its own; presence is of articles, by the frame asked about. alpha is
-- nominal and NULL where all say the same; agreement is the share of pairs within a unit that agree. Units with one code
-- tell nothing and are left out. A sample drawn in equal numbers per frame says how coders agree in such a sample.
-- :coder '' compare only this coder with the program; '' for all
WITH ratings AS (
  -- Each code by variable; the program's, once per unit, where it takes part.
  SELECT DISTINCT t.coders, v.variable, g.asked, g.article_id || g.section || g.span_start || '-' || g.span_end AS unit,
         iif(t.program, '', g.coder) AS coder,
         CASE WHEN v.variable <> 'stance' THEN iif(t.program, g.machine_frame, g.frame) ELSE nullif(iif(t.program, g.machine_stance, g.stance), '') END AS value
  FROM v_gold AS g
  JOIN (SELECT 'frame' AS variable, 'span' AS unit UNION ALL SELECT 'stance', 'span' UNION ALL SELECT 'presence', 'article') AS v ON v.unit = g.unit
  CROSS JOIN (SELECT 'people' AS coders, 0 AS program UNION ALL SELECT 'with program', 0 UNION ALL SELECT 'with program', 1) AS t
  WHERE :coder IN ('', g.coder)),
cells AS MATERIALIZED (
  SELECT coders, variable, asked, unit, value, 1.0 * count(*) AS n, sum(1.0 * count(*)) OVER (PARTITION BY coders, variable, asked, unit) AS m
  FROM ratings WHERE value IS NOT NULL GROUP BY 1, 2, 3, 4, 5),
observed AS (
  SELECT coders, variable, asked, count(*) AS units, CAST(sum(m) AS INTEGER) AS codes, sum((m * m - same) / (m - 1)) AS disagreed,
         sum(same - m) / sum(m * (m - 1)) AS agreement
  FROM (SELECT coders, variable, asked, unit, m, sum(n * n) AS same FROM cells WHERE m > 1 GROUP BY 1, 2, 3, 4) GROUP BY 1, 2, 3),
expected AS (
  SELECT coders, variable, asked, sum(n) AS n, sum(n * n) AS same
  FROM (SELECT coders, variable, asked, value, sum(n) AS n FROM cells WHERE m > 1 GROUP BY 1, 2, 3, 4) GROUP BY 1, 2, 3)
SELECT o.coders, o.variable, o.asked AS frame, o.units, o.codes, round(o.agreement, 4) AS agreement,
       round(1 - o.disagreed * (e.n - 1) / nullif(e.n * e.n - e.same, 0), 4) AS alpha
FROM observed AS o JOIN expected AS e USING (coders, variable, asked)
ORDER BY o.coders, o.variable, o.asked;
