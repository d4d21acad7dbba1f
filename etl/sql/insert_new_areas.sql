-- Areas of the edition that have no current version.
INSERT INTO area (level, code, parent_code, province_code, city_code, county_code, township_code,
    village_code, name, name_en, kind, population, households, area_km2, geom, label, valid_from)
SELECT level, code, parent_code, province_code, city_code, county_code, township_code,
    village_code, name, name_en, kind, population, households, area_km2, geom, label, valid_from
FROM pg_temp.staged_area AS staged
WHERE NOT EXISTS (SELECT FROM area WHERE area.code = staged.code AND area.valid_to IS NULL);
