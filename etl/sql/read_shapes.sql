-- All current areas with their outlines, near ones together, so that the map's index is compact.
SELECT area_id, code, level, parent_code, city_code, county_code, township_code,
    ST_AsBinary(geom) AS geom
FROM area
WHERE valid_to IS NULL
ORDER BY geom;
