-- Where incidents of some areas of a level happened in [since, until).
SELECT CASE :slot WHEN 1 THEN city_code WHEN 2 THEN county_code WHEN 3 THEN township_code
                  WHEN 4 THEN village_code WHEN 5 THEN cell_code END AS code,
    ST_X(geom) AS lon, ST_Y(geom) AS lat
FROM incident
WHERE occurred_on >= :since AND occurred_on < :until AND geom IS NOT NULL
  AND CASE :slot WHEN 1 THEN city_code WHEN 2 THEN county_code WHEN 3 THEN township_code
                 WHEN 4 THEN village_code WHEN 5 THEN cell_code END = ANY (:codes);
