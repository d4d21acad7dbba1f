-- The incidents of some counties that are open, whenever they occurred, in the groups of
-- handled.sql; found by the partial index, so that history costs nothing.
SELECT (wanted.place - 1)::int4 AS county,
       CASE WHEN %(by_area)s THEN cell_id ELSE -1 END AS cell_id,
       status,
       nullif(organisation, '') AS organisation,
       -1 AS days,
       CASE WHEN deadline >= %(as_of)s THEN -1
            WHEN deadline IS NULL THEN -2
            ELSE floor(extract(epoch FROM %(as_of)s - deadline) / 86400)::int4 END AS late,
       count(*) AS incidents
FROM unnest(%(counties)s::text[]) WITH ORDINALITY AS wanted (county_code, place)
JOIN incident USING (county_code)
WHERE status = 1 AND resolved_at IS NULL
  AND (%(categories)s::int2[] = '{}' OR category = ANY (%(categories)s::int2[]))
  AND (%(channels)s::int2[] = '{}' OR channel = ANY (%(channels)s::int2[]))
GROUP BY 1, 2, 3, 4, 5, 6
