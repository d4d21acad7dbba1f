-- Incidents of some counties that are still open and have a deadline; the county is given by its
-- place in the list asked for, the status is that of the partial index.
SELECT array_position(%(counties)s::text[], county_code) - 1 AS county, cell_id,
       occurred_on - date '1970-01-01' AS day, category, channel,
       extract(epoch FROM deadline)::bigint AS deadline
FROM incident
WHERE status = 1 AND resolved_at IS NULL AND deadline IS NOT NULL
  AND county_code = ANY (%(counties)s::text[])

