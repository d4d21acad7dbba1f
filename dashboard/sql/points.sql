-- Where the incidents of some counties and days happened, with what filters ask for; the county is
-- given by its place in the list asked for. A cast to the built-in point is read twice as fast as
-- ST_X and ST_Y.
SELECT (wanted.place - 1)::int4 AS county, cell_id, occurred_on - date '1970-01-01' AS day,
       category, channel, status, geom::point AS lon_lat
FROM unnest(%(counties)s::text[]) WITH ORDINALITY AS wanted (county_code, place)
JOIN incident USING (county_code)
WHERE geom IS NOT NULL
  AND occurred_on >= %(since)s AND occurred_on < %(until)s
