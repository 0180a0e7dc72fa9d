-- Articles per month and outlet.
SELECT coalesce(month, '') AS month, coalesce(source, '') AS source, max(coalesce(outlet, '')) AS outlet,
       scope, extra, count(*) AS articles
FROM   corpus
GROUP  BY 1, 2, 4, 5
ORDER  BY 1, 2, 4, 5
