-- Mentions per named or described speaker and stance. The outlets' own voice is the row with voice = author.
SELECT m.voice, CASE WHEN m.voice = 'author' THEN ''
                     ELSE upper(substr(coalesce(m.speaker, ''), 1, 1)) || substr(coalesce(m.speaker, ''), 2) END AS speaker,
       m.stance, c.scope, c.extra, count(*) AS mentions
FROM   v_mention AS m
JOIN   corpus AS c ON c.article_id = m.article_id
GROUP  BY 1, 2, 3, 4, 5
ORDER  BY 1, 2, 3, 4, 5
