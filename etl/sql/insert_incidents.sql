-- What is left of the chunk is new, or replaces what was deleted.
INSERT INTO incident (occurred_at, received_at, deadline, resolved_at, batch_id, occurred_on,
    cell_id, people, category, channel, status, scale, precision, county_code, source,
    incident_id, city_code, township_code, village_code, cell_code, method, organisation, geom,
    score)
SELECT occurred_at, received_at, deadline, resolved_at, :batch_id, occurred_on,
    cell_id, people, category, channel, status, scale, precision, county_code, :source,
    incident_id, city_code, township_code, village_code, cell_code, method, organisation, geom,
    score
FROM pg_temp.staged_incident;
