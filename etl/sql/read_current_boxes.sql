-- The bounding boxes of current areas of the given codes.
SELECT code, ST_XMin(geom) AS west, ST_YMin(geom) AS south, ST_XMax(geom) AS east,
    ST_YMax(geom) AS north
FROM area
WHERE valid_to IS NULL AND code = ANY (:codes);
