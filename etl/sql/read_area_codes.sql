-- The code of every version of an area, by its number.
SELECT area_id, code FROM area;
