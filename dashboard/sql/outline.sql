-- The outline of an area, as loaded, in degrees.
SELECT ST_AsBinary(geom) AS outline
FROM area
WHERE area_id = :area_id
