-- The box around an area, in degrees.
SELECT ST_XMin(geom) AS west, ST_YMin(geom) AS south, ST_XMax(geom) AS east, ST_YMax(geom) AS north
FROM area
WHERE area_id = :area_id
