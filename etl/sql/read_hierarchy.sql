-- The database's hierarchy: one row, or none before the first boundaries.
SELECT root_code, profile, time_zone, measuring_crs FROM hierarchy;
