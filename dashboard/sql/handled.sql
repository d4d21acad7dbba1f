-- How incidents of some counties on some days went on, in groups: by area (the finest known, or -1
-- for the county as a whole), status, organisation, whole days from receipt to resolution (-1
-- unless resolved; days of the calendar there), and whole days past the deadline for open ones:
-- -1 not late, -2 no deadline. The county is given by its place in the list asked for; an empty
-- list of categories or channels lets all through.
SELECT (wanted.place - 1)::int4 AS county,
       CASE WHEN %(by_area)s THEN cell_id ELSE -1 END AS cell_id,
       status,
       nullif(organisation, '') AS organisation,
       CASE WHEN status = 2 AND resolved_at IS NOT NULL
            THEN greatest(0, (resolved_at AT TIME ZONE %(zone)s)::date
                             - (received_at AT TIME ZONE %(zone)s)::date)
            ELSE -1 END AS days,
       CASE WHEN status <> 1 OR resolved_at IS NOT NULL OR deadline >= %(as_of)s THEN -1
            WHEN deadline IS NULL THEN -2
            ELSE floor(extract(epoch FROM %(as_of)s - deadline) / 86400)::int4 END AS late,
       count(*) AS incidents
FROM unnest(%(counties)s::text[]) WITH ORDINALITY AS wanted (county_code, place)
JOIN incident USING (county_code)
WHERE occurred_on >= %(since)s AND occurred_on < %(until)s
  AND (%(categories)s::int2[] = '{}' OR category = ANY (%(categories)s::int2[]))
  AND (%(channels)s::int2[] = '{}' OR channel = ANY (%(channels)s::int2[]))
  AND (%(statuses)s::int2[] = '{}' OR status = ANY (%(statuses)s::int2[]))
GROUP BY 1, 2, 3, 4, 5, 6
