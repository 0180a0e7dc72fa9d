-- Days on which anything was collected, per month of collection.
SELECT substr(day, 1, 7) AS month,
       count(DISTINCT CASE WHEN attempted > 0 THEN day END) AS days,
       coalesce(sum(attempted), 0) AS attempted, coalesce(sum(fetched), 0) AS fetched,
       coalesce(sum(failed), 0) AS failed, coalesce(sum(denied), 0) AS denied,
       min(day) AS first_day, max(day) AS last_day
FROM   v_coverage
GROUP  BY 1
ORDER  BY 1
