-- Merged blocks take the place of the former ones.
INSERT INTO rollup_county (county_code, month, city_code, days, totals, hours, revision)
SELECT county_code, month, city_code, entries, totals, hours, revision
FROM pg_temp.staged_block
ON CONFLICT (county_code, month) DO UPDATE
SET city_code = excluded.city_code, days = excluded.days, totals = excluded.totals,
    hours = excluded.hours, revision = excluded.revision;
