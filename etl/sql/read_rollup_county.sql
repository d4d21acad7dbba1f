-- All blocks of counties of a year.
SELECT city_code, county_code, month, days, totals, hours
FROM rollup_county
WHERE month >= make_date(:year, 1, 1) AND month < make_date(:year + 1, 1, 1);
