-- What a correction replaces is put aside whole, so that the load can be undone.
INSERT INTO former_incident (occurred_at, received_at, deadline, resolved_at, batch_id, occurred_on,
    cell_id, people, category, channel, status, scale, precision, county_code, source,
    incident_id, city_code, township_code, village_code, cell_code, method, organisation, geom,
    score,
    replaced_by)
SELECT old.occurred_at, old.received_at, old.deadline, old.resolved_at, old.batch_id,
    old.occurred_on, old.cell_id, old.people, old.category, old.channel, old.status, old.scale,
    old.precision, old.county_code, old.source, old.incident_id, old.city_code,
    old.township_code, old.village_code, old.cell_code, old.method, old.organisation, old.geom,
    old.score,
    :batch_id
FROM incident AS old
JOIN pg_temp.matched_incident AS matched
    ON old.county_code = matched.county_code AND old.source = matched.source
    AND old.incident_id = matched.incident_id AND old.occurred_on = matched.occurred_on
WHERE NOT matched.same AND NOT matched.repeated AND NOT matched."foreign";
