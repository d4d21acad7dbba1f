-- Where places known by name are copied to; COPY does not write under row-level security.
DROP TABLE IF EXISTS pg_temp.staged_gazetteer;
CREATE TEMPORARY TABLE staged_gazetteer ON COMMIT DROP AS
SELECT name, kind, city_code, county_code, township_code, geom FROM gazetteer WITH NO DATA;
