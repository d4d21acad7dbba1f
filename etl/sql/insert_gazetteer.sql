-- Those of the staged places that are not there yet, the same in name, kind and point.
INSERT INTO gazetteer (name, kind, city_code, county_code, township_code, geom)
SELECT DISTINCT name, kind, city_code, county_code, township_code, geom
FROM pg_temp.staged_gazetteer staged
WHERE NOT EXISTS (
    SELECT FROM gazetteer held
    WHERE held.name = staged.name
        AND held.kind IS NOT DISTINCT FROM staged.kind
        AND ST_Equals(held.geom, staged.geom)
);
