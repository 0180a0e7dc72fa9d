-- Officials and government documents before the press: who used a phrase first, outlet by outlet
-- One row per outlet that uses the phrase in its own voice. official_weeks counts the weeks before that day in which a
-- government source, or a quoted speaker whose role or affiliation names an office, used it; lead_days is the time from
-- the first such use, negative where the outlet was first, NULL where no official used it. Only mentions are searched.
-- :phrase 'win' words to look for in the sentence of a mention
-- :frame race the frame of the mention, its children included
WITH uses AS MATERIALIZED (
  SELECT m.source, m.outlet, m.source_type, substr(m.published, 1, 10) AS day,
         CASE WHEN m.source_type = 'government' THEN 1
              WHEN m.voice = 'author' THEN 0
              WHEN EXISTS (SELECT 1 FROM (VALUES ('president'), ('minister'), ('secretary'), ('senat'), ('representative'), ('congress'),
                                                 ('official'), ('ambassador'), ('spokes'), ('white house'), ('department'), ('ministry'),
                                                 ('governor'), ('commission')) AS office
                           WHERE instr(lower(m.role || ' ' || m.affiliation || ' ' || m.speaker), office.column1) > 0) THEN 1
         END AS official
  FROM v_mention AS m JOIN v_frame_rollup AS r ON r.frame = m.frame
  WHERE r.counts_for = :frame AND length(m.published) >= 10 AND instr(lower(m.sentence), lower(:phrase)) > 0),
officials AS MATERIALIZED (SELECT day, strftime('%Y-%W', day) AS week FROM uses WHERE official = 1),
outlets AS MATERIALIZED (SELECT source, outlet, min(day) AS first_day FROM uses WHERE official = 0 GROUP BY source)
SELECT o.outlet, o.first_day, (SELECT min(day) FROM officials) AS first_official_day,
       (SELECT count(DISTINCT week) FROM officials WHERE day < o.first_day) AS official_weeks,
       CAST(julianday(o.first_day) - julianday((SELECT min(day) FROM officials)) AS INTEGER) AS lead_days
FROM outlets AS o
ORDER BY o.first_day, o.outlet;
