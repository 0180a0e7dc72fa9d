-- Every mention, once, without its words. A described speaker is the same at the start of a sentence and within it.
SELECT mention_id, article_id, frame, stance, voice, upper(substr(coalesce(speaker, ''), 1, 1)) || substr(coalesce(speaker, ''), 2) AS speaker, coalesce(speaker_country, '') AS country,
       section, paragraph, span_start
FROM   v_mention
