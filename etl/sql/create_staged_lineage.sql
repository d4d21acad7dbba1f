-- Where the lineage of all current areas is copied to.
DROP TABLE IF EXISTS pg_temp.staged_lineage;
CREATE TEMPORARY TABLE staged_lineage ON COMMIT DROP AS
SELECT code, province_code, city_code, county_code, township_code, village_code
FROM area WITH NO DATA;
