-- Which rollup blocks a load touches; number is the loader's own name for a block.
DROP TABLE IF EXISTS pg_temp.touched_block;
CREATE TEMPORARY TABLE touched_block (
    number bigint NOT NULL,
    month date NOT NULL,
    city_code text NOT NULL,
    county_code text NOT NULL,
    township_code text NOT NULL
) ON COMMIT DROP;
