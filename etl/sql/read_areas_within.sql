-- Current areas of the given codes whose bounding box meets a box.
SELECT code, level, parent_code, area_km2, ST_AsBinary(geom) AS geom
FROM area
WHERE valid_to IS NULL
  AND geom && ST_MakeEnvelope(:west, :south, :east, :north, 4326)
  AND code = ANY (:codes);
