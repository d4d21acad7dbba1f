-- The server's version number, and PostGIS as installed here, or as it could be.
SELECT current_setting('server_version_num')::integer / 10000 AS postgresql,
       (SELECT coalesce(installed_version, default_version)
        FROM pg_available_extensions WHERE name = 'postgis') AS postgis;
