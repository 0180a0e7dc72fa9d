-- Why articles are off topic.
SELECT coalesce(reason, '') AS reason, count(*) AS articles
FROM   v_article
WHERE  coalesce(relevant, 0) = 0
  AND  (:from = '' OR month >= substr(:from, 1, 7) AND (date_precision = 'month' OR substr(published, 1, 10) >= :from))
  AND  (:to = '' OR month <= substr(:to, 1, 7) AND (date_precision = 'month' OR substr(published, 1, 10) <= :to))
  AND  (:outlets = '' OR instr(:outlets, ',' || source || ',') > 0)
  AND  (:languages = '' OR instr(:languages, ',' || substr(language || '-', 1, instr(language || '-', '-') - 1) || ',') > 0)
GROUP  BY 1
ORDER  BY 2 DESC, 1
LIMIT  8
