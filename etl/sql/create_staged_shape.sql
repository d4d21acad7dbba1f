-- Where shapes are copied to: COPY does not write into tables under row-level security.
DROP TABLE IF EXISTS pg_temp.staged_shape;
CREATE TEMPORARY TABLE staged_shape ON COMMIT DROP AS
SELECT layer, band, area_id, city_code, county_code, township_code, geom
FROM area_shape WITH NO DATA;
