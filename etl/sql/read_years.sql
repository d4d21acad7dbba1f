-- Every year that has incidents or blocks.
SELECT DISTINCT year
FROM (
    SELECT generate_series(extract(year FROM min(occurred_on))::integer,
                           extract(year FROM max(occurred_on))::integer) AS year
    FROM incident
    UNION ALL
    SELECT extract(year FROM month)::integer FROM rollup_county
    UNION ALL
    SELECT extract(year FROM month)::integer FROM rollup_cell
) AS years
ORDER BY year;
