-- The places known by name.
SELECT name, ST_X(geom) AS lon, ST_Y(geom) AS lat FROM gazetteer ORDER BY name COLLATE "C", gazetteer_id;
