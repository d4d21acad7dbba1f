-- All dictionaries.
SELECT kind, id, code FROM term ORDER BY kind, id;
