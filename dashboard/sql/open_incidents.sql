-- Incidents of some counties that are still open and have a deadline; the county is given by its
-- place in the list asked for, the status is that of the partial index.
SELECT (wanted.place - 1)::int4 AS county, cell_id, occurred_on - date '1970-01-01' AS day,
       category, channel, extract(epoch FROM deadline)::bigint AS deadline
FROM unnest(%(counties)s::text[]) WITH ORDINALITY AS wanted (county_code, place)
JOIN incident USING (county_code)
WHERE status = 1 AND resolved_at IS NULL AND deadline IS NOT NULL

