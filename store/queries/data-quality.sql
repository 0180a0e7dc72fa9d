-- May this month be charted: coverage, failures, dates, copies and press releases by source
-- One row per source and month in which something was tried or published. days is days on which something was tried,
-- days_blind those on which nothing could be read. Articles are counted in the month of their date; undated ones in the
-- month in which they were collected.
-- :from 2000-01 first month
-- :to 2999-12 last month
WITH tried AS (
  SELECT source, substr(day, 1, 7) AS month, count(*) AS days, sum(fetched = 0) AS days_blind, sum(attempted) AS attempted,
         sum(fetched) AS fetched, sum(failed) AS failed, sum(denied) AS denied, sum(skipped) AS without_article
  FROM v_coverage GROUP BY 1, 2),
counted AS MATERIALIZED (
  -- In the order of the file: an index would make the other columns a look-up each.
  SELECT a.outlet_id, coalesce(a.month, substr(a.collected, 1, 7)) AS month, count(*) AS articles, sum(t.relevant) AS relevant,
         sum(a.month IS NULL) AS undated, sum(a.story_id <> a.id) AS copies
  FROM article AS a NOT INDEXED
  LEFT JOIN topic AS t ON t.article_id = a.id AND t.codebook_id = (SELECT id FROM codebook WHERE active = 1)
  GROUP BY 1, 2),
stored AS (
  SELECT o.source, c.*, iif(o.type = 'press_release', c.articles, 0) AS press_releases
  FROM counted AS c JOIN outlet AS o ON o.id = c.outlet_id),
keys AS (SELECT source, month FROM tried UNION SELECT source, month FROM stored)
SELECT k.source, k.month, coalesce(t.days, 0) AS days, coalesce(t.days_blind, 0) AS days_blind, coalesce(t.attempted, 0) AS attempted,
       coalesce(t.fetched, 0) AS fetched, coalesce(t.failed, 0) AS failed, coalesce(t.denied, 0) AS denied,
       coalesce(t.without_article, 0) AS without_article, coalesce(s.articles, 0) AS articles, coalesce(s.relevant, 0) AS relevant,
       round(1.0 * s.undated / s.articles, 4) AS undated, round(1.0 * s.copies / s.articles, 4) AS copies,
       round(1.0 * s.press_releases / s.articles, 4) AS press_releases
FROM keys AS k LEFT JOIN tried AS t USING (source, month) LEFT JOIN stored AS s USING (source, month)
WHERE k.month BETWEEN :from AND :to
ORDER BY k.source, k.month;
