-- Where a chunk of incidents is copied to; again: its identifier may have come earlier in the load.
DROP TABLE IF EXISTS pg_temp.staged_incident;
CREATE TEMPORARY TABLE staged_incident ON COMMIT DROP AS
SELECT CAST(NULL AS bigint) AS row, CAST(NULL AS boolean) AS again, occurred_at, received_at,
    deadline, resolved_at, occurred_on, cell_id, people, category, channel, status, scale,
    precision, county_code, incident_id, city_code, township_code, village_code, cell_code, method,
    organisation, geom, score
FROM incident WITH NO DATA;
