-- Every current area, widest first, then by code.
SELECT code, level, parent_code, name, name_en, kind, population, households,
    ST_AsBinary(geom) AS geom
FROM area
WHERE valid_to IS NULL
ORDER BY level, code COLLATE "C";
