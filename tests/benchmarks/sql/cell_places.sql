-- A place in every cell, in degrees.
SELECT ST_X(label), ST_Y(label) FROM current_area WHERE level = 5
