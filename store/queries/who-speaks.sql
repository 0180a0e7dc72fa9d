-- Who asserts, contests or reports a frame: author or quoted speaker, by quarter and outlet leaning
-- One row per quarter and leaning ('' where no rating is cited). Figures are mentions of the frame; the interval is
-- Wilson's at 95 % for the share that is contested by either voice.
-- :frame race the frame, its children included
SELECT quarter(m.month) AS quarter, m.leaning, count(*) AS n,
       sum(m.stance = 'asserts' AND m.voice = 'author') AS author_asserts,
       sum(m.stance = 'asserts' AND m.voice = 'speaker') AS speaker_asserts,
       sum(m.stance = 'reports') AS reports,
       sum(m.stance = 'contests') AS contests,
       round(1.0 * sum(m.stance = 'contests') / count(*), 4) AS contested,
       round(wilson_low(sum(m.stance = 'contests'), count(*)), 4) AS wilson_low,
       round(wilson_high(sum(m.stance = 'contests'), count(*)), 4) AS wilson_high
FROM v_mention AS m
JOIN v_frame_rollup AS r ON r.frame = m.frame
WHERE r.counts_for = :frame AND m.month IS NOT NULL
GROUP BY 1, 2
ORDER BY 1, 2;
