-- The same without the day.
SELECT county_code,
       string_agg(int4send(month - date '1970-01-01') || int4send(length(totals) / 8), ''::bytea
                  ORDER BY month),
       string_agg(totals, ''::bytea ORDER BY month)
FROM rollup_county
WHERE county_code = ANY (%(counties)s::text[]) AND month >= %(since)s AND month < %(until)s
GROUP BY county_code
