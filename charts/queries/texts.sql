-- The words of the passages that the page embeds; :ids is a JSON array of their mention_id.
SELECT m.mention_id, m.article_id, c.scope, c.extra, coalesce(c.source, '') AS source, c.title, coalesce(c.url, '') AS url,
       coalesce(c.published, '') AS published, coalesce(c.month, '') AS month,
       m.frame, m.stance, m.voice, upper(substr(coalesce(m.speaker, ''), 1, 1)) || substr(coalesce(m.speaker, ''), 2) AS speaker, coalesce(m.speaker_country, '') AS country, m.section, m.rule,
       m.sentence, m.trigger, m.span_start - m.sentence_start AS at
FROM   json_each(:ids) AS picked
CROSS  JOIN v_mention AS m ON m.mention_id = picked.value
CROSS  JOIN corpus AS c ON c.article_id = m.article_id
ORDER  BY published DESC, m.article_id, m.paragraph, m.span_start, m.frame, m.sentence, m.stance, m.voice, m.speaker, m.mention_id
