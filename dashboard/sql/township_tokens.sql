-- The same for a viewer of one township, who reads no blocks of the county.
SELECT county_code, extract(year FROM month)::int4 AS year, count(*), coalesce(max(revision), 0)
FROM rollup_cell
GROUP BY county_code, year
ORDER BY county_code, year
