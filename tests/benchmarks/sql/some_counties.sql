-- Twelve counties, the same at every run.
SELECT code FROM current_area WHERE level = 2 ORDER BY md5(code) LIMIT 12
