-- Values of an attribute of a frame by year, such as whose Sputnik moment it is
-- One row per year and value; 'untold' where the text does not tell. n is all mentions of the frame in that year, the
-- interval is Wilson's at 95 %. Mentions in articles without a known year are under '?'.
-- :frame sputnik the frame
-- :attribute holder the attribute, as the codebook names it
-- :unit exposure what counts: exposure, every article, or story, each story once, where it appeared first
WITH uses AS (
  SELECT coalesce(substr(published, 1, 4), '?') AS year, coalesce(json_extract(attributes, '$.' || :attribute), 'untold') AS value
  FROM v_mention WHERE frame = :frame AND (:unit = 'exposure' OR story_id = article_id))
SELECT year, value, count(*) AS k, n, round(1.0 * count(*) / n, 4) AS share,
       round(wilson_low(count(*), n), 4) AS wilson_low, round(wilson_high(count(*), n), 4) AS wilson_high
FROM uses JOIN (SELECT year, count(*) AS n FROM uses GROUP BY year) USING (year)
GROUP BY year, value
ORDER BY year, k DESC, value;
