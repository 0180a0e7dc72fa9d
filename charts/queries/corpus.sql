-- Shared head of every query: the articles in question. scope 2 = about AI and names China, 1 = about AI and names
-- the U.S. or China, 0 = any other article collected. month is null where the printed date is too coarse.
-- extra adds 1 for a press release and 2 for an article that tells a story again.
corpus AS (
  SELECT article_id, source, outlet, source_type, language, title, url, published, date_precision, month, story_id, text_hash, reason,
         CASE WHEN coalesce(words, 0) = 0 THEN 2 WHEN coalesce(paywalled, 0) <> 0 THEN 1 ELSE 0 END AS lacks,
         CASE WHEN coalesce(relevant, 0) = 0 THEN 0
              WHEN coalesce(about_ai, 0) <> 0 AND coalesce(names_china, 0) <> 0 THEN 2
              ELSE 1 END AS scope,
         CASE WHEN date_precision IN ('day', 'time') AND month IS NOT NULL THEN strftime('%G-W%V', substr(published, 1, 10)) END AS week,
         coalesce(source_type = 'press_release', 0) + 2 * coalesce(story_id <> article_id, 0) AS extra
  FROM   v_article
  WHERE  (:from = '' OR month >= substr(:from, 1, 7) AND (date_precision = 'month' OR substr(published, 1, 10) >= :from))
    AND  (:to = '' OR month <= substr(:to, 1, 7) AND (date_precision = 'month' OR substr(published, 1, 10) <= :to))
    AND  (:outlets = '' OR instr(:outlets, ',' || source || ',') > 0)
    AND  (:languages = '' OR instr(:languages, ',' || substr(language || '-', 1, instr(language || '-', '-') - 1) || ',') > 0)
),
-- A mention of a frame counts for the frame and for each frame above it.
ancestor(frame, rolled) AS (
  SELECT frame, frame FROM v_frame
  UNION
  SELECT ancestor.frame, v_frame.parent_frame
  FROM   ancestor JOIN v_frame ON v_frame.frame = ancestor.rolled
  WHERE  v_frame.parent_frame <> ''
)
