-- What touched areas were until the edition: the version that ended when the current one began,
-- or on the edition's day where there is none. Wider areas stand in for levels they do not have.
SELECT former.code, former.level, former.households, ST_AsBinary(former.geom) AS geom,
    coalesce(former.city_code, former.code) AS city_code,
    coalesce(former.county_code, former.code) AS county_code,
    coalesce(former.township_code, former.county_code, former.code) AS township_code
FROM pg_temp.touched_area
JOIN area AS former USING (code)
LEFT JOIN area AS current ON current.code = former.code AND current.valid_to IS NULL
WHERE former.valid_to = coalesce(current.valid_from, :valid_from);
