-- Where the shares of an edition are copied to.
DROP TABLE IF EXISTS pg_temp.staged_crosswalk;
CREATE TEMPORARY TABLE staged_crosswalk ON COMMIT DROP AS
SELECT old_code, new_code, changed_on, city_code, county_code, township_code, share_area,
    share_households, share_incidents
FROM crosswalk WITH NO DATA;
