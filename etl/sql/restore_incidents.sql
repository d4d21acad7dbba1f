-- Former rows come back under the keys of the areas they lie in now.
ANALYZE pg_temp.staged_key;
INSERT INTO incident (occurred_at, received_at, deadline, resolved_at, batch_id, occurred_on,
    cell_id, people, category, channel, status, scale, precision, county_code, source,
    incident_id, city_code, township_code, village_code, cell_code, method, organisation, geom,
    score)
SELECT former.occurred_at, former.received_at, former.deadline, former.resolved_at,
    former.batch_id, former.occurred_on, moved.cell_id, former.people, former.category,
    former.channel, former.status, former.scale, moved.precision, moved.county_code,
    former.source, former.incident_id, moved.city_code, moved.township_code, moved.village_code,
    moved.cell_code, former.method, former.organisation, former.geom, former.score
FROM former_incident AS former
JOIN pg_temp.staged_key AS moved
  ON former.county_code = moved.old_county_code AND former.source = moved.source
 AND former.incident_id = moved.incident_id AND former.occurred_on = moved.occurred_on
WHERE former.replaced_by = :batch_id;
