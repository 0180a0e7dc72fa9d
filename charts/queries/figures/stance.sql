-- Mentions per month, frame as coded, stance and voice.
SELECT coalesce(c.month, '') AS month, m.frame, m.stance, m.voice, c.scope, c.extra, count(*) AS mentions
FROM   v_mention AS m
JOIN   corpus AS c ON c.article_id = m.article_id
GROUP  BY 1, 2, 3, 4, 5, 6
ORDER  BY 1, 2, 3, 4, 5, 6
