-- The finest areas with their index, which is there before anything is measured.
CREATE TABLE bench_cell AS
SELECT area_id, code, village_code, township_code, county_code, city_code, geom
FROM area
WHERE valid_to IS NULL AND code NOT IN (SELECT parent_code FROM area
                                        WHERE valid_to IS NULL AND parent_code IS NOT NULL);
CREATE INDEX ON bench_cell USING gist (geom);
ANALYZE bench_cell;
