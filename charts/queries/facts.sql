-- How much there is, how much of it is not analyzed yet, the last day of collection, and the codebook in use.
SELECT count(*) AS articles, count(*) - count(about_ai) AS unanalyzed, coalesce(max(substr(collected, 1, 10)), '') AS collected,
       coalesce((SELECT codebook FROM v_mention LIMIT 1), '') AS codebook
FROM   v_article
