-- How much there is, the last day of collection, and the codebook in use.
SELECT (SELECT count(*) FROM v_article) AS articles,
       coalesce((SELECT max(substr(collected, 1, 10)) FROM v_article), '') AS collected,
       coalesce((SELECT min(codebook) FROM v_mention), '') AS codebook
