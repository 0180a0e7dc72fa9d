-- What was collected, by kind.
SELECT source_type, coalesce(language, '') AS language, month IS NULL AS undated, scope, press,
       count(*) AS articles, count(DISTINCT story_id) AS stories
FROM   corpus
GROUP  BY 1, 2, 3, 4, 5
ORDER  BY 1, 2, 3, 4, 5
