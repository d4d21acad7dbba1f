-- Where the incidents of some counties happened, with what filters ask for; the county is given
-- by its place in the list asked for.
SELECT array_position(%(counties)s::text[], county_code) - 1 AS county, cell_id,
       occurred_on - date '1970-01-01' AS day, category, channel, status,
       ST_X(geom) AS lon, ST_Y(geom) AS lat
FROM incident
WHERE county_code = ANY (%(counties)s::text[]) AND geom IS NOT NULL

