-- The logins for a GIS, and whether this server knows them.
SELECT login, scope_slot, scope_code, note, created_at, rolname IS NOT NULL AS role_exists
FROM gis_login
LEFT JOIN pg_roles ON rolname = login
ORDER BY login
