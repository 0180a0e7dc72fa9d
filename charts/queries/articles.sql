-- Every article in question, once; all figures are counted from it and from mentions.sql.
SELECT article_id, coalesce(month, '') AS month, coalesce(source, '') AS source, coalesce(outlet, '') AS outlet, scope, extra,
       CASE WHEN date_precision IN ('day', 'time') AND month IS NOT NULL THEN substr(published, 1, 10) ELSE '' END AS day,
       coalesce(text_hash, '') AS text_hash, coalesce(url, '') AS url, coalesce(language, '') AS language,
       coalesce(reason, '') AS reason, lacks
FROM   corpus
ORDER  BY article_id
