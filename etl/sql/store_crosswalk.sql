-- The shares of an edition replace those that a former load of the same day wrote.
DELETE FROM crosswalk
WHERE plan_id IS NULL
  AND (old_code, changed_on) IN (SELECT old_code, changed_on FROM pg_temp.staged_crosswalk);
INSERT INTO crosswalk (old_code, new_code, changed_on, city_code, county_code, township_code,
    share_area, share_households, share_incidents)
SELECT old_code, new_code, changed_on, city_code, county_code, township_code, share_area,
    share_households, share_incidents
FROM pg_temp.staged_crosswalk;
