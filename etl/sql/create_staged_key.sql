-- Where the new keys of moved incidents are copied to.
DROP TABLE IF EXISTS pg_temp.staged_key;
CREATE TEMPORARY TABLE staged_key ON COMMIT DROP AS
SELECT county_code AS old_county_code, source, incident_id, occurred_on, city_code, county_code,
    township_code, village_code, cell_code, cell_id, precision
FROM incident WITH NO DATA;
