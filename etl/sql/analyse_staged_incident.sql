-- The planner must know whether a chunk has ten rows or all of them.
ANALYZE pg_temp.staged_incident (row, incident_id);
