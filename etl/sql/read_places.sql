-- Every current area, finest first, then by code: the order in which they claim a point.
-- An incident that lies in no county or township of its own counts under the wider area's code.
SELECT area_id, code, level, parent_code,
    coalesce(city_code, code) AS city_code,
    coalesce(county_code, code) AS county_code,
    coalesce(township_code, county_code, code) AS township_code,
    village_code
FROM area
WHERE valid_to IS NULL
ORDER BY level DESC, code COLLATE "C";
