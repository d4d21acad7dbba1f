-- Merged blocks take the place of the former ones.
INSERT INTO rollup_cell (county_code, township_code, month, city_code, entries, revision)
SELECT county_code, township_code, month, city_code, entries, revision
FROM pg_temp.staged_block
ON CONFLICT (county_code, township_code, month) DO UPDATE
SET city_code = excluded.city_code, entries = excluded.entries, revision = excluded.revision;
