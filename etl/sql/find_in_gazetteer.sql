-- The places whose names are most like a text, best first.
SELECT name, kind, ST_X(geom) AS lon, ST_Y(geom) AS lat, similarity(name, :text) AS likeness
FROM gazetteer
WHERE name % :text OR name LIKE '%' || :text || '%'
ORDER BY likeness DESC, name COLLATE "C"
LIMIT :most;
