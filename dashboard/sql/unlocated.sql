-- Incidents of some counties of which only an area is known, counted by it, with what filters ask
-- for; the county is given by its place in the list asked for.
SELECT (wanted.place - 1)::int4 AS county, cell_id, occurred_on - date '1970-01-01' AS day,
       category, channel, status, count(*)::int4 AS incidents
FROM unnest(%(counties)s::text[]) WITH ORDINALITY AS wanted (county_code, place)
JOIN incident USING (county_code)
WHERE geom IS NULL
GROUP BY wanted.place, cell_id, occurred_on, category, channel, status
