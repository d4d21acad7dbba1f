-- Partitions for incidents of these days.
SELECT ensure_incident_partitions(:first_day, :last_day);
