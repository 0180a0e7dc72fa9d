-- The dated events drawn on the time axes.
SELECT date, coalesce(end_date, '') AS end_date, label, coalesce(frames_expected, '') AS frames_expected, coalesce(kind, '') AS kind, coalesce(url, '') AS url
FROM   v_event
ORDER  BY date, label
