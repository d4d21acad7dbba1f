-- An area of each level from the province to townships: the preferred one if it is there, else the
-- one of the lowest code.
SELECT DISTINCT ON (level) level, code, name
FROM area
WHERE valid_to IS NULL AND level <= 3
ORDER BY level, code = ANY (CAST(:preferred AS text[])) DESC, code;
