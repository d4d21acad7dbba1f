-- Areas of the edition that already have a version from a later day.
SELECT area.code, area.valid_from
FROM area JOIN pg_temp.staged_area USING (code)
WHERE area.valid_from > :valid_from
LIMIT 1;
