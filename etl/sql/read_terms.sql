-- All dictionaries.
SELECT kind, id, code, name_zh, name_en FROM term ORDER BY kind, id;
