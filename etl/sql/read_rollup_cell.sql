-- All blocks of townships of a year.
SELECT city_code, county_code, township_code, month, entries
FROM rollup_cell
WHERE month >= make_date(:year, 1, 1) AND month < make_date(:year + 1, 1, 1);
