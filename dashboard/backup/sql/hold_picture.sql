-- Keep one picture of the database and give it a name by which pg_dump finds it.
SELECT pg_export_snapshot() AS name,
       current_setting('server_version_num')::integer / 10000 AS major,
       current_setting('server_version') AS server,
       (SELECT extversion FROM pg_extension WHERE extname = 'postgis') AS postgis;
