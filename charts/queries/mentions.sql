-- Every mention, once, without its words.
SELECT mention_id, article_id, frame, stance, voice, coalesce(speaker, '') AS speaker, coalesce(speaker_country, '') AS country,
       section, paragraph, span_start
FROM   v_mention
