-- Which frames share a paragraph: counts and lift
-- One row per pair. n is paragraphs with any mention, which is the base of lift: lift above 1 means that the two stand
-- together more often than if they were spread over those paragraphs by chance. Headlines count as paragraphs.
-- :least 1 paragraphs that a pair must share
WITH places AS MATERIALIZED (SELECT DISTINCT article_id, paragraph, frame FROM v_code),
total AS MATERIALIZED (SELECT count(*) AS n FROM (SELECT DISTINCT article_id, paragraph FROM v_code)),
single AS MATERIALIZED (SELECT frame, count(*) AS k FROM places GROUP BY frame)
SELECT pair.frame, pair.other, pair.both, x.k AS k, y.k AS k_other, total.n,
       round(1.0 * pair.both * total.n / (x.k * y.k), 3) AS lift
FROM (SELECT a.frame, b.frame AS other, count(*) AS both
      FROM places AS a JOIN places AS b ON b.article_id = a.article_id AND b.paragraph = a.paragraph AND b.frame > a.frame
      GROUP BY a.frame, b.frame HAVING count(*) >= CAST(:least AS INTEGER)) AS pair
JOIN single AS x ON x.frame = pair.frame
JOIN single AS y ON y.frame = pair.other
CROSS JOIN total
ORDER BY pair.both DESC, pair.frame, pair.other;
