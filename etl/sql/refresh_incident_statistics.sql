-- The planner's statistics after a large load of incidents.
SELECT refresh_incident_statistics();
