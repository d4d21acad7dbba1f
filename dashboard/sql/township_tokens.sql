-- The same for a viewer of one township, who reads no blocks of the county.
SELECT county_code, count(*), coalesce(max(revision), 0)
FROM rollup_cell
GROUP BY county_code
ORDER BY county_code

