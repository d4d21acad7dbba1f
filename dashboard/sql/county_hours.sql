-- The months of some counties that a period touches, by day and hour: first day and number of
-- entries of each, then the entries.
SELECT county_code,
       string_agg(int4send(month - date '1970-01-01') || int4send(length(hours) / 9), ''::bytea
                  ORDER BY month),
       string_agg(hours, ''::bytea ORDER BY month)
FROM rollup_county
WHERE county_code = ANY (%(counties)s::text[])
  AND month >= date_trunc('month', %(since)s::timestamp) AND month < %(until)s::date
GROUP BY county_code
