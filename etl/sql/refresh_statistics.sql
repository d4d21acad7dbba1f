-- The planner's statistics after a large load.
SELECT refresh_statistics();
