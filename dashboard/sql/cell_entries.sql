-- The months of some counties in some years by cell and day: first day and number of entries of each
-- township and month, then the entries.
SELECT county_code, extract(year FROM month)::int4 AS year,
       string_agg(int4send(month - date '1970-01-01') || int4send(length(entries) / 12), ''::bytea
                  ORDER BY month, township_code),
       string_agg(entries, ''::bytea ORDER BY month, township_code)
FROM rollup_cell
WHERE county_code = ANY (%(counties)s::text[]) AND month >= %(since)s AND month < %(until)s
GROUP BY county_code, year
