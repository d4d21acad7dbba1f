-- Where merged blocks are copied to.
DROP TABLE IF EXISTS pg_temp.staged_block;
CREATE TEMPORARY TABLE staged_block (
    month date NOT NULL,
    city_code text NOT NULL,
    county_code text NOT NULL,
    township_code text NOT NULL,
    entries bytea NOT NULL,
    totals bytea,
    hours bytea,
    revision bigint NOT NULL
) ON COMMIT DROP;
