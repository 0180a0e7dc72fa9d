-- Every mention, once, without its words, article by article.
SELECT mention_id, article_id, frame, stance, voice, coalesce(speaker, '') AS speaker, coalesce(speaker_country, '') AS country,
       section, paragraph, span_start, span_end
FROM   v_mention
ORDER  BY article_id
