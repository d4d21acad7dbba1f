-- Current areas of the given codes.
SELECT code, level, parent_code, area_km2, ST_AsBinary(geom) AS geom
FROM area
WHERE valid_to IS NULL AND code = ANY (:codes);
