-- What the batch put aside, by the keys it had then.
SELECT county_code, source, incident_id, occurred_on, city_code, township_code, village_code,
    cell_code, category, channel, status, ST_X(geom) AS lon, ST_Y(geom) AS lat,
    local_hour(occurred_at, clock.time_zone) AS hour
FROM former_incident
CROSS JOIN (SELECT time_zone FROM hierarchy) AS clock
WHERE replaced_by = :batch_id;
