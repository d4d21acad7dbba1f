-- Where an edition is copied to before it is compared with the current one.
DROP TABLE IF EXISTS pg_temp.staged_area;
CREATE TEMPORARY TABLE staged_area ON COMMIT DROP AS
SELECT code, level, parent_code, name, name_en, kind, population, households, province_code,
    city_code, county_code, township_code, village_code, area_km2, geom, label
FROM area WITH NO DATA;
