-- The list of division codes with the days between which each was in force.
SELECT code, name, level, nullif(valid_from, '-infinity') AS valid_from, valid_to
FROM division
ORDER BY code COLLATE "C", division.valid_from;
