-- What the touched blocks of townships hold now.
SELECT touched.number, rollup_cell.entries
FROM pg_temp.touched_block AS touched
JOIN rollup_cell USING (county_code, township_code, month);
