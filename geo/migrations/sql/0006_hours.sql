-- The incidents of a county by hour of the day, so that a week's hours cost what the period holds
-- in blocks, and not one row an incident.

-- The hour by the clocks of a zone, 0 to 23; 24 for exactly midnight, which is what a date without
-- a time becomes. Of one expression, so that queries take it in.
CREATE FUNCTION local_hour(moment timestamptz, zone text) RETURNS smallint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN (moment AT TIME ZONE zone)::time = time '00:00' THEN 24
                ELSE extract(hour FROM moment AT TIME ZONE zone) END::smallint
$$;
GRANT EXECUTE ON FUNCTION local_hour(timestamptz, text) TO gridboard_loader;

-- 9-byte entries (geo.blocks.HOUR_ENTRY), sorted, with unique keys; days and totals are sums of it.
ALTER TABLE rollup_county ADD COLUMN hours bytea CHECK (length(hours) % 9 = 0);
ALTER TABLE rollup_county ALTER COLUMN hours SET STORAGE EXTERNAL;

WITH counted AS (
    SELECT county_code, date_trunc('month', occurred_on)::date AS month,
           extract(day FROM occurred_on)::bigint AS day, category, channel, status,
           local_hour(occurred_at, clock.time_zone) AS hour, count(*) AS n
    FROM incident
    CROSS JOIN (SELECT time_zone FROM hierarchy) AS clock
    GROUP BY 1, 2, 3, category, channel, status, 7
), packed AS (
    -- The lowest byte of n first; then one byte for each of the others.
    SELECT county_code, month,
           string_agg(int8send(((n & 255) << 56) | (((n >> 8) & 255) << 48)
                               | (((n >> 16) & 255) << 40) | (((n >> 24) & 255) << 32)
                               | (day << 24) | (category::bigint << 16) | (channel::bigint << 8)
                               | status::bigint)
                      || substring(int2send(hour) FROM 2),
                      ''::bytea ORDER BY day, category, channel, status, hour) AS hours
    FROM counted
    GROUP BY county_code, month
)
UPDATE rollup_county
SET hours = packed.hours
FROM packed
WHERE rollup_county.county_code = packed.county_code AND rollup_county.month = packed.month;
-- A block whose incidents all left stays, empty.
UPDATE rollup_county SET hours = '' WHERE hours IS NULL;
ALTER TABLE rollup_county ALTER COLUMN hours SET NOT NULL;
