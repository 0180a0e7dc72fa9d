-- Articles that use each frame in the headline, and in the text below it.
, used AS (
  SELECT m.article_id, a.rolled AS frame, c.scope, c.extra,
         max(m.section = 'headline') AS headline, max(m.section <> 'headline') AS body
  FROM   v_mention AS m
  JOIN   ancestor AS a ON a.frame = m.frame
  JOIN   corpus AS c ON c.article_id = m.article_id
  GROUP  BY 1, 2, 3, 4
)
SELECT frame, scope, extra, count(*) AS articles, sum(headline) AS headlines, sum(body) AS bodies
FROM   used
GROUP  BY 1, 2, 3
ORDER  BY 1, 2, 3
