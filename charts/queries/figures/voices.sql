-- Mentions per month by whose voice it is: the outlet's own, or a speaker of a country where the text says which.
SELECT coalesce(c.month, '') AS month, m.voice,
       CASE WHEN m.voice = 'author' THEN '' ELSE coalesce(m.speaker_country, '') END AS country,
       c.scope, c.extra, count(*) AS mentions
FROM   v_mention AS m
JOIN   corpus AS c ON c.article_id = m.article_id
GROUP  BY 1, 2, 3, 4, 5
ORDER  BY 1, 2, 3, 4, 5
