-- Display shapes of some areas in a layer, as WKB in Web Mercator, by id.
-- Row-level security leaves the viewer's areas.
SELECT area_id, ST_AsBinary(geom) AS shape
FROM area_shape
WHERE layer = :layer AND band = :band AND area_id = ANY(:area_ids)
ORDER BY area_id
