-- Incidents of some counties on some days by the finest area known, weekday (1 Monday to 7) and
-- hour of the day, with what filters ask for; the county is given by its place in the list asked
-- for. The hour is -1 where a record says exactly midnight, which is what a date without a time
-- becomes.
SELECT (wanted.place - 1)::int4 AS county, cell_id,
       extract(isodow FROM occurred_on)::int2 AS weekday,
       CASE WHEN local_time = time '00:00' THEN -1 ELSE extract(hour FROM local_time) END::int2
           AS hour,
       category, channel, status, count(*)::int4 AS incidents
FROM unnest(%(counties)s::text[]) WITH ORDINALITY AS wanted (county_code, place)
JOIN incident USING (county_code)
CROSS JOIN LATERAL (SELECT (occurred_at AT TIME ZONE %(zone)s)::time AS local_time) AS clock
WHERE occurred_on >= %(since)s AND occurred_on < %(until)s
GROUP BY 1, 2, 3, 4, category, channel, status
