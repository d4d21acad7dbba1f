-- The outlines of some areas as they were loaded, EPSG:4326, by ascending area id.
SELECT area_id, ST_AsBinary(geom) AS wkb
FROM area
WHERE area_id = ANY (CAST(:area_ids AS integer[]))
ORDER BY area_id
