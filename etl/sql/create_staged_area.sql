-- Where an edition is copied to before it is compared with the current one; dated says that
-- the row itself states its day.
DROP TABLE IF EXISTS pg_temp.staged_area;
CREATE TEMPORARY TABLE staged_area ON COMMIT DROP AS
SELECT code, level, parent_code, name, name_en, kind, population, households, province_code,
    city_code, county_code, township_code, village_code, area_km2, geom, label, valid_from,
    false AS dated
FROM area WITH NO DATA;
