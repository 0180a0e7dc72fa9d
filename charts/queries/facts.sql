-- How much there is, how much of it is not analyzed yet, the last day of collection, and the codebook in use.
SELECT (SELECT count(*) FROM v_article) AS articles,
       (SELECT count(*) FROM v_article WHERE about_ai IS NULL) AS unanalyzed,
       coalesce((SELECT max(substr(collected, 1, 10)) FROM v_article), '') AS collected,
       coalesce((SELECT codebook FROM v_mention LIMIT 1), '') AS codebook
