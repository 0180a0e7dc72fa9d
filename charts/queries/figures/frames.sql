-- Articles per month that use each frame at least once.
SELECT coalesce(c.month, '') AS month, a.rolled AS frame, c.scope, c.extra,
       count(DISTINCT m.article_id) AS articles, count(*) AS mentions
FROM   v_mention AS m
JOIN   ancestor AS a ON a.frame = m.frame
JOIN   corpus AS c ON c.article_id = m.article_id
GROUP  BY 1, 2, 3, 4
ORDER  BY 1, 2, 3, 4
