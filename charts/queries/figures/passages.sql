-- Passages, sampled evenly by frame and quarter where there are more than the cap: each round takes one passage
-- from every frame and quarter, in an order that looks random and is fixed by article and place.
, ranked AS MATERIALIZED (
  SELECT m.mention_id, m.article_id, m.paragraph, m.span_start, m.frame,
         row_number() OVER (
           PARTITION BY m.frame, substr(c.month, 1, 4), (substr(c.month, 6, 2) + 2) / 3
           ORDER BY ((m.article_id * 8191 + m.paragraph * 127 + m.span_start) % 2147483648 * 2654435761) % 4294967296,
                    m.article_id, m.paragraph, m.span_start, m.mention_id) AS round
  FROM   v_mention AS m
  JOIN   corpus AS c ON c.article_id = m.article_id
), picked AS MATERIALIZED (
  SELECT mention_id FROM ranked ORDER BY round, article_id, paragraph, span_start, frame, mention_id LIMIT :cap
)
SELECT m.mention_id, c.published, c.outlet, c.title, c.url, m.frame, m.stance, m.voice, m.speaker, m.section, m.trigger, m.sentence
FROM   picked AS p
JOIN   v_mention AS m ON m.mention_id = p.mention_id
JOIN   corpus AS c ON c.article_id = m.article_id
ORDER  BY c.published DESC, m.article_id, m.paragraph, m.span_start, m.frame, m.sentence, m.stance, m.voice, m.speaker, m.mention_id
