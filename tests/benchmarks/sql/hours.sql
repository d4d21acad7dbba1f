-- The incidents of a province on some days by county, weekday and hour, one row at a time.
SELECT county_code, extract(isodow FROM occurred_on)::int2 AS weekday,
       CASE WHEN local_time = time '00:00' THEN -1 ELSE extract(hour FROM local_time) END::int2
           AS hour,
       category, channel, status, count(*)
FROM incident
CROSS JOIN LATERAL (SELECT (occurred_at AT TIME ZONE 'Asia/Shanghai')::time AS local_time) AS clock
WHERE occurred_on >= :since AND occurred_on < :until
GROUP BY 1, 2, 3, category, channel, status
