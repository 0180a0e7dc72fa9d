-- Articles of each outlet that use each frame at least once, per month.
SELECT coalesce(c.source, '') AS source, coalesce(c.month, '') AS month, a.rolled AS frame, c.scope, c.extra,
       count(DISTINCT m.article_id) AS articles
FROM   v_mention AS m
JOIN   ancestor AS a ON a.frame = m.frame
JOIN   corpus AS c ON c.article_id = m.article_id
GROUP  BY 1, 2, 3, 4, 5
ORDER  BY 1, 2, 3, 4, 5
