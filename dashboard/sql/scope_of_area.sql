-- Level of a current area, and the township it lies in.
SELECT level, township_code
FROM area
WHERE code = :code AND valid_to IS NULL
