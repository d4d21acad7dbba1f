-- The current version takes the edition's content and keeps its area_id, so that shapes and
-- rollup blocks stay right; what it was before becomes a version of its own. One that began on
-- the same day was never in force and is only corrected.
UPDATE area
SET level = staged.level, parent_code = staged.parent_code, name = staged.name,
    name_en = staged.name_en, kind = staged.kind, population = staged.population,
    households = staged.households, area_km2 = staged.area_km2, geom = staged.geom,
    label = staged.label, province_code = staged.province_code, city_code = staged.city_code,
    county_code = staged.county_code, township_code = staged.township_code,
    village_code = staged.village_code, valid_from = staged.valid_from
FROM pg_temp.staged_area AS staged, pg_temp.changed_area AS changed
WHERE area.area_id = changed.area_id AND staged.code = changed.code;
INSERT INTO area (level, code, parent_code, province_code, city_code, county_code, township_code,
    village_code, name, name_en, kind, population, households, area_km2, geom, label, valid_from,
    valid_to, plan_id)
SELECT changed.level, code, changed.parent_code, changed.province_code, changed.city_code,
    changed.county_code, changed.township_code, changed.village_code, changed.name,
    changed.name_en, changed.kind, changed.population, changed.households, changed.area_km2,
    changed.geom, changed.label, changed.valid_from, staged.valid_from, changed.plan_id
FROM pg_temp.changed_area AS changed JOIN pg_temp.staged_area AS staged USING (code)
WHERE changed.valid_from < staged.valid_from;
