-- Articles that use both of two frames.
, used AS MATERIALIZED (
  SELECT DISTINCT m.article_id, a.rolled AS frame, c.scope, c.extra
  FROM   v_mention AS m
  JOIN   ancestor AS a ON a.frame = m.frame
  JOIN   corpus AS c ON c.article_id = m.article_id
  ORDER  BY 1, 2
)
SELECT x.frame AS frame, y.frame AS other, x.scope, x.extra, count(*) AS articles
FROM   used AS x JOIN used AS y ON y.article_id = x.article_id AND y.frame >= x.frame
GROUP  BY 1, 2, 3, 4
ORDER  BY 1, 2, 3, 4
