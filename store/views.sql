-- The views: what researchers and the report read. Names and columns are stable: columns are only added, at the end.
-- What many questions do not ask for stands in subqueries, which cost nothing there; joins would be made every time.

-- One row per article, in its current revision. Relevance is that of the active codebook.
CREATE VIEW v_article (
  article_id,     -- number of the article in this database
  external_id,    -- id under which it was imported first; NULL if it was crawled
  url,            -- its address, '' if none is known
  outlet,         -- name of the outlet
  country,        -- ISO 3166 code of the outlet's country
  source_type,    -- news, opinion, wire, press_release, think_tank, government, newsletter, state_media or unknown
  language,       -- ISO 639-1 code of the text
  title,          -- headline
  text,           -- body, paragraphs parted by newlines; NULL if it was dropped
  authors,        -- JSON array of names
  published,      -- first publication as printed, with the outlet's own offset; NULL if unknown
  date_precision, -- time, day, month, year, or '' if unknown
  date_from,      -- evidence behind published
  updated,        -- last change as printed; NULL if unknown
  collected,      -- when framewatch first stored it, UTC
  words,          -- words in the text
  about_ai,       -- 1 if it is about AI; NULL if the active codebook has not judged it
  names_us,       -- 1 if it names the United States; NULL likewise
  names_china,    -- 1 if it names China; NULL likewise
  relevant,       -- 1 if it counts: about AI and naming the United States or China, in English; NULL likewise
  story_id,       -- article_id of the story's first article: itself if it is that, or if no copy is known
  source,         -- id of the source
  reason,         -- why it is not relevant, '' if it is; NULL if not judged
  month,          -- YYYY-MM by the outlet's calendar; NULL if the date is too coarse, missing or impossible
  date_flag,      -- missing, future, epoch or reversed: a doubt about the date; '' for none
  revision,       -- number of this text; above 1 if the outlet changed it
  text_hash,      -- SHA-256, hex, of title, NUL and text
  paywalled,      -- 1 if the page shows only a beginning
  leaning         -- political leaning of the outlet, '' if no rating is cited
) AS
SELECT a.id, a.external_id, a.url, o.name, o.country, o.type, a.language, a.title,
       (SELECT b.text FROM article_text AS b WHERE b.article_id = a.id), a.authors,
       nullif(a.published, ''), a.date_precision, a.date_from, nullif(a.updated, ''), a.collected, a.words,
       t.about_ai, t.names_us, t.names_china, t.relevant, a.story_id, o.source, t.reason, a.month,
       a.date_flag, a.revision, a.text_hash, a.paywalled, o.leaning
FROM article AS a
JOIN outlet AS o ON o.id = a.outlet_id
LEFT JOIN topic AS t ON t.article_id = a.id AND t.codebook_id = (SELECT id FROM codebook WHERE active = 1);

-- One row per mention: one use of one frame in one sentence, by the active codebook, in the article's current text.
-- substr(text, span_start + 1, span_end - span_start) is the trigger, with title in place of text for a headline.
CREATE VIEW v_mention (
  article_id,      -- number of the article
  external_id,     -- id under which the article was imported first; NULL if it was crawled
  url,             -- address of the article
  outlet,          -- name of the outlet
  country,         -- ISO 3166 code of the outlet's country
  source_type,     -- kind of source, as in v_article
  title,           -- headline of the article
  published,       -- first publication as printed; NULL if unknown
  section,         -- headline, lead or body
  paragraph,       -- 0 for the headline, the body's from 1
  sentence_start,  -- first code point of the sentence, from 0
  sentence_end,    -- code point after the sentence
  span_start,      -- first code point of the trigger, from 0
  span_end,        -- code point after the trigger
  trigger,         -- the words that carry the frame
  sentence,        -- the sentence around them
  frame,           -- most specific frame that fits
  parent_frame,    -- frame whose counts include this one; NULL for none
  stance,          -- asserts, contests or reports: position of the voice towards the frame
  voice,           -- author (the outlet's narration) or speaker
  speaker,         -- who speaks: a name, or the description of an unnamed source; NULL for the author or if untold
  rule,            -- rule of the codebook that recognized the frame
  codebook,        -- fingerprint of the codebook
  source,          -- id of the source
  stance_rule,     -- decision behind the stance
  voice_rule,      -- decision behind the voice
  month,           -- YYYY-MM of the article; NULL as in v_article
  mention_id,      -- number of the mention; changes when the article is coded again
  affiliation,     -- body that the speaker belongs to; NULL if there is no speaker
  role,            -- the speaker's office or profession; NULL likewise
  speaker_country, -- ISO 3166 code of the speaker's country; NULL likewise
  attributes,      -- JSON object of further facts
  cue_start,       -- first code point of the words that decided the stance; NULL for the default
  cue_end,         -- code point after them
  story_id,        -- story of the article
  speaker_key,     -- the speaker's name folded for grouping; NULL if there is no speaker
  leaning          -- political leaning of the outlet, '' if no rating is cited
) AS
SELECT m.article_id, (SELECT a.external_id FROM article AS a WHERE a.id = m.article_id),
       (SELECT a.url FROM article AS a WHERE a.id = m.article_id), o.name, o.country, o.type,
       (SELECT a.title FROM article AS a WHERE a.id = m.article_id),
       (SELECT nullif(a.published, '') FROM article AS a WHERE a.id = m.article_id),
       m.section, m.paragraph, m.sentence_start, m.sentence_end, m.span_start, m.span_end, m.trigger, m.sentence,
       m.frame, (SELECT f.parent FROM frame AS f WHERE f.codebook_id = m.codebook_id AND f.frame = m.frame),
       m.stance, m.voice, (SELECT s.name FROM speaker AS s WHERE s.id = m.speaker_id),
       m.rule, c.fingerprint, o.source, m.stance_rule, m.voice_rule, m.month, m.id,
       (SELECT s.affiliation FROM speaker AS s WHERE s.id = m.speaker_id),
       (SELECT s.role FROM speaker AS s WHERE s.id = m.speaker_id),
       (SELECT s.country FROM speaker AS s WHERE s.id = m.speaker_id),
       m.attributes, m.cue_start, m.cue_end, m.story_id,
       (SELECT s.normalized FROM speaker AS s WHERE s.id = m.speaker_id), o.leaning
FROM codebook AS c
JOIN mention AS m ON m.codebook_id = c.id
JOIN outlet AS o ON o.id = m.outlet_id
WHERE c.active = 1;

-- The mentions of every codebook that was used on the article's current text; columns as in v_mention.
CREATE VIEW v_mention_all (
  article_id,      -- as in v_mention
  external_id,     -- as in v_mention
  url,             -- as in v_mention
  outlet,          -- as in v_mention
  country,         -- as in v_mention
  source_type,     -- as in v_mention
  title,           -- as in v_mention
  published,       -- as in v_mention
  section,         -- as in v_mention
  paragraph,       -- as in v_mention
  sentence_start,  -- as in v_mention
  sentence_end,    -- as in v_mention
  span_start,      -- as in v_mention
  span_end,        -- as in v_mention
  trigger,         -- as in v_mention
  sentence,        -- as in v_mention
  frame,           -- as in v_mention
  parent_frame,    -- as in v_mention, by the codebook of the mention
  stance,          -- as in v_mention
  voice,           -- as in v_mention
  speaker,         -- as in v_mention
  rule,            -- as in v_mention
  codebook,        -- fingerprint of the codebook of the mention
  source,          -- as in v_mention
  stance_rule,     -- as in v_mention
  voice_rule,      -- as in v_mention
  month,           -- as in v_mention
  mention_id,      -- as in v_mention
  affiliation,     -- as in v_mention
  role,            -- as in v_mention
  speaker_country, -- as in v_mention
  attributes,      -- as in v_mention
  cue_start,       -- as in v_mention
  cue_end,         -- as in v_mention
  story_id,        -- as in v_mention
  speaker_key,     -- as in v_mention
  leaning          -- as in v_mention
) AS
SELECT m.article_id, (SELECT a.external_id FROM article AS a WHERE a.id = m.article_id),
       (SELECT a.url FROM article AS a WHERE a.id = m.article_id), o.name, o.country, o.type,
       (SELECT a.title FROM article AS a WHERE a.id = m.article_id),
       (SELECT nullif(a.published, '') FROM article AS a WHERE a.id = m.article_id),
       m.section, m.paragraph, m.sentence_start, m.sentence_end, m.span_start, m.span_end, m.trigger, m.sentence,
       m.frame, (SELECT f.parent FROM frame AS f WHERE f.codebook_id = m.codebook_id AND f.frame = m.frame),
       m.stance, m.voice, (SELECT s.name FROM speaker AS s WHERE s.id = m.speaker_id),
       m.rule, c.fingerprint, o.source, m.stance_rule, m.voice_rule, m.month, m.id,
       (SELECT s.affiliation FROM speaker AS s WHERE s.id = m.speaker_id),
       (SELECT s.role FROM speaker AS s WHERE s.id = m.speaker_id),
       (SELECT s.country FROM speaker AS s WHERE s.id = m.speaker_id),
       m.attributes, m.cue_start, m.cue_end, m.story_id,
       (SELECT s.normalized FROM speaker AS s WHERE s.id = m.speaker_id), o.leaning
FROM codebook AS c
JOIN mention AS m ON m.codebook_id = c.id
JOIN outlet AS o ON o.id = m.outlet_id;

-- The codes of v_mention alone, for questions that count over many mentions and ask nothing of the article.
CREATE VIEW v_code (
  mention_id, -- number of the mention, as in v_mention
  article_id, -- number of the article
  paragraph,  -- 0 for the headline, the body's from 1
  frame,      -- most specific frame that fits
  stance,     -- asserts, contests or reports
  voice,      -- author or speaker
  section,    -- headline, lead or body
  speaker_id, -- number of the speaker in this database; NULL if there is none
  span_start, -- first code point of the trigger, from 0
  span_end,   -- code point after the trigger
  month,      -- YYYY-MM of the article; NULL as in v_article
  story_id    -- story of the article
) AS
SELECT m.id, m.article_id, m.paragraph, m.frame, m.stance, m.voice, m.section, m.speaker_id, m.span_start, m.span_end,
       m.month, m.story_id
FROM codebook AS c JOIN mention AS m ON m.codebook_id = c.id
WHERE c.active = 1;

-- Everybody who is heard in a mention, also one that is no longer there. v_code.speaker_id is the key.
CREATE VIEW v_speaker (
  speaker_id,  -- number in this database
  speaker,     -- a name, the fullest in the article, or the description of an unnamed source
  affiliation, -- body that the person belongs to, '' if untold
  role,        -- office or profession, '' if untold
  country,     -- ISO 3166 code, '' if untold
  speaker_key  -- the name folded for grouping
) AS
SELECT id, name, affiliation, role, country, normalized FROM speaker;

-- Codes by people, each beside what the active codebook says of the same unit. A text that has changed since it was coded
-- is not here.
CREATE VIEW v_gold (
  coder,          -- who coded
  unit,           -- span or article
  article_id,     -- number of the article
  month,          -- YYYY-MM of the article; NULL as in v_article
  asked,          -- frame that was asked about; '' for a span
  section,        -- headline or text; '' for an article
  span_start,     -- first code point of the span
  span_end,       -- code point after it
  frame,          -- the frame that the coder sees, '' for none
  stance,         -- the coder's stance, '' if not coded
  machine_frame,  -- the active codebook's frame: for a span, of a mention that overlaps it, the sampled one first; for an article, the one asked about (children count); '' for none
  machine_stance, -- the stance of that mention; '' for none and for an article
  sampled_frame,  -- the program's frame when the unit was drawn
  sampled_stance, -- its stance then
  codebook,       -- fingerprint of the codebook by which it was drawn
  inclusion,      -- probability with which it was drawn
  imported        -- when the code came in, UTC
) AS
SELECT g.coder, g.unit, g.article_id, a.month, g.asked, g.section, g.span_start, g.span_end, g.frame, g.stance,
       coalesce(CASE g.unit WHEN 'article' THEN iif(EXISTS (
           SELECT 1 FROM v_frame_rollup AS r JOIN v_code AS m ON m.frame = r.frame
           WHERE r.counts_for = g.asked AND m.article_id = g.article_id), g.asked, '')
         ELSE coalesce(
           (SELECT m.frame FROM v_code AS m WHERE m.article_id = g.article_id AND (m.section = 'headline') = (g.section = 'headline')
             AND m.span_start < g.span_end AND m.span_end > g.span_start AND m.frame = g.sampled_frame LIMIT 1),
           (SELECT m.frame FROM v_code AS m WHERE m.article_id = g.article_id AND (m.section = 'headline') = (g.section = 'headline')
             AND m.span_start < g.span_end AND m.span_end > g.span_start ORDER BY m.frame, m.span_start LIMIT 1)) END, ''),
       coalesce(CASE g.unit WHEN 'span' THEN coalesce(
           (SELECT m.stance FROM v_code AS m WHERE m.article_id = g.article_id AND (m.section = 'headline') = (g.section = 'headline')
             AND m.span_start < g.span_end AND m.span_end > g.span_start AND m.frame = g.sampled_frame ORDER BY m.span_start LIMIT 1),
           (SELECT m.stance FROM v_code AS m WHERE m.article_id = g.article_id AND (m.section = 'headline') = (g.section = 'headline')
             AND m.span_start < g.span_end AND m.span_end > g.span_start ORDER BY m.frame, m.span_start LIMIT 1)) END, ''),
       g.sampled_frame, g.sampled_stance, g.codebook, g.inclusion, g.imported
FROM gold AS g JOIN article AS a ON a.id = g.article_id AND a.text_hash = g.text_hash;

-- Prevalence by month: of the relevant articles of a month, how many mention each frame at least once. A mention of a
-- child counts for its parents too. Every month that has a relevant article has a row for every frame of the active
-- codebook, also where k is 0. The interval is Wilson's at 95 %, without continuity correction.
CREATE VIEW v_month (
  month,      -- YYYY-MM
  frame,      -- the frame
  n,          -- relevant articles of the month
  k,          -- of these, articles with at least one mention of the frame or of one of its children
  share,      -- k / n
  wilson_low, -- lower end of the interval of the share
  wilson_high -- upper end
) AS
SELECT month, frame, n, k, 1.0 * k / n,
       CASE k WHEN 0 THEN 0.0
         ELSE (k + zz / 2 - sqrt(zz * (1.0 * k * (n - k) / n + zz / 4))) / (n + zz) END,
       CASE k WHEN n THEN 1.0
         ELSE (k + zz / 2 + sqrt(zz * (1.0 * k * (n - k) / n + zz / 4))) / (n + zz) END
FROM (SELECT t.month, f.frame, t.articles AS n, coalesce(k.articles, 0) AS k, 3.841458820694124 AS zz
      FROM codebook AS c
      JOIN month_count AS t ON t.codebook_id = c.id AND t.frame = '' AND t.articles > 0
      JOIN frame AS f ON f.codebook_id = c.id
      LEFT JOIN month_count AS k ON k.codebook_id = c.id AND k.month = t.month AND k.frame = f.frame
      WHERE c.active = 1);

-- Prevalence by month with each story counted once, in the month in which it first appeared: v_month of first articles
-- alone. A story counts as relevant, and carries a frame, if its first article is and does. Copies are cut and edited, and
-- what any of them says would make the share of a story grow with the number of its copies; one article keeps k and n
-- about the same texts, and each k leads to sentences.
CREATE VIEW v_month_story (
  month,      -- YYYY-MM
  frame,      -- the frame
  n,          -- stories whose first article is relevant and of this month
  k,          -- of these, stories whose first article has at least one mention of the frame or of one of its children
  share,      -- k / n
  wilson_low, -- lower end of the interval of the share
  wilson_high -- upper end
) AS
SELECT month, frame, n, k, 1.0 * k / n,
       CASE k WHEN 0 THEN 0.0
         ELSE (k + zz / 2 - sqrt(zz * (1.0 * k * (n - k) / n + zz / 4))) / (n + zz) END,
       CASE k WHEN n THEN 1.0
         ELSE (k + zz / 2 + sqrt(zz * (1.0 * k * (n - k) / n + zz / 4))) / (n + zz) END
FROM (SELECT t.month, f.frame, t.stories AS n, coalesce(k.stories, 0) AS k, 3.841458820694124 AS zz
      FROM codebook AS c
      JOIN month_story_count AS t ON t.codebook_id = c.id AND t.frame = '' AND t.stories > 0
      JOIN frame AS f ON f.codebook_id = c.id
      LEFT JOIN month_story_count AS k ON k.codebook_id = c.id AND k.month = t.month AND k.frame = f.frame
      WHERE c.active = 1);

-- One row per story: an article and its copies in other outlets, cut or edited. An article without known copies is a story
-- of its own.
CREATE VIEW v_story (
  story_id,         -- number of the story: that of its first article; another one if an earlier article turns up
  first_article_id, -- number of the article that appeared first, by date, then by when it was collected
  first_outlet,     -- name of its outlet
  first_source,     -- id of its source
  first_published,  -- its date as printed; NULL if unknown
  month,            -- YYYY-MM of that date; NULL as in v_article
  title,            -- its headline
  url,              -- its address
  source_type,      -- kind of its source
  country,          -- ISO 3166 code of its outlet's country
  articles,         -- articles that tell the story
  outlets,          -- outlets that carry it
  exposure,         -- of the articles, the relevant ones: what the story adds to counts of articles
  press_release,    -- 1 if a press-release wire carries it, whoever was first
  wire,             -- 1 if a news wire carries it, whoever was first
  relevant          -- 1 if its first article is relevant; NULL if the active codebook has not judged it
) AS
SELECT f.id, f.id, o.name, o.source, nullif(f.published, ''), f.month, f.title, f.url, o.type, o.country, s.articles, s.outlets,
       (SELECT count(*) FROM article AS a JOIN topic AS t ON t.article_id = a.id
        WHERE a.story_id = f.id AND t.relevant = 1 AND t.codebook_id = (SELECT id FROM codebook WHERE active = 1)),
       EXISTS (SELECT 1 FROM article AS a JOIN outlet AS p ON p.id = a.outlet_id WHERE a.story_id = f.id AND p.type = 'press_release'),
       EXISTS (SELECT 1 FROM article AS a JOIN outlet AS p ON p.id = a.outlet_id WHERE a.story_id = f.id AND p.type = 'wire'),
       (SELECT t.relevant FROM topic AS t WHERE t.article_id = f.id AND t.codebook_id = (SELECT id FROM codebook WHERE active = 1))
FROM (SELECT story_id, count(*) AS articles, count(DISTINCT outlet_id) AS outlets FROM article GROUP BY story_id) AS s
JOIN article AS f ON f.id = s.story_id
JOIN outlet AS o ON o.id = f.outlet_id;

-- What was tried for each source on each day (UTC); a day on which nothing was tried has no row.
-- attempted = fetched + failed + denied.
CREATE VIEW v_coverage (
  source,       -- id of the source
  day,          -- YYYY-MM-DD
  attempted,    -- feeds, sitemaps and pages that were tried
  fetched,      -- of these, answered well; 0 on a day on which nothing of the source could be read
  failed,       -- of these, failed
  denied,       -- of these, not asked for: robots.txt, address guard or opt-out
  new,          -- new articles
  skipped,      -- pages that came but hold no article
  polls,        -- feeds and sitemaps among attempted
  polls_failed, -- feeds and sitemaps among failed and denied
  unchanged     -- pages among fetched that had not changed
) AS
SELECT source, day, attempted, fetched, failed, denied, new, skipped, polls, polls_failed, unchanged FROM coverage;

-- The frames of the active codebook.
CREATE VIEW v_frame (
  frame,        -- id of the frame
  parent_frame, -- frame whose counts include this one; NULL for none
  label,        -- name to show
  group_name,   -- heading under which it stands
  description,  -- what the frame says
  position      -- place in the codebook, from 0
) AS
SELECT f.frame, f.parent, f.label, f.group_name, f.description, f.position
FROM codebook AS c JOIN frame AS f ON f.codebook_id = c.id
WHERE c.active = 1;

-- Which frames count for which, in the active codebook: join mentions with it to count children for their parents.
CREATE VIEW v_frame_rollup (
  frame,     -- frame that a mention carries
  counts_for -- frame in whose counts it is included: itself and its ancestors
) AS
SELECT r.frame, r.counts_for
FROM codebook AS c JOIN frame_rollup AS r ON r.codebook_id = c.id
WHERE c.active = 1;

-- Dated events to set beside the series.
CREATE VIEW v_event (
  date,            -- first day, YYYY-MM-DD
  end_date,        -- last day; NULL for an event of one day
  label,           -- what happened
  kind,            -- sort of event
  frames_expected, -- frames it may move, parted by semicolons
  source,          -- who reports the date
  url              -- where, '' if no address is known
) AS
SELECT date, nullif(end_date, ''), label, kind, frames_expected, source, url FROM event;

-- Every outlet, with how much of it is here.
CREATE VIEW v_outlet (
  source,         -- id of the source
  outlet,         -- name
  country,        -- ISO 3166 code
  source_type,    -- kind of source
  homepage,       -- address of its front page
  leaning,        -- political leaning, '' if no rating is cited
  leaning_source, -- who rated it
  articles,       -- articles stored
  relevant        -- of these, relevant under the active codebook
) AS
SELECT o.source, o.name, o.country, o.type, o.homepage, o.leaning, o.leaning_source,
       coalesce(n.articles, 0), coalesce(n.relevant, 0)
FROM outlet AS o
LEFT JOIN (SELECT a.outlet_id, count(*) AS articles, sum(t.relevant) AS relevant
           FROM article AS a
           LEFT JOIN topic AS t ON t.article_id = a.id AND t.codebook_id = (SELECT id FROM codebook WHERE active = 1)
           GROUP BY a.outlet_id) AS n ON n.outlet_id = o.id;

-- Every crawl.
CREATE VIEW v_run (
  run_id,   -- number of the run
  command,  -- command that started it
  started,  -- when, UTC
  finished, -- when it ended, UTC; NULL if it has not, or died
  status,   -- running, done, partial (a source failed), stopped, failed or died
  sources,  -- sources it covered
  fetched,  -- pages that came
  new,      -- articles that were new
  failed,   -- attempts that failed
  skipped,  -- pages without an article
  message   -- first problems
) AS
SELECT id, command, started, nullif(finished, ''), status, sources, fetched, new, failed, skipped, message FROM crawl_run;

-- Every text that an article has had, the current one included.
CREATE VIEW v_revision (
  article_id, -- number of the article
  revision,   -- number of the text, from 1
  stored,     -- when it was stored, UTC
  replaced,   -- when the next one took its place, UTC; NULL for the current text
  title,      -- headline
  text,       -- body; NULL if it was dropped
  text_hash   -- SHA-256, hex, of title, NUL and text
) AS
SELECT article_id, revision, stored, replaced, title, text, text_hash FROM article_revision
UNION ALL
SELECT a.id, a.revision, a.revised, NULL, a.title, b.text, a.text_hash
FROM article AS a LEFT JOIN article_text AS b ON b.article_id = a.id;

-- Every codebook that was used on this database.
CREATE VIEW v_codebook (
  codebook,   -- fingerprint: 12 hex digits of a hash over its meaning
  name,       -- its name
  version,    -- the researcher's version label
  title,      -- its title
  active,     -- 1 for the one that v_mention, v_month and v_frame show
  first_used, -- when, UTC
  engine,     -- version of the coding engine that used it last
  analyzed,   -- articles coded with it in their current text
  yaml        -- the whole file
) AS
SELECT c.fingerprint, c.name, c.version, c.title, c.active, c.first_used, c.engine,
       (SELECT count(*) FROM analysis AS n JOIN article AS a ON a.id = n.article_id
        WHERE n.codebook_id = c.id AND n.text_hash = a.text_hash),
       CAST(c.yaml AS TEXT)
FROM codebook AS c;

-- Every address under which an article was seen.
CREATE VIEW v_url (
  url,        -- the address
  article_id, -- number of the article
  claim,      -- fetched, redirect, canonical, alias (answered with a copy) or import
  first_seen  -- when it was linked, UTC
) AS
SELECT url, article_id, claim, first_seen FROM article_url;
