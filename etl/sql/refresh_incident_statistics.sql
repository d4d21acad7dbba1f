-- The planner's statistics after a load that wrote so many incidents.
SELECT refresh_incident_statistics(CAST(:changed AS bigint));
