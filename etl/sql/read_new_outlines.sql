-- What touched areas are now.
SELECT code, level, households, valid_from, ST_AsBinary(geom) AS geom
FROM pg_temp.touched_area JOIN area USING (code)
WHERE valid_to IS NULL;
