-- Every version of every area in scope, with the codes of the areas it belongs to.
SELECT area_id, level, valid_to IS NULL AS current, code, province_code, city_code, county_code,
       township_code, village_code, name, name_en, kind, population, households, area_km2,
       ST_X(label) AS lon, ST_Y(label) AS lat
FROM area
ORDER BY area_id

