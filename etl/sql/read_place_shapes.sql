-- The outlines of the areas of read_places, in its order.
SELECT ST_AsBinary(geom)
FROM area
WHERE valid_to IS NULL
ORDER BY level DESC, code COLLATE "C";
