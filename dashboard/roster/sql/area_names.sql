-- What areas in scope are called, with the areas above them that are in scope too.
SELECT area.code, area.level, area.name, area.name_en,
       array_remove(ARRAY[city.name, county.name], NULL) AS above,
       array_remove(ARRAY[coalesce(city.name_en, city.name),
                          coalesce(county.name_en, county.name)], NULL) AS above_en
FROM area
LEFT JOIN area AS city
    ON city.code = area.city_code AND city.level = 1 AND city.valid_to IS NULL AND area.level > 1
LEFT JOIN area AS county
    ON county.code = area.county_code AND county.level = 2 AND county.valid_to IS NULL
    AND area.level > 2
WHERE area.valid_to IS NULL AND area.code = ANY (:codes)
