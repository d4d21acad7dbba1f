-- The database's one hierarchy and what must be said about its data.
SELECT root_code, profile, notes
FROM hierarchy
