-- The demo's incidents as a file of the China profile; part k has other identifiers and other days,
-- so that nothing repeats and rollups stay as sparse as those of real incidents.
SELECT concat(%(part)s, '-', incident_id) AS incident_id,
    to_char(occurred_at + at.zone - at.shift, at.iso) AS occurred_at,
    to_char(received_at + at.zone - at.shift, at.iso) AS received_at,
    category.code AS category, channel.code AS channel, status.code AS status, scale.code AS scale,
    to_char(deadline + at.zone - at.shift, at.iso) AS deadline,
    to_char(resolved_at + at.zone - at.shift, at.iso) AS resolved_at,
    method, organisation, people, ST_X(geom) AS lon, ST_Y(geom) AS lat
FROM incident
CROSS JOIN (SELECT interval '8 hours' AS zone, make_interval(days => %(shift_days)s) AS shift,
            'YYYY-MM-DD"T"HH24:MI:SS+08:00' AS iso) AS at
JOIN term AS category ON category.kind = 'category' AND category.id = incident.category
JOIN term AS channel ON channel.kind = 'channel' AND channel.id = incident.channel
JOIN term AS status ON status.kind = 'status' AND status.id = incident.status
LEFT JOIN term AS scale ON scale.kind = 'scale' AND scale.id = incident.scale
WHERE source = 'demo'
ORDER BY occurred_at
LIMIT %(rows)s
