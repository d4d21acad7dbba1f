-- How much of the demo the database holds; null where that was never noted, no row before the
-- first boundaries.
SELECT notes ->> 'demo_size' FROM hierarchy;
