-- Every layer in every band.
INSERT INTO area_shape (layer, band, area_id, city_code, county_code, township_code, geom)
SELECT layer, band, area_id, city_code, county_code, township_code, geom
FROM pg_temp.staged_shape;
