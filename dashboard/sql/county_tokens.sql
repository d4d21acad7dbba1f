-- What tells whether a county's incidents of a year changed: its blocks, and the last revision that
-- touched one.
SELECT county_code, extract(year FROM month)::int4 AS year, count(*), coalesce(max(revision), 0)
FROM rollup_county
GROUP BY county_code, year
ORDER BY county_code, year
