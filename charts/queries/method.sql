-- What was collected, by kind. repeats are articles that tell a story which an earlier article tells; lacks is 2 where there
-- is no text below the headline, and 1 where the page shows only a beginning.
SELECT coalesce(source_type, '') AS source_type, coalesce(language, '') AS language, month IS NULL AS undated, scope, extra, lacks,
       count(*) AS articles, coalesce(sum(story_id <> article_id), 0) AS repeats
FROM   corpus
GROUP  BY 1, 2, 3, 4, 5, 6
ORDER  BY 1, 2, 3, 4, 5, 6
