-- Articles per day, all of them (frame = '') and those that use each frame; only dates printed to the day.
SELECT substr(published, 1, 10) AS day, '' AS frame, scope, extra, count(*) AS articles
FROM   corpus
WHERE  date_precision IN ('day', 'time') AND month IS NOT NULL
GROUP  BY 1, 2, 3, 4
UNION ALL
SELECT substr(c.published, 1, 10), a.rolled, c.scope, c.extra, count(DISTINCT m.article_id)
FROM   v_mention AS m
JOIN   ancestor AS a ON a.frame = m.frame
JOIN   corpus AS c ON c.article_id = m.article_id
WHERE  c.date_precision IN ('day', 'time') AND c.month IS NOT NULL
GROUP  BY 1, 2, 3, 4
ORDER  BY 1, 2, 3, 4
