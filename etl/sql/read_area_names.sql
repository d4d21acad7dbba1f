-- The names of all current areas.
SELECT code, level, name FROM area WHERE valid_to IS NULL;
