-- Incidents of a township or village over some days, oldest first, and how many there are in all;
-- no column names a person. An empty list of terms lets every one through.
SELECT source, incident_id, occurred_at, received_at, deadline, resolved_at, category, channel,
       status, method, organisation, people, cell_code, precision, count(*) OVER () AS total
FROM incident
WHERE county_code = :county AND (township_code = :code OR village_code = :code)
  AND occurred_on >= :since AND occurred_on < :until
  AND (cardinality(CAST(:categories AS smallint[])) = 0 OR category = ANY (:categories))
  AND (cardinality(CAST(:channels AS smallint[])) = 0 OR channel = ANY (:channels))
  AND (cardinality(CAST(:statuses AS smallint[])) = 0 OR status = ANY (:statuses))
ORDER BY occurred_at, source, incident_id
LIMIT :most
