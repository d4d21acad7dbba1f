-- Moved incidents take their new keys.
ANALYZE pg_temp.staged_key;
UPDATE incident
SET city_code = moved.city_code, county_code = moved.county_code,
    township_code = moved.township_code, village_code = moved.village_code,
    cell_code = moved.cell_code, cell_id = moved.cell_id, precision = moved.precision
FROM pg_temp.staged_key AS moved
WHERE incident.county_code = moved.old_county_code AND incident.source = moved.source
  AND incident.incident_id = moved.incident_id AND incident.occurred_on = moved.occurred_on;
