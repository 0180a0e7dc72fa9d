-- What was collected, by kind. repeats are articles that tell a story which an earlier article tells.
SELECT source_type, coalesce(language, '') AS language, month IS NULL AS undated, scope, press,
       count(*) AS articles, sum(story_id <> article_id) AS repeats
FROM   corpus
GROUP  BY 1, 2, 3, 4, 5
ORDER  BY 1, 2, 3, 4, 5
