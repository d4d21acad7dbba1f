-- Every incident of a year in an order and a wording that hang on its content alone: codes in
-- place of numbers, and neither batch nor areas' versions.
SELECT incident.source, incident.incident_id, incident.occurred_on, incident.occurred_at,
    incident.received_at, incident.deadline, incident.resolved_at, incident.people,
    category.code AS category, channel.code AS channel, status.code AS status,
    scale.code AS scale, incident.precision, incident.score, incident.city_code,
    incident.county_code, incident.township_code, incident.village_code, incident.cell_code,
    area.code AS keyed_to, incident.method, incident.organisation,
    encode(ST_AsBinary(incident.geom, 'NDR'), 'hex') AS geom
FROM incident
LEFT JOIN area ON area.area_id = incident.cell_id
LEFT JOIN term AS category ON category.kind = 'category' AND category.id = incident.category
LEFT JOIN term AS channel ON channel.kind = 'channel' AND channel.id = incident.channel
LEFT JOIN term AS status ON status.kind = 'status' AND status.id = incident.status
LEFT JOIN term AS scale ON scale.kind = 'scale' AND scale.id = incident.scale
WHERE incident.occurred_on >= %(first_day)s AND incident.occurred_on < %(last_day)s
ORDER BY incident.source COLLATE "C", incident.incident_id COLLATE "C";
