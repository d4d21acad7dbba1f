-- The areas that make up the coverage of each displayed layer, as loaded (the finest band).
SELECT layer, area_id
FROM area_shape
WHERE band = 2

