-- Which frames share a paragraph: counts and lift
-- One row per pair. n is paragraphs with any mention, which is the base of lift: lift above 1 means that the two stand
-- together more often than if they were spread over those paragraphs by chance. Headlines count as paragraphs.
-- :least 1 paragraphs that a pair must share
-- :unit exposure what counts: exposure, every article, or story, each story once, where it appeared first
WITH places AS MATERIALIZED (
  -- Paragraphs are counted by their list of frames first: there are few lists, however many paragraphs.
  SELECT frames, count(*) AS n
  FROM (SELECT ' ' || group_concat(frame, ' ') || ' ' AS frames FROM v_code WHERE :unit = 'exposure' OR story_id = article_id
        GROUP BY article_id, paragraph) GROUP BY frames),
uses AS MATERIALIZED (
  SELECT p.frames, f.frame, p.n FROM places AS p JOIN v_frame AS f ON instr(p.frames, ' ' || f.frame || ' ') > 0),
single AS MATERIALIZED (SELECT frame, sum(n) AS k FROM uses GROUP BY frame),
total AS MATERIALIZED (SELECT sum(n) AS n FROM places)
SELECT pair.frame, pair.other, pair.both, x.k AS k, y.k AS k_other, total.n,
       round(1.0 * pair.both * total.n / (x.k * y.k), 3) AS lift
FROM (SELECT a.frame, b.frame AS other, sum(a.n) AS both
      FROM uses AS a JOIN uses AS b ON b.frames = a.frames AND b.frame > a.frame
      GROUP BY a.frame, b.frame HAVING sum(a.n) >= CAST(:least AS INTEGER)) AS pair
JOIN single AS x ON x.frame = pair.frame
JOIN single AS y ON y.frame = pair.other
CROSS JOIN total
ORDER BY pair.both DESC, pair.frame, pair.other;
