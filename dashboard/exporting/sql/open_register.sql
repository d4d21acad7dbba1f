-- Incidents of a township or village that are still open, whenever they occurred, the latest in
-- time first and those without a deadline last; and how many there are in all.
SELECT source, incident_id, occurred_at, received_at, deadline, resolved_at, category, channel,
       status, method, organisation, people, cell_code, precision, count(*) OVER () AS total
FROM incident
WHERE county_code = :county AND (township_code = :code OR village_code = :code)
  AND status = 1 AND resolved_at IS NULL
  AND (cardinality(CAST(:categories AS smallint[])) = 0 OR category = ANY (:categories))
  AND (cardinality(CAST(:channels AS smallint[])) = 0 OR channel = ANY (:channels))
ORDER BY deadline, occurred_at, source, incident_id
LIMIT :most
