-- The planner must know whether a load touches ten blocks or all of them.
ANALYZE pg_temp.touched_block;
