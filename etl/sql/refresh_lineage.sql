-- Lineage is derived from all areas, so an edition may change that of areas it does not bring:
-- a county stops standing in for a township when its townships arrive. It is no part of a version.
UPDATE area
SET province_code = staged.province_code, city_code = staged.city_code,
    county_code = staged.county_code, township_code = staged.township_code,
    village_code = staged.village_code
FROM pg_temp.staged_lineage AS staged
WHERE area.code = staged.code AND area.valid_to IS NULL
  AND (area.province_code, area.city_code, area.county_code, area.township_code,
       area.village_code)
      IS DISTINCT FROM
      (staged.province_code, staged.city_code, staged.county_code, staged.township_code,
       staged.village_code);
