-- What the touched blocks of counties hold now.
SELECT touched.number, rollup_county.hours AS entries
FROM pg_temp.touched_block AS touched
JOIN rollup_county USING (county_code, month);
