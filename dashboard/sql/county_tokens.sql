-- What tells whether a county's incidents changed: its blocks and the last revision that touched one.
SELECT county_code, count(*), coalesce(max(revision), 0)
FROM rollup_county
GROUP BY county_code
ORDER BY county_code

